"""Every number by which a chart is made of a piece: its unit, and where it comes from.

Judgements, made while charts of the pieces of the tests were looked at.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ChartTuning:
    """What is a groove, and which roads are worth a sign.

    tolerance: weighted Dice distance within which a bar is the groove: one kick of a rock beat
        elsewhere is .12, a fill over half a bar .4.
    early_share: a groove written early is worth this share of the best one.
    pair_gain: bars more that a groove of two bars has to explain.
    other_strokes: of kick, snare, toms and crashes that one bar has and the other has not.
    longest_fill: bars written out in a row; after more of them slashes say which bar they mean.
    longest_group: sections in one repeat. longest_ending: bars.
    jump_saves: bars; less is not worth the search for the segno.
    fewest_bars: a piece shorter than that needs no chart.
    """

    tolerance: float = 0.15
    early_share: float = 0.8
    pair_gain: int = 2
    other_strokes: int = 2
    longest_fill: int = 2
    longest_group: int = 4
    longest_ending: int = 2
    jump_saves: int = 12
    fewest_bars: int = 2


CHART = ChartTuning()

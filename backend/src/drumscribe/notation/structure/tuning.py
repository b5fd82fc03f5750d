"""Every number by which the form of a piece is found: its unit, and where it comes from.

Judgements, made while pieces of the tests and example songs were looked at on the page;
`python -m lab.sweeps.pages` says what a fifth more or less changes, lab/LOG.md has the last table.
Prices are distances between bars (0: alike, 1: nothing in common).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SectionTuning:
    """Where sections begin, and which of them are alike.

    fewest_bars: shorter pieces are read at a glance. most_bars: longer ones are no piece; memory
        grows with the square, 32 MB for each table of so many bars.
    shortest_section: bars.
    section_price: of a section. length_prices: by the length of the section before, what a length
        in bars costs that is no multiple of the first number.
    no_crash_price, no_fill_price: of a beginning without a crash, without a fill before it.
    loudness_weight: a tenth of the range of velocity is worth this share of a tenth.
    same_letter_distance: sections nearer than this have one letter.
    empty_share: of a section's bars: from so many empty ones on, nothing is played in it.
    ghost_weight: of a ghost note in the likeness of bars.
    """

    fewest_bars: int = 12
    most_bars: int = 2000
    shortest_section: int = 4
    section_price: float = 0.8
    length_prices: tuple[tuple[int, float], ...] = ((8, 0.2), (4, 0.4), (2, 0.6))
    no_crash_price: float = 0.3
    no_fill_price: float = 0.1
    loudness_weight: float = 1.5
    same_letter_distance: float = 0.22
    empty_share: float = 0.7
    ghost_weight: float = 0.3


@dataclass(frozen=True, slots=True)
class FeelMarkTuning:
    """Words such as "half-time", and what keeps the time.

    clear: share of the snare's strokes that makes a backbeat; rare: share on the usual backbeats
        that half-time still may have.
    few_snares: strokes; with fewer, nothing is said.
    keeps_time_from: strokes to a beat, of the drum or cymbal that keeps the time.
    """

    clear: float = 0.6
    rare: float = 0.12
    few_snares: int = 4
    keeps_time_from: float = 0.8


@dataclass(frozen=True, slots=True)
class LoudnessTuning:
    """Marks from pp to ff and hairpins, in velocity (0 to 1).

    softest_velocity: of plain strokes in the middle of the softest mark's range; step_velocity:
        from one mark to the next.
    fewest_bars: of a section that gets a mark.
    clear_change: between sections; less is how a drummer breathes.
    hairpin_bars: lengths that are tried; hairpin_change: from its begin to its end; hairpin_share:
        of the way that is gone by its last bar.
    """

    softest_velocity: float = 0.25
    step_velocity: float = 0.12
    fewest_bars: int = 4
    clear_change: float = 0.10
    hairpin_bars: tuple[int, ...] = (4, 2)
    hairpin_change: float = 0.15
    hairpin_share: float = 0.5


SECTIONS = SectionTuning()
FEEL_MARKS = FeelMarkTuning()
LOUDNESS = LoudnessTuning()

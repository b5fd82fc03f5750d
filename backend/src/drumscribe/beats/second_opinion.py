"""Metres that the networks are not asked for, where they listened: the hits decide.

The networks' decoder knows bars of four beats and, on evidence, of three; offering it more makes
it worse. Their beats are nearly always right, though. So the hits read those beats; where another
metre explains them far better than the bars that the networks gave, it takes over.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from drumscribe.beats.by_hits import Bars, bars_of
from drumscribe.beats.metre_reading import Reading, readings
from drumscribe.beats.metre_templates import METRES
from drumscribe.beats.pulse import smoothed
from drumscribe.domain.drums import Hit
from drumscribe.domain.rhythm import Metre

_FEWEST_HITS = 40
_FEWEST_BEATS = 16
_CLEARLY_BETTER_NATS = 5.0
# Beats of the networks per beat of a metre: they may count the eighths of 6/8, its quarters or
# its dotted quarters, and the quarters or eighths of 7/8.
_LEVELS: dict[Metre, tuple[float, ...]] = {
    Metre(6, 8): (1.0, 3 / 2, 3.0),
    Metre(12, 8): (1.0, 3 / 2, 3.0),
    Metre(7, 8): (1 / 2, 1.0),
}
_SAME = 1e-6


def other_metre(hits: Sequence[Hit], found: Bars) -> Bars | None:
    """Bars of another metre over the same beats, where the hits clearly call for one.

    hits: in the order of time. found: what the networks gave, in 4/4 or 3/4.
    """
    if len(hits) < _FEWEST_HITS or found.beat_times.size < _FEWEST_BEATS:
        return None
    pulse = smoothed(found.beat_times)
    read = readings(hits, pulse, metres=METRES)
    as_given = max((each.score for each in read if _is_given(each, found)), default=None)
    if as_given is None:
        return None
    for reading in read:
        if reading.score - as_given < _CLEARLY_BETTER_NATS:
            return None
        if reading.metre != found.metre and _is_consistent(reading):
            return bars_of(reading, pulse)
    return None


def _is_given(reading: Reading, found: Bars) -> bool:
    """The networks' metre at the networks' speed, wherever its bar begins."""
    return reading.metre == found.metre and abs(reading.pulse_per_beat - 1.0) < _SAME


def _is_consistent(reading: Reading) -> bool:
    levels = _LEVELS.get(reading.metre, (1.0,))
    return bool(np.min(np.abs(np.array(levels) - reading.pulse_per_beat)) < _SAME)

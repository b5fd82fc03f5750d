"""From a page to beats: where each lies and which number it has in its bar."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from drumscribe.beats.reading.changes import Walk
from drumscribe.beats.reading.pages import Reading
from drumscribe.domain.rhythm import Metre

_Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Counted:
    """beat_times: seconds, strictly increasing; beat_numbers: from 1 in each bar, bar by bar.

    metre: of most bars; one beat lasts metre.beat_length in all of them: 4/4 with bars of odd
        eighths among its bars is 8/8.
    """

    beat_times: _Floats
    beat_numbers: NDArray[np.int64]
    metre: Metre


def counted_evenly(reading: Reading, metre: Metre) -> Counted:
    """Bars of one metre from the bar line of a reading, all over its grid.

    metre: the reading's own, or one that is counted at its tempo from its bar lines.
    """
    step = float(metre.beat_length) * reading.steps_per_quarter
    last = reading.grid.times.size - 1
    beats = np.arange(
        int(np.ceil(-reading.bar_start / step - 1e-9)),
        max(2, int(np.ceil((last - reading.bar_start) / step))) + 1,
    )
    times = reading.grid.time_at(np.asarray(reading.bar_start + step * beats, dtype=np.float64))
    return Counted(times, beats % metre.beats_per_bar + 1, metre)


def counted_along(walk: Walk, reading: Reading) -> Counted:
    """Bars as a walk through the piece found them."""
    metre = reading.kind.metre
    if any(kind.metre.beat_length < metre.beat_length for kind in walk.kinds):
        metre = metre.in_eighths
    step = float(metre.beat_length) * reading.steps_per_quarter
    places: list[_Floats] = []
    numbers: list[NDArray[np.int64]] = []
    for start, kind in zip(walk.starts[:-1].tolist(), walk.kinds, strict=True):
        beats = np.arange(int(kind.metre.bar_length / metre.beat_length))
        places.append(start + step * beats)
        numbers.append(beats + 1)
    places.append(np.array([float(walk.starts[-1])]))
    numbers.append(np.array([1]))
    times = reading.grid.time_at(np.concatenate(places))
    return Counted(times, np.concatenate(numbers).astype(np.int64), metre)

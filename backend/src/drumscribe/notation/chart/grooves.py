"""Which bars of a passage are its groove, and which of them are close enough to be slashes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from drumscribe.domain.drums import Instrument
from drumscribe.domain.score import Measure
from drumscribe.notation.chart.tuning import CHART
from drumscribe.notation.structure.bar_patterns import notes_of

_TOMS = frozenset({Instrument.TOM_HIGH, Instrument.TOM_MID, Instrument.TOM_LOW})
_HEAVY = _TOMS | {Instrument.KICK, Instrument.SNARE, Instrument.CRASH}


@dataclass(frozen=True, slots=True)
class Groove:
    """bars: indices of the bars that are written out for it, one or two in a row."""

    bars: tuple[int, ...]


class Likeness:
    """How alike the bars of a score are. distances: (bars, bars), 0 the same."""

    def __init__(self, measures: Sequence[Measure], distances: NDArray[np.float64]) -> None:
        self._measures = measures
        self._distances = distances
        self._heavy = [frozenset(_heavy_strokes(measure)) for measure in measures]

    def are_alike(self, a: int, b: int) -> bool:
        """Whether one bar may stand for the other."""
        one, other = self._measures[a], self._measures[b]
        return bool(
            one.is_empty == other.is_empty
            and one.metre == other.metre
            and one.length == other.length
            and one.is_straight == other.is_straight
            and self._distances[a, b] <= CHART.tolerance
            # However little a fill weighs beside the hats that go on, it is what a chart is for.
            and len(self._heavy[a] ^ self._heavy[b]) <= CHART.other_strokes
            and abs(self._tom_strokes(a) - self._tom_strokes(b)) < CHART.other_strokes
        )

    def _tom_strokes(self, bar: int) -> int:
        return sum(instrument in _TOMS for _, instrument in self._heavy[bar])

    def plays(self, groove: Groove, phase: int, bar: int) -> bool:
        """Whether a bar is what the groove has in that bar of its own."""
        return not self._measures[bar].is_empty and self.are_alike(groove.bars[phase], bar)

    def phases(self, groove: Groove, start: int, end: int) -> list[int | None]:
        """Per bar of [start, end): which bar of the groove it is; None where it is another.

        Whoever comes from a fill begins the groove anew; without one its bars come in turn.
        """
        n = len(groove.bars)
        found: list[int | None] = []
        phase = 0
        for bar in range(start, end):
            if self.plays(groove, phase, bar):
                found.append(phase)
                phase = (phase + 1) % n
            else:
                found.append(None)
                phase = 0
        return found

    def groove_of(self, start: int, end: int) -> Groove | None:
        """The groove of bars [start, end): that which explains most of them, as early as it can."""
        ones = self._best([Groove((k,)) for k in range(start, end)], start, end)
        twos = self._best([Groove((k, k + 1)) for k in range(start, end - 1)], start, end)
        if twos is not None and (ones is None or twos[0] >= ones[0] + CHART.pair_gain):
            return twos[1]
        return ones[1] if ones else None

    def _best(self, grooves: Sequence[Groove], start: int, end: int) -> tuple[int, Groove] | None:
        counts = [
            (sum(p is not None for p in self.phases(groove, start, end)), groove)
            for groove in grooves
            if not any(self._measures[bar].is_empty for bar in groove.bars)
            # One bar of slashes has one metre.
            and len({self._measures[bar].metre for bar in groove.bars}) == 1
        ]
        most = max((count for count, _ in counts), default=0)
        if not grooves or most <= len(grooves[0].bars):
            return None
        return next((n, groove) for n, groove in counts if n >= CHART.early_share * most)


def _heavy_strokes(measure: Measure) -> Iterator[tuple[Fraction, Instrument]]:
    """What a bar is told apart by; a crash that begins something says nothing of the groove."""
    for onset, note in notes_of(measure):
        begins = note.instrument is Instrument.CRASH and onset == 0
        if note.instrument in _HEAVY and not note.is_ghost and not begins:
            yield onset, note.instrument

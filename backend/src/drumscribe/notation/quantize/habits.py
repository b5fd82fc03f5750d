"""What this drummer usually plays: bars repeat, and the same figure is written the same way.

A first reading of the piece tells how often each drum stands in each slot of each beat of the
bar. In the second reading slots that are in use cost less, so that a stroke that came early or
late once is written where it is written in the other bars.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from drumscribe.notation.quantize.beat_costs import Strokes
from drumscribe.notation.quantize.divisions import Division
from drumscribe.notation.quantize.tuning import SLOTS


class Habits:
    """How likely slots are for the strokes of one piece. slots: of a first reading, in beats."""

    def __init__(self, strokes: Strokes, slots: Sequence[Fraction]) -> None:
        cells = np.floor(strokes.positions).astype(np.int64).tolist()
        keys = list(zip(strokes.bar_beats.tolist(), strokes.drums.tolist(), strict=True))
        own = [slot - cell for slot, cell in zip(slots, cells, strict=True)]
        kinds = list(zip(keys, own, strict=True))
        self._used = Counter(kinds)
        self._seen = Counter(keys)
        # Strokes of one kind have one row of the table.
        self._kinds = list(self._used)
        number_of = {kind: number for number, kind in enumerate(self._kinds)}
        self._kind_of_stroke = [number_of[kind] for kind in kinds]

    def nats(self, division: Division) -> NDArray[np.float64]:
        """(strokes, slots): minus the logarithm of the chance of each slot of the division.

        The stroke itself does not count for its own habit.
        """
        free = np.exp(-np.array(division.slot_nats))
        rows = np.array([self._row(key, own, division, free) for key, own in self._kinds])
        return np.asarray(rows[self._kind_of_stroke])

    def _row(
        self, key: tuple[int, int], own: Fraction, division: Division, free: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        others = self._seen[key] - 1
        if others <= 0:
            return -np.log(free)
        counts = np.array([self._used[key, slot] - (slot == own) for slot in division.slots])
        trust = SLOTS.habit_share * others / (others + SLOTS.unknown_strokes)
        return np.asarray(-np.log((1.0 - trust) * free + trust * counts / others))

"""What this drummer usually plays: bars repeat, and the same figure is written the same way.

A first reading of the piece tells how often each drum stands in each slot of each beat of the
bar. In the second reading slots that are in use cost less, so that a stroke that came early or
late once is written where it is written in the other bars.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from drumscribe.notation.quantize.beat_costs import SlotPrior, Strokes
from drumscribe.notation.quantize.divisions import BEAT, Division
from drumscribe.notation.quantize.tuning import SLOTS

# Which beat of its bar a stroke falls into, and what is struck.
_Key = tuple[int, int]


class Habits:
    """How often strokes stand in the slots of one piece. slots: of a first reading, in ticks."""

    def __init__(self, strokes: Strokes, slots: NDArray[np.int64]) -> None:
        self._own = slots - BEAT * np.floor(strokes.positions).astype(np.int64)
        self._keys = _keys_of(strokes)
        self._used = Counter(zip(self._keys, self._own.tolist(), strict=True))
        self._seen = Counter(self._keys)

    def of_their_own(self) -> SlotPrior:
        """What the habits say of the strokes themselves; none counts for its own habit."""
        return _Prior(self, self._keys, self._own.tolist())

    def of_others(self, strokes: Strokes) -> SlotPrior:
        """What the habits say of other strokes, which have no part in them."""
        return _Prior(self, _keys_of(strokes), [None] * strokes.positions.size)

    def row(
        self, key: _Key, own: int | None, division: Division, free: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """The cost of each slot for strokes of one kind. free: chances that nobody's habit says."""
        others = self._seen[key] - (own is not None)
        if others <= 0:
            return -np.log(free)
        counts = np.array([self._used[key, slot] - (slot == own) for slot in division.slots])
        trust = SLOTS.habit_share * others / (others + SLOTS.unknown_strokes)
        return np.asarray(-np.log((1.0 - trust) * free + trust * counts / others))


class _Prior:
    """own: per stroke the slot by which it has a part in the habits; None where it has none."""

    def __init__(self, habits: Habits, keys: Sequence[_Key], own: Sequence[int | None]) -> None:
        self._habits = habits
        kinds = list(zip(keys, own, strict=True))
        # Strokes of one kind have one row of the table.
        self._kinds = list(dict.fromkeys(kinds))
        number_of = {kind: number for number, kind in enumerate(self._kinds)}
        self._kind_of_stroke = [number_of[kind] for kind in kinds]

    def nats(self, division: Division) -> NDArray[np.float64]:
        """(strokes, slots): minus the logarithm of the chance of each slot of the division."""
        free = np.exp(-np.array(division.slot_nats))
        rows = np.array([self._habits.row(key, own, division, free) for key, own in self._kinds])
        return np.asarray(rows[self._kind_of_stroke])


def _keys_of(strokes: Strokes) -> list[_Key]:
    return list(zip(strokes.bar_beats.tolist(), strokes.drums.tolist(), strict=True))

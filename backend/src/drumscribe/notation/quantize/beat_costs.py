"""What each way to divide a beat costs for the strokes that fall into it, in nats."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from drumscribe.notation.quantize.divisions import BEAT, Division, Family
from drumscribe.notation.quantize.tuning import SLOTS

Choice = tuple[float, Division]


@dataclass(frozen=True, slots=True, eq=False)
class Strokes:
    """What was struck when, n strokes sorted by time; one stroke may be several drums at once.

    positions: (n,) in beats from the first beat of the grid, may be negative.
    beat_seconds: (n,) length of the beat around each stroke.
    apart: (n,) True where the stroke must not share a slot with the stroke before it.
    bar_beats: (n,) which beat of its bar the stroke falls into, from 0.
    drums: (n,) what is struck; equal strokes, equal numbers.
    downbeats: (bars,) the beats that begin bars.
    """

    positions: NDArray[np.float64]
    beat_seconds: NDArray[np.float64]
    apart: NDArray[np.bool_]
    bar_beats: NDArray[np.int64]
    drums: NDArray[np.int64]
    downbeats: NDArray[np.int64]


class SlotPrior(Protocol):
    """How likely the slots of a division are for each stroke."""

    def nats(self, division: Division) -> NDArray[np.float64]:
        """(strokes, slots): the cost of saying that a stroke is in a slot."""
        ...


class BeatCosts:
    """The strokes beat by beat.

    beats: (m,) the beats into which strokes fall. phases: (n,) where in its beat each stroke is.
    """

    def __init__(
        self, strokes: Strokes, spread_seconds: float, prior: SlotPrior | None = None
    ) -> None:
        self._cells = cells = np.floor(strokes.positions).astype(np.int64)
        self.phases = strokes.positions - cells
        self.beats, self._starts = np.unique(cells, return_index=True)
        self._sizes = np.diff(self._starts, append=cells.size)
        self._sigma = spread_seconds / strokes.beat_seconds
        self._apart_in_beat = strokes.apart & (np.diff(cells, prepend=cells[:1] - 1) == 0)
        self._prior = prior
        self._priced: dict[Division, tuple[NDArray[np.float64], NDArray[np.int64]]] = {}

    def cheapest(self, family: Family) -> list[Choice]:
        """Per beat: the division of the family that describes its strokes most shortly."""
        nats = np.stack([self._price(division)[0] for division in family])
        best = np.argmin(nats, axis=0)
        return [
            (n, family[d]) for n, d in zip(nats.min(axis=0).tolist(), best.tolist(), strict=True)
        ]

    def slots_of(self, divisions: Sequence[Division]) -> NDArray[np.int64]:
        """The slot of each stroke, in ticks, if each beat is divided as given."""
        numbers = {division: number for number, division in enumerate(dict.fromkeys(divisions))}
        of_beat = np.array([numbers[division] for division in divisions], dtype=np.int64)
        of_stroke = np.repeat(of_beat, self._sizes)
        slots = BEAT * self._cells
        for division, number in numbers.items():
            here = of_stroke == number
            slots[here] += np.array(division.slots)[self._price(division)[1][here]]
        return slots

    def _price(self, division: Division) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
        """Per beat: what it costs to describe its strokes so; per stroke: its slot."""
        if division not in self._priced:
            self._priced[division] = self._priced_anew(division)
        return self._priced[division]

    def _priced_anew(self, division: Division) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
        at = np.array(division.slots) / BEAT
        away = (self.phases[:, None] - at[None, :]) / self._sigma[:, None]
        nats = _misfit(away) + np.array(division.slot_nats)
        if self._prior is not None:
            nats = _misfit(away) + self._prior.nats(division)
        chosen = np.argmin(nats, axis=1)
        per_stroke = nats[np.arange(nats.shape[0]), chosen]
        shared = np.diff(chosen, prepend=-1) == 0
        per_stroke += SLOTS.collision_nats * (self._apart_in_beat & shared)
        total = np.add.reduceat(per_stroke, self._starts) + division.price_nats
        return total, chosen


def _misfit(away: NDArray[np.float64]) -> NDArray[np.float64]:
    """Cost of straying by `away` spreads, 0 for none: a normal distribution with loose tails."""
    square = 0.5 * away * away
    loose = SLOTS.loose_share / SLOTS.loose_factor
    likelihood = (1 - SLOTS.loose_share) * np.exp(-square)
    likelihood += loose * np.exp(-square / SLOTS.loose_factor**2)
    nats = -np.log(np.maximum(likelihood, 1e-300)) + np.log(1 - SLOTS.loose_share + loose)
    return np.asarray(np.minimum(nats, SLOTS.outlier_nats))

"""Which positions of the beat were meant: a description length per beat, Viterbi over families.

For every beat a division is chosen so that the bits needed to say which division, the slot of
each stroke among its slots, and how far each stroke lies from its slot are fewest (minimum
description length). Families (straight, triplet, swing) compete over the piece; changing family
costs extra, so that one late stroke does not make a lonely triplet.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from drumscribe.domain.rhythm import Metre
from drumscribe.domain.score import Swing
from drumscribe.notation.quantize.divisions import Division, Family, families_of, swing_family
from drumscribe.notation.swing import ENOUGH_PAIRS, is_swung

_FAMILY_SWITCH_NATS = 3.0
_SECOND_FAMILY_NATS = 1.0  # straight music is likelier to begin with
_OUTLIER_NATS = 12.0
_COLLISION_NATS = 7.0  # two strokes of one drum in one slot: one of them would be lost
_SWING_GAIN_NATS = 4.0
# Long to short; beyond two to one lies the dotted eighth, which is written as such.
_SWUNG_PHASES = (0.55, 0.72)
_SWINGS = (Swing(3, 2), Swing(7, 4), Swing(2, 1))
_SPREAD_SECONDS = (0.008, 0.035)  # no player is tighter, no music that loose can be read
_USUAL_SPREAD_SECONDS = 0.018  # believed as if it had been seen on that many strokes
_USUAL_SPREAD_STROKES = 20
_MAD_TO_DEVIATION = 1.4826  # of a normal distribution


@dataclass(frozen=True, slots=True, eq=False)
class Strokes:
    """What was struck when, n strokes sorted by time; one stroke may be several drums at once.

    positions: (n,) in beats from the first beat of the grid, may be negative.
    beat_seconds: (n,) length of the beat around each stroke.
    apart: (n,) True where the stroke must not share a slot with the stroke before it.
    """

    positions: NDArray[np.float64]
    beat_seconds: NDArray[np.float64]
    apart: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Assigned:
    """The slot of each stroke, in beats, as it was meant; swing where the piece swings."""

    slots: list[Fraction]
    swing: Swing | None = None


def estimate_spread(strokes: Strokes, metre: Metre, *, allow_triplets: bool = True) -> float:
    """How far this player strays from the grid, in seconds, as a standard deviation.

    From the median distance to the slots of a first pass without thirty-seconds and sextuplets:
    a loose player shall not be written down in thirty-seconds.
    """
    if strokes.positions.size == 0:
        return _USUAL_SPREAD_SECONDS
    coarse = [
        tuple(division for division in family if not division.is_fine)
        for family in families_of(metre, allow_triplets=allow_triplets)
    ]
    beats = _Beats(strokes, _USUAL_SPREAD_SECONDS)
    slots, _ = beats.best_slots([beats.cheapest(family) for family in coarse])
    away = np.abs(strokes.positions - np.array(slots, dtype=np.float64)) * strokes.beat_seconds
    measured = _MAD_TO_DEVIATION * float(np.median(away))
    n, n_prior = away.size, _USUAL_SPREAD_STROKES
    mean_square = (n * measured**2 + n_prior * _USUAL_SPREAD_SECONDS**2) / (n + n_prior)
    return min(max(math.sqrt(mean_square), _SPREAD_SECONDS[0]), _SPREAD_SECONDS[1])


def assign_slots(
    strokes: Strokes,
    metre: Metre,
    *,
    spread_seconds: float,
    allow_triplets: bool = True,
    allow_swing: bool = True,
) -> Assigned:
    """The slot of each stroke; a stroke just before a beat may belong to that beat.

    spread_seconds: how far players (and beats) stray from the grid, as a standard deviation.
    """
    if strokes.positions.size == 0:
        return Assigned([])
    beats = _Beats(strokes, spread_seconds)
    families = families_of(metre, allow_triplets=allow_triplets)
    costs = [beats.cheapest(family) for family in families]
    slots, nats = beats.best_slots(costs)
    best = Assigned(slots)
    if not (allow_swing and allow_triplets and metre.denominator == 4):
        return best
    phases = strokes.positions % 1.0
    if np.count_nonzero((phases > _SWUNG_PHASES[0]) & (phases < _SWUNG_PHASES[1])) < ENOUGH_PAIRS:
        return best
    nats -= _SWING_GAIN_NATS
    for swing in _SWINGS:
        pairs = beats.cheapest(swing_family(metre, swing.offbeat))
        slots, swung_nats = beats.best_slots([*costs, pairs])
        if swung_nats < nats and is_swung(slots, swing):
            best, nats = Assigned(slots, swing), swung_nats
    return best


_Choice = tuple[float, Division]


class _Beats:
    """The strokes beat by beat, and what each division would cost there."""

    def __init__(self, strokes: Strokes, spread_seconds: float) -> None:
        self._cells = np.floor(strokes.positions).astype(np.int64)
        self._phases = strokes.positions - self._cells
        self._sigma = spread_seconds / strokes.beat_seconds
        self._apart = strokes.apart
        self._beats, self._starts, self._sizes = np.unique(
            self._cells, return_index=True, return_counts=True
        )
        self._same_beat = np.diff(self._cells, prepend=self._cells[:1] - 1) == 0

    def cheapest(self, family: Family) -> list[_Choice]:
        """Per beat: the division of the family that describes its strokes most shortly."""
        nats = np.stack([self._nats(division) for division in family])
        best = np.argmin(nats, axis=0)
        return [(float(nats[d, k]), family[d]) for k, d in enumerate(best.tolist())]

    def _nats(self, division: Division) -> NDArray[np.float64]:
        """Per beat: what it costs to describe its strokes by this division."""
        nearest, at = _nearest(self._phases, division)
        away = (self._phases - at) / self._sigma
        misfit = np.minimum(0.5 * away * away, _OUTLIER_NATS)
        shared = np.diff(nearest, prepend=-1) == 0
        lost = self._apart & self._same_beat & shared
        per_stroke = misfit + math.log(len(division.slots) - 1) + _COLLISION_NATS * lost
        total = np.add.reduceat(per_stroke, self._starts)
        return np.asarray(total + division.price_nats, dtype=np.float64)

    def best_slots(self, costs: Sequence[Sequence[_Choice]]) -> tuple[list[Fraction], float]:
        """Slots and nats of the cheapest path. costs: per family, per beat."""
        path, nats = _cheapest_path([[c[0] for c in row] for row in costs], self._beats)
        slots: list[Fraction] = []
        for k, (start, size) in enumerate(zip(self._starts, self._sizes, strict=True)):
            division, end = costs[path[k]][k][1], start + size
            nearest, _ = _nearest(self._phases[start:end], division)
            beat = int(self._beats[k])
            slots += [beat + division.slots[i] for i in nearest.tolist()]
        return slots, nats


def _nearest(
    phases: NDArray[np.float64], division: Division
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Index and position of the slot nearest to each phase."""
    at = np.array(division.slots, dtype=np.float64)
    nearest = np.searchsorted((at[1:] + at[:-1]) / 2, phases)
    return nearest, at[nearest]


def _cheapest_path(
    costs: Sequence[Sequence[float]], beats: NDArray[np.int64]
) -> tuple[list[int], float]:
    """Viterbi over families; silence of a bar or more makes changing family cheaper."""
    families = range(len(costs))
    total = [costs[f][0] + (_SECOND_FAMILY_NATS if f else 0.0) for f in families]
    back: list[list[int]] = []
    for k in range(1, len(costs[0])):
        switch = _FAMILY_SWITCH_NATS / (2.0 if beats[k] - beats[k - 1] > 4 else 1.0)
        cheapest = min(families, key=total.__getitem__)
        step: list[int] = []
        new: list[float] = []
        for f in families:
            origin = f if total[f] <= total[cheapest] + switch else cheapest
            step.append(origin)
            new.append(total[origin] + (switch if origin != f else 0.0) + costs[f][k])
        back.append(step)
        total = new
    path = [min(families, key=total.__getitem__)]
    for step in reversed(back):
        path.append(step[path[-1]])
    return path[::-1], min(total)

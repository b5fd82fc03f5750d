"""Which positions of the beat were meant: a description length per beat, Viterbi over families.

For every beat a division d is chosen so that the bits needed to say "d", the slot of each stroke
among d, and how far each stroke lies from its slot are fewest (minimum description length). Two
families, straight and triplet, compete over the piece; changing family costs extra, so that one
late stroke does not make a lonely triplet.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from drumscribe.domain.rhythm import Metre

_SHORTEST = Fraction(1, 8)  # no written value below a thirty-second
_FINE_SLOT = Fraction(1, 4)  # slots closer than sixteenths are fine
_FAMILY_SWITCH_NATS = 3.0
_TRIPLET_START_NATS = 1.0
_OUTLIER_NATS = 12.0
_LEVEL_NATS = 0.35  # per halving of the beat: coarser grids are likelier
_FINE_NATS = 4.5  # thirty-seconds and sextuplets have to be clearly better
_COLLISION_NATS = 7.0  # two strokes of one drum in one slot: one of them would be lost


_SPREAD_SECONDS = (0.014, 0.035)  # no player is tighter, no music that loose can be read
_USUAL_SPREAD_SECONDS = 0.018  # believed as if it had been seen on that many strokes
_USUAL_SPREAD_STROKES = 40
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


@dataclass(frozen=True, slots=True)
class Division:
    """One way to divide a beat: into `parts` equal slots, at a price."""

    parts: int
    price_nats: float


def divisions_of(metre: Metre, *, allow_triplets: bool = True) -> tuple[tuple[Division, ...], ...]:
    """The families of divisions of one beat: straight first, then triplet where there is one.

    A quarter divides into 1 2 4 8 | 1 3 6, an eighth into 1 2 4 | 1 3, a dotted quarter (6/8)
    into 1 3 6 12, where the triplet is the beat's own division.
    """
    beat = metre.beat_length
    if metre.is_compound:
        return (_family(beat / 3, (1, *_powers(beat / 3, 3))),)
    straight = _family(beat, tuple(_powers(beat, 1)))
    if not allow_triplets:
        return (straight,)
    # Written value of a triplet of this beat: half a beat (three in the time of two).
    triplets = tuple(p for p in _powers(beat / 2, 3) if p <= 6 * max(1, beat.numerator))
    return (straight, _family(beat, (1, *triplets))) if triplets else (straight,)


def _powers(unit: Fraction, first: int) -> list[int]:
    """first, 2 first, 4 first ... while `unit`, halved as often, can still be written."""
    parts, found = first, []
    while unit >= _SHORTEST:
        found.append(parts)
        parts, unit = parts * 2, unit / 2
    return found


def _family(beat: Fraction, all_parts: tuple[int, ...]) -> tuple[Division, ...]:
    priced = []
    for parts in all_parts:
        level = 0.0 if parts == 1 else 1.0 + math.log2(parts / (3 if parts % 3 == 0 else 2))
        slot = beat / parts
        fine = _FINE_NATS if slot < _FINE_SLOT else 0.0
        priced.append(Division(parts, _LEVEL_NATS * level + fine))
    return tuple(priced)


def estimate_spread(strokes: Strokes, metre: Metre, *, allow_triplets: bool = True) -> float:
    """How far this player strays from the grid, in seconds, as a standard deviation.

    From the median distance to the slots of a first pass without thirty-seconds and sextuplets:
    a loose player shall not be written down in thirty-seconds.
    """
    if strokes.positions.size == 0:
        return _USUAL_SPREAD_SECONDS
    coarse = tuple(
        tuple(d for d in family if metre.beat_length / d.parts >= _FINE_SLOT)
        for family in divisions_of(metre, allow_triplets=allow_triplets)
    )
    slots = _best_slots(strokes, coarse, _USUAL_SPREAD_SECONDS)
    away = np.abs(strokes.positions - np.array(slots, dtype=np.float64)) * strokes.beat_seconds
    measured = _MAD_TO_DEVIATION * float(np.median(away))
    n, n_prior = away.size, _USUAL_SPREAD_STROKES
    mean_square = (n * measured**2 + n_prior * _USUAL_SPREAD_SECONDS**2) / (n + n_prior)
    return min(max(math.sqrt(mean_square), _SPREAD_SECONDS[0]), _SPREAD_SECONDS[1])


def assign_slots(
    strokes: Strokes, metre: Metre, *, spread_seconds: float, allow_triplets: bool = True
) -> list[Fraction]:
    """The slot of each stroke, in beats; a stroke just before a beat may belong to that beat.

    spread_seconds: how far players (and beats) stray from the grid, as a standard deviation.
    """
    families = divisions_of(metre, allow_triplets=allow_triplets)
    return _best_slots(strokes, families, spread_seconds)


def _best_slots(
    strokes: Strokes, families: Sequence[Sequence[Division]], spread_seconds: float
) -> list[Fraction]:
    positions = strokes.positions
    if positions.size == 0:
        return []
    cells = np.floor(positions).astype(np.int64)
    beats, starts = np.unique(cells, return_index=True)
    ends = [*starts[1:].tolist(), positions.size]
    best: list[list[tuple[float, int]]] = []
    for start, end in zip(starts.tolist(), ends, strict=True):
        phases = positions[start:end] - cells[start]
        sigma = spread_seconds / strokes.beat_seconds[start:end]
        apart = strokes.apart[start:end]
        best.append([_cheapest(phases, sigma, apart, family) for family in families])
    path = _cheapest_path([[cost for cost, _ in row] for row in best], beats)
    slots: list[Fraction] = []
    for k, (start, end) in enumerate(zip(starts.tolist(), ends, strict=True)):
        parts = best[k][path[k]][1]
        for i in range(start, end):
            step = round((float(positions[i]) - int(cells[i])) * parts)
            slots.append(int(cells[i]) + Fraction(step, parts))
    return slots


def _cheapest(
    phases: NDArray[np.float64],
    sigma: NDArray[np.float64],
    apart: NDArray[np.bool_],
    family: Sequence[Division],
) -> tuple[float, int]:
    """(nats, parts) of the division that describes the strokes of one beat most shortly."""
    best = (math.inf, 1)
    for division in family:
        scaled = phases * division.parts
        slots = np.round(scaled)
        away = (scaled - slots) / division.parts / sigma
        misfit = np.minimum(0.5 * away * away, _OUTLIER_NATS)
        collisions = np.count_nonzero(apart[1:] & (slots[1:] == slots[:-1]))
        nats = (
            division.price_nats
            + float(misfit.sum())
            + phases.size * math.log(division.parts)
            + _COLLISION_NATS * collisions
        )
        if nats < best[0]:
            best = (nats, division.parts)
    return best


def _cheapest_path(costs: list[list[float]], beats: NDArray[np.int64]) -> list[int]:
    """Viterbi over families; silence of a bar or more makes changing family cheaper."""
    n_families = len(costs[0])
    total = [cost + (_TRIPLET_START_NATS if f else 0.0) for f, cost in enumerate(costs[0])]
    back: list[list[int]] = []
    for k in range(1, len(costs)):
        switch = _FAMILY_SWITCH_NATS / (2.0 if beats[k] - beats[k - 1] > 4 else 1.0)
        step: list[int] = []
        new: list[float] = []
        for f in range(n_families):
            arrive = [total[g] + (switch if g != f else 0.0) for g in range(n_families)]
            g = min(range(n_families), key=arrive.__getitem__)
            step.append(g)
            new.append(arrive[g] + costs[k][f])
        back.append(step)
        total = new
    path = [min(range(n_families), key=total.__getitem__)]
    for step in reversed(back):
        path.append(step[path[-1]])
    return path[::-1]

"""Which positions of the beat were meant: a description length per beat, Viterbi over families.

For every beat a division is chosen so that the bits needed to say which division, the slot of
each stroke among its slots, and how far each stroke lies from its slot are fewest (minimum
description length). Families (straight, triplet, swing) compete over the piece; changing family
costs extra, so that one late stroke does not make a lonely triplet.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from drumscribe.domain.rhythm import Metre
from drumscribe.domain.score import Swing
from drumscribe.notation.quantize.beat_costs import BeatCosts, Choice, Strokes
from drumscribe.notation.quantize.divisions import BEAT, Division, families_of, swing_family
from drumscribe.notation.quantize.habits import Habits
from drumscribe.notation.quantize.swung import is_swung, straight_parts
from drumscribe.notation.quantize.tuning import FEEL, SLOTS
from drumscribe.notation.tuning import SWING

SWINGS: Final = (Swing(3, 2), Swing(7, 4), Swing(2, 1), Swing(5, 2))
MAD_TO_DEVIATION: Final = 1.4826  # of a normal distribution


@dataclass(frozen=True, slots=True, eq=False)
class Assigned:
    """The slot of each stroke, in ticks, as it was meant; swing where the piece swings.

    straight_beats: beats with strokes in parts that do not swing though others do.
    families: per beat with strokes, the number of the family by which it is divided: straight,
        triplet where the metre has it, then swing where the piece swings.
    habits: what the second reading went by; None where there are no strokes.
    """

    slots: NDArray[np.int64]
    swing: Swing | None = None
    straight_beats: frozenset[int] = frozenset()
    families: Mapping[int, int] = field(default_factory=dict)
    habits: Habits | None = None


def estimate_spread(strokes: Strokes, metre: Metre, *, allow_triplets: bool = True) -> float:
    """How far this player strays from the grid, in seconds, as a standard deviation.

    From the median distance to the slots of a first pass without thirty-seconds and sextuplets:
    a loose player shall not be written down in thirty-seconds.
    """
    if strokes.positions.size == 0:
        return SLOTS.usual_spread_seconds
    coarse = [
        tuple(division for division in family if not division.is_fine)
        for family in families_of(metre, allow_triplets=allow_triplets)
    ]
    beats = BeatCosts(strokes, SLOTS.usual_spread_seconds)
    best, _, _ = _best_divisions(beats, [beats.cheapest(family) for family in coarse])
    away = np.abs(strokes.positions - beats.slots_of(best) / BEAT) * strokes.beat_seconds
    measured = MAD_TO_DEVIATION * float(np.median(away))
    n, n_prior = away.size, SLOTS.usual_spread_strokes
    mean_square = (n * measured**2 + n_prior * SLOTS.usual_spread_seconds**2) / (n + n_prior)
    return min(max(math.sqrt(mean_square), SLOTS.spread_seconds[0]), SLOTS.spread_seconds[1])


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
        return Assigned(np.zeros(0, np.int64))
    families = families_of(metre, allow_triplets=allow_triplets)
    beats = BeatCosts(strokes, spread_seconds)
    costs = [beats.cheapest(family) for family in families]
    best, nats, _ = _best_divisions(beats, costs)
    first = beats.slots_of(best)
    swing = None
    straight_beats: frozenset[int] = frozenset()
    swings = allow_swing and allow_triplets and metre.denominator == 4
    if swings and _may_swing(strokes, beats):
        for candidate in SWINGS:
            pairs = beats.cheapest(swing_family(metre, candidate.offbeat))
            best, swung_nats, _ = _best_divisions(beats, [*costs, pairs])
            bar = nats if swing else nats - FEEL.swing_gain_nats
            if swung_nats >= bar:
                continue
            slots = beats.slots_of(best)
            if is_swung(slots.tolist(), candidate):
                first, nats, swing = slots, swung_nats, candidate
    if swings and swing is None and _may_swing_in_part(beats):
        for candidate in SWINGS:
            pairs = beats.cheapest(swing_family(metre, candidate.offbeat))
            best, swung_nats, _ = _best_divisions(beats, [*costs, pairs])
            bar = nats if swing else nats - FEEL.part_gain_nats
            if swung_nats >= bar:
                continue
            slots = beats.slots_of(best)
            parts = straight_parts(strokes.downbeats, slots, candidate)
            if parts is not None:
                first, nats, swing, straight_beats = slots, swung_nats, candidate, parts
    # Whether the piece swings is settled; how each beat is written may follow what is usual.
    habits = Habits(strokes, first)
    beats = BeatCosts(strokes, spread_seconds, habits.of_their_own())
    costs = costs_of_families(
        beats, metre, swing=swing, straight_beats=straight_beats, allow_triplets=allow_triplets
    )
    best, _, path = _best_divisions(beats, costs)
    return Assigned(
        beats.slots_of(best),
        swing,
        straight_beats,
        dict(zip(beats.beats.tolist(), path, strict=True)),
        habits,
    )


def costs_of_families(
    beats: BeatCosts,
    metre: Metre,
    *,
    swing: Swing | None,
    straight_beats: Collection[int],
    allow_triplets: bool,
) -> list[list[Choice]]:
    """Per family, per beat: its cheapest division. Swing comes last, where the piece swings.

    straight_beats: those that do not swing all the same.
    """
    families = families_of(metre, allow_triplets=allow_triplets)
    costs = [beats.cheapest(family) for family in families]
    if swing is not None:
        pairs = beats.cheapest(swing_family(metre, swing.offbeat))
        costs.append(
            [
                (math.inf if beat in straight_beats else nats, division)
                for beat, (nats, division) in zip(beats.beats.tolist(), pairs, strict=True)
            ]
        )
    return costs


def _may_swing_in_part(beats: BeatCosts) -> bool:
    late = (beats.phases > FEEL.late_from) & (beats.phases < FEEL.swung_until)
    return int(np.count_nonzero(late)) >= FEEL.fewest_pairs_of_part


def _may_swing(strokes: Strokes, beats: BeatCosts) -> bool:
    """True if there are late off-beats enough, and their middle is not yet a dotted eighth's."""
    late = beats.phases[(beats.phases > FEEL.late_from) & (beats.phases < FEEL.late_until)]
    if late.size < SWING.enough_pairs:
        return False
    is_short = np.median(strokes.beat_seconds) < FEEL.short_beat_seconds
    last = FEEL.hard_swung_until if is_short else FEEL.swung_until
    return bool(np.median(late) < last)


def _best_divisions(
    beats: BeatCosts, costs: Sequence[Sequence[Choice]]
) -> tuple[list[Division], float, list[int]]:
    """Per beat the division of the cheapest path, its nats, and its families.

    costs: per family, per beat.
    """
    path, nats = cheapest_path([[c[0] for c in row] for row in costs], beats.beats.tolist())
    return [costs[family][k][1] for k, family in enumerate(path)], nats, path


def cheapest_path(
    costs: Sequence[Sequence[float]], beats: Sequence[int]
) -> tuple[list[int], float]:
    """Viterbi over families; silence of a bar or more makes changing family cheaper."""
    families = range(len(costs))
    total = [costs[f][0] + (SLOTS.second_family_nats if f else 0.0) for f in families]
    back: list[list[int]] = []
    for k in range(1, len(costs[0])):
        switch = SLOTS.family_switch_nats / (2.0 if beats[k] - beats[k - 1] > 4 else 1.0)
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

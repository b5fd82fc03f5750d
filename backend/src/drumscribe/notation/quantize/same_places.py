"""Ghosts decided per place: a ghost that comes back bar after bar is a ghost in each of them.

How loud a single stroke was heard strays by more than players do; the same place of the bar in the
bars around says what is played there.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from statistics import median

from drumscribe.domain.drums import Articulation, Hit, Instrument
from drumscribe.domain.placements import Placement
from drumscribe.notation.dynamics import Dynamics
from drumscribe.notation.quantize.tuning import ORNAMENTS

# The onset as numerator and denominator: hashing a Fraction takes a power modulo a prime.
_Place = tuple[Instrument, int, int, int]


def settle_dynamics(
    hits: Sequence[Hit],
    placements: Sequence[Placement],
    dynamics: Sequence[Dynamics],
    bar_lengths: Sequence[int],
) -> list[Dynamics]:
    """The dynamics with ghosts as most bars around have them at the same place.

    hits, placements, dynamics: in the same order; bar_lengths: of all bars, in beats. Strokes that
    were said to be a ghost or an accent stay; so do accents, which are one stroke's, graces, and
    strokes clearly softer or louder than their place is played.
    """
    places: dict[_Place, list[int]] = defaultdict(list)
    for i, (hit, placement) in enumerate(zip(hits, placements, strict=True)):
        if placement.is_grace or placement.merged_into is not None:
            continue
        onset, length = placement.onset, bar_lengths[placement.measure]
        places[hit.instrument, onset.numerator, onset.denominator, length].append(i)
    settled = list(dynamics)
    for indices in places.values():
        if not any(dynamics[i].is_ghost for i in indices):
            continue
        indices.sort(key=lambda i: placements[i].measure)
        bars = [placements[i].measure for i in indices]
        for k, i in enumerate(indices):
            first = bisect_left(bars, bars[k] - ORNAMENTS.reach_bars)
            end = bisect_right(bars, bars[k] + ORNAMENTS.reach_bars)
            near = indices[first:k] + indices[k + 1 : end]
            if len(near) < ORNAMENTS.fewest_bars or hits[i].articulation in _SAID:
                continue
            usual = max(median(hits[j].velocity for j in near), 1e-3)
            softest, loudest = usual / ORNAMENTS.clearly_other, usual * ORNAMENTS.clearly_other
            if not softest <= hits[i].velocity <= loudest:
                continue
            share = sum(dynamics[j].is_ghost for j in near) / len(near)
            ghost = _by_majority(dynamics[i].is_ghost, share)
            if ghost is not dynamics[i].is_ghost:
                accent = dynamics[i].is_accent and not ghost
                settled[i] = replace(settled[i], is_ghost=ghost, is_accent=accent)
    return settled


_SAID = (Articulation.GHOST, Articulation.ACCENT)


def _by_majority(own: bool, share: float) -> bool:
    return own if share == 0.5 else share > 0.5

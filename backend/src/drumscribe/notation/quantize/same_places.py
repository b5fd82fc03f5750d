"""Ghosts decided per place: a ghost that comes back bar after bar is a ghost in each of them.

How loud a single stroke was heard strays by more than players do; the same place of the bar in the
bars around says what is played there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

import numpy as np

from drumscribe.domain.drums import Articulation, Hit, Instrument
from drumscribe.domain.score import Placement
from drumscribe.notation.dynamics import Dynamics
from drumscribe.notation.quantize.tuning import ORNAMENTS

_Place = tuple[Instrument, Fraction, int]


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
        length = bar_lengths[placement.measure]
        places[hit.instrument, placement.onset, length].append(i)
    settled = list(dynamics)
    for indices in places.values():
        bars = np.array([placements[i].measure for i in indices])
        velocities = np.array([hits[i].velocity for i in indices])
        ghosts = np.array([dynamics[i].is_ghost for i in indices])
        for k, i in enumerate(indices):
            near = np.abs(bars - bars[k]) <= ORNAMENTS.reach_bars
            near[k] = False
            if int(near.sum()) < ORNAMENTS.fewest_bars or hits[i].articulation in _SAID:
                continue
            usual = max(float(np.median(velocities[near])), 1e-3)
            if (
                not usual / ORNAMENTS.clearly_other
                <= velocities[k]
                <= usual * ORNAMENTS.clearly_other
            ):
                continue
            ghost = _by_majority(bool(ghosts[k]), float(ghosts[near].mean()))
            accent = dynamics[i].is_accent and not ghost
            settled[i] = replace(settled[i], is_ghost=ghost, is_accent=accent)
    return settled


_SAID = (Articulation.GHOST, Articulation.ACCENT)


def _by_majority(own: bool, share: float) -> bool:
    return own if share == 0.5 else share > 0.5

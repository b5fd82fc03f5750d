"""Ghost notes and accents: velocity judged against the same drum in the same piece."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from drumscribe.domain.drums import Articulation, Hit, Instrument
from drumscribe.notation.tuning import DYNAMICS

# A ghost note is a snare thing; cymbals and kick are only soft.
_GHOSTED = frozenset({Instrument.SNARE})
# The pulse of a hi-hat or ride is no accent either: marks on every other stroke tell nothing.
_ACCENTED = frozenset(
    {Instrument.SNARE, Instrument.TOM_HIGH, Instrument.TOM_MID, Instrument.TOM_LOW}
)


@dataclass(frozen=True, slots=True)
class DynamicsOptions:
    """When a stroke is printed as a ghost note or with an accent.

    ghost_ratio: snare strokes softer than this share of the snare's loud strokes are ghosts.
    cluster_ratio: where the strokes fall into soft and loud ones whose means lie at least this
        far apart (soft / loud), the soft ones are ghosts, however many they are: in a half-time
        shuffle there are four ghosts to a backbeat.
    accent_margin: strokes louder than the drum's median by this velocity (0..1) are accents.
    max_accent_share: a drum of which more strokes would be accented gets none: it is just loud.
    """

    ghost_ratio: float = 0.5
    cluster_ratio: float = 0.45
    accent_margin: float = 0.18
    max_accent_share: float = 0.3


@dataclass(frozen=True, slots=True)
class Dynamics:
    """How one stroke is printed."""

    is_ghost: bool = False
    is_accent: bool = False


def judge_dynamics(hits: Sequence[Hit], options: DynamicsOptions) -> list[Dynamics]:
    """One Dynamics per hit. Articulations ghost and accent on the hits are taken as they are."""
    ghosts = [hit.articulation is Articulation.GHOST for hit in hits]
    accents = [hit.articulation is Articulation.ACCENT for hit in hits]
    by_drum: dict[Instrument, list[int]] = {}
    for index, hit in enumerate(hits):
        by_drum.setdefault(hit.instrument, []).append(index)
    for instrument, indices in by_drum.items():
        velocities = np.array([hits[i].velocity for i in indices])
        if len(indices) < DYNAMICS.enough_strokes:
            continue
        if instrument in _GHOSTED:
            limit = _ghost_limit(velocities, options)
            soft = velocities < np.minimum(limit, _near_limits(hits, indices, options))
            for i, is_soft in zip(indices, soft, strict=True):
                ghosts[i] = ghosts[i] or bool(is_soft)
        full = [i for i in indices if not ghosts[i]]
        if instrument in _ACCENTED and len(full) > 1:
            limit = _accent_limit(np.array([hits[i].velocity for i in full]), options)
            loud = [i for i in full if hits[i].velocity >= limit]
            if len(loud) <= options.max_accent_share * len(full):
                for i in loud:
                    accents[i] = True
    _drop_loud_passages(hits, ghosts, accents, options)
    return [
        Dynamics(is_ghost=ghost, is_accent=accent and not ghost)
        for ghost, accent in zip(ghosts, accents, strict=True)
    ]


def _accent_limit(velocities: NDArray[np.float64], options: DynamicsOptions) -> float:
    """Strokes as loud as this are accents.

    Where few strokes stand apart from the others as a group of their own, all of that group.
    """
    limit = float(np.median(velocities)) + options.accent_margin
    ordered = np.sort(velocities)
    split = _split(ordered)
    soft, loud = ordered[:split], ordered[split:]
    distance = float(loud.mean() - soft.mean())
    spread = float(np.sqrt(np.mean([*(soft - soft.mean()) ** 2, *(loud - loud.mean()) ** 2])))
    are_few = loud.size <= options.max_accent_share * velocities.size
    if are_few and distance >= max(DYNAMICS.group_margin, DYNAMICS.group_spreads * spread):
        return min(limit, float(loud[0] + soft[-1]) / 2)
    return limit


def _drop_loud_passages(
    hits: Sequence[Hit], ghosts: Sequence[bool], accents: list[bool], options: DynamicsOptions
) -> None:
    """An accent stands out from the strokes before and after, whatever snare or tom they are on.

    A loud fill on a drum that is played softly elsewhere is a loud fill.
    """
    plain = [i for i, hit in enumerate(hits) if hit.instrument in _ACCENTED and not ghosts[i]]
    times = np.array([hits[i].time for i in plain])
    velocities = np.array([hits[i].velocity for i in plain])
    for i, hit in enumerate(hits):
        if not accents[i] or hit.articulation is Articulation.ACCENT:
            continue
        away = times - hit.time
        before = velocities[(away < 0) & (away >= -DYNAMICS.near_seconds)]
        after = velocities[(away > 0) & (away <= DYNAMICS.near_seconds)]
        sides = [side for side in (before, after) if side.size >= DYNAMICS.enough_strokes]
        usual = max(
            (float(np.percentile(s, DYNAMICS.usual_percentile)) for s in sides), default=0.0
        )
        if hit.velocity < usual + options.accent_margin / 2:
            accents[i] = False


def _near_limits(
    hits: Sequence[Hit], indices: Sequence[int], options: DynamicsOptions
) -> NDArray[np.float64]:
    """Per stroke: what is soft beside the loud strokes around it.

    A passage that is soft as a whole is soft, not full of ghosts.
    """
    times = np.array([hits[i].time for i in indices])
    velocities = np.array([hits[i].velocity for i in indices])
    first = np.searchsorted(times, times - DYNAMICS.near_seconds)
    end = np.searchsorted(times, times + DYNAMICS.near_seconds, side="right")
    loud = np.empty_like(velocities)
    # Windows of one size at once: a call for each stroke takes ten times as long.
    sizes = end - first
    for size in np.unique(sizes):
        rows = np.flatnonzero(sizes == size)
        windows = velocities[first[rows, None] + np.arange(size)]
        loud[rows] = np.percentile(windows, DYNAMICS.near_percentile, axis=1)
    return np.asarray((options.ghost_ratio + DYNAMICS.near_slack) * loud)


def _ghost_limit(velocities: NDArray[np.float64], options: DynamicsOptions) -> float:
    """Softer strokes than this are ghosts."""
    ordered = np.sort(velocities)
    split = _split(ordered)
    soft, loud = ordered[:split], ordered[split:]
    if soft.mean() <= options.cluster_ratio * loud.mean():
        return min(float(loud[0]), options.ghost_ratio * float(loud.mean()))
    return options.ghost_ratio * float(np.percentile(velocities, 75))


def _split(ordered: NDArray[np.float64]) -> int:
    """Where sorted values fall into two groups with the largest variance between them (Otsu 1979).

    Returns the index of the first value of the upper group, 1..n-1.
    """
    counts = np.arange(1, ordered.size)
    sums = np.cumsum(ordered)
    lower = sums[:-1] / counts
    upper = (sums[-1] - sums[:-1]) / (ordered.size - counts)
    between = counts * (ordered.size - counts) * (upper - lower) ** 2
    return int(np.argmax(between)) + 1

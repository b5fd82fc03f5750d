"""Strokes that were meant together: cut from hits, placed among the beats."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from drumscribe.domain.drums import Hit
from drumscribe.domain.rhythm import BeatGrid
from drumscribe.notation.quantize.beat_costs import Strokes
from drumscribe.notation.quantize.collisions import Drum, drum_of
from drumscribe.notation.quantize.ornaments import find_ornaments
from drumscribe.notation.quantize.tuning import ORNAMENTS, SLOTS


@dataclass(frozen=True, slots=True, eq=False)
class Clusters:
    """Hits of different drums that were meant together, in the order of time.

    members: of each cluster, as indices of hits; struck: its drums.
    centres: (clusters,) the mean time of each, in seconds.
    graces: main hit -> the hits before it that are its graces and in no cluster.
    """

    members: list[list[int]]
    struck: list[frozenset[Drum]]
    centres: NDArray[np.float64]
    graces: dict[int, list[int]]

    @classmethod
    def of(cls, hits: Sequence[Hit], times: NDArray[np.float64]) -> Clusters:
        """hits: in the order of time; times: of each, in seconds."""
        graces = {o.main: list(o.graces) for o in find_ornaments(hits)}
        drums = [drum_of(hit) for hit in hits]
        members = _together(drums, times, {g for chain in graces.values() for g in chain})
        struck = [frozenset(drums[i] for i in cluster) for cluster in members]
        return cls(members, struck, _centres(members, times), graces)

    def slots_of_hits(self, slots: Sequence[int], n_hits: int) -> list[int | None]:
        """The slot of each hit, None for a grace. slots: of the clusters."""
        of_hits: list[int | None] = [None] * n_hits
        for cluster, slot in zip(self.members, slots, strict=True):
            for i in cluster:
                of_hits[i] = slot
        return of_hits


class Numbers:
    """A number for each kind of cluster, the same wherever it is asked for."""

    def __init__(self) -> None:
        self._known: dict[frozenset[Drum], int] = {}

    def of(self, struck: Sequence[frozenset[Drum]]) -> NDArray[np.int64]:
        known = self._known
        return np.array([known.setdefault(one, len(known)) for one in struck], dtype=np.int64)


def strokes_at(
    positions: NDArray[np.float64],
    struck: Sequence[frozenset[Drum]],
    centres: NDArray[np.float64],
    grid: BeatGrid,
    numbers: Numbers,
) -> Strokes:
    """Clusters as strokes. positions: of their centres in beats, not falling."""
    beats = np.floor(positions)
    return Strokes(
        positions,
        grid.time_at(beats + 1) - grid.time_at(beats) if positions.size else positions,
        _must_stand_apart(struck, centres),
        bar_beats=_bar_beats(beats.astype(np.int64), grid),
        drums=numbers.of(struck),
        downbeats=np.flatnonzero(grid.beat_numbers == 1),
    )


def _bar_beats(beats: NDArray[np.int64], grid: BeatGrid) -> NDArray[np.int64]:
    """Which beat of its bar each beat of the grid is, from 0; bars go on before and after it."""
    per_bar, last = grid.metre.beats_per_bar, grid.beat_numbers.size - 1
    inside = np.clip(beats, 0, last)
    return np.asarray((grid.beat_numbers[inside] - 1 + beats - inside) % per_bar)


def _must_stand_apart(
    struck: Sequence[frozenset[Drum]], centres: NDArray[np.float64]
) -> NDArray[np.bool_]:
    """Clusters with a drum of the cluster before, too late after it to be its flam.

    struck: the drums of each cluster.
    """
    late = np.diff(centres, prepend=-np.inf) > ORNAMENTS.flam_seconds[1]
    shared = [False, *(not a.isdisjoint(b) for a, b in pairwise(struck))][: len(struck)]
    return np.asarray(late & np.array(shared, dtype=np.bool_))


def _together(
    drums: Sequence[Drum], times: NDArray[np.float64], left_out: set[int]
) -> list[list[int]]:
    """Strokes of different drums that were meant together, at most 30 ms apart."""
    clusters: list[list[int]] = []
    struck_at = times.tolist()
    for i, drum in enumerate(drums):
        if i in left_out:
            continue
        if clusters:
            current = clusters[-1]
            together = struck_at[i] - struck_at[current[0]] <= SLOTS.together_seconds
            if together and all(drums[j] != drum for j in current):
                current.append(i)
                continue
        clusters.append([i])
    return clusters


def _centres(clusters: Sequence[Sequence[int]], times: NDArray[np.float64]) -> NDArray[np.float64]:
    """The mean time of each cluster."""
    sizes = np.array([len(cluster) for cluster in clusters], dtype=np.int64)
    members = np.array([i for cluster in clusters for i in cluster], dtype=np.int64)
    of_cluster = np.repeat(np.arange(sizes.size), sizes)
    # All at once: a mean of its own for each takes ten times as long.
    return np.asarray(np.bincount(of_cluster, weights=times[members]) / sizes)

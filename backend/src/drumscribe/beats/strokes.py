"""Hits as arrays: when, which group of drums, and how much a stroke tells about bars."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from drumscribe.beats.tuning import STROKES
from drumscribe.domain.drums import Articulation, Hit, Instrument

# Groups whose members stand for each other: cymbals that keep time, and all toms.
KICK, SNARE, CRASH, TOMS, TIME = range(5)
GROUP_NAMES = ("kick", "snare", "crash", "toms", "time")
GROUP_OF: dict[Instrument, int] = {
    Instrument.KICK: KICK,
    Instrument.SNARE: SNARE,
    Instrument.CRASH: CRASH,
    Instrument.TOM_HIGH: TOMS,
    Instrument.TOM_MID: TOMS,
    Instrument.TOM_LOW: TOMS,
    Instrument.HIHAT_CLOSED: TIME,
    Instrument.HIHAT_OPEN: TIME,
    Instrument.RIDE: TIME,
}

_Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Strokes:
    """times: (strokes,) seconds, in order; groups: of GROUP_NAMES; drums: of Instrument.

    force: 0..1, how much each tells: soft, doubtful and ghost strokes tell little.
    loudness: 0..1.2, 1 for a usual stroke.
    """

    times: _Floats
    groups: NDArray[np.int64]
    drums: NDArray[np.int64]
    force: _Floats
    loudness: _Floats

    @classmethod
    def of(cls, hits: Sequence[Hit]) -> Strokes:
        """hits: in any order."""
        ordered = sorted(hits, key=lambda hit: (hit.time, hit.instrument.value))
        drums = list(Instrument)
        return cls(
            np.array([hit.time for hit in ordered], dtype=np.float64),
            np.array([GROUP_OF[hit.instrument] for hit in ordered], dtype=np.int64),
            np.array([drums.index(hit.instrument) for hit in ordered], dtype=np.int64),
            np.array([_force(hit) for hit in ordered], dtype=np.float64),
            np.array([_loudness(hit) for hit in ordered], dtype=np.float64),
        )

    @property
    def size(self) -> int:
        return int(self.times.size)


def _force(hit: Hit) -> float:
    is_soft_snare = hit.instrument is Instrument.SNARE and hit.velocity < STROKES.softest_backbeat
    if is_soft_snare or hit.articulation is Articulation.GHOST:
        return STROKES.ghost_force * hit.confidence
    loud = min(1.0, hit.velocity / STROKES.full_velocity)
    return (STROKES.least_force + (1.0 - STROKES.least_force) * loud) * hit.confidence


def _loudness(hit: Hit) -> float:
    softest, loudest = STROKES.loudness
    return min(loudest, max(softest, hit.velocity / STROKES.full_velocity)) * hit.confidence

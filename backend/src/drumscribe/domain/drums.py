"""Drums: the nine instruments, how and by which hand they are struck, what a network hears."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import count
from typing import Final

import numpy as np
from numpy.typing import NDArray


class Instrument(StrEnum):
    """The nine instruments of the contract; the values stand in JSON and never change."""

    KICK = "kick"
    SNARE = "snare"
    HIHAT_CLOSED = "hihat_closed"
    HIHAT_OPEN = "hihat_open"
    RIDE = "ride"
    CRASH = "crash"
    TOM_HIGH = "tom_high"
    TOM_MID = "tom_mid"
    TOM_LOW = "tom_low"


TOMS: Final = (Instrument.TOM_HIGH, Instrument.TOM_MID, Instrument.TOM_LOW)


class Articulation(StrEnum):
    """How an instrument was struck, where that differs from the plain stroke."""

    GHOST = "ghost"
    ACCENT = "accent"
    FLAM = "flam"
    DRAG = "drag"
    ROLL = "roll"
    CROSS_STICK = "cross-stick"
    RIMSHOT = "rimshot"
    PEDAL = "pedal"
    HALF_OPEN = "half-open"
    RIDE_BELL = "ride-bell"
    SPLASH = "splash"
    CHINA = "china"
    CRASH_2 = "crash-2"
    CHOKE = "choke"


class Sticking(StrEnum):
    """Which hand strikes, or which foot."""

    RIGHT = "right"
    LEFT = "left"
    BOTH = "both"  # two sticks on one drum at once


class Listening(StrEnum):
    """What the drums were heard in; the values stand in files. Each has its own thresholds."""

    MIX = "mix"  # the recording as it is
    STEM = "stem"  # drums alone
    BOTH = "both"  # the recording and the drums that were taken out of it


@dataclass(frozen=True, slots=True)
class Hit:
    """One stroke that was heard. Hits sort by time, then instrument, then the rest.

    time: onset (the attack, not the peak) in seconds from the start of the recording, >= 0.
    id: of the stroke in its transcript, whatever is done to it; None until it is given one.
    velocity: 0..1, relative to the loudest stroke that the instrument can give.
    confidence: 0..1, the probability that the stroke is real.
    sticking: as somebody said it; nobody hears it.

    Two strokes that sound alike at the same time are equal, whatever their ids and hands.
    """

    time: float
    instrument: Instrument
    velocity: float = 0.8
    confidence: float = 1.0
    articulation: Articulation | None = None
    id: int | None = field(default=None, compare=False)
    sticking: Sticking | None = field(default=None, compare=False)

    def __post_init__(self) -> None:
        if not (math.isfinite(self.time) and self.time >= 0.0):
            raise ValueError(f"time must be a finite number of seconds >= 0, got {self.time}")
        for name in ("velocity", "confidence"):
            value = getattr(self, name)
            if not 0.0 <= value <= 1.0:
                raise ValueError(f"{name} must lie in 0..1, got {value}")

    def __lt__(self, other: Hit) -> bool:
        # Not the dataclass's own order: None and an articulation cannot be compared.
        return self._sort_key() < other._sort_key()

    def _sort_key(self) -> tuple[float, str, float, float, str]:
        articulation = self.articulation.value if self.articulation else ""
        return self.time, self.instrument.value, self.velocity, self.confidence, articulation


def numbered(hits: Sequence[Hit], *, beside: Sequence[Hit] = ()) -> tuple[Hit, ...]:
    """The hits in the order of time, each with an id of its own.

    Ids that are there stay; of several hits with one id the first keeps it. New ids count up from
    the highest one.
    beside: strokes that have ids already, which these hits leave to them.
    """
    in_order = sorted(hits)
    taken = {hit.id for hit in beside if hit.id is not None}
    known = {hit.id for hit in in_order if hit.id is not None} | taken
    fresh = count(max(known, default=-1) + 1)
    given = []
    for hit in in_order:
        own = hit
        if hit.id is None or hit.id in taken:
            own = replace(hit, id=next(fresh))
        else:
            taken.add(hit.id)
        given.append(own)
    return tuple(given)


@dataclass(frozen=True, slots=True, eq=False)
class Activations:
    """What the network says, frame by frame.

    onsets: float32 (frames, classes), probability in [0, 1] of an attack in that frame.
    velocities: float32 (frames, classes), velocity in [0, 1] if there is an attack.
    fps: frames per second; frame k is centred at k / fps seconds.
    classes: the names of the columns (the nine instruments and further articulations).
    tom_pitches: float32 (frames,), the pitch in Hz of what was struck where that may have been a
        tom, 0 elsewhere; None where the sound was not asked.
    listening: in what they were heard.
    """

    onsets: NDArray[np.float32]
    velocities: NDArray[np.float32]
    fps: float
    classes: tuple[str, ...]
    tom_pitches: NDArray[np.float32] | None = None
    listening: Listening = Listening.MIX

    def __post_init__(self) -> None:
        expected = (self.onsets.shape[0], len(self.classes))
        if self.onsets.ndim != 2 or self.onsets.shape != expected:
            raise ValueError(f"onsets must have shape {expected}, got {self.onsets.shape}")
        if self.velocities.shape != self.onsets.shape:
            raise ValueError(
                f"velocities must have shape {self.onsets.shape}, got {self.velocities.shape}"
            )
        if self.tom_pitches is not None and self.tom_pitches.shape != expected[:1]:
            raise ValueError(
                f"tom_pitches must have shape {expected[:1]}, got {self.tom_pitches.shape}"
            )

    @property
    def duration_seconds(self) -> float:
        return float(self.onsets.shape[0] / self.fps)

"""A known score, played: tempo that drifts, a loose player, hits that are missed or invented."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from drumscribe.domain.drums import Hit, Instrument
from drumscribe.domain.rhythm import BeatGrid, Metre
from lab.notation_study.composed.pieces import Piece, TrueNote

_LEAD_SECONDS = (0.25, 0.45)
_LARGEST_JITTER = 2.5  # standard deviations; nobody plays a stroke farther off and calls it right
_SHARED_JITTER = np.sqrt(0.5)  # limbs that strike together stray together, by half the variance
_FLAM_SECONDS = (0.020, 0.040)
_DRAG_GAP_SECONDS = (0.022, 0.032)

_VELOCITY: dict[Instrument, float] = {
    Instrument.KICK: 0.78,
    Instrument.SNARE: 0.75,
    Instrument.HIHAT_CLOSED: 0.55,
    Instrument.HIHAT_OPEN: 0.65,
    Instrument.RIDE: 0.55,
    Instrument.CRASH: 0.85,
    Instrument.TOM_HIGH: 0.72,
    Instrument.TOM_MID: 0.72,
    Instrument.TOM_LOW: 0.72,
}
_OFF_BEAT_SHARE = 0.88  # of a cymbal's velocity, between beats
_GHOST_VELOCITY = 0.22
_ACCENT_VELOCITY = 0.97
_VELOCITY_SPREAD = 0.04
_PHANTOMS = (Instrument.HIHAT_CLOSED, Instrument.TOM_LOW, Instrument.SNARE, Instrument.RIDE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Playing:
    """How a piece is played and heard.

    swing: long eighth over short one, 1 is even.
    drift: the largest departure from the tempo, as a share; the curve is chosen by chance.
    jitter_seconds: standard deviation of each stroke around its place.
    offset_seconds: the player is late or early by a constant of at most this.
    missing, extra: the share of strokes that are not heard, and of phantoms that are.
    """

    swing: tuple[float, float] = (2.0, 2.0)
    drift: float = 0.0
    jitter_seconds: float = 0.0
    offset_seconds: float = 0.0
    missing: float = 0.0
    extra: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class HeardAs:
    """What a hit is in truth: the note it belongs to, as its main stroke or as a grace of it."""

    note: TrueNote
    is_grace: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Performance:
    """A piece as it was heard.

    hits: sorted by time; truth: for each hit what it is, None for a phantom.
    grid: the true beats, from the first played beat to the end of the last bar.
    swing: the ratio that was played, 1 where the piece is not swung.
    """

    hits: tuple[Hit, ...]
    truth: tuple[HeardAs | None, ...]
    grid: BeatGrid
    swing: float


def perform(piece: Piece, playing: Playing, rng: np.random.Generator) -> Performance:
    """Play a piece by chance from `rng`."""
    metre = piece.metre
    per_bar = metre.beats_per_bar
    swing = float(rng.uniform(*playing.swing))
    if not any(note.is_swung for note in piece.notes):
        swing = 1.0
    # Beats count from the first beat of bar 1; a bar before it holds the pickup.
    first_beat = min(int(_beat_of(note, metre)) for note in piece.notes)
    beats = np.arange(first_beat, piece.n_bars * per_bar + 1)
    periods = 60.0 / (piece.bpm * (1.0 + _drift_curve(beats.size - 1, playing.drift, rng)))
    times = rng.uniform(*_LEAD_SECONDS) + np.concatenate([[0.0], np.cumsum(periods)])
    grid = BeatGrid(times, beats % per_bar + 1, metre)

    late = float(rng.uniform(-1.0, 1.0)) * playing.offset_seconds
    heard: list[tuple[Hit, HeardAs | None]] = []
    stray_of: dict[tuple[int, Fraction], float] = {}
    for note in piece.notes:
        place = (note.bar, note.onset)
        if place not in stray_of:
            stray_of[place] = _stray(rng)
        stray = _SHARED_JITTER * stray_of[place] + _SHARED_JITTER * _stray(rng)
        played_at = float(grid.time_at(_sounding_beat(note, metre, swing) - first_beat))
        time = max(0.0, played_at + late + playing.jitter_seconds * stray)
        velocity = _velocity(note, metre, rng)
        confidence = float(rng.uniform(0.8, 1.0))
        graces = _grace_times(time, note.n_graces, rng)
        if rng.random() < playing.missing:
            continue
        heard += [
            (
                Hit(at, note.instrument, velocity * float(rng.uniform(0.4, 0.6)), confidence),
                HeardAs(note, is_grace=True),
            )
            for at in graces
        ]
        hit = Hit(time, note.instrument, velocity, confidence, note.articulation)
        heard.append((hit, HeardAs(note)))
    heard += [(hit, None) for hit in _phantoms([hit for hit, _ in heard], playing.extra, rng)]
    heard.sort(key=lambda pair: (pair[0].time, pair[0].instrument.value))
    return Performance(
        tuple(hit for hit, _ in heard), tuple(truth for _, truth in heard), grid, swing
    )


def perform_exactly(piece: Piece) -> Performance:
    """Play a piece as it is written: even eighths, a metronome's tempo, no mistakes."""
    return perform(piece, Playing(swing=(1.0, 1.0)), np.random.default_rng(0))


def _beat_of(note: TrueNote, metre: Metre) -> Fraction:
    return (note.bar - 1) * metre.beats_per_bar + note.onset / metre.beat_length


def _sounding_beat(note: TrueNote, metre: Metre, swing: float) -> float:
    beat = _beat_of(note, metre)
    if not note.is_swung:
        return float(beat)
    return float(beat - Fraction(1, 2)) + swing / (swing + 1.0)


def _stray(rng: np.random.Generator) -> float:
    """Drawn from a normal distribution, cut off where a stroke would be a mistake."""
    return float(np.clip(rng.standard_normal(), -_LARGEST_JITTER, _LARGEST_JITTER))


def _drift_curve(n_beats: int, drift: float, rng: np.random.Generator) -> NDArray[np.float64]:
    """Departure from the tempo per beat: a ramp, an arch or a slow wave, at most `drift`."""
    along = np.linspace(0.0, 1.0, n_beats)
    kind, sign = int(rng.integers(3)), float(rng.choice([-1.0, 1.0]))
    waves, phase = float(rng.uniform(1.0, 2.5)), float(rng.uniform(0.0, 2.0 * np.pi))
    curve = (
        2.0 * along - 1.0,
        2.0 * np.sin(np.pi * along) - 1.0,
        np.sin(2.0 * np.pi * waves * along + phase),
    )[kind]
    return np.asarray(drift * sign * curve)


def _velocity(note: TrueNote, metre: Metre, rng: np.random.Generator) -> float:
    velocity = _VELOCITY[note.instrument]
    cymbal = note.instrument in (Instrument.HIHAT_CLOSED, Instrument.RIDE)
    if note.is_ghost:
        velocity = _GHOST_VELOCITY
    elif note.is_accent:
        velocity = _ACCENT_VELOCITY
    elif cymbal and (note.onset / metre.beat_length).denominator > 1:
        velocity *= _OFF_BEAT_SHARE
    return float(np.clip(velocity + _VELOCITY_SPREAD * rng.standard_normal(), 0.05, 1.0))


def _grace_times(main: float, n_graces: int, rng: np.random.Generator) -> list[float]:
    """Times of the graces before a stroke, first one first; those before 0 are not played."""
    gaps = [_FLAM_SECONDS] if n_graces == 1 else [_DRAG_GAP_SECONDS] * n_graces
    times: list[float] = []
    at = main
    for gap in gaps[:n_graces]:
        at -= float(rng.uniform(*gap))
        times.insert(0, at)
    return [time for time in times if time >= 0.0]


def _phantoms(hits: Sequence[Hit], share: float, rng: np.random.Generator) -> list[Hit]:
    """Hits that nobody played: half of them beside a real stroke, half of them anywhere."""
    phantoms = []
    for k in range(round(share * len(hits))):
        beside = hits[int(rng.integers(len(hits)))].time + 0.008 * float(rng.standard_normal())
        anywhere = float(rng.uniform(hits[0].time, hits[-1].time))
        phantoms.append(
            Hit(
                max(0.0, beside if k % 2 else anywhere),
                _PHANTOMS[int(rng.integers(len(_PHANTOMS)))],
                float(rng.uniform(0.15, 0.5)),
                float(rng.uniform(0.45, 0.75)),
            )
        )
    return phantoms

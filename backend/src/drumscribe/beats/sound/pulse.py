"""A steady pulse under the hits, at whatever level: what follows drift, and nothing more."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from drumscribe.beats.smoothing import steadied
from drumscribe.beats.sound.bar_tracking import BarPath, track_bars
from drumscribe.beats.sound.features import FRAMES_PER_SECOND
from drumscribe.beats.sound.tuning import PULSE, WALK


def walk_beats(
    activations: NDArray[np.float32],
    beats_per_bar: int,
    beat_rates: tuple[float, float],
    *,
    preferred_rate: float | None = None,
    checkpoint: Callable[[], None],
) -> BarPath:
    """The best walk with beats at the given rates (slowest, fastest, per minute).

    activations: (frames, 2) at 50 frames per second, in which the frames of the result count.
    preferred_rate: beats per minute that cost nothing; None: all rates are alike.
    """
    longest, shortest = (60.0 * FRAMES_PER_SECOND / rate for rate in beat_rates)
    # A finer clock lets tempi lie between whole frames; a narrow range can afford it.
    finest = WALK.fine_frames if longest < 1.5 * shortest else WALK.coarse_frames
    clock = 1
    while shortest * clock < finest:
        clock *= 2
    preferred = 60.0 * FRAMES_PER_SECOND / preferred_rate if preferred_rate else None
    path = track_bars(
        _finer(activations, clock),
        beats_per_bar=beats_per_bar,
        shortest_beat_frames=shortest * clock,
        longest_beat_frames=longest * clock,
        preferred_beat_frames=None if preferred is None else preferred * clock,
        checkpoint=checkpoint,
    )
    frames = np.round(path.beat_frames / clock).astype(np.int64)
    return BarPath(frames, path.beat_numbers, path.log_likelihood)


def _finer(activations: NDArray[np.float32], factor: int) -> NDArray[np.float32]:
    if factor == 1:
        return activations
    n_frames = activations.shape[0]
    wanted = np.arange(n_frames * factor) / factor
    return np.stack(
        [np.interp(wanted, np.arange(n_frames), column) for column in activations.T], axis=1
    ).astype(np.float32)


def smoothed(beat_times: NDArray[np.float64]) -> NDArray[np.float64]:
    """Beats without the rounding to frames: small second differences, little moved."""
    n_beats = beat_times.size
    if n_beats < 4:
        return beat_times
    near = np.full(n_beats, 1.0 / PULSE.frame_spread_seconds**2)
    moved = steadied(beat_times, near, 1.0 / PULSE.tempo_spread_seconds**2)
    if np.any(np.diff(moved) <= 0):
        return beat_times
    return moved

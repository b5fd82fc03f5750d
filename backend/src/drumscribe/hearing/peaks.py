"""Peaks of activations: which frames are strokes, and when exactly they begin."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from drumscribe.hearing.tuning import STROKES


def find_peaks(
    activation: NDArray[np.float32], threshold: float, refractory_frames: float
) -> NDArray[np.int64]:
    """Frames of a column that are the largest within two frames and at least the threshold.

    Of peaks closer than refractory_frames the higher one stays.
    """
    n = len(activation)
    padded = np.pad(activation, STROKES.peak_radius_frames, constant_values=-1.0)
    is_peak = activation >= threshold
    for shift in range(1, STROKES.peak_radius_frames + 1):
        before = padded[STROKES.peak_radius_frames - shift :][:n]
        after = padded[STROKES.peak_radius_frames + shift :][:n]
        # Strict on one side: of a plateau the first frame counts.
        is_peak &= (activation > before) & (activation >= after)
    kept: list[int] = []
    for frame in np.flatnonzero(is_peak):
        if kept and frame - kept[-1] < refractory_frames:
            if activation[frame] > activation[kept[-1]]:
                kept[-1] = int(frame)
            continue
        kept.append(int(frame))
    return np.array(kept, dtype=np.int64)


def peak_seconds(
    activation: NDArray[np.float32], peaks: NDArray[np.int64], fps: float
) -> NDArray[np.float64]:
    """When each peak is: the vertex of the parabola through it and its neighbours, in seconds.

    Of the first and the last frame the vertex may lie outside; a stroke lies in the recording.
    """
    padded = np.pad(activation.astype(np.float64), 1, mode="edge")
    left, centre, right = padded[peaks], padded[peaks + 1], padded[peaks + 2]
    curvature = left - 2 * centre + right
    offset = np.where(curvature < 0, 0.5 * (left - right) / np.minimum(curvature, -1e-9), 0.0)
    frames = peaks + np.clip(offset, -0.5, 0.5)
    return np.asarray(np.clip(frames, 0, len(activation) - 1) / fps)


def highest_near(columns: NDArray[np.float32]) -> NDArray[np.float32]:
    """The largest value of each frame and column within the width of a peak, (frames, columns).

    So that the two flanks of a peak agree on what it is.
    """
    padded = np.pad(columns, ((STROKES.peak_radius_frames, STROKES.peak_radius_frames), (0, 0)))
    width = 2 * STROKES.peak_radius_frames + 1
    return np.asarray(np.lib.stride_tricks.sliding_window_view(padded, width, axis=0).max(axis=-1))

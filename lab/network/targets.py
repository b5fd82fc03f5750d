"""Labels as frames."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lab.render.labels import Label
from lab.render.performances import CLASSES

# Codes among the targets; all others are heights of 255.
IGNORED = 1
# One of the columns with this code in this frame, whichever (lab/network/teacher.py).
UNNAMED = 2
SURE = 255
_LOWEST_HEIGHT = 3
_INAUDIBLE_DB = -18.0

Targets = tuple[NDArray[np.uint8], NDArray[np.uint8]]


def beside_heights(time: float, frame: int, fps: float) -> tuple[int, int]:
    """Targets of the frames before and after an attack's frame.

    .5 -+ the distance from the frame: the parabola through the three has its vertex at the attack,
    and that is where picking looks for it.
    """
    after = 0.5 + float(np.clip(time * fps - frame, -0.5, 0.5))
    low, high = (max(_LOWEST_HEIGHT, round(SURE * height)) for height in (1 - after, after))
    return low, high


def _stamp(
    onsets: NDArray[np.uint8], frame: int, column: int, heights: tuple[int, int]
) -> list[int]:
    """Writes an attack; returns the frames beside it that exist."""
    onsets[frame, column] = SURE
    existing = []
    for beside, height in zip((frame - 1, frame + 1), heights, strict=True):
        if 0 <= beside < len(onsets):
            before = onsets[beside, column]
            onsets[beside, column] = height if before <= UNNAMED else max(before, height)
            existing.append(beside)
    return existing


def targets(
    labels: list[Label], n_frames: int, fps: float, *, between_frames: bool = True
) -> Targets:
    """Onsets (255 attack, heights beside it, IGNORED, 0) and velocities (1..127, 0 none).

    between_frames: the heights say where between two frames an attack was; else both are a half.
    Strokes that drown in the mix (18 dB below it) are neither asked for nor punished: their
    surroundings of three frames are IGNORED.
    """
    onsets = np.zeros((n_frames, len(CLASSES)), dtype=np.uint8)
    velocities = np.zeros_like(onsets)
    for label in labels:
        frame, column = round(label.time * fps), CLASSES.index(label.name)
        if frame >= n_frames:
            continue
        if label.audibility_db < _INAUDIBLE_DB:
            around = onsets[max(0, frame - 3) : frame + 4, column]
            around[around == 0] = IGNORED
            continue
        velocities[frame, column] = max(velocities[frame, column], int(label.velocity))
        heights = beside_heights(label.time if between_frames else frame / fps, frame, fps)
        for beside in _stamp(onsets, frame, column, heights):
            if velocities[beside, column] == 0:
                velocities[beside, column] = int(label.velocity)
    return onsets, velocities


def targets_of_codes(
    codes: NDArray[np.uint8], start: float, speed: float, n_frames: int, fps: float
) -> Targets:
    """A teacher's codes from `start` (seconds) on, played `speed` times as fast.

    What lies before and after the codes is IGNORED; velocities are left open.
    """
    source = np.round((start + np.arange(n_frames) / fps * speed) * fps).astype(int)
    inside = (source >= 0) & (source < len(codes))
    onsets = np.full((n_frames, codes.shape[1]), IGNORED, dtype=np.uint8)
    onsets[inside] = np.where(codes[source[inside]] == 0, 0, IGNORED)
    for kind in (UNNAMED, SURE):
        for place, column in np.argwhere(codes == kind):
            time = (place / fps - start) / speed
            frame = round(time * fps)
            if not 0 <= frame < n_frames:
                continue
            if kind == SURE:
                _stamp(onsets, frame, column, beside_heights(time, frame, fps))
                continue
            onsets[max(0, frame - 2) : frame + 3, column] = IGNORED
            onsets[frame, column] = UNNAMED
    return onsets, np.zeros_like(onsets)

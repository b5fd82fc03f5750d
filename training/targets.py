"""Labels as frames."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from training.excerpt import Label
from training.performances import CLASSES

IGNORED = 77
_ATTACK, _BESIDE = 255, 128
_INAUDIBLE_DB = -18.0


def targets(
    labels: list[Label], n_frames: int, fps: float
) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Onsets (255 attack, 128 a frame beside it, IGNORED, 0) and velocities (1..127, 0 none).

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
        onsets[frame, column] = _ATTACK
        velocities[frame, column] = max(velocities[frame, column], int(label.velocity))
        for beside in (frame - 1, frame + 1):
            if 0 <= beside < n_frames:
                onsets[beside, column] = max(onsets[beside, column], _BESIDE)
                if velocities[beside, column] == 0:
                    velocities[beside, column] = int(label.velocity)
    return onsets, velocities

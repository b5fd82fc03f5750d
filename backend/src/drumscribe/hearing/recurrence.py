"""The recurrent layers, piece by piece: each hands its state to the next piece.

A GRU needs memory for its gates at every step of what it is given at once: 90 MB for a quarter of
an hour. Given in pieces, with the state carried over, it says the same and needs next to nothing.
The layers that run backwards start at the end.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

Columns = NDArray[np.float32]

# (stage ahead, stage back) of each layer, in the order in which they run.
LAYERS = (("ahead_1", "back_1"), ("ahead_2", "back_2"))
STEPS_AT_ONCE: Final = 1000


class RunStage(Protocol):
    """Detector.run_stage: a stage by name on inputs (steps, columns)."""

    def __call__(self, stage: str, **inputs: Columns) -> list[Columns]: ...


def remembered(
    run_stage: RunStage,
    pooled: Columns,
    *,
    units: int,
    steps_at_once: int = STEPS_AT_ONCE,
    checkpoint: Callable[[], None] = lambda: None,
) -> Columns:
    """What the layers say of every step, knowing all of them.

    pooled: (steps, width). units: of each layer, each way. Returns (steps, 2 · units).
    checkpoint: called before each piece; what it raises ends the run.
    """
    heard = pooled
    for ahead, back in LAYERS:
        both = np.empty((len(heard), 2 * units), np.float32)
        for stage, steps, said in (
            (ahead, heard, both[:, :units]),
            (back, heard[::-1], both[::-1, units:]),
        ):
            state = np.zeros((1, units), np.float32)
            for start in range(0, len(steps), steps_at_once):
                checkpoint()
                piece = np.ascontiguousarray(steps[start : start + steps_at_once])
                said[start : start + steps_at_once], state = run_stage(
                    stage, steps=piece, state=state
                )
        heard = both
    return heard

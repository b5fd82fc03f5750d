"""Decoded sound with its time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from av.audio.frame import AudioFrame


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """Sound that was decoded.

    samples: (n, channels) float32. places: of the channels, as FFmpeg names them ("FL", ...).
    at_seconds: when it is heard, from the beginning of the file; None: right after the last one.
    clock_seconds: how finely the file's clock counts.
    """

    samples: NDArray[np.float32]
    sample_rate: int
    places: tuple[str, ...]
    at_seconds: float | None
    clock_seconds: float


@dataclass(frozen=True, slots=True)
class Lost:
    """Something that could not be decoded stood here."""


# Sample formats -> (type, what full scale is, what silence is).
_FULL_SCALE: Final = {"u8": (128.0, 128.0), "s16": (2.0**15, 0.0), "s32": (2.0**31, 0.0)}


def floats(frame: AudioFrame) -> NDArray[np.float32]:
    """(n, channels), full scale at 1."""
    import av

    if frame.format.name.startswith("s64"):
        (frame,) = av.AudioResampler(format="dbl").resample(frame)
    values = frame.to_ndarray()
    values = values.T if frame.format.is_planar else values.reshape(frame.samples, -1)
    scale, middle = _FULL_SCALE.get(frame.format.name.removesuffix("p"), (1.0, 0.0))
    samples = values.astype(np.float32)
    if middle:
        samples -= middle
    if scale != 1.0:
        samples /= scale
    return samples

"""Decoded sound with its time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

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
_FORMATS: Final[dict[str, tuple[np.dtype[Any], float, float]]] = {
    "u8": (np.dtype(np.uint8), 128.0, 128.0),
    "s16": (np.dtype(np.int16), 2.0**15, 0.0),
    "s32": (np.dtype(np.int32), 2.0**31, 0.0),
    "s64": (np.dtype(np.int64), 2.0**63, 0.0),
    "flt": (np.dtype(np.float32), 1.0, 0.0),
    "dbl": (np.dtype(np.float64), 1.0, 0.0),
}


def floats(frame: AudioFrame) -> NDArray[np.float32]:
    """(n, channels), full scale at 1.

    Read from the planes: PyAV's own way costs as much again as decoding does.
    """
    n = frame.samples
    kind, scale, middle = _FORMATS[frame.format.name.removesuffix("p")]
    planes = [np.frombuffer(memoryview(plane), kind) for plane in frame.planes]
    if frame.format.is_planar:
        samples = np.empty((n, len(planes)), np.float32)
        for channel, plane in enumerate(planes):
            samples[:, channel] = plane[:n]
    else:
        channels = frame.layout.nb_channels
        samples = planes[0][: n * channels].reshape(n, channels).astype(np.float32)
    if middle:
        samples -= middle
    if scale != 1.0:
        samples /= scale
    return samples

"""A small network that reads downbeats and beats out of strokes.

Strokes of the nine instruments at 50 frames a second -> a convolution that halves the frames ->
residual layers of dilated convolutions, about half a minute of music in sight -> log odds of
"downbeat" and "beat" at 25 frames a second. Trained by lab/bars/stroke_network.py on whole songs
whose bars are known; the weights are half floats.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Final

import numpy as np
from numpy.typing import NDArray

from drumscribe.beats.reading.steps import Listening
from drumscribe.beats.strokes import Strokes
from drumscribe.domain.drums import Instrument

NETWORK_FILE: Final = "stroke_network.npz"
INPUT_FRAMES_PER_SECOND: Final = 50
FRAMES_PER_SECOND: Final = 25
# The network is asked for so long after the last stroke: a bar line may stand there.
BEHIND_SECONDS: Final = 1.0

_Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class StrokeNetwork:
    """stem: (taps, drums, channels); layers: (taps, channels, channels) with their dilation, and
    the mixing (channels, channels) after each; head: (channels, 2). Each with its bias.
    """

    stem: tuple[_Floats, _Floats]
    layers: tuple[tuple[int, _Floats, _Floats, _Floats, _Floats], ...]
    head: tuple[_Floats, _Floats]

    @classmethod
    def from_arrays(cls, arrays: dict[str, NDArray[np.generic]]) -> StrokeNetwork:
        """arrays: under the names that lab/bars/stroke_network.py writes."""
        full = {name: np.asarray(array, dtype=np.float32) for name, array in arrays.items()}
        layers = tuple(
            (
                int(dilation),
                full[f"conv{k}"],
                full[f"conv{k}_bias"],
                full[f"mix{k}"],
                full[f"mix{k}_bias"],
            )
            for k, dilation in enumerate(arrays["dilations"].tolist())
        )
        return cls((full["stem"], full["stem_bias"]), layers, (full["head"], full["head_bias"]))

    def log_odds(self, frames: _Floats) -> _Floats:
        """(frames at 50 a second, drums) -> (frames at 25 a second, 2): downbeat, beat."""
        weights, bias = self.stem
        taps = weights.shape[0]
        n = (frames.shape[0] + 1) // 2
        padded = np.pad(frames, ((taps // 2, taps), (0, 0)))
        x = bias + sum(padded[k : k + 2 * n : 2] @ weights[k] for k in range(taps))
        x = np.maximum(x, 0.0)
        for dilation, conv, conv_bias, mix, mix_bias in self.layers:
            padded = np.pad(x, ((dilation, dilation), (0, 0)))
            seen = conv_bias + sum(
                padded[k * dilation : k * dilation + n] @ conv[k] for k in (0, 1, 2)
            )
            x = x + np.maximum(seen, 0.0) @ mix + mix_bias
        weights, bias = self.head
        return np.asarray(np.maximum(x, 0.0) @ weights + bias, dtype=np.float32)


@cache
def shipped_network() -> StrokeNetwork:
    """The network that comes with the package."""
    content = resources.files(__package__).joinpath(NETWORK_FILE).read_bytes()
    with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
        return StrokeNetwork.from_arrays(dict(arrays))


def listen_to_strokes(strokes: Strokes, network: StrokeNetwork | None = None) -> Listening:
    """What the shipped network, or another, says of each moment up to a second after the last
    stroke.
    """
    end = (float(strokes.times[-1]) if strokes.size else 0.0) + BEHIND_SECONDS
    odds = (network or shipped_network()).log_odds(stroke_frames(strokes, end)).astype(np.float64)
    return Listening(odds[:, 0], odds[:, 1], float(FRAMES_PER_SECOND))


def stroke_frames(strokes: Strokes, end_seconds: float) -> _Floats:
    """(frames, drums): each stroke shared between the two frames beside it."""
    n = int(end_seconds * INPUT_FRAMES_PER_SECOND) + 2
    frames = np.zeros((n, len(Instrument)), np.float32)
    at = np.maximum(strokes.times, 0.0) * INPUT_FRAMES_PER_SECOND
    early = np.floor(at).astype(np.int64)
    late_share = at - early
    np.maximum.at(frames, (early, strokes.drums), strokes.loudness * (1.0 - late_share))
    np.maximum.at(frames, (early + 1, strokes.drums), strokes.loudness * late_share)
    return frames

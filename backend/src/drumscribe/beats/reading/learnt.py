"""A small network that reads bars out of strokes: where they begin, their metre, their tempo.

Strokes of the nine instruments at 50 frames a second -> a convolution that halves the frames ->
residual layers of dilated convolutions, about half a minute of music in sight; between some of them
a look (self-attention) at all that is played around, as what comes again tells most of bars -> at
25 frames a second the log odds of "downbeat" and "beat", and log chances of the metre and of the
quarters a minute that the music is in. Trained by lab/bars/stroke_network.py on whole songs whose
bars are known; the weights are half floats.
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
from drumscribe.domain.rhythm import Metre

NETWORK_FILE: Final = "stroke_network.npz"
INPUT_FRAMES_PER_SECOND: Final = 50
FRAMES_PER_SECOND: Final = 25
# The network is asked for so long after the last stroke: a bar line may stand there.
BEHIND_SECONDS: Final = 1.0
# A look joins so many frames to one, and compares blocks of 20 s with as much before and behind: it
# has learnt from excerpts of 40 s.
LOOK_FRAMES: Final = 2
BLOCK_FRAMES: Final = 250
# Times at which what a look compares turns with the distance: periods in joined frames.
LOOK_PERIODS: Final = (4.0, 1024.0)
N_LISTENED: Final = 2  # downbeat, beat; metres and tempi come behind them
NORM_LEAST: Final = 1e-5

_Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """One look at all that is played around.

    before: the number of the layer that it stands before. norm: gain and bias (channels,); asked:
    (channels, 3 channels), what each moment asks, offers and tells; told: (channels, channels) and
    its bias. heads: ways to compare.
    """

    before: int
    heads: int
    norm: tuple[_Floats, _Floats]
    asked: _Floats
    told: tuple[_Floats, _Floats]

    def over(self, x: _Floats) -> _Floats:
        """(frames, channels), an even number of frames: what is to be added to each."""
        n, channels = x.shape[0] // LOOK_FRAMES, x.shape[1]
        joined = x.reshape(n, LOOK_FRAMES, channels).mean(axis=1)
        joined -= joined.mean(axis=1, keepdims=True)
        joined /= np.sqrt((joined**2).mean(axis=1, keepdims=True) + NORM_LEAST)
        each = (joined * self.norm[0] + self.norm[1]) @ self.asked
        asks, offers, tells = (
            part.reshape(n, self.heads, -1).transpose(1, 0, 2) for part in np.split(each, 3, axis=1)
        )
        asks, offers = _turned(asks), _turned(offers)
        seen = np.empty((n, channels), np.float32)
        for first in range(0, n, BLOCK_FRAMES):
            end = min(n, first + BLOCK_FRAMES)
            around = slice(max(0, first - BLOCK_FRAMES), end + BLOCK_FRAMES)
            alike = asks[:, first:end] @ offers[:, around].transpose(0, 2, 1)
            alike /= np.sqrt(np.float32(channels / self.heads))
            alike = np.exp(alike - alike.max(axis=2, keepdims=True))
            alike /= alike.sum(axis=2, keepdims=True)
            seen[first:end] = (alike @ tells[:, around]).transpose(1, 0, 2).reshape(-1, channels)
        weights, bias = self.told
        return np.repeat(seen @ weights + bias, LOOK_FRAMES, axis=0)


def _turned(x: _Floats) -> _Floats:
    """(heads, frames, numbers): half of the numbers turned by the time, so that a comparison knows
    how far apart two moments are.
    """
    shortest, longest = LOOK_PERIODS
    n = x.shape[2] // 4
    periods = shortest * (longest / shortest) ** (np.arange(n) / (n - 1))
    angles = np.arange(x.shape[1])[:, None] * (2.0 * np.pi / periods)
    cosine, sine = np.cos(angles).astype(np.float32), np.sin(angles).astype(np.float32)
    u, v = x[..., :n], x[..., n : 2 * n]
    return np.concatenate([u * cosine - v * sine, u * sine + v * cosine, x[..., 2 * n :]], axis=2)


@dataclass(frozen=True, slots=True, eq=False)
class StrokeNetwork:
    """stem: (taps, drums, channels); layers: (taps, channels, channels) with their dilation, and
    the mixing (channels, channels) after each; head: (channels, 2 + metres + tempi). Each with its
    bias. metres: what is told apart, in order.
    """

    stem: tuple[_Floats, _Floats]
    layers: tuple[tuple[int, _Floats, _Floats, _Floats, _Floats], ...]
    looks: tuple[Look, ...]
    head: tuple[_Floats, _Floats]
    metres: tuple[Metre, ...]

    @classmethod
    def from_arrays(cls, arrays: dict[str, NDArray[np.generic]]) -> StrokeNetwork:
        """arrays: under the names that lab/bars/stroke_network.py writes."""
        names = {"dilations", "looks", "metres"}
        full = {
            name: np.asarray(array, dtype=np.float32)
            for name, array in arrays.items()
            if name not in names
        }
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
        looks = tuple(
            Look(
                int(before),
                int(heads),
                (full[f"look{k}_norm"], full[f"look{k}_norm_bias"]),
                full[f"look{k}_asked"],
                (full[f"look{k}_told"], full[f"look{k}_told_bias"]),
            )
            for k, (before, heads) in enumerate(arrays["looks"].tolist())
        )
        return cls(
            (full["stem"], full["stem_bias"]),
            layers,
            looks,
            (full["head"], full["head_bias"]),
            tuple(Metre.parse(str(name)) for name in arrays["metres"].tolist()),
        )

    def said(self, frames: _Floats) -> _Floats:
        """(frames at 50 a second, drums) -> (frames at 25 a second, 2 + metres + tempi): log odds
        of downbeat and beat; log chances of the metres, and of the tempi.
        """
        weights, bias = self.stem
        taps = weights.shape[0]
        n = -(-frames.shape[0] // (2 * LOOK_FRAMES)) * LOOK_FRAMES
        padded = np.pad(frames, ((taps // 2, 2 * n + taps - frames.shape[0]), (0, 0)))
        x = bias + sum(padded[k : k + 2 * n : 2] @ weights[k] for k in range(taps))
        x = np.maximum(x, 0.0)
        for number, (dilation, conv, conv_bias, mix, mix_bias) in enumerate(self.layers):
            for look in self.looks:
                if look.before == number:
                    x = x + look.over(x)
            padded = np.pad(x, ((dilation, dilation), (0, 0)))
            seen = conv_bias + sum(
                padded[k * dilation : k * dilation + n] @ conv[k] for k in (0, 1, 2)
            )
            x = x + np.maximum(seen, 0.0) @ mix + mix_bias
        weights, bias = self.head
        out = np.maximum(x, 0.0) @ weights + bias
        tempi = N_LISTENED + len(self.metres)
        for first, end in ((N_LISTENED, tempi), (tempi, out.shape[1])):
            out[:, first:end] -= np.logaddexp.reduce(out[:, first:end], axis=1, keepdims=True)
        return np.asarray(out[: (frames.shape[0] + 1) // 2], dtype=np.float32)


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
    network = network or shipped_network()
    said = network.said(stroke_frames(strokes, end)).astype(np.float64)
    tempi = N_LISTENED + len(network.metres)
    return Listening(
        said[:, 0],
        said[:, 1],
        float(FRAMES_PER_SECOND),
        dict(zip(network.metres, said[:, N_LISTENED:tempi].T, strict=True)),
        said[:, tempi:],
    )


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

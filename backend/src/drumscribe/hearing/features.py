"""What the network sees: a log-frequency, log-magnitude spectrogram.

Training imports this file too, so the network is trained on exactly what it is given later.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

# The network was trained behind these gates: see gated_rms.
GATE_BLOCK_SECONDS: Final = 0.4
ABSOLUTE_GATE: Final = 10 ** (-65 / 20)
RELATIVE_GATE: Final = 10 ** (-20 / 20)
# So many at a time: memory for a stretch, not for a song.
FRAMES_PER_TRANSFORM: Final = 512


@dataclass(frozen=True, slots=True)
class FeatureParams:
    """Everything that decides how samples become features; stored in the model's manifest.

    Frame k is centred at sample k * hop_samples. Bands are triangles, spaced evenly on the scale
    log(1 + f / warp_hz): nearly linear below warp_hz, logarithmic above.
    """

    sample_rate: int = 44100
    hop_samples: int = 441
    window_samples: int = 2048
    bands: int = 84
    low_hz: float = 30.0
    high_hz: float = 17000.0
    warp_hz: float = 250.0
    log_gain: float = 20.0
    target_rms: float = 0.1

    @property
    def fps(self) -> float:
        return self.sample_rate / self.hop_samples


@lru_cache(maxsize=4)
def filterbank(params: FeatureParams) -> NDArray[np.float32]:
    """Triangular filters, float32 (window_samples // 2 + 1, bands); every column sums to 1."""
    bin_hz = params.sample_rate / params.window_samples
    frequencies = np.arange(params.window_samples // 2 + 1) * bin_hz
    edges_warped = np.linspace(
        np.log1p(params.low_hz / params.warp_hz),
        np.log1p(params.high_hz / params.warp_hz),
        params.bands + 2,
    )
    edges = params.warp_hz * np.expm1(edges_warped)
    low, centre, high = edges[:-2], edges[1:-1], edges[2:]
    rising = (frequencies[:, None] - low) / (centre - low)
    falling = (high - frequencies[:, None]) / (high - centre)
    weights = np.maximum(0.0, np.minimum(rising, falling))
    # A band narrower than one bin may catch (almost) none: it takes the nearest bin.
    for band in np.flatnonzero(weights.sum(axis=0) < 0.5):
        weights[round(centre[band] / bin_hz), band] = 1.0
    return np.asarray(weights / weights.sum(axis=0), dtype=np.float32)


@lru_cache(maxsize=4)
def _window(n: int) -> NDArray[np.float32]:
    return np.asarray(np.hanning(n + 1)[:-1], dtype=np.float32)


def frame_count(n_samples: int, params: FeatureParams) -> int:
    """How many frames a sound of n_samples has."""
    return n_samples // params.hop_samples + 1


def gated_rms(samples: NDArray[np.float32], params: FeatureParams) -> float:
    """Root mean square of the mono fold of samples (channels, n) over the blocks that sound.

    Blocks of 0.4 s below -65 dBFS, and then those 20 dB below the mean of the rest, do not count
    (the idea of ITU-R BS.1770's gates, without its weighting), so that a drum stem with long
    rests is not taken for a quiet one. Returns 0.0 for silence. Needs memory for one block only.
    """
    block = int(GATE_BLOCK_SECONDS * params.sample_rate)
    n = samples.shape[1]
    squares = np.array(
        [
            float(np.mean(np.square(samples[:, i : i + block].mean(axis=0, dtype=np.float64))))
            for i in range(0, max(1, n - block // 2), block)
            if n > 0
        ]
    )
    sounding = squares[squares > ABSOLUTE_GATE**2]
    if sounding.size == 0:
        return 0.0
    sounding = sounding[sounding > sounding.mean() * RELATIVE_GATE**2]
    return float(np.sqrt(sounding.mean()))


def log_spectrogram(
    samples: NDArray[np.float32],
    params: FeatureParams,
    *,
    scale: float = 1.0,
    first_frame: int = 0,
    n_frames: int | None = None,
) -> NDArray[np.float32]:
    """Features of samples (channels, n), folded to mono: float32 (n_frames, bands).

    scale: the factor that brings the recording to params.target_rms.
    first_frame, n_frames: which frames; frames before the start and after the end see silence.
    Only the part of the samples that those frames see is copied.
    """
    from scipy import fft

    hop, size = params.hop_samples, params.window_samples
    if n_frames is None:
        n_frames = frame_count(samples.shape[1], params) - first_frame
    start = first_frame * hop - size // 2
    stop = start + (n_frames - 1) * hop + size
    inside = samples[:, max(0, start) : max(0, stop)]
    padded = np.zeros(stop - start, dtype=np.float32)
    offset = max(0, -start)
    padded[offset : offset + inside.shape[1]] = inside.mean(axis=0, dtype=np.float32) * scale
    frames = np.lib.stride_tricks.sliding_window_view(padded, size)[::hop]
    bank, window = filterbank(params), _window(size)
    out = np.empty((n_frames, params.bands), dtype=np.float32)
    for i in range(0, n_frames, FRAMES_PER_TRANSFORM):
        spectrum = fft.rfft(frames[i : i + FRAMES_PER_TRANSFORM] * window, axis=1)
        out[i : i + FRAMES_PER_TRANSFORM] = np.abs(spectrum) @ bank
    return np.asarray(np.log10(1.0 + params.log_gain * out), dtype=np.float32)

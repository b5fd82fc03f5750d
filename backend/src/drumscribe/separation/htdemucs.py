"""The htdemucs network: one segment of sound in, four stems out.

Hybrid Transformer Demucs (Rouard, Massa, Defossez: "Hybrid Transformers for Music Source
Separation", ICASSP 2023) hears a segment twice, as a waveform and as a spectrogram, and answers
twice; a stem is the sum of both answers. The spectrogram is made here, outside the network.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from drumscribe.errors import ModelCorrupt, ProviderUnavailable
from drumscribe.models.execution import Provider, start_session

if TYPE_CHECKING:
    import onnxruntime

SAMPLE_RATE: Final = 44_100
SEGMENT_SAMPLES: Final = 343_980
"""7.8 seconds, the length that the network was trained with and exported for."""
STEMS: Final = ("drums", "bass", "other", "vocals")

# As the network was trained.
N_FFT: Final = 4096
HOP_SAMPLES: Final = N_FFT // 4
BINS: Final = N_FFT // 2
FRAMES: Final = -(-SEGMENT_SAMPLES // HOP_SAMPLES)
# Frame k is centred on the middle of hop k: it begins one and a half hops before it.
PAD_LEFT: Final = HOP_SAMPLES * 3 // 2
PAD_RIGHT: Final = PAD_LEFT + FRAMES * HOP_SAMPLES - SEGMENT_SAMPLES
# Four Hann windows, squared, overlap at every sample; their sum is 4 * 3/8.
WINDOW_SQUARES: Final = 1.5


def _window() -> NDArray[np.float32]:
    """The periodic Hann window, (n_fft,)."""
    phase = 2 * np.pi * np.arange(N_FFT) / N_FFT
    return (0.5 - 0.5 * np.cos(phase)).astype(np.float32)


def spectrum(segment: NDArray[np.float32]) -> NDArray[np.complex64]:
    """Waveform (channels, SEGMENT_SAMPLES) -> spectrum (channels, 2048 bins, 336 frames).

    Orthonormal FFT of 4096 samples, hop 1024, periodic Hann window, edges reflected; the bin at
    half the sample rate is left out, as the network wants an even number of them.
    """
    from scipy import fft

    padded = np.pad(segment, ((0, 0), (PAD_LEFT, PAD_RIGHT)), mode="reflect")
    frames = np.lib.stride_tricks.sliding_window_view(padded, N_FFT, axis=1)[:, ::HOP_SAMPLES]
    bins = fft.rfft(frames * _window(), axis=-1, norm="ortho")
    return np.ascontiguousarray(bins[:, :, :BINS].transpose(0, 2, 1))


def waveform(bins: NDArray[np.complex64]) -> NDArray[np.float32]:
    """Spectrum (channels, 2048 bins, 336 frames) -> waveform (channels, SEGMENT_SAMPLES).

    The inverse of spectrum(), except for the first and last 1536 samples, where fewer than four
    frames overlap: the network has learnt with this fade and makes up for it.
    """
    from scipy import fft

    channels = bins.shape[0]
    complete = np.zeros((channels, FRAMES, BINS + 1), dtype=np.complex64)
    complete[:, :, :BINS] = bins.transpose(0, 2, 1)
    frames = fft.irfft(complete, n=N_FFT, axis=-1, norm="ortho")
    frames *= _window() / np.float32(WINDOW_SQUARES)
    hops_per_frame = N_FFT // HOP_SAMPLES
    quarters = frames.reshape(channels, FRAMES, hops_per_frame, HOP_SAMPLES)
    out = np.zeros((channels, FRAMES + hops_per_frame - 1, HOP_SAMPLES), dtype=np.float32)
    for quarter in range(hops_per_frame):
        out[:, quarter : quarter + FRAMES] += quarters[:, :, quarter]
    return out.reshape(channels, -1)[:, PAD_LEFT : PAD_LEFT + SEGMENT_SAMPLES]


class HtDemucs:
    """The network, loaded. One object serves one thread at a time."""

    def __init__(self, session: onnxruntime.InferenceSession) -> None:
        self._session = session
        self._inputs = tuple(value.name for value in session.get_inputs())
        self._outputs = tuple(value.name for value in session.get_outputs())

    @classmethod
    def load(cls, path: Path, *, threads: int = 0, provider: Provider = "cpu") -> HtDemucs:
        """Read the network from its ONNX file; takes a second or two.

        threads: cores to use; 0 = as many as there are.

        Raises ModelCorrupt if the file is not this network, ProviderUnavailable.
        """
        import onnxruntime

        options = onnxruntime.SessionOptions()
        # Measured: half the peak memory, and faster, than with the arena.
        options.enable_cpu_mem_arena = False
        options.enable_mem_pattern = False
        options.intra_op_num_threads = threads
        options.log_severity_level = 3
        try:
            session = start_session(str(path), options, provider)
        except ProviderUnavailable:
            raise
        except Exception as error:  # onnxruntime has no common base of its errors
            raise ModelCorrupt(f"{path} cannot be read as an ONNX network: {error}") from error
        shapes = [value.shape for value in session.get_inputs()]
        expected = [[1, 2, SEGMENT_SAMPLES], [1, 4, BINS, FRAMES]]
        if shapes != expected:
            raise ModelCorrupt(
                f"{path} is not the htdemucs network: it takes inputs of shape {shapes}, "
                f"expected {expected}"
            )
        return cls(session)

    def stems_of(self, segment: NDArray[np.float32]) -> NDArray[np.float32]:
        """All stems (4, 2, SEGMENT_SAMPLES), in the order of STEMS, of a stereo segment."""
        spectral, temporal = self._run(segment)
        return np.stack([self._stem(index, spectral, temporal) for index in range(len(STEMS))])

    def drums_of(self, segment: NDArray[np.float32]) -> NDArray[np.float32]:
        """The drums (2, SEGMENT_SAMPLES) of a stereo segment of the same shape."""
        return self._stem(STEMS.index("drums"), *self._run(segment))

    def _run(self, segment: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Frequency branch (4 stems, 4, 2048, 336), time branch (4 stems, 2, SEGMENT_SAMPLES)."""
        if segment.shape != (2, SEGMENT_SAMPLES):
            raise ValueError(f"segment must have shape {(2, SEGMENT_SAMPLES)}, got {segment.shape}")
        bins = spectrum(segment)
        # Real and imaginary parts become channels: left re, left im, right re, right im.
        parts = np.stack([bins.real, bins.imag], axis=1).reshape(1, 4, BINS, FRAMES)
        feeds = dict(zip(self._inputs, (segment[np.newaxis], parts), strict=True))
        spectral, temporal = self._session.run(list(self._outputs), feeds)
        return spectral[0], temporal[0]

    @staticmethod
    def _stem(
        index: int, spectral: NDArray[np.float32], temporal: NDArray[np.float32]
    ) -> NDArray[np.float32]:
        parts = spectral[index].reshape(2, 2, BINS, FRAMES)
        bins = np.empty((2, BINS, FRAMES), dtype=np.complex64)
        bins.real, bins.imag = parts[:, 0], parts[:, 1]
        return np.asarray(waveform(bins) + temporal[index])

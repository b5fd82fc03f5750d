"""The spectrogram that the beat networks listen to, in chunks of a recording of any length.

The front end is the one the networks were trained on (Heydari, Cwitkowitz, Duan: BeatNet, ISMIR
2021): 22.05 kHz mono, 64 ms windows every 20 ms, 24 triangular bands per octave from 30 Hz,
log10(1 + magnitude), beside its positive difference to the frame before.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from drumscribe.beats.sound.tuning import LEVEL
from drumscribe.domain.audio import Audio

FRAMES_PER_SECOND: Final = 50
N_FEATURES: Final = 272

SAMPLE_RATE: Final = 22050
HOP_SAMPLES: Final = 441
WINDOW_SAMPLES: Final = 1411
_N_BINS: Final = WINDOW_SAMPLES // 2


def feature_chunks(audio: Audio, *, gain: float = 1.0) -> Iterator[NDArray[np.float32]]:
    """The features of a recording, about ten seconds at a time.

    gain: factor on the samples before the spectrogram, which is not linear.
    Yields float32 (frames, 272), 50 frames per second, never empty; frame k of the whole is
    centred at k / 50 seconds. The frames do not depend on how the recording is cut into chunks.
    """
    # The window of frame 0 is centred on sample 0: silence stands before the recording.
    pending = np.zeros(WINDOW_SAMPLES // 2, dtype=np.float32)
    last_bands: NDArray[np.float32] | None = None
    n_heard = 0
    n_frames = 0
    for block, is_last in _resampled_blocks(audio, gain):
        n_heard += block.size
        pending = np.concatenate([pending, block])
        if is_last:
            n_left = -(-n_heard // HOP_SAMPLES) - n_frames
            n_missing = (n_left - 1) * HOP_SAMPLES + WINDOW_SAMPLES - pending.size
            pending = np.concatenate([pending, np.zeros(max(0, n_missing), dtype=np.float32)])
            n_ready = n_left
        else:
            n_ready = max(0, (pending.size - WINDOW_SAMPLES) // HOP_SAMPLES + 1)
        if n_ready <= 0:
            continue
        bands = _log_bands(pending, n_ready)
        before = bands[:1] if last_bands is None else last_bands
        rise = np.maximum(np.diff(bands, axis=0, prepend=before), 0.0)
        yield np.concatenate([bands, rise], axis=1)
        last_bands = bands[-1:]
        n_frames += n_ready
        pending = pending[n_ready * HOP_SAMPLES :]


def attack_activations(audio: Audio) -> NDArray[np.float32]:
    """A poor stand-in for what networks hear: how suddenly the sound rises, as activations.

    Returns float32 (frames, 2), chances of a beat that is no downbeat and of a downbeat; the
    loudest attacks reach one half together.
    """
    rises = [chunk[:, N_FEATURES // 2 :].sum(axis=1) for chunk in feature_chunks(audio)]
    rise = np.concatenate([*rises, np.zeros(1, np.float32)])
    loud = float(np.percentile(rise, 98))
    if loud <= 0.0:
        return np.zeros((rise.size, 2), np.float32)
    chance = 0.5 * np.clip(rise / loud, 0.0, 1.0)
    return np.stack([0.75 * chance, 0.25 * chance], axis=1).astype(np.float32)


def is_silent(audio: Audio) -> bool:
    """True if no second of the recording can be heard."""
    return float(_block_powers(audio).max()) < LEVEL.silent_power


def level_gain(audio: Audio) -> float:
    """The factor that brings a recording to the loudness of the networks' training music.

    The mean power counts seconds that are not much quieter than the loudest, so pauses do not
    matter. 1 for silence.
    """
    powers = _block_powers(audio)
    loudest = float(powers.max())
    if loudest < LEVEL.silent_power:
        return 1.0
    return float(LEVEL.training_rms / np.sqrt(powers[powers > 0.01 * loudest].mean()))


def _block_powers(audio: Audio) -> NDArray[np.float64]:
    """The mean power of each second of the mono sound; [0] for an empty recording."""
    starts = range(0, audio.n_samples, audio.sample_rate)
    blocks = (audio.samples[:, start : start + audio.sample_rate] for start in starts)
    powers = [float(np.mean(np.square(b.mean(axis=0, dtype=np.float32)))) for b in blocks]
    return np.array(powers or [0.0])


def n_feature_frames(audio: Audio) -> int:
    """How many frames feature_chunks gives for this recording, give or take one."""
    return int(np.ceil(audio.duration_seconds * FRAMES_PER_SECOND))


def _resampled_blocks(audio: Audio, gain: float) -> Iterator[tuple[NDArray[np.float32], bool]]:
    """Mono blocks at 22.05 kHz, and whether a block is the last."""
    import soxr

    block_samples = round(LEVEL.block_seconds * audio.sample_rate)
    resampler = soxr.ResampleStream(
        audio.sample_rate, SAMPLE_RATE, 1, dtype="float32", quality="HQ"
    )
    for start in range(0, max(1, audio.n_samples), block_samples):
        is_last = start + block_samples >= audio.n_samples
        block = audio.samples[:, start : start + block_samples].mean(axis=0, dtype=np.float32)
        block *= np.float32(gain)
        if audio.sample_rate != SAMPLE_RATE:
            block = resampler.resample_chunk(block, last=is_last)
        yield block, is_last


def _log_bands(samples: NDArray[np.float32], n_frames: int) -> NDArray[np.float32]:
    """float32 (n_frames, 136) from samples that start where the first window starts."""
    from scipy.fft import rfft

    windows = np.lib.stride_tricks.sliding_window_view(samples, WINDOW_SAMPLES)
    frames = windows[::HOP_SAMPLES][:n_frames] * _window()
    magnitudes = np.abs(rfft(frames, axis=1)[:, :_N_BINS])
    return np.asarray(np.log10(magnitudes @ _filters() + np.float32(1.0)))


@cache
def _window() -> NDArray[np.float32]:
    return np.hanning(WINDOW_SAMPLES).astype(np.float32)


@cache
def _filters() -> NDArray[np.float32]:
    """The filter bank, (bins, bands), by madmom-infer."""
    from madmom_infer.audio.filters import LogarithmicFilterbank
    from madmom_infer.audio.stft import fft_frequencies

    bank = LogarithmicFilterbank(
        fft_frequencies(_N_BINS, SAMPLE_RATE), num_bands=24, fmin=30.0, fmax=17000.0
    )
    return np.asarray(bank.data, dtype=np.float32)

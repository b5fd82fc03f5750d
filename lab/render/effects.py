"""Rooms, equalisers, compressors, saturation, noise: the way of drums onto a record."""

from __future__ import annotations

import io
import math
import random

import numpy as np
import soundfile
from numpy.typing import NDArray
from scipy import fft
from scipy.signal import lfilter

SAMPLE_RATE = 44100
Samples = NDArray[np.float32]


def rms(samples: Samples) -> float:
    return float(np.sqrt(np.mean(np.square(samples)))) + 1e-9


def noise(rng: random.Random, n: int) -> Samples:
    return np.random.default_rng(rng.randrange(1 << 30)).standard_normal(n, dtype=np.float32)


def eq_curve(rng: random.Random, frequencies: NDArray[np.float64], depth_db: float) -> Samples:
    """A smooth random equaliser (tilt, offset and two bells) as linear gain per frequency."""
    position = np.log2(np.maximum(frequencies, 20) / 20) / 10
    gain_db = rng.gauss(0, depth_db) * 0.6 + rng.gauss(0, depth_db) * (position - 0.5)
    for _ in range(2):
        centre, width = rng.random(), rng.uniform(0.05, 0.2)
        gain_db += rng.gauss(0, depth_db * 0.7) * np.exp(-(((position - centre) / width) ** 2))
    return np.asarray(10 ** (np.clip(gain_db, -18, 15) / 20), dtype=np.float32)


def minimum_phase(gain: Samples, taps: int) -> Samples:
    """A short minimum-phase filter with the given gain at evenly spaced frequencies 0..Nyquist.

    By the real cepstrum (Oppenheim and Schafer), so that the attack stays where it is.
    """
    n = 2 * (len(gain) - 1)
    cepstrum = np.fft.irfft(np.log(np.maximum(gain, 1e-4)), n)
    fold = np.zeros(n)
    fold[0], fold[1 : n // 2], fold[n // 2] = 1, 2, 1
    return np.asarray(np.fft.irfft(np.exp(np.fft.rfft(cepstrum * fold)), n)[:taps], np.float32)


def equalised(rng: random.Random, samples: Samples, depth_db: float) -> Samples:
    n = fft.next_fast_len(len(samples) + 4096, real=True)
    curve_at = np.linspace(0, SAMPLE_RATE / 2, 513)
    gain = eq_curve(rng, curve_at, depth_db)
    curve = np.interp(np.linspace(0, SAMPLE_RATE / 2, n // 2 + 1), curve_at, gain)
    return np.asarray(
        fft.irfft(fft.rfft(samples, n) * curve.astype(np.float32), n)[: len(samples)],
        np.float32,
    )


def in_room(rng: random.Random, samples: Samples, room: Samples | None) -> Samples:
    """One transform for both: a room at a random distance (none if None) and an equaliser."""
    n = fft.next_fast_len(len(samples) + (0 if room is None else len(room)), real=True)
    spectrum = fft.rfft(samples, n)
    if room is not None:
        wet = np.float32(10 ** (rng.uniform(-26, -3) / 20))
        spectrum *= 1 + wet * fft.rfft(room, n)
    if rng.random() < 0.7:
        curve_at = np.linspace(0, SAMPLE_RATE / 2, 513)
        curve = np.interp(
            np.linspace(0, SAMPLE_RATE / 2, n // 2 + 1),
            curve_at,
            eq_curve(rng, curve_at, 4.0),
        )
        spectrum *= curve.astype(np.float32)
    return np.asarray(fft.irfft(spectrum, n)[: len(samples)], dtype=np.float32)


def compressed(rng: random.Random, samples: Samples) -> Samples:
    """A bus compressor: fast attack, slow release, random threshold and ratio."""
    block = 64
    m = len(samples) // block
    envelope = np.sqrt(np.square(samples[: m * block]).reshape(m, block).mean(axis=1) + 1e-10)
    release = math.exp(-block / SAMPLE_RATE / rng.uniform(0.05, 0.25))
    attack = math.exp(-block / SAMPLE_RATE / rng.uniform(0.001, 0.02))
    envelope = np.maximum(envelope, lfilter([1 - release], [1, -release], envelope))
    envelope = lfilter([1 - attack], [1, -attack], envelope)
    threshold, ratio = rms(samples) * rng.uniform(0.7, 3), rng.uniform(0.3, 0.8)
    gain = np.minimum(1, (threshold / np.maximum(envelope, 1e-9)) ** ratio)
    curve = np.interp(np.arange(len(samples)), np.arange(m) * block, gain)
    return samples * curve.astype(np.float32)


def saturated(samples: Samples, drive: float) -> Samples:
    """Soft clipping; drive is the gain at which the sound meets the limiter."""
    return np.asarray(np.tanh(samples * np.float32(drive)) / np.float32(drive), dtype=np.float32)


def low_passed(samples: Samples, cutoff_hz: float) -> Samples:
    """The sound as an old record or a lossy codec leaves it."""
    spectrum = fft.rfft(samples)
    f = np.fft.rfftfreq(len(samples), 1 / SAMPLE_RATE)
    spectrum *= (1 / (1 + (f / cutoff_hz) ** 8)).astype(np.float32)
    return np.asarray(fft.irfft(spectrum, len(samples)), dtype=np.float32)


def noise_strokes(rng: random.Random, n: int) -> Samples:
    """Rhythmic bursts of band noise with a soft attack (strums, sibilants, brushes on a table)."""
    attack, decay = rng.uniform(0.008, 0.06), rng.uniform(0.03, 0.15)
    k = np.arange(int((attack + 4 * decay) * SAMPLE_RATE)) / SAMPLE_RATE
    shape = np.minimum(1, k / attack) * np.exp(-np.maximum(0, k - attack) / decay)
    envelope = np.zeros(n, dtype=np.float32)
    t, step = rng.uniform(0, 0.3), rng.uniform(0.09, 0.5)
    while t < n / SAMPLE_RATE:
        at = max(0, int(t * SAMPLE_RATE))
        stop = min(n, at + len(shape))
        envelope[at:stop] += (shape[: stop - at] * rng.uniform(0.3, 1)).astype(np.float32)
        t += step * rng.choice((1, 1, 1, 2)) + rng.gauss(0, 0.008)
    hiss = noise(rng, n) * envelope
    size = fft.next_fast_len(n, real=True)
    f = np.linspace(0, SAMPLE_RATE / 2, size // 2 + 1)
    centre = rng.uniform(2500, 9000)
    band = np.minimum(1, (f / (centre * 0.5)) ** 2) / (1 + (f / (centre * 2)) ** 6)
    out = fft.irfft(fft.rfft(hiss, size) * band.astype(np.float32), size)[:n]
    return np.asarray(out / (out.std() + 1e-9), dtype=np.float32)


def through_codec(rng: random.Random, samples: Samples) -> Samples:
    """Encoded and decoded as MP3 or Vorbis at a random quality; the timing stays exact."""
    container, subtype = rng.choice(
        (("MP3", "MPEG_LAYER_III"), ("MP3", "MPEG_LAYER_III"), ("OGG", "VORBIS"))
    )
    peak = float(np.abs(samples).max()) + 1e-9
    file = io.BytesIO()
    scaled = samples * np.float32(0.9 / peak)
    soundfile.write(
        file, scaled, SAMPLE_RATE, format=container, subtype=subtype,
        compression_level=rng.uniform(0.2, 0.9),
    )  # fmt: skip
    file.seek(0)
    decoded, _ = soundfile.read(file, dtype="float32")
    out = np.zeros_like(samples)
    n = min(len(out), len(decoded))
    out[:n] = decoded[:n] * np.float32(peak / 0.9)
    return out

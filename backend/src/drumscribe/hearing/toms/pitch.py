"""How high the toms sound: the pitch of each stroke on a tom, taken from the sound after it."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from drumscribe.domain.drums import TOMS
from drumscribe.hearing.tuning import PITCH, STROKES

NOT_HEARD: Final = 0.0


def tom_columns(classes: tuple[str, ...]) -> list[int]:
    """The columns of high, mid and low tom; empty where a network does not have all three."""
    names = [tom.value for tom in TOMS]
    return [classes.index(name) for name in names] if set(names) <= set(classes) else []


def tom_pitches(
    samples: NDArray[np.float32],
    sample_rate: int,
    onsets: NDArray[np.float32],
    classes: tuple[str, ...],
    fps: float,
) -> NDArray[np.float32]:
    """The pitch in Hz of each frame in which a tom may have been struck, NOT_HEARD elsewhere.

    The power spectrum of 70 ms from just after the attack, less that of 70 ms before it, so that a
    bass or a drum that still sounds does not count; of its strong partials the lowest. Sparse: one
    frame per possible stroke, so it compresses to next to nothing.

    samples: (channels, n), folded to mono. onsets: (frames, classes) in [0, 1] at fps.
    """
    pitches = np.full(len(onsets), NOT_HEARD, dtype=np.float32)
    columns = tom_columns(classes)
    if not columns:
        return pitches
    for frame in _possible_strokes(onsets[:, columns].sum(axis=1)):
        pitches[frame] = stroke_pitch(samples, sample_rate, float(frame) / fps)
    return pitches


def stroke_pitch(samples: NDArray[np.float32], sample_rate: int, time: float) -> float:
    """The pitch in Hz of what began to sound at `time` seconds; NOT_HEARD if nothing did."""
    size = round(PITCH.window_seconds * sample_rate)
    after = round((time + PITCH.after_attack_seconds) * sample_rate)
    before = round((time - PITCH.before_attack_seconds) * sample_rate) - size
    power = _power(samples, after, size, sample_rate) - _power(samples, before, size, sample_rate)
    frequencies = _frequencies(sample_rate)
    strongest = float(power.max())
    if strongest <= 0.0:
        return NOT_HEARD
    inner = power[1:-1]
    is_partial = (inner >= power[:-2]) & (inner >= power[2:])
    is_partial &= inner > PITCH.strong_partial * strongest
    found = np.flatnonzero(is_partial) + 1
    return float(frequencies[found[0]] if found.size else frequencies[power.argmax()])


def pitch_near(pitches: NDArray[np.float32], frame: int) -> float:
    """The pitch that was heard in a frame or, failing that, next to it; NOT_HEARD if none was."""
    for distance in range(STROKES.peak_radius_frames + 1):
        for near in (frame - distance, frame + distance):
            if 0 <= near < len(pitches) and pitches[near] != NOT_HEARD:
                return float(pitches[near])
    return NOT_HEARD


def _possible_strokes(any_tom: NDArray[np.float32]) -> NDArray[np.int64]:
    padded = np.pad(any_tom, 1, constant_values=-1.0)
    is_peak = (any_tom > padded[:-2]) & (any_tom >= padded[2:]) & (any_tom >= PITCH.floor)
    return np.flatnonzero(is_peak)


@lru_cache(maxsize=4)
def _frequencies(sample_rate: int) -> NDArray[np.float64]:
    frequencies = np.fft.rfftfreq(_transform_size(sample_rate), 1 / sample_rate)
    return np.asarray(frequencies[_bins(sample_rate)])


def _transform_size(sample_rate: int) -> int:
    return 1 << int(np.ceil(np.log2(sample_rate / PITCH.bin_hz / 1.2)))


def _bins(sample_rate: int) -> slice:
    bin_hz = sample_rate / _transform_size(sample_rate)
    return slice(int(np.ceil(PITCH.range_hz[0] / bin_hz)), int(PITCH.range_hz[1] / bin_hz) + 1)


def _power(
    samples: NDArray[np.float32], start: int, size: int, sample_rate: int
) -> NDArray[np.float64]:
    """The power spectrum of size samples from start, silence around the recording."""
    from scipy import fft

    inside = samples[:, max(0, start) : max(0, start + size)].mean(axis=0)
    part = np.zeros(size, dtype=np.float32)
    offset = max(0, -start)
    part[offset : offset + inside.size] = inside
    spectrum = fft.rfft(part * _window(size), _transform_size(sample_rate))
    return np.asarray(np.abs(spectrum[_bins(sample_rate)]).astype(np.float64) ** 2)


@lru_cache(maxsize=4)
def _window(size: int) -> NDArray[np.float32]:
    return np.asarray(np.hanning(size), dtype=np.float32)

"""What a band plays on the drummer's grid: strums just before the snare, chords on the off-beat.

Most phantom hats of weights 0.1.0 were strummed guitars 10 to 50 ms before a snare, most missed
hats lay under off-beat chords: sounds without a label that keep the drums' own time.
"""

from __future__ import annotations

import functools
import random
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from lab.render import effects

SAMPLE_RATE = 44100
Samples = NDArray[np.float32]
_STRUMS = 40
_STRUM_SECONDS = 0.45
_PARTIALS = 10
_CHORDS = ((0, 7, 12, 16, 19, 24), (0, 7, 12, 15, 19, 24), (0, 5, 10, 15, 19, 24), (0, 7, 12))


def _string(rng: random.Random, pitch_hz: float, n: int, is_damped: bool) -> Samples:
    """A plucked string as decaying partials (all in one matrix), and the pick's noise."""
    t = np.arange(n) / SAMPLE_RATE
    count = np.arange(1, _PARTIALS + 1)
    frequencies = pitch_hz * count * np.sqrt(1 + 2e-4 * count**2)
    frequencies = frequencies[frequencies < 9000]
    slow = rng.uniform(0.02, 0.06) if is_damped else rng.uniform(0.15, 0.6)
    decays = slow / np.sqrt(np.arange(1, len(frequencies) + 1))
    tilt = rng.uniform(0.6, 1.4)
    gains = np.arange(1, len(frequencies) + 1) ** -tilt
    waves = np.sin(2 * np.pi * frequencies[:, None] * t + rng.uniform(0, 6)) * np.exp(
        -t / decays[:, None]
    )
    sound = gains @ waves
    pick = effects.noise(rng, n) * np.exp(-t / rng.uniform(0.002, 0.009))
    return np.asarray(sound + rng.uniform(0.3, 2.5) * np.diff(pick, prepend=0.0), np.float32)


@functools.cache
def strums(seed: int) -> tuple[Samples, ...]:
    """Strummed chords, some damped by the hand, of unit level, made once in a process."""
    rng = random.Random(seed)
    n = int(_STRUM_SECONDS * SAMPLE_RATE)
    made = []
    for _ in range(_STRUMS):
        root = 82.4 * 2 ** (rng.randrange(0, 12) / 12)
        chord = list(rng.choice(_CHORDS))
        if rng.random() < 0.4:
            chord.reverse()
        is_damped = rng.random() < 0.4
        spread = rng.uniform(0.002, 0.014)
        out = np.zeros(n, dtype=np.float32)
        for i, semitones in enumerate(chord):
            at = int(i * spread * SAMPLE_RATE)
            out[at:] += _string(rng, root * 2 ** (semitones / 12), n - at, is_damped)
        out[-2000:] *= np.linspace(1, 0, 2000, dtype=np.float32)
        made.append(out / np.float32(effects.rms(out)))
    return tuple(made)


def grid(
    rng: random.Random, times: Sequence[float], seconds: float, beat_seconds: float | None
) -> list[float]:
    """Where a rhythm guitar would strike: on the drummer's strokes, or on eighths of the beat."""
    if beat_seconds and times and rng.random() < 0.5:
        step = beat_seconds / rng.choice((1, 2, 2, 4))
        offset = rng.choice((0.0, 0.5, 0.5)) * beat_seconds
        first = times[0] + offset - 4 * beat_seconds
        return [first + i * step for i in range(int((seconds + 6) / step) + 1)]
    share = rng.uniform(0.3, 1.0)
    return [time for time in times if rng.random() < share]


def strummed(rng: random.Random, at: Sequence[float], n: int, pre_roll_seconds: float) -> Samples:
    """Strums around the given seconds, usually a little ahead of them; n samples, not levelled."""
    out = np.zeros(n, dtype=np.float32)
    own = rng.sample(strums(1), 4)
    ahead = rng.uniform(-0.05, 0.01)
    for time in at:
        start = int((time + ahead + rng.gauss(0, 0.008) + pre_roll_seconds) * SAMPLE_RATE)
        if 0 <= start < n:
            sound = rng.choice(own)[: n - start]
            out[start : start + len(sound)] += sound * np.float32(rng.uniform(0.3, 1.0))
    return out


def stabs(
    rng: random.Random, chords: Samples, at: Sequence[float], pre_roll_seconds: float
) -> Samples:
    """A sustained sound let through only for a moment at the given seconds: the off-beat chord."""
    rise = int(rng.uniform(0.001, 0.012) * SAMPLE_RATE)
    hold = int(rng.uniform(0.03, 0.18) * SAMPLE_RATE)
    fall = int(rng.uniform(0.01, 0.08) * SAMPLE_RATE)
    shape = np.concatenate([
        np.linspace(0, 1, rise), np.ones(hold), np.linspace(1, 0, fall)
    ]).astype(np.float32)  # fmt: skip
    gate = np.zeros(len(chords), dtype=np.float32)
    late = rng.gauss(0, 0.01)
    for time in at:
        start = int((time + late + rng.gauss(0, 0.004) + pre_roll_seconds) * SAMPLE_RATE)
        if 0 <= start < len(gate):
            part = gate[start : start + len(shape)]
            np.maximum(part, shape[: len(part)], out=part)
    return chords * gate

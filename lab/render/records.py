"""What makes a record of drums and a band: crushing beside the drum bus, mastering, low strokes.

Real records have their drums lower, and everything louder, than a sum of drums and a band.
"""

from __future__ import annotations

import math
import random
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import maximum_filter1d, uniform_filter1d
from scipy.signal import lfilter

from lab.render import effects
from lab.render.effects import SAMPLE_RATE

Samples = NDArray[np.float32]
_BLOCK = 64


def levels(samples: Samples, block: int = _BLOCK) -> NDArray[np.float64]:
    """RMS of each block of so many samples."""
    m = len(samples) // block
    blocks = samples[: m * block].reshape(m, block)
    return np.asarray(np.sqrt(np.square(blocks).mean(axis=1, dtype=np.float64) + 1e-10))


def _at_every_sample(gain: NDArray[np.float64], n: int) -> Samples:
    places = np.arange(len(gain)) * _BLOCK
    return np.interp(np.arange(n), places, gain).astype(np.float32)


def compressed(
    samples: Samples, threshold: float, ratio: float, attack_s: float, release_s: float
) -> Samples:
    """A bus compressor: above the threshold a level of x is left at x ** (1 - ratio)."""
    release, attack = (math.exp(-_BLOCK / SAMPLE_RATE / s) for s in (release_s, attack_s))
    envelope = levels(samples)
    envelope = np.maximum(envelope, lfilter([1 - release], [1, -release], envelope))
    envelope = lfilter([1 - attack], [1, -attack], envelope)
    gain = np.minimum(1, (threshold / np.maximum(envelope, 1e-9)) ** ratio)
    return samples * _at_every_sample(gain, len(samples))


def limited(samples: Samples, ceiling: float) -> Samples:
    """A limiter that looks 3 ms ahead: peaks above the ceiling turn everything down around them."""
    m = len(samples) // _BLOCK
    peaks = np.abs(samples[: m * _BLOCK]).reshape(m, _BLOCK).max(axis=1)
    reach = 2 * round(0.003 * SAMPLE_RATE / _BLOCK) + 1
    gain = np.minimum(1, ceiling / np.maximum(maximum_filter1d(peaks, reach), 1e-9))
    release = math.exp(-_BLOCK / SAMPLE_RATE / 0.06)
    # Down at once, back slowly: the reduction is held by a decaying maximum.
    down = 1 - gain
    down = np.maximum(down, lfilter([1 - release], [1, -release], down))
    smooth = uniform_filter1d(1 - down, 3)
    quieter = samples * _at_every_sample(smooth, len(samples))
    return np.asarray(np.clip(quieter, -ceiling, ceiling), np.float32)


def crushed_beside(rng: random.Random, drums: Samples) -> Samples:
    """Drums with a heavily compressed copy of themselves under them (parallel compression)."""
    level = effects.rms(drums)
    crushed = compressed(
        drums, level * rng.uniform(0.15, 0.5), rng.uniform(0.75, 0.97),
        rng.uniform(0.0005, 0.012), rng.uniform(0.04, 0.2),
    )  # fmt: skip
    crushed = effects.saturated(crushed, rng.uniform(0.3, 2.5) / effects.rms(crushed))
    gain = level / effects.rms(crushed) * 10 ** (rng.uniform(-10, 2) / 20)
    return drums + crushed * np.float32(gain)


def mastered(rng: random.Random, mix: Samples) -> Samples:
    """The whole mix through an equaliser, a bus compressor and a limiter, as loud as before."""
    level = effects.rms(mix)
    if rng.random() < 0.6:
        mix = effects.equalised(rng, mix, 3.0)
    if rng.random() < 0.85:
        mix = compressed(
            mix, effects.rms(mix) * rng.uniform(0.5, 1.5), rng.uniform(0.3, 0.75),
            rng.uniform(0.001, 0.02), rng.uniform(0.06, 0.3),
        )  # fmt: skip
    if rng.random() < 0.5:
        mix = effects.saturated(mix, rng.uniform(0.15, 0.7) / effects.rms(mix))
    else:
        mix = limited(mix, effects.rms(mix) * rng.uniform(1.5, 4.0))
    return mix * np.float32(level / effects.rms(mix))


def _bass_note(rng: random.Random, pitch_hz: float, n: int, bright: float, decay: float) -> Samples:
    t = np.arange(n, dtype=np.float32) / SAMPLE_RATE
    count = np.arange(1, 9)
    gains = count**-bright
    phases = 2 * np.pi * pitch_hz * count[:, None] * t + rng.uniform(0, 6)
    tone = (gains @ np.sin(phases)).astype(np.float32)
    attack = np.minimum(1, t / rng.uniform(0.001, 0.008))
    return np.asarray(tone * attack * np.exp(-t / decay), np.float32)


def low_strokes(
    rng: random.Random, kicks: Sequence[float], others: Sequence[float], n: int, pre_roll: float
) -> Samples:
    """A bass or a low pad struck with the kicks and on some other strokes, of unit level.

    It sounds like a tom when it comes with a kick and like a kick when it comes alone.
    """
    out = np.zeros(n, dtype=np.float32)
    pad = rng.random() < 0.3
    length = int(rng.uniform(0.12, 0.5) * SAMPLE_RATE)
    root = rng.uniform(55, 130) if pad else rng.uniform(36, 82)
    bright, decay = rng.uniform(1.0, 2.6), rng.uniform(0.06, 0.5)
    notes = [
        _bass_note(rng, root * 2 ** (semitones / 12), length, bright, decay)
        for semitones in rng.sample((0, 0, 2, 3, 5, 7, 10, 12), 3)
    ]
    share_kicks, share_others = rng.uniform(0.5, 1.0), rng.choice((0.0, 0.1, 0.3, 0.6))
    late = rng.gauss(0, 0.006)
    struck = [t for t in kicks if rng.random() < share_kicks]
    struck += [t for t in others if rng.random() < share_others]
    for time in struck:
        at = int((time + late + rng.gauss(0, 0.003) + pre_roll) * SAMPLE_RATE)
        if 0 <= at < n:
            note = rng.choice(notes)[: n - at]
            out[at : at + len(note)] += note * np.float32(rng.uniform(0.5, 1.0))
    level = effects.rms(out)
    return out / np.float32(level) if level > 1e-4 else out

"""Real records, mixed anew: the band against its own drums, with what a teacher was sure of."""

from __future__ import annotations

import random
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from lab.render import effects, records
from lab.render.cache import SAMPLE_RATE, Cache
from lab.render.excerpt import Samples, levelled, on_the_record, stretched
from lab.render.recipe import Recipe

# dB added to the band against the drums as the record has them.
_BAND_DB = (-5.0, 7.0)
_OTHER_BAND_SHARE = 0.25
_ROOM_SHARE = 0.15


class Taught(NamedTuple):
    """Sound, and where in the teacher's codes it comes from (seconds, times as fast)."""

    samples: Samples
    codes: NDArray[np.uint8]
    start: float
    speed: float


def taught_excerpt(cache: Cache, rng: random.Random, seconds: float, recipe: Recipe) -> Taught:
    """`seconds` of a real record at another speed, level, balance and mastering.

    The drums may get another real band, so that the student cannot know the song by heart.
    """
    one = rng.choice(cache.taught)
    assert one.drums is not None
    assert one.codes is not None
    n = int(seconds * SAMPLE_RATE)
    speed = rng.uniform(0.88, 1.14)
    latest = max(0.0, one.drums.length / SAMPLE_RATE - seconds * speed)
    start = rng.uniform(0, latest)
    drums = stretched(cache, one.drums, start * SAMPLE_RATE, speed, n)
    band = stretched(cache, one.back, start * SAMPLE_RATE, speed, n)
    if cache.real_backs and rng.random() < _OTHER_BAND_SHARE:
        level = effects.rms(band)
        other = rng.choice(cache.real_backs)
        at = rng.uniform(0, max(0.0, other.length - n - 1))
        band = stretched(cache, other, at, 1.0, n)
        band = band * np.float32(level / effects.rms(band))
    if rng.random() < 0.4:
        drums = effects.equalised(rng, drums, 3.0)
    if rng.random() < _ROOM_SHARE and cache.rooms:
        drums = effects.in_room(rng, drums, cache.rooms[rng.choice(cache.small_rooms)])
    if rng.random() < 0.4:
        band = effects.equalised(rng, band, 4.0)
    mix = drums + band * np.float32(10 ** (rng.uniform(*_BAND_DB) / 20))
    if rng.random() < 0.6:
        mix = records.mastered(rng, mix)
    return Taught(levelled(rng, on_the_record(rng, mix, recipe)), one.codes, start, speed)

"""Where a separator finds what may be drums: nothing is said there, silence elsewhere."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from lab.material.doubtful import attacks, codes_of_doubtful
from lab.network.targets import IGNORED

RATE = 44100


def tone(level: float, seconds: float = 2.0) -> NDArray[np.float32]:
    t = np.arange(round(seconds * RATE)) / RATE
    return (level * np.sin(2 * np.pi * 110 * t)).astype(np.float32)


def stroke_at(second: float, level: float) -> NDArray[np.float32]:
    out = np.zeros(2 * RATE, np.float32)
    noise = np.random.default_rng(1).normal(0, level, 4000)
    start = round(second * RATE)
    out[start : start + 4000] = noise * np.exp(-np.arange(4000) / 1500)
    return out


def test_frames_around_an_attack_say_nothing_and_all_others_silence() -> None:
    codes = codes_of_doubtful(tone(0.1), stroke_at(1.0, 0.3))
    ignored = np.flatnonzero(codes[:, 0] == IGNORED)
    assert list(ignored) == list(range(95, 111))  # 50 ms before, 100 ms after
    assert (codes == codes[:, :1]).all()  # whichever drum it is
    assert set(np.unique(codes)) == {0, IGNORED}


def test_a_bright_stroke_is_an_attack_in_a_loud_low_band() -> None:
    """A hat 20 dB below a bass stands out where there is treble only."""
    assert attacks(tone(0.5), stroke_at(1.0, 0.035)).any()


@pytest.mark.parametrize("level", [0.0, 0.0003])
def test_what_nobody_can_hear_beside_the_band_is_no_attack(level: float) -> None:
    noisy_band = tone(0.3) + np.random.default_rng(2).normal(0, 0.03, 2 * RATE).astype(np.float32)
    assert not attacks(noisy_band, stroke_at(1.0, level)).any()


def test_a_sound_that_goes_on_is_an_attack_where_it_begins_only() -> None:
    drums = np.concatenate([np.zeros(RATE, np.float32), tone(0.2, 1.0)])
    struck = np.flatnonzero(attacks(tone(0.1), drums))
    assert struck.min() >= 99
    assert struck.max() <= 103

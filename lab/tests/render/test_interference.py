"""Strums, chords on the grid and codecs: unlabelled, in time, and without a shift."""

from __future__ import annotations

import random

import numpy as np

from lab.render import effects, interference

RATE = interference.SAMPLE_RATE


def test_strummed_sounds_only_around_the_given_times() -> None:
    out = interference.strummed(random.Random(2), [1.0, 2.5], 4 * RATE, 0.0)
    assert not out[: int(0.85 * RATE)].any()
    assert effects.rms(out[int(0.9 * RATE) : int(1.3 * RATE)]) > 0.01
    assert not out[int(1.7 * RATE) : int(2.3 * RATE)].any()


def test_stabs_let_the_chord_through_only_for_a_moment() -> None:
    chord = np.sin(2 * np.pi * 220 * np.arange(3 * RATE) / RATE).astype(np.float32)
    out = interference.stabs(random.Random(0), chord, [0.5, 1.5], 1.0)
    assert effects.rms(out[int(1.45 * RATE) : int(1.7 * RATE)]) > 0.05
    assert not out[: int(1.4 * RATE)].any()
    assert not out[int(2.0 * RATE) : int(2.4 * RATE)].any()


def test_grid_without_a_beat_lies_on_the_drummers_strokes() -> None:
    times = [0.1, 0.6, 1.1]
    assert set(interference.grid(random.Random(1), times, 5.0, None)) <= set(times)
    assert interference.grid(random.Random(1), [], 5.0, 0.5) == []


def test_grid_with_a_beat_divides_it_evenly() -> None:
    grids = [interference.grid(random.Random(i), [0.2], 4.0, 0.5) for i in range(20)]
    longest = max(grids, key=len)
    steps = np.diff(longest)
    assert np.allclose(steps, steps[0])
    assert round(0.5 / steps[0], 6) in (1, 2, 4)


def test_through_codec_keeps_length_and_timing() -> None:
    n = 3 * RATE
    burst = np.random.default_rng(0).standard_normal(2000) * np.exp(-np.arange(2000) / 300)
    clean = np.zeros(n, dtype=np.float32)
    for at in (RATE // 2, RATE, 2 * RATE):
        clean[at : at + 2000] += burst.astype(np.float32)
    for seed in range(4):
        coded = effects.through_codec(random.Random(seed), clean)
        assert coded.shape == clean.shape
        assert not np.array_equal(coded, clean)
        product = np.fft.rfft(clean, 2 * n) * np.conj(np.fft.rfft(coded, 2 * n))
        assert int(np.argmax(np.fft.irfft(product))) == 0

from __future__ import annotations

import numpy as np
import pytest

from drum_patterns import ROCK, K, played, steady_beats
from drumscribe.beats.grid_building import fitted_to_hits, grid_covering, steady_grid
from drumscribe.domain.drums import Hit
from drumscribe.domain.rhythm import Metre

COMMON = Metre(4, 4)


def test_fitted_to_hits_noisy_beats_move_to_the_strokes() -> None:
    truth = steady_beats(118, 64, start=0.5, drift=0.05)
    hits = played(ROCK, truth, jitter_seconds=0.004)
    noisy = truth + 0.015 * np.random.default_rng(1).standard_normal(truth.size)
    fitted = fitted_to_hits(noisy, hits)
    assert np.abs(fitted - truth).max() < 0.012
    assert np.sqrt(np.mean((fitted - truth) ** 2)) < 0.3 * np.sqrt(np.mean((noisy - truth) ** 2))


def test_fitted_to_hits_stroke_far_from_any_beat_moves_nothing() -> None:
    beats = steady_beats(120, 16)
    np.testing.assert_allclose(fitted_to_hits(beats, [Hit(2.25, K)]), beats, atol=1e-9)


def test_fitted_to_hits_few_beats_or_no_hits_stay_as_they_are() -> None:
    beats = steady_beats(120, 2)
    assert fitted_to_hits(beats, [Hit(0.01, K)]) is beats
    more = steady_beats(120, 9)
    assert fitted_to_hits(more, []) is more


def test_grid_covering_goes_on_at_both_ends_with_the_local_tempo() -> None:
    beats = np.concatenate([2.1 + 0.5 * np.arange(5), 4.1 + 0.6 * np.arange(1, 6)])
    numbers = np.arange(10) % 4 + 1
    grid = grid_covering(beats, numbers, COMMON, end_seconds=9.0, reliable=True)
    np.testing.assert_allclose(grid.beat_times[:5], [0.1, 0.6, 1.1, 1.6, 2.1])
    assert grid.beat_numbers[:5].tolist() == [1, 2, 3, 4, 1]
    np.testing.assert_allclose(np.diff(grid.beat_times)[-3:], 0.6)
    assert grid.beat_times[-2] < 9.0 <= grid.beat_times[-1]
    assert grid.reliable


def test_grid_covering_beat_a_hair_before_the_start_becomes_zero() -> None:
    grid = grid_covering(
        np.array([0.48, 0.98, 1.48]), np.array([2, 3, 4]), COMMON, end_seconds=1.0, reliable=True
    )
    assert grid.beat_times[0] == 0.0
    assert grid.beat_numbers[0] == 1


def test_grid_covering_beats_beyond_the_end_are_cut_after_one() -> None:
    beats = steady_beats(120, 20)
    grid = grid_covering(beats, np.arange(20) % 4 + 1, COMMON, end_seconds=2.2, reliable=True)
    assert grid.beat_times[-1] == pytest.approx(2.5)


@pytest.mark.parametrize("end_seconds", [0.0, 0.1, 0.5, 100.0])
@pytest.mark.parametrize("first_beat", [0.0, 0.3, 50.0])
def test_steady_grid_any_length_has_its_downbeat_where_asked(
    end_seconds: float, first_beat: float
) -> None:
    grid = steady_grid(
        COMMON, 100.0, first_beat=first_beat, end_seconds=end_seconds, reliable=False
    )
    assert grid.bpm == pytest.approx(100.0)
    assert grid.beat_times[-1] >= end_seconds
    if first_beat <= end_seconds:
        nearest = int(np.abs(grid.beat_times - first_beat).argmin())
        assert grid.beat_times[nearest] == pytest.approx(first_beat)
        assert grid.beat_numbers[nearest] == 1

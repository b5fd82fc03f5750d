"""What a teacher is sure of, and how it becomes targets."""

from __future__ import annotations

import random

import numpy as np

from lab.network.targets import IGNORED, SURE, UNNAMED, beside_heights, targets_of_codes
from lab.network.teacher import codes
from lab.render.cache import SAMPLE_RATE, Backing, RealExcerpt
from lab.render.performances import CLASSES
from lab.render.recipe import RELEASE
from lab.render.taught import taught_excerpt
from lab.tests.clicks import click_cache

KICK, CLOSED, OPEN, RIDE, CRASH = (
    CLASSES.index(name) for name in ("kick", "hihat_closed", "hihat_open", "ride", "crash")
)


def views(**columns: tuple[float, float]) -> tuple[np.ndarray, np.ndarray]:
    """Mix and drums of 60 frames; what each says at frame 30."""
    both = np.full((2, 60, len(CLASSES)), 0.001, np.float32)
    for name, said in columns.items():
        both[:, 30, CLASSES.index(name)] = said
    return both[0], both[1]


def test_what_both_views_hear_is_sure_and_what_neither_hears_is_silent() -> None:
    found = codes(*views(kick=(0.95, 0.9)))
    assert found[30, KICK] == SURE
    assert (found[:20] == 0).all()
    assert found[29, KICK] == IGNORED


def test_what_one_view_hears_is_neither_asked_for_nor_punished() -> None:
    found = codes(*views(kick=(0.9, 0.05)))
    assert found[30, KICK] == IGNORED
    assert SURE not in found


def test_a_cymbal_without_agreement_on_its_name_is_any_of_them() -> None:
    found = codes(*views(ride=(0.9, 0.1), hihat_closed=(0.05, 0.9)))
    assert found[30, RIDE] == found[30, CLOSED] == UNNAMED
    assert found[30, OPEN] != UNNAMED
    assert SURE not in found


def test_a_cymbal_that_both_views_name_has_its_name() -> None:
    found = codes(*views(crash=(0.9, 0.8), hihat_open=(0.2, 0.1)))
    assert found[30, CRASH] == SURE
    assert UNNAMED not in found


def test_codes_move_with_start_and_speed_and_nothing_is_said_outside() -> None:
    said = np.zeros((400, len(CLASSES)), np.uint8)
    said[200, KICK] = SURE
    onsets, velocities = targets_of_codes(said, start=1.0, speed=1.25, n_frames=300, fps=100.0)
    assert np.flatnonzero(onsets[:, KICK] == SURE).tolist() == [80]
    assert (onsets[242:] == IGNORED).all()
    assert not velocities.any()


def test_heights_beside_an_attack_put_the_vertex_of_their_parabola_there() -> None:
    for offset in (-0.4, 0.0, 0.3):
        before, after = beside_heights((50 + offset) / 100, 50, 100.0)
        vertex = 0.5 * (before - after) / (before - 2 * SURE + after)
        assert abs(vertex - offset) < 0.01


def test_taught_excerpt_is_music_of_its_length_with_its_place_in_the_codes() -> None:
    cache = click_cache()
    n = 8 * SAMPLE_RATE
    noise = np.random.default_rng(1).standard_normal(2 * n)
    cache.real_samples = (2000 * noise).astype(np.int16)
    said = np.zeros((800, len(CLASSES)), np.uint8)
    one = RealExcerpt("x", Backing("real", None, 0, n), Backing("real", None, n, n), said)
    cache.real, cache.real_backs = [one], [one.back]
    rng = random.Random(0)
    for _ in range(6):
        taught = taught_excerpt(cache, rng, 4.0, RELEASE)
        assert taught.samples.shape == (4 * SAMPLE_RATE,)
        assert np.isfinite(taught.samples).all()
        assert 0 <= taught.start <= 8 - 4 * taught.speed + 1e-6

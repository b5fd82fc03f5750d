"""Levers that the release does with or without: they do what they say."""

from __future__ import annotations

import random

import numpy as np
import pytest

from lab.network.targets import targets
from lab.render.cache import SAMPLE_RATE, Backing, Cache
from lab.render.excerpt import excerpt
from lab.render.kits import Kit
from lab.render.labels import Label
from lab.render.performances import CLASSES
from lab.render.recipe import RELEASE, WITH, WITHOUT
from lab.tests.clicks import click_cache


def cache_with_levers() -> Cache:
    """The kit of clicks with a speaker."""
    cache = click_cache()
    cache.spoken = [Backing("spoken", None, 0, 30 * SAMPLE_RATE)]
    return cache


@pytest.mark.parametrize("lever", sorted(WITH))
def test_lever_changes_what_is_heard_and_no_stroke_that_is_asked_for(lever: str) -> None:
    cache = cache_with_levers()
    plain, more = (
        recipe._replace(backed_share=1.0, in_time_share=0.0) for recipe in (RELEASE, WITH[lever])
    )
    differs = 0
    for seed in range(12):
        made = []
        for recipe in (plain, more):
            rng = random.Random(seed)
            made.append(excerpt(cache, rng, Kit(cache, rng, recipe), 3.0, recipe))
        (before, strokes), (after, same) = made
        assert [(x.time, x.name) for x in strokes] == [(x.time, x.name) for x in same]
        differs += not np.array_equal(before, after)
    assert differs


@pytest.mark.parametrize("lever", sorted(WITH))
def test_lever_without_its_material_leaves_the_strokes_as_they_are(lever: str) -> None:
    cache = click_cache()
    for seed in range(4):
        first, second = (
            excerpt(cache, rng, Kit(cache, rng, recipe), 3.0, recipe)
            for rng, recipe in ((random.Random(seed), RELEASE), (random.Random(seed), WITH[lever]))
        )
        assert first[0].shape == second[0].shape
        assert [x.time for x in first[1]] == [x.time for x in second[1]]


def test_targets_without_what_lies_between_frames_have_equal_heights() -> None:
    late = [Label(0.204, "kick", 100, 3.0)]
    kick = CLASSES.index("kick")
    said, _ = targets(late, 60, 100.0)
    even, _ = targets(late, 60, 100.0, between_frames=False)
    assert said[19, kick] < said[21, kick]
    assert even[19, kick] == even[21, kick]
    assert said[20, kick] == even[20, kick] == 255
    assert not WITHOUT["between-frames"].between_frames

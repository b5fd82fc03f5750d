"""Records: how they are played and made."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest

from lab.render import effects, records, styles
from lab.render.cache import SAMPLE_RATE
from lab.render.excerpt import excerpt
from lab.render.kits import Kit
from lab.render.performances import Event
from lab.render.recipe import MEASURED, RELEASE, Recipe
from lab.tests.clicks import click_cache

NOTHING = MEASURED._replace(rare_pieces=True)
GROOVE = [
    Event(i * 0.25, piece, 70.0)
    for i in range(16)
    for piece in ("hihat_closed", ("kick", "snare")[i % 2])
]


def drums_and_band() -> tuple[np.ndarray, np.ndarray]:
    n = 4 * SAMPLE_RATE
    t = np.arange(n) / SAMPLE_RATE
    drums = np.random.default_rng(0).standard_normal(n) * np.exp(-(t % 0.5) / 0.03)
    return drums.astype(np.float32), np.sin(2 * np.pi * 330 * t).astype(np.float32)


def test_limited_keeps_below_the_ceiling_and_leaves_quiet_music_alone() -> None:
    drums, band = drums_and_band()
    loud = records.limited(np.float32(3) * drums + band, 1.2)
    assert np.abs(loud).max() <= 1.2 + 1e-6
    quiet = np.float32(0.1) * band
    np.testing.assert_allclose(np.abs(records.limited(quiet, 1.2) - quiet).max(), 0, atol=1e-6)


def test_mastered_is_as_loud_as_before_and_its_peaks_are_lower() -> None:
    drums, band = drums_and_band()
    mix = np.asarray(2 * drums + 0.3 * band, np.float32)
    peaks = []
    for seed in range(8):
        out = records.mastered(random.Random(seed), mix)
        assert effects.rms(out) == pytest.approx(effects.rms(mix), rel=1e-3)
        peaks.append(np.abs(out).max())
    assert np.mean(peaks) < 0.8 * np.abs(mix).max()


def test_crushing_lifts_what_rings_after_a_stroke() -> None:
    drums, _ = drums_and_band()
    out = records.crushed_beside(random.Random(2), drums)
    out = out * (np.abs(drums).max() / np.abs(out).max())
    after = slice(int(0.1 * SAMPLE_RATE), int(0.2 * SAMPLE_RATE))
    assert effects.rms(out[after]) > 1.5 * effects.rms(drums[after])


def test_low_strokes_sound_with_the_kicks() -> None:
    out = records.low_strokes(random.Random(1), [0.5, 1.5], [], 3 * SAMPLE_RATE, 0.0)
    before, kick = (
        out[: int(0.4 * SAMPLE_RATE)],
        out[int(0.5 * SAMPLE_RATE) : int(0.7 * SAMPLE_RATE)],
    )
    assert not before.any()
    assert effects.rms(kick) > 0.1


@pytest.mark.parametrize(
    ("share", "piece"),
    [("ridden_crash_share", "crash"), ("sloshing_hat_share", "hihat_open"),
     ("ride_share", "ride"), ("floor_tom_share", "tom_low")],
)  # fmt: skip
def test_time_is_kept_on_one_piece_and_kicks_and_snares_stay(share: str, piece: str) -> None:
    asked: dict[str, Any] = {share: 1.0}
    recipe = NOTHING._replace(**asked)
    out = styles.with_timekeeper_of_records(random.Random(3), list(GROOVE), recipe)
    assert sum(e.piece.removesuffix("_bell") == piece for e in out) > 4
    assert not any(e.piece == "hihat_closed" for e in out)
    assert sum(e.piece in ("kick", "snare") for e in out) == 16


def test_ridden_crashes_are_loud() -> None:
    recipe = NOTHING._replace(ridden_crash_share=1.0)
    out = styles.with_timekeeper_of_records(random.Random(5), list(GROOVE), recipe)
    assert np.mean([e.velocity for e in out if e.piece == "crash"]) > 80


def test_hats_become_no_toms_unless_the_sets_of_validation_ask_for_it() -> None:
    def toms(recipe: Recipe) -> int:
        return sum(
            e.piece.startswith("tom")
            for seed in range(300)
            for e in styles.revoiced(random.Random(seed), list(GROOVE), recipe)
        )

    assert toms(RELEASE) == 0
    assert toms(MEASURED) > 0


def test_a_flam_is_two_strokes_the_first_of_them_soft() -> None:
    snares = [Event(0.5 * i, "snare", 100.0) for i in range(40)]
    out = sorted(styles.with_flams(random.Random(2), snares))
    graces = [e for e in out if e.velocity < 100]
    assert graces
    for grace in graces:
        following = next(e.time for e in out if e.time > grace.time)
        assert 0.012 < following - grace.time < 0.075


def test_recipe_of_records_renders_and_the_measured_one_is_what_it_was() -> None:
    cache = click_cache()
    recipe = RELEASE._replace(
        low_strokes_share=1.0, mastered_share=1.0, crushed_share=1.0, sloshing_hat_share=1.0,
        ridden_crash_share=0.0, ride_share=0.0, floor_tom_share=0.0,
    )  # fmt: skip
    rng = random.Random(1)
    for _ in range(4):
        samples, labels = excerpt(cache, rng, Kit(cache, rng), 3.0, recipe)
        assert np.isfinite(samples).all()
        assert all(0 <= label.time < 3 for label in labels)
    shares = ("ridden_crash_share", "mastered_share", "low_strokes_share", "taught_share")
    assert not any(getattr(MEASURED, share) for share in shares)

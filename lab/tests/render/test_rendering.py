"""The renderer on a made-up kit of clicks: no bundle is needed."""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np
import pytest

from lab.material.bundle import LicenceError, check_licence
from lab.network.targets import IGNORED, targets
from lab.render import styles
from lab.render.cache import SAMPLE_RATE
from lab.render.excerpt import PRE_ROLL_SECONDS, _place, excerpt
from lab.render.kits import Kit
from lab.render.labels import Label
from lab.render.performances import CLASSES, Event
from lab.render.recipe import RELEASE
from lab.tests.clicks import click_cache


@pytest.mark.parametrize("layered_share", [0.0, 1.0])
def test_place_labels_stand_where_the_attacks_are(layered_share: float) -> None:
    rng = random.Random(1)
    kit = Kit(click_cache(), rng, RELEASE._replace(layered_share=layered_share))
    kit.tom_resonance_db = kit.wire_buzz_db = kit.kick_layer_db = None
    events = [Event(0.5 + 0.4 * i, "snare", 100.0) for i in range(8)]
    out, placed = _place(rng, kit, events, 5.0, RELEASE)
    assert [p.time for p in placed] == [e.time for e in events]
    for event in events:
        at = round((event.time + PRE_ROLL_SECONDS) * SAMPLE_RATE)
        before, after = out[at - 400 : at - 45], out[at : at + 400]
        assert np.abs(after).max() > 50 * np.abs(before).max()


def test_layer_makes_another_sound_of_a_piece_but_not_of_a_tom() -> None:
    cache = click_cache()
    (only,) = cache.kits.values()
    for name, layered in (("crash", True), ("tom_low", False)):
        kit = Kit(cache, random.Random(4), RELEASE._replace(layered_share=1.0))
        kit.stroke(name, 100.0)
        piece = kit._pieces[name]
        assert piece is not None
        assert (piece.layer is not None) == layered
        entry = only["pieces"][name][0]
        if piece.layer is not None:
            alone = kit._treat(replace(piece, layer=None), entry)[0]
            together = kit._treat(piece, entry)[0]
            assert len(together) >= len(alone)
            assert not np.allclose(together[: len(alone)], alone, atol=1e-3)


def test_all_strokes_of_a_tom_are_of_one_drum_and_all_toms_of_one_kit() -> None:
    cache = click_cache()
    n = len(cache.samples)
    (only,) = cache.kits.values()
    bare = {"at": [0, n], "vel": [1, 127], "onset_s": 0.002, "loud_db": -12.0, "gain_db": 0.0}
    notes = [{**bare, "src": f"note {k} vel 120", "file": f"{k}.wav"} for k in (41, 43)]
    only["pieces"] = {name: e for name, e in only["pieces"].items() if not name.startswith("tom")}
    cache.kits["soundfont"] = {**only, "pieces": {**only["pieces"], "tom_low": notes}}
    cache.families["acoustic"]["soundfont"] = ["soundfont"]
    for seed in range(10):
        kit = Kit(cache, random.Random(seed))
        lows = [kit.stroke("tom_low", 100.0) for _ in range(12)]
        assert len({id(stroke.samples) for stroke in lows if stroke}) == 1
        high = kit.stroke("tom_high", 100.0)
        assert high is not None
        assert high.label == "tom_high"
        low, high_piece = kit._pieces["tom_low"], kit._pieces["tom_high"]
        assert low is not None
        assert high_piece is not None
        assert len({e["file"] for piece in (low, high_piece) for e in piece.entries}) == 1
        assert high_piece.pitch > low.pitch


def test_kits_of_a_soundfont_come_whole() -> None:
    cache = click_cache()
    (only,) = cache.kits.values()
    own = {
        name: [{**e, "file": f"gm {e['file']}"} for e in es] for name, es in only["pieces"].items()
    }
    cache.kits["soundfont"] = {**only, "pieces": own}
    cache.families["acoustic"]["sf_gm"] = ["soundfont"]
    recipe = RELEASE._replace(general_midi_share=1.0, kit_swap_share=1.0, layered_share=0.0)
    for seed in range(8):
        kit = Kit(cache, random.Random(seed), recipe)
        for name in ("kick", "snare", "hihat_open", "crash", "ride", "tom_mid"):
            assert kit.stroke(name, 100.0) is not None
            piece = kit._pieces[name]
            assert piece is not None
            assert all(e["file"].startswith("gm") for e in piece.entries)


def test_excerpt_has_its_length_level_and_labels_inside() -> None:
    cache, rng = click_cache(), random.Random(3)
    for _ in range(12):
        samples, labels = excerpt(cache, rng, Kit(cache, rng), 4.0)
        assert samples.shape == (4 * SAMPLE_RATE,)
        assert samples.dtype == np.float32
        assert np.isfinite(samples).all()
        assert 0.01 < np.sqrt(np.mean(np.square(samples))) < 0.6
        assert all(0 <= label.time < 4.0 and label.name in CLASSES for label in labels)


def test_excerpt_same_seed_gives_the_same() -> None:
    cache = click_cache()
    first, second = (
        excerpt(cache, rng, Kit(cache, rng), 3.0) for rng in (random.Random(9), random.Random(9))
    )
    np.testing.assert_array_equal(first[0], second[0])
    assert first[1] == second[1]


def test_targets_attack_neighbours_and_drowned_strokes() -> None:
    labels = [Label(0.20, "kick", 100, 3.0), Label(0.40, "snare", 50, -30.0)]
    onsets, velocities = targets(labels, 60, 100.0)
    kick, snare = onsets[:, CLASSES.index("kick")], onsets[:, CLASSES.index("snare")]
    np.testing.assert_array_equal(kick[18:23], [0, 128, 255, 128, 0])
    np.testing.assert_array_equal(velocities[18:23, 0], [0, 100, 100, 100, 0])
    assert (snare[37:44] == IGNORED).all()
    assert not snare[:37].any()
    assert not velocities[:, CLASSES.index("snare")].any()


def test_styled_keeps_order_and_removes_doubles() -> None:
    events = [Event(i * 0.1, "hihat_closed", 80.0) for i in range(40)] * 2
    for seed in range(30):
        out = styles.styled(random.Random(seed), list(events), 4.0, 0.5)
        assert out == sorted(out)
        last: dict[str, float] = {}
        for event in out:
            assert event.time - last.get(event.piece, -1.0) >= 0.02
            last[event.piece] = event.time


@pytest.mark.parametrize("licence", ["CC-BY-NC-SA-4.0", "CC BY-NC 4.0", "non-commercial use", ""])
def test_check_licence_non_commercial_or_none_is_refused(licence: str) -> None:
    with pytest.raises(LicenceError):
        check_licence("somebody's kit", licence)


@pytest.mark.parametrize("licence", ["CC0-1.0", "CC-BY-4.0", "MIT", "GPL-2", "Public domain"])
def test_check_licence_free_is_returned(licence: str) -> None:
    assert check_licence("somebody's kit", licence) == licence

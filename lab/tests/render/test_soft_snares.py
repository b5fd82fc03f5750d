"""Orchestras and brushes, and two cymbals at once."""

from __future__ import annotations

import random

import numpy as np

from lab.material.concert import one_shot
from lab.render import styles
from lab.render.cache import SAMPLE_RATE, Cache
from lab.render.kits import Kit
from lab.render.performances import Event
from lab.render.recipe import RELEASE
from lab.tests.clicks import click_cache


def _cache_with(name: str, kind: str, pieces: tuple[str, ...]) -> Cache:
    cache = click_cache()
    (only,) = cache.kits.values()
    own = {
        piece: [{**e, "file": f"{name} {e['file']}"} for e in only["pieces"]["snare"]]
        for piece in pieces
    }
    cache.kits[name] = {**only, "kind": kind, "pieces": own}
    cache.families.setdefault(kind, {})[name] = [name]
    return cache


def _files(kit: Kit, name: str) -> set[str]:
    assert kit.stroke(name, 60.0) is not None
    piece = kit._pieces[name]
    assert piece is not None
    assert piece.layer is None
    return {entry["file"] for entry in piece.entries}


def test_kit_with_a_soft_snare_plays_that_snare_and_the_toms_of_another() -> None:
    recipe = RELEASE._replace(soft_snare_share=1.0, layered_share=1.0)
    for name, kind, pieces, is_concert in (
        ("concert", "concert", ("snare", "crash"), True),
        ("a_brush", "snare_only", ("snare_brush",), False),
    ):
        cache = _cache_with(name, kind, pieces)
        for seed in range(6):
            kit = Kit(cache, random.Random(seed), recipe)
            assert kit.is_concert == is_concert
            for struck in ("snare", "snare_rimshot"):
                assert all(file.startswith(name) for file in _files(kit, struck))
            assert not any(file.startswith(name) for file in _files(kit, "tom_low"))
            stroke = kit.stroke("snare", 60.0)
            assert stroke is not None
            assert stroke.label == "snare"


def test_kit_without_soft_snares_in_the_cache_stays_what_it_was() -> None:
    kit = Kit(click_cache(), random.Random(1), RELEASE._replace(soft_snare_share=1.0))
    assert not kit.is_concert
    assert kit.stroke("snare", 60.0) is not None


def test_orchestra_has_no_timekeeper_and_a_snare() -> None:
    events = [Event(i * 0.25, piece, 90.0) for i in range(20) for piece in ("hihat_closed", "kick")]
    for seed in range(20):
        out = styles.styled(
            random.Random(seed), list(events), 5.0, 0.5,
            RELEASE._replace(fill_share=0.0), concert=True,
        )  # fmt: skip
        assert sum(e.piece == "snare" for e in out) > 3
        assert not any(e.piece in ("hihat_closed", "ride") for e in out)


def test_two_cymbals_sound_with_strokes_that_are_there() -> None:
    events = [Event(i * 0.25, "hihat_closed", 90.0) for i in range(16)]
    events += [Event(i * 0.5, "kick", 90.0) for i in range(8)]
    seen = set()
    for seed in range(40):
        out = styles.with_two_cymbals(random.Random(seed), events)
        added = out[len(events) :]
        assert out[: len(events)] == events
        seen |= {event.piece for event in added}
        assert all(min(abs(event.time - e.time) for e in events) < 0.02 for event in added)
    assert seen == {"ride", "crash", "china"}


def test_one_shot_starts_before_its_attack_and_silence_is_none() -> None:
    n = SAMPLE_RATE
    sound = np.zeros(n, np.float32)
    sound[4410:] = 0.2 * np.exp(-np.arange(n - 4410) / 2000)
    shot = one_shot(sound)
    assert shot is not None
    stroke, about = shot
    attack = int(np.flatnonzero(np.abs(stroke) > 3200)[0])
    assert attack == round(about["onset_s"] * SAMPLE_RATE)
    assert np.abs(stroke).max() == 32000
    assert len(stroke) < 20000
    assert -3 < about["loud_db"] < 0
    assert one_shot(np.zeros(n, np.float32)) is None

import random

import numpy as np

from drumscribe.domain.drums import Hit, Instrument
from lab.measure.tom_validation import Count, count, matches, with_fills
from lab.render.cache import Performance
from lab.render.labels import Label
from lab.render.performances import Event


def performance() -> Performance:
    events = tuple(
        Event(0.25 * i, ("kick", "hihat_closed", "tom_mid", "snare")[i % 4], 90.0)
        for i in range(32)
    )
    return Performance("beat", "played", 120.0, events, np.array([e.time for e in events]))


def test_with_fills_on_two_toms_only_those_are_played_for_long_enough() -> None:
    song = with_fills(random.Random(0), performance(), ("tom_high", "tom_low"), 30.0)
    assert {e.piece for e in song.events if e.piece.startswith("tom")} == {"tom_high", "tom_low"}
    assert song.times[-1] > 30.0
    assert list(song.times) == sorted(song.times)


def test_with_fills_of_one_seed_are_always_the_same() -> None:
    first, second = (
        with_fills(random.Random(5), performance(), ("tom_low",), 20.0).events for _ in range(2)
    )
    assert first == second


def test_count_hits_at_drowned_strokes_count_on_neither_side() -> None:
    labels = [Label(1.0, "tom_low", 90.0, 0.0), Label(2.0, "tom_low", 90.0, -20.0)]
    hits = [Hit(time, Instrument.TOM_LOW) for time in (1.02, 2.0, 3.0)]
    assert count(labels, hits) == Count(found=1, played=1, heard=2)
    assert count(labels, hits).f == 0.667


def test_matches_pair_one_to_one_within_50_ms() -> None:
    labels = [Label(1.0, "tom_low", 90.0, 0.0), Label(1.04, "tom_high", 90.0, 0.0)]
    assert len(matches(labels, [Hit(1.01, Instrument.TOM_LOW)])) == 1
    assert matches(labels, []) == []

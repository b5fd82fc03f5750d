"""What a reader is asked to check, and what is offered."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from drumscribe.domain.drums import Hit, Instrument, numbered
from drumscribe.domain.rhythm import BeatGrid, Metre
from drumscribe.domain.transcription import Transcript
from drumscribe.pipeline.reviewing.review import ReviewKind, apart, beat_of, offered, review
from drumscribe.pipeline.tuning import REVIEW

BARS = 12
# Twelve bars of 4/4 at 120, which begin at 1 s.
GRID = BeatGrid(
    np.arange(4 * BARS, dtype=np.float64) * 0.5 + 1.0, np.tile([1, 2, 3, 4], BARS), Metre(4, 4)
)


def at(bar: int, beat: float) -> float:
    return 1.0 + 2.0 * bar + 0.5 * (beat - 1)


def backbeat(confidence: float = 0.6) -> list[Hit]:
    return [Hit(at(bar, 2), Instrument.SNARE, confidence=confidence) for bar in range(BARS)]


def of(hits: list[Hit], candidates: tuple[Hit, ...] = ()) -> Transcript:
    return Transcript(numbered(hits), GRID, 30.0, 0.6, candidates=candidates)


def test_review_groups_by_drum_and_place_and_puts_the_scattered_together() -> None:
    rides = [
        Hit(at(bar, 2.5), Instrument.RIDE, confidence=0.1) for bar in range(REVIEW.fewest_together)
    ]
    lone = [
        Hit(at(3, 1.75), Instrument.RIDE, confidence=0.05),
        Hit(at(7, 4), Instrument.RIDE, 0.5, 0.05),
    ]
    transcript = of([*backbeat(0.99), *rides, *lone])
    first, second = review(transcript)
    assert (first.kind, first.instrument, first.beat) == (
        ReviewKind.DOUBTFUL,
        Instrument.RIDE,
        Fraction(5, 2),
    )
    assert len(first.ids) == len(rides)
    assert second.beat is None
    assert len(second.ids) == len(lone)
    by_id = {hit.id: hit for hit in transcript.hits}
    assert all(by_id[i].instrument is Instrument.RIDE for i in (*first.ids, *second.ids))


def test_offers_are_what_the_bars_around_speak_for_with_ids_of_their_own() -> None:
    hits = numbered([hit for hit in backbeat(0.99) if hit.time != at(4, 2)])
    missing = Hit(at(4, 2), Instrument.SNARE, confidence=0.3)
    noise = Hit(at(4, 2.6), Instrument.TOM_LOW, confidence=0.05)
    (offer,) = offered([missing, noise], hits, GRID)
    assert offer.time == missing.time
    assert offer.confidence >= REVIEW.offered_from
    assert offer.id not in {hit.id for hit in hits}
    (group,) = review(of(list(hits), (offer,)))
    assert (group.kind, group.ids) == (ReviewKind.OFFERED, (offer.id,))


def test_offers_are_the_likeliest_until_a_false_one_is_expected_in_every_bar() -> None:
    # Kicks on every eighth; in each bar another one was only nearly heard.
    kicks = {
        (bar, eighth): Hit(at(bar, 1 + eighth / 2), Instrument.KICK)
        for bar in range(BARS)
        for eighth in range(8)
    }
    lost = [(bar, eighth) for bar, eighth in kicks if (3 * bar - eighth) % 8 == 0]
    hits = numbered([*backbeat(0.6), *(kicks[place] for place in kicks if place not in lost)])
    nearly = [replace(kicks[place], confidence=0.3) for place in lost]
    noise = [Hit(at(bar, 3.6), Instrument.CRASH, confidence=0.1) for bar in range(BARS)]
    everything = offered([*nearly, *noise], hits, GRID)
    assert REVIEW.offered_from <= min(one.confidence for one in everything)
    assert [one.time for one in everything] == [one.time for one in nearly]
    many = [replace(one, confidence=0.1) for one in 6 * nearly]
    fewer = offered(many, hits, GRID)
    expected_false = sum(1 - one.confidence for one in fewer)
    assert len(fewer) < len(many)
    assert BARS - 1 < expected_false <= BARS * REVIEW.false_a_bar
    assert list(fewer) == sorted(fewer)


def test_candidate_that_became_a_hit_is_offered_no_more_and_comes_back_when_it_goes() -> None:
    hits = numbered(backbeat())
    candidate = Hit(at(4, 3), Instrument.KICK, confidence=0.4, id=40)
    taken = replace(candidate, confidence=1.0)
    assert apart([candidate], [*hits, taken]) == ()
    assert apart([candidate], hits) == (candidate,)


@given(st.lists(st.integers(0, 30), max_size=12), st.lists(st.integers(0, 30), max_size=12))
def test_ids_of_candidates_and_hits_are_apart(own: list[int], theirs: list[int]) -> None:
    hits = numbered([Hit(float(i), Instrument.KICK, id=one) for i, one in enumerate(own)])
    nearly = [Hit(50.0 + i, Instrument.SNARE, id=one) for i, one in enumerate(theirs)]
    ids = [one.id for one in (*hits, *apart(nearly, hits))]
    assert len(ids) == len(own) + len(theirs) == len(set(ids))


@pytest.mark.parametrize(
    ("beat", "expected"),
    [(1, "1"), (1.02, "1"), (0.98, "1"), (2.5, "5/2"), (3.34, "10/3"), (4.97, "1")],
)
def test_beat_of_is_the_nearest_place_of_its_bar(beat: float, expected: str) -> None:
    assert beat_of(at(3, beat), GRID) == Fraction(expected)

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
from drumscribe.pipeline.review import (
    ReviewKind,
    apart,
    beat_of,
    chances_of_hits,
    offered,
    review,
    support,
)
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


def test_support_is_the_share_of_the_bars_around_that_have_it() -> None:
    once = Hit(at(5, 3.25), Instrument.SNARE)
    hits = [*backbeat(), once]
    shares = support(hits, hits, GRID)
    assert shares[:BARS] == pytest.approx(1.0)
    assert shares[-1] == 0.0


def test_support_without_bars_is_nothing() -> None:
    grid = BeatGrid(np.array([0.0, 0.5, 1.0]), np.array([1, 2, 3]), Metre(4, 4))
    assert support(backbeat(), backbeat(), grid) == pytest.approx(0.0)


def test_stroke_of_the_pattern_is_likelier_than_one_by_itself() -> None:
    once = Hit(at(5, 3.25), Instrument.SNARE, confidence=0.65)
    chances = chances_of_hits([*backbeat(0.65), once], GRID)
    assert chances[:BARS].min() > REVIEW.doubtful_below > chances[-1]


def test_what_was_said_by_hand_is_never_doubtful() -> None:
    once = Hit(at(5, 3.25), Instrument.SNARE, confidence=1.0)
    assert chances_of_hits([once], GRID) == pytest.approx(1.0)


def test_review_groups_by_drum_and_place_and_puts_the_scattered_together() -> None:
    rides = [Hit(at(bar, 2.5), Instrument.RIDE, confidence=0.1) for bar in range(6)]
    lone = [
        Hit(at(3, 1.75), Instrument.RIDE, confidence=0.1),
        Hit(at(7, 4), Instrument.RIDE, 0.5, 0.1),
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

"""Pages that no drummer would write: never, whatever is played, from hits alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drum_patterns import C, H, K, S, played, steady_beats
from drumscribe.beats import track_beats
from drumscribe.domain.drums import Hit, Instrument
from drumscribe.domain.rhythm import COMMON_TIME, BeatGrid
from drumscribe.domain.score import Score
from drumscribe.domain.wishes import BeatWishes
from drumscribe.notation.quantize import quantize
from drumscribe.pipeline.context import LocalContext

R = Instrument.RIDE
_Pattern = tuple[int, list[tuple[float, Instrument]]]


def tracked(hits: Sequence[Hit]) -> BeatGrid:
    with LocalContext() as context:
        return track_beats(
            None, None, list(hits), networks=None, options=BeatWishes(), context=context
        )


def share_of_tuplet_bars(score: Score) -> float:
    """Bars of which three quarters and more stand in tuplets."""
    full = 0
    played_bars = [measure for measure in score.measures if not measure.is_empty]
    for measure in played_bars:
        events = [e for voice in measure.voices for e in voice.events if e.notes]
        full += sum(e.tuplet is not None for e in events) >= 0.75 * len(events)
    return full / len(played_bars)


def places(score: Score, hits: Sequence[Hit], drum: Instrument) -> Counter[Fraction]:
    """Where in its bar the drum stands, in beats."""
    return Counter(
        placement.onset / score.measures[placement.measure].metre.beat_length
        for placement in score.placements
        if hits[placement.hit].instrument is drum and placement.merged_into is None
    )


@st.composite
def rock_grooves(draw: st.DrawFn) -> list[Hit]:
    """Twenty-four bars of four with backbeats on 2 and 4, kicks as they come, crashes on 1."""
    keeper = draw(st.sampled_from([H, R]))
    per_beat = draw(st.sampled_from([1, 2, 2, 4]))
    kicks = draw(st.sets(st.integers(1, 15), max_size=4).map(lambda at: {0, *at}))
    kicks = {k for k in kicks if k % (2 if per_beat < 4 else 1) == 0}
    pattern: _Pattern = (
        4,
        [
            *((k / per_beat, keeper) for k in range(4 * per_beat)),
            *((k / 4, K) for k in sorted(kicks)),
            (1.0, S),
            (3.0, S),
        ],
    )
    slowest, fastest = {1: (120, 210), 2: (80, 170), 4: (66, 110)}[per_beat]
    bpm = draw(st.integers(slowest, fastest))
    return played(
        pattern,
        steady_beats(bpm, 97, start=0.3),
        jitter_seconds=0.006,
        crash_every_bars=draw(st.sampled_from([4, 8])),
    )


@settings(deadline=None, max_examples=20, derandomize=True)
@given(rock_grooves())
def test_rock_is_no_page_of_tuplets_and_no_backbeat_on_one_and_three(hits: list[Hit]) -> None:
    score = quantize(hits, tracked(hits))
    assert share_of_tuplet_bars(score) < 0.25
    snares, crashes = places(score, hits, S), places(score, hits, C)
    on_one_and_three = min(snares[Fraction(0)], snares[Fraction(2)])
    on_two_or_four = crashes[Fraction(1)] + crashes[Fraction(3)]
    is_upside_down = (
        on_one_and_three > 0.3 * snares.total() and on_two_or_four > 0.5 * crashes.total()
    )
    assert not is_upside_down


_SAYS_NO_BAR_LINE: dict[str, _Pattern] = {
    "kicks": (1, [(0.0, K)]),
    "kick and snare at once": (1, [(0.0, K), (0.0, S), (0.0, H), (0.5, H)]),
    "blast beat": (1, [(0.0, K), (0.5, K), (0.25, S), (0.75, S)]),
    "crash, then ride": (1, [(0.0, R)]),
}


@pytest.mark.parametrize("bpm", [90.0, 150.0])
@pytest.mark.parametrize("name", sorted(_SAYS_NO_BAR_LINE))
def test_beats_alike_are_a_plain_page_from_the_first_kick_or_crash_and_doubted(
    name: str, bpm: float
) -> None:
    beats = steady_beats(bpm, 64, start=0.5)
    hits = played(_SAYS_NO_BAR_LINE[name], beats, crash_every_bars=0)
    if name == "crash, then ride":
        hits = [Hit(0.5, C, velocity=0.9), *hits]
    grid = tracked(hits)
    assert grid.metre == COMMON_TIME
    assert np.abs(grid.downbeat_times - 0.5).min() < 0.03
    assert not grid.reliable


@pytest.mark.parametrize("per_beat", [2, 4])
def test_hats_alone_are_doubted(per_beat: int) -> None:
    hats: _Pattern = (1, [(k / per_beat, H) for k in range(per_beat)])
    assert not tracked(played(hats, steady_beats(120, 64, start=0.5), crash_every_bars=0)).reliable


def test_strokes_by_chance_are_doubted() -> None:
    rng = np.random.default_rng(7)
    drums = (K, S, H, Instrument.TOM_LOW)
    hits = [
        Hit(0.5 + k / 8, drums[int(rng.integers(4))], velocity=0.7)
        for k in range(256)
        if rng.random() < 0.4
    ]
    assert not tracked(hits).reliable

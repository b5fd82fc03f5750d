"""Bars found from hits: composed pieces of known bars, moved and stretched."""

from __future__ import annotations

import dataclasses
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drum_patterns import H, K, S, played, steady_beats
from drumscribe.beats import track_beats
from drumscribe.domain.drums import Hit
from drumscribe.domain.rhythm import BeatGrid, Metre
from drumscribe.domain.wishes import BeatWishes
from drumscribe.pipeline.context import LocalContext
from lab.notation_study.composed.conditions import conditions
from lab.notation_study.composed.performing import Performance
from lab.notation_study.composed.pieces import Piece
from lab.notation_study.judging.beats import BeatJudgement, judge_beats
from lab.notation_study.study import Task, piece_of

PULSE = steady_beats(100, 65, start=0.3)
SEED = 77  # neither the one that is measured nor the ones that are learnt from


@cache
def piece(condition: str, index: int) -> tuple[Piece, Performance]:
    chosen = next(each for each in conditions() if each.name == condition)
    return piece_of(Task(condition=chosen, index=index, seed=SEED))


def tracked(hits: list[Hit] | tuple[Hit, ...], options: BeatWishes | None = None) -> BeatGrid:
    with LocalContext() as context:
        return track_beats(
            None, None, hits, networks=None, options=options or BeatWishes(), context=context
        )


def judged(condition: str, index: int) -> BeatJudgement:
    known, performance = piece(condition, index)
    hits = performance.hits
    return judge_beats(
        performance.grid,
        tracked(hits),
        also_right=known.other_metres,
        first=hits[0].time,
        last=hits[-1].time,
    )


# --- the bars of the measures, on few pieces ------------------------------------------------------


@pytest.mark.parametrize("metre", ["3/4", "5/4", "7/8"])
def test_clean_pieces_of_every_metre_have_their_bars_found(metre: str) -> None:
    found = [judged(f"clean {metre}", index) for index in range(3)]
    assert all(each.metre_right for each in found), found
    assert all(each.beat_f > 0.95 and each.downbeat_f > 0.95 for each in found), found


@pytest.mark.parametrize("condition", ["clean 4/4", "clean 12/8"])
def test_clean_pieces_in_four_and_twelve_have_their_bar_lines_found(condition: str) -> None:
    # A shuffle may be spelled in either.
    found = [judged(condition, index) for index in range(3)]
    assert all(each.downbeat_f > 0.95 for each in found), found


@pytest.mark.parametrize("condition", ["50 to 70 BPM, 15 ms", "straight, 120 BPM, 15 ms"])
def test_slow_and_usual_tempo_is_neither_halved_nor_doubled(condition: str) -> None:
    for index in range(3):
        found = judged(condition, index)
        assert not found.is_octave_error
        assert found.downbeat_f > 0.9


# Eighths of two bars, the clave as long as the pattern: what comes back after two bars only.
_CLAVE = (0.0, 1.5, 3.0, 4.5, 6.0, 7.5)
_SURDO = (0.0, 1.5, 2.0, 3.5, 4.0, 5.5, 6.0, 7.5)
_BOSSA = [
    *((at, S) for at in _CLAVE),
    *((at, K) for at in _SURDO),
    *((e / 2, H) for e in range(16)),
]


@pytest.mark.parametrize("bpm", [112, 124, 136])
def test_bossa_nova_is_not_halved(bpm: float) -> None:
    beats = steady_beats(bpm, 97, start=0.4)
    grid = tracked(played((8, _BOSSA), beats))
    assert grid.metre == Metre(4, 4)
    assert grid.bpm == pytest.approx(bpm, rel=0.01)


@pytest.mark.parametrize("bpm", [100, 130, 155])
def test_five_with_a_ride_in_quarters_keeps_its_bars(bpm: float) -> None:
    strokes = [*((beat, H) for beat in range(5)), (1, S), (4, S), (0, K), (2.5, K), (3, K)]
    grid = tracked(played((5, strokes), steady_beats(bpm, 81, start=0.4)))
    assert grid.metre == Metre(5, 4)
    assert grid.bpm == pytest.approx(bpm, rel=0.01)


# --- moved and stretched --------------------------------------------------------------------------


@settings(max_examples=6, deadline=None)
@given(
    st.sampled_from(["clean 3/4", "clean 7/8"]),
    st.floats(0.0, 3.0),
    st.floats(0.95, 1.05),
)
def test_later_or_slightly_faster_music_has_the_same_metre(
    condition: str, later: float, stretch: float
) -> None:
    _, performance = piece(condition, 0)
    moved = [dataclasses.replace(hit, time=stretch * hit.time + later) for hit in performance.hits]
    here, there = tracked(performance.hits), tracked(moved)
    assert there.metre == here.metre
    assert there.bpm == pytest.approx(here.bpm / stretch, rel=0.01)


# --- pieces of evidence ---------------------------------------------------------------------------


def test_opening_kick_without_crash_is_beat_one() -> None:
    # Kick on one and three alike, snare on two and four: only the opening tells the bar line.
    even = (4, [(0.0, K), (1.0, S), (2.0, K), (3.0, S), *((e / 2, H) for e in range(8))])
    hits = played(even, PULSE, crash_every_bars=0)
    grid = tracked(hits)
    assert grid.downbeat_times[0] == pytest.approx(hits[0].time, abs=0.03)

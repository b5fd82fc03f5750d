"""Beats counted anew as the user says."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from drum_patterns import ROCK, played, steady_beats
from drumscribe.beats import (
    recount_or_find,
    recounted,
    shifted,
    track_beats,
)
from drumscribe.domain.rhythm import BeatGrid, Metre
from drumscribe.domain.wishes import BeatWishes
from drumscribe.errors import InvalidOption
from drumscribe.pipeline.context import LocalContext


def steady(n_beats: int, *, metre: str = "4/4", first: int = 1, period: float = 0.5) -> BeatGrid:
    parsed = Metre.parse(metre)
    numbers = (np.arange(n_beats) + first - 1) % parsed.beats_per_bar + 1
    return BeatGrid(period * np.arange(n_beats, dtype=np.float64), numbers, parsed)


def test_recounted_without_wishes_changes_nothing() -> None:
    grid = steady(9, first=3)
    same = recounted(grid, BeatWishes())
    assert same.beat_numbers.tolist() == grid.beat_numbers.tolist()
    assert same.beat_times.tolist() == grid.beat_times.tolist()


def test_metres_of_bars_move_with_their_lines_and_go_where_bars_are_counted_anew() -> None:
    numbers = np.array([1, 2, 3, 4, 1, 2, 3, 1, 2, 3, 4, 1], dtype=np.int64)
    said = (None, Metre(6, 8), None, None)
    grid = BeatGrid(0.5 * np.arange(12.0), numbers, Metre(4, 4), bar_metres=said)
    for n_beats in (0, 1, 2, 5, -2, -4, -5):
        moved = shifted(grid, n_beats)
        of_beat = dict(zip(np.flatnonzero(moved.beat_numbers == 1), moved.bar_metres, strict=True))
        expected = {4 + n_beats: Metre(6, 8)} if 0 <= 4 + n_beats < 12 else {}
        assert {beat: metre for beat, metre in of_beat.items() if metre} == expected
    assert recounted(grid, BeatWishes()).bar_metres == said
    assert recounted(grid, BeatWishes(bar_one_at_seconds=0.5)).bar_metres == ()


def test_recounted_bar_one_begins_at_the_nearest_beat() -> None:
    grid = recounted(steady(12), BeatWishes(bar_one_at_seconds=1.1))
    assert grid.beat_numbers.tolist() == [3, 4, 1, 2, 3, 4, 1, 2, 3, 4, 1, 2]


def test_recounted_half_keeps_downbeats_and_doubles_the_period() -> None:
    grid = recounted(steady(16, first=4), BeatWishes(tempo_factor=0.5))
    assert grid.bpm == pytest.approx(60.0)
    assert grid.beat_times[0] == 0.5
    assert grid.beat_numbers[0] == 1


def test_recounted_half_still_reaches_the_end() -> None:
    grid = steady(16)
    assert recounted(grid, BeatWishes(tempo_factor=0.5)).beat_times[-1] >= grid.beat_times[-1]


def test_recounted_half_of_two_beats_is_a_grid() -> None:
    assert recounted(steady(2), BeatWishes(tempo_factor=0.5)).bpm == pytest.approx(60.0)


def test_recounted_double_puts_a_beat_between() -> None:
    grid = recounted(steady(8, first=3), BeatWishes(tempo_factor=2.0))
    assert grid.bpm == pytest.approx(240.0)
    assert grid.beat_numbers[grid.beat_times == 1.0].tolist() == [1]


def test_recounted_other_metre_counts_from_the_first_downbeat() -> None:
    grid = recounted(steady(10, first=4), BeatWishes(metre=Metre(3, 4)))
    assert grid.beat_numbers.tolist() == [3, 1, 2, 3, 1, 2, 3, 1, 2, 3]


@given(st.integers(3, 40), st.integers(1, 4), st.sampled_from([0.5, 1.0, 2.0]))
def test_recounted_covers_the_same_time_in_any_count(n: int, first: int, factor: float) -> None:
    grid = steady(n, first=first)
    found = recounted(grid, BeatWishes(tempo_factor=factor))
    assert found.beat_times[0] <= grid.beat_times[1]
    assert found.beat_times[-1] >= grid.beat_times[-1]
    assert found.bpm == pytest.approx(grid.bpm * factor)


@pytest.mark.parametrize(
    ("n_beats", "numbers"),
    [
        (1, [4, 1, 2, 3, 4, 1, 2, 3, 1, 2, 3, 1, 2]),
        (-1, [2, 3, 4, 1, 2, 3, 1, 2, 3, 1, 2, 3, 4]),
        (3, [2, 3, 4, 1, 2, 3, 4, 1, 2, 3, 1, 2, 3]),
        (-20, [3, 4, 1, 2, 3, 4, 1, 2, 3, 4, 1, 2, 3]),
    ],
)
def test_shifted_bars_of_other_lengths_move_along(n_beats: int, numbers: list[int]) -> None:
    changing = np.array([1, 2, 3, 4, 1, 2, 3, 1, 2, 3, 1, 2, 3])
    grid = BeatGrid(np.arange(13) / 2.0, changing, Metre(4, 4))
    assert shifted(grid, n_beats).beat_numbers.tolist() == numbers


def test_tracked_bar_one_and_factor_are_obeyed() -> None:
    hits = played(ROCK, steady_beats(100.0, 33))
    options = BeatWishes(tempo_factor=0.5, bar_one_at_seconds=hits[0].time + 1.2)
    with LocalContext() as context:
        plain = track_beats(None, None, hits, networks=None, options=BeatWishes(), context=context)
        grid = track_beats(None, None, hits, networks=None, options=options, context=context)
    assert grid.bpm == pytest.approx(plain.bpm / 2.0, rel=0.02)
    assert grid.downbeat_times[0] == pytest.approx(hits[0].time + 1.2, abs=0.05)


def test_recount_or_find_keeps_the_beats_for_a_metre_of_the_same_beats() -> None:
    known = steady(20)
    with LocalContext() as context:
        found = recount_or_find(known, [], BeatWishes(metre=Metre(3, 4)), context)
    assert found.beat_times.tolist() == known.beat_times.tolist()
    assert found.metre == Metre(3, 4)


def test_recount_or_find_counts_dotted_quarters_at_the_known_tempo() -> None:
    hits = played(ROCK, steady_beats(120.0, 33))
    known = steady(40)
    with LocalContext() as context:
        found = recount_or_find(known, hits, BeatWishes(metre=Metre(6, 8)), context)
    assert found.metre == Metre(6, 8)
    assert found.bpm == pytest.approx(80.0, rel=0.1)


@pytest.mark.parametrize(
    "wrong", [{"tempo_factor": 3.0}, {"bar_one_at_seconds": -1.0}, {"bpm": 90.0, "tempo_factor": 2}]
)
def test_beat_options_that_make_no_sense_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(InvalidOption, match=r"factor|bar_one"):
        BeatWishes(**wrong)

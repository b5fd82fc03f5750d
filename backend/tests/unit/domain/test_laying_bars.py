"""Bars laid over beats: what marks make of a grid, and what they leave alone."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from drumscribe.domain.bars.laying import with_bars
from drumscribe.domain.bars.marks import BarMark
from drumscribe.domain.rhythm import BeatGrid, Metre
from drumscribe.errors import InvalidOption
from engraving_pieces import steady_grid


def mark(grid: BeatGrid, beat: float, metre: str | None = None) -> BarMark:
    return BarMark(float(grid.time_at(beat)), None if metre is None else Metre.parse(metre))


def test_one_short_bar_moves_all_bars_after_it() -> None:
    grid = steady_grid("4/4", 4)
    laid = with_bars(grid, [mark(grid, 4, "2/4"), mark(grid, 6, "4/4")])
    assert laid.beat_numbers.tolist() == [1, 2, 3, 4, 1, 2, *[1, 2, 3, 4] * 2, 1, 2, 3]
    assert laid.beat_times.tolist() == grid.beat_times.tolist()
    assert laid.metre == Metre(4, 4)


def test_mark_without_a_metre_gives_the_bars_back_as_they_were_found() -> None:
    grid = steady_grid("4/4", 4)
    laid = with_bars(grid, [mark(grid, 4, "3/4"), mark(grid, 7, "5/4"), mark(grid, 12)])
    assert laid.beat_numbers.tolist() == [1, 2, 3, 4, 1, 2, 3, 1, 2, 3, 4, 5, 1, 2, 3, 4, 1]
    assert with_bars(grid, [mark(grid, 4)]).has_bars_of(grid)


def test_mark_inside_a_bar_cuts_it() -> None:
    grid = steady_grid("4/4", 3)
    laid = with_bars(grid, [mark(grid, 6)])
    assert laid.beat_numbers.tolist() == [1, 2, 3, 4, 1, 2, 1, 2, 1, 2, 3, 4, 1]


def test_pickup_stays_before_the_first_mark() -> None:
    grid = steady_grid("4/4", 3, pickup_beats=2)
    laid = with_bars(grid, [mark(grid, 6, "3/4")])
    assert laid.beat_numbers.tolist() == [3, 4, 1, 2, 3, 4, 1, 2, 3, 1, 2, 3, 1, 2, 3]


@pytest.mark.parametrize("said", [True, False])
def test_bar_of_seven_eighths_counts_everything_in_eighths(said: bool) -> None:
    grid = replace(steady_grid("4/4", 3), metre_is_said=said)
    laid = with_bars(grid, [mark(grid, 4, "7/8"), mark(grid, 7.5, "4/4")])
    assert laid.metre == Metre(8, 8)
    assert laid.written_metre == Metre(4, 4)
    starts = np.flatnonzero(laid.beat_numbers == 1)
    assert np.diff(starts).tolist() == [8, 7, 8]
    assert [laid.metre_of_bar(n) for n in (7, 8)] == [Metre(7, 8), Metre(4, 4)]
    assert laid.beat_times[starts] == pytest.approx(grid.time_at(np.array([0, 4, 7.5, 11.5])))


def test_bar_line_between_two_beats_makes_odd_bars_beside_it() -> None:
    grid = steady_grid("3/4", 4)
    laid = with_bars(grid, [mark(grid, 3.5, "3/4")])
    first, second, *_ = np.flatnonzero(laid.beat_numbers == 1).tolist()
    third = np.flatnonzero(laid.beat_numbers == 1)[2]
    # The bar before ends where it ended; what is left of it is an eighth.
    assert [second - first, third - second] == [6, 1]


def test_song_that_is_mostly_marked_has_the_metre_of_its_marks() -> None:
    grid = steady_grid("4/4", 6)
    assert with_bars(grid, [mark(grid, 4, "3/4")]).metre == Metre(3, 4)
    eighths = with_bars(grid, [mark(grid, 0, "7/8")])
    assert (eighths.metre, eighths.written_metre) == (Metre(7, 8), Metre(7, 8))


def test_marks_before_the_first_beat_count_from_where_they_stand() -> None:
    grid = steady_grid("4/4", 4, start=2.0)
    laid = with_bars(grid, [BarMark(0.5, Metre(4, 4))])
    assert laid.beat_numbers.tolist()[:6] == [4, 1, 2, 3, 4, 1]


@pytest.mark.parametrize(
    ("said", "says"),
    [
        ([(4, "7/16")], "7/16 cannot stand among bars of 4/4"),
        ([(4, "2/4"), (4.2, "4/4")], "two bar lines lie at the beat"),
        ([(40, "4/4")], "there is no beat at"),
        ([(0, "32/4"), (8, "7/8")], None),
    ],
)
def test_what_cannot_stand_is_refused_with_a_reason(
    said: list[tuple[float, str]], says: str | None
) -> None:
    grid = steady_grid("4/4", 4)
    marks = [mark(grid, beat, metre) for beat, metre in said]
    if says is None:
        assert with_bars(grid, marks).beat_numbers.max() <= 32
        return
    with pytest.raises(InvalidOption, match=says):
        with_bars(grid, marks)


def test_bars_that_somebody_set_are_sure_and_the_others_as_sure_as_they_were() -> None:
    grid = replace(steady_grid("4/4", 3), bar_confidences=(0.9, 0.4, 0.5, 0.6))
    laid = with_bars(grid, [mark(grid, 4, "2/4"), mark(grid, 8)])
    assert laid.bar_confidences == (0.9, 1.0, 1.0, 0.5, 0.6)


@given(
    metre=st.sampled_from(["4/4", "3/4", "7/8", "6/8"]),
    pickup=st.integers(0, 2),
    said=st.lists(
        st.tuples(st.integers(0, 40), st.sampled_from(["2/4", "3/4", "6/8", "4/4", "7/8", None])),
        max_size=6,
        unique_by=lambda one: one[0],
    ),
)
def test_every_beat_stays_where_it_is_and_every_mark_begins_a_bar(
    metre: str, pickup: int, said: list[tuple[int, str | None]]
) -> None:
    grid = steady_grid(metre, 20 if metre != "7/8" else 6, pickup_beats=pickup)
    marks = [mark(grid, beat, name) for beat, name in sorted(said)]
    try:
        laid = with_bars(grid, marks)
    except InvalidOption:
        return
    assert np.isin(grid.beat_times.round(6), laid.beat_times.round(6)).all()
    downbeats = laid.downbeat_times.round(6)
    begun = [one.at_seconds for one in marks if (one.metre, one.at_seconds) != (None, 0.5)]
    assert np.isin(np.round(begun, 6), downbeats).all()
    # Saying it again of what it has become changes nothing more.
    explicit = [one for one in marks if one.metre is not None]
    if explicit == marks:
        assert with_bars(laid, marks).beat_times.tolist() == laid.beat_times.tolist()
        assert with_bars(laid, marks).bar_metres == laid.bar_metres


@pytest.mark.parametrize(
    ("metre", "odd", "n_beats"),
    [("4/4", "6/8", 3), ("4/4", "12/8", 6), ("4/4", "2/2", 4), ("6/8", "3/4", 2)],
)
def test_bar_with_the_length_of_another_metre_is_known_by_the_one_that_was_said(
    metre: str, odd: str, n_beats: int
) -> None:
    grid = steady_grid(metre, 6)
    per_bar = grid.metre.beats_per_bar
    after = per_bar + n_beats
    laid = with_bars(grid, [mark(grid, per_bar, odd), mark(grid, after, metre)])
    assert laid.metre == grid.metre
    assert laid.bar_metres[:3] == (None, Metre.parse(odd), None)
    assert laid.said_of_bar(per_bar, n_beats) == Metre.parse(odd)
    assert laid.said_of_bar(0, per_bar) is None
    # It stays where another bar line is set later, and goes with a mark of its own.
    later = with_bars(laid, [mark(laid, after + per_bar)])
    assert later.bar_metres[:3] == laid.bar_metres[:3]
    assert with_bars(laid, [mark(laid, 0, metre)]).bar_metres == ()


def test_what_the_length_of_a_bar_says_is_not_said_again() -> None:
    grid = steady_grid("4/4", 4)
    assert with_bars(grid, [mark(grid, 4, "3/4"), mark(grid, 7, "4/4")]).bar_metres == ()


def test_bars_of_six_and_seven_eighths_stand_together_among_quarters() -> None:
    grid = steady_grid("4/4", 5)
    laid = with_bars(grid, [mark(grid, 4, "6/8"), mark(grid, 7, "7/8"), mark(grid, 10.5, "4/4")])
    assert laid.metre == Metre(8, 8)
    assert laid.bar_metres[:4] == (None, Metre(6, 8), None, None)


def test_bar_that_is_cut_short_is_known_by_its_length() -> None:
    grid = steady_grid("4/4", 5)
    laid = with_bars(grid, [mark(grid, 4, "6/8"), mark(grid, 6, "4/4")])
    assert laid.bar_metres == ()
    assert laid.beat_numbers.tolist()[4:7] == [1, 2, 1]

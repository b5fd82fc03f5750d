"""Progress of several recordings at once: what children write is what the parent shows."""

from __future__ import annotations

import io
import multiprocessing

import pytest
from rich.console import Console

from drumscribe.cli.recordings.batch_progress import (
    BatchBars,
    Board,
    BoardReporter,
    NoBars,
    batch_bars,
)


@pytest.fixture
def board() -> Board:
    return Board.of(multiprocessing.get_context("spawn"), 3)


def test_board_knows_what_is_under_way_and_what_has_ended(board: Board) -> None:
    assert board.under_way() == {}
    BoardReporter(board, 1).stage("detect", 0.5)
    ((number, (stage, share)),) = board.under_way().items()
    assert (number, stage) == (1, "detect")
    assert 0.0 < share < 1.0
    board.end(1)
    assert board.under_way() == {}
    assert board.ended == 1


def test_separation_counts_once_it_is_seen(board: Board) -> None:
    reporter = BoardReporter(board, 0)
    reporter.stage("decode", 1.0)
    reporter.stage("separate", 0.5)
    half = board.under_way()[0][1]
    reporter.stage("detect", 0.0)
    assert 0.3 < half < board.under_way()[0][1]


def test_bars_name_each_recording_under_way_and_count_the_rest(board: Board) -> None:
    console = Console(file=io.StringIO(), force_terminal=True, width=100)
    bars = BatchBars(console, ["a.mp3", "b.mp3", "c.mp3"], board)
    BoardReporter(board, 2).stage("beats", 0.2)
    board.end(0)
    with bars.live():
        bars.show()
        console.print(bars._bars)
        with bars.paused():
            console.print("a.mp3: done")
    shown = console.file.getvalue()  # type: ignore[attr-defined]
    assert "c.mp3" in shown
    assert "Finding the beat" in shown
    assert "1 of 3" in shown
    assert "b.mp3" not in shown


def test_without_a_terminal_nothing_is_drawn(board: Board) -> None:
    console = Console(file=io.StringIO())
    with batch_bars(console, ["a"] * 3, board, quiet=False) as bars:
        assert isinstance(bars, NoBars)
        with bars.paused():
            pass

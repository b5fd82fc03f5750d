"""Progress of a batch on several processes: one bar for all, one line for each under way."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.context import SpawnContext
from typing import Any, Final

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn

from drumscribe.cli.progress import STAGES, done_fraction

_PAUSE_SECONDS: Final = 0.2
_WAITING: Final = -1.0
_ENDED: Final = 2.0
_NAMES: Final = tuple(STAGES)


@dataclass(frozen=True, slots=True)
class Board:
    """What the processes write and the parent reads: two numbers for each recording.

    Shared memory without locks: a child that dies while it writes blocks nobody.

    done: share 0..1 of the work; _WAITING before, _ENDED after. stages: index of the stage.
    """

    done: Any
    stages: Any

    @classmethod
    def of(cls, context: SpawnContext, count: int) -> Board:
        """A board of so many recordings, all waiting."""
        return cls(context.RawArray("d", [_WAITING] * count), context.RawArray("i", count))

    def end(self, number: int) -> None:
        """The recording is done with, whatever became of it."""
        self.done[number] = _ENDED

    def under_way(self) -> dict[int, tuple[str, float]]:
        """Recording -> name of its stage and done share, of those that are worked on."""
        return {
            number: (_NAMES[self.stages[number]], min(1.0, share))
            for number, share in enumerate(self.done)
            if 0.0 <= share < _ENDED
        }

    @property
    def ended(self) -> int:
        return sum(share >= _ENDED for share in self.done)


class BoardReporter:
    """Reporter of a child."""

    def __init__(self, board: Board, number: int) -> None:
        self._board = board
        self._number = number
        self._separating = False

    def stage(self, name: str, fraction: float) -> None:
        self._separating = self._separating or name == "separate"
        self._board.stages[self._number] = _NAMES.index(name)
        self._board.done[self._number] = done_fraction(name, fraction, separating=self._separating)

    def whole(self, words: str, fraction: float) -> None:
        """See Reporter; the board has room for stages only."""
        self._board.done[self._number] = fraction

    def download(self, name: str, done_bytes: int, total_bytes: int) -> None:
        """Say nothing."""


@dataclass
class NoBars:
    """Where stderr is no terminal."""

    @contextmanager
    def paused(self) -> Iterator[None]:
        """While something else is printed."""
        yield


@dataclass
class BatchBars:
    """Live bars on a terminal."""

    console: Console
    labels: Sequence[str]
    board: Board
    _lines: dict[int, TaskID] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self._bars = Progress(
            TextColumn("{task.fields[label]}", style="bold"),
            BarColumn(bar_width=24),
            TextColumn("{task.description}"),
            console=self.console,
            transient=True,
            # stdout is for data, which may go to a file.
            redirect_stdout=False,
            redirect_stderr=False,
        )
        self._all = self._bars.add_task("", total=len(self.labels), label="All")

    def show(self) -> None:
        """Draw what the board says now."""
        with self._lock:
            now = self.board.under_way()
            for number in [number for number in self._lines if number not in now]:
                self._bars.remove_task(self._lines.pop(number))
            for number, (stage, share) in now.items():
                if number not in self._lines:
                    label = self.labels[number]
                    self._lines[number] = self._bars.add_task("", total=1.0, label=label)
                words = STAGES[stage].words
                self._bars.update(self._lines[number], completed=share, description=words)
            count = f"{self.board.ended} of {len(self.labels)}"
            self._bars.update(self._all, completed=self.board.ended, description=count)

    @contextmanager
    def paused(self) -> Iterator[None]:
        """While something else is printed."""
        self._bars.stop()
        try:
            yield
        finally:
            self.show()
            self._bars.start()

    @contextmanager
    def live(self) -> Iterator[None]:
        """Drawn anew all the time until the context ends."""
        is_over = threading.Event()

        def draw() -> None:
            while not is_over.wait(_PAUSE_SECONDS):
                self.show()

        self._bars.start()
        thread = threading.Thread(target=draw, name="bars", daemon=True)
        thread.start()
        try:
            yield
        finally:
            is_over.set()
            thread.join()
            self._bars.stop()


@contextmanager
def batch_bars(
    console: Console, labels: Sequence[str], board: Board, *, quiet: bool
) -> Iterator[BatchBars | NoBars]:
    """The bars that suit the terminal."""
    if quiet or not console.is_terminal:
        yield NoBars()
        return
    bars = BatchBars(console, labels, board)
    with bars.live():
        yield bars

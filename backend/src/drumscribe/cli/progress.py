"""Progress on stderr: one bar for the whole of one recording, in words a musician understands."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import TracebackType
from typing import Final, Protocol

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TaskProgressColumn,
    TextColumn,
    TimeElapsedColumn,
    TransferSpeedColumn,
)


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage as the listener sees it.

    words: what it does, for a musician.
    share, share_with_separation: its part of the usual work; they only shape the bar.
    """

    words: str
    share: float
    share_with_separation: float


STAGES: Final[dict[str, Stage]] = {
    "fetch": Stage("Fetching the sound", 0.0, 0.0),
    "decode": Stage("Reading the recording", 5.0, 1.0),
    "separate": Stage("Taking the drums out of the mix", 0.0, 80.0),
    "detect": Stage("Listening for drums", 30.0, 6.0),
    "beats": Stage("Finding the beat", 40.0, 8.0),
    "engrave": Stage("Writing the music", 25.0, 5.0),
}


def done_fraction(name: str, fraction: float, *, separating: bool) -> float:
    """Share of the whole work that is done, 0..1. name, fraction: the stage and its done share."""
    shares = {
        key: stage.share_with_separation if separating else stage.share
        for key, stage in STAGES.items()
    }
    order = list(STAGES)
    before = sum(shares[key] for key in order[: order.index(name)])
    return (before + fraction * shares[name]) / sum(shares.values())


class Reporter(Protocol):
    """Where progress goes."""

    def stage(self, name: str, fraction: float) -> None:
        """Share of one stage that is done."""

    def whole(self, words: str, fraction: float) -> None:
        """Share of the whole work that is done, and what is being done, in words."""

    def download(self, name: str, done_bytes: int, total_bytes: int) -> None:
        """Bytes of a model file that have arrived."""


class SilentReporter:
    """Shows nothing: --quiet, and children of a batch."""

    def stage(self, name: str, fraction: float) -> None:
        """Say nothing."""

    def whole(self, words: str, fraction: float) -> None:
        """Say nothing."""

    def download(self, name: str, done_bytes: int, total_bytes: int) -> None:
        """Say nothing."""


class BarReporter:
    """A live bar on a terminal; a few plain lines where stderr is not a terminal."""

    def __init__(self, console: Console, label: str) -> None:
        self._bar = Progress(
            TextColumn("{task.fields[label]}", style="bold"),
            BarColumn(bar_width=24),
            TaskProgressColumn(),
            TextColumn("{task.description}"),
            TimeElapsedColumn(),
            console=console,
            transient=True,
        )
        self._downloads = Progress(
            TextColumn("{task.description}"),
            BarColumn(bar_width=24),
            DownloadColumn(),
            TransferSpeedColumn(),
            console=console,
            transient=True,
        )
        self._task = self._bar.add_task("", total=1.0, label=label)
        self._download_task: object = None
        self._separating = False

    def __enter__(self) -> BarReporter:
        self._bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._downloads.stop()
        self._bar.stop()

    def stage(self, name: str, fraction: float) -> None:
        self._end_download()
        self._separating = self._separating or name == "separate"
        done = done_fraction(name, fraction, separating=self._separating)
        self.whole(STAGES[name].words, done)

    def whole(self, words: str, fraction: float) -> None:
        self._bar.update(self._task, completed=fraction, description=words)

    def download(self, name: str, done_bytes: int, total_bytes: int) -> None:
        if self._download_task is None:
            # Only one live display can own the terminal at a time.
            self._bar.stop()
            self._downloads.start()
            self._download_task = self._downloads.add_task(f"Fetching {name}", total=total_bytes)
        task_id = self._downloads.task_ids[-1]
        self._downloads.update(task_id, completed=done_bytes, total=total_bytes or None)

    def _end_download(self) -> None:
        if self._download_task is not None:
            self._downloads.stop()
            self._download_task = None
            self._bar.start()


@contextmanager
def reporter(console: Console, label: str, *, quiet: bool) -> Iterator[Reporter]:
    """The reporter that suits the terminal."""
    if quiet or not console.is_terminal:
        yield SilentReporter()
        return
    with BarReporter(console, label) as bar:
        yield bar

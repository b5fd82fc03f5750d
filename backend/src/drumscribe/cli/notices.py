"""What is worth saying although nothing failed: warnings that DrumScribe logs during a job."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from rich.logging import RichHandler

from drumscribe.cli.common import console
from drumscribe.domain.transcription import Transcript


class _Collector(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(record.getMessage())


@contextmanager
def collected_notices() -> Iterator[list[str]]:
    """The package's warnings while this is open, to be told with the job's outcome."""
    collector = _Collector()
    logger = logging.getLogger("drumscribe")
    logger.addHandler(collector)
    try:
        yield collector.messages
    finally:
        logger.removeHandler(collector)


def with_those_of(transcript: Transcript, logged: Sequence[str]) -> tuple[str, ...]:
    """What was logged, and what the transcript has to say besides: of decoding both tell."""
    besides = [
        notice.message
        for notice in transcript.notices
        if not any(notice.message in message for message in logged)
    ]
    return (*logged, *besides)


def tell(messages: Iterable[str]) -> None:
    """Print what was noticed."""
    for message in messages:
        console.print(message, style="yellow", markup=False)


def set_up_logging(level: int) -> None:
    """Log records to stderr, through the same console as the progress bar.

    level: of what is shown; warnings are always made, because jobs collect them.
    """
    handler = RichHandler(console=console, show_path=False, show_time=False)
    handler.setLevel(level)
    logging.basicConfig(
        level=min(level, logging.WARNING), format="%(message)s", handlers=[handler], force=True
    )


def shown_level() -> int:
    """The level that set_up_logging was given in this process; ERROR if it was not called."""
    handlers = [h for h in logging.getLogger().handlers if isinstance(h, RichHandler)]
    return handlers[0].level if handlers else logging.ERROR

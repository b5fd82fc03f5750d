"""One file to get, and trying again where it may help."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from drumscribe.errors import ModelUnavailable

BLOCK_BYTES: Final = 1 << 20
ATTEMPTS: Final = 4
# Of a file whose size nobody has said.
MOST_BYTES: Final = 4 << 30
RETRYABLE_STATUS: Final = frozenset({408, 425, 429, 500, 502, 503, 504})
_FIRST_DELAY_SECONDS: Final = 1.0


@dataclass(frozen=True, slots=True)
class FetchTask:
    """One file to get.

    uri: see drumscribe.models.sources.fetch.
    target: where to put it; what is there already counts as its beginning for https.
    size_bytes: the size it shall have; None if it is not known.
    report: called with the bytes that are there so far; may raise to cancel.
    first_delay_seconds: pause before the first retry; doubles each time.
    """

    uri: str
    target: Path
    size_bytes: int | None
    report: Callable[[int], None]
    first_delay_seconds: float = _FIRST_DELAY_SECONDS

    @property
    def most_bytes(self) -> int:
        """More than this is not taken."""
        return MOST_BYTES if self.size_bytes is None else self.size_bytes


class PassingTrouble(Exception):
    """An attempt failed in a way that the next one may not."""


def with_retries(task: FetchTask, attempt: Callable[[], None]) -> None:
    """Call attempt until it raises no PassingTrouble, with growing pauses.

    Raises ModelUnavailable after ATTEMPTS times.
    """
    delay = task.first_delay_seconds
    reason = ""
    for number in range(1, ATTEMPTS + 1):
        try:
            attempt()
            return
        except PassingTrouble as trouble:
            reason = str(trouble)
        if number < ATTEMPTS:
            time.sleep(delay)
            delay *= 2
    raise ModelUnavailable(
        f"{task.uri} cannot be fetched after {ATTEMPTS} attempts: {reason}. Is this machine online?"
    )


def write_target(source: IO[bytes], task: FetchTask) -> None:
    """Copy what source holds to task.target."""
    done = 0
    with task.target.open("wb") as out:
        while block := source.read(BLOCK_BYTES):
            out.write(block)
            done += len(block)
            if done > task.most_bytes:
                return  # Another file than expected: the sha256 will say so.

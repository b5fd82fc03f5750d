"""Periodic work of the embedded mode, in a thread."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from drumscribe.errors import Unavailable

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Chore:
    """Something to be done every so often."""

    name: str
    do: Callable[[], object]
    every_seconds: float


class Housekeeping:
    """Does its chores one after the other until it is stopped; each at once when it starts."""

    def __init__(self, chores: Sequence[Chore]) -> None:
        self._chores = tuple(chores)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="housekeeping", daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def stop(self, *, grace_seconds: float = 5.0) -> None:
        """Do no more; a chore that is under way may end by itself."""
        self._stop.set()
        self._thread.join(grace_seconds)

    def _run(self) -> None:
        due_at = {chore.name: time.monotonic() for chore in self._chores}
        while not self._stop.is_set():
            for chore in self._chores:
                if time.monotonic() >= due_at[chore.name] and not self._stop.is_set():
                    _do(chore)
                    due_at[chore.name] = time.monotonic() + chore.every_seconds
            self._stop.wait(max(0.05, min(due_at.values()) - time.monotonic()))


def _do(chore: Chore) -> None:
    try:
        chore.do()
    except Unavailable as error:
        logger.warning("%s has to wait: %s", chore.name, error.message)
    except Exception:
        # One broken chore must not end the others.
        logger.exception("%s broke.", chore.name)

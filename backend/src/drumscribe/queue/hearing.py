"""Whether a worker of Celery still hears its queue, and the end of one that does not.

A worker may look alive and take nothing: a connection that is half open, an event loop that is busy
with itself. Nobody else can see that, so it watches itself. See docs/explanation/jobs.md.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from enum import StrEnum
from typing import Final

from drumscribe.errors import Unavailable

logger = logging.getLogger(__name__)

# Looked at so often within the patience of a worker.
_LOOKS: Final = 12


class Hearing(StrEnum):
    """What a worker knows of its own ears."""

    GOOD = "good"
    DOUBTFUL = "doubtful"  # half of the patience is over: the health check says so
    LOST = "lost"


class HearingTest:
    """Judges by what is seen from time to time. clock: seconds; only differences count.

    patience_seconds: steps that wait for so long, while the queue answers and this worker neither
        works nor takes anything, mean that it hears nothing.
    """

    def __init__(
        self, patience_seconds: float, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._patience_seconds = patience_seconds
        self._clock = clock
        self._since: float | None = None
        self._heard_at = clock()
        self._ticked_at = clock()
        self.now = Hearing.GOOD

    def heard(self) -> None:
        """A message was taken, or a step is under way."""
        self._heard_at = self._clock()

    def ticked(self) -> None:
        """The event loop goes round."""
        self._ticked_at = self._clock()

    def look(self, *, queue_answers: bool, steps_wait: bool, is_working: bool) -> Hearing:
        """What is to be thought now; asked for every few seconds.

        steps_wait: for this worker's queues. is_working: a process of its pool has a step.
        """
        now = self._clock()
        is_stuck = now - self._ticked_at > self._patience_seconds / 2
        is_deaf = steps_wait and not is_working
        if not queue_answers or not (is_stuck or is_deaf):
            self._since = None
        elif self._since is None:
            self._since = now
        self.now = Hearing.GOOD
        if self._since is not None:
            silent_seconds = now - max(self._since, self._heard_at)
            if silent_seconds >= self._patience_seconds:
                self.now = Hearing.LOST
            elif silent_seconds >= self._patience_seconds / 2:
                self.now = Hearing.DOUBTFUL
        return self.now


class Watchdog:
    """A thread that tests the hearing of this worker, and ends it when that is lost.

    queue_answers, steps_wait, is_working: see HearingTest.look; the first two may raise
        Unavailable. call_again: publishes what waits once more, in case its message was lost:
        then it is not the ears. end: stops this process, however busy its event loop is.
    """

    def __init__(
        self,
        test: HearingTest,
        *,
        patience_seconds: float,
        queue_answers: Callable[[], object],
        steps_wait: Callable[[], bool],
        is_working: Callable[[], bool],
        call_again: Callable[[], object],
        end: Callable[[], None],
    ) -> None:
        self._test = test
        self._pause_seconds = patience_seconds / _LOOKS
        self._patience_seconds = patience_seconds
        self._queue_answers = queue_answers
        self._steps_wait = steps_wait
        self._is_working = is_working
        self._call_again = call_again
        self._end = end
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="watchdog", daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def stop(self) -> None:
        """Look no more: the worker is about to end."""
        self._stop.set()

    def _watch(self) -> None:
        before = Hearing.GOOD
        while not self._stop.wait(self._pause_seconds):
            try:
                after = self._look()
                if after is Hearing.DOUBTFUL and before is Hearing.GOOD:
                    logger.warning("Steps wait, and this worker takes none; they are sent again.")
                    self._call_again()
            except Unavailable:
                after = Hearing.GOOD
            except Exception:
                logger.exception("The watchdog could not look.")
                after = Hearing.GOOD
            if after is Hearing.LOST and not self._stop.is_set():
                logger.critical(
                    "Steps have waited for %g s and this worker takes none. It ends itself, to be "
                    "started again.",
                    self._patience_seconds,
                )
                self._end()
                return
            before = after

    def _look(self) -> Hearing:
        try:
            self._queue_answers()
            waiting = self._steps_wait()
        except Unavailable:
            return self._test.look(queue_answers=False, steps_wait=False, is_working=False)
        return self._test.look(
            queue_answers=True, steps_wait=waiting, is_working=self._is_working()
        )

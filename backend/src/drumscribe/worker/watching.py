"""Ties the watchdog to Celery: what it sees of the event loop, the pool, the queue and the rows."""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import signal
import time
from collections.abc import Callable, Collection
from contextlib import suppress
from typing import Any, Final

from drumscribe.bootstrap import Service
from drumscribe.core.config import Settings
from drumscribe.domain.jobs import Step
from drumscribe.queue.hearing import Hearing, HearingTest, Watchdog

_TICK_SECONDS: Final = 5.0
_ENDED_BY_ITSELF: Final = 70


class WorkSigns:
    """When a process of the pool last showed that it works on a step.

    Made before the pool forks; written at every checkpoint, so that one that is killed leaves
    nothing behind that would look like work.
    """

    def __init__(self) -> None:
        self._last: Any = multiprocessing.Value(ctypes.c_double, 0.0, lock=False)

    def show(self) -> None:
        """A step is under way."""
        self._last.value = time.monotonic()

    def were_shown_within(self, seconds: float) -> bool:
        """Whether any process has shown one."""
        return bool(time.monotonic() - self._last.value < seconds)


class Watched:
    """The watchdog of one worker process of Celery. signs: of its pool."""

    def __init__(self, settings: Settings, signs: WorkSigns) -> None:
        self._patience_seconds = settings.worker_deaf_seconds
        self._signs = signs
        self._test = HearingTest(self._patience_seconds)
        self._watchdog: Watchdog | None = None
        # Of this process, not of the pool. Built (and its libraries loaded) before any fork.
        self._service = Service(settings)
        self._jobs, self._doorbell = self._service.jobs, self._service.doorbell

    def complaint(self) -> str | None:
        """What the health check says; None while the worker hears."""
        if self._test.now is Hearing.GOOD:
            return None
        return "steps wait, and this worker takes none"

    def heard(self) -> None:
        """A message was taken."""
        self._test.heard()

    def start(self, consumer: Any) -> None:
        """Begin, once the worker is ready. consumer: Celery's."""
        if self._watchdog is not None:  # ready again, after the broker was away
            return
        queues = {queue.name for queue in consumer.task_consumer.queues}
        steps = [step for step in Step if step.queue in queues]
        consumer.hub.call_repeatedly(
            min(_TICK_SECONDS, self._patience_seconds / 12), self._test.ticked
        )
        self._watchdog = Watchdog(
            self._test,
            patience_seconds=self._patience_seconds,
            queue_answers=self._doorbell.ping,
            steps_wait=lambda: bool(self._jobs.due(limit=1, steps=steps)),
            is_working=self._is_working,
            call_again=lambda: self._call_again(steps),
            end=lambda: _end_process(consumer.pool),
        )
        self._watchdog.start()

    def stop(self) -> None:
        """The worker was asked to end."""
        if self._watchdog is not None:
            self._watchdog.stop()

    def _is_working(self) -> bool:
        from celery.worker.state import active_requests

        return bool(active_requests) or self._signs.were_shown_within(self._patience_seconds)

    def _call_again(self, steps: Collection[Step]) -> None:
        for job_id, step in self._jobs.due(limit=1, steps=steps):
            self._doorbell.ring(step, job_id)


def showing(signs: WorkSigns, should_stop: Callable[[], bool]) -> Callable[[], bool]:
    """should_stop, which every checkpoint asks, as a sign of work."""

    def asked() -> bool:
        signs.show()
        return should_stop()

    return asked


def _end_process(pool: Any) -> None:
    """Ends at once: an event loop that turns round itself never comes to an orderly end.

    Nobody works (see is_working), and what anybody begins just now comes back by its lease.
    """
    for child in list(pool._pool._pool):
        with suppress(ProcessLookupError):
            os.kill(child.pid, signal.SIGKILL)
    os._exit(_ENDED_BY_ITSELF)

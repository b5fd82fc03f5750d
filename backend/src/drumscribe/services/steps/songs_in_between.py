"""While the drums are taken out of one mix, other songs get their page: between two segments."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from typing import Final
from uuid import UUID

from drumscribe.domain.jobs import Step
from drumscribe.domain.wishes import SeparationMode
from drumscribe.errors import Unavailable
from drumscribe.ports import JobStore

logger = logging.getLogger(__name__)

# A look is one query; a segment takes longer than that on most machines.
_LOOK_EVERY_SECONDS: Final = 2.0
_HEAVY: Final = tuple(step for step in Step if step.is_heavy)
# Those that were handed in first; behind them wait others that take long themselves.
_LOOKED_AT: Final = 10


class SongsInBetween:
    """Called at the checkpoints of a separation, which takes minutes, with a worker to itself.

    Hearing a song in its mix takes seconds: it would be a pity to let it wait. Songs whose drums
    are to be taken out first, and refinements, wait their turn.

    do_step: does a step in this thread, and reports all that goes wrong by itself.
    """

    def __init__(self, jobs: JobStore, do_step: Callable[[UUID, Step], object]) -> None:
        self._jobs = jobs
        self._do_step = do_step
        self._looked_at = time.monotonic()

    def __call__(self) -> float:
        """Do what waits, if it is time to look; returns how many seconds that took."""
        began = time.monotonic()
        if began - self._looked_at < _LOOK_EVERY_SECONDS:
            return 0.0
        done: set[tuple[UUID, Step]] = set()
        try:
            while (found := next(self._short_ones(done), None)) is not None:
                done.add(found)
                self._do_step(*found)
        except Unavailable as error:
            logger.warning("Other songs cannot be looked for just now: %s", error.message)
        self._looked_at = time.monotonic()
        return self._looked_at - began

    def _short_ones(self, done: set[tuple[UUID, Step]]) -> Iterator[tuple[UUID, Step]]:
        due = self._jobs.due(limit=_LOOKED_AT, steps=_HEAVY)
        known = self._jobs.get_several([job_id for job_id, _ in due])
        for job_id, step in due:
            job = known.get(job_id)
            if job is None or job.refines is not None or (job_id, step) in done:
                continue
            if job.request.wishes.hearing.separation is not SeparationMode.ALWAYS:
                yield job_id, step

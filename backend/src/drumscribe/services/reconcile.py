"""Wake somebody up for whatever is due and may have been forgotten."""

from __future__ import annotations

import logging
from collections import defaultdict
from uuid import UUID

from drumscribe.domain.jobs import Step
from drumscribe.ports import Doorbell, JobOperations

logger = logging.getLogger(__name__)

BATCH = 500


def reconcile(
    jobs: JobOperations,
    doorbell: Doorbell,
    *,
    limit: int = BATCH,
) -> int:
    """Publish due steps again: after a flushed broker, a crash before publishing, a lost worker.

    Where at least as many messages wait in a queue as steps are due, nothing is published:
    otherwise a long queue would get the same messages again and again.

    Returns how many were published. Raises Unavailable.
    """
    by_queue: defaultdict[str, list[tuple[UUID, Step]]] = defaultdict(list)
    for job_id, step in jobs.due(limit=limit):
        by_queue[step.queue].append((job_id, step))
    published = 0
    for queue, due in by_queue.items():
        waiting = doorbell.waiting(queue)
        if waiting is not None and waiting >= len(due):
            continue
        for job_id, step in due:
            doorbell.ring(step, job_id)
        published += len(due)
    if published:
        logger.debug("%d due steps were published again.", published)
    return published

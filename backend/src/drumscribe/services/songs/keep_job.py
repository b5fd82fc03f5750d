"""Keep an ended job beyond its time, or let it go when that is over."""

from __future__ import annotations

from datetime import UTC, datetime

from drumscribe.domain.jobs import Job
from drumscribe.domain.service.retention import Retention
from drumscribe.errors import JobNotFound, JobNotReady, ResultExpired
from drumscribe.ports import JobIntake


def keep_job(jobs: JobIntake, job: Job, *, is_kept: bool, retention: Retention) -> Job:
    """The job, whose files now stay until it is deleted, or as long from now as others do.

    Raises JobNotReady while it runs, ResultExpired once its files are gone, JobNotFound.
    """
    if not job.status.is_terminal:
        raise JobNotReady("The job has not ended yet; what is kept then is its result.")
    expires_at = None if is_kept else retention.until(datetime.now(UTC))
    if not jobs.keep(job.id, expires_at=expires_at):
        raise ResultExpired("The files of this job are gone; there is nothing left to keep.")
    after = jobs.get(job.id)
    if after is None:
        raise JobNotFound(f"There is no job {job.id}.")
    return after

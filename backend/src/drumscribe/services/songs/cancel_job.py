"""Stop a job, or throw away what it made."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from drumscribe.domain.jobs import Job
from drumscribe.errors import JobNotFound
from drumscribe.ports import ArtifactStorage, JobStore
from drumscribe.services.songs.read_job import find_own_job
from drumscribe.services.sweep_artifacts import sweep_soon


def cancel_job(jobs: JobStore, storage: ArtifactStorage, job_id: UUID, *, owner: str) -> Job:
    """Cancel a job that is under way; delete one that has ended.

    A queued job is cancelled at once; a running one is flagged, and its worker stops at the next
    checkpoint and deletes the files. Otherwise they are deleted before this returns, unless the
    storage does not answer. A job that had ended is gone for its owner.

    Returns the job as it is after cancelling, or as it was before it was deleted.

    Raises JobNotFound, also if it is somebody else's.
    """
    job = find_own_job(jobs, job_id, owner=owner)
    if job.status.is_terminal:
        jobs.mark_for_deletion(job_id)
        sweep_soon(jobs, storage, job_id)
        return job
    # Nobody wants the files of a cancelled job: they may go at once.
    after = jobs.request_cancel(job_id, expires_at=datetime.now(UTC))
    if after is None:
        raise JobNotFound(f"There is no job {job_id}.")
    if after.status.is_terminal:
        sweep_soon(jobs, storage, job_id)
    return after

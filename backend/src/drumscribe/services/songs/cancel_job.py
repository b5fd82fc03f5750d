"""Stop a job, or throw away what it made."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from drumscribe.domain.jobs import Job
from drumscribe.errors import JobNotFound
from drumscribe.ports import ArtifactStorage, JobStore
from drumscribe.services.songs.read_job import find_own_job
from drumscribe.services.sweep_artifacts import sweep_soon


@dataclass(frozen=True, slots=True)
class Dismissed:
    """What became of a job that was to go: cancelled, or deleted as it is here."""

    job: Job
    is_deleted: bool


def cancel_job(jobs: JobStore, storage: ArtifactStorage, job_id: UUID, *, owner: str) -> Job:
    """Cancel a job that is under way; one that has ended meanwhile stays as it is.

    A queued job is cancelled at once; a running one is flagged, and its worker stops at the next
    checkpoint and deletes the files. Otherwise they are deleted before this returns, unless the
    storage does not answer.

    Returns the job as it is then. Raises JobNotFound, also if it is somebody else's.
    """
    job = find_own_job(jobs, job_id, owner=owner)
    if job.status.is_terminal:
        return job
    # Nobody wants the files of a cancelled job: they may go at once.
    after = jobs.request_cancel(job_id, expires_at=datetime.now(UTC))
    if after is None:
        raise JobNotFound(f"There is no job {job_id}.")
    if after.status.is_terminal:
        sweep_soon(jobs, storage, job_id)
    return after


def dismiss_job(jobs: JobStore, storage: ArtifactStorage, job_id: UUID, *, owner: str) -> Dismissed:
    """Delete a job that has ended, with its files: it is gone for its owner. Cancel any other.

    A job that ends in between is neither: it stays, as after `cancel_job`.
    Raises JobNotFound, also if it is somebody else's.
    """
    job = find_own_job(jobs, job_id, owner=owner)
    # An operator may have given it another chance in between.
    if job.status.is_terminal and jobs.mark_for_deletion(job_id):
        sweep_soon(jobs, storage, job_id)
        return Dismissed(job, is_deleted=True)
    return Dismissed(cancel_job(jobs, storage, job_id, owner=owner), is_deleted=False)

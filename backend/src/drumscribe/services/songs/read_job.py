"""Look at a job: who may, what it is doing, what came of it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from drumscribe.domain.artifacts import Artifact, ArtifactKind
from drumscribe.domain.jobs import Job, JobStatus
from drumscribe.errors import (
    ArtifactMissing,
    JobNotFound,
    JobNotReady,
    ResultExpired,
)
from drumscribe.ports import ArtifactStorage, JobIntake


@dataclass(frozen=True, slots=True)
class JobView:
    """A job with what its row alone does not say.

    queue_position: 1 for the next to be claimed; None unless queued.
    downloads: what lies ready to be fetched. transcript: what every rendering is made from.
    refinement: the last time that the song was heard again, or is; refinement_position: in the
        queue.
    """

    job: Job
    queue_position: int | None
    downloads: tuple[Artifact, ...]
    transcript: Artifact | None = None
    refinement: Job | None = None
    refinement_position: int | None = None


@dataclass(frozen=True, slots=True)
class JobResult:
    """document: the JSON document of the transcription (see docs/reference/file-formats.md)."""

    view: JobView
    document: Mapping[str, Any]


def find_job(jobs: JobIntake, job_id: UUID, *, owner: str, by_link: bool) -> Job:
    """A job for reading: its owner's, or anybody's who knows the id where by_link.

    Raises JobNotFound; that it is somebody else's is not told.
    """
    job = jobs.get(job_id)
    if job is None or job.refines is not None or not (by_link or job.owner == owner):
        raise JobNotFound(f"There is no job {job_id}.")
    return job


def find_own_job(jobs: JobIntake, job_id: UUID, *, owner: str) -> Job:
    """A job for changing: only its owner's. Raises JobNotFound."""
    return find_job(jobs, job_id, owner=owner, by_link=False)


def view_job(jobs: JobIntake, job: Job) -> JobView:
    """The job with its place in the queue and its downloads."""
    return view_jobs(jobs, [job])[0]


def view_jobs(jobs: JobIntake, listed: Sequence[Job]) -> list[JobView]:
    """Several jobs likewise, in no more queries than one of them needs."""
    queued = [job.id for job in listed if job.status is JobStatus.QUEUED]
    completed = [job.id for job in listed if job.status is JobStatus.COMPLETED]
    artifacts = jobs.artifacts_of(completed) if completed else {}
    refinements = jobs.refinements_of(completed) if completed else {}
    queued += [one.id for one in refinements.values() if one.status is JobStatus.QUEUED]
    positions = jobs.queue_positions(queued) if queued else {}
    return [
        _view(job, positions, artifacts.get(job.id, ()), refinements.get(job.id)) for job in listed
    ]


def _view(
    job: Job, positions: Mapping[UUID, int], artifacts: Sequence[Artifact], refinement: Job | None
) -> JobView:
    return JobView(
        job,
        positions.get(job.id),
        tuple(artifact for artifact in artifacts if artifact.kind.is_download),
        next((artifact for artifact in artifacts if artifact.kind is ArtifactKind.GRID), None),
        refinement,
        None if refinement is None else positions.get(refinement.id),
    )


def read_result(jobs: JobIntake, storage: ArtifactStorage, job: Job) -> JobResult:
    """The result of a completed job. Raises JobNotReady, ResultExpired."""
    view = view_job(jobs, job)
    artifact = find_result(view)
    try:
        content = b"".join(storage.open(artifact.stored.key))
    except ArtifactMissing:
        raise _expired(job) from None
    return JobResult(view, json.loads(content))


def find_result(view: JobView) -> Artifact:
    """The transcript of a completed job. Raises JobNotReady, ResultExpired."""
    job = view.job
    if job.status is not JobStatus.COMPLETED:
        said = f"has {job.status.value}" if job.status.is_terminal else "has not ended yet"
        if job.status is JobStatus.CANCELLED:
            said = "was cancelled"
        raise JobNotReady(f"The job {said}; there is no result.")
    if view.transcript is None:
        raise _expired(job)
    return view.transcript


def _expired(job: Job) -> ResultExpired:
    when = f" ({job.expires_at:%Y-%m-%d %H:%M} UTC)" if job.expires_at else ""
    return ResultExpired(f"The files of this job were deleted after their time{when}.")

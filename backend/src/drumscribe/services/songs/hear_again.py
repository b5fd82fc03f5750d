"""The same recording once more, heard differently: a job of its own beside the first."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from functools import partial
from typing import Any

from drumscribe.domain.artifacts import ArtifactKind
from drumscribe.domain.jobs import InputType, Job
from drumscribe.domain.wishes import Wishes, said_over
from drumscribe.errors import ArtifactMissing, JobNotReady, ResultExpired
from drumscribe.ports import ArtifactStorage, Doorbell, JobIntake
from drumscribe.services.submit_job import SubmitOptions, submit_job


def hear_again(
    jobs: JobIntake,
    storage: ArtifactStorage,
    doorbell: Doorbell,
    job: Job,
    *,
    wishes: Mapping[str, Any],
    idempotency_key: str | None,
    trace_context: Mapping[str, str],
    options: SubmitOptions,
) -> Job:
    """A new job of the same owner, from the recording that an ended one has kept.

    wishes: name -> its new value as JSON, None for what is found out. What is not named holds as it
        was said before, at first or in an edit. Hits that were edited stay with the first job.

    A link is fetched again. Raises JobNotReady, ResultExpired, InvalidOption, QuotaExceeded,
    IdempotencyConflict, Unavailable.
    """
    if not job.status.is_terminal:
        raise JobNotReady("The job has not ended yet; cancel it first.")
    kept = {name: value for name, value in job.wishes.said().items() if name not in wishes}
    request = dataclasses.replace(
        job.request,
        title=job.facts.title or job.request.title,
        wishes=Wishes.of(said_over(wishes, kept)),
        idempotency_key=idempotency_key,
        request_hash=None,
        trace_context=trace_context,
    )
    submit = partial(
        submit_job, jobs, storage, doorbell, owner=job.owner, request=request, options=options
    )
    if request.input_type is not InputType.UPLOAD:
        return submit(upload=None)[0]
    source = next((a for a in jobs.artifacts(job.id) if a.kind is ArtifactKind.SOURCE), None)
    if source is None:
        raise _gone()
    try:
        with storage.local_path(source.stored.key) as path, path.open("rb") as upload:
            return submit(upload=upload)[0]
    except ArtifactMissing:
        raise _gone() from None


def _gone() -> ResultExpired:
    return ResultExpired("The recording of this job was deleted after its time. Upload it again.")

"""Progress as Server-Sent Events; a client that comes back goes on after its last event."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

from fastapi import Request
from starlette.concurrency import run_in_threadpool

from drumscribe.api.v1.schemas.common import rounded_eta, wire_status
from drumscribe.api.v1.schemas.refinements import RefinementOut
from drumscribe.domain.jobs import Job, JobEvent, JobStatus, Step
from drumscribe.domain.service.job_events import PROGRESS, REFINEMENT
from drumscribe.ports import JobIntake
from drumscribe.services.songs.read_job import JobView

POLL_SECONDS = 0.5
_COMMENT_EVERY_POLLS = 30
_PAGE = 100


async def event_stream(
    request: Request, jobs: JobIntake, job_id: UUID, *, after: int, is_own: bool
) -> AsyncIterator[str]:
    """Events of a job from a number on, until it has ended or the client has gone.

    Who owns a finished song that is being heard again is told of that by `refinement` events, with
    all that the job says of it and without a number: where it stands is said to who comes back, not
    how it came there. The stream goes on until that has ended, too.

    Every event carries status, step, progress, queue position and remaining seconds as the
    contract writes them, so a client needs nothing else. Where only the last two have changed, a
    `progress` event without a number says so: it is not sent again to who comes back.
    """
    yield "retry: 2000\n\n"
    quiet_polls = 0
    last_said: tuple[int | None, float | None] | None = None
    refinement_said: RefinementOut | None = None
    while True:
        # The job first: an event that comes in between is then found in the next round.
        job = await run_in_threadpool(jobs.get, job_id)
        events = await run_in_threadpool(jobs.events, job_id, after=after, limit=_PAGE)
        position = None
        if job is not None and job.status is JobStatus.QUEUED:
            position = (await run_in_threadpool(jobs.queue_positions, [job_id])).get(job_id)
        for event in events:
            after = event.number
            # What was so at the time of an older event nobody knows any more.
            is_newest = job is not None and event is events[-1] and len(events) < _PAGE
            yield _written(event, job if is_newest else None, position if is_newest else None)
        said = (position, None if job is None else rounded_eta(job))
        if job is not None and not events and last_said is not None and said != last_said:
            yield _only_estimates(job, position)
        last_said = said
        refinement = await run_in_threadpool(_refinement_of, jobs, job) if is_own else None
        is_refining = refinement is not None and refinement.finished_at is None
        if refinement != refinement_said and (is_refining or refinement_said is not None):
            refinement_said = refinement
            if refinement is not None:
                yield f"event: {REFINEMENT}\ndata: {refinement.model_dump_json()}\n\n"
        has_ended = job is None or job.status.is_terminal
        if has_ended and len(events) < _PAGE and not is_refining:
            yield "event: end\ndata: {}\n\n"
            return
        if await request.is_disconnected():
            return
        quiet_polls = 0 if events else quiet_polls + 1
        if quiet_polls and quiet_polls % _COMMENT_EVERY_POLLS == 0:
            # Keeps proxies from closing the line.
            yield ": waiting\n\n"
        if len(events) < _PAGE:
            await asyncio.sleep(POLL_SECONDS)


def _refinement_of(jobs: JobIntake, job: Job | None) -> RefinementOut | None:
    """How it stands with hearing a song again; None where that was never begun."""
    if job is None or job.status is not JobStatus.COMPLETED:
        return None
    refinement = jobs.refinements_of([job.id]).get(job.id)
    if refinement is None:
        return None
    position = None
    if refinement.status is JobStatus.QUEUED:
        position = jobs.queue_positions([refinement.id]).get(refinement.id)
    return RefinementOut.of(
        JobView(job, None, (), refinement=refinement, refinement_position=position)
    )


def _written(event: JobEvent, job: Job | None, position: int | None) -> str:
    """job: as it is now, for the newest event only."""
    data = _complete(dict(event.data), job, position)
    return f"id: {event.number}\nevent: {event.kind}\ndata: {json.dumps(data)}\n\n"


def _only_estimates(job: Job, position: int | None) -> str:
    data = {"status": job.status.value, "step": job.step.value, "progress": job.progress}
    return f"event: {PROGRESS}\ndata: {json.dumps(_complete(data, job, position))}\n\n"


def _complete(data: dict[str, Any], job: Job | None, position: int | None) -> dict[str, Any]:
    if "step" in data:
        # Status as the contract writes it. Events from before 0.2 do not all say it.
        status = JobStatus(data.get("status", JobStatus.RUNNING))
        data["status"] = wire_status(status, Step(data["step"]))
        data["stage"] = data["step"]
    return data | {
        "queue_position": position,
        "eta_seconds": None if job is None else rounded_eta(job),
    }

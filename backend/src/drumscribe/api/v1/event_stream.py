"""Progress as Server-Sent Events; a client that comes back goes on after its last event."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from uuid import UUID

from fastapi import Request
from starlette.concurrency import run_in_threadpool

from drumscribe.api.v1.schemas import wire_status
from drumscribe.domain.job_events import STATUS
from drumscribe.domain.jobs import JobEvent, JobStatus, Step
from drumscribe.ports import JobStore

POLL_SECONDS = 0.5
_COMMENT_EVERY_POLLS = 30
_PAGE = 100


async def event_stream(
    request: Request, jobs: JobStore, job_id: UUID, *, after: int
) -> AsyncIterator[str]:
    """Events of a job from a number on, until it has ended or the client has gone.

    Status events carry the status as the contract writes it, so a client needs nothing else.
    """
    yield "retry: 2000\n\n"
    quiet_polls = 0
    while True:
        # The job first: an event that comes in between is then found in the next round.
        job = await run_in_threadpool(jobs.get, job_id)
        events = await run_in_threadpool(jobs.events, job_id, after=after, limit=_PAGE)
        for event in events:
            after = event.number
            yield _written(event)
        if job is None or (job.status.is_terminal and len(events) < _PAGE):
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


def _written(event: JobEvent) -> str:
    data = dict(event.data)
    if event.kind == STATUS:
        # As the contract writes it; the step stands beside it.
        data["status"] = wire_status(JobStatus(data["status"]), Step(data["step"]))
    return f"id: {event.number}\nevent: {event.kind}\ndata: {json.dumps(data)}\n\n"

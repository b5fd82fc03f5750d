"""What routes are handed: the service, the caller, and a job that the caller may touch."""

from __future__ import annotations

from typing import Annotated, Final
from uuid import UUID

from fastapi import Depends, Path, Request, Response

from drumscribe.api.caller import identify, network_of
from drumscribe.api.edits_in_turn import EditsInTurn
from drumscribe.api.rate_limits import RateLimiter
from drumscribe.bootstrap import Service
from drumscribe.domain.jobs import Job
from drumscribe.services.songs.read_job import find_job, find_own_job

_MAKING_WORK: Final = ("/jobs", "/copy", "/again", "/refinement")


def get_service(request: Request) -> Service:
    """The ports of this process."""
    service: Service = request.app.state.service
    return service


ServiceDep = Annotated[Service, Depends(get_service)]


def get_edits_in_turn(request: Request) -> EditsInTurn:
    """The edits of this process."""
    turns: EditsInTurn = request.app.state.edits_in_turn
    return turns


EditsInTurnDep = Annotated[EditsInTurn, Depends(get_edits_in_turn)]


def get_caller(request: Request, response: Response, service: ServiceDep) -> str:
    """The owner that the request acts for; counted against the rate limit."""
    limiter: RateLimiter = request.app.state.rate_limiter
    settings = service.settings
    # By network first: sessions cost nothing, so they must not multiply the allowance.
    network = network_of(request, settings)
    allowance = limiter.count("any", network, settings.rate_limit_per_minute)
    if request.method == "POST" and request.url.path.endswith(
        ("/jobs", "/copy", "/again", "/refinement")
    ):
        creating = limiter.count("create", network, settings.create_limit_per_minute)
        allowance = creating or allowance
    if allowance is not None:
        response.headers.update(allowance.headers)
        # Answers to what goes wrong are written elsewhere.
        request.state.rate_limit_headers = allowance.headers
    return identify(request, service)


CallerDep = Annotated[str, Depends(get_caller)]
JobId = Annotated[UUID, Path(description="Id of the job.")]


def get_readable_job(job_id: JobId, service: ServiceDep, caller: CallerDep) -> Job:
    """A job that the caller may read: its own, or any by its link where sharing is on."""
    return find_job(service.jobs, job_id, owner=caller, by_link=service.settings.share_by_link)


def get_own_job(job_id: JobId, service: ServiceDep, caller: CallerDep) -> Job:
    """A job that the caller may change."""
    return find_own_job(service.jobs, job_id, owner=caller)


ReadableJob = Annotated[Job, Depends(get_readable_job)]
OwnJob = Annotated[Job, Depends(get_own_job)]

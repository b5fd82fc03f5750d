"""Hearing a finished song again with its drums alone, into the same song."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Header, Response

from drumscribe.api.errors import declared
from drumscribe.api.v1.deps import EditsInTurnDep, OwnJob, ServiceDep
from drumscribe.api.v1.routes.jobs import own_state
from drumscribe.api.v1.routes.results import IfMatch, result_answer, version_of
from drumscribe.api.v1.schemas.jobs import JobStatusOut
from drumscribe.api.v1.schemas.results import JobResultOut
from drumscribe.bootstrap import Service
from drumscribe.domain.jobs import Job
from drumscribe.services.songs.refine_job import cancel_refinement, refine_job, undo_refinement

router = APIRouter(prefix="/jobs/{job_id}/refinement", tags=["results"])

IdempotencyKey = Annotated[
    str | None,
    Header(
        min_length=1,
        max_length=255,
        description="The same key for the same song begins one refinement.",
    ),
]


@router.post(
    "",
    status_code=202,
    response_model=JobStatusOut,
    responses=declared(404, 409, 410),
    summary="Hear the drums alone",
)
def begin(service: ServiceDep, job: OwnJob, idempotency_key: IdempotencyKey = None) -> JobStatusOut:
    """Takes the drums out of the mix of a finished song and hears them, in the background.

    The song can be read, played and edited meanwhile; `refinement` of the job says how far it is.
    At the end its score takes over what was heard: what you have written by hand, moved or said
    stays. The stems are then among the downloads. The first time may fetch the separation model.
    """
    refine_job(
        service.jobs,
        service.storage,
        service.doorbell,
        service.models,
        job,
        idempotency_key=idempotency_key,
        trace_context=service.tracing.carrier(),
    )
    return _state(service, job)


@router.delete(
    "", response_model=JobStatusOut, responses=declared(404), summary="Stop hearing the drums alone"
)
def stop(service: ServiceDep, job: OwnJob) -> JobStatusOut:
    """The song stays as it is. One that has ended stays so: see `undo`."""
    cancel_refinement(service.jobs, service.storage, job)
    return _state(service, job)


@router.post(
    "/undo",
    response_model=JobResultOut,
    responses=declared(404, 409, 410, 412, 507),
    summary="Take back what was heard in the drums alone",
)
async def undo(
    response: Response,
    service: ServiceDep,
    turns: EditsInTurnDep,
    job: OwnJob,
    if_match: IfMatch = None,
) -> Response:
    """Hits and bars are as they were before, as one edit; the stems stay.

    412 where the score was edited since: that would be lost.
    """

    def taken_back() -> Response:
        undo_refinement(
            service.jobs,
            service.storage,
            service.models,
            job,
            service.edit_options,
            if_version=version_of(if_match, job),
        )
        return result_answer(response, service, service.jobs.get(job.id) or job)

    return await turns.run(taken_back)


def _state(service: Service, job: Job) -> JobStatusOut:
    return own_state(service, service.jobs.get(job.id) or job)

"""Results: read, edit, download; and the log of webhooks."""

from __future__ import annotations

import dataclasses
import json
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Request, Response

from drumscribe.api.errors import declared
from drumscribe.api.v1.deps import OwnJob, ReadableJob, ServiceDep
from drumscribe.api.v1.downloads import serve_artifact
from drumscribe.api.v1.schemas import (
    DeliveryOut,
    JobResultOut,
    OptionsEditIn,
    ScoreEditIn,
    downloads_of,
    wire_status,
)
from drumscribe.bootstrap import Service
from drumscribe.domain.artifacts import ArtifactKind
from drumscribe.domain.jobs import Job
from drumscribe.errors import DeliveryNotFound, FormatNotAvailable, InvalidRequest
from drumscribe.services.edit_score import ScoreEdit, edit_score
from drumscribe.services.read_job import find_download, read_result, view_job

router = APIRouter(prefix="/jobs/{job_id}", tags=["results"])


def _result(service: Service, job: Job) -> JobResultOut:
    result = read_result(service.jobs, service.storage, job)
    known = {name: result.document.get(name) for name in JobResultOut.model_fields}
    return JobResultOut.model_validate(
        known
        | {
            "job_id": job.id,
            "title": result.document.get("title") or job.request.title,
            "status": wire_status(job.status, job.step),
            "downloads": downloads_of(result.view),
        }
    )


@router.get(
    "/result",
    response_model=JobResultOut,
    responses=declared(404, 409, 410),
    summary="What was heard",
)
def get_result(service: ServiceDep, job: ReadableJob) -> JobResultOut:
    """Hits, beats, tempo and downloads of a completed job."""
    return _result(service, job)


@router.put(
    "/score",
    response_model=JobResultOut,
    responses=declared(404, 409, 410, 413, 507),
    summary="Replace the hits",
)
def put_score(service: ServiceDep, job: OwnJob, edit: ScoreEditIn) -> JobResultOut:
    """Engraves the page again from edited hits; no model runs."""
    content = json.dumps([hit.model_dump(mode="json") for hit in edit.hits]).encode()
    return _edited(service, job, ScoreEdit(hits=content))


@router.patch(
    "",
    response_model=JobResultOut,
    responses=declared(404, 409, 410, 413, 507),
    summary="Change tempo, metre, bar 1, sensitivity or title",
)
def patch_options(service: ServiceDep, job: OwnJob, edit: OptionsEditIn) -> JobResultOut:
    """Engraves the page again; no model runs."""
    changes = edit.model_dump(exclude_none=True)
    if not changes:
        raise InvalidRequest("Nothing to change was given.")
    metre = changes.pop("time_signature", None)
    return _edited(service, job, dataclasses.replace(ScoreEdit(**changes), metre=metre))


def _edited(service: Service, job: Job, edit: ScoreEdit) -> JobResultOut:
    edit_score(service.jobs, service.storage, service.models, job, edit, service.edit_options)
    return _result(service, service.jobs.get(job.id) or job)


@router.head("/download/{format}", include_in_schema=False)
@router.get(
    "/download/{format}",
    response_class=Response,
    responses={
        **declared(404, 409, 410, 416),
        200: {
            "description": "The file.",
            "content": {
                "application/octet-stream": {"schema": {"type": "string", "format": "binary"}}
            },
        },
        206: {"description": "A part of the file."},
        304: {"description": "The client has it already."},
        307: {"description": "The file is fetched from the store."},
    },
    summary="Download a file",
)
def download(
    request: Request,
    service: ServiceDep,
    job: ReadableJob,
    format: Annotated[  # noqa: A002 - the contract's word
        str, Path(description="musicxml, pdf, midi, midi-performance, svg, json, csv, ...")
    ],
) -> Response:
    """Supports ranges and conditional requests."""
    try:
        kind = ArtifactKind(format)
    except ValueError:
        kind = None
    if kind is None or not kind.is_download:
        known = ", ".join(entry.value for entry in ArtifactKind if entry.is_download)
        raise FormatNotAvailable(f"There is no format {format!r}; there is {known}.")
    artifact = find_download(view_job(service.jobs, job), kind)
    return serve_artifact(
        request,
        service.storage,
        artifact,
        presigned_seconds=service.settings.s3_presigned_seconds,
    )


@router.get(
    "/deliveries",
    response_model=list[DeliveryOut],
    responses=declared(404),
    tags=["webhooks"],
    summary="Log of the job's webhooks",
)
def list_deliveries(service: ServiceDep, job: OwnJob) -> list[DeliveryOut]:
    """What was told to whom, and what they answered."""
    return [DeliveryOut.of(entry) for entry in service.deliveries.deliveries(job.id)]


@router.post(
    "/deliveries/{delivery_id}/redeliver",
    status_code=202,
    response_model=DeliveryOut,
    responses=declared(404),
    tags=["webhooks"],
    summary="Send a webhook again",
)
def redeliver(service: ServiceDep, job: OwnJob, delivery_id: UUID) -> DeliveryOut:
    """Makes the delivery due now, whatever became of it before."""
    known = {entry.id for entry in service.deliveries.deliveries(job.id)}
    again = service.deliveries.redeliver(delivery_id) if delivery_id in known else None
    if again is None:
        raise DeliveryNotFound(f"The job has no delivery {delivery_id}.")
    return DeliveryOut.of(again)

"""Results: read, edit, download; and the log of webhooks."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from anyio.to_thread import run_sync
from fastapi import APIRouter, Depends, Header, Path, Request, Response

from drumscribe.api.errors import declared
from drumscribe.api.v1.deps import EditsInTurnDep, OwnJob, ReadableJob, ServiceDep
from drumscribe.api.v1.downloads import matches_tag, serve_artifact
from drumscribe.api.v1.hits_body import hits_body, read_hits
from drumscribe.api.v1.inputs import OptionsEditIn, SensitivityIn
from drumscribe.api.v1.schemas.common import wire_status
from drumscribe.api.v1.schemas.jobs import downloads_of
from drumscribe.api.v1.schemas.results import (
    BroughtOut,
    BroughtResultOut,
    JobResultOut,
    ScoreSettingsOut,
    TriedOut,
    result_tag,
)
from drumscribe.api.v1.schemas.service import DeliveryOut
from drumscribe.bootstrap import Service
from drumscribe.domain.artifacts import Artifact, ArtifactKind
from drumscribe.domain.drums import Hit
from drumscribe.domain.jobs import Job
from drumscribe.errors import (
    DeliveryNotFound,
    EditConflict,
    FormatNotAvailable,
    InvalidRequest,
    NotAScore,
)
from drumscribe.notation.bringing.changes import Brought
from drumscribe.services.songs.bring_score import bring_score
from drumscribe.services.songs.edit_score import (
    ScoreEdit,
    edit_score,
    revert_score,
    try_sensitivity,
)
from drumscribe.services.songs.read_job import read_result, view_job
from drumscribe.services.songs.render_format import find_rendering, render_format

router = APIRouter(prefix="/jobs/{job_id}", tags=["results"])

IfMatch = Annotated[
    str | None,
    Header(
        max_length=1000,
        description="The ETag of the result that the edit was made from; if the result has another "
        "one by now, nothing is changed and the answer is 412.",
    ),
]


def result_answer(
    response: Response, service: Service, job: Job, brought: Brought | None = None
) -> Response:
    """The answer, written here: a thread's work, which the framework would do on the event loop."""
    result = read_result(service.jobs, service.storage, job)
    # Documents of earlier versions lack what has a default.
    known = {
        name: result.document[name] for name in JobResultOut.model_fields if name in result.document
    }
    extra = {} if brought is None else {"brought": BroughtOut.of(brought)}
    written = (
        (JobResultOut if brought is None else BroughtResultOut)
        .model_validate(
            known
            | extra
            | {
                # Of the whole job; the document was written before the last step was over.
                "compute_time_ms": job.facts.compute_time_ms,
                "is_edited": job.edited_at is not None,
                "has_edited_hits": job.edits.has_edited_hits,
                "edited_at": job.edited_at,
                "version": job.version,
                "settings": ScoreSettingsOut.of(job),
                "job_id": job.id,
                "title": result.document.get("title") or job.request.title,
                "status": wire_status(job.status, job.step),
                "downloads": downloads_of(result.view, service.formats),
            }
        )
        .model_dump_json()
    )
    answer = Response(written, media_type="application/json", headers=_tags(job))
    answer.headers.raw.extend(response.headers.raw)
    return answer


def _tags(job: Job) -> dict[str, str]:
    return {"ETag": result_tag(job), "Cache-Control": "private, no-cache"}


@router.get(
    "/result",
    response_model=JobResultOut,
    responses={**declared(404, 409, 410), 304: {"description": "The client has it already."}},
    summary="What was heard",
)
def get_result(
    request: Request, response: Response, service: ServiceDep, job: ReadableJob
) -> Response:
    """Hits, beats, tempo and downloads of a completed job. The ETag names its version."""
    result = result_answer(response, service, job)
    if matches_tag(request.headers.get("if-none-match"), result_tag(job)):
        return Response(status_code=304, headers=_tags(job))
    return result


@router.put(
    "/score",
    response_model=JobResultOut,
    responses=declared(404, 409, 410, 412, 413, 507),
    openapi_extra=hits_body(),
    summary="Replace the hits",
)
async def put_score(
    response: Response,
    service: ServiceDep,
    turns: EditsInTurnDep,
    job: OwnJob,
    hits: Annotated[tuple[Hit, ...], Depends(read_hits)],
    if_match: IfMatch = None,
) -> Response:
    """Engraves the page again from edited hits, whose times are kept exactly; no model runs."""
    asked = ScoreEdit(hits=hits, if_version=version_of(if_match, job))
    return await turns.run(lambda: _edited(response, service, job, asked))


@router.put(
    "/score/file",
    response_model=BroughtResultOut,
    responses=declared(404, 409, 410, 412, 413, 415, 507),
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                "application/octet-stream": {"schema": {"type": "string", "format": "binary"}}
            },
        }
    },
    summary="Bring a corrected score back",
)
async def put_score_file(
    request: Request,
    response: Response,
    service: ServiceDep,
    turns: EditsInTurnDep,
    job: OwnJob,
    if_match: IfMatch = None,
) -> Response:
    """The body is the file itself: MusicXML (.mxl too), MIDI, or our JSON, told by its content.

    It becomes the score of the recording, laid over its beats. Notes that stand where they stood
    keep time, loudness, confidence and id. A file that cannot be taken changes nothing.
    """
    content = await request.body()
    if not content:
        raise NotAScore("The request has no body: expected the file of a score.")
    version = version_of(if_match, job)
    return await turns.run(lambda: _brought(response, service, job, content, version))


@router.post(
    "/score/try",
    response_model=TriedOut,
    responses=declared(404, 409, 410, 413, 507),
    summary="What another sensitivity would change",
)
async def try_options(
    service: ServiceDep, turns: EditsInTurnDep, job: OwnJob, wish: SensitivityIn
) -> TriedOut:
    """Counts the hits that would come and go. Nothing is changed."""
    asked = wish.model_dump(mode="json", exclude_unset=True)
    if not asked:
        raise InvalidRequest("Nothing to try was given.")
    root = service.edit_options.scratch_root

    def tried() -> TriedOut:
        found = try_sensitivity(service.jobs, service.storage, service.models, job, asked, root)
        return TriedOut(added=found.added, removed=found.removed)

    return await turns.run(tried)


@router.post(
    "/score/revert",
    response_model=JobResultOut,
    responses=declared(404, 409, 410, 412, 507),
    summary="Take all edits back",
)
async def revert(
    response: Response,
    service: ServiceDep,
    turns: EditsInTurnDep,
    job: OwnJob,
    if_match: IfMatch = None,
) -> Response:
    """The result is what the machine made again."""
    return await turns.run(lambda: _reverted(response, service, job, if_match))


@router.patch(
    "",
    response_model=JobResultOut,
    responses=declared(404, 409, 410, 412, 413, 507),
    summary="Change tempo, metre, bar 1, sensitivity, style or title",
)
async def patch_options(
    response: Response,
    service: ServiceDep,
    turns: EditsInTurnDep,
    job: OwnJob,
    edit: OptionsEditIn,
    if_match: IfMatch = None,
) -> Response:
    """Engraves the page again; no model runs. Saying the same again changes nothing more."""
    changes = edit.model_dump(mode="json", exclude_unset=True)
    is_reverted = changes.pop("revert", False)
    if not changes and not is_reverted:
        raise InvalidRequest("Nothing to change was given.")
    if not changes:
        return await turns.run(lambda: _reverted(response, service, job, if_match))
    asked = ScoreEdit(wishes=changes, starts_over=is_reverted, if_version=version_of(if_match, job))
    return await turns.run(lambda: _edited(response, service, job, asked))


def _reverted(response: Response, service: Service, job: Job, if_match: str | None) -> Response:
    revert_score(
        service.jobs,
        service.storage,
        job,
        service.edit_options,
        if_version=version_of(if_match, job),
    )
    return result_answer(response, service, service.jobs.get(job.id) or job)


def _edited(response: Response, service: Service, job: Job, edit: ScoreEdit) -> Response:
    edit_score(service.jobs, service.storage, service.models, job, edit, service.edit_options)
    return result_answer(response, service, service.jobs.get(job.id) or job)


def _brought(
    response: Response, service: Service, job: Job, content: bytes, version: int | None
) -> Response:
    brought = bring_score(
        service.jobs,
        service.storage,
        service.models,
        job,
        content,
        service.edit_options,
        if_version=version,
    )
    return result_answer(response, service, service.jobs.get(job.id) or job, brought)


def version_of(if_match: str | None, job: Job) -> int | None:
    """The version that an edit is meant for; None: whichever there is. Raises EditConflict."""
    if if_match is None or if_match.strip() == "*":
        return None
    if not matches_tag(if_match, result_tag(job)):
        raise EditConflict(
            f"The score was edited meanwhile: its ETag is {result_tag(job)} now. Load it again "
            "before you edit it."
        )
    return job.version


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
async def download(
    request: Request,
    service: ServiceDep,
    turns: EditsInTurnDep,
    job: ReadableJob,
    format: Annotated[  # noqa: A002 - the contract's word
        str,
        Path(
            description="musicxml, pdf, midi, midi-performance, gp, tab, svg, svg-narrow, timemap, "
            "json, csv, original (the file as it came), recording (what was heard of it, in "
            "FLAC), drums, backing"
        ),
    ],
) -> Response:
    """Supports ranges and conditional requests. What nobody asked for yet is made now."""
    wanted = ArtifactKind.of_format(format)
    if wanted is None:
        known = ", ".join(kind.format_name for kind in ArtifactKind if kind.is_download)
        raise FormatNotAvailable(f"There is no format {format!r}; there is {known}.")

    def ready() -> Artifact | None:
        return find_rendering(view_job(service.jobs, job), wanted, service.engravers)

    artifact = await run_sync(ready)
    if artifact is None:
        artifact = await turns.run(
            lambda: render_format(
                service.jobs, service.storage, job, wanted, service.render_options
            )
        )
    return await run_sync(
        lambda: serve_artifact(
            request,
            service.storage,
            artifact,
            presigned_seconds=service.settings.s3_presigned_seconds,
        )
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

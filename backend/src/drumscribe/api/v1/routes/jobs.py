"""Jobs: make, list, look at, cancel."""

from __future__ import annotations

import dataclasses
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Query, Request, Response
from fastapi.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from drumscribe.api.caller import is_nobody, network_of
from drumscribe.api.errors import declared
from drumscribe.api.rate_limits import OpenStreams
from drumscribe.api.v1.deps import CallerDep, JobId, OwnJob, ReadableJob, ServiceDep
from drumscribe.api.v1.event_stream import event_stream
from drumscribe.api.v1.inputs import HearAgainIn, JobFromLink, JobOptions, KeepIn, SaidLink, TagsIn
from drumscribe.api.v1.schemas.common import API_PREFIX, wire_status
from drumscribe.api.v1.schemas.jobs import DeletedOut, JobAccepted, JobList, JobStatusOut
from drumscribe.api.v1.submission import OBJECT_FIELDS, Submission, read_submission
from drumscribe.api.v1.wish_models import said_in
from drumscribe.bootstrap import Service
from drumscribe.domain.jobs import InputType, Job, JobRequest
from drumscribe.domain.service.set_lists import tidy_tags
from drumscribe.domain.service.video_links import canonical_video_url, video_in
from drumscribe.domain.titles import title_of_name
from drumscribe.domain.transcription import ModelRef
from drumscribe.domain.wishes import Style, Wishes, said_over
from drumscribe.errors import InvalidOption, JobNotFound, LinksDisabled
from drumscribe.services.songs.cancel_job import cancel_job, dismiss_job
from drumscribe.services.songs.copy_job import copy_job
from drumscribe.services.songs.hear_again import hear_again
from drumscribe.services.songs.keep_job import keep_job
from drumscribe.services.songs.read_job import view_job, view_jobs
from drumscribe.services.submit_job import submit_job

router = APIRouter(prefix="/jobs", tags=["jobs"])

IdempotencyKey = Annotated[
    str | None,
    Header(
        min_length=1,
        max_length=255,
        description="The same key with the same request gives the same job.",
    ),
]

_RETRY_AFTER_SECONDS = "2"
_MAX_EVENT_NUMBER = 2**63 - 1


def own_state(service: Service, job: Job) -> JobStatusOut:
    """What a job's owner is told of it."""
    return JobStatusOut.of(view_job(service.jobs, job), service.formats, is_own=True)


def _create_body() -> dict[str, Any]:
    # The components are there: other routes name them.
    forms = [
        model.model_json_schema(ref_template="#/components/schemas/{model}")
        for model in (JobOptions, JobFromLink)
    ]
    for form in forms:
        form.pop("$defs", None)
    upload, link = forms
    for name in OBJECT_FIELDS:
        upload["properties"][name] = {"type": "string", "description": "A JSON object."}
    upload["properties"]["file"] = {"type": "string", "format": "binary"}
    upload["required"] = ["file"]
    return {
        "requestBody": {
            "required": True,
            "content": {
                "multipart/form-data": {"schema": upload},
                "application/json": {"schema": link},
            },
        }
    }


@router.post(
    "",
    status_code=202,
    response_model=JobAccepted,
    responses=declared(400, 403, 409, 413, 415, 507),
    openapi_extra=_create_body(),
    summary="Transcribe a recording",
)
def create_job(
    response: Response,
    service: ServiceDep,
    caller: CallerDep,
    submission: Annotated[Submission, Depends(read_submission)],
    idempotency_key: IdempotencyKey = None,
) -> JobAccepted:
    """Upload a file (form field `file`), or send a link as JSON."""
    request = dataclasses.replace(
        _request(
            submission,
            idempotency_key,
            links=_Links(service.fetcher is not None, service.fetches_videos),
            known=service.models.detector_ref() if submission.options.model else None,
            style=service.settings.drum_style,
        ),
        trace_context=service.tracing.carrier(),
    )
    job, _ = submit_job(
        service.jobs,
        service.storage,
        service.doorbell,
        owner=caller,
        request=request,
        upload=submission.upload,
        options=service.submit_options,
    )
    response.headers["Location"] = f"{API_PREFIX}/jobs/{job.id}"
    return JobAccepted(job_id=job.id, status=wire_status(job.status, job.step))


def _request(
    submission: Submission,
    idempotency_key: str | None,
    *,
    links: _Links,
    known: ModelRef | None,
    style: Style,
) -> JobRequest:
    kind, url = InputType.UPLOAD, None
    if submission.link is not None:
        kind, url = _checked_link(submission.link, links)
    options = submission.options
    # A model that is not fetched yet is checked by the worker.
    if known is not None and options.model not in (None, known.name):
        raise InvalidOption(f"There is no model {options.model!r}; there is {known.name!r}.")
    filename = _plain_name(submission.filename)
    wishes = Wishes.of(said_over(said_in(options), {"style": style}))
    return JobRequest(
        input_type=kind,
        # A link without a title gets that of its page when it is fetched.
        title=wishes.page.title or (_stem(filename) if url is None else ""),
        link=url,
        original_filename=filename,
        wishes=wishes,
        model=options.model,
        webhook_url=options.webhook_url,
        metadata=options.metadata,
        idempotency_key=idempotency_key,
    )


@dataclass(frozen=True, slots=True)
class _Links:
    """Which links are taken here."""

    any: bool
    videos: bool


def _checked_link(said: SaidLink, links: _Links) -> tuple[InputType, str]:
    """What a link leads to, and the form in which it is kept.

    Raises LinksDisabled or UnsupportedLink.
    """
    is_of_video = said.is_of_video or video_in(said.url) is not None
    if not (links.videos if is_of_video else links.any):
        raise LinksDisabled("Links are switched off here; upload the file instead.")
    if is_of_video:
        return InputType.YOUTUBE, canonical_video_url(said.url)
    return InputType.LINK, said.url


def _stem(filename: str | None) -> str:
    stem = (filename or "").rpartition(".")[0] or filename
    return title_of_name(stem) if stem else "Untitled"


def _plain_name(filename: str | None) -> str | None:
    """The last part of a name, without what cannot be printed; some browsers send whole paths."""
    if not filename:
        return None
    last = filename.replace("\\", "/").rpartition("/")[2]
    return "".join(c for c in last if c.isprintable())[:200] or None


@router.get("", response_model=JobList, responses=declared(), summary="Own jobs")
def list_jobs(
    service: ServiceDep,
    caller: CallerDep,
    cursor: Annotated[str | None, Query(max_length=500)] = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
) -> JobList:
    """Newest first. `next_cursor` is null on the last page.

    Without a key or a session nothing is listed: who calls from one address is not told apart.
    """
    if is_nobody(caller):
        return JobList(jobs=[], next_cursor=None)
    page = service.jobs.list_jobs(caller, cursor=cursor, limit=limit)
    views = view_jobs(service.jobs, page.jobs)
    return JobList(
        jobs=[JobStatusOut.of(view, service.formats, is_own=True) for view in views],
        next_cursor=page.next_cursor,
    )


@router.get(
    "/{job_id}", response_model=JobStatusOut, responses=declared(404), summary="State of a job"
)
def get_job(
    response: Response, service: ServiceDep, caller: CallerDep, job: ReadableJob
) -> JobStatusOut:
    """Status, progress and facts. `Retry-After` says when to ask again while it runs."""
    response.headers["Cache-Control"] = "no-store"
    view = view_job(service.jobs, job)
    refinement = view.refinement
    if not job.status.is_terminal or (refinement and not refinement.status.is_terminal):
        response.headers["Retry-After"] = _RETRY_AFTER_SECONDS
    return JobStatusOut.of(view, service.formats, is_own=job.owner == caller)


@router.get(
    "/{job_id}/events",
    response_class=StreamingResponse,
    responses={
        **declared(404),
        200: {
            "description": "Events `status`, `progress`, `warning`, `refinement`; `end` closes the "
            "stream.",
            "content": {"text/event-stream": {"schema": {"type": "string"}}},
        },
    },
    summary="Progress as Server-Sent Events",
)
def get_events(
    request: Request,
    service: ServiceDep,
    caller: CallerDep,
    job: ReadableJob,
    last_event_id: Annotated[
        int, Header(ge=0, le=_MAX_EVENT_NUMBER, description="Go on after this event.")
    ] = 0,
) -> StreamingResponse:
    """Ends when the job has ended, and with it what hears it again.

    `refinement` is sent to the owner while a finished song is heard again with its drums alone:
    the `refinement` of the job, whenever it has changed.
    """
    streams: OpenStreams = request.app.state.open_streams
    network = network_of(request, service.settings)
    return _CountedStream(
        event_stream(
            request, service.jobs, job.id, after=last_event_id, is_own=job.owner == caller
        ),
        lambda: streams.one_more(network, service.settings.max_event_streams),
    )


class _CountedStream(StreamingResponse):
    """An event stream that is counted from before its first byte until after its last one."""

    def __init__(
        self, events: AsyncIterator[str], counted: Callable[[], AbstractContextManager[None]]
    ) -> None:
        super().__init__(
            events,
            media_type="text/event-stream",
            headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
        )
        self._counted = counted

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with self._counted():
            await super().__call__(scope, receive, send)


@router.put(
    "/{job_id}/keep",
    response_model=JobStatusOut,
    responses=declared(404, 409, 410),
    summary="Keep a song, or let it go in time",
)
def keep(service: ServiceDep, job: OwnJob, wish: KeepIn) -> JobStatusOut:
    """`expires_at` says what came of it; null: the files stay until the job is deleted."""
    kept = keep_job(service.jobs, job, is_kept=wish.keep, retention=service.settings.retention)
    return own_state(service, kept)


@router.put(
    "/{job_id}/tags",
    response_model=JobStatusOut,
    responses=declared(404),
    summary="Say by which words a song is found again",
)
def set_tags(service: ServiceDep, job: OwnJob, wish: TagsIn) -> JobStatusOut:
    """Replaces all tags. Only the owner sees them."""
    if not service.jobs.set_tags(job.id, tidy_tags(wish.tags)):
        raise JobNotFound(f"There is no job {job.id}.")
    tagged = service.jobs.get(job.id) or job
    return own_state(service, tagged)


@router.post(
    "/{job_id}/copy",
    status_code=201,
    response_model=JobStatusOut,
    responses=declared(404, 409, 410, 412, 507),
    summary="Make a copy of one's own",
)
def copy(
    response: Response, service: ServiceDep, caller: CallerDep, job: ReadableJob
) -> JobStatusOut:
    """A finished song that the caller may read becomes one that the caller may edit."""
    copied = copy_job(
        service.jobs,
        service.storage,
        job,
        owner=caller,
        retention=service.settings.retention,
    )
    response.headers["Location"] = f"{API_PREFIX}/jobs/{copied.id}"
    return own_state(service, copied)


@router.post(
    "/{job_id}/again",
    status_code=202,
    response_model=JobAccepted,
    responses=declared(404, 409, 410, 507),
    summary="Hear the same recording differently",
)
def again(
    response: Response,
    service: ServiceDep,
    job: OwnJob,
    wishes: HearAgainIn,
    idempotency_key: IdempotencyKey = None,
) -> JobAccepted:
    """Makes a new job from the recording of one that has ended; nothing is uploaded again.

    For what an edit cannot change: another track of sound, a damaged recording as it is, only a
    part of it, the drums taken out of the mix first. The first job stays as it is.
    """
    new = hear_again(
        service.jobs,
        service.storage,
        service.doorbell,
        job,
        wishes=said_in(wishes),
        idempotency_key=idempotency_key,
        trace_context=service.tracing.carrier(),
        options=service.submit_options,
    )
    response.headers["Location"] = f"{API_PREFIX}/jobs/{new.id}"
    return JobAccepted(job_id=new.id, status=wire_status(new.status, new.step))


@router.post(
    "/{job_id}/cancel",
    response_model=JobStatusOut,
    responses=declared(404),
    summary="Cancel, never delete",
)
def cancel(job_id: JobId, service: ServiceDep, caller: CallerDep) -> JobStatusOut:
    """Cancels a job that has not ended, as `DELETE` does; one that has ended stays as it is.
    Whoever cancels a song in the moment in which it is completed keeps it.
    """
    job = cancel_job(service.jobs, service.storage, job_id, owner=caller)
    return own_state(service, job)


@router.delete(
    "/{job_id}", response_model=DeletedOut, responses=declared(404), summary="Cancel or delete"
)
def delete_job(job_id: JobId, service: ServiceDep, caller: CallerDep) -> DeletedOut:
    """Cancels a job that has not ended; deletes one that has. Its files are gone with the answer,
    those of a running job when its worker has stopped. `POST .../cancel` never deletes.
    """
    gone = dismiss_job(service.jobs, service.storage, job_id, owner=caller)
    status = wire_status(gone.job.status, gone.job.step)
    return DeletedOut(job_id=job_id, status=status, deleted=gone.is_deleted)

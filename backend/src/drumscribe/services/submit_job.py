"""Take a request in: the recording into the storage, then the job into the database."""

from __future__ import annotations

import dataclasses
import hashlib
import io
import json
import logging
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING
from uuid import UUID, uuid4

from drumscribe.audio.kinds import HEAD_BYTES, refuse_other_kinds
from drumscribe.audio.media_types import media_type_of
from drumscribe.domain.artifacts import ArtifactKind, NewArtifact
from drumscribe.domain.jobs import Job, JobRequest
from drumscribe.domain.service.outside_urls import parse_outside_url
from drumscribe.errors import DrumScribeError, Unavailable
from drumscribe.ports import ArtifactStorage, Doorbell, JobIntake
from drumscribe.services.stored_keys import source_key

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmitOptions:
    """max_active: active jobs of one owner. max_upload_bytes: of the recording."""

    max_active: int
    max_upload_bytes: int
    allow_http_webhooks: bool = False


def submit_job(
    jobs: JobIntake,
    storage: ArtifactStorage,
    doorbell: Doorbell,
    *,
    owner: str,
    request: JobRequest,
    upload: IO[bytes] | None,
    options: SubmitOptions,
) -> tuple[Job, bool]:
    """Queue a job; returns it and True, or the job of before and False (same idempotency key).

    upload: the recording, read once from where it stands, never whole in memory; None for a link.

    The job is committed when this returns; only then is anybody woken, and if nobody can be, the
    reconciler does it later. The file of a request that was refused is removed again.

    Raises InvalidRequest (webhook_url), NotAudio (by content), PayloadTooLarge, QuotaExceeded,
    IdempotencyConflict, Unavailable.
    """
    if request.webhook_url is not None:
        allow_http = options.allow_http_webhooks
        parse_outside_url(request.webhook_url, field="webhook_url", allow_http=allow_http)
    job_id = uuid4()
    source = None
    if upload is not None:
        source = _stage(storage, job_id, request, upload, options.max_upload_bytes)
    if request.idempotency_key is not None and request.request_hash is None:
        digest = request_digest(request, source.stored.sha256 if source else None)
        request = dataclasses.replace(request, request_hash=digest)
    try:
        job, is_new = jobs.submit(job_id, owner, request, source, max_active=options.max_active)
    except DrumScribeError as error:
        committed = _committed_after_all(jobs, job_id) if isinstance(error, Unavailable) else None
        if committed is None:
            _remove(storage, source)
            raise
        job, is_new = committed, True
    except BaseException:
        _remove(storage, source)
        raise
    if not is_new:
        _remove(storage, source)
        return job, False
    try:
        doorbell.ring(job.step, job.id)
    except Unavailable as error:
        logger.warning("Nobody could be woken for job %s yet: %s", job.id, error.message)
    return job, True


def request_digest(request: JobRequest, upload_sha256: str | None) -> str:
    """What makes two requests the same: all that the client asked for and the recording."""
    asked = {
        field.name: getattr(request, field.name)
        for field in dataclasses.fields(request)
        if field.name not in ("idempotency_key", "request_hash", "trace_context")
    }
    asked["wishes"] = request.wishes.said()
    text = json.dumps([asked, upload_sha256], sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def _stage(
    storage: ArtifactStorage, job_id: UUID, request: JobRequest, upload: IO[bytes], max_bytes: int
) -> NewArtifact:
    head = upload.read(HEAD_BYTES)
    refuse_other_kinds(head)
    whole = io.BufferedReader(_Rejoined(head, upload))
    media_type = media_type_of(head)
    stored = storage.put_stream(
        source_key(job_id), whole, media_type=media_type, max_bytes=max_bytes
    )
    filename = request.original_filename or "recording"
    return NewArtifact(ArtifactKind.SOURCE, stored, media_type, filename)


def _committed_after_all(jobs: JobIntake, job_id: UUID) -> Job | None:
    """The job, if only the database's answer to the commit was lost."""
    try:
        return jobs.get(job_id)
    except Unavailable:
        return None


def _remove(storage: ArtifactStorage, source: NewArtifact | None) -> None:
    if source is None:
        return
    try:
        storage.delete(source.stored.key)
    except Unavailable as error:
        logger.warning("The file %s is left behind: %s", source.stored.key, error.message)


class _Rejoined(io.RawIOBase):
    """A stream whose head was read already."""

    def __init__(self, head: bytes, rest: IO[bytes]) -> None:
        self._head = head
        self._rest = rest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        view = memoryview(buffer).cast("B")
        if self._head:
            part, self._head = self._head[: len(view)], self._head[len(view) :]
        else:
            part = self._rest.read(len(view))
        view[: len(part)] = part
        return len(part)

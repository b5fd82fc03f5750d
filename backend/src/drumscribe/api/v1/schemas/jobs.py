"""Jobs: taken, under way, ended, deleted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field

from drumscribe.api.v1.schemas.common import (
    API_PREFIX,
    DETAILS_MEANING,
    EXAMPLE_ID,
    VERSION_MEANING,
    Download,
    JobError,
    WarningDetail,
    WireStatus,
    example,
    rounded_eta,
    wire_status,
)
from drumscribe.api.v1.schemas.refinements import RefinementOut
from drumscribe.domain.jobs import InputType
from drumscribe.pipeline.files.formats import Format
from drumscribe.services.songs.read_job import JobView
from drumscribe.services.songs.result_files import download_name

ETA_MEANING = "Seconds that the job will still take, at the pace so far; null where unknown."


class JobAccepted(BaseModel):
    """The answer to a new job."""

    model_config = example({"job_id": EXAMPLE_ID, "status": "queued"})

    job_id: UUID
    status: WireStatus


class JobStatusOut(BaseModel):
    """Where a job stands."""

    model_config = example(
        {
            "job_id": EXAMPLE_ID, "status": "predicting", "progress": 72, "step": "predict_hits",
            "attempt": 1, "title": "My song", "artist": None, "input_type": "upload",
            "youtube_url": None, "source_url": None,
            "original_filename": "song.mp3", "queue_position": None, "eta_seconds": 14.0,
            "warnings": [], "warning_details": [], "error": None, "error_message": None,
            "duration_seconds": 212.4, "detected_bpm": None, "bpm": None, "bpm_unreliable": False,
            "confidence_score": None, "hit_summary": None, "compute_time_ms": 3120,
            "model_version": None, "metadata": {},
            "is_edited": False, "edited_at": None, "version": 1,
            "created_at": "2026-11-21T04:12:53Z", "updated_at": "2026-11-21T04:13:21Z",
            "finished_at": None, "expires_at": None, "is_own": True, "tags": [], "refinement": None,
            "downloads": [],
        }
    )  # fmt: skip

    job_id: UUID
    status: WireStatus
    progress: int = Field(ge=0, le=100)
    step: str
    attempt: int
    title: str
    artist: str | None = Field(description="Of the page, as somebody said it.")
    input_type: str
    youtube_url: str | None = Field(description="Of the video, if that is the recording.")
    source_url: str | None = Field(description="The link that the recording was fetched from.")
    original_filename: str | None
    queue_position: int | None = Field(description="1 is the next one; null unless waiting.")
    eta_seconds: float | None = Field(description=ETA_MEANING)
    warnings: list[str]
    warning_details: list[WarningDetail] = Field(description=DETAILS_MEANING)
    error: JobError | None
    error_message: str | None
    duration_seconds: float | None
    detected_bpm: int | None
    bpm: float | None
    bpm_unreliable: bool
    confidence_score: float | None
    hit_summary: dict[str, int] | None
    compute_time_ms: int | None
    model_version: str | None
    metadata: dict[str, Any]
    is_edited: bool = Field(description="False: the result is as the machine made it.")
    edited_at: datetime | None
    version: int = Field(description=VERSION_MEANING)
    created_at: datetime
    updated_at: datetime
    finished_at: datetime | None
    expires_at: datetime | None = Field(
        description="When the files may go; null: not before the job is deleted, or it has not "
        "ended."
    )
    is_own: bool = Field(description="Whether the caller may change, keep and delete it.")
    tags: list[str] = Field(description="Of the owner, who alone sees them.")
    refinement: RefinementOut | None = Field(
        description="The last time that the finished song was heard again, or is; only its owner "
        "sees it. Null: never."
    )
    downloads: list[Download]

    @classmethod
    def of(cls, view: JobView, formats: Sequence[Format], *, is_own: bool) -> JobStatusOut:
        """The wire form of a job. is_own: to whoever asks."""
        job, facts, request = view.job, view.job.facts, view.job.request
        error = None
        if job.error_code is not None:
            error = JobError(code=job.error_code, message=job.error_message or "")
        return cls(
            job_id=job.id,
            status=wire_status(job.status, job.step),
            progress=job.progress,
            step=job.step.value,
            attempt=job.attempt,
            title=facts.title or request.title,
            artist=job.edits.said.get("artist") or request.wishes.page.artist,
            input_type=request.input_type.value,
            youtube_url=request.link if request.input_type is InputType.YOUTUBE else None,
            source_url=request.link,
            original_filename=request.original_filename,
            queue_position=view.queue_position,
            eta_seconds=rounded_eta(job),
            warnings=list(facts.warnings or ()),
            warning_details=[
                WarningDetail.model_validate(notice.to_dict()) for notice in facts.notices or ()
            ],
            error=error,
            error_message=job.error_message,
            duration_seconds=facts.duration_seconds,
            detected_bpm=facts.detected_bpm,
            bpm=request.wishes.beats.bpm,
            bpm_unreliable=bool(facts.bpm_unreliable),
            confidence_score=facts.confidence_score,
            hit_summary=None if facts.hit_summary is None else dict(facts.hit_summary),
            compute_time_ms=facts.compute_time_ms,
            model_version=facts.model_version,
            metadata=dict(request.metadata),
            is_edited=job.edited_at is not None,
            edited_at=job.edited_at,
            version=job.version,
            created_at=job.created_at,
            updated_at=job.updated_at,
            finished_at=job.finished_at,
            expires_at=job.expires_at,
            is_own=is_own,
            tags=list(job.tags) if is_own else [],
            refinement=RefinementOut.of(view) if is_own else None,
            downloads=downloads_of(view, formats),
        )


def downloads_of(view: JobView, formats: Sequence[Format]) -> list[Download]:
    """What can be fetched now, with the addresses.

    formats: what is made when somebody asks for it.
    """
    ready = {artifact.kind.value for artifact in view.downloads}
    title = view.job.facts.title or view.job.request.title
    return [
        Download(
            format=artifact.kind.format_name,
            url=f"{API_PREFIX}/jobs/{view.job.id}/download/{artifact.kind.format_name}",
            media_type=artifact.media_type,
            size_bytes=artifact.stored.size_bytes,
            sha256=artifact.stored.sha256,
            filename=artifact.filename,
        )
        for artifact in view.downloads
    ] + [
        Download(
            format=form.name,
            url=f"{API_PREFIX}/jobs/{view.job.id}/download/{form.name}",
            media_type=form.media_type,
            size_bytes=None,
            sha256=None,
            filename=download_name(title, form.suffix),
        )
        for form in formats
        if view.transcript is not None and form.name not in ready
    ]


class JobList(BaseModel):
    """Own jobs, newest first."""

    jobs: list[JobStatusOut]
    next_cursor: str | None = Field(description="Give it back for the next page; null at the end.")


class DeletedOut(BaseModel):
    """The answer to DELETE."""

    job_id: UUID
    status: WireStatus
    deleted: bool = Field(
        description="False: the job was cancelled, is about to be, or has ended in that very "
        "moment and stays; see `status`."
    )

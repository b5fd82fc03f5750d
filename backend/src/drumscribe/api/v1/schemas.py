"""What goes over the wire. Field names and values are the contract: extended, never changed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from drumscribe.api.v1.wish_models import answers
from drumscribe.domain.drums import Articulation, Instrument
from drumscribe.domain.jobs import Job, JobStatus, Step, WebhookDelivery
from drumscribe.domain.service.remaining_time import remaining_seconds
from drumscribe.domain.wishes import ALL_WISHES
from drumscribe.notation.bringing.changes import Brought
from drumscribe.notation.bringing.placing import AlignedBy
from drumscribe.pipeline.files.formats import Format
from drumscribe.services.songs.read_job import JobView
from drumscribe.services.songs.result_files import download_name

API_PREFIX = "/api/v1"

WireStatus = Literal[
    "queued",
    "processing",
    "separating_drums",
    "predicting",
    "transcribing",
    "completed",
    "failed",
    "cancelled",
]
_END_STATUS: dict[JobStatus, WireStatus] = {
    JobStatus.COMPLETED: "completed",
    JobStatus.FAILED: "failed",
    JobStatus.CANCELLED: "cancelled",
}
_STEP_STATUS: dict[Step, WireStatus] = {
    Step.INGEST_AUDIO: "processing",
    Step.SEPARATE_DRUMS: "separating_drums",
    Step.PREDICT_HITS: "predicting",
    Step.TRANSCRIBE_AND_EXPORT: "transcribing",
}


ETA_MEANING = "Seconds that the job will still take, at the pace so far; null where unknown."
DETAILS_MEANING = "Warnings about the recording in words, with places and numbers."
VERSION_MEANING = "Of the result; grows with each edit. The ETag of the result says the same."
EXAMPLE_ID = "6f1c2a8e-3b0d-4e1f-9a55-0c2d7e8f9a10"


def _example(value: dict[str, Any]) -> ConfigDict:
    return ConfigDict(json_schema_extra={"example": value})


def result_tag(job: Job) -> str:
    """The ETag of a result, which If-Match gives back."""
    return f'"v{job.version}"'


def rounded_eta(job: Job) -> float | None:
    """Remaining seconds, no finer than they are known."""
    seconds = remaining_seconds(job, datetime.now(UTC))
    return None if seconds is None else float(round(seconds))


def wire_status(status: JobStatus, step: Step) -> WireStatus:
    """The specification's status: a projection of life cycle and step.

    A job that waits between two steps is not queued again for its owner.
    """
    if status.is_terminal:
        return _END_STATUS[status]
    if status is JobStatus.QUEUED and step is Step.INGEST_AUDIO:
        return "queued"
    return _STEP_STATUS[step]


class JobAccepted(BaseModel):
    """The answer to a new job."""

    model_config = _example({"job_id": EXAMPLE_ID, "status": "queued"})

    job_id: UUID
    status: WireStatus


class Download(BaseModel):
    """A file that can be fetched."""

    format: str
    url: str
    media_type: str
    size_bytes: int | None = Field(description="Null until somebody asks for the file.")
    sha256: str | None = Field(description="Null until somebody asks for the file.")
    filename: str


class JobError(BaseModel):
    """Why a job failed."""

    code: str
    message: str


@answers(ALL_WISHES.values())
class ScoreSettingsOut(BaseModel):
    """What holds of all that can be said about hits, beats and page; null: it was found out."""

    @classmethod
    def of(cls, job: Job) -> ScoreSettingsOut:
        """What holds now."""
        return cls.model_validate(job.wishes.to_dict())


class WarningDetail(BaseModel):
    """What is odd about the recording, with places and numbers."""

    code: str
    message: str
    choices: list[int] = Field(
        [], description="The numbers of what was not taken, where there was a choice."
    )


class JobStatusOut(BaseModel):
    """Where a job stands."""

    model_config = _example(
        {
            "job_id": EXAMPLE_ID, "status": "predicting", "progress": 72, "step": "predict_hits",
            "attempt": 1, "title": "My song", "input_type": "upload", "youtube_url": None,
            "original_filename": "song.mp3", "queue_position": None, "eta_seconds": 14.0,
            "warnings": [], "warning_details": [], "error": None, "error_message": None,
            "duration_seconds": 212.4, "detected_bpm": None, "bpm": None, "bpm_unreliable": False,
            "confidence_score": None, "hit_summary": None, "compute_time_ms": 3120,
            "model_version": None, "metadata": {},
            "is_edited": False, "edited_at": None, "version": 1,
            "created_at": "2026-11-21T04:12:53Z", "updated_at": "2026-11-21T04:13:21Z",
            "finished_at": None, "expires_at": None, "is_own": True, "tags": [], "downloads": [],
        }
    )  # fmt: skip

    job_id: UUID
    status: WireStatus
    progress: int = Field(ge=0, le=100)
    step: str
    attempt: int
    title: str
    input_type: str
    youtube_url: str | None
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
            input_type=request.input_type.value,
            youtube_url=request.youtube_url,
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


class HitOut(BaseModel):
    """One stroke."""

    model_config = _example(
        {
            "id": 17, "time": 1.2034, "instrument": "snare", "velocity": 0.31, "confidence": 0.97,
            "articulation": "ghost",
        }
    )  # fmt: skip

    id: int = Field(description="Of this stroke in this score; edits keep it.")
    time: float = Field(ge=0, description="Onset in seconds.")
    instrument: Instrument
    velocity: float = Field(ge=0, le=1)
    confidence: float = Field(ge=0, le=1)
    articulation: Articulation | None


class TempoChange(BaseModel):
    """The tempo from a time on."""

    time: float
    bpm: float


class OtherCountOut(BaseModel):
    """Another way to count the recording, as the settings of an edit that bring it about."""

    time_signature: str
    bpm: float = Field(description="Quarter notes per minute.")
    tempo_ratio: float = Field(description="Against the tempo found: 0.5 is half as fast.")
    bar_one_at_seconds: float = Field(description="Where one of its bars begins.")
    chance: float = Field(description="How probable it is, 0 to 1.")


class JobResultOut(BaseModel):
    """What was heard."""

    job_id: UUID
    title: str
    status: WireStatus
    duration_seconds: float
    detected_bpm: int = Field(description="Quarter notes per minute, as found without being told.")
    bpm: float = Field(description="Quarter notes per minute of the page: as said, else as found.")
    bpm_is_said: bool = Field(description="The owner gave the tempo.")
    beat_length: float = Field(
        description="Quarter notes that one of `beats` lasts: 1 in 4/4, 1.5 in 6/8, 0.5 in 7/8."
    )
    bpm_unreliable: bool
    time_signature: str
    tempo_map: list[TempoChange]
    beats: list[float]
    beat_numbers: list[int]
    downbeats: list[float]
    bar_confidences: list[float] = Field(
        description="Per downbeat, how probable it is that a bar begins there, 0 to 1; empty after "
        "the bars were counted anew."
    )
    alternatives: list[OtherCountOut] = Field(
        description="Other ways to count, the likeliest first; at most three."
    )
    hits: list[HitOut] = Field(
        description="Sorted by time; their ids are the numbers of the SVG's `hit-N` and of the "
        "time map."
    )
    hit_summary: dict[str, int]
    confidence_score: float
    warnings: list[str]
    warning_details: list[WarningDetail] = Field(description=DETAILS_MEANING)
    compute_time_ms: int | None
    model_version: str | None
    models: list[dict[str, str]]
    separated: bool
    is_edited: bool = Field(description="False: everything is as the machine made it.")
    has_edited_hits: bool = Field(description="The hits were written by hand.")
    edited_at: datetime | None
    version: int = Field(description=VERSION_MEANING)
    settings: ScoreSettingsOut
    downloads: list[Download]


class BroughtOut(BaseModel):
    """What a file that was brought back made of a score."""

    kept: int = Field(description="Notes that are as they were.")
    changed: int = Field(description="Notes that differ in how they are struck, or when.")
    added: int = Field(description="Notes that the score did not have.")
    removed: int = Field(description="Notes that the file does not have.")
    aligned_by: AlignedBy = Field(
        description="How places were found in the recording: bar by bar, by quarter notes counted "
        "through, by the likeness of bars (some were put in or taken out), by time, or by the "
        "times in a document of our own."
    )
    notices: list[str] = Field(description="What could not be taken over, in words with counts.")

    @classmethod
    def of(cls, brought: Brought) -> BroughtOut:
        """The wire form."""
        return cls(
            kept=brought.changes.kept,
            changed=brought.changes.changed,
            added=brought.changes.added,
            removed=brought.changes.removed,
            aligned_by=brought.aligned_by,
            notices=list(brought.notices),
        )


class BroughtResultOut(JobResultOut):
    """The result after a file was brought back."""

    brought: BroughtOut


class DeletedOut(BaseModel):
    """The answer to DELETE."""

    job_id: UUID
    status: WireStatus
    deleted: bool = Field(description="False: the job was cancelled, or is about to be.")


class DeliveryOut(BaseModel):
    """One webhook delivery."""

    model_config = _example(
        {
            "id": "0d9e8c7b-6a5f-4e3d-8c2b-1a0f9e8d7c6b", "event": "job.completed",
            "url": "https://example.org/drumscribe", "status": "delivered", "attempts": 1,
            "created_at": "2026-11-21T04:13:30Z", "next_attempt_at": None,
            "delivered_at": "2026-11-21T04:13:31Z", "last_status_code": 204, "last_error": None,
        }
    )  # fmt: skip

    id: UUID
    event: str
    url: str
    status: str
    attempts: int
    created_at: datetime
    next_attempt_at: datetime | None
    delivered_at: datetime | None
    last_status_code: int | None
    last_error: str | None

    @classmethod
    def of(cls, delivery: WebhookDelivery) -> DeliveryOut:
        """The wire form of a delivery."""
        return cls(
            id=delivery.id,
            event=delivery.event,
            url=delivery.url,
            status=delivery.status.value,
            attempts=delivery.attempts,
            created_at=delivery.created_at,
            next_attempt_at=delivery.next_attempt_at,
            delivered_at=delivery.delivered_at,
            last_status_code=delivery.last_status_code,
            last_error=delivery.last_error,
        )


class LimitsOut(BaseModel):
    """What is accepted here, so that a page can say so before anything is uploaded."""

    max_file_size_bytes: int
    min_duration_seconds: float
    max_duration_seconds: float
    max_active_jobs: int = Field(description="Of one owner, at the same time.")
    retention_hours: float = Field(
        description="How long files are kept after a job has ended; 0: until it is deleted."
    )
    share_by_link: bool = Field(description="Whether whoever knows a job's id may read it.")
    links_enabled: bool = Field(description="Whether links to videos are accepted.")
    separation: Literal["ready", "after_download", "off"] = Field(
        description="Whether drums can be taken out of the mix: at once, after the model has been "
        "fetched, or not at all."
    )
    separation_download_bytes: int = Field(description="Size of the model that is fetched for it.")


class CheckOut(BaseModel):
    """State of one thing that the service stands on."""

    status: Literal["ok", "missing", "failed"]
    detail: str


class HealthOut(BaseModel):
    """State of the whole: ok, degraded (something optional is missing) or failed."""

    status: Literal["ok", "degraded", "failed"]
    version: str
    checks: dict[str, CheckOut]

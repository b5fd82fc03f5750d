"""What goes over the wire. Field names and values are the contract: extended, never changed."""

from __future__ import annotations

import json
import unicodedata
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    field_validator,
)

from drumscribe.domain.drums import Articulation, Instrument
from drumscribe.domain.jobs import JobStatus, Step, WebhookDelivery
from drumscribe.domain.rhythm import Metre
from drumscribe.pipeline.options import MAX_BPM, MIN_BPM
from drumscribe.services.read_job import JobView

API_PREFIX = "/api/v1"
MAX_METADATA_CHARACTERS = 4000

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


def _printable(value: str) -> str:
    """Without control characters: a page cannot show them, and PostgreSQL refuses NUL."""
    return "".join(c for c in value if unicodedata.category(c) != "Cc")


Title = Annotated[
    str,
    BeforeValidator(lambda v: _printable(v) if isinstance(v, str) else v),
    StringConstraints(strip_whitespace=True, max_length=200),
]
Bpm = Annotated[float, Field(ge=MIN_BPM, le=MAX_BPM)]
Sensitivity = Annotated[float, Field(ge=0, le=1)]


def wire_status(status: JobStatus, step: Step) -> WireStatus:
    """The specification's status: a projection of life cycle and step.

    A job that waits between two steps is not queued again for its owner.
    """
    if status.is_terminal:
        return _END_STATUS[status]
    if status is JobStatus.QUEUED and step is Step.INGEST_AUDIO:
        return "queued"
    return _STEP_STATUS[step]


def _checked_metre(value: str | None) -> str | None:
    return None if value is None else str(Metre.parse(value))


class JobOptions(BaseModel):
    """What may be said about a recording; everything is optional."""

    model_config = ConfigDict(extra="forbid")

    title: Title | None = Field(None, description="Stands on the page.")
    bpm: Bpm | None = Field(None, description="The tempo, if known.")
    time_signature: str | None = Field(
        None, description="The metre, if known.", examples=["4/4", "7/8"], max_length=7
    )
    separation: Literal["auto", "always", "never"] = "auto"
    sensitivity: Sensitivity = Field(0.5, description="Higher writes down more doubtful hits.")
    model: Annotated[str, StringConstraints(max_length=100)] | None = None
    webhook_url: Annotated[str, StringConstraints(max_length=2048)] | None = Field(
        None,
        description="Is told when the job ends (Standard Webhooks).",
        examples=["https://example.org/drumscribe"],
    )
    metadata: dict[str, Any] = Field(
        default_factory=dict, description="Given back with the job and its webhook."
    )

    _metre = field_validator("time_signature")(_checked_metre)

    @field_validator("webhook_url")
    @classmethod
    def _web_address(cls, value: str | None) -> str | None:
        if value is not None and not value.startswith(("https://", "http://")):
            raise ValueError("expected an https address")
        return value

    @field_validator("metadata")
    @classmethod
    def _small(cls, value: dict[str, Any]) -> dict[str, Any]:
        if "\\u0000" in json.dumps(value):
            raise ValueError("expected text without NUL characters")
        if len(repr(value)) > MAX_METADATA_CHARACTERS:
            raise ValueError(f"expected at most {MAX_METADATA_CHARACTERS} characters")
        return value


class JobFromLink(JobOptions):
    """A job from a link to a video."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {"youtube_url": "https://www.youtube.com/watch?v=dQw4w9WgXcQ", "bpm": 113}
        },
    )

    youtube_url: Annotated[str, StringConstraints(max_length=2048)]


class JobAccepted(BaseModel):
    """The answer to a new job."""

    job_id: UUID
    status: WireStatus


class Download(BaseModel):
    """A file that can be fetched."""

    format: str
    url: str
    media_type: str
    size_bytes: int
    sha256: str
    filename: str


class JobError(BaseModel):
    """Why a job failed."""

    code: str
    message: str


class JobStatusOut(BaseModel):
    """Where a job stands."""

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
    warnings: list[str]
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
    created_at: datetime
    updated_at: datetime
    finished_at: datetime | None
    expires_at: datetime | None
    downloads: list[Download]

    @classmethod
    def of(cls, view: JobView) -> JobStatusOut:
        """The wire form of a job."""
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
            warnings=list(facts.warnings or ()),
            error=error,
            error_message=job.error_message,
            duration_seconds=facts.duration_seconds,
            detected_bpm=facts.detected_bpm,
            bpm=request.bpm,
            bpm_unreliable=bool(facts.bpm_unreliable),
            confidence_score=facts.confidence_score,
            hit_summary=None if facts.hit_summary is None else dict(facts.hit_summary),
            compute_time_ms=facts.compute_time_ms,
            model_version=facts.model_version,
            metadata=dict(request.metadata),
            created_at=job.created_at,
            updated_at=job.updated_at,
            finished_at=job.finished_at,
            expires_at=job.expires_at,
            downloads=downloads_of(view),
        )


def downloads_of(view: JobView) -> list[Download]:
    """What can be fetched now, with the addresses."""
    return [
        Download(
            format=artifact.kind.value,
            url=f"{API_PREFIX}/jobs/{view.job.id}/download/{artifact.kind.value}",
            media_type=artifact.media_type,
            size_bytes=artifact.stored.size_bytes,
            sha256=artifact.stored.sha256,
            filename=artifact.filename,
        )
        for artifact in view.downloads
    ]


class JobList(BaseModel):
    """Own jobs, newest first."""

    jobs: list[JobStatusOut]
    next_cursor: str | None = Field(description="Give it back for the next page; null at the end.")


class HitOut(BaseModel):
    """One stroke."""

    time: float = Field(ge=0, description="Onset in seconds.")
    instrument: Instrument
    velocity: float = Field(ge=0, le=1)
    confidence: float = Field(ge=0, le=1)
    articulation: Articulation | None


class TempoChange(BaseModel):
    """The tempo from a time on."""

    time: float
    bpm: float


class JobResultOut(BaseModel):
    """What was heard."""

    job_id: UUID
    title: str
    status: WireStatus
    duration_seconds: float
    detected_bpm: int
    bpm: float
    bpm_unreliable: bool
    time_signature: str
    tempo_map: list[TempoChange]
    beats: list[float]
    beat_numbers: list[int]
    downbeats: list[float]
    hits: list[HitOut]
    hit_summary: dict[str, int]
    confidence_score: float
    warnings: list[str]
    compute_time_ms: int | None
    model_version: str | None
    models: list[dict[str, str]]
    separated: bool
    downloads: list[Download]


class HitIn(BaseModel):
    """One stroke of an edited score; only time and instrument are needed."""

    model_config = ConfigDict(extra="forbid")

    time: float = Field(ge=0)
    instrument: Instrument
    velocity: float = Field(0.8, ge=0, le=1)
    confidence: float = Field(1.0, ge=0, le=1)
    articulation: Articulation | None = None


class ScoreEditIn(BaseModel):
    """All hits of the edited score."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"example": {"hits": [{"time": 0.5, "instrument": "kick"}]}},
    )

    hits: list[HitIn] = Field(min_length=1, max_length=50_000)


class OptionsEditIn(BaseModel):
    """What to change about a finished score; what is left out stays."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"time_signature": "6/8", "bpm": 72}}
    )

    title: Title | None = None
    bpm: Bpm | None = Field(None, description="Quarter notes per minute.")
    time_signature: str | None = Field(None, max_length=7)
    shift_beats: int | None = Field(
        None, ge=-64, le=64, description="Bar 1 begins so many beats later."
    )
    sensitivity: Sensitivity | None = Field(
        None, description="Picks the hits anew; edits of hits are lost."
    )

    _metre = field_validator("time_signature")(_checked_metre)


class DeletedOut(BaseModel):
    """The answer to DELETE."""

    job_id: UUID
    status: WireStatus
    deleted: bool = Field(description="False: the job was cancelled, or is about to be.")


class DeliveryOut(BaseModel):
    """One webhook delivery."""

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


class CheckOut(BaseModel):
    """State of one thing that the service stands on."""

    status: Literal["ok", "missing", "failed"]
    detail: str


class HealthOut(BaseModel):
    """State of the whole: ok, degraded (something optional is missing) or failed."""

    status: Literal["ok", "degraded", "failed"]
    version: str
    checks: dict[str, CheckOut]

"""A request to the service and what becomes of it.

The database row of a job is the truth and the queue of record; messages only wake somebody up.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from drumscribe.domain.service.refinements import Refined
from drumscribe.domain.transcription import Notice
from drumscribe.domain.wishes import Wishes, readable, said_over


class JobStatus(StrEnum):
    """The life cycle. The status on the wire is a projection of this and the step."""

    QUEUED = "queued"
    RUNNING = "running"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def is_terminal(self) -> bool:
        return self in (JobStatus.COMPLETED, JobStatus.FAILED, JobStatus.CANCELLED)


class Step(StrEnum):
    """The units of queueing and checkpointing, in order."""

    INGEST_AUDIO = "ingest_audio"
    SEPARATE_DRUMS = "separate_drums"
    PREDICT_HITS = "predict_hits"
    TRANSCRIBE_AND_EXPORT = "transcribe_and_export"

    @property
    def stage(self) -> str:
        """The specification's word for it in metrics and log lines."""
        return _STAGES[self]

    @property
    def is_heavy(self) -> bool:
        """Whether the networks do it."""
        return self in (Step.SEPARATE_DRUMS, Step.PREDICT_HITS)

    @property
    def queue(self) -> str:
        """The name of the queue: heavy-compute for the networks, default for the rest."""
        return "heavy-compute" if self.is_heavy else "default"

    @property
    def following(self) -> Step | None:
        steps = list(Step)
        index = steps.index(self) + 1
        return steps[index] if index < len(steps) else None

    @property
    def progress_span(self) -> tuple[int, int]:
        """Progress of the job in percent when the step begins and when it is done."""
        return _PROGRESS_SPANS[self]


_STAGES: Final = {
    Step.INGEST_AUDIO: "ingest",
    Step.SEPARATE_DRUMS: "separation",
    Step.PREDICT_HITS: "prediction",
    Step.TRANSCRIBE_AND_EXPORT: "transcription",
}


_PROGRESS_SPANS = {
    Step.INGEST_AUDIO: (0, 10),
    Step.SEPARATE_DRUMS: (10, 60),
    Step.PREDICT_HITS: (60, 85),
    Step.TRANSCRIBE_AND_EXPORT: (85, 100),
}


class InputType(StrEnum):
    """Where the recording comes from."""

    UPLOAD = "upload"
    YOUTUBE = "youtube"
    LINK = "link"


@dataclass(frozen=True, slots=True, kw_only=True)
class JobRequest:
    """What the client asked for, checked at the door.

    link: of a video, or of a sound file anywhere; None for an upload.
    wishes: what was said about the song.
    idempotency_key, request_hash: the same key with the same hash is the same request.
    trace_context: W3C trace headers of the request, carried to the steps.
    """

    input_type: InputType
    title: str
    link: str | None = None
    original_filename: str | None = None
    wishes: Wishes = field(default_factory=Wishes)
    model: str | None = None
    webhook_url: str | None = None
    metadata: Mapping[str, Any] = field(default_factory=dict)
    idempotency_key: str | None = None
    request_hash: str | None = None
    trace_context: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Edits:
    """What was said and done about a finished page.

    said: wishes by their names, as JSON; they win over those of the request.
    has_edited_hits: the hits were written by hand; what picks hits does not apply to them.
    """

    said: Mapping[str, Any] = field(default_factory=dict)
    has_edited_hits: bool = False

    def to_dict(self) -> dict[str, Any]:
        """The edits as one JSON object."""
        return dict(self.said) | ({"has_edited_hits": True} if self.has_edited_hits else {})

    @classmethod
    def from_dict(cls, document: Mapping[str, Any] | None) -> Edits:
        """Read what to_dict wrote; what this version does not know is left out."""
        return cls(
            said=readable(document),
            has_edited_hits=bool((document or {}).get("has_edited_hits", False)),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class JobFacts:
    """What the steps find out; a field that is None is left as it was.

    notices: warnings about the recording, in words.
    step_seconds: how long the steps took that are done, each by its name.
    """

    title: str | None = None
    duration_seconds: float | None = None
    detected_bpm: int | None = None
    bpm_unreliable: bool | None = None
    hit_summary: Mapping[str, int] | None = None
    confidence_score: float | None = None
    warnings: tuple[str, ...] | None = None
    notices: tuple[Notice, ...] | None = None
    model_version: str | None = None
    compute_time_ms: int | None = None
    step_seconds: Mapping[str, float] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One row of the table of jobs. Times are UTC and aware.

    attempt: claims of the current step so far. progress: 0..100 of the whole job.
    lease_token, lease_expires_at: who works on it, and until when nobody else may.
    step_started_at: when the current attempt at the step was begun.
    facts: what is known so far. expires_at: set at the end; artifacts may go after it.
    version: of the results; grows with each edit. edits: what was changed about them.
    edited_at: the last edit; None while they are as the machine made them.
    tags: by which its owner finds it again.
    refines: the song that this job refines: it takes the same steps, and its last one brings what
        was heard into that song. None for a song. refined: what became of it, once it is completed.
    """

    id: UUID
    owner: str
    request: JobRequest
    status: JobStatus
    step: Step
    created_at: datetime
    updated_at: datetime
    attempt: int = 0
    progress: int = 0
    facts: JobFacts = JobFacts()
    error_code: str | None = None
    error_message: str | None = None
    lease_token: UUID | None = None
    lease_expires_at: datetime | None = None
    cancel_requested_at: datetime | None = None
    started_at: datetime | None = None
    finished_at: datetime | None = None
    expires_at: datetime | None = None
    step_started_at: datetime | None = None
    version: int = 1
    edits: Edits = field(default_factory=Edits)
    edited_at: datetime | None = None
    tags: tuple[str, ...] = ()
    refines: UUID | None = None
    refined: Refined | None = None

    @property
    def song_id(self) -> UUID:
        """The song whose files these are: this job, or the one that it refines."""
        return self.refines or self.id

    @property
    def wishes(self) -> Wishes:
        """What holds now: the edits, and below them what was asked for at first."""
        return Wishes.of(said_over(self.edits.said, self.request.wishes.said()))


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to work on one step of one job until the lease ends.

    Every write that follows names the token, so that a worker that was thought dead cannot
    overwrite what its successor did.
    """

    job: Job
    token: UUID


class Ending(StrEnum):
    """What a store answers to the end of a refinement."""

    DONE = "done"
    NOT_HELD = "not_held"  # the lease is lost, or the refinement was cancelled
    OUTDATED = "outdated"  # the song was edited meanwhile, or is gone


class Heartbeat(StrEnum):
    """What a worker learns when it renews its lease."""

    HELD = "held"
    CANCEL_REQUESTED = "cancel_requested"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class JobEvent:
    """Something that happened to a job; number grows over all events of the database.

    kind: status, progress, warning. data: a JSON object.
    """

    number: int
    job_id: UUID
    kind: str
    data: Mapping[str, Any]
    created_at: datetime


class DeliveryStatus(StrEnum):
    """State of one webhook delivery."""

    PENDING = "pending"
    DELIVERED = "delivered"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookDelivery:
    """One event to tell to one address; unique per job and event.

    id: the webhook-id of Standard Webhooks, the same for every attempt.
    """

    id: UUID
    job_id: UUID
    event: str
    url: str
    payload: Mapping[str, Any]
    status: DeliveryStatus
    attempts: int
    created_at: datetime
    next_attempt_at: datetime | None = None
    delivered_at: datetime | None = None
    last_status_code: int | None = None
    last_error: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKey:
    """A key that identifies an owner; only its hash is kept.

    prefix: the first characters, to tell keys apart in a list.
    """

    id: UUID
    name: str
    prefix: str
    key_hash: str
    owner: str
    created_at: datetime
    revoked_at: datetime | None = None
    last_used_at: datetime | None = None

"""What the wire forms of jobs and results share."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from drumscribe.domain.jobs import Job, JobStatus, Step
from drumscribe.domain.service.remaining_time import remaining_seconds

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
DETAILS_MEANING = "Warnings about the recording in words, with places and numbers."
VERSION_MEANING = "Of the result; grows with each edit. The ETag of the result says the same."
EXAMPLE_ID = "6f1c2a8e-3b0d-4e1f-9a55-0c2d7e8f9a10"


def example(value: dict[str, Any]) -> ConfigDict:
    """What a body looks like, for the reference."""
    return ConfigDict(json_schema_extra={"example": value})


def wire_status(status: JobStatus, step: Step) -> WireStatus:
    """The specification's status: a projection of life cycle and step.

    A job that waits between two steps is not queued again for its owner.
    """
    if status.is_terminal:
        return _END_STATUS[status]
    if status is JobStatus.QUEUED and step is Step.INGEST_AUDIO:
        return "queued"
    return _STEP_STATUS[step]


def rounded_eta(job: Job) -> float | None:
    """Remaining seconds, no finer than they are known."""
    seconds = remaining_seconds(job, datetime.now(UTC))
    return None if seconds is None else float(round(seconds))


class JobError(BaseModel):
    """Why a job failed."""

    code: str
    message: str


class WarningDetail(BaseModel):
    """What is odd about the recording, with places and numbers."""

    code: str
    message: str
    choices: list[int] = Field(
        [], description="The numbers of what was not taken, where there was a choice."
    )


class Download(BaseModel):
    """A file that can be fetched."""

    format: str
    url: str
    media_type: str
    size_bytes: int | None = Field(description="Null until somebody asks for the file.")
    sha256: str | None = Field(description="Null until somebody asks for the file.")
    filename: str

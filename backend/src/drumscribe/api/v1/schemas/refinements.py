"""A refinement over the wire: part of the state of its song."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, Field

from drumscribe.api.v1.schemas.common import (
    JobError,
    WireStatus,
    example,
    rounded_eta,
    wire_status,
)
from drumscribe.domain.jobs import JobStatus
from drumscribe.services.songs.read_job import JobView
from drumscribe.services.songs.refine_job import is_undoable


class RefinementOut(BaseModel):
    """How it stands with hearing a finished song again with its drums alone."""

    model_config = example(
        {
            "status": "separating_drums", "progress": 31, "attempt": 1, "queue_position": None,
            "eta_seconds": 140.0, "is_stopping": False, "error": None, "added": None,
            "removed": None, "changed": None, "version": None, "can_undo": False,
            "created_at": "2026-11-29T04:13:30Z", "finished_at": None,
        }
    )  # fmt: skip

    status: WireStatus
    progress: int = Field(ge=0, le=100)
    attempt: int
    queue_position: int | None = Field(description="1 is the next one; null unless waiting.")
    eta_seconds: float | None = Field(description="Seconds that it will still take; null: unknown.")
    is_stopping: bool = Field(description="It was cancelled, and its worker has not stopped yet.")
    error: JobError | None
    added: int | None = Field(description="Hits that the score did not have; null until the end.")
    removed: int | None = Field(description="Hits that are heard no more.")
    changed: int | None = Field(description="Hits that are heard a little otherwise.")
    version: int | None = Field(description="Of the result that the song had then.")
    can_undo: bool = Field(description="Nothing was done to the score since.")
    created_at: datetime
    finished_at: datetime | None

    @classmethod
    def of(cls, view: JobView) -> RefinementOut | None:
        """The last one of a song; None where there was none."""
        job = view.refinement
        if job is None:
            return None
        refined = job.refined
        error = None
        if job.error_code is not None:
            error = JobError(code=job.error_code, message=job.error_message or "")
        return cls(
            status=wire_status(job.status, job.step),
            progress=job.progress,
            attempt=job.attempt,
            queue_position=view.refinement_position,
            eta_seconds=rounded_eta(job),
            is_stopping=job.cancel_requested_at is not None and not job.status.is_terminal,
            error=error,
            added=None if refined is None else refined.added,
            removed=None if refined is None else refined.removed,
            changed=None if refined is None else refined.changed,
            version=None if refined is None else refined.version,
            can_undo=job.status is JobStatus.COMPLETED and is_undoable(view.job, job),
            created_at=job.created_at,
            finished_at=job.finished_at,
        )

"""What is told about a job: the data of its events, and the body of its webhooks."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from drumscribe.domain.jobs import Job, JobStatus

RESULT_PATH = "/api/v1/jobs/{job_id}/result"
STATUS = "status"
PROGRESS = "progress"
WARNING = "warning"
REFINEMENT = "refinement"


def status_data(job: Job) -> dict[str, Any]:
    """Data of the event that a job has come into another state."""
    data: dict[str, Any] = {
        "status": job.status.value,
        "step": job.step.value,
        "progress": job.progress,
        "attempt": job.attempt,
    }
    if job.error_code is not None:
        data["error"] = {"code": job.error_code, "message": job.error_message}
    return data


def progress_data(job: Job) -> dict[str, Any]:
    """Data of the event that a step has come further."""
    return {"status": job.status.value, "progress": job.progress, "step": job.step.value}


def warning_data(job: Job, code: str) -> dict[str, Any]:
    """Data of the event that the reader should know of something."""
    return {"code": code, **progress_data(job)}


def ending_name(job: Job) -> str:
    """Name of the event of a job that has ended: job.completed, job.failed, job.cancelled."""
    return f"job.{job.status.value}"


def webhook_payload(job: Job, ended_at: datetime) -> dict[str, Any]:
    """What the webhook of a job that has ended says, in the shape of Standard Webhooks.

    Small on purpose: the hits and files are fetched from the API, at result_url.
    See https://github.com/standard-webhooks/standard-webhooks (spec, "Payload structure").
    """
    facts = job.facts
    error = None
    if job.error_code is not None:
        error = {"code": job.error_code, "message": job.error_message}
    result_url = RESULT_PATH.format(job_id=job.id) if job.status is JobStatus.COMPLETED else None
    return {
        "type": ending_name(job),
        "timestamp": ended_at.isoformat(),
        "data": {
            "job_id": str(job.id),
            "status": job.status.value,
            "result_url": result_url,
            "title": facts.title or job.request.title,
            "metadata": dict(job.request.metadata),
            "error": error,
            "duration_seconds": facts.duration_seconds,
            "detected_bpm": facts.detected_bpm,
            "bpm_unreliable": bool(facts.bpm_unreliable),
            "hit_summary": None if facts.hit_summary is None else dict(facts.hit_summary),
            "confidence_score": facts.confidence_score,
            "warnings": list(facts.warnings or ()),
            "model_version": facts.model_version,
            "compute_time_ms": facts.compute_time_ms,
            "created_at": job.created_at.isoformat(),
            "finished_at": ended_at.isoformat(),
        },
    }

"""Between rows and the types of the domain."""

from __future__ import annotations

from typing import Any

from sqlalchemy import RowMapping

from drumscribe.domain.artifacts import Artifact, ArtifactKind, StoredObject
from drumscribe.domain.jobs import (
    ApiKey,
    DeliveryStatus,
    Edits,
    InputType,
    Job,
    JobEvent,
    JobFacts,
    JobRequest,
    JobStatus,
    Step,
    WebhookDelivery,
)
from drumscribe.domain.service.refinements import Refined
from drumscribe.domain.transcription import Notice
from drumscribe.domain.wishes import Wishes, readable

# The specification's data model has columns for these.
_WISHES_WITH_COLUMNS = ("bpm", "time_signature", "separation", "sensitivity")


def job_from_row(row: RowMapping) -> Job:
    """A job as the domain knows it."""
    warnings, notices, refined = row["warnings"], row["notices"], row["refined"]
    return Job(
        id=row["id"],
        owner=row["owner"],
        request=JobRequest(
            input_type=InputType(row["input_type"]),
            title=row["title"],
            link=row["youtube_url"],
            original_filename=row["original_filename"],
            wishes=_wishes(row),
            model=row["model"],
            webhook_url=row["webhook_url"],
            metadata=row["metadata"],
            idempotency_key=row["idempotency_key"],
            request_hash=row["request_hash"],
            trace_context=row["trace_context"],
        ),
        status=JobStatus(row["status"]),
        step=Step(row["step"]),
        created_at=row["created_at"],
        updated_at=row["updated_at"],
        attempt=row["attempt"],
        progress=row["progress"],
        facts=JobFacts(
            title=row["found_title"],
            duration_seconds=row["duration_seconds"],
            detected_bpm=row["detected_bpm"],
            bpm_unreliable=row["bpm_unreliable"],
            hit_summary=row["hit_summary"],
            confidence_score=row["confidence_score"],
            warnings=None if warnings is None else tuple(warnings),
            notices=None if notices is None else tuple(map(Notice.from_dict, notices)),
            model_version=row["model_version"],
            compute_time_ms=row["compute_time_ms"],
            step_seconds=row["step_seconds"],
        ),
        error_code=row["error_code"],
        error_message=row["error_message"],
        lease_token=row["lease_token"],
        lease_expires_at=row["lease_expires_at"],
        cancel_requested_at=row["cancel_requested_at"],
        started_at=row["started_at"],
        finished_at=row["finished_at"],
        expires_at=row["expires_at"],
        step_started_at=row["step_started_at"],
        version=row["version"],
        edits=Edits.from_dict(row["edits"]),
        edited_at=row["edited_at"],
        tags=tuple(row["tags"] or ()),
        refines=row["refines"],
        refined=None if refined is None else Refined.from_dict(refined),
    )


def _wishes(row: RowMapping) -> Wishes:
    said = {name: row[name] for name in _WISHES_WITH_COLUMNS} | (row["wishes"] or {})
    return Wishes.of(readable(said))


def request_values(request: JobRequest) -> dict[str, Any]:
    """The columns that keep a request."""
    wishes, said = request.wishes.to_dict(), request.wishes.said()
    others = {name: said[name] for name in said if name not in _WISHES_WITH_COLUMNS}
    return {name: wishes[name] for name in _WISHES_WITH_COLUMNS} | {
        "input_type": request.input_type.value,
        "title": request.title,
        "youtube_url": request.link,
        "original_filename": request.original_filename,
        "wishes": others or None,
        "model": request.model,
        "webhook_url": request.webhook_url,
        "metadata": dict(request.metadata),
        "idempotency_key": request.idempotency_key,
        "request_hash": request.request_hash,
        "trace_context": dict(request.trace_context),
    }


def facts_values(facts: JobFacts) -> dict[str, Any]:
    """The columns that facts change; what is None is left out."""
    values: dict[str, Any] = {
        "found_title": facts.title,
        "duration_seconds": facts.duration_seconds,
        "detected_bpm": facts.detected_bpm,
        "bpm_unreliable": facts.bpm_unreliable,
        "hit_summary": None if facts.hit_summary is None else dict(facts.hit_summary),
        "confidence_score": facts.confidence_score,
        "warnings": None if facts.warnings is None else list(facts.warnings),
        "notices": None if facts.notices is None else [n.to_dict() for n in facts.notices],
        "model_version": facts.model_version,
        "compute_time_ms": facts.compute_time_ms,
        "step_seconds": None if facts.step_seconds is None else dict(facts.step_seconds),
    }
    return {name: value for name, value in values.items() if value is not None}


def artifact_from_row(row: RowMapping) -> Artifact:
    """An artifact as the domain knows it."""
    return Artifact(
        id=row["id"],
        job_id=row["job_id"],
        kind=ArtifactKind(row["kind"]),
        stored=StoredObject(row["key"], row["sha256"], row["size_bytes"]),
        media_type=row["media_type"],
        filename=row["filename"],
        created_at=row["created_at"],
        deleted_at=row["deleted_at"],
    )


def event_from_row(row: RowMapping) -> JobEvent:
    """An event as the domain knows it."""
    return JobEvent(
        number=row["number"],
        job_id=row["job_id"],
        kind=row["kind"],
        data=row["data"],
        created_at=row["created_at"],
    )


def delivery_from_row(row: RowMapping) -> WebhookDelivery:
    """A webhook delivery as the domain knows it."""
    return WebhookDelivery(
        id=row["id"],
        job_id=row["job_id"],
        event=row["event"],
        url=row["url"],
        payload=row["payload"],
        status=DeliveryStatus(row["status"]),
        attempts=row["attempts"],
        created_at=row["created_at"],
        next_attempt_at=row["next_attempt_at"],
        delivered_at=row["delivered_at"],
        last_status_code=row["last_status_code"],
        last_error=row["last_error"],
    )


def api_key_from_row(row: RowMapping) -> ApiKey:
    """An API key as the domain knows it."""
    return ApiKey(
        id=row["id"],
        name=row["name"],
        prefix=row["prefix"],
        key_hash=row["key_hash"],
        owner=row["owner"],
        created_at=row["created_at"],
        revoked_at=row["revoked_at"],
        last_used_at=row["last_used_at"],
    )

"""What the in-memory stores share: rows, a lock in the place of transactions, a clock."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from drumscribe.db.clock import Clock, utc_now
from drumscribe.domain import job_events as telling
from drumscribe.domain.artifacts import Artifact, NewArtifact
from drumscribe.domain.jobs import (
    ApiKey,
    DeliveryStatus,
    Job,
    JobEvent,
    JobFacts,
    JobStatus,
    WebhookDelivery,
)


@dataclass
class JobRecord:
    """A job and what only the store knows of it."""

    job: Job
    queued_at: datetime
    swept_at: datetime | None = None
    deleted_at: datetime | None = None


@dataclass
class ArtifactRecord:
    """An artifact and when the sweep last asked for its file to be deleted."""

    artifact: Artifact
    handed_out_at: datetime | None = None


@dataclass
class MemoryDatabase:
    """The tables. Hold the lock while you touch them."""

    clock: Clock = utc_now
    lock: threading.RLock = field(default_factory=threading.RLock)
    jobs: dict[UUID, JobRecord] = field(default_factory=dict)
    artifacts: dict[UUID, ArtifactRecord] = field(default_factory=dict)
    events: list[JobEvent] = field(default_factory=list)
    deliveries: dict[UUID, WebhookDelivery] = field(default_factory=dict)
    keys: dict[UUID, ApiKey] = field(default_factory=dict)
    last_event_number: int = 0

    def change(self, record: JobRecord, **values: Any) -> Job:
        """Write a job anew; with announce() after it, if its state is another."""
        record.job = replace(record.job, updated_at=self.clock(), **values)
        return record.job

    def add_event(self, job_id: UUID, kind: str, data: Mapping[str, Any]) -> None:
        """Append to the events."""
        self.last_event_number += 1
        self.events.append(JobEvent(self.last_event_number, job_id, kind, dict(data), self.clock()))

    def announce(self, job: Job) -> None:
        """An event of the state that the job has come into, and a webhook row if it has ended."""
        self.add_event(job.id, telling.STATUS, telling.status_data(job))
        if not job.status.is_terminal or job.request.webhook_url is None:
            return
        now, event = self.clock(), telling.ending_name(job)
        for delivery in list(self.deliveries.values()):
            if (delivery.job_id, delivery.event) == (job.id, event):
                del self.deliveries[delivery.id]
        delivery = WebhookDelivery(
            id=uuid4(),
            job_id=job.id,
            event=event,
            url=job.request.webhook_url,
            payload=telling.webhook_payload(job, now),
            status=DeliveryStatus.PENDING,
            attempts=0,
            created_at=now,
            next_attempt_at=now,
        )
        self.deliveries[delivery.id] = delivery

    def store_artifact(self, job_id: UUID, new: NewArtifact) -> None:
        """Insert an artifact in the place of the one of its kind."""
        now = self.clock()
        for record in list(self.artifacts.values()):
            old = record.artifact
            if old.job_id != job_id:
                continue
            if old.stored.key == new.stored.key:
                del self.artifacts[old.id]
            elif old.kind == new.kind and old.deleted_at is None:
                record.artifact = replace(old, deleted_at=now)
        artifact = Artifact(
            id=uuid4(),
            job_id=job_id,
            kind=new.kind,
            stored=new.stored,
            media_type=new.media_type,
            filename=new.filename,
            created_at=now,
        )
        self.artifacts[artifact.id] = ArtifactRecord(artifact)

    def bury_artifacts_of_steps(self, job_id: UUID) -> None:
        """Tombstones for what nobody needs any more once the job is completed."""
        for record in self.artifacts.values():
            old = record.artifact
            if old.job_id == job_id and not old.kind.is_of_use_afterwards and not old.deleted_at:
                record.artifact = replace(old, deleted_at=self.clock())


def place(job: Job) -> tuple[datetime, UUID]:
    """Where a job stands in lists."""
    return job.created_at, job.id


def is_abandoned(job: Job, now: datetime) -> bool:
    """Running, but the lease has ended."""
    lease = job.lease_expires_at
    return job.status is JobStatus.RUNNING and lease is not None and lease < now


def is_due(job: Job, now: datetime) -> bool:
    """Somebody may claim the step."""
    if job.cancel_requested_at is not None:
        return False
    return job.status is JobStatus.QUEUED or is_abandoned(job, now)


def is_over(job: Job, now: datetime) -> bool:
    """The files may go."""
    if not job.status.is_terminal or job.expires_at is None or job.expires_at > now:
        return False
    return job.lease_expires_at is None or job.lease_expires_at < now


def merged_facts(old: JobFacts, new: JobFacts) -> JobFacts:
    """What is known after a step; a new field that is None changes nothing."""
    given = {f.name: getattr(new, f.name) for f in fields(JobFacts)}
    return replace(old, **{name: value for name, value in given.items() if value is not None})

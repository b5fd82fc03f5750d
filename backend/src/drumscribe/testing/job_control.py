"""What the owner and the operator do to jobs from outside, in memory; and the rows themselves."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from drumscribe.domain import job_events as telling
from drumscribe.domain.artifacts import Artifact, ArtifactKind, NewArtifact
from drumscribe.domain.jobs import Claim, DeliveryStatus, Edits, Job, JobFacts, JobStatus, Step
from drumscribe.testing.memory import JobRecord, MemoryDatabase, is_over, merged_facts

_NO_LEASE: dict[str, Any] = {"lease_token": None, "lease_expires_at": None}
_NEVER = datetime.min.replace(tzinfo=UTC)


class MemoryJobControl:
    """The part of MemoryJobStore that workers do not use."""

    def __init__(
        self, database: MemoryDatabase | None = None, *, retention: timedelta = timedelta(hours=24)
    ) -> None:
        self.database = database or MemoryDatabase()
        self._retention = retention

    def request_cancel(self, job_id: UUID, *, expires_at: datetime) -> Job | None:
        """See JobStore."""
        db = self.database
        with db.lock:
            record, now = self._visible(job_id), db.clock()
            if record is None:
                return None
            if record.job.status is JobStatus.QUEUED:
                self._end(record, JobStatus.CANCELLED, expires_at, cancel_requested_at=now)
            elif record.job.status is JobStatus.RUNNING and not record.job.cancel_requested_at:
                db.change(record, cancel_requested_at=now, expires_at=expires_at)
            return record.job

    def requeue(self, job_id: UUID, step: Step | None = None) -> Job | None:
        """See JobStore."""
        with self.database.lock:
            record = self._visible(job_id)
            again = (JobStatus.FAILED, JobStatus.CANCELLED)
            if record is None or record.job.status not in again or record.swept_at is not None:
                return None
            target = step or record.job.step
            return self._queue(
                record,
                step=target,
                attempt=0,
                progress=target.progress_span[0],
                error_code=None,
                error_message=None,
                cancel_requested_at=None,
                finished_at=None,
                expires_at=None,
            )

    def fail_by_operator(self, job_id: UUID, *, message: str, expires_at: datetime) -> Job | None:
        """See JobStore."""
        with self.database.lock:
            record = self.database.jobs.get(job_id)
            if record is None or record.job.status.is_terminal:
                return None
            return self._end(
                record,
                JobStatus.FAILED,
                expires_at,
                error_code="failed_by_operator",
                error_message=message,
                lease_expires_at=record.job.lease_expires_at,
            )

    def replace_results(
        self,
        job_id: UUID,
        *,
        artifacts: Sequence[NewArtifact],
        facts: JobFacts,
        edits: Edits | None,
        if_version: int,
        outdated: Collection[ArtifactKind] = (),
    ) -> bool:
        """See JobStore."""
        db = self.database
        with db.lock:
            record = self._visible(job_id)
            if record is None or record.job.status is not JobStatus.COMPLETED or record.swept_at:
                return False
            if record.job.version != if_version:
                return False
            for row in db.artifacts.values():
                known = row.artifact
                if known.job_id == job_id and known.kind in outdated and not known.deleted_at:
                    row.artifact = replace(known, deleted_at=db.clock())
            for artifact in artifacts:
                db.store_artifact(job_id, artifact)
            job = db.change(
                record,
                facts=merged_facts(record.job.facts, facts),
                version=if_version + 1,
                edits=edits or Edits(),
                edited_at=None if edits is None else db.clock(),
            )
            db.add_event(job_id, telling.STATUS, telling.status_data(job))
            return True

    def add_rendering(self, job_id: UUID, artifact: NewArtifact, *, if_version: int) -> bool:
        """See JobStore."""
        db = self.database
        with db.lock:
            record = self._visible(job_id)
            if record is None or record.job.status is not JobStatus.COMPLETED or record.swept_at:
                return False
            if record.job.version != if_version:
                return False
            db.store_artifact(job_id, artifact)
            return True

    def mark_for_deletion(self, job_id: UUID) -> bool:
        """See JobStore."""
        with self.database.lock:
            record = self._visible(job_id)
            if record is None or not record.job.status.is_terminal:
                return False
            record.deleted_at = now = self.database.clock()
            request = replace(record.job.request, idempotency_key=None)
            self.database.change(record, expires_at=now, request=request)
            return True

    def sweepable(self, *, limit: int, job_id: UUID | None = None) -> list[Artifact]:
        """See JobStore."""
        db = self.database
        with db.lock:
            now = db.clock()
            self._forget_deleted_jobs()
            for record in db.jobs.values():
                if job_id not in (None, record.job.id):
                    continue
                if record.swept_at is None and is_over(record.job, now):
                    record.swept_at = now
                    for row in db.artifacts.values():
                        if row.artifact.job_id == record.job.id and not row.artifact.deleted_at:
                            row.artifact = replace(row.artifact, deleted_at=now)
            waiting = [
                row
                for row in db.artifacts.values()
                if row.artifact.deleted_at is not None and job_id in (None, row.artifact.job_id)
            ]
            waiting.sort(key=lambda row: (row.handed_out_at or _NEVER, row.artifact.deleted_at))
            for row in waiting[:limit]:
                row.handed_out_at = now
            return [row.artifact for row in waiting[:limit]]

    def forget_artifact(self, artifact_id: UUID) -> None:
        """See JobStore."""
        with self.database.lock:
            row = self.database.artifacts.get(artifact_id)
            if row is not None and row.artifact.deleted_at is not None:
                del self.database.artifacts[artifact_id]

    def _visible(self, job_id: UUID) -> JobRecord | None:
        record = self.database.jobs.get(job_id)
        return None if record is None or record.deleted_at is not None else record

    def _held(self, claim: Claim) -> JobRecord | None:
        record = self.database.jobs.get(claim.job.id)
        if record is None or record.job.status is not JobStatus.RUNNING:
            return None
        return record if record.job.lease_token == claim.token else None

    def _end(
        self, record: JobRecord, status: JobStatus, expires_at: datetime | None, **values: Any
    ) -> Job:
        ending = {**_NO_LEASE, "finished_at": self.database.clock(), "expires_at": expires_at}
        progress = 100 if status is JobStatus.COMPLETED else record.job.progress
        job = self.database.change(record, status=status, progress=progress, **(ending | values))
        self.database.announce(job)
        return job

    def _queue(self, record: JobRecord, **values: Any) -> Job:
        job = self.database.change(record, status=JobStatus.QUEUED, **_NO_LEASE, **values)
        record.queued_at = self.database.clock()
        self.database.announce(job)
        return job

    def _forget_deleted_jobs(self) -> None:
        db = self.database
        kept = {row.artifact.job_id for row in db.artifacts.values()}
        kept |= {d.job_id for d in db.deliveries.values() if d.status is DeliveryStatus.PENDING}
        for job_id, record in list(db.jobs.items()):
            if record.deleted_at and record.swept_at and job_id not in kept:
                del db.jobs[job_id]
                db.events = [event for event in db.events if event.job_id != job_id]
                db.deliveries = {k: d for k, d in db.deliveries.items() if d.job_id != job_id}

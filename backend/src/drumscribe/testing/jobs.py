"""The job store in memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from drumscribe.db.cursors import decode_cursor, encode_cursor
from drumscribe.domain import job_events as telling
from drumscribe.domain.artifacts import Artifact, NewArtifact
from drumscribe.domain.jobs import (
    Claim,
    DeliveryStatus,
    Heartbeat,
    Job,
    JobEvent,
    JobFacts,
    JobRequest,
    JobStatus,
    Step,
)
from drumscribe.domain.score_settings import ScoreSettings
from drumscribe.errors import IdempotencyConflict, QuotaExceeded
from drumscribe.ports import JobStats, Page
from drumscribe.testing.memory import (
    JobRecord,
    MemoryDatabase,
    is_abandoned,
    is_due,
    is_over,
    merged_facts,
    place,
)

_NO_LEASE: dict[str, Any] = {"lease_token": None, "lease_expires_at": None}
_NEVER = datetime.min.replace(tzinfo=UTC)


class MemoryJobStore:
    """JobStore that forgets everything with the process; may be shared by threads."""

    def __init__(
        self, database: MemoryDatabase | None = None, *, retention: timedelta = timedelta(hours=24)
    ) -> None:
        self.database = database or MemoryDatabase()
        self._retention = retention

    def submit(
        self,
        job_id: UUID,
        owner: str,
        request: JobRequest,
        source: NewArtifact | None,
        *,
        max_active: int,
    ) -> tuple[Job, bool]:
        """See JobStore."""
        db = self.database
        with db.lock:
            owned = [record.job for record in db.jobs.values() if record.job.owner == owner]
            for previous in owned:
                if request.idempotency_key is None:
                    break
                if previous.request.idempotency_key == request.idempotency_key:
                    if previous.request.request_hash != request.request_hash:
                        raise IdempotencyConflict(
                            "This Idempotency-Key was used before with another request."
                        )
                    return previous, False
            active = sum(not job.status.is_terminal for job in owned)
            if active >= max_active:
                raise QuotaExceeded(f"There are {active} jobs of yours under way.")
            now = db.clock()
            job = Job(
                id=job_id,
                owner=owner,
                request=request,
                status=JobStatus.QUEUED,
                step=Step.INGEST_AUDIO,
                created_at=now,
                updated_at=now,
                facts=JobFacts(bpm_unreliable=False),
            )
            db.jobs[job_id] = JobRecord(job, queued_at=now)
            if source is not None:
                db.store_artifact(job_id, source)
            db.announce(job)
            return job, True

    def get(self, job_id: UUID) -> Job | None:
        """See JobStore."""
        with self.database.lock:
            record = self._visible(job_id)
            return None if record is None else record.job

    def list_jobs(self, owner: str, *, cursor: str | None, limit: int) -> Page:
        """See JobStore."""
        with self.database.lock:
            after = None if cursor is None else decode_cursor(cursor)
            found = [
                record.job
                for record in self.database.jobs.values()
                if record.job.owner == owner
                and record.deleted_at is None
                and (after is None or place(record.job) < after)
            ]
        found.sort(key=place, reverse=True)
        page = tuple(found[:limit])
        more = len(found) > limit
        return Page(page, encode_cursor(*place(page[-1])) if more else None)

    def queue_position(self, job_id: UUID) -> int | None:
        """See JobStore."""
        with self.database.lock:
            queued = sorted(
                place(record.job)
                for record in self.database.jobs.values()
                if record.job.status is JobStatus.QUEUED
            )
        ids = [queued_id for _, queued_id in queued]
        return ids.index(job_id) + 1 if job_id in ids else None

    def claim(
        self, job_id: UUID, step: Step, *, lease_seconds: float, max_attempts: int
    ) -> Claim | None:
        """See JobStore."""
        db = self.database
        with db.lock:
            record, now = db.jobs.get(job_id), db.clock()
            if record is None or record.job.step is not step or not is_due(record.job, now):
                return None
            job = record.job
            if job.attempt >= max_attempts:
                self._end(
                    record,
                    JobStatus.FAILED,
                    now + self._retention,
                    error_code="worker_lost",
                    error_message=f"The step {step} was started {max_attempts} times and never "
                    "came to an end.",
                )
                return None
            token = uuid4()
            job = db.change(
                record,
                status=JobStatus.RUNNING,
                attempt=job.attempt + 1,
                lease_token=token,
                lease_expires_at=now + timedelta(seconds=lease_seconds),
                started_at=job.started_at or now,
                step_started_at=now,
                progress=max(job.progress, step.progress_span[0]),
            )
            db.announce(job)
            return Claim(job, token)

    def heartbeat(
        self, claim: Claim, *, lease_seconds: float, progress: int | None = None
    ) -> Heartbeat:
        """See JobStore."""
        db = self.database
        with db.lock:
            record = self._held(claim)
            if record is None:
                return Heartbeat.LOST
            lease = db.clock() + timedelta(seconds=lease_seconds)
            job = db.change(record, lease_expires_at=lease)
            if progress is not None and min(progress, 100) > job.progress:
                job = db.change(record, progress=min(progress, 100))
                db.add_event(job.id, telling.PROGRESS, telling.progress_data(job))
            flagged = job.cancel_requested_at is not None
            return Heartbeat.CANCEL_REQUESTED if flagged else Heartbeat.HELD

    def finish_step(
        self,
        claim: Claim,
        *,
        artifacts: Sequence[NewArtifact],
        facts: JobFacts,
        expires_at: datetime | None,
    ) -> bool:
        """See JobStore."""
        db = self.database
        with db.lock:
            record, step = self._held(claim), claim.job.step
            if record is None or record.job.cancel_requested_at is not None:
                return False
            for artifact in artifacts:
                db.store_artifact(record.job.id, artifact)
            for warning in facts.warnings or ():
                if warning not in (claim.job.facts.warnings or ()):
                    data = telling.warning_data(claim.job, warning)
                    db.add_event(record.job.id, telling.WARNING, data)
            progress = max(record.job.progress, step.progress_span[1])
            db.change(record, facts=merged_facts(record.job.facts, facts), progress=progress)
            if step.following is None:
                self._end(record, JobStatus.COMPLETED, expires_at)
            else:
                self._queue(record, step=step.following, attempt=0)
            return True

    def fail(self, claim: Claim, *, code: str, message: str, expires_at: datetime) -> bool:
        """See JobStore."""
        with self.database.lock:
            record = self._held(claim)
            if record is None:
                return False
            self._end(record, JobStatus.FAILED, expires_at, error_code=code, error_message=message)
            return True

    def release(self, claim: Claim, *, counts_as_attempt: bool) -> bool:
        """See JobStore."""
        with self.database.lock:
            record = self._held(claim)
            if record is None:
                return False
            if record.job.cancel_requested_at is not None:
                self._end(record, JobStatus.CANCELLED, record.job.expires_at)
            else:
                attempt = record.job.attempt - (0 if counts_as_attempt else 1)
                self._queue(record, attempt=attempt)
            return True

    def acknowledge_cancel(self, claim: Claim, *, expires_at: datetime) -> bool:
        """See JobStore."""
        with self.database.lock:
            record = self._held(claim)
            if record is None or record.job.cancel_requested_at is None:
                return False
            self._end(record, JobStatus.CANCELLED, record.job.expires_at or expires_at)
            return True

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

    def due(self, *, limit: int, steps: Collection[Step] | None = None) -> list[tuple[UUID, Step]]:
        """See JobStore."""
        with self.database.lock:
            now = self.database.clock()
            for record in self.database.jobs.values():
                if record.job.cancel_requested_at is not None and is_abandoned(record.job, now):
                    self._end(record, JobStatus.CANCELLED, record.job.expires_at)
            found = [r.job for r in self.database.jobs.values() if is_due(r.job, now)]
        wanted = [job for job in found if steps is None or job.step in steps]
        return [(job.id, job.step) for job in sorted(wanted, key=place)[:limit]]

    def events(self, job_id: UUID, *, after: int, limit: int) -> list[JobEvent]:
        """See JobStore."""
        with self.database.lock:
            found = [e for e in self.database.events if e.job_id == job_id and e.number > after]
        return found[:limit]

    def artifacts(self, job_id: UUID) -> list[Artifact]:
        """See JobStore."""
        with self.database.lock:
            if self._visible(job_id) is None:
                return []
            found = [record.artifact for record in self.database.artifacts.values()]
        living = [a for a in found if a.job_id == job_id and a.deleted_at is None]
        return sorted(living, key=lambda artifact: (artifact.created_at, artifact.kind))

    def replace_results(
        self,
        job_id: UUID,
        *,
        artifacts: Sequence[NewArtifact],
        facts: JobFacts,
        edits: ScoreSettings | None,
        if_version: int,
    ) -> bool:
        """See JobStore."""
        db = self.database
        with db.lock:
            record = self._visible(job_id)
            if record is None or record.job.status is not JobStatus.COMPLETED or record.swept_at:
                return False
            if record.job.version != if_version:
                return False
            for artifact in artifacts:
                db.store_artifact(job_id, artifact)
            job = db.change(
                record,
                facts=merged_facts(record.job.facts, facts),
                version=if_version + 1,
                edits=edits or ScoreSettings(),
                edited_at=None if edits is None else db.clock(),
            )
            db.add_event(job_id, telling.STATUS, telling.status_data(job))
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

    def sweepable(self, *, limit: int) -> list[Artifact]:
        """See JobStore."""
        db = self.database
        with db.lock:
            now = db.clock()
            self._forget_deleted_jobs()
            for record in db.jobs.values():
                if record.swept_at is None and is_over(record.job, now):
                    record.swept_at = now
                    for row in db.artifacts.values():
                        if row.artifact.job_id == record.job.id and not row.artifact.deleted_at:
                            row.artifact = replace(row.artifact, deleted_at=now)
            waiting = [row for row in db.artifacts.values() if row.artifact.deleted_at is not None]
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

    def stats(self) -> JobStats:
        """See JobStore."""
        db = self.database
        with db.lock:
            records, now = list(db.jobs.values()), db.clock()
            pending = sum(d.status is DeliveryStatus.PENDING for d in db.deliveries.values())
        statuses = Counter(r.job.status for r in records if r.deleted_at is None)
        queued = [record for record in records if record.job.status is JobStatus.QUEUED]
        oldest = min((record.queued_at for record in queued), default=None)
        return JobStats(
            by_status={status: statuses[status] for status in JobStatus},
            queued_by_step={step: sum(r.job.step is step for r in queued) for step in Step},
            oldest_queued_seconds=None if oldest is None else (now - oldest).total_seconds(),
            pending_deliveries=pending,
        )

    def ping(self) -> None:
        """See JobStore."""

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

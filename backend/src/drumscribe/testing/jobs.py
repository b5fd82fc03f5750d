"""The job store in memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
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
from drumscribe.errors import IdempotencyConflict, QuotaExceeded
from drumscribe.ports import JobStats, Page
from drumscribe.testing.job_control import MemoryJobControl
from drumscribe.testing.memory import (
    JobRecord,
    is_abandoned,
    is_due,
    merged_facts,
    place,
)


class MemoryJobStore(MemoryJobControl):
    """JobStore that forgets everything with the process; may be shared by threads."""

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
                raise QuotaExceeded(f"At most {max_active} of your jobs may be under way at once.")
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
                db.bury_artifacts_of_steps(record.job.id)
                self._end(record, JobStatus.COMPLETED, expires_at)
            else:
                self._queue(record, step=step.following, attempt=0)
            return True

    def fail(self, claim: Claim, *, code: str, message: str, expires_at: datetime) -> bool:
        """See JobStore."""
        with self.database.lock:
            record = self._held(claim)
            if record is None or record.job.cancel_requested_at is not None:
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
            failed_by_code=Counter(
                r.job.error_code
                for r in records
                if r.deleted_at is None
                and r.job.status is JobStatus.FAILED
                and r.job.error_code is not None
            ),
        )

    def ping(self) -> None:
        """See JobStore."""

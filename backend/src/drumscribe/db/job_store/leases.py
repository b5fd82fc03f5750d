"""A worker's part of the life of a job: claim, heartbeat, finish, fail, release, stop."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Connection, func

from drumscribe.db.job_store.artifact_rows import (
    bury_artifacts_of_steps,
    result_paths,
    store_artifacts,
)
from drumscribe.db.job_store.refinements import begin_after
from drumscribe.db.job_store.rows import facts_values
from drumscribe.db.job_store.transitions import (
    NO_LEASE,
    add_event,
    announce,
    grown_progress,
    is_due,
    is_held,
    transition,
)
from drumscribe.db.tables import jobs
from drumscribe.domain.artifacts import NewArtifact
from drumscribe.domain.jobs import Claim, Heartbeat, Job, JobFacts, JobRequest, JobStatus, Step
from drumscribe.domain.service import job_events as telling


def claim(
    connection: Connection,
    job_id: UUID,
    step: Step,
    *,
    lease_seconds: float,
    max_attempts: int,
    expires_at: datetime | None,
    now: datetime,
) -> Claim | None:
    """See JobStore.claim. expires_at: for a job that fails here."""
    source = (jobs.c.step == step, is_due(now))
    token = uuid4()
    job = transition(
        connection,
        job_id,
        *source,
        jobs.c.attempt < max_attempts,
        now=now,
        status=JobStatus.RUNNING.value,
        attempt=jobs.c.attempt + 1,
        lease_token=token,
        lease_expires_at=now + timedelta(seconds=lease_seconds),
        started_at=func.coalesce(jobs.c.started_at, now),
        step_started_at=now,
        progress=grown_progress(step.progress_span[0]),
    )
    if job is not None:
        announce(connection, job, now)
        return Claim(job, token)
    lost = transition(
        connection,
        job_id,
        *source,
        jobs.c.attempt >= max_attempts,
        now=now,
        status=JobStatus.FAILED.value,
        error_code="worker_lost",
        error_message=f"The step {step} was started {max_attempts} times and never came to an end.",
        finished_at=now,
        expires_at=expires_at,
        **NO_LEASE,
    )
    if lost is not None:
        announce(connection, lost, now)
    return None


def heartbeat(
    connection: Connection,
    claim: Claim,
    *,
    lease_seconds: float,
    progress: int | None,
    now: datetime,
) -> Heartbeat:
    """See JobStore.heartbeat."""
    job_id, held = claim.job.id, is_held(claim.token)
    lease = now + timedelta(seconds=lease_seconds)
    job = transition(connection, job_id, held, now=now, lease_expires_at=lease)
    if job is None:
        return Heartbeat.LOST
    if progress is not None and min(progress, 100) > job.progress:
        further = transition(connection, job_id, held, now=now, progress=grown_progress(progress))
        assert further is not None, "the row is locked by this transaction"
        add_event(connection, job_id, telling.PROGRESS, telling.progress_data(further), now)
    flagged = job.cancel_requested_at is not None
    return Heartbeat.CANCEL_REQUESTED if flagged else Heartbeat.HELD


def finish_step(
    connection: Connection,
    claim: Claim,
    *,
    artifacts: Sequence[NewArtifact],
    facts: JobFacts,
    expires_at: datetime | None,
    refining: JobRequest | None,
    now: datetime,
) -> bool:
    """See JobStore.finish_step."""
    step = claim.job.step
    following = step.following
    values: dict[str, Any] = {
        **NO_LEASE,
        **facts_values(facts),
        **result_paths((), artifacts),
        "progress": grown_progress(step.progress_span[1]),
    }
    if following is None:
        values |= {
            "status": JobStatus.COMPLETED.value,
            "finished_at": now,
            "expires_at": expires_at,
        }
    else:
        values |= {
            "status": JobStatus.QUEUED.value,
            "step": following.value,
            "attempt": 0,
            "queued_at": now,
        }
    job = transition(
        connection,
        claim.job.id,
        is_held(claim.token),
        jobs.c.step == step,
        jobs.c.cancel_requested_at.is_(None),
        now=now,
        **values,
    )
    if job is None:
        return False
    store_artifacts(connection, job.id, artifacts, now)
    if following is None:
        bury_artifacts_of_steps(connection, job.id, now)
    for warning in facts.warnings or ():
        if warning not in (claim.job.facts.warnings or ()):
            data = telling.warning_data(claim.job, warning)
            add_event(connection, job.id, telling.WARNING, data, now)
    announce(connection, job, now)
    if following is None and refining is not None:
        begin_after(connection, job, refining, now)
    return True


def fail(
    connection: Connection,
    claim: Claim,
    *,
    code: str,
    message: str,
    expires_at: datetime | None,
    now: datetime,
) -> bool:
    """See JobStore.fail."""
    job = transition(
        connection,
        claim.job.id,
        is_held(claim.token),
        jobs.c.cancel_requested_at.is_(None),
        now=now,
        status=JobStatus.FAILED.value,
        error_code=code,
        error_message=message,
        finished_at=now,
        expires_at=expires_at,
        **NO_LEASE,
    )
    return _announced(connection, job, now)


def release(
    connection: Connection,
    claim: Claim,
    *,
    counts_as_attempt: bool,
    expires_at: datetime | None,
    now: datetime,
) -> bool:
    """See JobStore.release. expires_at: for a job that was cancelled meanwhile."""
    job = transition(
        connection,
        claim.job.id,
        is_held(claim.token),
        jobs.c.cancel_requested_at.is_(None),
        now=now,
        status=JobStatus.QUEUED.value,
        attempt=jobs.c.attempt if counts_as_attempt else jobs.c.attempt - 1,
        queued_at=now,
        **NO_LEASE,
    )
    # Nobody would ever claim a queued job that is flagged: it ends here.
    return _announced(connection, job, now) or acknowledge_cancel(
        connection, claim, expires_at=expires_at, now=now
    )


def acknowledge_cancel(
    connection: Connection, claim: Claim, *, expires_at: datetime | None, now: datetime
) -> bool:
    """See JobStore.acknowledge_cancel."""
    job = transition(
        connection,
        claim.job.id,
        is_held(claim.token),
        jobs.c.cancel_requested_at.is_not(None),
        now=now,
        status=JobStatus.CANCELLED.value,
        finished_at=now,
        expires_at=func.coalesce(jobs.c.expires_at, expires_at),
        **NO_LEASE,
    )
    return _announced(connection, job, now)


def _announced(connection: Connection, job: Job | None, now: datetime) -> bool:
    if job is None:
        return False
    announce(connection, job, now)
    return True

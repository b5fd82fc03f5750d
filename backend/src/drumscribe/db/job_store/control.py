"""What the owner and the operator do to a job from outside."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, func, select, update

from drumscribe.db.job_store.artifact_rows import bury_artifacts, result_paths, store_artifacts
from drumscribe.db.job_store.refinements import end_with_song, is_finished_song
from drumscribe.db.job_store.rows import facts_values, job_from_row
from drumscribe.db.job_store.transitions import (
    ACTIVE,
    NO_LEASE,
    TERMINAL,
    add_event,
    announce,
    transition,
)
from drumscribe.db.tables import jobs
from drumscribe.domain.artifacts import ArtifactKind, NewArtifact
from drumscribe.domain.jobs import Edits, Job, JobFacts, JobStatus, Step
from drumscribe.domain.service import job_events as telling

IS_VISIBLE = jobs.c.deleted_at.is_(None)


def request_cancel(
    connection: Connection, job_id: UUID, *, expires_at: datetime | None, now: datetime
) -> Job | None:
    """See JobStore.request_cancel."""
    job = _locked(connection, job_id)
    if job is None:
        return None
    queued = jobs.c.status == JobStatus.QUEUED
    ended = transition(
        connection,
        job_id,
        queued,
        now=now,
        status=JobStatus.CANCELLED.value,
        cancel_requested_at=now,
        finished_at=now,
        expires_at=expires_at,
    )
    if ended is not None:
        announce(connection, ended, now)
        return ended
    running = jobs.c.status == JobStatus.RUNNING
    flagged = transition(
        connection,
        job_id,
        running,
        jobs.c.cancel_requested_at.is_(None),
        now=now,
        cancel_requested_at=now,
        expires_at=expires_at,  # in force once the job has ended
    )
    return flagged or job


def requeue(
    connection: Connection, job_id: UUID, step: Step | None, *, now: datetime
) -> Job | None:
    """See JobStore.requeue."""
    job = _locked(connection, job_id)
    if job is None:
        return None
    target = step or job.step
    again = transition(
        connection,
        job_id,
        jobs.c.status.in_([JobStatus.FAILED.value, JobStatus.CANCELLED.value]),
        jobs.c.swept_at.is_(None),  # without its files it cannot run
        jobs.c.refines.is_(None),  # its song may be refined anew by now: its owner asks again
        IS_VISIBLE,
        now=now,
        status=JobStatus.QUEUED.value,
        step=target.value,
        attempt=0,
        progress=target.progress_span[0],
        queued_at=now,
        error_code=None,
        error_message=None,
        cancel_requested_at=None,
        finished_at=None,
        expires_at=None,
        **NO_LEASE,
    )
    if again is not None:
        announce(connection, again, now)
    return again


def fail_by_operator(
    connection: Connection,
    job_id: UUID,
    *,
    message: str,
    expires_at: datetime | None,
    now: datetime,
) -> Job | None:
    """See JobStore.fail_by_operator."""
    job = transition(
        connection,
        job_id,
        ACTIVE,
        now=now,
        status=JobStatus.FAILED.value,
        error_code="failed_by_operator",
        error_message=message,
        finished_at=now,
        expires_at=expires_at,
        # A worker may be at it until it notices; the end of its lease still guards the files.
        lease_token=None,
    )
    if job is not None:
        announce(connection, job, now)
    return job


def replace_results(
    connection: Connection,
    job_id: UUID,
    *,
    artifacts: Sequence[NewArtifact],
    facts: JobFacts,
    edits: Edits | None,
    if_version: int,
    outdated: Collection[ArtifactKind],
    now: datetime,
) -> bool:
    """See JobStore.replace_results."""
    values: dict[str, Any] = {
        **facts_values(facts),
        **result_paths(outdated, artifacts),
        "version": if_version + 1,
        "edits": None if edits is None else edits.to_dict(),
        "edited_at": None if edits is None else now,
    }
    job = transition(
        connection,
        job_id,
        is_finished_song(job_id),
        jobs.c.version == if_version,
        now=now,
        **values,
    )
    if job is None:
        return False
    bury_artifacts(connection, job_id, outdated, now)
    store_artifacts(connection, job_id, artifacts, now)
    # Listeners learn that the results are new; nobody is told by webhook of an own edit.
    add_event(connection, job_id, telling.STATUS, telling.status_data(job), now)
    return True


def add_rendering(
    connection: Connection, job_id: UUID, artifact: NewArtifact, *, if_version: int, now: datetime
) -> bool:
    """See JobStore.add_rendering."""
    stands = (is_finished_song(job_id), jobs.c.version == if_version)
    # The row is held until the file is recorded, so that no edit and no sweep comes in between.
    values = {"version": if_version, **result_paths((), [artifact])}
    if connection.execute(update(jobs).where(*stands).values(**values)).rowcount == 0:
        return False
    store_artifacts(connection, job_id, [artifact], now)
    return True


def keep(
    connection: Connection, job_id: UUID, *, expires_at: datetime | None, now: datetime
) -> bool:
    """See JobStore.keep."""
    job = transition(
        connection,
        job_id,
        TERMINAL,
        jobs.c.swept_at.is_(None),
        IS_VISIBLE,
        now=now,
        expires_at=expires_at,
    )
    return job is not None


def set_tags(connection: Connection, job_id: UUID, tags: Sequence[str]) -> bool:
    """See JobStore.set_tags."""
    is_it = (jobs.c.id == job_id, IS_VISIBLE)
    return connection.execute(update(jobs).where(*is_it).values(tags=list(tags))).rowcount > 0


def mark_for_deletion(connection: Connection, job_id: UUID, *, now: datetime) -> bool:
    """See JobStore.mark_for_deletion."""
    job = transition(
        connection,
        job_id,
        TERMINAL,
        IS_VISIBLE,
        now=now,
        deleted_at=now,
        expires_at=now,
        idempotency_key=None,  # the key may be used for a new job
    )
    if job is None:
        return False
    end_with_song(connection, job_id, now)
    return True


def end_abandoned_cancels(
    connection: Connection, *, limit: int, expires_at: datetime | None, now: datetime
) -> None:
    """Jobs that were to be cancelled and whose worker is gone are cancelled."""
    abandoned = (
        jobs.c.status == JobStatus.RUNNING,
        jobs.c.cancel_requested_at.is_not(None),
        jobs.c.lease_expires_at < now,
    )
    found = connection.execute(
        select(jobs.c.id).where(*abandoned).limit(limit).with_for_update(skip_locked=True)
    ).scalars()
    for job_id in found.all():
        job = transition(
            connection,
            job_id,
            *abandoned,
            now=now,
            status=JobStatus.CANCELLED.value,
            finished_at=now,
            expires_at=func.coalesce(jobs.c.expires_at, expires_at),
            **NO_LEASE,
        )
        if job is not None:
            announce(connection, job, now)


def _locked(connection: Connection, job_id: UUID) -> Job | None:
    """A job whose state cannot change until the transaction ends."""
    statement = select(jobs).where(jobs.c.id == job_id, IS_VISIBLE).with_for_update()
    row = connection.execute(statement).mappings().one_or_none()
    return None if row is None else job_from_row(row)

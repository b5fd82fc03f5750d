"""A job comes in: quota and idempotency, serialised per owner."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, func, insert, select

from drumscribe.db.job_store.artifact_rows import store_artifacts
from drumscribe.db.job_store.rows import job_from_row, request_values
from drumscribe.db.job_store.transitions import ACTIVE, announce
from drumscribe.db.tables import jobs
from drumscribe.domain.artifacts import NewArtifact
from drumscribe.domain.jobs import Job, JobRequest, JobStatus, Step
from drumscribe.errors import IdempotencyConflict, QuotaExceeded

_LOCK_SPACE = 0x6472756D  # keeps our advisory locks apart from those of other programs


def submit(
    connection: Connection,
    job_id: UUID,
    owner: str,
    request: JobRequest,
    source: NewArtifact | None,
    *,
    max_active: int,
    now: datetime,
) -> tuple[Job, bool]:
    """See JobStore.submit."""
    _lock_owner(connection, owner)
    if request.idempotency_key is not None:
        previous = with_key(connection, owner, request.idempotency_key)
        if previous is not None:
            if previous.request.request_hash != request.request_hash:
                raise IdempotencyConflict(
                    "This Idempotency-Key was used before with another request."
                )
            return previous, False
    active = connection.execute(
        select(func.count())
        .select_from(jobs)
        # Refinements wait behind all songs: they keep nobody from handing in another one.
        .where(jobs.c.owner == owner, ACTIVE, jobs.c.refines.is_(None))
    ).scalar_one()
    if active >= max_active:
        raise QuotaExceeded(
            f"At most {max_active} of your jobs may be under way at once, and {active} "
            f"{'is' if active == 1 else 'are'}; wait until one is done."
        )
    row = (
        connection.execute(
            insert(jobs)
            .values(
                id=job_id,
                owner=owner,
                status=JobStatus.QUEUED.value,
                step=Step.INGEST_AUDIO.value,
                progress=0,
                attempt=0,
                created_at=now,
                updated_at=now,
                queued_at=now,
                **request_values(request),
            )
            .returning(*jobs.c)
        )
        .mappings()
        .one()
    )
    job = job_from_row(row)
    if source is not None:
        store_artifacts(connection, job_id, [source], now)
    announce(connection, job, now)
    return job, True


def _lock_owner(connection: Connection, owner: str) -> None:
    """Nobody else submits for this owner until the transaction ends.

    SQLite needs nothing: its writing transactions (BEGIN IMMEDIATE) come one after the other.
    """
    if connection.dialect.name == "postgresql":
        key = func.hashtextextended(owner, _LOCK_SPACE)
        connection.execute(select(func.pg_advisory_xact_lock(key)))


def with_key(connection: Connection, owner: str, key: str) -> Job | None:
    """The job, or refinement, that this owner asked for with this key."""
    statement = select(jobs).where(jobs.c.owner == owner, jobs.c.idempotency_key == key)
    row = connection.execute(statement).mappings().one_or_none()
    return None if row is None else job_from_row(row)

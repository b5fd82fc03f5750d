"""Reading jobs."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import Connection, exists, func, literal, select, true, tuple_

from drumscribe.db.cursors import decode_cursor, encode_cursor
from drumscribe.db.job_store.control import IS_VISIBLE
from drumscribe.db.job_store.refinements import IS_SONG
from drumscribe.db.job_store.rows import artifact_from_row, event_from_row, job_from_row
from drumscribe.db.job_store.transitions import is_due
from drumscribe.db.tables import artifacts, job_events, jobs, webhook_deliveries
from drumscribe.domain.artifacts import Artifact
from drumscribe.domain.jobs import DeliveryStatus, Job, JobEvent, JobStatus, Step
from drumscribe.ports import JobStats, Page

# SQLite takes 32,766 values in a statement.
_IDS_AT_ONCE: Final = 10_000
# Who has a page already waits for those who have none yet.
_TURNS: Final = (jobs.c.refines.is_not(None), jobs.c.created_at, jobs.c.id)


def get(connection: Connection, job_id: UUID) -> Job | None:
    """See JobStore.get."""
    statement = select(jobs).where(jobs.c.id == job_id, IS_VISIBLE)
    row = connection.execute(statement).mappings().one_or_none()
    return None if row is None else job_from_row(row)


def get_several(connection: Connection, job_ids: Collection[UUID]) -> dict[UUID, Job]:
    """See JobIntake.get_several."""
    wanted = list(job_ids)
    found: dict[UUID, Job] = {}
    for start in range(0, len(wanted), _IDS_AT_ONCE):
        some = wanted[start : start + _IDS_AT_ONCE]
        statement = select(jobs).where(jobs.c.id.in_(some), IS_VISIBLE)
        for row in connection.execute(statement).mappings():
            found[row["id"]] = job_from_row(row)
    return found


def list_jobs(connection: Connection, owner: str, *, cursor: str | None, limit: int) -> Page:
    """See JobStore.list_jobs."""
    statement = select(jobs).where(jobs.c.owner == owner, IS_VISIBLE, IS_SONG)
    if cursor is not None:
        created_at, job_id = decode_cursor(cursor)
        place = tuple_(literal(created_at, jobs.c.created_at.type), literal(job_id, jobs.c.id.type))
        statement = statement.where(tuple_(jobs.c.created_at, jobs.c.id) < place)
    statement = statement.order_by(jobs.c.created_at.desc(), jobs.c.id.desc()).limit(limit + 1)
    found = [job_from_row(row) for row in connection.execute(statement).mappings()]
    page = found[:limit]
    more = len(found) > limit
    return Page(tuple(page), encode_cursor(page[-1].created_at, page[-1].id) if more else None)


def queue_positions(connection: Connection, job_ids: Collection[UUID]) -> dict[UUID, int]:
    """See JobIntake.queue_positions."""
    place = func.row_number().over(order_by=_TURNS).label("place")
    queue = select(jobs.c.id, place).where(jobs.c.status == JobStatus.QUEUED).subquery()
    wanted = select(queue.c.id, queue.c.place).where(queue.c.id.in_(job_ids))
    return {row.id: row.place for row in connection.execute(wanted)}


def due(
    connection: Connection, *, limit: int, steps: Collection[Step] | None, now: datetime
) -> list[tuple[UUID, Step]]:
    """Steps that somebody should claim: the oldest song first, then the oldest refinement."""
    wanted = true() if steps is None else jobs.c.step.in_([step.value for step in steps])
    statement = (
        select(jobs.c.id, jobs.c.step).where(is_due(now), wanted).order_by(*_TURNS).limit(limit)
    )
    return [(job_id, Step(step)) for job_id, step in connection.execute(statement)]


def has_abandoned_cancels(connection: Connection, *, now: datetime) -> bool:
    """Whether a job was to be cancelled and its worker is gone."""
    abandoned = exists().where(
        jobs.c.status == JobStatus.RUNNING,
        jobs.c.cancel_requested_at.is_not(None),
        jobs.c.lease_expires_at < now,
    )
    return connection.execute(select(abandoned)).scalar_one()


def events(connection: Connection, job_id: UUID, *, after: int, limit: int) -> list[JobEvent]:
    """See JobStore.events."""
    statement = (
        select(job_events)
        .where(job_events.c.job_id == job_id, job_events.c.number > after)
        .order_by(job_events.c.number)
        .limit(limit)
    )
    return [event_from_row(row) for row in connection.execute(statement).mappings()]


def living_artifacts(
    connection: Connection, job_ids: Collection[UUID]
) -> dict[UUID, list[Artifact]]:
    """See JobIntake.artifacts_of."""
    statement = (
        select(artifacts)
        .join(jobs)
        .where(artifacts.c.job_id.in_(job_ids), artifacts.c.deleted_at.is_(None), IS_VISIBLE)
        .order_by(artifacts.c.created_at, artifacts.c.kind)
    )
    found: dict[UUID, list[Artifact]] = {}
    for row in connection.execute(statement).mappings():
        found.setdefault(row["job_id"], []).append(artifact_from_row(row))
    return found


def stats(connection: Connection, *, now: datetime) -> JobStats:
    """See JobStore.stats."""
    queued = jobs.c.status == JobStatus.QUEUED
    by_status = dict.fromkeys(JobStatus, 0) | {
        JobStatus(status): count
        for status, count in connection.execute(
            select(jobs.c.status, func.count()).where(IS_VISIBLE).group_by(jobs.c.status)
        )
    }
    queued_by_step: Mapping[Step, int] = dict.fromkeys(Step, 0) | {
        Step(step): count
        for step, count in connection.execute(
            select(jobs.c.step, func.count()).where(queued).group_by(jobs.c.step)
        )
    }
    failed = connection.execute(
        select(jobs.c.error_code, func.count())
        .where(IS_VISIBLE, jobs.c.status == JobStatus.FAILED, jobs.c.error_code.is_not(None))
        .group_by(jobs.c.error_code)
    )
    failed_by_code = {row[0]: row[1] for row in failed}
    oldest = connection.execute(select(func.min(jobs.c.queued_at)).where(queued)).scalar_one()
    pending = connection.execute(
        select(func.count())
        .select_from(webhook_deliveries)
        .where(webhook_deliveries.c.status == DeliveryStatus.PENDING)
    ).scalar_one()
    return JobStats(
        by_status=by_status,
        queued_by_step=queued_by_step,
        oldest_queued_seconds=None if oldest is None else max(0.0, (now - oldest).total_seconds()),
        pending_deliveries=pending,
        failed_by_code=failed_by_code,
    )

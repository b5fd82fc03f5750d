"""Changes of a job's state, and what is told about them in the same transaction."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, Connection, and_, case, delete, insert, literal, or_, update

from drumscribe.db.job_store.rows import job_from_row
from drumscribe.db.tables import job_events, jobs, webhook_deliveries
from drumscribe.domain.jobs import DeliveryStatus, Job, JobStatus
from drumscribe.domain.service import job_events as telling

NO_LEASE: Mapping[str, Any] = {"lease_token": None, "lease_expires_at": None}

TERMINAL = jobs.c.status.in_([status.value for status in JobStatus if status.is_terminal])
ACTIVE = jobs.c.status.in_([status.value for status in JobStatus if not status.is_terminal])


def transition(
    connection: Connection, job_id: UUID, *source: ColumnElement[bool], now: datetime, **values: Any
) -> Job | None:
    """Change a job if it is in the source state; None if it is not (or does not exist)."""
    statement = (
        update(jobs)
        .where(jobs.c.id == job_id, *source)
        .values(updated_at=now, **values)
        .returning(*jobs.c)
    )
    row = connection.execute(statement).mappings().one_or_none()
    return None if row is None else job_from_row(row)


def is_due(now: datetime) -> ColumnElement[bool]:
    """Source state of a claim: queued, or running with an expired lease, and not cancelled."""
    waiting = jobs.c.status == JobStatus.QUEUED
    abandoned = and_(jobs.c.status == JobStatus.RUNNING, jobs.c.lease_expires_at < now)
    return and_(jobs.c.cancel_requested_at.is_(None), or_(waiting, abandoned))


def is_held(token: UUID) -> ColumnElement[bool]:
    """Source state of every write of a worker: it still has the lease."""
    return and_(jobs.c.status == JobStatus.RUNNING, jobs.c.lease_token == token)


def grown_progress(progress: int) -> ColumnElement[int]:
    """Progress that never goes back."""
    new = literal(max(0, min(progress, 100)))
    return case((jobs.c.progress < new, new), else_=jobs.c.progress)


def add_event(
    connection: Connection, job_id: UUID, kind: str, data: Mapping[str, Any], now: datetime
) -> None:
    """Append to the events of a job.

    The caller has changed the row of the job before: its lock keeps the numbers of one job's
    events in the order of their commits, so that a reader that asks for "after n" misses none.
    """
    connection.execute(
        insert(job_events).values(job_id=job_id, kind=kind, data=dict(data), created_at=now)
    )


def announce(connection: Connection, job: Job, now: datetime) -> None:
    """Tell of the state that a job has come into: an event, and a webhook row if it has ended."""
    add_event(connection, job.id, telling.STATUS, telling.status_data(job), now)
    if not job.status.is_terminal or job.request.webhook_url is None:
        return
    event = telling.ending_name(job)
    # After an operator's requeue the same ending comes again: it is told again, as a new message.
    connection.execute(
        delete(webhook_deliveries).where(
            webhook_deliveries.c.job_id == job.id, webhook_deliveries.c.event == event
        )
    )
    connection.execute(
        insert(webhook_deliveries).values(
            id=uuid4(),
            job_id=job.id,
            event=event,
            url=job.request.webhook_url,
            payload=telling.webhook_payload(job, now),
            status=DeliveryStatus.PENDING.value,
            attempts=0,
            created_at=now,
            next_attempt_at=now,
        )
    )

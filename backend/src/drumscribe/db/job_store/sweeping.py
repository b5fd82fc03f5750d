"""Which files may go: tombstones first, then the files, then the rows."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    delete,
    exists,
    or_,
    select,
    true,
    update,
)

from drumscribe.db.job_store.rows import artifact_from_row
from drumscribe.db.job_store.transitions import TERMINAL
from drumscribe.db.tables import artifacts, jobs, webhook_deliveries
from drumscribe.domain.artifacts import Artifact
from drumscribe.domain.jobs import DeliveryStatus, JobStatus


def sweepable(
    connection: Connection, *, limit: int, job_id: UUID | None, now: datetime
) -> list[Artifact]:
    """See JobStore.sweepable."""
    _forget_deleted_jobs(connection)
    _bury_expired(connection, limit=limit, job_id=job_id, now=now)
    waiting = (
        select(artifacts)
        .where(
            artifacts.c.deleted_at.is_not(None),
            true() if job_id is None else artifacts.c.job_id.in_(_song_and_refinements(job_id)),
        )
        # A file that cannot be deleted must not keep the rest from being tried.
        .order_by(artifacts.c.handed_out_at.asc().nulls_first(), artifacts.c.deleted_at)
        .limit(limit)
    )
    found = [artifact_from_row(row) for row in connection.execute(waiting).mappings()]
    if found:
        ids = [artifact.id for artifact in found]
        connection.execute(
            update(artifacts).where(artifacts.c.id.in_(ids)).values(handed_out_at=now)
        )
    return found


def keep_all(connection: Connection) -> None:
    """Songs from before, when files expired, stay as well; what was thrown away goes."""
    connection.execute(
        update(jobs)
        .where(
            jobs.c.status.in_([JobStatus.COMPLETED.value, JobStatus.FAILED.value]),
            jobs.c.refines.is_(None),
            jobs.c.expires_at.is_not(None),
            jobs.c.swept_at.is_(None),
            jobs.c.deleted_at.is_(None),
        )
        .values(expires_at=None)
    )


def forget_artifact(connection: Connection, artifact_id: UUID) -> None:
    """See JobStore.forget_artifact."""
    connection.execute(
        delete(artifacts).where(artifacts.c.id == artifact_id, artifacts.c.deleted_at.is_not(None))
    )


def _bury_expired(
    connection: Connection, *, limit: int, job_id: UUID | None, now: datetime
) -> None:
    """Tombstones for all artifacts of jobs whose time is over.

    The rows of the jobs are locked: a requeue comes before or after, not in between.
    """
    nobody_works = or_(jobs.c.lease_expires_at.is_(None), jobs.c.lease_expires_at < now)
    # Nobody wants what a refinement leaves that did not come to its end.
    is_in_vain = and_(
        jobs.c.refines.is_not(None),
        jobs.c.status.in_([JobStatus.FAILED.value, JobStatus.CANCELLED.value]),
    )
    is_over = and_(
        TERMINAL,
        jobs.c.swept_at.is_(None),
        or_(jobs.c.expires_at <= now, is_in_vain),
        nobody_works,
        or_(jobs.c.deleted_at.is_not(None), ~_is_refined_now()),
    )
    ids = (
        connection.execute(
            select(jobs.c.id)
            .where(
                is_over, true() if job_id is None else jobs.c.id.in_(_song_and_refinements(job_id))
            )
            .order_by(jobs.c.expires_at)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        .scalars()
        .all()
    )
    if not ids:
        return
    with_songs = select(jobs.c.id).where(jobs.c.refines.in_(ids), TERMINAL, nobody_works)
    ids = [*ids, *connection.execute(with_songs).scalars()]
    connection.execute(
        update(jobs)
        .where(jobs.c.id.in_(ids), jobs.c.swept_at.is_(None))
        .values(swept_at=now, result_musicxml_path=None, result_pdf_path=None)
    )
    connection.execute(
        update(artifacts)
        .where(artifacts.c.job_id.in_(ids), artifacts.c.deleted_at.is_(None))
        .values(deleted_at=now)
    )


def _forget_deleted_jobs(connection: Connection) -> None:
    """Rows of jobs that their owners deleted go when files and webhooks are done."""
    has_files = exists().where(artifacts.c.job_id == jobs.c.id)
    has_news = exists().where(
        webhook_deliveries.c.job_id == jobs.c.id,
        webhook_deliveries.c.status == DeliveryStatus.PENDING,
    )
    is_gone = (jobs.c.deleted_at.is_not(None), jobs.c.swept_at.is_not(None), ~has_files, ~has_news)
    connection.execute(delete(jobs).where(*is_gone, jobs.c.refines.is_not(None)))
    others = jobs.alias("others")
    is_refined = exists().where(others.c.refines == jobs.c.id)
    connection.execute(delete(jobs).where(*is_gone, ~is_refined))


def _song_and_refinements(job_id: UUID) -> Select[tuple[UUID]]:
    return select(jobs.c.id).where(or_(jobs.c.id == job_id, jobs.c.refines == job_id))


def _is_refined_now() -> ColumnElement[bool]:
    """Somebody reads the song's recording, and is about to bring what is heard into it."""
    others = jobs.alias("others")
    return exists().where(
        others.c.refines == jobs.c.id,
        others.c.status.in_([JobStatus.QUEUED.value, JobStatus.RUNNING.value]),
    )

"""A finished job once more, for another owner."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, insert, select

from drumscribe.db.job_store.artifact_rows import result_paths, store_artifacts
from drumscribe.db.job_store.refinements import is_finished_song
from drumscribe.db.job_store.rows import job_from_row
from drumscribe.db.job_store.transitions import add_event
from drumscribe.db.tables import jobs
from drumscribe.domain.artifacts import ArtifactKind, NewArtifact
from drumscribe.domain.jobs import Job
from drumscribe.domain.service import job_events as telling


def copy(
    connection: Connection,
    job_id: UUID,
    new_id: UUID,
    owner: str,
    artifacts: Sequence[NewArtifact],
    *,
    expires_at: datetime | None,
    if_version: int,
    now: datetime,
) -> Job | None:
    """See JobStore.copy."""
    there = (
        select(jobs).where(is_finished_song(job_id), jobs.c.version == if_version).with_for_update()
    )
    row = connection.execute(there).mappings().one_or_none()
    if row is None:
        return None
    values = {column.key: row[column] for column in jobs.c} | {
        "id": new_id,
        "owner": owner,
        "created_at": now,
        "updated_at": now,
        "finished_at": now,
        "expires_at": expires_at,
        "version": 1,
        # Whom to tell, and what the song means to them, is the other owner's business.
        "webhook_url": None,
        "metadata": {},
        "tags": None,
        "trace_context": {},
        "idempotency_key": None,
        "request_hash": None,
        **result_paths(tuple(ArtifactKind), artifacts),
    }
    made = connection.execute(insert(jobs).values(**values).returning(*jobs.c)).mappings().one()
    job = job_from_row(made)
    store_artifacts(connection, new_id, artifacts, now)
    add_event(connection, new_id, telling.STATUS, telling.status_data(job), now)
    return job

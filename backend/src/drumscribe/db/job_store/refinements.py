"""Refinements: jobs that bring what they hear into a song that is finished already.

A refinement is a row of the same table, so that it is claimed, leased, cancelled and brought back
like every job; its song stays as it is, and may be played and edited, until it is done.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, Connection, and_, exists, insert, select, update

from drumscribe.db.job_store.artifact_rows import (
    bury_artifacts,
    bury_artifacts_of_steps,
    result_paths,
    store_artifacts,
)
from drumscribe.db.job_store.rows import facts_values, job_from_row, request_values
from drumscribe.db.job_store.submission import with_key
from drumscribe.db.job_store.transitions import (
    ACTIVE,
    NO_LEASE,
    TERMINAL,
    add_event,
    announce,
    is_held,
    transition,
)
from drumscribe.db.tables import artifacts, jobs
from drumscribe.domain.artifacts import ArtifactKind, NewArtifact
from drumscribe.domain.jobs import Claim, Ending, Job, JobFacts, JobRequest, JobStatus, Step
from drumscribe.domain.service import job_events as telling
from drumscribe.domain.service.refinements import Refined
from drumscribe.errors import IdempotencyConflict, RefinementRunning

IS_SONG: Final = jobs.c.refines.is_(None)
# What was heard and the stems become the song's.
_HANDED_OVER: Final = (
    ArtifactKind.MACHINE,
    ArtifactKind.ACTIVATIONS,
    ArtifactKind.DRUMS,
    ArtifactKind.BACKING,
)


class LeaseIsLost(Exception):
    """Rolls the transaction back."""


def is_finished_song(job_id: UUID) -> ColumnElement[bool]:
    """Source state of what is done to a result: completed, there, not deleted."""
    return and_(
        jobs.c.id == job_id,
        jobs.c.status == JobStatus.COMPLETED,
        IS_SONG,
        jobs.c.swept_at.is_(None),
        jobs.c.deleted_at.is_(None),
    )


def begin(
    connection: Connection, song_id: UUID, new_id: UUID, request: JobRequest, *, now: datetime
) -> tuple[Job, bool] | None:
    """See JobIntake.begin_refinement."""
    # The row of the song is held: of two who ask at once one comes first.
    statement = select(jobs).where(is_finished_song(song_id)).with_for_update()
    song = connection.execute(statement).mappings().one_or_none()
    if song is None:
        return None
    if request.idempotency_key is not None:
        known = with_key(connection, song["owner"], request.idempotency_key)
        if known is not None:
            if known.refines != song_id or known.request.request_hash != request.request_hash:
                raise IdempotencyConflict(
                    "This Idempotency-Key was used before with another request."
                )
            return known, False
    if connection.execute(select(exists().where(jobs.c.refines == song_id, ACTIVE))).scalar_one():
        raise RefinementRunning("The song is being heard again already.")
    return _inserted(connection, job_from_row(song), new_id, request, now), True


def begin_after(connection: Connection, song: Job, request: JobRequest, now: datetime) -> None:
    """Queue the refinement of a song that this transaction completes."""
    if not connection.execute(select(exists().where(jobs.c.refines == song.id, ACTIVE))).scalar():
        _inserted(connection, song, uuid4(), request, now)


def _inserted(
    connection: Connection, song: Job, new_id: UUID, request: JobRequest, now: datetime
) -> Job:
    _bury_earlier(connection, song.id, now)
    values = {
        "id": new_id,
        "owner": song.owner,
        "refines": song.id,
        "status": JobStatus.QUEUED.value,
        "step": Step.INGEST_AUDIO.value,
        "progress": 0,
        "attempt": 0,
        "created_at": now,
        "updated_at": now,
        "queued_at": now,
        "duration_seconds": song.facts.duration_seconds,
        **request_values(request),
    }
    row = connection.execute(insert(jobs).values(**values).returning(*jobs.c)).mappings().one()
    refinement = job_from_row(row)
    announce(connection, refinement, now)
    return refinement


def _bury_earlier(connection: Connection, song_id: UUID, now: datetime) -> None:
    connection.execute(
        update(jobs)
        .where(jobs.c.refines == song_id, TERMINAL, jobs.c.deleted_at.is_(None))
        .values(deleted_at=now, expires_at=now, idempotency_key=None)
    )


def finish(
    connection: Connection,
    claim: Claim,
    *,
    refined: Refined,
    page: Sequence[NewArtifact],
    before: NewArtifact,
    outdated: Collection[ArtifactKind],
    facts: JobFacts,
    now: datetime,
) -> Ending:
    """See JobWork.finish_refinement; may raise, and is undone then."""
    refinement, song_id = claim.job, claim.job.song_id
    # The song first, as everybody does who touches both: nobody waits for the other.
    song = transition(
        connection,
        song_id,
        is_finished_song(song_id),
        jobs.c.version == refined.version - 1,
        now=now,
        version=refined.version,
        **facts_values(facts),
        **result_paths(outdated, page),
    )
    if song is None:
        return Ending.OUTDATED
    ended = transition(
        connection,
        refinement.id,
        is_held(claim.token),
        jobs.c.step == refinement.step,
        jobs.c.cancel_requested_at.is_(None),
        now=now,
        status=JobStatus.COMPLETED.value,
        progress=100,
        finished_at=now,
        refined=refined.to_dict(),
        **NO_LEASE,
    )
    if ended is None:
        raise LeaseIsLost
    bury_artifacts(connection, song_id, outdated, now)
    store_artifacts(connection, song_id, page, now)
    _hand_over(connection, refinement.id, song_id, now)
    bury_artifacts_of_steps(connection, refinement.id, now)
    store_artifacts(connection, refinement.id, [before], now)
    announce(connection, ended, now)
    add_event(connection, song_id, telling.STATUS, telling.status_data(song), now)
    return Ending.DONE


def _hand_over(connection: Connection, refinement_id: UUID, song_id: UUID, now: datetime) -> None:
    is_new = (
        artifacts.c.job_id == refinement_id,
        artifacts.c.kind.in_([kind.value for kind in _HANDED_OVER]),
        artifacts.c.deleted_at.is_(None),
    )
    kinds = connection.execute(select(artifacts.c.kind).where(*is_new)).scalars().all()
    bury_artifacts(connection, song_id, [ArtifactKind(kind) for kind in kinds], now)
    connection.execute(update(artifacts).where(*is_new).values(job_id=song_id))


def latest(connection: Connection, song_ids: Collection[UUID]) -> dict[UUID, Job]:
    """See JobIntake.refinements_of."""
    statement = select(jobs).where(jobs.c.refines.in_(song_ids), jobs.c.deleted_at.is_(None))
    return {row["refines"]: job_from_row(row) for row in connection.execute(statement).mappings()}


def end_with_song(connection: Connection, song_id: UUID, now: datetime) -> None:
    """The song is deleted: what refines it stops, and goes with it."""
    of_song = jobs.c.refines == song_id
    connection.execute(
        update(jobs)
        .where(of_song, jobs.c.status == JobStatus.QUEUED)
        .values(status=JobStatus.CANCELLED.value, finished_at=now, updated_at=now)
    )
    connection.execute(
        update(jobs)
        .where(of_song, jobs.c.status == JobStatus.RUNNING)
        .values(cancel_requested_at=now, updated_at=now)
    )
    connection.execute(
        update(jobs).where(of_song).values(deleted_at=now, expires_at=now, idempotency_key=None)
    )

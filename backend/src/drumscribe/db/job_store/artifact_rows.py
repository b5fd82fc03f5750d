"""Rows of artifacts: one living row per job and kind, tombstones until the file is gone."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Connection, and_, delete, insert, update

from drumscribe.db.tables import artifacts
from drumscribe.domain.artifacts import ArtifactKind, NewArtifact


def store_artifacts(
    connection: Connection, job_id: UUID, new: Sequence[NewArtifact], now: datetime
) -> None:
    """Insert artifacts in the place of those of the same kinds.

    What is replaced becomes a tombstone, so that its file is swept; unless the new file lies
    under the same key: then the old one is gone already and the row goes too.
    """
    for artifact in new:
        of_job = artifacts.c.job_id == job_id
        connection.execute(delete(artifacts).where(of_job, artifacts.c.key == artifact.stored.key))
        living = and_(
            of_job, artifacts.c.kind == artifact.kind.value, artifacts.c.deleted_at.is_(None)
        )
        connection.execute(update(artifacts).where(living).values(deleted_at=now))
        connection.execute(
            insert(artifacts).values(
                id=uuid4(),
                job_id=job_id,
                kind=artifact.kind.value,
                key=artifact.stored.key,
                sha256=artifact.stored.sha256,
                size_bytes=artifact.stored.size_bytes,
                media_type=artifact.media_type,
                filename=artifact.filename,
                created_at=now,
            )
        )


def bury_artifacts_of_steps(connection: Connection, job_id: UUID, now: datetime) -> None:
    """Tombstones for what nobody needs any more once the job is completed."""
    bury_artifacts(
        connection, job_id, [kind for kind in ArtifactKind if not kind.is_of_use_afterwards], now
    )


def bury_artifacts(
    connection: Connection, job_id: UUID, kinds: Collection[ArtifactKind], now: datetime
) -> None:
    """Tombstones for the living artifacts of these kinds."""
    connection.execute(
        update(artifacts)
        .where(
            artifacts.c.job_id == job_id,
            artifacts.c.kind.in_([kind.value for kind in kinds]),
            artifacts.c.deleted_at.is_(None),
        )
        .values(deleted_at=now)
    )


def result_paths(outdated: Collection[ArtifactKind], new: Sequence[NewArtifact]) -> dict[str, Any]:
    """The columns of the specification that name the result files."""
    columns = {
        ArtifactKind.MUSICXML: "result_musicxml_path",
        ArtifactKind.PDF: "result_pdf_path",
    }
    gone: dict[str, Any] = {columns[kind]: None for kind in outdated if kind in columns}
    return gone | {
        columns[artifact.kind]: artifact.stored.key for artifact in new if artifact.kind in columns
    }

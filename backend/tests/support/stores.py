"""The stores under test, each with a clock that stands still; builders of what goes into them."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Engine

from drumscribe.db.deliveries import SqlDeliveryStore
from drumscribe.db.engine import create_database_engine, writing
from drumscribe.db.job_store.store import SqlJobStore
from drumscribe.db.keys import SqlApiKeyStore
from drumscribe.db.schema import upgrade_schema
from drumscribe.db.tables import metadata
from drumscribe.domain.artifacts import ArtifactKind, NewArtifact, StoredObject
from drumscribe.domain.jobs import Claim, InputType, Job, JobFacts, JobRequest, Step
from drumscribe.domain.service.retention import FOR_GOOD, Retention
from drumscribe.ports import ApiKeyStore, DeliveryStore, JobStore
from drumscribe.testing import MovableClock

LEASE = 60.0
ATTEMPTS = 3
NOTHING_NEW = JobFacts()


@dataclass(frozen=True)
class Stores:
    """One database seen through its three ports."""

    jobs: JobStore
    deliveries: DeliveryStore
    keys: ApiKeyStore
    clock: MovableClock

    def without_expiry(self) -> Stores:
        """The same database as a service sees it that keeps everything."""
        assert isinstance(self.jobs, SqlJobStore)
        engine = self.jobs.engine
        return replace(self, jobs=SqlJobStore(engine, clock=self.clock, retention=FOR_GOOD))

    def in_a_day(self) -> datetime:
        return self.clock() + timedelta(days=1)


@contextmanager
def new_stores(folder: Path, clock: MovableClock | None = None) -> Iterator[Stores]:
    """Stores on a SQLite database of their own, which lies in this folder."""
    folder.mkdir(parents=True, exist_ok=True)
    database = folder / "drumscribe.db"
    database.write_bytes(_database_without_rows())
    engine = create_database_engine(f"sqlite:///{database}")
    yield sql_stores(engine, clock)
    engine.dispose()


@cache
def _database_without_rows() -> bytes:
    """A file with all tables; migrating takes longer than most tests."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "empty.db"
        with migrated(f"sqlite:///{path}"):
            pass
        return path.read_bytes()


def sql_stores(engine: Engine, clock: MovableClock | None = None) -> Stores:
    """Stores on a database with tables."""
    clock = clock or MovableClock()
    return Stores(
        SqlJobStore(engine, clock=clock, retention=Retention(24)),
        SqlDeliveryStore(engine, clock=clock),
        SqlApiKeyStore(engine, clock=clock),
        clock,
    )


@contextmanager
def migrated(url: str) -> Iterator[Engine]:
    """An engine on a database that has all tables."""
    engine = create_database_engine(url)
    upgrade_schema(engine)
    yield engine
    engine.dispose()


def empty(engine: Engine) -> None:
    """Delete all rows, for the next test on the same tables."""
    with writing(engine) as connection:
        for table in reversed(metadata.sorted_tables):
            connection.execute(table.delete())


def a_request(**changes: Any) -> JobRequest:
    values: dict[str, Any] = {"input_type": InputType.UPLOAD, "title": "Song", **changes}
    return JobRequest(**values)


def a_file(
    kind: ArtifactKind = ArtifactKind.SOURCE, key: str = "jobs/x/source", size: int = 3
) -> NewArtifact:
    stored = StoredObject(key, "ab" * 32, size)
    return NewArtifact(kind, stored, "application/octet-stream", "file.bin")


def submit(
    stores: Stores,
    *,
    owner: str = "anna",
    source: NewArtifact | None = None,
    max_active: int = 100,
    **request: Any,
) -> Job:
    job, _ = stores.jobs.submit(uuid4(), owner, a_request(**request), source, max_active=max_active)
    return job


def claim(stores: Stores, job_id: UUID, step: Step = Step.INGEST_AUDIO) -> Claim:
    claimed = stores.jobs.claim(job_id, step, lease_seconds=LEASE, max_attempts=ATTEMPTS)
    assert claimed is not None
    return claimed


def finish(
    stores: Stores,
    claimed: Claim,
    *artifacts: NewArtifact,
    facts: JobFacts = NOTHING_NEW,
) -> bool:
    return stores.jobs.finish_step(
        claimed, artifacts=artifacts, facts=facts, expires_at=stores.in_a_day()
    )


def complete(stores: Stores, job_id: UUID, *artifacts: NewArtifact) -> Job:
    """Bring a queued job to its end; the last step makes the artifacts."""
    for step in Step:
        last = step.following is None
        assert finish(stores, claim(stores, job_id, step), *(artifacts if last else ()))
    return seen(stores, job_id)


def seen(stores: Stores, job_id: UUID) -> Job:
    job = stores.jobs.get(job_id)
    assert job is not None
    return job


def event_kinds(stores: Stores, job_id: UUID) -> list[str]:
    return [event.kind for event in stores.jobs.events(job_id, after=0, limit=1000)]


PDF = a_file(ArtifactKind.PDF, "jobs/x/pdf")

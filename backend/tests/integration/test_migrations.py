"""Migrations lead to the tables of the code, on both databases, and back."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from uuid import uuid4

import pytest
from alembic.autogenerate import compare_metadata
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, inspect, text
from sqlalchemy.exc import IntegrityError

from drumscribe.db.deliveries import SqlDeliveryStore
from drumscribe.db.engine import create_database_engine, migrating, reading, writing
from drumscribe.db.job_store.store import SqlJobStore
from drumscribe.db.schema import (
    downgrade_schema,
    newest_revision,
    schema_revision,
    upgrade_schema,
)
from drumscribe.db.tables import metadata
from drumscribe.domain.artifacts import ArtifactKind, NewArtifact, StoredObject
from drumscribe.domain.jobs import Heartbeat, InputType, JobRequest, Step
from drumscribe.errors import StoreUnavailable
from service_fixtures import PostgresServer

UPGRADE = """
import sys
from drumscribe.db.engine import create_database_engine
from drumscribe.db.schema import upgrade_schema
upgrade_schema(create_database_engine(sys.argv[1]))
"""
TABLES = {"jobs", "artifacts", "job_events", "webhook_deliveries", "api_keys", "set_lists"}


@pytest.fixture(params=["sqlite_url", "postgres_url"])
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    engine = create_database_engine(request.getfixturevalue(request.param))
    yield engine
    engine.dispose()


def tables_of(engine: Engine) -> set[str]:
    return set(inspect(engine).get_table_names()) - {"alembic_version"}


def test_upgrade_of_an_empty_database_makes_all_tables(engine: Engine) -> None:
    assert schema_revision(engine) is None
    upgrade_schema(engine)
    assert schema_revision(engine) == newest_revision() is not None
    assert tables_of(engine) == TABLES
    upgrade_schema(engine)


def test_upgrade_leads_to_the_tables_of_the_code(engine: Engine) -> None:
    upgrade_schema(engine)
    options = {"compare_type": True, "compare_server_default": True}
    with reading(engine) as connection:
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, metadata) == []


def test_downgrade_to_nothing_and_up_again_works(engine: Engine) -> None:
    upgrade_schema(engine)
    downgrade_schema(engine, "base")
    assert schema_revision(engine) is None
    assert tables_of(engine) == set()
    upgrade_schema(engine)
    store = SqlJobStore(engine)
    request = JobRequest(input_type=InputType.UPLOAD, title="Song")
    job, is_new = store.submit(uuid4(), "anna", request, None, max_active=1)
    assert is_new
    assert store.get(job.id) == job


def test_upgrade_of_what_a_newer_version_made_says_so(engine: Engine) -> None:
    upgrade_schema(engine)
    with writing(engine) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreUnavailable, match=r"9999.* newer"):
        upgrade_schema(engine)


def test_downgrade_and_upgrade_keep_jobs_and_all_that_belongs_to_them(engine: Engine) -> None:
    upgrade_schema(engine)
    store, deliveries = SqlJobStore(engine), SqlDeliveryStore(engine)
    request = JobRequest(
        input_type=InputType.UPLOAD, title="Söng", webhook_url="https://example.org/x"
    )
    stored = StoredObject("jobs/x/source", "0" * 64, 3)
    source = NewArtifact(ArtifactKind.SOURCE, stored, "application/octet-stream", "song.wav")
    running, waiting = (
        store.submit(uuid4(), "anna", request, file, max_active=9)[0] for file in (source, None)
    )
    claim = store.claim(running.id, Step.INGEST_AUDIO, lease_seconds=60, max_attempts=3)
    assert claim is not None
    store.request_cancel(waiting.id, expires_at=waiting.created_at)

    def all_of_it() -> list[object]:
        jobs = [replace(job, step_started_at=None) for job in map(store.get, ids) if job]
        return [jobs, *(f(i) for f in (store.artifacts, deliveries.deliveries) for i in ids)]

    ids = (running.id, waiting.id)
    before = all_of_it()
    downgrade_schema(engine, "0001")
    assert schema_revision(engine) == "0001"
    upgrade_schema(engine)
    assert all_of_it() == before
    assert len(store.events(running.id, after=0, limit=9)) == 2
    assert store.heartbeat(claim, lease_seconds=60) is Heartbeat.HELD


def test_table_that_a_migration_copies_takes_nothing_along(engine: Engine) -> None:
    upgrade_schema(engine)
    store = SqlJobStore(engine)
    request = JobRequest(input_type=InputType.UPLOAD, title="Song")
    job, _ = store.submit(uuid4(), "anna", request, None, max_active=1)
    before = store.events(job.id, after=0, limit=9)
    with migrating(engine) as connection:
        operations = Operations(MigrationContext.configure(connection))
        with operations.batch_alter_table("jobs") as jobs:
            jobs.drop_constraint("ck_jobs_progress")
    assert store.events(job.id, after=0, limit=9) == before != []
    orphan = text("UPDATE job_events SET job_id = :nobody")
    with pytest.raises(IntegrityError), writing(engine) as connection:
        connection.execute(orphan, {"nobody": uuid4().hex})


def test_upgrade_by_several_processes_at_once_is_done_once(engine: Engine) -> None:
    url = engine.url.render_as_string(hide_password=False)
    processes = [
        subprocess.Popen([sys.executable, "-c", UPGRADE, url], stderr=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    assert [process.communicate()[1] for process in processes] == [""] * 3
    assert tables_of(engine) == TABLES


def _sqlite_definitions(engine: Engine) -> set[str]:
    with reading(engine) as connection:
        found = connection.execute(
            text("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND tbl_name != :version"),
            {"version": "alembic_version"},
        )
        return {definition for (sql,) in found for definition in _parts(sql)}


def _parts(sql: str) -> list[str]:
    """The definition of a table or an index, independent of the order of its lines."""
    head, _, body = sql.partition("(")
    # ALTER TABLE puts its columns on one line. No bracket of ours lies in another one.
    lines = re.split(r",\s*(?![^()]*\))", body.rsplit(")", 1)[0])
    return [" ".join(f"{head}: {line}".split()) for line in lines]


def _postgres_definitions(engine: Engine) -> set[str]:
    queries = (
        "SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) "
        "FROM pg_constraint WHERE connamespace = 'public'::regnamespace",
        "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'",
        "SELECT concat_ws(' ', table_name, column_name, data_type, is_nullable, column_default, "
        "character_maximum_length) FROM information_schema.columns WHERE table_schema = 'public'",
    )
    with reading(engine) as connection:
        found = {row for query in queries for row in connection.execute(text(query)).scalars()}
    return {definition for definition in found if "alembic_version" not in definition}


def test_upgrade_makes_the_very_constraints_and_indexes_of_the_code(
    engine: Engine, request: pytest.FixtureRequest
) -> None:
    definitions: Callable[[Engine], set[str]]
    if engine.dialect.name == "sqlite":
        other = create_database_engine(f"{engine.url}-by-code")
        definitions = _sqlite_definitions
    else:
        postgres: PostgresServer = request.getfixturevalue("postgres")
        other = create_database_engine(postgres.new_database())
        definitions = _postgres_definitions
    with writing(other) as connection:
        metadata.create_all(connection)
    upgrade_schema(engine)
    assert definitions(engine) == definitions(other)
    other.dispose()

"""Connections: durability settings, outages, restarts, forks."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from api_client import make_settings
from drumscribe.bootstrap import Service
from drumscribe.db.engine import create_database_engine, normalized_url, reading, writing
from drumscribe.db.job_store.store import SqlJobStore
from drumscribe.db.schema import upgrade_schema
from drumscribe.db.tables import jobs
from drumscribe.domain.jobs import InputType, JobRequest
from drumscribe.errors import StoreUnavailable
from service_fixtures import PostgresServer, free_port

REQUEST = JobRequest(input_type=InputType.UPLOAD, title="Song")


@pytest.mark.parametrize(
    ("given", "driver"),
    [
        ("postgres://u:p@h/d", "postgresql+psycopg"),
        ("postgresql://u:p@h/d", "postgresql+psycopg"),
        ("postgresql+asyncpg://u:p@h/d", "postgresql+psycopg"),
        ("sqlite:///x.db", "sqlite+pysqlite"),
        ("sqlite+aiosqlite:///x.db", "sqlite+pysqlite"),
    ],
)
def test_url_of_any_driver_gets_ours(given: str, driver: str) -> None:
    url = normalized_url(given)
    assert url.drivername == driver
    assert url.database in ("d", "x.db")


@pytest.mark.parametrize("url", ["mysql://h/d", "sqlite://", "sqlite:///:memory:"])
def test_url_that_cannot_serve_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="SQLite"):
        create_database_engine(url)


def test_sqlite_is_durable_and_waits_for_writers(sqlite_url: str) -> None:
    engine = create_database_engine(sqlite_url)
    with reading(engine) as connection:
        said = {
            name: connection.execute(text(f"PRAGMA {name}")).scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    assert said == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "busy_timeout": 15_000,
    }
    engine.dispose()


def test_sqlite_readers_see_the_last_commit_while_somebody_writes(sqlite_url: str) -> None:
    engine = create_database_engine(sqlite_url)
    upgrade_schema(engine)
    store = SqlJobStore(engine)
    job, _ = store.submit(uuid4(), "anna", REQUEST, None, max_active=9)
    with writing(engine) as connection:
        connection.execute(jobs.update().values(title="Other"))
        assert store.get(job.id) == job
    assert store.get(job.id) != job
    engine.dispose()


def test_sqlite_locked_for_too_long_is_unavailable(
    sqlite_url: str,
) -> None:
    engine = create_database_engine(sqlite_url, timeout_seconds=0.05)
    upgrade_schema(engine)
    store = SqlJobStore(engine)
    with writing(engine), pytest.raises(StoreUnavailable):
        store.submit(uuid4(), "anna", REQUEST, None, max_active=9)
    store.submit(uuid4(), "anna", REQUEST, None, max_active=9)
    engine.dispose()


def test_timeout_of_the_settings_is_the_one_that_holds(tmp_path: Path) -> None:
    service = Service(make_settings(tmp_path, database_timeout_seconds=0.05))
    service.upgrade_database()
    with writing(service.engine), pytest.raises(StoreUnavailable):
        service.jobs.submit(uuid4(), "anna", REQUEST, None, max_active=9)
    service.close()


def test_error_inside_of_a_transaction_leaves_nothing(sqlite_url: str) -> None:
    engine = create_database_engine(sqlite_url)
    upgrade_schema(engine)
    job, _ = SqlJobStore(engine).submit(uuid4(), "anna", REQUEST, None, max_active=9)

    def break_off() -> None:
        with writing(engine) as connection:
            connection.execute(jobs.update().values(title="Other"))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        break_off()
    assert SqlJobStore(engine).get(job.id) == job
    engine.dispose()


def test_database_that_does_not_answer_is_unavailable() -> None:
    engine = create_database_engine(f"postgresql://postgres@127.0.0.1:{free_port()}/none")
    store = SqlJobStore(engine)
    with pytest.raises(StoreUnavailable):
        store.ping()
    with pytest.raises(StoreUnavailable):
        store.get(uuid4())


def test_sqlite_file_that_is_none_is_unavailable_or_refused(tmp_path: Path) -> None:
    (tmp_path / "drumscribe.db").mkdir()
    engine = create_database_engine(f"sqlite:///{tmp_path / 'drumscribe.db'}")
    with pytest.raises(StoreUnavailable):
        SqlJobStore(engine).ping()


def test_postgres_restarted_store_goes_on(postgres: PostgresServer, postgres_url: str) -> None:
    engine = create_database_engine(postgres_url)
    upgrade_schema(engine)
    store = SqlJobStore(engine)
    job, _ = store.submit(uuid4(), "anna", REQUEST, None, max_active=9)
    postgres.restart()
    assert store.get(job.id) == job
    postgres.stop()
    with pytest.raises(StoreUnavailable):
        store.get(job.id)
    postgres.start()
    assert store.get(job.id) == job
    engine.dispose()


def test_postgres_restarted_before_the_commit_leaves_nothing(
    postgres: PostgresServer, postgres_url: str
) -> None:
    engine = create_database_engine(postgres_url)
    upgrade_schema(engine)
    store = SqlJobStore(engine)
    job, _ = store.submit(uuid4(), "anna", REQUEST, None, max_active=9)

    def be_cut_off() -> None:
        with writing(engine) as connection:
            connection.execute(jobs.update().values(title="Other"))
            postgres.restart()

    with pytest.raises(StoreUnavailable):
        be_cut_off()
    assert store.get(job.id) == job
    engine.dispose()


@pytest.mark.parametrize(
    "code",
    [
        pytest.param("40P01", id="deadlock"),
        pytest.param("53100", id="disk full"),
        pytest.param("57014", id="statement cancelled"),
        pytest.param("55P03", id="lock not available"),
    ],
)
def test_postgres_in_passing_trouble_is_unavailable(postgres_url: str, code: str) -> None:
    engine = create_database_engine(postgres_url)
    trouble = text(f"DO $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '{code}'; END $$")
    with pytest.raises(StoreUnavailable), writing(engine) as connection:
        connection.execute(trouble)
    with reading(engine) as connection:
        assert connection.execute(text("SELECT 1")).scalar_one() == 1
    engine.dispose()


def test_mistake_of_ours_is_not_called_passing(postgres_url: str) -> None:
    engine = create_database_engine(postgres_url)
    with pytest.raises(ProgrammingError), reading(engine) as connection:
        connection.execute(text("SELECT nothing FROM nowhere"))
    engine.dispose()


def test_postgres_that_has_fallen_silent_is_given_up(postgres_url: str) -> None:
    engine = create_database_engine(postgres_url, timeout_seconds=3)
    with engine.connect() as connection:
        raw: Any = connection.connection.dbapi_connection
        assert isinstance(raw, psycopg.Connection)
        given = raw.info.get_parameters()
    engine.dispose()
    assert int(given["connect_timeout"]) == 3
    assert 0 < int(given["tcp_user_timeout"]) < 30_000


def test_connections_in_use_beyond_the_pool_are_unavailable(
    sqlite_url: str,
) -> None:
    engine = create_database_engine(sqlite_url, pool_size=1, timeout_seconds=0.05)
    with reading(engine), reading(engine), pytest.raises(StoreUnavailable), reading(engine):
        pass
    engine.dispose()


FORK = """
import os, sys
from drumscribe.db.engine import create_database_engine, reading
from sqlalchemy import text
engine = create_database_engine(sys.argv[1])
def ask():
    with reading(engine) as connection:
        return connection.execute(text(sys.argv[2])).scalar_one()
mine = ask()
child = os.fork()
if child == 0:
    theirs = ask()
    os._exit(0 if sys.argv[2] == "SELECT 1" or theirs != mine else 1)
_, status = os.waitpid(child, 0)
assert ask() == mine
engine.dispose()
sys.exit(os.waitstatus_to_exitcode(status))
"""


@pytest.mark.parametrize(
    ("fixture", "query"),
    [("sqlite_url", "SELECT 1"), ("postgres_url", "SELECT pg_backend_pid()")],
)
def test_forked_child_opens_connections_of_its_own(
    request: pytest.FixtureRequest, fixture: str, query: str
) -> None:
    url = request.getfixturevalue(fixture)
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", FORK, url, query],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ},
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_writers_in_many_threads_all_get_their_turn(sqlite_url: str) -> None:
    engine = create_database_engine(sqlite_url)
    upgrade_schema(engine)
    store = SqlJobStore(engine)
    refused: list[Exception] = []

    def write() -> None:
        try:
            for _ in range(3):
                store.submit(uuid4(), "anna", REQUEST, None, max_active=1000)
        except (StoreUnavailable, sqlite3.Error) as error:
            refused.append(error)

    threads = [threading.Thread(target=write) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert refused == []
    assert len(store.list_jobs("anna", cursor=None, limit=100).jobs) == 36
    engine.dispose()

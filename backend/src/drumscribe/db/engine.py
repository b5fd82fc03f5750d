"""Connections and transactions: one sync engine for SQLite (WAL) and PostgreSQL."""

from __future__ import annotations

import math
import os
import sqlite3
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Pool, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from drumscribe.errors import StoreUnavailable

DEFAULT_TIMEOUT_SECONDS = 15.0

_LONGEST_CONNECT_SECONDS = 5.0
# A server whose machine is gone says nothing at all. Without these the kernel asks it again for a
# quarter of an hour, and a heartbeat hangs meanwhile.
_NOTICE_SILENCE = {
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 25_000,  # milliseconds
}
_PASSING_KINDS = frozenset({"OperationalError", "InterfaceError"})
# What SQLite says, and no other try will change.
_DAMAGED = ("file is not a database", "database disk image is malformed")
_NOT_WRITABLE = ("readonly database", "unable to open database file", "disk I/O error")
_WRITES = "drumscribe_writes"
_inherited_pools: list[Pool] = []


def normalized_url(url: str) -> URL:
    """The address with the one driver that we use for its kind of database.

    `postgres://` and the asynchronous drivers (asyncpg, aiosqlite) that settings of other
    programs name are accepted.
    """
    parsed = make_url(url)
    backend = parsed.get_backend_name()
    if backend in ("postgres", "postgresql"):
        return parsed.set(drivername="postgresql+psycopg")
    if backend == "sqlite":
        return parsed.set(drivername="sqlite+pysqlite")
    raise ValueError(f"DATABASE_URL must be of SQLite or PostgreSQL, not {backend!r}.")


def create_database_engine(
    url: str, *, pool_size: int = 10, timeout_seconds: float = DEFAULT_TIMEOUT_SECONDS
) -> Engine:
    """An engine for DATABASE_URL; connects on first use. Makes the folder of a SQLite file.

    timeout_seconds: to wait for a connection of the pool, and on SQLite for other writers.
    """
    parsed = normalized_url(url)
    options: dict[str, Any] = {
        "pool_size": pool_size,
        "max_overflow": pool_size,
        "pool_timeout": timeout_seconds,
        # A database that was restarted is noticed before the statement, not by it.
        "pool_pre_ping": True,
        # The values of a statement that failed are in the message of its error: addresses of
        # webhooks, hashes of keys, whole edits.
        "hide_parameters": True,
    }
    if parsed.get_backend_name() == "sqlite":
        if not parsed.database or parsed.database == ":memory:":
            raise ValueError("A SQLite database of DrumScribe is a file: sqlite:///path/to/file.")
        try:
            Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreUnavailable(
                f"The folder of the database cannot be made: {error.strerror}."
            ) from error
        engine = create_engine(parsed, connect_args={"timeout": timeout_seconds}, **options)
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    else:
        arguments = {
            "connect_timeout": math.ceil(min(timeout_seconds, _LONGEST_CONNECT_SECONDS)),
            "application_name": "drumscribe",
            **_NOTICE_SILENCE,
        }
        engine = create_engine(parsed, connect_args=arguments, **options)
    _forget_connections_after_fork(engine)
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, _: object) -> None:
    # The driver would open transactions late and deferred; we say BEGIN ourselves.
    connection.isolation_level = None
    for pragma in (
        "journal_mode = WAL",
        # NORMAL may lose the last commits at a power cut; an accepted job is a promise.
        "synchronous = FULL",
        "foreign_keys = ON",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    # A deferred transaction that turns from reading to writing fails at once when another one
    # wrote in between, whatever the busy timeout. https://sqlite.org/lang_transaction.html
    writes = connection.get_execution_options().get(_WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _forget_connections_after_fork(engine: Engine) -> None:
    """A forked child opens connections of its own instead of talking over its parent's."""
    reference = weakref.ref(engine)

    def forget() -> None:
        inherited = reference()
        if inherited is not None:
            # Kept for ever, because closing them here would disturb the parent.
            _inherited_pools.append(inherited.pool)
            inherited.dispose(close=False)

    os.register_at_fork(after_in_child=forget)


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A connection that only reads. Raises StoreUnavailable.

    On PostgreSQL each statement stands for itself, which saves two round trips of every status
    poll; what is read by several statements here need not be of one moment.
    """
    with _available(), engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            connection.execution_options(isolation_level="AUTOCOMMIT")
        with connection.begin():
            yield connection


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A transaction that writes, committed at the end. Raises StoreUnavailable."""
    with _available(), engine.connect() as connection:
        connection.execution_options(**{_WRITES: True})
        with connection.begin():
            yield connection


@contextmanager
def migrating(engine: Engine) -> Iterator[Connection]:
    """`writing` for migrations: on SQLite foreign keys are off meanwhile. Raises StoreUnavailable.

    SQLite changes a table by copying it and dropping the old one, which would take along all rows
    of other tables that refer to it. https://sqlite.org/lang_altertable.html (section 7)
    """
    with _available(), engine.connect() as connection:
        raw: Any = connection.connection.dbapi_connection
        is_sqlite = engine.dialect.name == "sqlite"
        if is_sqlite:  # before the transaction: inside of one it does nothing
            raw.execute("PRAGMA foreign_keys = OFF")
        try:
            connection.execution_options(**{_WRITES: True})
            with connection.begin():
                yield connection
        finally:
            if is_sqlite:
                raw.execute("PRAGMA foreign_keys = ON")


@contextmanager
def _available() -> Iterator[None]:
    try:
        yield
    except PoolTimeout as error:
        raise StoreUnavailable("All connections to the database are busy.") from error
    except DBAPIError as error:
        reason = str(error.orig) if isinstance(error.orig, sqlite3.Error) else ""
        if any(sign in reason for sign in _DAMAGED):
            raise StoreUnavailable(
                f"The file of the database is damaged ({reason}). Bring back a backup: "
                "docs/runbooks/disaster-recovery.md."
            ) from error
        if any(sign in reason for sign in _NOT_WRITABLE):
            raise StoreUnavailable(
                f"The file of the database cannot be used ({reason}). May this account write in "
                "its folder, and is there room? docs/runbooks/database-down.md."
            ) from error
        if error.connection_invalidated or _is_passing(error):
            raise StoreUnavailable("The database does not answer.") from error
        raise


def _is_passing(error: DBAPIError) -> bool:
    """Locked, full, shut down, cut off, a deadlock; not a mistake of ours.

    psycopg has a class for every code of PostgreSQL (DiskFull, DeadlockDetected, ...), derived from
    the few that all drivers have.
    """
    return any(kind.__name__ in _PASSING_KINDS for kind in type(error.orig).__mro__)

"""Runs migrations on a connection that is handed in, or on the database of the settings."""

from __future__ import annotations

from alembic import context
from sqlalchemy import Connection, text

from drumscribe.core.config import load_settings
from drumscribe.db.engine import create_database_engine, migrating
from drumscribe.db.tables import metadata

LOCK = 0x64727363  # one process at a time migrates a PostgreSQL database


def run(connection: Connection) -> None:
    """Migrate; the transaction is the caller's."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
    context.configure(
        connection=connection,
        target_metadata=metadata,
        # SQLite changes tables by copying them, and its DDL is transactional as we begin it.
        render_as_batch=connection.dialect.name == "sqlite",
        transactional_ddl=True,
        compare_type=True,
        compare_server_default=True,
    )
    context.run_migrations()


if context.is_offline_mode():
    raise SystemExit("Migrations of DrumScribe need a database: set DATABASE_URL.")
handed_in = context.config.attributes.get("connection")
if handed_in is not None:
    run(handed_in)
else:
    engine = create_database_engine(load_settings().effective_database_url)
    with migrating(engine) as own:
        run(own)
    engine.dispose()

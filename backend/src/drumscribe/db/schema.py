"""Bringing a database to the tables of this version, by the migrations."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Engine

from drumscribe.db.engine import migrating, reading
from drumscribe.errors import StoreUnavailable

if TYPE_CHECKING:
    from alembic.config import Config

# In a wheel the migrations lie inside the package, in a checkout beside src.
_PLACES = (
    Path(__file__).resolve().parent / "migrations",
    Path(__file__).resolve().parents[3] / "migrations",
)


def upgrade_schema(engine: Engine, revision: str = "head") -> None:
    """Run the migrations that are missing; several processes may do it at once.

    Raises StoreUnavailable, also if a newer DrumScribe has changed the database.
    """
    from alembic import command
    from alembic.util import CommandError

    config = _config()
    try:
        with migrating(engine) as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, revision)
    except CommandError as error:
        raise StoreUnavailable(
            f"The database is at revision {schema_revision(engine)}, which this version of "
            "DrumScribe does not know. A newer one has changed it: use that one, or a backup from "
            "before the upgrade."
        ) from error


def downgrade_schema(engine: Engine, revision: str) -> None:
    """Undo migrations down to a revision ("base": all of them, with the data)."""
    from alembic import command

    config = _config()
    with migrating(engine) as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, revision)


def schema_revision(engine: Engine) -> str | None:
    """The revision that the database is at; None if it has no tables of ours."""
    from alembic.runtime.migration import MigrationContext

    with reading(engine) as connection:
        return MigrationContext.configure(connection).get_current_revision()


def newest_revision() -> str | None:
    """The revision that this version of DrumScribe works with."""
    from alembic.script import ScriptDirectory

    return ScriptDirectory.from_config(_config()).get_current_head()


def _config() -> Config:
    from alembic.config import Config

    config = Config()
    folder = next(place for place in _PLACES if (place / "env.py").is_file())
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    return config

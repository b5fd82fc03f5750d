"""Database and files of the embedded mode as one archive, taken while the service runs.

The snapshot of the database comes first and the files that it names second: files never change and
are deleted only after their rows, so what is in the archive fits together.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import sqlite3
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from drumscribe.errors import BackupUnusable, OutputError

_DATABASE: Final = "drumscribe.db"
_FILES: Final = "artifacts"
_ABOUT: Final = "backup.json"
_FORMAT: Final = 1
# Beside the database, of a service that was killed: they belong to another state of it.
_SIDE_FILES: Final = ("-wal", "-shm", "-journal")


@dataclass(frozen=True, slots=True)
class BackupReport:
    """files: stored. missing: named by the database and not there (deleted meanwhile, or lost)."""

    files: int
    missing: int


def write_backup(database: Path, files: Path, target: Path) -> BackupReport:
    """Write an archive (tar) of a SQLite database and the folder of its files; whole or not at all.

    Raises BackupUnusable (no such database) or OutputError.
    """
    if not database.is_file():
        raise BackupUnusable(f"There is no database at {database}.")
    missing = stored = 0
    partial = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        with tempfile.TemporaryDirectory(dir=target.absolute().parent) as folder:
            snapshot = Path(folder) / _DATABASE
            _copy_database(database, snapshot)
            with tarfile.open(partial, "w") as archive:
                archive.add(snapshot, _DATABASE)
                for key, _ in _named_files(snapshot):
                    try:
                        archive.add(files / key, f"{_FILES}/{key}", recursive=False)
                        stored += 1
                    except FileNotFoundError:
                        missing += 1
                _add_text(archive, _ABOUT, {"format": _FORMAT, "files": stored})
        partial.replace(target)
    except OSError as error:
        raise OutputError(f"Cannot write {target}: {error.strerror}.") from error
    finally:
        partial.unlink(missing_ok=True)
    return BackupReport(stored, missing)


def read_backup(source: Path, database: Path, files: Path) -> BackupReport:
    """Put database and files of an archive where none are yet; each file is checked by its sha256.

    The database comes last: what breaks off before leaves nothing that looks like a whole one.

    Raises BackupUnusable (not a backup, damaged, something is there already) or OutputError.
    """
    if database.exists():
        raise BackupUnusable(
            f"There is a database at {database} already. Move it away first, with the files of "
            "its folder."
        )
    missing = stored = 0
    try:
        database.parent.mkdir(parents=True, exist_ok=True)
        with (
            _opened(source) as archive,
            tempfile.TemporaryDirectory(dir=database.parent) as folder_name,
        ):
            folder = Path(folder_name)
            about = json.loads(_content(archive, _ABOUT))
            if about.get("format") != _FORMAT:
                raise BackupUnusable(f"{source} was made by another version of DrumScribe.")
            snapshot = folder / _DATABASE
            snapshot.write_bytes(_content(archive, _DATABASE))
            there = set(archive.getnames())
            for key, sha256 in _named_files(snapshot):
                name = f"{_FILES}/{key}"
                if name not in there:
                    missing += 1
                    continue
                content = _content(archive, name)
                if hashlib.sha256(content).hexdigest() != sha256:
                    raise BackupUnusable(f"The file {key} in {source} is damaged.")
                path = files / key
                if not path.resolve().is_relative_to(files.resolve()):
                    raise BackupUnusable(f"{source} holds a file of no job: {key!r}.")
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
                stored += 1
            for side in _SIDE_FILES:
                database.with_name(database.name + side).unlink(missing_ok=True)
            snapshot.replace(database)
    except OSError as error:
        raise OutputError(f"Cannot restore {source}: {error.strerror or error}.") from error
    return BackupReport(stored, missing)


def _copy_database(source: Path, target: Path) -> None:
    """SQLite's own online backup: consistent, whoever writes meanwhile."""
    try:
        with (
            closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as original,
            closing(sqlite3.connect(target)) as copy,
        ):
            original.backup(copy)
    except sqlite3.Error as error:
        raise BackupUnusable(f"The database {source} cannot be read: {error}.") from error


def _named_files(database: Path) -> Iterator[tuple[str, str]]:
    """Key and sha256 of every file that the database says is there."""
    statement = "SELECT key, sha256 FROM artifacts WHERE deleted_at IS NULL ORDER BY key"
    try:
        with closing(sqlite3.connect(database)) as connection:
            yield from connection.execute(statement).fetchall()
    except sqlite3.Error as error:
        raise BackupUnusable(f"This is no database of DrumScribe: {error}.") from error


@contextmanager
def _opened(source: Path) -> Iterator[tarfile.TarFile]:
    try:
        with tarfile.open(source) as archive:
            yield archive
    except tarfile.TarError as error:
        raise BackupUnusable(f"{source} is no backup of DrumScribe: {error}.") from error


def _content(archive: tarfile.TarFile, name: str) -> bytes:
    try:
        member = archive.extractfile(name)
    except KeyError:
        member = None
    if member is None:
        raise BackupUnusable(f"This is no backup of DrumScribe: it has no {name}.")
    with member:
        return member.read()


def _add_text(archive: tarfile.TarFile, name: str, content: dict[str, int]) -> None:
    text = json.dumps({**content, "made_at": datetime.now(UTC).isoformat()}).encode()
    about = tarfile.TarInfo(name)
    about.size = len(text)
    archive.addfile(about, io.BytesIO(text))

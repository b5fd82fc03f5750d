"""Files in a folder of this machine."""

from __future__ import annotations

import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from drumscribe.domain.artifacts import StoredObject
from drumscribe.errors import ArtifactMissing
from drumscribe.storage.keys import checked_key
from drumscribe.storage.streams import (
    CHUNK_BYTES,
    storage_errors,
    sync_folder,
    whole_file,
    write_hashed,
)

_PARTIAL_FOLDER = ".partial"  # keys never begin with a dot
_PARTIAL_SECONDS = 86_400.0
_RENAME_TRIES = 5


class LocalStorage:
    """ArtifactStorage in a folder; keys are paths below it.

    A file is written under another name, flushed to the disk and renamed: it is whole or absent
    even after a crash. What a crash left half-written is removed a day later.
    """

    def __init__(self, root: Path) -> None:
        self._root = root.resolve()
        self._partial = self._root / _PARTIAL_FOLDER
        with storage_errors():
            self._partial.mkdir(parents=True, exist_ok=True)
            self._remove_leftovers()

    def put_file(self, key: str, path: Path, *, media_type: str) -> StoredObject:
        """See ArtifactStorage. The media type is kept by the row of the artifact only."""
        del media_type
        with storage_errors(), path.open("rb") as stream:
            return self._put(key, stream, None)

    def put_stream(
        self, key: str, stream: IO[bytes], *, media_type: str, max_bytes: int
    ) -> StoredObject:
        del media_type
        with storage_errors():
            return self._put(key, stream, max_bytes)

    def fetch(self, key: str, target: Path) -> None:
        with storage_errors(), self._reading(key) as stream, whole_file(target) as file:
            write_hashed(key, stream, file)

    def open(self, key: str, *, start: int = 0, length: int | None = None) -> Iterator[bytes]:
        if not self.exists(key):
            raise _missing(key)
        return self._chunks(key, start, length)

    @contextmanager
    def local_path(self, key: str) -> Iterator[Path]:
        """See ArtifactStorage. The very file: do not change it."""
        if not self.exists(key):
            raise _missing(key)
        yield self._path(key)

    def exists(self, key: str) -> bool:
        with storage_errors():
            return self._path(key).is_file()

    def delete(self, key: str) -> None:
        """See ArtifactStorage. Folders that become empty go too."""
        path = self._path(key)
        with storage_errors():
            path.unlink(missing_ok=True)
        with suppress(OSError):  # not empty, or gone
            for folder in path.parents:
                if folder == self._root:
                    break
                folder.rmdir()

    def delete_folder(self, prefix: str) -> None:
        with storage_errors(), suppress(FileNotFoundError, NotADirectoryError):
            shutil.rmtree(self._path(prefix))

    def folders(self, prefix: str) -> Iterator[tuple[str, datetime]]:
        root = self._path(prefix)
        with storage_errors():
            found = sorted(root.iterdir()) if root.is_dir() else []
        for folder in found:
            with storage_errors():
                times = [path.stat().st_mtime for path in folder.rglob("*") if path.is_file()]
            if times:
                yield folder.name, datetime.fromtimestamp(max(times), UTC)

    def presigned_url(
        self, key: str, *, filename: str, media_type: str, expires_seconds: int
    ) -> str | None:
        """See ArtifactStorage. A folder has no address."""
        del key, filename, media_type, expires_seconds
        return None

    def ping(self) -> None:
        probe = self._partial / f"ping-{secrets.token_hex(8)}"
        with storage_errors():
            probe.write_bytes(b"ping")
            probe.unlink()

    def _path(self, key: str) -> Path:
        path = self._root / checked_key(key)
        # A link that somebody put into the folder must not lead out of it either.
        if not path.resolve().is_relative_to(self._root):
            raise ValueError(f"The key {key!r} leads out of the storage.")
        return path

    def _put(self, key: str, stream: IO[bytes], max_bytes: int | None) -> StoredObject:
        target = self._path(key)
        temporary = self._partial / secrets.token_hex(16)
        try:
            with temporary.open("xb") as file:
                stored = write_hashed(key, stream, file, max_bytes=max_bytes)
            self._rename(temporary, target)
        finally:
            temporary.unlink(missing_ok=True)
        return stored

    def _rename(self, temporary: Path, target: Path) -> None:
        for remaining in reversed(range(_RENAME_TRIES)):
            try:
                # delete() may take the empty folder away at any moment: mkdir then finds it
                # there and no longer a folder (FileExistsError), replace finds it gone.
                target.parent.mkdir(parents=True, exist_ok=True)
                temporary.replace(target)
                break
            except (FileExistsError, FileNotFoundError):
                if not remaining:
                    raise
        for folder in target.parents:
            sync_folder(folder)
            if folder == self._root:
                break

    @contextmanager
    def _reading(self, key: str) -> Iterator[IO[bytes]]:
        try:
            stream = self._path(key).open("rb")
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError) as error:
            raise _missing(key) from error
        with stream:
            yield stream

    def _chunks(self, key: str, start: int, length: int | None) -> Iterator[bytes]:
        with storage_errors(), self._reading(key) as stream:
            stream.seek(start)
            remaining = length
            while remaining is None or remaining > 0:
                chunk = stream.read(
                    CHUNK_BYTES if remaining is None else min(CHUNK_BYTES, remaining)
                )
                if not chunk:
                    return
                if remaining is not None:
                    remaining -= len(chunk)
                yield chunk

    def _remove_leftovers(self) -> None:
        old = time.time() - _PARTIAL_SECONDS
        for path in self._partial.iterdir():
            with suppress(FileNotFoundError):
                if path.stat().st_mtime < old:
                    path.unlink()


def _missing(key: str) -> ArtifactMissing:
    return ArtifactMissing(f"The stored file {key} is not there.")

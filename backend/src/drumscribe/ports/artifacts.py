"""Where files are kept."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import IO, Protocol

from drumscribe.domain.artifacts import StoredObject


class ArtifactStorage(Protocol):
    """Files under keys such as `jobs/<id>/source`; whole or absent."""

    def put_file(self, key: str, path: Path, *, media_type: str) -> StoredObject:
        """Store a file, replacing what was there. Raises StorageFull, StorageUnavailable."""
        ...

    def put_stream(
        self, key: str, stream: IO[bytes], *, media_type: str, max_bytes: int
    ) -> StoredObject:
        """Store what the stream gives, hashing on the way. Raises PayloadTooLarge."""
        ...

    def fetch(self, key: str, target: Path) -> None:
        """Bring a file to a local path. Raises ArtifactMissing."""
        ...

    def open(self, key: str, *, start: int = 0, length: int | None = None) -> Iterator[bytes]:
        """Chunks of a file, or of a part of it. Raises ArtifactMissing before the first chunk."""
        ...

    def local_path(self, key: str) -> AbstractContextManager[Path]:
        """A path to read the file from while the context is open; copies only if it must."""
        ...

    def exists(self, key: str) -> bool: ...

    def delete(self, key: str) -> None:
        """No error if it is not there."""
        ...

    def delete_folder(self, prefix: str) -> None:
        """Delete every file whose key begins with `prefix/`. No error if there is none."""
        ...

    def folders(self, prefix: str) -> Iterator[tuple[str, datetime]]:
        """Each `name` that files `prefix/name/...` have, and when its newest file was stored."""
        ...

    def presigned_url(
        self, key: str, *, filename: str, media_type: str, expires_seconds: int
    ) -> str | None:
        """An address where a client can fetch the file itself; None if there is no such thing."""
        ...

    def ping(self) -> None:
        """Raise StorageUnavailable if files cannot be stored."""
        ...

"""The file storage in memory."""

from __future__ import annotations

import hashlib
import io
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from drumscribe.domain.artifacts import StoredObject
from drumscribe.errors import ArtifactMissing, PayloadTooLarge, StorageFull
from drumscribe.storage.keys import checked_key
from drumscribe.storage.streams import CHUNK_BYTES, chunks_of, storage_errors, whole_file


class MemoryStorage:
    """ArtifactStorage in memory.

    capacity_bytes: a put that would need more raises StorageFull, as a full disk does.
    stored_at: when all files were stored; the time of making this one, unless a test sets it.
    """

    def __init__(self, *, capacity_bytes: int | None = None) -> None:
        self.capacity_bytes = capacity_bytes
        self.stored_at = datetime.now(UTC)
        self._files: dict[str, bytes] = {}
        self._lock = threading.Lock()

    def put_file(self, key: str, path: Path, *, media_type: str) -> StoredObject:
        with storage_errors(), path.open("rb") as stream:
            return self.put_stream(
                key, stream, media_type=media_type, max_bytes=path.stat().st_size
            )

    def put_stream(
        self, key: str, stream: IO[bytes], *, media_type: str, max_bytes: int
    ) -> StoredObject:
        del media_type
        checked_key(key)
        chunks: list[bytes] = []
        size = 0
        for chunk in chunks_of(stream):
            size += len(chunk)
            if size > max_bytes:
                raise PayloadTooLarge(f"The file is larger than {max_bytes} bytes.")
            chunks.append(chunk)
        content = b"".join(chunks)
        with self._lock:
            used = sum(len(other) for name, other in self._files.items() if name != key)
            if self.capacity_bytes is not None and used + len(content) > self.capacity_bytes:
                raise StorageFull("There is no room left to store files.")
            self._files[key] = content
        return StoredObject(key, hashlib.sha256(content).hexdigest(), size)

    def fetch(self, key: str, target: Path) -> None:
        content = self._content(key)
        with storage_errors(), whole_file(target) as file:
            file.write(content)

    def open(self, key: str, *, start: int = 0, length: int | None = None) -> Iterator[bytes]:
        content = self._content(key)
        stream = io.BytesIO(content[start : None if length is None else start + length])
        return iter(lambda: stream.read(CHUNK_BYTES), b"")

    @contextmanager
    def local_path(self, key: str) -> Iterator[Path]:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / Path(key).name
            self.fetch(key, path)
            yield path

    def exists(self, key: str) -> bool:
        checked_key(key)
        with self._lock:
            return key in self._files

    def delete(self, key: str) -> None:
        checked_key(key)
        with self._lock:
            self._files.pop(key, None)

    def delete_folder(self, prefix: str) -> None:
        checked_key(prefix)
        with self._lock:
            for key in [key for key in self._files if key.startswith(f"{prefix}/")]:
                del self._files[key]

    def folders(self, prefix: str) -> Iterator[tuple[str, datetime]]:
        """See ArtifactStorage. The clock of this fake stands still."""
        checked_key(prefix)
        with self._lock:
            inside = [key for key in self._files if key.startswith(f"{prefix}/")]
        names = {key.removeprefix(f"{prefix}/").partition("/")[0] for key in inside}
        yield from ((name, self.stored_at) for name in sorted(names))

    def presigned_url(
        self, key: str, *, filename: str, media_type: str, expires_seconds: int
    ) -> str | None:
        del key, filename, media_type, expires_seconds
        return None

    def ping(self) -> None:
        """Always there."""

    def _content(self, key: str) -> bytes:
        checked_key(key)
        with self._lock:
            if key not in self._files:
                raise ArtifactMissing(f"The stored file {key} is not there.")
            return self._files[key]

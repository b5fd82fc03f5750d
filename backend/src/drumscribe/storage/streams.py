"""Bytes on their way into a file: hashed, counted, capped."""

from __future__ import annotations

import errno
import hashlib
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from drumscribe.domain.artifacts import StoredObject
from drumscribe.errors import PayloadTooLarge, StorageFull, StorageUnavailable
from drumscribe.services.steps.scratch import NO_ROOM

CHUNK_BYTES = 1 << 20

_NO_ROOM = (*NO_ROOM, errno.EFBIG)


@contextmanager
def storage_errors() -> Iterator[None]:
    """Errors of the file system as those of the storage port."""
    try:
        yield
    except OSError as error:
        if error.errno in _NO_ROOM:
            raise StorageFull("There is no room left to store files.") from error
        reason = error.strerror or type(error).__name__
        raise StorageUnavailable(f"Files cannot be stored or read: {reason}.") from error


def chunks_of(stream: IO[bytes]) -> Iterator[bytes]:
    """What a stream gives, to its end."""
    while chunk := stream.read(CHUNK_BYTES):
        yield chunk


def write_hashed(
    key: str, stream: IO[bytes], target: IO[bytes], *, max_bytes: int | None = None
) -> StoredObject:
    """Copy a stream into an open file, down to the disk. Raises PayloadTooLarge."""
    digest, size = hashlib.sha256(), 0
    for chunk in chunks_of(stream):
        size += len(chunk)
        if max_bytes is not None and size > max_bytes:
            raise PayloadTooLarge(f"The file is larger than {max_bytes} bytes.")
        digest.update(chunk)
        target.write(chunk)
    target.flush()
    os.fsync(target.fileno())
    return StoredObject(key, digest.hexdigest(), size)


@contextmanager
def whole_file(target: Path) -> Iterator[IO[bytes]]:
    """A new file that appears at target when it is complete, or not at all."""
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_name(f".{secrets.token_hex(8)}.partial")
    try:
        with temporary.open("xb") as file:
            yield file
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

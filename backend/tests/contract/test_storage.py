"""File storage: whole or absent, under names of ours only."""

from __future__ import annotations

import hashlib
import io
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from drumscribe.errors import ArtifactMissing, PayloadTooLarge
from drumscribe.ports import ArtifactStorage
from drumscribe.storage.streams import CHUNK_BYTES

KEY = "jobs/0b5ad5e2/source"
CONTENT = bytes(range(256)) * 40
BIG = hashlib.sha256(b"seed").digest() * ((17 << 20) // 32)  # more than one part of an upload


def put(storage: ArtifactStorage, content: bytes = CONTENT, key: str = KEY) -> None:
    storage.put_stream(key, io.BytesIO(content), media_type="audio/wav", max_bytes=len(content))


def read(storage: ArtifactStorage, key: str = KEY, **part: int) -> bytes:
    return b"".join(storage.open(key, **part))


def test_put_stream_gives_hash_and_size(storage: ArtifactStorage) -> None:
    stored = storage.put_stream(
        KEY, io.BytesIO(CONTENT), media_type="audio/wav", max_bytes=len(CONTENT)
    )
    assert (stored.key, stored.size_bytes) == (KEY, len(CONTENT))
    assert stored.sha256 == hashlib.sha256(CONTENT).hexdigest()
    assert read(storage) == CONTENT


def test_put_file_gives_hash_and_size(storage: ArtifactStorage, tmp_path: Path) -> None:
    path = tmp_path / "song.wav"
    path.write_bytes(CONTENT)
    stored = storage.put_file(KEY, path, media_type="audio/wav")
    assert (stored.sha256, stored.size_bytes) == (
        hashlib.sha256(CONTENT).hexdigest(),
        len(CONTENT),
    )
    assert read(storage) == CONTENT
    assert path.read_bytes() == CONTENT


def test_put_large_file_comes_back_the_same(storage: ArtifactStorage, tmp_path: Path) -> None:
    put(storage, BIG)
    target = tmp_path / "fetched"
    storage.fetch(KEY, target)
    assert hashlib.sha256(target.read_bytes()).digest() == hashlib.sha256(BIG).digest()
    assert all(len(chunk) <= CHUNK_BYTES for chunk in storage.open(KEY))


def test_put_empty_file_is_a_file(storage: ArtifactStorage) -> None:
    put(storage, b"")
    assert storage.exists(KEY)
    assert read(storage) == b""


def test_put_again_replaces(storage: ArtifactStorage) -> None:
    put(storage)
    put(storage, b"new")
    assert read(storage) == b"new"


def test_put_stream_over_the_cap_leaves_what_was_there(storage: ArtifactStorage) -> None:
    put(storage, b"old")
    with pytest.raises(PayloadTooLarge):
        storage.put_stream(
            KEY, io.BytesIO(CONTENT), media_type="audio/wav", max_bytes=len(CONTENT) - 1
        )
    assert read(storage) == b"old"


def test_put_stream_over_the_cap_is_not_read_to_its_end(storage: ArtifactStorage) -> None:
    class Endless(io.RawIOBase):
        given = 0

        def readable(self) -> bool:
            return True

        def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
            self.given += len(buffer)
            assert self.given < 64 << 20, "nobody stops reading"
            return len(buffer)

    with pytest.raises(PayloadTooLarge):
        storage.put_stream(
            KEY,
            io.BufferedReader(Endless()),  # type: ignore[type-var]
            media_type="audio/wav",
            max_bytes=3 << 20,
        )
    assert not storage.exists(KEY)


def test_put_stream_that_breaks_off_leaves_nothing(storage: ArtifactStorage) -> None:
    class Breaking(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            chunk = super().read(min(size or 1, 100))
            if self.tell() > 1000:
                raise ValueError("client went away")
            return chunk

    with pytest.raises(ValueError, match="went away"):
        storage.put_stream(KEY, Breaking(CONTENT), media_type="audio/wav", max_bytes=1 << 20)
    assert not storage.exists(KEY)


def test_folders_are_named_once_with_the_time_of_their_newest_file(
    storage: ArtifactStorage,
) -> None:
    before = datetime.now(UTC) - timedelta(minutes=5)
    for key in ("jobs/b/source", "jobs/a/step/token/x", "jobs/a/source", "jobsite/c/source"):
        put(storage, key=key)
    found = dict(storage.folders("jobs"))
    assert sorted(found) == ["a", "b"]
    assert all(before < at < datetime.now(UTC) + timedelta(minutes=5) for at in found.values())
    assert list(storage.folders("nothing")) == []


@pytest.mark.parametrize(
    ("start", "length"),
    [(0, None), (0, 1), (5, 10), (5, None), (len(CONTENT) - 1, 1), (0, len(CONTENT) + 100), (3, 0)],
)
def test_open_part_gives_that_part(
    storage: ArtifactStorage, start: int, length: int | None
) -> None:
    put(storage)
    expected = CONTENT[start:] if length is None else CONTENT[start : start + length]
    assert b"".join(storage.open(KEY, start=start, length=length)) == expected


def test_open_behind_the_end_gives_nothing(storage: ArtifactStorage) -> None:
    put(storage)
    assert read(storage, start=len(CONTENT) + 5) == b""
    assert read(storage, start=len(CONTENT) + 5, length=3) == b""


def test_missing_file_is_said_to_be_missing(storage: ArtifactStorage, tmp_path: Path) -> None:
    assert not storage.exists(KEY)
    with pytest.raises(ArtifactMissing):
        storage.open(KEY)
    with pytest.raises(ArtifactMissing):
        storage.open(KEY, start=2, length=0)
    with pytest.raises(ArtifactMissing):
        storage.fetch(KEY, tmp_path / "target")
    assert not (tmp_path / "target").exists()
    with pytest.raises(ArtifactMissing), storage.local_path(KEY):
        pass


def test_folder_of_files_is_not_a_file(storage: ArtifactStorage, tmp_path: Path) -> None:
    put(storage)
    assert not storage.exists("jobs/0b5ad5e2")
    with pytest.raises(ArtifactMissing):
        storage.fetch("jobs/0b5ad5e2", tmp_path / "target")


def test_local_path_can_be_read_while_open(storage: ArtifactStorage) -> None:
    put(storage)
    with storage.local_path(KEY) as path:
        assert path.read_bytes() == CONTENT
    assert storage.exists(KEY)


def test_delete_removes_and_forgives(storage: ArtifactStorage) -> None:
    put(storage)
    put(storage, key="jobs/0b5ad5e2/other")
    storage.delete(KEY)
    storage.delete(KEY)
    assert not storage.exists(KEY)
    assert read(storage, "jobs/0b5ad5e2/other") == CONTENT


def test_delete_folder_takes_all_below_and_nothing_beside(storage: ArtifactStorage) -> None:
    for key in ("jobs/1/source", "jobs/1/step/a.wav", "jobs/10/source", "jobs/2/source"):
        storage.put_stream(key, io.BytesIO(b"x"), media_type="text/plain", max_bytes=10)
    storage.delete_folder("jobs/1")
    storage.delete_folder("jobs/1")
    storage.delete_folder("jobs/3")
    assert not storage.exists("jobs/1/source")
    assert not storage.exists("jobs/1/step/a.wav")
    assert storage.exists("jobs/10/source")
    assert storage.exists("jobs/2/source")


@pytest.mark.parametrize(
    "key",
    [
        "",
        "/",
        "/etc/passwd",
        "..",
        "../outside",
        "jobs/../../outside",
        "jobs/./x",
        "jobs//x",
        "jobs/x/",
        ".hidden",
        "jobs/.hidden",
        "jobs\\..\\x",
        "jobs/x\n",
        "jobs/\0",
        "jobs/ä",
        "jobs/a b",
        "C:/x",
        "a" * 600,
    ],
)
def test_key_that_is_not_ours_is_refused(
    storage: ArtifactStorage, tmp_path: Path, key: str
) -> None:
    with pytest.raises(ValueError, match="key"):
        put(storage, key=key)
    for act in (storage.open, storage.exists, storage.delete):
        with pytest.raises(ValueError, match="key"):
            act(key)
    with pytest.raises(ValueError, match="key"):
        storage.fetch(key, tmp_path / "target")


def test_put_and_delete_in_one_folder_at_once_lose_nothing(storage: ArtifactStorage) -> None:
    barrier = threading.Barrier(6)

    def act(number: int) -> None:
        barrier.wait()
        for turn in range(8):
            key = f"jobs/shared/{number}-{turn}"
            put(storage, key.encode(), key)
            assert read(storage, key) == key.encode()
            storage.delete(key)
        put(storage, b"last", f"jobs/shared/{number}")

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(act, range(6)))
    assert all(storage.exists(f"jobs/shared/{number}") for number in range(6))


def test_put_of_one_key_at_once_leaves_one_whole_file(storage: ArtifactStorage) -> None:
    contents = [bytes([number]) * 300_000 for number in range(4)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda content: put(storage, content), contents))
    assert read(storage) in contents


def test_ping_of_a_storage_that_answers_is_silent(storage: ArtifactStorage) -> None:
    storage.ping()

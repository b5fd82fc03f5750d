"""What only a folder can do: full disks, crashes, links."""

from __future__ import annotations

import errno
import io
import os
import time
from pathlib import Path

import pytest

from drumscribe.errors import StorageFull, StorageUnavailable
from drumscribe.storage import streams
from drumscribe.storage.local import LocalStorage

KEY = "jobs/x/source"


def put(storage: LocalStorage, content: bytes) -> None:
    storage.put_stream(KEY, io.BytesIO(content), media_type="audio/wav", max_bytes=1 << 30)


def files_below(root: Path) -> list[Path]:
    return [path for path in root.rglob("*") if path.is_file()]


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EFBIG])
def test_put_on_a_full_disk_leaves_what_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    storage = LocalStorage(tmp_path)
    put(storage, b"old")

    def refuse(_: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr("drumscribe.storage.streams.os.fsync", refuse)
    with pytest.raises(StorageFull):
        put(storage, b"new")
    monkeypatch.undo()
    assert b"".join(storage.open(KEY)) == b"old"
    assert files_below(tmp_path) == [tmp_path / KEY]


def test_put_on_a_device_without_room_is_full(tmp_path: Path) -> None:
    storage = LocalStorage(tmp_path)
    with pytest.raises(StorageFull), streams.storage_errors(), Path("/dev/full").open("wb") as full:
        streams.write_hashed(KEY, io.BytesIO(b"x" * 100_000), full)
    assert not storage.exists(KEY)


def test_root_that_is_a_file_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "root").write_bytes(b"")
    with pytest.raises(StorageUnavailable):
        LocalStorage(tmp_path / "root")


def test_ping_after_the_folder_was_taken_away_is_unavailable(tmp_path: Path) -> None:
    storage = LocalStorage(tmp_path / "root")
    (tmp_path / "root" / ".partial").rmdir()
    with pytest.raises(StorageUnavailable):
        storage.ping()


def test_link_out_of_the_root_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(b"secret")
    storage = LocalStorage(tmp_path / "root")
    (tmp_path / "root" / "jobs").symlink_to(tmp_path)
    with pytest.raises(ValueError, match="leads out"):
        storage.open("jobs/secret")


def test_leftovers_of_a_crash_go_after_a_day(tmp_path: Path) -> None:
    LocalStorage(tmp_path)
    old, fresh = tmp_path / ".partial" / "old", tmp_path / ".partial" / "fresh"
    old.write_bytes(b"half")
    fresh.write_bytes(b"half")
    os.utime(old, (time.time() - 90_000,) * 2)
    LocalStorage(tmp_path)
    assert not old.exists()
    assert fresh.exists()


def test_delete_takes_empty_folders_away_but_not_the_root(tmp_path: Path) -> None:
    storage = LocalStorage(tmp_path / "root")
    put(storage, b"x")
    storage.delete(KEY)
    assert not (tmp_path / "root" / "jobs").exists()
    storage.ping()


def test_local_path_is_the_file_itself(tmp_path: Path) -> None:
    storage = LocalStorage(tmp_path)
    put(storage, b"x")
    with storage.local_path(KEY) as path:
        assert path == tmp_path / KEY


def test_presigned_url_of_a_folder_is_none(tmp_path: Path) -> None:
    storage = LocalStorage(tmp_path)
    url = storage.presigned_url(KEY, filename="a", media_type="b", expires_seconds=5)
    assert url is None

"""One service for one data folder."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from drumscribe.core.data_lock import data_folder_locked
from drumscribe.errors import DataFolderInUse, DataFolderUnusable

_HOLDER = """
import sys
from pathlib import Path
from drumscribe.core.data_lock import data_folder_locked
with data_folder_locked(Path(sys.argv[1]), patience_seconds=0):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_folder_is_held_by_one_process_and_free_however_that_ends(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    with subprocess.Popen(
        [sys.executable, "-c", _HOLDER, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with (
            pytest.raises(DataFolderInUse, match="--data-dir"),
            data_folder_locked(folder, patience_seconds=0.2),
        ):
            raise AssertionError
        with data_folder_locked(tmp_path / "another", patience_seconds=0):
            pass
        holder.kill()
    with data_folder_locked(folder, patience_seconds=5):
        pass


def test_second_waits_for_one_that_just_stops(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", _HOLDER, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as holder:
        assert holder.stdin is not None
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        holder.stdin.close()
        with data_folder_locked(tmp_path, patience_seconds=60):
            pass


def test_folder_that_cannot_be_made_is_said_in_a_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with (
        pytest.raises(DataFolderUnusable, match="cannot be written"),
        data_folder_locked(tmp_path / "file" / "data", patience_seconds=0),
    ):
        raise AssertionError

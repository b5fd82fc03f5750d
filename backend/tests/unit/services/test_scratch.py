"""Folders for work in progress: whose are removed, and whose are not."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from drumscribe.services.steps.scratch import scratch_folder, temporary_files_in

KILLED = """
import os, signal, sys
from pathlib import Path
from drumscribe.services.steps.scratch import scratch_folder
with scratch_folder(Path(sys.argv[1])) as folder:
    (folder / "audio.wav").write_bytes(bytes(1000))
    os.utime(folder, (0, 0))
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_scratch_folder_is_private_and_goes_with_its_context(tmp_path: Path) -> None:
    root = tmp_path / "not" / "there"
    with scratch_folder(root) as mine, scratch_folder(root) as other:
        (mine / "x").write_text("x")
        assert mine != other
        assert mine.parent == other.parent == root
    assert list(root.iterdir()) == []


def test_scratch_of_a_killed_process_goes_with_the_next_one(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", KILLED, str(tmp_path)], check=False)
    assert done.returncode == -signal.SIGKILL
    (left,) = tmp_path.iterdir()
    assert (left / "audio.wav").is_file()
    with scratch_folder(tmp_path) as mine:
        assert list(tmp_path.iterdir()) == [mine]


def test_scratch_in_use_stays_however_old_it_looks(tmp_path: Path) -> None:
    with scratch_folder(tmp_path) as mine:
        os.utime(mine, (0, 0))  # as after a night of sleep of the machine
        with scratch_folder(tmp_path) as other:
            assert set(tmp_path.iterdir()) == {mine, other}


def test_scratch_leaves_alone_what_is_not_its_own(tmp_path: Path) -> None:
    others = {tmp_path / "step-of-somebody", tmp_path / "drumscribe-abc", tmp_path / "tmp123"}
    for folder in others:
        folder.mkdir()
        os.utime(folder, (0, 0))
    with scratch_folder(tmp_path):
        assert others < set(tmp_path.iterdir())


def test_temporary_files_of_a_process_lie_in_its_scratch(tmp_path: Path) -> None:
    before = tempfile.gettempdir()
    with temporary_files_in(tmp_path), tempfile.TemporaryDirectory() as folder:
        assert tmp_path in Path(folder).parents
    assert tempfile.gettempdir() == before
    assert list(tmp_path.iterdir()) == []

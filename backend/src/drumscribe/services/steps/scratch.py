"""Folders for work in progress. What killed processes left of theirs goes with the next one.

A folder is locked (flock) as long as it is in use: the system lets go of the lock however a process
ends, and neither clocks nor process ids of other containers have to be believed.
"""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from drumscribe.pipeline.files.folder_lock import locked

# What the system says where there is no room left: the disk is full, or the quota is used up.
NO_ROOM: Final = (errno.ENOSPC, errno.EDQUOT)

_PREFIX: Final = "drumscribe-work-"
# One that was made a moment ago may not be locked yet.
_YOUNG_SECONDS: Final = 60.0


@contextmanager
def scratch_folder(root: Path) -> Iterator[Path]:
    """A private folder in root while the context is open. Raises OSError."""
    root.mkdir(parents=True, exist_ok=True)
    _remove_leftovers(root)
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=root))
    lock = locked(folder)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        if lock is not None:
            os.close(lock)


@contextmanager
def temporary_files_in(root: Path) -> Iterator[None]:
    """All that this process would put into the system's folder for temporary files goes into a
    scratch folder of its own in root: engravers, decoders and libraries leave files, too, when they
    are killed. Raises OSError.
    """
    with scratch_folder(root) as folder:
        before, tempfile.tempdir = tempfile.tempdir, str(folder)
        try:
            yield
        finally:
            tempfile.tempdir = before


def _remove_leftovers(root: Path) -> None:
    for folder in root.glob(f"{_PREFIX}*"):
        try:
            is_young = time.time() - folder.stat().st_mtime < _YOUNG_SECONDS
        except FileNotFoundError:
            continue
        lock = None if is_young else locked(folder)
        if lock is not None:
            shutil.rmtree(folder, ignore_errors=True)
            os.close(lock)

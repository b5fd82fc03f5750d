"""One `drumscribe serve` for one data folder: a second one would wipe what the first one counts."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from filelock import FileLock, Timeout

from drumscribe.errors import DataFolderInUse, DataFolderUnusable

logger = logging.getLogger(__name__)

_LOCK_NAME: Final = "serve.lock"


@contextmanager
def data_folder_locked(folder: Path, *, patience_seconds: float) -> Iterator[None]:
    """Hold the data folder while the context is open; made if it is not there.

    The system lets go of the lock however a process ends. patience_seconds: to wait for one that is
    just stopping.

    Raises DataFolderInUse or DataFolderUnusable.
    """
    lock = FileLock(folder / _LOCK_NAME)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            logger.warning(
                "Another DrumScribe uses the data folder %s; waiting for it to stop.", folder
            )
            lock.acquire(timeout=patience_seconds)
    except Timeout:
        raise DataFolderInUse(
            f"Another DrumScribe serves from the data folder {folder}. Stop it first, or give this "
            "one a folder of its own (--data-dir, DATA_DIR)."
        ) from None
    except OSError as error:
        raise DataFolderUnusable(
            f"The data folder {folder} cannot be written: {error.strerror}. Choose another one "
            "with --data-dir (DATA_DIR); see docs/runbooks/disk-full.md."
        ) from error
    try:
        yield
    finally:
        lock.release()

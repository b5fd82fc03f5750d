"""A folder that is locked as long as somebody uses it; the system lets go however they end."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def locked(folder: Path) -> int | None:
    """A descriptor that holds the lock of a folder until it is closed; None if somebody has it.

    None too where there is no such thing (Windows, some network file systems), and for what is no
    folder of its own (a link).
    """
    if sys.platform == "win32":
        return None
    import fcntl

    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except OSError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        return None
    return descriptor

"""Names of stored files."""

from __future__ import annotations

import re

MAX_KEY_LENGTH = 512

_SEGMENT = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,199}")


def checked_key(key: str) -> str:
    """The key, if it is `segment/segment/...` of letters, digits, and . _ - inside.

    No segment begins with a dot, so that nothing leads out of the root, into hidden files, or
    means something else in a URL. Raises ValueError: keys are made by us, never by clients.
    """
    if len(key) > MAX_KEY_LENGTH or not all(_SEGMENT.fullmatch(part) for part in key.split("/")):
        raise ValueError(f"Not a key of a stored file: {key[:80]!r}.")
    return key

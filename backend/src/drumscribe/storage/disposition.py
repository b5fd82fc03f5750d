"""The name under which a browser saves a download."""

from __future__ import annotations

import unicodedata
from urllib.parse import quote

_ALLOWED = "!#$&+-.^_`|~"  # attr-char of RFC 5987 beside letters and digits


def content_disposition(filename: str) -> str:
    """Value of Content-Disposition by RFC 6266: plain ASCII for old clients, UTF-8 for the rest."""
    printable = "".join(
        "_" if unicodedata.category(char).startswith("C") or char in '"\\/' else char
        for char in filename
    )
    plain = unicodedata.normalize("NFKD", printable).encode("ascii", "ignore").decode()
    plain = " ".join(plain.replace("%", "_").split())
    # Titles in other letters leave nothing but a suffix, which would hide the file.
    if not plain or (plain.startswith(".") and not printable.startswith(".")):
        plain = f"drums{plain}"
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(printable, safe=_ALLOWED)}"

"""What a piece is called where nobody said it: the name of its file, as a person would write it."""

from __future__ import annotations

import re

_TRACK_NUMBER = re.compile(r"^\d{1,2}(?:[.)]\s*|\s*-\s+|\s+-\s*)(?=\D)")


def shortened(text: str, most_bytes: int) -> str:
    """The beginning of a text that takes no more bytes as UTF-8, cut at a character."""
    return text.encode()[:most_bytes].decode(errors="ignore")


def title_of_name(stem: str) -> str:
    """The name of a file without its suffix as a title.

    Underscores become spaces, as hyphens do where they are all that parts the words; the number
    of a track ("03 - ", "03. ") goes. A name that has nothing else stays as it is.
    """
    text = stem.replace("_", " ")
    if " " not in text.strip() and text.count("-") > 1:
        text = text.replace("-", " ")
    text = " ".join(text.split())
    return _TRACK_NUMBER.sub("", text) or stem

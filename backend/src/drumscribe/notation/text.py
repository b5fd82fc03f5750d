"""Words from outside (titles, artists, file names) made safe for every format."""

from __future__ import annotations

import unicodedata

MAX_TEXT_LENGTH = 200

# Controls, formats, surrogates, private use, unassigned, line and paragraph separators: LilyPond
# aborts on some of them, XML 1.0 forbids others, and none of them is visible on a page.
_DROPPED_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def clean_text(text: str | None) -> str | None:
    """One printable line of at most MAX_TEXT_LENGTH characters; None where nothing is left.

    White space (tabs and line breaks too) becomes single spaces; characters of the Unicode
    categories Cc, Cf, Cs, Co, Cn, Zl and Zp are dropped.
    """
    if text is None:
        return None
    line = " ".join(text.split())
    kept = "".join(c for c in line if unicodedata.category(c) not in _DROPPED_CATEGORIES)
    return " ".join(kept.split())[:MAX_TEXT_LENGTH].strip() or None

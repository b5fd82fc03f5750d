"""Text from outside as LilyPond strings."""

from __future__ import annotations

from drumscribe.notation.text import clean_text


def escape(text: str | None) -> str:
    """Any text as a LilyPond string, quotes included: nothing in it can end the string."""
    cleaned = clean_text(text) or ""
    return '"' + cleaned.replace("\\", "\\\\").replace('"', '\\"') + '"'

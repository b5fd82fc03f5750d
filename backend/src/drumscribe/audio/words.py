"""Names, times and durations in messages for the owner of a file."""

from __future__ import annotations

from pathlib import Path


def shown(source: Path, *, whole_path: bool = False) -> str:
    """The file's name for a message, without characters that a terminal would obey."""
    text = str(source) if whole_path else source.name or str(source)
    return "".join(character if character.isprintable() else "?" for character in text)


def duration(seconds: float) -> str:
    """0.3 seconds, 12 seconds, 3:45."""
    if seconds < 60:
        return "1 second" if seconds == 1 else f"{seconds:.3g} seconds"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02d}"


def place(seconds: float) -> str:
    """A place in a recording: 3:04.2."""
    tenths = round(seconds * 10)
    return f"{tenths // 600}:{tenths // 10 % 60:02d}.{tenths % 10}"

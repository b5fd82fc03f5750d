"""LilyPond source: \\drummode with our own complete drum table."""

from drumscribe.notation.writers.lilypond.document import (
    HEADS_REPORT,
    OVERFULL,
    head_count,
    write_lilypond,
)
from drumscribe.notation.writers.lilypond.strings import escape

__all__ = ["HEADS_REPORT", "OVERFULL", "escape", "head_count", "write_lilypond"]

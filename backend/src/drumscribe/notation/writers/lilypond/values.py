"""Lengths in LilyPond's numbers."""

from __future__ import annotations

from fractions import Fraction

from drumscribe.domain.score import NoteValue


def duration(value: NoteValue) -> str:
    """A written value: 4 is a quarter, 8. a dotted eighth."""
    if value.base > 4:
        return "\\breve" + "." * value.dots
    return str(Fraction(4) / value.base) + "." * value.dots


def moment(length: Fraction) -> str:
    """A length in whole notes, as Scheme."""
    return f"(ly:make-moment {length})"

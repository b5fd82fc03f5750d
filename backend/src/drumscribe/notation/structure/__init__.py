"""The form of a piece: sections, loudness, repeated bars. Pure functions from score to score."""

from drumscribe.notation.structure.feel import mark_feel
from drumscribe.notation.structure.loudness import mark_loudness
from drumscribe.notation.structure.said_words import name_sections, write_over_bars
from drumscribe.notation.structure.sections import mark_sections
from drumscribe.notation.structure.similes import with_similes, without_similes

__all__ = [
    "mark_feel",
    "mark_loudness",
    "mark_sections",
    "name_sections",
    "with_similes",
    "without_similes",
    "write_over_bars",
]

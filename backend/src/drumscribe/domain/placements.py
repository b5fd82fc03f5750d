"""Where the hits of a recording went on its page: to a note, before one, or into another's."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction


class MergeReason(StrEnum):
    """Why a hit has no note of its own."""

    DUPLICATE = "duplicate"
    SAME_DRUM = "same_drum"
    BUZZ = "buzz"  # one of the strokes of a roll, which is one note


@dataclass(frozen=True, slots=True)
class Placement:
    """Where one hit went: nothing is dropped silently.

    hit: id of the hit that was quantised, or its index where it had none.
    measure: index into Score.measures; onset: quarter notes from the start of that measure (of
        the main note for a grace).
    deviation_seconds: played minus meant (a swung eighth is meant late), the player's constant
        offset taken off.
    merged_into: the hit whose note stands for this one too, and why.
    """

    hit: int
    measure: int
    onset: Fraction
    deviation_seconds: float
    is_grace: bool = False
    merged_into: int | None = None
    reason: MergeReason | None = None

"""A drum part that somebody brings: what stands in the file, before it meets the recording."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from fractions import Fraction

from drumscribe.domain.drums import Articulation, Instrument, Sticking
from drumscribe.domain.rhythm import Metre


@dataclass(frozen=True, slots=True, kw_only=True)
class BroughtNote:
    """One head of full size.

    bar: index into BroughtPart.bars; onset: quarter notes from the start of that bar.
    articulation: what changes the sound; ghost, accent and small notes are said beside it.
    n_graces: small notes of the same drum before it.
    velocity: 0..1; None where the file does not say it.
    sticking: which hand plays it, as far as the file can say that of one head of several.
    hands: all hands that are said at its place, the upper voice first; None in a file that never
        speaks of hands: who plays is as the page has it.
    is_any_of_its_key: the file has one drum for all that its MIDI key plays: how far a hat is open,
        or whether the foot let it ring, is as the page has it.
    """

    bar: int
    onset: Fraction
    instrument: Instrument
    articulation: Articulation | None = None
    is_ghost: bool = False
    is_accent: bool = False
    n_graces: int = 0
    velocity: float | None = None
    sticking: Sticking | None = None
    hands: tuple[Sticking, ...] | None = None
    is_any_of_its_key: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class BroughtBar:
    """One bar in the order of playing. length: quarter notes.

    is_pickup: it is shorter than its metre and stands before the first bar.
    is_as_before: it is drawn as slashes: what the page has there stays.
    """

    length: Fraction
    metre: Metre
    is_pickup: bool = False
    is_as_before: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class BroughtPart:
    """The drums of a file, repeats and jumps written out.

    unknown_drums: how many notes stand on drums that the kit does not have, by their names.
    stray_graces: small notes without a note of their drum after them.
    quarters_per_minute: of the first tempo mark; None where there is none.
    """

    bars: tuple[BroughtBar, ...]
    notes: tuple[BroughtNote, ...]
    unknown_drums: Counter[str] = field(default_factory=Counter)
    stray_graces: int = 0
    quarters_per_minute: float | None = None

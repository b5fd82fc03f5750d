"""Pieces with a known score: grooves repeated as songs repeat them, fills, crashes, pickups."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise

import numpy as np

from drumscribe.domain.drums import Articulation, Instrument
from drumscribe.domain.rhythm import Metre
from lab.notation_study.composed.grooves import FILLS, GROOVES, Feel, Fill, Groove, rows_of

_CLOSEST_FILL_STROKES_SECONDS = 0.075
_SECTION_BARS = 8
_IN_TWO = Metre(2, 4)
_PHRASES = (4, 8)
# Two bars of 2/4 are one of 4/4: what tells them apart is where phrases begin. Even phrases would
# leave nothing to tell by, so pieces in two have phrases and sections of odd length.
_PHRASES_IN_TWO = (3, 5)

_DRUMS: dict[str, tuple[Instrument, Articulation | None]] = {
    "K": (Instrument.KICK, None),
    "S": (Instrument.SNARE, None),
    "H": (Instrument.HIHAT_CLOSED, None),
    "O": (Instrument.HIHAT_OPEN, None),
    "P": (Instrument.HIHAT_CLOSED, Articulation.PEDAL),
    "R": (Instrument.RIDE, None),
    "C": (Instrument.CRASH, None),
    "T": (Instrument.TOM_HIGH, None),
    "M": (Instrument.TOM_MID, None),
    "L": (Instrument.TOM_LOW, None),
}
_TIMEKEEPERS = frozenset({Instrument.HIHAT_CLOSED, Instrument.HIHAT_OPEN, Instrument.RIDE})


@dataclass(frozen=True, slots=True)
class TrueNote:
    """One note of a known score.

    bar: its number; 0 is the pickup.
    onset: quarter notes from the start of the bar; in a pickup, of the full bar that it ends.
    is_swung: written on the second half of the beat, played later.
    n_graces: strokes before it: one is a flam, two a drag.
    """

    bar: int
    onset: Fraction
    instrument: Instrument
    articulation: Articulation | None = None
    is_ghost: bool = False
    is_accent: bool = False
    is_swung: bool = False
    n_graces: int = 0


@dataclass(frozen=True, slots=True)
class Piece:
    """A known score.

    name: the grooves that it is made of.
    n_bars: full bars, numbered from 1.
    bpm: beats of the metre per minute.
    other_metres: in which it could as well be written.
    notes: sorted by bar and onset.
    """

    name: str
    metre: Metre
    feel: Feel
    bpm: float
    n_bars: int
    has_pickup: bool
    notes: tuple[TrueNote, ...]
    other_metres: tuple[Metre, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PieceWish:
    """What a piece shall be like; None leaves it to chance.

    bpm: slowest and fastest beat of the metre that is wanted; grooves that are not played at such
        a tempo are left out.
    pickup: whether something is played before bar 1.
    ornaments: the share of snare and tom strokes on the beat that get a flam or drag.
    mixes_feels: straight pieces may have fills in triplets.
    """

    metre: Metre | None = None
    feels: tuple[Feel, ...] = (Feel.STRAIGHT, Feel.SWUNG, Feel.TRIPLET, Feel.COMPOUND)
    bpm: tuple[float, float] = (40.0, 330.0)
    pickup: bool = False
    ornaments: float = 0.0
    mixes_feels: bool = False
    n_bars: int = 16


def compose(wish: PieceWish, rng: np.random.Generator) -> Piece:
    """A piece as wished, by chance from `rng`. Raises ValueError if no groove fits the wish."""
    fitting = [groove for groove in GROOVES if _fits(groove, wish)]
    if not fitting:
        raise ValueError(f"no groove fits {wish}")
    if wish.metre is None:
        # Every metre alike often, however many grooves it has.
        metres = sorted({groove.metre for groove in fitting}, key=str)
        metre = metres[int(rng.integers(len(metres)))]
        fitting = [groove for groove in fitting if groove.metre == metre]
    verse = fitting[int(rng.integers(len(fitting)))]
    bpm = float(rng.uniform(max(verse.bpm[0], wish.bpm[0]), min(verse.bpm[1], wish.bpm[1])))
    chorus = _partner(verse, bpm, rng)
    fills = _fills(verse, bpm, mixes_feels=wish.mixes_feels)
    in_two = verse.metre == _IN_TWO
    phrase = int(rng.choice(_PHRASES_IN_TWO if in_two else _PHRASES))
    section = phrase if in_two else _SECTION_BARS
    notes: list[TrueNote] = []
    n_bars = wish.n_bars
    crash_next = bool(rng.random() < 0.7)
    for number in range(1, n_bars + 1):
        groove = verse if (number - 1) // section % 2 == 0 else chorus
        bar = _bar_of(groove, number)
        if crash_next:
            bar = _with_crash(bar, number)
        crash_next = False
        if number % phrase == 0 and number < n_bars and fills:
            bar = _with_fill(bar, fills[int(rng.integers(len(fills)))], groove, number)
            crash_next = bool(rng.random() < 0.9)
        notes += bar
    if wish.pickup and fills:
        fill = fills[int(rng.integers(len(fills)))]
        notes += [note for note in _with_fill([], fill, verse, 0) if note.n_graces == 0]
    if wish.ornaments:
        notes = [_maybe_ornamented(note, wish.ornaments, verse.metre, rng) for note in notes]
    names = verse.name if chorus is verse else f"{verse.name} / {chorus.name}"
    return Piece(
        name=names,
        metre=verse.metre,
        feel=verse.feel,
        bpm=bpm,
        n_bars=n_bars,
        has_pickup=any(note.bar == 0 for note in notes),
        notes=tuple(sorted(notes, key=_reading_order)),
        other_metres=verse.other_metres if verse.other_metres == chorus.other_metres else (),
    )


def _reading_order(note: TrueNote) -> tuple[int, Fraction, str, str]:
    return note.bar, note.onset, note.instrument.value, note.articulation or ""


def _fits(groove: Groove, wish: PieceWish) -> bool:
    return (
        groove.stands_alone
        and (wish.metre is None or groove.metre == wish.metre)
        and groove.feel in wish.feels
        and groove.bpm[0] <= wish.bpm[1]
        and wish.bpm[0] <= groove.bpm[1]
    )


def _partner(verse: Groove, bpm: float, rng: np.random.Generator) -> Groove:
    """The groove of every other section: the same one, or another of the same feel and tempo."""
    others = [
        groove
        for groove in GROOVES
        if groove.metre == verse.metre
        and groove.feel is verse.feel
        and groove.bpm[0] <= bpm <= groove.bpm[1]
    ]
    return verse if rng.random() < 0.4 else others[int(rng.integers(len(others)))]


def _fills(groove: Groove, bpm: float, *, mixes_feels: bool) -> list[Fill]:
    """The fills that suit a groove and are playable."""
    suiting = {groove.feel}
    if groove.feel is Feel.SWUNG or (mixes_feels and groove.metre.denominator == 4):
        suiting.add(Feel.TRIPLET)
    unit = _fill_unit(groove.metre)
    unit_seconds = 60.0 / bpm * float(unit / groove.metre.beat_length)
    found = []
    for fill in FILLS:
        closest = _closest_strokes(fill) * fill.beats * unit_seconds
        length = unit * fill.beats
        if (
            fill.feel in suiting
            and closest >= _CLOSEST_FILL_STROKES_SECONDS
            and 2 * length <= groove.metre.bar_length
        ):
            found.append(fill)
    return found


def _closest_strokes(fill: Fill) -> float:
    """The smallest distance between strokes, as a share of the fill."""
    rows = list(rows_of(fill.bar).values())
    struck = [k for k in range(len(rows[0])) if any(row[k] != "." for row in rows)]
    return min((b - a for a, b in pairwise(struck)), default=len(rows[0])) / len(rows[0])


def _fill_unit(metre: Metre) -> Fraction:
    """What a fill counts, in quarter notes: dotted quarters in 6/8, else quarters."""
    return metre.beat_length if metre.is_compound else Fraction(1)


def _bar_of(groove: Groove, number: int) -> list[TrueNote]:
    pattern = groove.bars[(number - 1) % len(groove.bars)]
    return _written(
        pattern,
        number,
        start=Fraction(0),
        length=groove.metre.bar_length,
        swung=groove.feel is Feel.SWUNG,
    )


def _with_fill(bar: Sequence[TrueNote], fill: Fill, groove: Groove, number: int) -> list[TrueNote]:
    """The bar with its end replaced by the fill."""
    length = _fill_unit(groove.metre) * fill.beats
    start = groove.metre.bar_length - length
    kept = [note for note in bar if note.onset < start]
    return kept + _written(
        fill.bar, number, start=start, length=length, swung=fill.feel is Feel.SWUNG
    )


def _with_crash(bar: Sequence[TrueNote], number: int) -> list[TrueNote]:
    """The bar with a crash and a kick on its first beat; the crash takes the timekeeper's hand."""
    first = [
        note
        for note in bar
        if note.onset > 0 or (note.instrument not in _TIMEKEEPERS or note.articulation is not None)
    ]
    struck = {note.instrument for note in first if note.onset == 0}
    added = {Instrument.CRASH, Instrument.KICK} - struck
    return first + [TrueNote(number, Fraction(0), instrument) for instrument in sorted(added)]


def _written(
    pattern: str, number: int, *, start: Fraction, length: Fraction, swung: bool
) -> list[TrueNote]:
    notes = []
    for letter, slots in rows_of(pattern).items():
        instrument, articulation = _DRUMS[letter]
        for k, mark in enumerate(slots):
            if mark == ".":
                continue
            onset = start + length * Fraction(k, len(slots))
            notes.append(
                TrueNote(
                    bar=number,
                    onset=onset,
                    instrument=Instrument.HIHAT_OPEN if mark == "O" else instrument,
                    articulation=Articulation.CROSS_STICK if mark == "c" else articulation,
                    is_ghost=mark == "g",
                    is_accent=mark == "X",
                    is_swung=swung and onset % 1 == Fraction(1, 2),
                    n_graces={"f": 1, "d": 2}.get(mark, 0),
                )
            )
    return notes


def _maybe_ornamented(
    note: TrueNote, share: float, metre: Metre, rng: np.random.Generator
) -> TrueNote:
    """Flams and drags where drummers put them: on strong snare and tom strokes on the beat."""
    plain = note.instrument not in {
        Instrument.SNARE,
        Instrument.TOM_HIGH,
        Instrument.TOM_MID,
        Instrument.TOM_LOW,
    }
    off_beat = (note.onset / metre.beat_length).denominator > 1
    if plain or off_beat or note.is_ghost or note.n_graces or note.articulation is not None:
        return note
    if rng.random() >= share:
        return note
    return replace(note, n_graces=int(rng.choice([1, 1, 2])))

"""What a program sees on a page, in words that all programs share; and what it should see."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise

from drumscribe.domain.drums import Articulation
from drumscribe.domain.score import Event, Score, ScoreNote, TupletEdge
from drumscribe.notation.styles.drum_maps import GENERAL_MIDI
from drumscribe.notation.styles.drum_styles import DrumStyle, Mark


class Feature(StrEnum):
    """What is compared. The values stand in tables."""

    PLACE = "onsets and drums"
    HEAD = "heads"
    KEY = "MIDI keys"
    GHOST = "ghosts"
    ACCENT = "accents"
    FLAM = "flams"
    DRAG = "drags"
    OPEN = "open hats"
    HALF_OPEN = "half-open hats"
    CLOSING = "closing hats"
    ROLL = "rolls"
    CHOKE = "chokes"
    TUPLET = "tuplets"
    METRE = "time signatures"
    PICKUP = "pickups"
    TEMPO = "tempo marks"
    SWING = "swing"
    SECTION = "section letters"
    DYNAMICS = "dynamics marks"
    HAIRPIN = "hairpins"
    SIMILE = "repeat signs"
    UNDER_SIMILE = "notes under repeat signs"
    TITLE = "titles"


# Of one place in one bar, whichever note of the chord carries it.
CHORD_FEATURES = (
    Feature.ACCENT,
    Feature.FLAM,
    Feature.DRAG,
    Feature.OPEN,
    Feature.HALF_OPEN,
    Feature.CLOSING,
    Feature.ROLL,
    Feature.CHOKE,
)
_MARKS = {Mark.OPEN: Feature.OPEN, Mark.HALF_OPEN: Feature.HALF_OPEN, Mark.CLOSED: Feature.CLOSING}


@dataclass(frozen=True, slots=True)
class SeenNote:
    """A head of full size.

    bar: index; onset: quarter notes from its start; position: such as C5, in treble clef.
    key: of MIDI; None where the program does not say.
    """

    bar: int
    onset: Fraction
    position: str
    head: str
    is_ghost: bool = False
    key: int | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """A page as a program has it.

    marks: (bar, onset, feature) of CHORD_FEATURES. counts: how many of the other features.
    """

    notes: tuple[SeenNote, ...]
    marks: frozenset[tuple[int, Fraction, Feature]] = frozenset()
    counts: Mapping[Feature, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Agreement:
    """expected: in the score; right: seen in its place; extra: seen where there is none."""

    expected: int
    right: int
    extra: int

    def __add__(self, other: Agreement) -> Agreement:
        return Agreement(
            self.expected + other.expected, self.right + other.right, self.extra + other.extra
        )

    @property
    def is_whole(self) -> bool:
        return self.right == self.expected and not self.extra


def expected(score: Score, style: DrumStyle) -> Seen:
    """What a program that reads everything would see."""
    notes: list[SeenNote] = []
    marks: set[tuple[int, Fraction, Feature]] = set()
    for bar, measure in enumerate(score.measures):
        for voice in measure.voices:
            for event in voice.events:
                for note in event.notes:
                    drawing = style.drawing_of(note)
                    key = GENERAL_MIDI.key_of(note.instrument, note.articulation)
                    notes.append(
                        SeenNote(
                            bar, event.onset, drawing.position, drawing.head, note.is_ghost, key
                        )
                    )
                    marks |= {(bar, event.onset, said) for said in _said(event, note, style)}
    return Seen(tuple(notes), frozenset(marks), _counts(score))


def _said(event: Event, note: ScoreNote, style: DrumStyle) -> set[Feature]:
    """The marks of one note and of the small notes before it."""
    said = {Feature.ACCENT} if note.is_accent else set()
    mark = style.drawing_of(note).mark
    if mark is not None:
        said.add(_MARKS[mark])
    elif note.is_closing:
        said.add(Feature.CLOSING)
    if note.articulation is Articulation.ROLL:
        said.add(Feature.ROLL)
    if note.articulation is Articulation.CHOKE:
        said.add(Feature.CHOKE)
    if event.graces:
        said.add(Feature.FLAM if len(event.graces) == 1 else Feature.DRAG)
    return said


def _counts(score: Score) -> dict[Feature, int]:
    measures = score.measures
    events = [event for m in measures for voice in m.voices for event in voice.events]
    return {
        Feature.TUPLET: sum(event.tuplet_edge is TupletEdge.START for event in events),
        Feature.METRE: 1 + sum(a.metre != b.metre for a, b in pairwise(measures)),
        Feature.PICKUP: sum(m.is_pickup for m in measures),
        Feature.TEMPO: sum(m.tempo_mark is not None for m in measures),
        Feature.SWING: int(score.swing is not None),
        Feature.SECTION: sum(m.rehearsal is not None for m in measures),
        Feature.DYNAMICS: sum(m.dynamic is not None for m in measures),
        Feature.HAIRPIN: sum(m.hairpin is not None for m in measures),
        Feature.SIMILE: sum(m.simile is not None and m.simile.index == 0 for m in measures),
        Feature.TITLE: int(score.title is not None),
    }


def compare(wanted: Seen, seen: Seen) -> dict[Feature, Agreement]:
    """Feature by feature; features that a program does not speak of are left out."""
    found: dict[Feature, Agreement] = {}
    views: dict[Feature, Callable[[SeenNote], Hashable]] = {
        Feature.PLACE: lambda note: (note.bar, note.onset, note.position),
        Feature.HEAD: lambda note: (note.bar, note.onset, note.position, note.head),
    }
    if any(note.key is not None for note in seen.notes):
        views[Feature.KEY] = lambda note: (note.bar, note.onset, note.key)
    for feature, view in views.items():
        found[feature] = _agreement(
            Counter(map(view, wanted.notes)), Counter(map(view, seen.notes))
        )
    place = views[Feature.PLACE]
    found[Feature.GHOST] = _agreement(
        Counter(place(note) for note in wanted.notes if note.is_ghost),
        Counter(place(note) for note in seen.notes if note.is_ghost),
    )
    for feature in CHORD_FEATURES:
        found[feature] = _agreement(
            Counter(mark for mark in wanted.marks if mark[2] is feature),
            Counter(mark for mark in seen.marks if mark[2] is feature),
        )
    for feature, count in seen.counts.items():
        right = min(count, wanted.counts[feature])
        found[feature] = Agreement(wanted.counts[feature], right, count - right)
    return found


def _agreement(wanted: Counter[Hashable], seen: Counter[Hashable]) -> Agreement:
    right = (wanted & seen).total()
    return Agreement(wanted.total(), right, seen.total() - right)

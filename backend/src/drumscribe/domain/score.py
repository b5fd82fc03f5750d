"""The page as music: measures, voices, events at exact positions. Knows nothing of file formats.

All lengths and positions are exact Fractions of a quarter note. Everything that several writers
must agree on (written values, tuplets, beams, rests, which marks are printed) is decided here
once; where a drum stands on the staff is the business of the style tables.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from functools import cache

from drumscribe.domain.drums import Articulation, Instrument, Sticking
from drumscribe.domain.form.road_signs import RoadSigns
from drumscribe.domain.placements import Placement
from drumscribe.domain.rhythm import Metre, most_common

_BASES = tuple(Fraction(2) ** exponent for exponent in range(3, -6, -1))


class VoiceRole(StrEnum):
    """Hands are voice 1 (stems up), feet are voice 2 (stems down)."""

    HANDS = "hands"
    FEET = "feet"


class Beam(StrEnum):
    """What one beam level does at an event."""

    BEGIN = "begin"
    CONTINUE = "continue"
    END = "end"
    FORWARD_HOOK = "forward hook"
    BACKWARD_HOOK = "backward hook"


class TupletEdge(StrEnum):
    """The event is the first or the last of its tuplet."""

    START = "start"
    STOP = "stop"


class Loudness(StrEnum):
    """Dynamics marks of whole passages, soft to loud."""

    PP = "pp"
    P = "p"
    MP = "mp"
    MF = "mf"
    F = "f"
    FF = "ff"


class HairpinKind(StrEnum):
    """Growing louder or softer."""

    CRESCENDO = "crescendo"
    DIMINUENDO = "diminuendo"


@cache
def _length(base: Fraction, dots: int) -> Fraction:
    return base * (2 - Fraction(1, 2**dots))


@dataclass(frozen=True, slots=True)
class NoteValue:
    """A written value: base 4 is a whole note, 1 a quarter, 1/2 an eighth; each dot adds half."""

    base: Fraction
    dots: int = 0

    def __post_init__(self) -> None:
        if self.base not in _BASES:
            raise ValueError(f"base must be a power of two from 8 to 1/32, got {self.base}")
        if not 0 <= self.dots <= 2:
            raise ValueError(f"dots must lie in 0..2, got {self.dots}")

    @property
    def length(self) -> Fraction:
        """How long it lasts, in quarter notes."""
        return _length(self.base, self.dots) if self.dots else self.base

    @classmethod
    def of_length(cls, length: Fraction, *, max_dots: int = 2) -> NoteValue | None:
        """The single value that lasts `length` quarter notes; None where there is none."""
        for dots in range(max_dots + 1):
            base = length / (2 - Fraction(1, 2**dots))
            if base in _BASES:
                return cls(base, dots)
        return None

    @property
    def beam_count(self) -> int:
        """0 for quarters and longer, 1 for eighths, 2 for sixteenths, ..."""
        # A power of two: 1/2 has one, 1/4 has two.
        return self.base.denominator.bit_length() - 1


@dataclass(frozen=True, slots=True)
class Tuplet:
    """`actual` written values in the time of `normal`: a triplet is 3 in the time of 2."""

    actual: int
    normal: int

    def __post_init__(self) -> None:
        if self.actual < 2 or self.normal < 1 or self.actual == self.normal:
            raise ValueError(f"no such tuplet: {self.actual}:{self.normal}")

    @property
    def ratio(self) -> Fraction:
        """Sounding length per written length."""
        return Fraction(self.normal, self.actual)


@dataclass(frozen=True, slots=True)
class ScoreNote:
    """One head.

    articulation: what changes the sound or the head (cross-stick, pedal, ride bell, ...); ghost
        and accent stand beside it because they combine with it.
    is_closing: a closed hat that ends an open one; "+" is printed.
    hit: id of the hit that it stands for; None for a note that nobody played.
    sticking: which hand or foot plays it, where somebody said so.
    """

    instrument: Instrument
    velocity: float = 0.8
    articulation: Articulation | None = None
    is_ghost: bool = False
    is_accent: bool = False
    is_closing: bool = False
    hit: int | None = None
    sticking: Sticking | None = None

    def __post_init__(self) -> None:
        if self.articulation in (Articulation.GHOST, Articulation.ACCENT):
            raise ValueError("ghost and accent are said by is_ghost and is_accent")
        if not 0.0 <= self.velocity <= 1.0:
            raise ValueError(f"velocity must lie in 0..1, got {self.velocity}")


@dataclass(frozen=True, slots=True)
class Event:
    """A chord or a rest in one voice.

    onset: from the start of the measure.
    duration: until the next event of the voice.
    value: as written; None for the rest that fills a measure, whatever its length.
    notes: heads struck together; empty for a rest.
    graces: strokes before the notes, in playing order: one is a flam, two or three a drag.
    beams: one entry per beam level, eighth first; empty where there is no beam.
    """

    onset: Fraction
    duration: Fraction
    value: NoteValue | None
    notes: tuple[ScoreNote, ...] = ()
    graces: tuple[ScoreNote, ...] = ()
    beams: tuple[Beam, ...] = ()
    tuplet: Tuplet | None = None
    tuplet_edge: TupletEdge | None = None

    def __post_init__(self) -> None:
        # By the numerators: there are thousands of events, and comparing Fractions is slow.
        if self.onset.numerator < 0 or self.duration.numerator <= 0:
            raise ValueError(f"onset {self.onset} or duration {self.duration} is out of range")
        if self.value is None:
            if self.notes:
                raise ValueError("only a rest that fills the measure has no written value")
        else:
            length = self.value.length
            if (length * self.tuplet.ratio if self.tuplet else length) != self.duration:
                raise ValueError(f"{self.value} in {self.tuplet} does not last {self.duration}")
        if self.graces and not self.notes:
            raise ValueError("a rest has no grace notes")
        if (self.tuplet is None) and (self.tuplet_edge is not None):
            raise ValueError("tuplet_edge without a tuplet")

    @property
    def is_rest(self) -> bool:
        return not self.notes

    @property
    def is_full_measure_rest(self) -> bool:
        return self.value is None


@dataclass(frozen=True, slots=True)
class Voice:
    """Events one after the other, without gaps, from the start of the measure to its end."""

    role: VoiceRole
    events: tuple[Event, ...]

    def __post_init__(self) -> None:
        position = Fraction(0)
        for event in self.events:
            if event.onset != position:
                raise ValueError(f"event at {event.onset}, expected {position}")
            position += event.duration

    @property
    def length(self) -> Fraction:
        """How long its events last, one after the other, in quarter notes."""
        if not self.events:
            return Fraction(0)
        last = self.events[-1]
        return last.onset + last.duration


@dataclass(frozen=True, slots=True)
class Hairpin:
    """Lasts n_measures measures from the start of its own, up to the dynamics mark there."""

    kind: HairpinKind
    n_measures: int

    def __post_init__(self) -> None:
        if self.n_measures < 1:
            raise ValueError(f"a hairpin lasts at least one measure, got {self.n_measures}")


SIMILE_SPANS = (1, 2, 4)


@dataclass(frozen=True, slots=True)
class Simile:
    """This measure is printed as part of a sign that says: as the bars before.

    span: bars that the sign repeats, 1, 2 or 4; it is drawn over as many.
    index: which of them this measure is, from 0.
    count: which bar of its section this is, printed above a sign for one bar; None for no number.
        Signs for more bars bear the number of their bars.
    """

    span: int
    index: int = 0
    count: int | None = None

    def __post_init__(self) -> None:
        if self.span not in SIMILE_SPANS:
            raise ValueError(f"span must be one of {SIMILE_SPANS}, got {self.span}")
        if not 0 <= self.index < self.span:
            raise ValueError(f"index must lie in 0..{self.span - 1}, got {self.index}")


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the piece: measures [first, first + n_measures) under one rehearsal mark."""

    label: str
    first: int
    n_measures: int


@dataclass(frozen=True, slots=True)
class Measure:
    """One bar.

    number: musical; 0 for a pickup.
    metre: in force here; length is shorter than its bar in a pickup only.
    voices: at most one of each role; a bar in which nobody plays has one voice with one rest.
    groups: lengths of the rhythmic groups that beams follow; they add up to length.
    start_seconds, end_seconds: where the bar lies in the recording.
    tempo_mark: quarter notes per minute to print above the bar; None for no mark.
    words: the feel that begins here, in words above the bar; text: what a reader wrote over it.
    rehearsal: letter of the section that begins here, boxed above the bar; None within sections.
    dynamic: how loud it is from here on; hairpin: how it gets to the next mark.
    simile: the bar is printed as a repeat sign; its voices still hold what is played.
    road: repeats, slashes and jumps of a chart; None in a full score.
    is_straight: the eighths are played as written though other parts of the score swing.
    """

    number: int
    metre: Metre
    length: Fraction
    voices: tuple[Voice, ...]
    groups: tuple[Fraction, ...]
    start_seconds: float
    end_seconds: float
    tempo_mark: float | None = None
    is_pickup: bool = False
    words: str | None = None
    text: str | None = None
    rehearsal: str | None = None
    dynamic: Loudness | None = None
    hairpin: Hairpin | None = None
    simile: Simile | None = None
    road: RoadSigns | None = None
    is_straight: bool = False

    def __post_init__(self) -> None:
        if not self.voices or len({voice.role for voice in self.voices}) != len(self.voices):
            raise ValueError("a measure has one or two voices, each role once")
        for voice in self.voices:
            if voice.length != self.length:
                raise ValueError(
                    f"bar {self.number}: {voice.role} last {voice.length}, not {self.length}"
                )
        if sum(self.groups, Fraction(0)) != self.length:
            raise ValueError(f"bar {self.number}: groups {self.groups} do not fill {self.length}")
        if self.end_seconds <= self.start_seconds:
            raise ValueError(f"bar {self.number} ends before it starts")

    @property
    def quarters_per_minute(self) -> float:
        """The tempo that was played in this bar."""
        return float(self.length) * 60.0 / (self.end_seconds - self.start_seconds)

    @property
    def is_empty(self) -> bool:
        return all(event.is_rest for voice in self.voices for event in voice.events)


@dataclass(frozen=True, slots=True)
class Swing:
    """Two eighths of a beat are played as `first` to `second` where the beat has nothing else."""

    first: int = 2
    second: int = 1

    def __post_init__(self) -> None:
        if self.first <= 0 or self.second <= 0:
            raise ValueError(f"no such swing: {self.first} to {self.second}")

    @property
    def offbeat(self) -> Fraction:
        """Where the second eighth sounds, in beats."""
        return Fraction(self.first, self.first + self.second)


@dataclass(frozen=True, slots=True)
class Score:
    """A drum part.

    placements: one per hit, in the order of the hits.
    offset_seconds: the constant offset of the player against the beats, already taken off.
    swing: the eighths are written straight and played so, but in measures that are straight;
        None where all are played as written.
    """

    measures: tuple[Measure, ...]
    placements: tuple[Placement, ...] = ()
    offset_seconds: float = 0.0
    swing: Swing | None = None
    title: str | None = None
    artist: str | None = None
    source: str | None = None

    def __post_init__(self) -> None:
        if not self.measures:
            raise ValueError("a score has at least one measure")

    @property
    def metre(self) -> Metre:
        """What most bars are written in."""
        metres = [measure.metre for measure in self.measures if not measure.is_pickup]
        return most_common(metres or [self.measures[0].metre])

    @property
    def roles(self) -> tuple[VoiceRole, ...]:
        """The voices that occur, hands first."""
        found = {voice.role for measure in self.measures for voice in measure.voices}
        return tuple(role for role in VoiceRole if role in found)

    @property
    def sections(self) -> tuple[Section, ...]:
        """The parts of the piece, from one rehearsal mark to the next.

        Measures before the first mark belong to no section.
        """
        starts = [k for k, measure in enumerate(self.measures) if measure.rehearsal is not None]
        ends = [*starts[1:], len(self.measures)]
        return tuple(
            Section(self.measures[start].rehearsal or "", start, end - start)
            for start, end in zip(starts, ends, strict=False)
        )

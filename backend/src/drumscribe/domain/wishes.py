"""Everything that a user may say about a song, each thing once.

A field of these types is a wish: its kind and range, the value that holds where nothing is said,
and one sentence. Library, command line, service and page are derived from them, and the stages
take them as they are. None means: find it out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, ClassVar, Final

from drumscribe.domain.audio import LONGEST_RECORDING_SECONDS
from drumscribe.domain.bars.marks import BarMark
from drumscribe.domain.drums import Instrument
from drumscribe.domain.form.bar_texts import parse_bar_texts
from drumscribe.domain.form.section_names import parse_section_names
from drumscribe.domain.rhythm import Metre
from drumscribe.domain.wishing.fields import Subject, Wish, wish, wishes_of
from drumscribe.domain.wishing.kinds import (
    BarMarks,
    ByInstrument,
    Number,
    OneNumberOf,
    OneOf,
    Seconds,
    Text,
    TimeSignature,
    Whole,
    YesNo,
)
from drumscribe.errors import InvalidOption

# The specification's range.
BPM: Final = Number(40.0, 300.0)
# More changes of metre than any song has.
MOST_BAR_MARKS: Final = 1000
_SHARE: Final = Number(0.0, 1.0)
_MOMENT: Final = Seconds(0.0, LONGEST_RECORDING_SECONDS)


class SeparationMode(StrEnum):
    """When to take the drums out of the mix before listening."""

    # If stems were asked for; or if hardly anything is heard in the mix, or not a whole part of
    # the kit, and the model is already in the cache.
    AUTO = "auto"
    ALWAYS = "always"
    NEVER = "never"


class Style(StrEnum):
    """Drum keys of the page: which line and head each drum has, one voice or two."""

    WEINBERG = "weinberg"
    MUSESCORE = "musescore"
    ONE_VOICE = "one-voice"


class KeyMap(StrEnum):
    """Which keys the MIDI files play."""

    GENERAL_MIDI = "general-midi"
    TOONTRACK = "toontrack"
    ADDICTIVE_DRUMS = "addictive-drums"
    ROLAND_TD = "roland-td"


class Similes(StrEnum):
    """Where bars that look like those before them become repeat signs."""

    PAPER = "paper"  # in the PDF, the page for the stand
    ALWAYS = "always"  # in the MusicXML too, where the notes stay beside the signs
    NEVER = "never"


class Form(StrEnum):
    """How much the page writes out."""

    FULL = "full"  # every bar, repeat signs where bars are the same
    CHART = "chart"  # for the stand: grooves once, slashes, repeats


class PaperSize(StrEnum):
    """Paper of the PDF."""

    A4 = "a4"
    LETTER = "letter"


class StaffSize(StrEnum):
    """How large the staves of the PDF are."""

    SMALL = "small"
    NORMAL = "normal"
    LARGE = "large"


class DrumKey(StrEnum):
    """Whether the PDF says what each head means."""

    SHOWN = "shown"
    HIDDEN = "hidden"


class StickingLetters(StrEnum):
    """Whether the page says which hand plays."""

    SHOWN = "shown"
    HIDDEN = "hidden"


@dataclass(frozen=True, slots=True, kw_only=True)
class HearingWishes(Subject):
    """What the user says about listening."""

    separation: SeparationMode = field(
        default=SeparationMode.AUTO,
        metadata=wish(
            OneOf(SeparationMode),
            "Take the drums out of the mix and hear both: much slower, hears more in dense mixes. "
            "auto does it where hardly anything is heard without, if the separation model has been "
            "downloaded, or where stems are wanted.",
            needs_sound=True,
        ),
    )
    sensitivity: float = field(
        default=0.5, metadata=wish(_SHARE, "Higher writes down more doubtful hits, lower fewer.")
    )
    sensitivity_by_instrument: Mapping[Instrument, float] = field(
        default_factory=dict,
        metadata=wish(
            ByInstrument(_SHARE),
            "The sensitivity of single instruments, in the place of `sensitivity`.",
            option="--sensitivity-of",
        ),
    )
    start_seconds: float | None = field(
        default=None, metadata=wish(_MOMENT, "The part to hear begins here.", needs_sound=True)
    )
    end_seconds: float | None = field(
        default=None, metadata=wish(_MOMENT, "The part to hear ends here.", needs_sound=True)
    )
    audio_track: int | None = field(
        default=None,
        metadata=wish(
            Whole(1, 100),
            "Which track of sound to hear, counted from 1, if the file has several.",
            needs_sound=True,
        ),
    )
    accept_damaged: bool = field(
        default=False,
        metadata=wish(
            YesNo(),
            "Hear what is there, however much of the recording is missing.",
            needs_sound=True,
        ),
    )

    def __post_init__(self) -> None:
        Subject.__post_init__(self)
        start = self.start_seconds or 0.0
        if self.end_seconds is not None and self.end_seconds <= start:
            raise InvalidOption(
                f"end must lie after start, got start {start:g} s and end {self.end_seconds:g} s."
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class BeatWishes(Subject):
    """What the user says about beats and bars; it wins over what is found."""

    bpm: float | None = field(
        default=None,
        metadata=wish(BPM, "The tempo in quarter notes per minute.", excludes="tempo_factor"),
    )
    metre: Metre | None = field(
        default=None,
        metadata=wish(TimeSignature(), "The metre: 4/4, 3/4, 6/8, 7/8 ...", name="time_signature"),
    )
    bar_one_at_seconds: float | None = field(
        default=None, metadata=wish(_MOMENT, "A bar begins at the beat nearest to this time.")
    )
    tempo_factor: float = field(
        default=1.0,
        metadata=wish(
            OneNumberOf((0.5, 1.0, 2.0)),
            "0.5 counts half as many beats as are found, 2 twice as many. Not with bpm.",
            excludes="bpm",
        ),
    )
    shift_beats: int = field(
        default=0,
        metadata=wish(Whole(-64, 64), "Bars begin so many beats later (negative: earlier)."),
    )
    bars: tuple[BarMark, ...] = field(
        default=(),
        metadata=wish(
            BarMarks(_MOMENT, TimeSignature(), MOST_BAR_MARKS),
            "Bar lines set by hand: a bar begins at the beat nearest to `at_seconds`, and bars of "
            "`time_signature` follow up to the next one that is set; without a time signature bars "
            "lie from there on as they are found.",
            option="--bar-at",
        ),
    )

    def __post_init__(self) -> None:
        Subject.__post_init__(self)
        if self.bpm is not None and self.tempo_factor != 1.0:
            raise InvalidOption("Give the tempo or a factor of the tempo found, not both.")

    def later(self, seconds: float) -> BeatWishes:
        """The same of a recording that begins so much earlier (later: below 0)."""
        bar_one = self.bar_one_at_seconds
        return replace(
            self,
            bar_one_at_seconds=None if bar_one is None else bar_one + seconds,
            bars=tuple(replace(mark, at_seconds=mark.at_seconds + seconds) for mark in self.bars),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PageWishes(Subject):
    """What the user says about the page and the files."""

    title: str | None = field(default=None, metadata=wish(Text(200), "Title on the page."))
    artist: str | None = field(default=None, metadata=wish(Text(200), "Artist on the page."))
    style: Style = field(
        default=Style.WEINBERG,
        metadata=wish(
            OneOf(Style),
            "Drum key of the page: which line and head each drum has, one voice or two.",
        ),
    )
    drum_map: KeyMap = field(
        default=KeyMap.GENERAL_MIDI,
        metadata=wish(OneOf(KeyMap), "Which keys the MIDI files play."),
    )
    form: Form = field(
        default=Form.FULL,
        metadata=wish(
            OneOf(Form),
            "The full transcription, or a chart for the stand: each groove once, then slashes and "
            "repeats, fills written out (PDF, SVG, MusicXML).",
        ),
    )
    section_names: str | None = field(
        default=None,
        metadata=wish(
            Text(2000),
            "Names for sections, by their letter or the second at which they begin: A=Verse, "
            "42.5=Chorus.",
        ),
    )
    bar_texts: str | None = field(
        default=None,
        metadata=wish(
            Text(4000),
            "Words over bars, by the second at which each begins: 12.5=Watch the stop; 47=Half "
            "time.",
        ),
    )
    similes: Similes = field(
        default=Similes.PAPER,
        metadata=wish(
            OneOf(Similes),
            "Where repeated bars become repeat signs: in the PDF, in the MusicXML too, or nowhere.",
        ),
    )
    paper: PaperSize = field(
        default=PaperSize.A4, metadata=wish(OneOf(PaperSize), "Paper of the PDF.")
    )
    staff_size: StaffSize = field(
        default=StaffSize.NORMAL,
        metadata=wish(
            OneOf(StaffSize), "How large the notes of the PDF are: staves of 5.6, 6.7 or 8.1 mm."
        ),
    )
    bars_a_line: int | None = field(
        default=None,
        metadata=wish(
            Whole(1, 8),
            "Bars on a line of the PDF, fewer where they would not fit; as many as read well where "
            "nothing is said.",
        ),
    )
    drum_key: DrumKey = field(
        default=DrumKey.SHOWN,
        metadata=wish(OneOf(DrumKey), "Whether the PDF says above the music what each head means."),
    )
    sticking: StickingLetters = field(
        default=StickingLetters.SHOWN,
        metadata=wish(
            OneOf(StickingLetters),
            "Whether the page says which hand plays (R, L, B for both), where that was said.",
        ),
    )

    def __post_init__(self) -> None:
        Subject.__post_init__(self)
        parse_section_names(self.section_names or "")
        parse_bar_texts(self.bar_texts or "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """All that was said about one song."""

    hearing: HearingWishes = HearingWishes()
    beats: BeatWishes = BeatWishes()
    page: PageWishes = PageWishes()

    SUBJECTS: ClassVar[Mapping[str, type[Subject]]] = {
        "hearing": HearingWishes,
        "beats": BeatWishes,
        "page": PageWishes,
    }

    def __post_init__(self) -> None:
        start, bar_one = self.hearing.start_seconds or 0.0, self.beats.bar_one_at_seconds
        if bar_one is not None and bar_one < start:
            raise InvalidOption(f"bar one must not begin before {start:g} s, got {bar_one:g} s.")
        if self.beats.bars and (first := self.beats.bars[0].at_seconds) < start:
            raise InvalidOption(f"bars must not begin before {start:g} s, got {first:g} s.")

    @classmethod
    def of(cls, said: Mapping[str, Any]) -> Wishes:
        """The wishes of what was said: name -> value, typed or in its JSON form; None: nothing.

        Raises InvalidOption for what cannot be meant and for names that do not exist.
        """
        if unknown := set(said) - set(ALL_WISHES):
            raise InvalidOption(
                f"There is no wish {', '.join(sorted(unknown))}; there is {', '.join(ALL_WISHES)}."
            )
        return cls(
            hearing=HearingWishes(**_of_subject(HearingWishes, said)),
            beats=BeatWishes(**_of_subject(BeatWishes, said)),
            page=PageWishes(**_of_subject(PageWishes, said)),
        )

    def values(self) -> Iterator[tuple[Wish, Any]]:
        """Every wish with its value."""
        for part, subject in self.SUBJECTS.items():
            for entry in wishes_of(subject):
                yield entry, getattr(getattr(self, part), entry.attribute)

    def to_dict(self) -> dict[str, Any]:
        """Every wish by its name, as JSON."""
        return {entry.name: entry.write(value) for entry, value in self.values()}

    def said(self) -> dict[str, Any]:
        """What differs from the standard, by its name, as JSON."""
        return {
            entry.name: entry.write(value)
            for entry, value in self.values()
            if value != entry.standard
        }


def _of_subject(subject: type[Subject], said: Mapping[str, Any]) -> dict[str, Any]:
    """Attribute -> value, of what was said of one subject."""
    return {
        entry.attribute: said[entry.name]
        for entry in wishes_of(subject)
        if said.get(entry.name) is not None
    }


ALL_WISHES: Final[Mapping[str, Wish]] = {
    entry.name: entry for subject in Wishes.SUBJECTS.values() for entry in wishes_of(subject)
}


def said_over(above: Mapping[str, Any], below: Mapping[str, Any]) -> dict[str, Any]:
    """What was said, the newer things above the older ones; None above says nothing.

    An older wish goes where a newer one excludes it.
    """
    newer = {name: value for name, value in above.items() if value is not None}
    excluded = {ALL_WISHES[name].excludes for name in newer}
    return {name: value for name, value in below.items() if name not in excluded} | newer


def readable(stored: Mapping[str, Any] | None) -> dict[str, Any]:
    """What another version stored, without what this one does not know or would not take."""
    kept = {}
    for name, value in (stored or {}).items():
        try:
            ALL_WISHES[name].read(value)
        except (KeyError, InvalidOption):
            continue
        kept[name] = value
    return kept

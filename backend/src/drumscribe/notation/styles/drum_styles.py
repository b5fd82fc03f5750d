"""Where each drum stands on the staff, with which head, and how LilyPond calls it: style tables.

A style is data. Weinberg (the standard of the Percussive Arts Society) is the default.
Staff positions are written as in treble clef, which is how MusicXML writes unpitched notes.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from drumscribe.domain.drums import Articulation, Instrument
from drumscribe.domain.score import ScoreNote
from drumscribe.domain.wishes import Style
from drumscribe.errors import InvalidOption
from drumscribe.notation.styles.drum_maps import Sound

_STEPS = "CDEFGAB"


class Head(StrEnum):
    """The heads that MusicXML and LilyPond both know; the values are MusicXML's."""

    NORMAL = "normal"
    X = "x"
    CIRCLE_X = "circle-x"
    DIAMOND = "diamond"
    SLASHED = "slashed"
    SLASH = "slash"


class Mark(StrEnum):
    """What stands above a note because of how the drum is played."""

    OPEN = "open"
    HALF_OPEN = "half-open"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Drawing:
    """How one sound stands on the page.

    position: step and octave in treble clef, "C5" is the third space.
    lilypond: the name of the drum in LilyPond's \\drummode.
    """

    name: str
    position: str
    head: Head
    lilypond: str
    mark: Mark | None = None

    @property
    def step(self) -> str:
        return self.position[0]

    @property
    def octave(self) -> int:
        return int(self.position[1])

    @property
    def staff_position(self) -> int:
        """Half staff spaces above the middle line (B4 is 0), as LilyPond counts."""
        return 7 * (self.octave - 4) + _STEPS.index(self.step) - _STEPS.index("B")


# A sound is asked for several times a note.
_PLAIN: Final = {instrument: Sound(instrument) for instrument in Instrument}


@dataclass(frozen=True, slots=True, eq=False)
class DrumStyle:
    """A complete table: every instrument, and every articulation that has a sound of its own.

    title, source: what it is for, and whose custom it is.
    has_one_voice: hands and feet share stems that point up, as in pop charts.
    """

    name: Style
    drawings: dict[Sound, Drawing]
    title: str = ""
    source: str = ""
    has_one_voice: bool = False

    def sound_of(self, note: ScoreNote) -> Sound:
        """The sound of a note: articulations without a drawing of their own fall back."""
        if note.articulation is not None:
            special = Sound(note.instrument, note.articulation)
            if special in self.drawings:
                return special
        return _PLAIN[note.instrument]

    def drawing_of(self, note: ScoreNote) -> Drawing:
        return self.drawings[self.sound_of(note)]


def _weinberg() -> dict[Sound, Drawing]:
    i, a = Instrument, Articulation
    hat, pedal = Head.X, "Hi-hat (foot)"
    return {
        Sound(i.CRASH): Drawing("Crash", "A5", Head.X, "crashcymbal"),
        Sound(i.CRASH, a.CRASH_2): Drawing("Crash 2", "B5", Head.X, "crashcymbalb"),
        Sound(i.CRASH, a.SPLASH): Drawing("Splash", "C6", Head.X, "splashcymbal"),
        Sound(i.CRASH, a.CHINA): Drawing("China", "B5", Head.CIRCLE_X, "chinesecymbal"),
        Sound(i.HIHAT_CLOSED): Drawing("Hi-hat", "G5", hat, "closedhihat"),
        Sound(i.HIHAT_OPEN): Drawing("Open hi-hat", "G5", hat, "openhihat", mark=Mark.OPEN),
        Sound(i.HIHAT_OPEN, a.HALF_OPEN): Drawing(
            "Half-open hi-hat", "G5", hat, "halfopenhihat", mark=Mark.HALF_OPEN
        ),
        Sound(i.RIDE): Drawing("Ride", "F5", Head.X, "ridecymbal"),
        Sound(i.RIDE, a.RIDE_BELL): Drawing("Ride bell", "F5", Head.DIAMOND, "ridebell"),
        Sound(i.TOM_HIGH): Drawing("High tom", "E5", Head.NORMAL, "himidtom"),
        Sound(i.TOM_MID): Drawing("Mid tom", "D5", Head.NORMAL, "lowmidtom"),
        Sound(i.SNARE): Drawing("Snare", "C5", Head.NORMAL, "snare"),
        Sound(i.SNARE, a.CROSS_STICK): Drawing("Cross-stick", "C5", Head.X, "sidestick"),
        Sound(i.SNARE, a.RIMSHOT): Drawing("Rimshot", "C5", Head.SLASHED, "electricsnare"),
        Sound(i.TOM_LOW): Drawing("Floor tom", "A4", Head.NORMAL, "highfloortom"),
        Sound(i.KICK): Drawing("Bass drum", "F4", Head.NORMAL, "bassdrum"),
        Sound(i.HIHAT_CLOSED, a.PEDAL): Drawing(pedal, "D4", hat, "pedalhihat"),
        Sound(i.HIHAT_OPEN, a.SPLASH): Drawing(
            "Hi-hat splash (foot)", "D4", Head.CIRCLE_X, "splashhihat"
        ),
    }


def _musescore() -> dict[Sound, Drawing]:
    i, a = Instrument, Articulation
    return {
        Sound(i.CRASH, a.SPLASH): Drawing("Splash", "C6", Head.X, "splashcymbal"),
        Sound(i.CRASH, a.CHINA): Drawing("China", "B5", Head.CIRCLE_X, "chinesecymbal"),
        Sound(i.CRASH, a.CRASH_2): Drawing("Crash 2", "B5", Head.X, "crashcymbalb"),
        Sound(i.CRASH): Drawing("Crash", "A5", Head.X, "crashcymbal"),
        Sound(i.HIHAT_CLOSED): Drawing("Hi-hat", "G5", Head.X, "closedhihat"),
        Sound(i.HIHAT_OPEN): Drawing("Open hi-hat", "G5", Head.CIRCLE_X, "openhihat"),
        Sound(i.HIHAT_OPEN, a.HALF_OPEN): Drawing(
            "Half-open hi-hat", "G5", Head.CIRCLE_X, "halfopenhihat", mark=Mark.HALF_OPEN
        ),
        Sound(i.RIDE): Drawing("Ride", "F5", Head.X, "ridecymbal"),
        Sound(i.RIDE, a.RIDE_BELL): Drawing("Ride bell", "F5", Head.DIAMOND, "ridebell"),
        Sound(i.TOM_HIGH): Drawing("High tom", "E5", Head.NORMAL, "himidtom"),
        Sound(i.TOM_MID): Drawing("Mid tom", "D5", Head.NORMAL, "lowmidtom"),
        Sound(i.SNARE): Drawing("Snare", "C5", Head.NORMAL, "snare"),
        Sound(i.SNARE, a.CROSS_STICK): Drawing("Cross-stick", "C5", Head.SLASHED, "sidestick"),
        Sound(i.SNARE, a.RIMSHOT): Drawing("Rimshot", "C5", Head.SLASH, "electricsnare"),
        Sound(i.TOM_LOW): Drawing("Floor tom", "G4", Head.NORMAL, "highfloortom"),
        Sound(i.KICK): Drawing("Bass drum", "F4", Head.NORMAL, "bassdrum"),
        Sound(i.HIHAT_CLOSED, a.PEDAL): Drawing("Hi-hat (foot)", "D4", Head.X, "pedalhihat"),
        Sound(i.HIHAT_OPEN, a.SPLASH): Drawing(
            "Hi-hat splash (foot)", "D4", Head.CIRCLE_X, "splashhihat"
        ),
    }


WEINBERG = DrumStyle(
    Style.WEINBERG,
    _weinberg(),
    title="The standard of percussion teachers: hands with stems up, feet with stems down",
    source="Norman Weinberg, Guidelines for Drumset Notation (Percussive Arts Society)",
)
MUSESCORE = DrumStyle(
    Style.MUSESCORE,
    _musescore(),
    title="Lines and heads as MuseScore 4 has them when nothing else is said",
    source="the standard drumset of MuseScore 4. MusicXML has no head for its china: a circled x. "
    "It has no half-open hat and no splash of the hat either",
)
ONE_VOICE = DrumStyle(
    Style.ONE_VOICE,
    _weinberg(),
    title="Pop chart: Weinberg's lines and heads, everything on stems that point up",
    source="the custom of pop and musical theatre charts",
    has_one_voice=True,
)

STYLES: dict[str, DrumStyle] = {style.name: style for style in (WEINBERG, MUSESCORE, ONE_VOICE)}


def find_style(style: str | DrumStyle) -> DrumStyle:
    """The style of that name; raises InvalidOption and names the styles that exist."""
    if isinstance(style, DrumStyle):
        return style
    if style not in STYLES:
        raise InvalidOption(f"There is no drum style {style!r}; there is {', '.join(STYLES)}.")
    return STYLES[style]

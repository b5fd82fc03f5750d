"""Which drum a file means: by MIDI key, by name, or by where it stands on the staff."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Final

from drumscribe.domain.drums import Articulation, Instrument
from drumscribe.notation.styles.drum_maps import DrumMap, Sound
from drumscribe.notation.styles.drum_styles import STYLES, WEINBERG, Head, Mark

_I, _A = Instrument, Articulation
HATS: Final = (Instrument.HIHAT_CLOSED, Instrument.HIHAT_OPEN)

# General MIDI; drums that a kit of nine has once are the same drum.
GM_SOUNDS: Final[Mapping[int, Sound]] = {
    35: Sound(_I.KICK),
    36: Sound(_I.KICK),
    37: Sound(_I.SNARE, _A.CROSS_STICK),
    38: Sound(_I.SNARE),
    40: Sound(_I.SNARE, _A.RIMSHOT),
    41: Sound(_I.TOM_LOW),
    43: Sound(_I.TOM_LOW),
    45: Sound(_I.TOM_MID),
    47: Sound(_I.TOM_MID),
    48: Sound(_I.TOM_HIGH),
    50: Sound(_I.TOM_HIGH),
    42: Sound(_I.HIHAT_CLOSED),
    44: Sound(_I.HIHAT_CLOSED, _A.PEDAL),
    46: Sound(_I.HIHAT_OPEN),
    49: Sound(_I.CRASH),
    57: Sound(_I.CRASH, _A.CRASH_2),
    52: Sound(_I.CRASH, _A.CHINA),
    55: Sound(_I.CRASH, _A.SPLASH),
    51: Sound(_I.RIDE),
    59: Sound(_I.RIDE),
    53: Sound(_I.RIDE, _A.RIDE_BELL),
}
# The names that our own files give them.
_OUR_NAMES: Final = {
    drawing.name.lower(): sound
    for style in STYLES.values()
    for sound, drawing in style.drawings.items()
}
_HAT = r"hi.?hat|\bhat\b|charley|charleston"
# The first pattern that is found decides.
_WORDS: Final[tuple[tuple[re.Pattern[str], Sound], ...]] = tuple(
    (re.compile(pattern, re.IGNORECASE), sound)
    for pattern, sound in (
        (rf"({_HAT}).*(pedal|foot)|(pedal|foot).*({_HAT})", Sound(_I.HIHAT_CLOSED, _A.PEDAL)),
        (rf"({_HAT}).*splash", Sound(_I.HIHAT_OPEN, _A.SPLASH)),
        (rf"({_HAT}).*half|half.*({_HAT})", Sound(_I.HIHAT_OPEN, _A.HALF_OPEN)),
        (rf"({_HAT}).*open|open.*({_HAT})", Sound(_I.HIHAT_OPEN)),
        (_HAT, Sound(_I.HIHAT_CLOSED)),
        (r"ride.*bell|bell.*ride", Sound(_I.RIDE, _A.RIDE_BELL)),
        (r"\bride\b", Sound(_I.RIDE)),
        (r"china|chinese", Sound(_I.CRASH, _A.CHINA)),
        (r"splash", Sound(_I.CRASH, _A.SPLASH)),
        (r"crash\D*2\b|(second|2nd) crash", Sound(_I.CRASH, _A.CRASH_2)),
        (r"crash", Sound(_I.CRASH)),
        (r"cross.?stick|side.?stick|rim.?click", Sound(_I.SNARE, _A.CROSS_STICK)),
        (r"rim.?shot", Sound(_I.SNARE, _A.RIMSHOT)),
        (r"\bsnare\b", Sound(_I.SNARE)),
        (r"\bkick\b|bass.?drum", Sound(_I.KICK)),
        (r"floor.*tom|\blow[ -]tom|very low tom", Sound(_I.TOM_LOW)),
        (r"(low[ -]?mid|\bmid).*tom", Sound(_I.TOM_MID)),
        (r"(hi[ -]?mid|high|\bhi\b).*tom", Sound(_I.TOM_HIGH)),
    )
)
_X_HEADS: Final = frozenset({Head.X, Head.CIRCLE_X, Head.DIAMOND})
_PLACES: Final = {
    (drawing.position, drawing.head in _X_HEADS): sound
    for sound, drawing in reversed(list(WEINBERG.drawings.items()))
    if sound.articulation in (None, Articulation.PEDAL, Articulation.CRASH_2, Articulation.SPLASH)
}


def sound_of_key(key: int, drum_map: DrumMap | None = None) -> Sound | None:
    """What a MIDI key plays: in a map, else in General MIDI; None for what the kit lacks."""
    if drum_map is not None:
        for sound, its_key in drum_map.keys.items():
            if its_key == key:
                return sound
    return GM_SOUNDS.get(key)


def sound_of_name(name: str) -> Sound | None:
    """What an instrument is by its name, ours or in the words that programs use."""
    ours = _OUR_NAMES.get(name.strip().lower())
    if ours is not None:
        return ours
    return next((sound for pattern, sound in _WORDS if pattern.search(name)), None)


def sound_of_place(position: str, head: str) -> Sound | None:
    """What stands on a line of the staff ("C5", as in treble clef) with a head, by Weinberg."""
    return _PLACES.get((position, head in _X_HEADS))


def as_marked(sound: Sound, head: str, marks: Collection[Mark]) -> Sound:
    """The sound with what its head and the signs above it say more exactly."""
    match sound:
        case Sound(Instrument.HIHAT_CLOSED, Articulation.PEDAL) if head == Head.CIRCLE_X:
            return Sound(Instrument.HIHAT_OPEN, Articulation.SPLASH)
        case Sound(
            Instrument.HIHAT_CLOSED | Instrument.HIHAT_OPEN, (None | Articulation.HALF_OPEN)
        ):
            return _hat(sound, head, marks)
        case Sound(Instrument.SNARE, None) if head == Head.X:
            return Sound(Instrument.SNARE, Articulation.CROSS_STICK)
        case Sound(Instrument.SNARE, None) if head == Head.SLASHED:
            return Sound(Instrument.SNARE, Articulation.RIMSHOT)
        case Sound(Instrument.RIDE, None) if head == Head.DIAMOND:
            return Sound(Instrument.RIDE, Articulation.RIDE_BELL)
    return sound


def _hat(sound: Sound, head: str, marks: Collection[Mark]) -> Sound:
    if Mark.HALF_OPEN in marks:
        return Sound(Instrument.HIHAT_OPEN, Articulation.HALF_OPEN)
    if Mark.OPEN in marks or (head == Head.CIRCLE_X and sound.articulation is None):
        return Sound(Instrument.HIHAT_OPEN)
    if Mark.CLOSED in marks:
        return Sound(Instrument.HIHAT_CLOSED)
    return sound

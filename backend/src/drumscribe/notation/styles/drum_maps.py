"""Which MIDI key plays which drum: one table per sound module. Channel 10, as data."""

from __future__ import annotations

from dataclasses import dataclass

from drumscribe.domain.drums import Articulation, Instrument
from drumscribe.domain.wishes import KeyMap
from drumscribe.errors import InvalidOption

DRUM_CHANNEL = 9  # the tenth, counted from 0


@dataclass(frozen=True, slots=True)
class Sound:
    """One thing that can be struck: an instrument, or an instrument played in a special way."""

    instrument: Instrument
    articulation: Articulation | None = None

    @property
    def key(self) -> str:
        """A stable name, fit for an XML id: 'snare', 'snare-cross-stick'."""
        base = self.instrument.value.replace("_", "-")
        return f"{base}-{self.articulation.value}" if self.articulation else base


@dataclass(frozen=True, slots=True, eq=False)
class DrumMap:
    """keys: MIDI key numbers; an articulation without a key of its own sounds as the plain drum.

    title, source: what it plays, and where the keys are from; note: what a user should know.
    """

    name: KeyMap
    keys: dict[Sound, int]
    title: str = ""
    source: str = ""
    note: str = ""

    def key_of(self, instrument: Instrument, articulation: Articulation | None = None) -> int:
        special = Sound(instrument, articulation)
        return self.keys[special if special in self.keys else Sound(instrument)]


GENERAL_MIDI = DrumMap(
    KeyMap.GENERAL_MIDI,
    {
        Sound(Instrument.KICK): 36,
        Sound(Instrument.SNARE): 38,
        Sound(Instrument.SNARE, Articulation.CROSS_STICK): 37,
        Sound(Instrument.SNARE, Articulation.RIMSHOT): 40,
        Sound(Instrument.HIHAT_CLOSED): 42,
        Sound(Instrument.HIHAT_CLOSED, Articulation.PEDAL): 44,
        Sound(Instrument.HIHAT_OPEN): 46,
        # Not the open hat's key: notation programs keep one staff line per key.
        Sound(Instrument.HIHAT_OPEN, Articulation.SPLASH): 44,
        Sound(Instrument.RIDE): 51,
        Sound(Instrument.RIDE, Articulation.RIDE_BELL): 53,
        Sound(Instrument.CRASH): 49,
        Sound(Instrument.CRASH, Articulation.CRASH_2): 57,
        Sound(Instrument.CRASH, Articulation.SPLASH): 55,
        Sound(Instrument.CRASH, Articulation.CHINA): 52,
        Sound(Instrument.TOM_HIGH): 48,
        Sound(Instrument.TOM_MID): 47,
        Sound(Instrument.TOM_LOW): 43,
    },
    title="General MIDI: keyboards, notation programs, most drum samplers",
    source="General MIDI 1, percussion key map (MIDI Association)",
    note="What most programs expect. The rimshot is the electric snare's key, on which most kits "
    "have a rimshot.",
)

_KIT = {
    Sound(Instrument.KICK): 36,
    Sound(Instrument.SNARE): 38,
    Sound(Instrument.SNARE, Articulation.CROSS_STICK): 37,
    Sound(Instrument.SNARE, Articulation.RIMSHOT): 40,
    Sound(Instrument.HIHAT_CLOSED): 42,
    Sound(Instrument.HIHAT_CLOSED, Articulation.PEDAL): 44,
    Sound(Instrument.HIHAT_OPEN): 46,
    Sound(Instrument.RIDE): 51,
    Sound(Instrument.RIDE, Articulation.RIDE_BELL): 53,
    Sound(Instrument.CRASH): 49,
    Sound(Instrument.CRASH, Articulation.CRASH_2): 57,
    Sound(Instrument.TOM_HIGH): 48,
    Sound(Instrument.TOM_LOW): 43,
}
"""The keys on which General MIDI, Toontrack and Roland agree."""

TOONTRACK = DrumMap(
    KeyMap.TOONTRACK,
    _KIT
    | {
        Sound(Instrument.HIHAT_OPEN, Articulation.HALF_OPEN): 24,
        Sound(Instrument.HIHAT_OPEN, Articulation.SPLASH): 23,
        Sound(Instrument.TOM_MID): 47,
    },
    title="Toontrack EZdrummer 2 and 3, Superior Drummer 3",
    source="key lists of EZdrummer 2 and Superior Drummer 3 that users read out of the programs; "
    "only keys on which both agree",
    note="24 is the first of the open hats, 23 the hat opened by the foot. Which cymbal is a "
    "splash or a china differs from library to library: both are played as the crash.",
)

ADDICTIVE_DRUMS = DrumMap(
    KeyMap.ADDICTIVE_DRUMS,
    {
        Sound(Instrument.KICK): 36,
        Sound(Instrument.SNARE): 38,
        Sound(Instrument.SNARE, Articulation.RIMSHOT): 37,
        Sound(Instrument.SNARE, Articulation.CROSS_STICK): 42,
        Sound(Instrument.HIHAT_CLOSED): 49,
        Sound(Instrument.HIHAT_CLOSED, Articulation.PEDAL): 48,
        Sound(Instrument.HIHAT_OPEN): 56,
        Sound(Instrument.HIHAT_OPEN, Articulation.HALF_OPEN): 54,
        Sound(Instrument.HIHAT_OPEN, Articulation.SPLASH): 59,
        Sound(Instrument.RIDE): 60,
        Sound(Instrument.RIDE, Articulation.RIDE_BELL): 61,
        Sound(Instrument.CRASH): 77,
        Sound(Instrument.TOM_HIGH): 71,
        Sound(Instrument.TOM_MID): 69,
        Sound(Instrument.TOM_LOW): 67,
    },
    title="XLN Audio Addictive Drums 2",
    source="XLN Audio's keymap of Addictive Drums 2 (June 2021), as two independent programs "
    "quote it",
    note="Its keys are not General MIDI above the snare: 42 is the cross-stick there, not the "
    "hat. The open hat has four degrees, 54 to 57; 54 is taken for half open, 56 for open. What "
    "cymbals 2 to 6 are differs from kit to kit: the second crash, splash and china are played as "
    "cymbal 1.",
)

ROLAND_TD = DrumMap(
    KeyMap.ROLAND_TD,
    _KIT
    | {
        Sound(Instrument.HIHAT_OPEN, Articulation.SPLASH): 44,
        Sound(Instrument.TOM_MID): 45,
    },
    title="Roland V-Drums (TD-17; other TD modules as they come from the factory)",
    source="Roland, TD-17: default factory MIDI note map",
    note="The rimshot is the rim of the snare. 47 is the rim of the second tom, so the middle tom "
    "is 45. How far the hat is open is a controller there, not a key: half open is played as open, "
    "a splash by the foot as the pedal. There is no splash or china: both are played as crash 1.",
)

DRUM_MAPS: dict[str, DrumMap] = {
    drum_map.name: drum_map for drum_map in (GENERAL_MIDI, TOONTRACK, ADDICTIVE_DRUMS, ROLAND_TD)
}


def find_drum_map(drum_map: str | DrumMap) -> DrumMap:
    """The map of that name; raises InvalidOption and names the maps that exist."""
    if isinstance(drum_map, DrumMap):
        return drum_map
    if drum_map not in DRUM_MAPS:
        raise InvalidOption(f"There is no drum map {drum_map!r}; there is {', '.join(DRUM_MAPS)}.")
    return DRUM_MAPS[drum_map]

"""Which MIDI key plays which drum: one table per sound module. Channel 10, as data."""

from __future__ import annotations

from dataclasses import dataclass

from drumscribe.domain.drums import Articulation, Instrument
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
    """keys: MIDI key numbers; an articulation without a key of its own sounds as the plain drum."""

    name: str
    keys: dict[Sound, int]

    def key_of(self, instrument: Instrument, articulation: Articulation | None = None) -> int:
        special = Sound(instrument, articulation)
        return self.keys[special if special in self.keys else Sound(instrument)]


GENERAL_MIDI = DrumMap(
    "general-midi",
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
        Sound(Instrument.CRASH, Articulation.SPLASH): 55,
        Sound(Instrument.CRASH, Articulation.CHINA): 52,
        Sound(Instrument.TOM_HIGH): 48,
        Sound(Instrument.TOM_MID): 47,
        Sound(Instrument.TOM_LOW): 43,
    },
)

DRUM_MAPS = {drum_map.name: drum_map for drum_map in (GENERAL_MIDI,)}


def find_drum_map(drum_map: str | DrumMap) -> DrumMap:
    """The map of that name; raises InvalidOption and names the maps that exist."""
    if isinstance(drum_map, DrumMap):
        return drum_map
    if drum_map not in DRUM_MAPS:
        raise InvalidOption(f"There is no drum map {drum_map!r}; there is {', '.join(DRUM_MAPS)}.")
    return DRUM_MAPS[drum_map]

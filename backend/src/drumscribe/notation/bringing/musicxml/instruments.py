"""Which drum each note of a MusicXML part means: by the instruments of its part list."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import Final
from xml.etree import ElementTree as ET

from drumscribe.domain.drums import Articulation, Instrument
from drumscribe.notation.bringing.drum_names import (
    GM_SOUNDS,
    as_marked,
    sound_of_name,
    sound_of_place,
)
from drumscribe.notation.bringing.musicxml.signs import marks_of
from drumscribe.notation.styles.drum_maps import Sound
from drumscribe.notation.styles.drum_styles import Head

_SNARE: Final = Sound(Instrument.SNARE)
_HATS_OF_A_KEY: Final = (
    Sound(Instrument.HIHAT_OPEN),
    Sound(Instrument.HIHAT_CLOSED, Articulation.PEDAL),
)
# Keys of MIDI, counted from 0 there and from 1 in MusicXML.
SHARPEST_KEY: Final = 127


@dataclass(frozen=True, slots=True)
class _Named:
    """An instrument of the part list. sound: None where only a note's place can tell."""

    name: str
    sound: Sound | None
    is_any_of_its_key: bool = False


class Instruments:
    """The instruments of a part: which sound a note has, and what its instrument is called."""

    def __init__(self, root: ET.Element, part_id: str) -> None:
        self._named_by_id = _instruments(root, part_id)
        named = list(self._named_by_id.values())
        self._only = named[0] if len(named) == 1 else None

    def sound_of(self, note: ET.Element) -> Sound | None:
        """What a note strikes; None where nothing tells."""
        named = self._named(note)
        head = (note.findtext("notehead") or Head.NORMAL).strip()
        step, octave = (note.findtext(f"unpitched/display-{part}") for part in ("step", "octave"))
        sound = named.sound if named else None
        if sound is None and (named is None or named is self._only):
            sound = sound_of_place(f"{step}{octave}", head)
        return None if sound is None else as_marked(sound, head, marks_of(note))

    def is_any_of_its_key(self, note: ET.Element, sound: Sound) -> bool:
        """Whether a note may have any sound of its key: its program has one drum per key."""
        named = self._named(note)
        is_plain_foot = sound.articulation is Articulation.PEDAL
        return bool(named and named.is_any_of_its_key and not marks_of(note)) and not is_plain_foot

    def name_of(self, note: ET.Element) -> str:
        """What the instrument of a note is called, for people."""
        named = self._named(note)
        return re.sub(r"\s+", " ", named.name)[:40] if named and named.name else "another drum"

    def _named(self, note: ET.Element) -> _Named | None:
        instrument = note.find("instrument")
        if instrument is None:
            return self._only
        return self._named_by_id.get(instrument.get("id", ""))


def _instruments(root: ET.Element, part_id: str) -> dict[str, _Named]:
    entry = next((e for e in root.iterfind("part-list/score-part") if e.get("id") == part_id), None)
    if entry is None:
        return {}
    names = {
        instrument.get("id", ""): (instrument.findtext("instrument-name") or "").strip()
        for instrument in entry.iterfind("score-instrument")
    }
    keys: dict[str, int] = {}
    for midi in entry.iterfind("midi-instrument"):
        key = _whole(midi.findtext("midi-unpitched"))
        if key is not None and 1 <= key <= SHARPEST_KEY + 1:
            keys[midi.get("id", "")] = key - 1
    shared = Counter(keys.values())
    return {
        known: _named(name, keys.get(known), has_key_alone=shared[keys.get(known, -1)] == 1)
        for known, name in names.items()
    }


def _named(name: str, key: int | None, *, has_key_alone: bool) -> _Named:
    by_key, by_name = GM_SOUNDS.get(-1 if key is None else key), sound_of_name(name)
    if by_key is None or by_name is None:
        return _Named(name, by_key or by_name)
    if by_key.articulation is Articulation.RIMSHOT:
        # The electric snare: a rimshot in our files, plainly a snare in many others.
        return _Named(name, by_name if by_name.instrument is Instrument.SNARE else _SNARE)
    if by_key in _HATS_OF_A_KEY and has_key_alone:
        # Programs that have one drum per key give open and half-open hats one name and one head,
        # and the two strokes of the foot as well.
        return _Named(name, by_key, is_any_of_its_key=True)
    # A name may say more than a key does; signs and heads more than both.
    says_more = by_key.articulation is None and by_name.instrument is by_key.instrument
    return _Named(name, by_name if says_more else by_key)


def _whole(text: str | None) -> int | None:
    return int(text) if text and re.fullmatch(r"\s*\d{1,9}\s*", text) else None

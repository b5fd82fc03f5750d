"""Write drum-maps.md from the tables of keys.

python docs/reference/generate_drum_maps.py

A test fails when it is stale.
"""

from __future__ import annotations

from pathlib import Path

from drumscribe.notation.styles.drum_maps import DRUM_MAPS, GENERAL_MIDI, DrumMap, Sound
from drumscribe.notation.styles.drum_styles import WEINBERG

TARGET = Path(__file__).with_name("drum-maps.md")

_INTRODUCTION = """# Drum maps

<!-- Written by generate_drum_maps.py; do not edit. -->

Which key of a MIDI file plays which drum: `--drum-map NAME` of `transcribe` and `render`, or
`PageWishes(drum_map=NAME)`. It is for the MIDI files; MusicXML says General MIDI to everybody.
Channel 10. A dash: no key of its own, it is played as the plain drum. Ghosts, accents and the
strokes of flams and drags are velocities and extra strokes on the same keys.
"""
_OTHERS = """## Others

Guitar Pro, Logic, Cubase, Reaper, Ableton Live and most samplers take General MIDI. Yamaha's DTX
modules are left out: we found no complete list that we are sure of. If you have one for a module
that is missing, with where it is from, it is one table in `notation/styles/drum_maps.py`.
"""


def drum_maps_page() -> str:
    """The page: one table over all maps, then what is to be known of each."""
    names = list(DRUM_MAPS)
    head = f"| | {' | '.join(f'`{name}`' for name in names)} |\n|---|{'---|' * len(names)}\n"
    sounds = [sound for sound in WEINBERG.drawings if any(_has(m, sound) for m in _maps())]
    rows = "".join(
        f"| {WEINBERG.drawings[sound].name} | {' | '.join(_key(m, sound) for m in _maps())} |\n"
        for sound in sounds
    )
    parts = [_INTRODUCTION, head + rows]
    parts += [f"## `{m.name}`\n\n{m.title}.\n\n{m.note}\n\nFrom: {m.source}.\n" for m in _maps()]
    return "\n".join([*parts, _OTHERS])


def _maps() -> list[DrumMap]:
    return list(DRUM_MAPS.values())


def _has(drum_map: DrumMap, sound: Sound) -> bool:
    return sound in drum_map.keys


def _key(drum_map: DrumMap, sound: Sound) -> str:
    key = drum_map.keys.get(sound)
    if key is None:
        return "–"
    return str(key) if key == GENERAL_MIDI.keys.get(sound) else f"**{key}**"


if __name__ == "__main__":
    TARGET.write_text(drum_maps_page())

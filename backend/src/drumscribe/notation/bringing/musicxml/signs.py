"""What a note of MusicXML says of itself: its signs, its head, how loud it is."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Final
from xml.etree import ElementTree as ET

from drumscribe.notation.styles.drum_styles import Head, Mark
from drumscribe.notation.writers.musicxml.elements import FORTE

_OPEN: Final = frozenset({"open-string", "open", "harmonic"})


def is_stroke(note: ET.Element) -> bool:
    """Whether a note of a drum staff is struck: no cue, and not tied to the one before."""
    is_sounding = note.find("unpitched") is not None and note.find("cue") is None
    return is_sounding and not any(tie.get("type") == "stop" for tie in note.iterfind("tie"))


def is_slash(note: ET.Element) -> bool:
    """A slash on the middle line; MuseScore draws rimshots as slashes, but on the snare's line."""
    place = (note.findtext("unpitched/display-step"), note.findtext("unpitched/display-octave"))
    return note.findtext("notehead") == Head.SLASH and place == ("B", "4")


def _notations(note: ET.Element, kind: str) -> Iterator[ET.Element]:
    for group in note.iterfind(f"notations/{kind}"):
        yield from group


def has_sign(note: ET.Element, kind: str, names: set[str]) -> bool:
    """Whether one of these elements stands in a group of notations, such as articulations."""
    return any(element.tag in names for element in _notations(note, kind))


def marks_of(note: ET.Element) -> set[Mark]:
    """The signs above a note that say how a hat is struck."""
    marks: set[Mark] = set()
    for element in _notations(note, "technical"):
        said = f"{element.get('smufl', '')} {element.text or ''}".lower()
        if element.tag == "half-muted" or "half" in said:
            marks.add(Mark.HALF_OPEN)
        elif element.tag in _OPEN:
            marks.add(Mark.OPEN)
        elif element.tag == "stopped":
            marks.add(Mark.CLOSED)
    return marks


def is_rolled(note: ET.Element) -> bool:
    """Whether there are strokes through its stem."""
    return any(element.tag == "tremolo" for element in _notations(note, "ornaments"))


def is_damped(note: ET.Element) -> bool:
    """Whether the head itself bears the sign for a hand on the cymbal."""
    return any(
        element.get("smufl", "").startswith("pictDamp") for element in _notations(note, "technical")
    )


def velocity_of(note: ET.Element) -> float | None:
    """How loud it is, 0..1; None where nothing is said."""
    said = note.get("dynamics")
    if said is None:
        return None
    percent = float(said)
    return min(1.0, max(0.0, percent / 100 * FORTE / 127)) if math.isfinite(percent) else None

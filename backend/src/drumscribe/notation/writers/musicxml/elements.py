"""The elements that every part of a MusicXML document is made of."""

from __future__ import annotations

from fractions import Fraction
from typing import Final
from xml.etree import ElementTree as ET

from drumscribe.domain.score import NoteValue

TYPES = {
    Fraction(8): "breve",
    Fraction(4): "whole",
    Fraction(2): "half",
    Fraction(1): "quarter",
    Fraction(1, 2): "eighth",
    Fraction(1, 4): "16th",
    Fraction(1, 8): "32nd",
    Fraction(1, 16): "64th",
    Fraction(1, 32): "128th",
}

FORTE: Final = 90  # the MIDI velocity that MusicXML calls 100 percent
MIDDLE_LINE = ("B", "4")  # step and octave


def add(parent: ET.Element, tag: str, text: str | None = None, **attributes: str) -> ET.Element:
    """A new last child of `parent`."""
    child = ET.SubElement(parent, tag, attributes)
    child.text = text
    return child


def write_value(element: ET.Element, value: NoteValue) -> None:
    """A written value: its type and dots."""
    add(element, "type", TYPES[value.base])
    for _ in range(value.dots):
        add(element, "dot")


def write_lyric(element: ET.Element, text: str, *, line: int) -> None:
    """A word below a note. line: from 0, the nearest to the staff."""
    lyric = add(element, "lyric", number=str(line + 1), placement="below")
    add(lyric, "syllabic", "single")
    add(lyric, "text", text)

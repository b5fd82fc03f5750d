"""What every MusicXML document is framed by: declarations, and who wrote what for whom."""

from __future__ import annotations

from typing import Final
from xml.etree import ElementTree as ET

from drumscribe.domain.score import Score
from drumscribe.notation.text import clean_text
from drumscribe.notation.writers.musicxml.elements import add

_DOCTYPE: Final = (
    b'<?xml version="1.0" encoding="UTF-8"?>\n'
    b'<!DOCTYPE score-partwise PUBLIC "-//Recordare//DTD MusicXML 4.0 Partwise//EN" '
    b'"http://www.musicxml.org/dtds/partwise.dtd">\n'
)


def as_document(root: ET.Element) -> bytes:
    """The elements as a file (UTF-8), indented."""
    ET.indent(root, space=" ")
    text: str = ET.tostring(root, encoding="unicode")
    return _DOCTYPE + text.encode() + b"\n"


def write_identification(root: ET.Element, score: Score | None) -> None:
    """Add title, artist, program and source of a score; None: nothing but the program."""
    title, artist, source = (
        (clean_text(score.title), clean_text(score.artist), clean_text(score.source))
        if score
        else (None, None, None)
    )
    if title:
        add(add(root, "work"), "work-title", title)
    identification = add(root, "identification")
    if artist:
        add(identification, "creator", artist, type="composer")
    encoding = add(identification, "encoding")
    add(encoding, "software", "DrumScribe")
    for element in ("accidental", "beam", "stem"):
        add(encoding, "supports", element=element, type="no" if element[0] == "a" else "yes")
    if source:
        add(identification, "source", source)

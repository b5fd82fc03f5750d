"""What every MusicXML document is framed by: declarations, and who wrote what for whom."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape

from drumscribe.domain.score import Score
from drumscribe.notation.text import clean_text
from drumscribe.notation.writers.musicxml.elements import add

_DOCTYPE: Final = (
    b'<?xml version="1.0" encoding="UTF-8"?>\n'
    b'<!DOCTYPE score-partwise PUBLIC "-//Recordare//DTD MusicXML 4.0 Partwise//EN" '
    b'"http://www.musicxml.org/dtds/partwise.dtd">\n'
)
# What ends or changes a value between quotes.
_IN_ATTRIBUTES: Final[Mapping[str, str]] = {
    '"': "&quot;",
    "\r": "&#13;",
    "\n": "&#10;",
    "\t": "&#09;",
}
_NOTHING_MORE: Final[Mapping[Any, str]] = {}
_SPECIAL: Final = re.compile(r'[&<>"\r\n\t]')


def as_document(root: ET.Element, known: Mapping[ET.Element, str] = _NOTHING_MORE) -> bytes:
    """The elements as a file (UTF-8), indented by a space a level.

    As ElementTree's indent and tostring write it, which take three times as long: they look for
    namespaces and for text between elements, and a score has neither.
    known: what as_text says of elements below the root, for those that stand in several places.
    """
    parts: list[str] = []
    _write(root, "\n", parts, known)
    return _DOCTYPE + "".join(parts).encode() + b"\n"


def as_text(element: ET.Element, *, depth: int) -> str:
    """An element as it is written in a document. depth: how many elements it stands in."""
    parts: list[str] = []
    _write(element, "\n" + depth * " ", parts, _NOTHING_MORE)
    return "".join(parts)


def _write(
    element: ET.Element, margin: str, parts: list[str], known: Mapping[ET.Element, str]
) -> None:
    start = f"<{element.tag}{_attributes(element)}"
    if len(element):
        parts.append(f"{start}>")
        inner = f"{margin} "
        for child in element:
            parts.append(inner)
            text = known.get(child)
            if text is None:
                _write(child, inner, parts, known)
            else:
                parts.append(text)
        parts.append(f"{margin}</{element.tag}>")
    elif element.text:
        parts.append(f"{start}>{_escaped(element.text)}</{element.tag}>")
    else:
        parts.append(f"{start} />")


def _attributes(element: ET.Element) -> str:
    written = ""
    for name, value in element.items():
        written += f' {name}="{_escaped(value, _IN_ATTRIBUTES)}"'
    return written


def _escaped(text: str, more: Mapping[str, str] = _NOTHING_MORE) -> str:
    # Hardly any text has a character that means something: escape() looks for each of them.
    return escape(text, dict(more)) if _SPECIAL.search(text) else text


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

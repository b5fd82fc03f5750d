"""SVG as elements: read by a parser, written as it was read, or cut out of a document untouched.

Names keep their prefixes (`xlink:href`), so that what is cut out or written can stand in any
document that declares these.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final
from xml.etree import ElementTree as ET
from xml.parsers import expat

from drumscribe.errors import EngravingFailed

LINK: Final = "xlink:href"
# Of a document of which the beginning does: so much is read at once.
PIECE_BYTES: Final = 4096
# A quotation mark can then end nothing but the value of an attribute.
_IN_TEXT: Final = str.maketrans(
    {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\r": "&#13;"}
)
_IN_TAGS: Final = _IN_TEXT | str.maketrans({"\n": "&#10;", "\t": "&#9;"})


def read_svg(document: str) -> ET.Element:
    """The root of a document or of a part of one. Raises EngravingFailed where it is no XML."""
    builder = ET.TreeBuilder()
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.data
    _parse(parser, document.encode())
    return builder.close()


def write_svg(element: ET.Element) -> str:
    """An element and what is in it, without what follows it."""
    parts: list[str] = []
    _write(element, parts)
    return "".join(parts)


def start_tag(name: str, attributes: Mapping[str, str]) -> str:
    """The tag that begins an element."""
    written = "".join(f' {key}="{value.translate(_IN_TAGS)}"' for key, value in attributes.items())
    return f"<{name}{written}>"


def _write(element: ET.Element, parts: list[str]) -> None:
    tag = start_tag(element.tag, element.attrib)
    if not (element.text or len(element)):
        parts.append(f"{tag[:-1]}/>")
        return
    parts.append(tag)
    parts.append((element.text or "").translate(_IN_TEXT))
    for child in element:
        _write(child, parts)
        parts.append((child.tail or "").translate(_IN_TEXT))
    parts.append(f"</{element.tag}>")


@dataclass(slots=True)
class Cutting:
    """An element as its bytes stand in a document.

    begin, inside, end: where its start tag, its content and its end tag begin. links: what the
    elements inside refer to, in order.
    """

    attributes: Mapping[str, str]
    begin: int
    inside: int = -1
    end: int = -1
    links: list[str] = field(default_factory=list)

    def content(self, document: bytes) -> str:
        """What is in it."""
        return document[self.inside : self.end].decode()

    def whole(self, document: bytes) -> str:
        """All of it. It has to have content, and so an end tag."""
        return document[self.begin : document.index(b">", self.end) + 1].decode()


def cut_out(document: bytes, is_wanted: Callable[[str, Mapping[str, str]], bool]) -> list[Cutting]:
    """The outermost elements that are wanted by name and attributes, in order.

    A page of four minutes has fifteen thousand elements. To cut strips out of it takes a fifth of
    the time in which a tree of it would be made and written again.
    document: UTF-8. Raises EngravingFailed where it is no XML.
    """
    parser = expat.ParserCreate()
    found: list[Cutting] = []
    current: Cutting | None = None
    depth = 0  # inside the current one

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal current, depth
        if current is None:
            if is_wanted(name, attributes):
                current = Cutting(attributes, parser.CurrentByteIndex)
                found.append(current)
            return
        if current.inside < 0:
            current.inside = parser.CurrentByteIndex
        depth += 1
        if LINK in attributes:
            current.links.append(attributes[LINK])

    def text(_text: str) -> None:
        if current is not None and current.inside < 0:
            current.inside = parser.CurrentByteIndex

    def end(_name: str) -> None:
        nonlocal current, depth
        if current is None:
            return
        if depth:
            depth -= 1
            return
        current.end = parser.CurrentByteIndex
        if current.inside < 0:
            current.inside = current.end
        current = None

    parser.StartElementHandler = start
    parser.CharacterDataHandler = text
    parser.EndElementHandler = end
    _parse(parser, document)
    return found


def root_of(document: bytes) -> Cutting:
    """The root, as far as it can be seen without reading what is in it: its end stays unknown.

    document: UTF-8. Raises EngravingFailed where it is no XML.
    """
    parser = expat.ParserCreate()
    root: Cutting | None = None

    def start(_name: str, attributes: dict[str, str]) -> None:
        nonlocal root
        if root is not None:
            stop()
        root = Cutting(attributes, parser.CurrentByteIndex)

    def stop(_what: str = "") -> None:
        assert root is not None
        root.inside = parser.CurrentByteIndex
        raise _Enough

    parser.StartElementHandler = start
    parser.CharacterDataHandler = stop
    parser.EndElementHandler = stop
    with suppress(_Enough):
        for begin in range(0, len(document), PIECE_BYTES):
            _parse(parser, document[begin : begin + PIECE_BYTES], is_all=False)
    if root is None or root.inside < 0:
        raise EngravingFailed("The drawing is no SVG: it ends in its first tag.")
    return root


class _Enough(Exception):
    """Stops a parser."""


def _parse(parser: expat.XMLParserType, document: bytes, *, is_all: bool = True) -> None:
    try:
        parser.Parse(document, is_all)
    except expat.ExpatError as error:
        raise EngravingFailed(f"The drawing is no SVG: {error}.") from None

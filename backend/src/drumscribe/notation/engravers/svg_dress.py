"""What Verovio drew made fit to stand in a web page: strips of music for pages of our own.

A drawing that is put into another document must bring nothing that clashes or that a strict policy
forbids: ids that occur once, no style sheet, no font, and the colour of the text around it.
"""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final
from xml.etree import ElementTree as ET

from drumscribe.errors import EngravingFailed
from drumscribe.notation.engravers.strips import GLYPH_ENDING, TITLE, Strip
from drumscribe.notation.engravers.svg_tree import LINK, read_svg, write_svg

# Values of attributes.
_VIEW_BOX = re.compile(r"0 0 [0-9.]+ ([0-9.]+)")
_MARGIN = re.compile(r"translate\([0-9.]+, ([0-9.]+)\)")
_HEAD_PLACE = re.compile(r"translate\(([0-9.-]+), ([0-9.-]+)\) scale\(([0-9.]+), [0-9.]+\)")
_MUSIC_FONT = "Leipzig"
EM: Final = 1000.0  # units of the music font and of the text metrics
# Of a letter that the metrics do not have, in the same units.
USUAL_ADVANCE: Final = 500.0
GAP_AFTER_WORDS: Final = 0.25  # em

# What Verovio's style sheet says, as attributes: class -> attribute and value.
_CLASS_ATTRIBUTES: Final[Mapping[str, tuple[str, str]]] = {
    "ending": ("font-weight", "bold"),
    "fing": ("font-weight", "bold"),
    "reh": ("font-weight", "bold"),
    "tempo": ("font-weight", "bold"),
    "dir": ("font-style", "italic"),
    "dynam": ("font-style", "italic"),
    "mNum": ("font-style", "italic"),
    "placeholder": ("visibility", "hidden"),
}
# Where sections, pages and lines of the document begin and end.
_UNSEEN: Final = ("Milestone", "MilestoneEnd", "placeholder")


def dress(svg: str, drawn_from: str, slashed: Collection[str] = ()) -> Strip:
    """A page of Verovio's as a strip: its music, cut free of the page around it.

    Ids of notes (`hit-N`) and bars (`bar-N`) stay, others go. Colours become those of the page;
    the style sheet becomes attributes; letters of the music font in running text become paths.

    drawn_from: see Strip. slashed: ids of notes whose heads get a slash, which Verovio does not
    draw. Raises EngravingFailed where the page is not of the form that is known.
    """
    page = _Page.of(read_svg(svg))
    for parent in list(page.music.iter()):
        for child in list(parent):
            if _is_unseen(child):
                parent.remove(child)
            elif child.tag == "text" and any(map(_is_in_music_font, child.iter())):
                at = list(parent).index(child)
                parent[at : at + 1] = _draw_music(child)
    for element in page.music.iter():
        if element.get("id") in slashed:
            _slash(element)
        _dress(element, page.number)
    title = ""
    for parent in page.music.iter():
        for child in list(parent):
            if len(child) and child.get("class", "").startswith(TITLE):
                title = write_svg(child)
                parent.remove(child)
    music = "".join(map(write_svg, page.music))
    return Strip(drawn_from, page.height, music, page.glyphs, title=title)


@dataclass(frozen=True, slots=True)
class _Page:
    """What Verovio puts round its music. number: what its ids end in; height: without margins."""

    number: str
    height: float
    glyphs: Mapping[str, str]
    music: ET.Element

    @classmethod
    def of(cls, root: ET.Element) -> _Page:
        """Raises EngravingFailed where the page is not of the form that is known."""
        defined, drawing, margin = root.find("defs"), root.find("svg"), root.find("svg/g")
        if [child.tag for child in root if child.tag != "style"] != ["desc", "defs", "svg"]:
            raise _unknown()
        if defined is None or drawing is None or margin is None or len(drawing) != 1:
            raise _unknown()
        if drawing.get("class") != "definition-scale" or margin.get("class") != "page-margin":
            raise _unknown()
        box = _VIEW_BOX.fullmatch(drawing.get("viewBox", ""))
        place = _MARGIN.fullmatch(margin.get("transform", ""))
        if box is None or place is None:
            raise _unknown()
        number = root.get("id", "")
        glyphs = {
            _glyph_name(glyph.get("id", ""), number): "".join(map(write_svg, glyph))
            for glyph in defined
        }
        return cls(number, float(box[1]) - 2 * float(place[1]), glyphs, margin)


def _unknown() -> EngravingFailed:
    return EngravingFailed("Verovio's SVG is not of the form that is known.")


def _glyph_name(glyph_id: str, page: str) -> str:
    """E0A4 of "E0A4-x1y2z3", as it is called on the page of that id."""
    name, dash, rest = glyph_id.partition("-")
    if not dash or rest != page:
        raise _unknown()
    return name


def _is_unseen(element: ET.Element) -> bool:
    if element.tag != "g" or [child.tag for child in element.iter()] not in _NOTHING_IN_IT:
        return False
    return any(word.endswith(_UNSEEN) for word in element.get("class", "").split())


_NOTHING_IN_IT: Final = (["g"], ["g", "ellipse"])


def _dress(element: ET.Element, page: str) -> None:
    if not element.get("id", "").startswith(("hit-", "bar-")):
        element.attrib.pop("id", None)
    link = element.get(LINK)
    if link is not None:
        element.set(LINK, f"#{_glyph_name(link.removeprefix('#'), page)}{GLYPH_ENDING}")
    for word in element.get("class", "").split():
        if word in _CLASS_ATTRIBUTES:
            element.set(*_CLASS_ATTRIBUTES[word])
    if element.tag == "text":
        # Lines are stroked, letters are not.
        element.set("stroke", "none")


def _slash(note: ET.Element) -> None:
    """Draw a line through the head of a note."""
    head = note.find("g")
    glyph_used = None if head is None else head.find("use")
    if head is None or glyph_used is None:
        raise _unknown()
    place = _HEAD_PLACE.fullmatch(glyph_used.get("transform", ""))
    if head.get("class") != "notehead" or place is None:
        raise _unknown()
    x, y, em = float(place[1]), float(place[2]), float(place[3]) * EM
    left, right = x - 0.12 * em, x + 0.44 * em
    low, high = y + 0.2 * em, y - 0.2 * em
    line = f"M{left:.0f} {low:.0f} L{right:.0f} {high:.0f}"
    slash = ET.Element("path", {"d": line, "stroke-width": f"{em / 24:.0f}"})
    head.insert(list(head).index(glyph_used) + 1, slash)


def _is_in_music_font(element: ET.Element) -> bool:
    return element.get("font-family") == _MUSIC_FONT


def _draw_music(text: ET.Element) -> list[ET.Element]:
    """A text with letters of the music font: these drawn, and what follows them moved.

    Such letters stand in tempo marks only: texts that begin at an x and run on one line.
    """
    x, y = float(text.get("x", "0")), text.get("y", "0")
    drawn: list[ET.Element] = []
    words: list[ET.Element] = []
    for leaf in _leaves(text):
        letters = leaf.text or ""
        size = float(leaf.get("font-size", "0px").removesuffix("px"))
        scale = size / EM
        if not _is_in_music_font(leaf):
            width = sum(map(_text_advance, letters)) * scale
            # Whatever font there is takes the room that is left for the words.
            word = ET.Element("text", x=f"{x:g}", y=y, textLength=f"{width:g}")
            word.set("lengthAdjust", "spacingAndGlyphs")
            word.set("font-size", f"{size:g}px")
            word.text = letters
            words.append(word)
            x += width
            continue
        x += GAP_AFTER_WORDS * size if words else 0.0
        for letter in letters:
            place = f"translate({x:g}, {y}) scale({scale:g}, {scale:g})"
            group = ET.Element("g", transform=place)
            path = _glyph(letter)
            if path is not None:
                group.append(path)
            drawn.append(group)
            x += _music_advance(letter) * scale
    return drawn + words


def _leaves(text: ET.Element) -> Iterator[ET.Element]:
    """The spans of a text that have letters."""
    return (e for e in text.iter("tspan") if not len(e) and (e.text or "").strip())


@cache
def _data_folder() -> Path:
    spec = importlib.util.find_spec("verovio")
    if spec is None or spec.origin is None:
        raise EngravingFailed("Verovio is not installed.")
    return Path(spec.origin).parent / "data"


def glyph(letter: str) -> str:
    """The <path> of a glyph of the music font (1/1000 em); nothing where there is no such glyph."""
    path = _glyph(letter)
    return "" if path is None else write_svg(path)


@cache
def _glyph(letter: str) -> ET.Element | None:
    file = _data_folder() / _MUSIC_FONT / f"{ord(letter):04X}.xml"
    if not file.is_file():
        return None
    return next(read_svg(file.read_text(encoding="utf-8")).iter("path"), None)


def text_width(text: str) -> float:
    """How wide plain words are, in em (those of the bold letters, which are a little wider)."""
    return sum(map(_text_advance, text)) / EM


def _music_advance(letter: str) -> float:
    return _advances(f"{_MUSIC_FONT}.xml").get(letter, USUAL_ADVANCE / 2)


def _text_advance(letter: str) -> float:
    # Such texts are bold.
    return _advances("text/Times-bold.xml").get(letter.replace("\xa0", " "), USUAL_ADVANCE)


@cache
def _advances(table: str) -> dict[str, float]:
    """How far each letter of one of Verovio's tables of metrics moves on, in 1/1000 em."""
    root = read_svg((_data_folder() / table).read_text(encoding="utf-8"))
    scale = EM / float(root.get("units-per-em", EM))
    return {
        chr(int(letter.get("c", ""), 16)): float(letter.get("h-a-x", "0")) * scale
        for letter in root.iter("g")
        if "h-a-x" in letter.attrib
    }

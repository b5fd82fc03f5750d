"""What Verovio drew made fit to stand in a web page: strips of music for pages of our own.

A drawing that is put into another document must bring nothing that clashes or that a strict policy
forbids: ids that occur once, no style sheet, no font, and the colour of the text around it.
"""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Collection
from functools import cache
from html import unescape
from pathlib import Path
from typing import Final

from drumscribe.errors import EngravingFailed
from drumscribe.notation.engravers.strips import GLYPH_ENDING, Strip

_PAGE = re.compile(
    r'<svg viewBox="0 0 [0-9.]+ [0-9.]+"[^>]*\bid="(?P<id>[^"]+)"[^>]*><desc>.*?</desc>'
    r"<defs>(?P<defs>.*?)</defs>(?:<style\b.*?</style>)?"
    r'<svg class="definition-scale"[^>]*\bviewBox="0 0 [0-9.]+ (?P<height>[0-9.]+)">'
    r'<g class="page-margin" transform="translate\([0-9.]+, (?P<top>[0-9.]+)\)">'
    r"(?P<music>.*)</g></svg></svg>",
    re.DOTALL,
)
_GLYPH = re.compile(r'<g id="([0-9A-F]+)-[^"]*">(.*?)</g>')
# Where sections, pages and lines of the document begin and end.
_UNSEEN = re.compile(
    r'<g id="[^"]*" class="[^"]*(?:Milestone|MilestoneEnd|placeholder)\b[^"]*"'
    r"(?:/>|>(?:<ellipse [^>]*/>)?</g>)"
)
_NO_ID = re.compile(r' id="(?!hit-|bar-)[^"]*"')
_TITLE = re.compile(r'<g class="pgHead[^"]*">.*?</text></g>')
_ORIGIN = re.compile(r'<text x="([0-9.]+)" y="([0-9.]+)"')
_LEAF = re.compile(r"<tspan\b([^>]*)>([^<>]*[^<>\s][^<>]*)</tspan>")
_FONT_SIZE = re.compile(r'\bfont-size="([0-9.]+)px"')
_HEAD = re.compile(
    r'<g id="(?P<id>[^"]+)" class="note"><g class="notehead"><use [^>]*'
    r'translate\((?P<x>[0-9.-]+), (?P<y>[0-9.-]+)\) scale\((?P<scale>[0-9.]+), [0-9.]+\)" ?/>'
)
_PATH = re.compile(r"<path\b[^>]*/>")
_UNITS = re.compile(r'\bunits-per-em="([0-9.]+)"')
_METRIC = re.compile(r'<g c="([0-9A-F]+)"[^>]*\bh-a-x="([0-9.]+)"')
_TEXT = re.compile(r"<text\b[^>]*(?<!/)>(?:(?!</text>).)*</text>", re.DOTALL)
_MUSIC_FONT = "Leipzig"
EM: Final = 1000.0  # units of the music font and of the text metrics
# Of a letter that the metrics do not have, in the same units.
USUAL_ADVANCE: Final = 500.0
GAP_AFTER_WORDS: Final = 0.25  # em

# What Verovio's style sheet says, as attributes: class -> attribute.
_CLASS_ATTRIBUTES = {
    "ending": 'font-weight="bold"',
    "fing": 'font-weight="bold"',
    "reh": 'font-weight="bold"',
    "tempo": 'font-weight="bold"',
    "dir": 'font-style="italic"',
    "dynam": 'font-style="italic"',
    "mNum": 'font-style="italic"',
    "placeholder": 'visibility="hidden"',
}
_CLASSES = re.compile(rf'class="(?:[a-zA-Z ]+ )?({"|".join(_CLASS_ATTRIBUTES)})(?: [^"]*)?"')


def dress(svg: str, drawn_from: str, slashed: Collection[str] = ()) -> Strip:
    """A page of Verovio's as a strip: its music, cut free of the page around it.

    Ids of notes (`hit-N`) and bars (`bar-N`) stay, others go. Colours become those of the page;
    the style sheet becomes attributes; letters of the music font in running text become paths.

    drawn_from: see Strip. slashed: ids of notes whose heads get a slash, which Verovio does not
    draw. Raises EngravingFailed where the page is not of the form that is known.
    """
    found = _PAGE.fullmatch(svg.strip())
    if found is None:
        raise EngravingFailed("Verovio's SVG is not of the form that is known.")
    glyphs = dict(_GLYPH.findall(found["defs"]))
    height = float(found["height"]) - 2 * float(found["top"])
    music = found["music"].replace(f'-{found["id"]}"', f'{GLYPH_ENDING}"')
    music = _NO_ID.sub("", _UNSEEN.sub("", music))
    music = _CLASSES.sub(lambda found: f"{found[0]} {_CLASS_ATTRIBUTES[found[1]]}", music)
    if slashed:
        music = _HEAD.sub(lambda found: _with_slash(found, slashed), music)
    music = _TEXT.sub(lambda found: _draw_music(found[0]), music)
    # Lines are stroked, letters are not.
    music = music.replace("<text ", '<text stroke="none" ')
    title = _TITLE.search(music)
    if title is None:
        return Strip(drawn_from, height, music, glyphs)
    return Strip(drawn_from, height, music.replace(title[0], "", 1), glyphs, title=title[0])


def _with_slash(head: re.Match[str], slashed: Collection[str]) -> str:
    if head["id"] not in slashed:
        return head[0]
    x, y, em = float(head["x"]), float(head["y"]), float(head["scale"]) * EM
    left, right = x - 0.12 * em, x + 0.44 * em
    low, high = y + 0.2 * em, y - 0.2 * em
    line = f'<path d="M{left:.0f} {low:.0f} L{right:.0f} {high:.0f}" stroke-width="{em / 24:.0f}"/>'
    return head[0] + line


def _draw_music(text: str) -> str:
    """A text element; letters of the music font in it are drawn, and what follows them moved.

    Such letters stand in tempo marks only: texts that begin at an x and run on one line.
    """
    if _MUSIC_FONT not in text:
        return text
    begin = _ORIGIN.search(text)
    x, y = (float(begin[1]), begin[2]) if begin else (0.0, "0")
    drawn: list[str] = []
    words: list[str] = []
    for attributes, letters in _LEAF.findall(text):
        found = _FONT_SIZE.search(attributes)
        size = float(found[1]) if found else 0.0
        scale = size / EM
        if _MUSIC_FONT not in attributes:
            width = sum(map(_text_advance, unescape(letters))) * scale
            # Whatever font there is takes the room that is left for the words.
            place = f'x="{x:g}" y="{y}" textLength="{width:g}" lengthAdjust="spacingAndGlyphs"'
            words.append(f'<text {place} font-size="{size:g}px">{letters}</text>')
            x += width
            continue
        x += GAP_AFTER_WORDS * size if words else 0.0
        for letter in letters:
            place = f"translate({x:g}, {y}) scale({scale:g}, {scale:g})"
            drawn.append(f'<g transform="{place}">{glyph(letter)}</g>')
            x += _music_advance(letter) * scale
    return "".join(drawn + words)


@cache
def _data_folder() -> Path:
    spec = importlib.util.find_spec("verovio")
    if spec is None or spec.origin is None:
        raise EngravingFailed("Verovio is not installed.")
    return Path(spec.origin).parent / "data"


@cache
def glyph(letter: str) -> str:
    """The <path> of a glyph of the music font (1/1000 em); nothing where there is no such glyph."""
    file = _data_folder() / _MUSIC_FONT / f"{ord(letter):04X}.xml"
    path = _PATH.search(file.read_text(encoding="utf-8")) if file.is_file() else None
    return path[0] if path else ""


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
    text = (_data_folder() / table).read_text(encoding="utf-8")
    units = _UNITS.search(text)
    scale = EM / float(units[1]) if units else 1.0
    return {chr(int(code, 16)): float(advance) * scale for code, advance in _METRIC.findall(text)}

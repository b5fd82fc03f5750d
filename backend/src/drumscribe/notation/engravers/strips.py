"""Strips of music: what is drawn at once, placed on pages one below the other, and found again."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from drumscribe.errors import EngravingFailed
from drumscribe.notation.engravers.svg_tree import Cutting, cut_out

# How the ids of a page's glyphs end in a strip; on a page its number stands there.
GLYPH_ENDING: Final = "-page-0"
# The classes of what a page is made of.
STRIP: Final = "strip"
TITLE: Final = "pgHead"
_GLYPH_ON_PAGE: Final = re.compile(r"[0-9A-F]+-page-[0-9]+")


@dataclass(frozen=True, slots=True)
class Strip:
    """Lines of music as they were drawn, for any place on any page.

    drawn_from: the same for strips of the same document, drawn in the same way.
    height: in units of the drawing. music: SVG, its upper edge at 0; ids of glyphs end in
    GLYPH_ENDING. glyphs: name -> path of those that it uses. title: SVG of what stands above the
    music, which leaves room for it.
    """

    drawn_from: str
    height: float
    music: str
    glyphs: Mapping[str, str] = field(default_factory=dict)
    title: str = ""

    def placed(self, top: float, page: int) -> str:
        """The SVG of the music that far down a page of that number."""
        music = self.music.replace(f'{GLYPH_ENDING}"', f'-page-{page}"')
        return (
            f'<g class="strip" data-drawn-from="{self.drawn_from}" data-height="{self.height:g}" '
            f'transform="translate(0, {top:g})">{music}</g>'
        )


def strips_on(drawing: str) -> dict[str, list[Strip]]:
    """The strips of a drawing that was made of them, by what they were drawn from.

    drawing: SVG of a page, or of all pages in one document; one of another kind has none.
    """
    document = drawing.encode()
    try:
        parts = cut_out(document, _is_part)
    except EngravingFailed:
        return {}
    paths: dict[str, str] = {}
    title = ""
    strips: dict[str, list[Strip]] = {}
    for part in parts:
        kind = part.attributes.get("class", "")
        if kind.startswith(TITLE):
            title = part.whole(document)
        elif kind == STRIP:
            strip = _strip(part, document, paths, "" if strips else title)
            strips.setdefault(strip.drawn_from, []).append(strip)
        else:
            name, _, _ = part.attributes["id"].partition("-")
            paths[name] = part.content(document)
    return strips


def _is_part(name: str, attributes: Mapping[str, str]) -> bool:
    if name != "g":
        return False
    kind = attributes.get("class")
    if kind is None:
        return _GLYPH_ON_PAGE.fullmatch(attributes.get("id", "")) is not None
    return kind == STRIP or kind.startswith(TITLE)


def _strip(part: Cutting, document: bytes, paths: Mapping[str, str], title: str) -> Strip:
    used = [link.removeprefix("#").partition("-") for link in part.links]
    music = part.content(document)
    if used:
        _, _, ending = used[0]
        # With the quotation mark, which ends nothing but the value of an attribute.
        music = music.replace(f'-{ending}"', f'{GLYPH_ENDING}"')
    return Strip(
        part.attributes["data-drawn-from"],
        float(part.attributes["data-height"]),
        music,
        {name: paths[name] for name, _, _ in dict.fromkeys(used)},
        title=title,
    )

"""Strips of music: what is drawn at once, placed on pages one below the other, and found again."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

# How the ids of a page's glyphs end in a strip; on a page its number stands there.
GLYPH_ENDING: Final = "-page-0"

_STRIP = re.compile(
    r'<g class="strip" data-drawn-from="(?P<from>[0-9a-f]+)" data-height="(?P<height>[0-9.]+)" '
    r'transform="[^"]*">(?P<music>.*?)</g>(?=<g class="strip"|</g></svg></svg>)',
    re.DOTALL,
)
_PAGE_ENDING = re.compile(r'-page-[0-9]+"')
_GLYPH_USED = re.compile(rf'href="#([0-9A-F]+){GLYPH_ENDING}"')
_GLYPH = re.compile(r'<g id="([0-9A-F]+)-page-[0-9]+">(.*?)</g>')
_TITLE = re.compile(r'<g class="pgHead.*?</text></g>', re.DOTALL)


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

    drawing: SVG of a page, or of all pages; one of another kind has none.
    """
    paths = dict(_GLYPH.findall(drawing))
    title = _TITLE.search(drawing)
    strips: dict[str, list[Strip]] = {}
    for found in _STRIP.finditer(drawing):
        music = _PAGE_ENDING.sub(f'{GLYPH_ENDING}"', found["music"])
        glyphs = {name: paths[name] for name in dict.fromkeys(_GLYPH_USED.findall(music))}
        is_first = not strips
        strip = Strip(
            found["from"],
            float(found["height"]),
            music,
            glyphs,
            title=title[0] if title and is_first else "",
        )
        strips.setdefault(strip.drawn_from, []).append(strip)
    return strips

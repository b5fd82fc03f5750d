"""Strips of music become pages: a title, the drum key, strips below each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from drumscribe.notation.engravers.strips import Strip
from drumscribe.notation.engravers.svg_key import draw_key
from drumscribe.notation.engravers.svg_tree import read_svg
from drumscribe.notation.styles.drum_maps import Sound
from drumscribe.notation.styles.drum_styles import DrumStyle

# In units of the drawing, of which a staff space has 180.
# Between two strips: as far as Verovio sets the lines of one document apart on the average.
GAP: Final = 360.0
# Between the title and the key.
TITLE_GAP: Final = 250.0


@dataclass(frozen=True, slots=True)
class Frame:
    """A page around its music. width: in pixels; the rest in units of the drawing."""

    width: int
    units: int
    height: int
    left: int
    top: int

    @classmethod
    def of(cls, options: Mapping[str, Any]) -> Frame:
        """The frame that Verovio makes of its options."""
        scale = options["scale"]
        return cls(
            width=options["pageWidth"],
            units=int(options["pageWidth"] * 100 / scale) * 10,
            height=int(options["pageHeight"] * 100 / scale) * 10,
            left=10 * options["pageMarginLeft"],
            top=10 * options["pageMarginTop"],
        )

    @property
    def room(self) -> tuple[int, int]:
        """Width and height of what stands on it."""
        return self.units - 2 * self.left, self.height - 2 * self.top


def lay_pages(
    strips: Sequence[Strip], frame: Frame, sounds: Sequence[Sound], style: DrumStyle
) -> list[str]:
    """The pages as SVG: as many strips on each as fit, one at least.

    The first bears title and key. Every page is as high as what stands on it, and has the id
    page-<number>, the class page and data-page on its root.
    sounds: of the key; none, and there is none.
    """
    width, room = frame.room
    key, top = draw_key(sounds, style, width) if sounds else ("", 0.0)
    # Paper is not cut here: what the key takes makes the first page higher.
    bottom = top + room
    pages: list[list[tuple[Strip, float]]] = [[]]
    for strip in strips:
        if pages[-1] and top + strip.height > bottom:
            pages.append([])
            top, bottom = 0.0, room
        pages[-1].append((strip, top))
        top += strip.height + GAP
    heads = [_head(strips[0].title, key), *("" for _ in pages[1:])]
    return [
        _page(number, placed, head, frame)
        for number, (placed, head) in enumerate(zip(pages, heads, strict=True), start=1)
    ]


def _head(title: str, key: str) -> str:
    """Title and key, the key below the last line of the title."""
    if not key:
        return title
    parts = read_svg(title).iter() if title else ()
    lines = [float(part.attrib["y"]) for part in parts if "y" in part.attrib]
    top = max(lines) + TITLE_GAP if lines else 0.0
    return f'{title}<g class="key" transform="translate(0, {top:g})">{key}</g>'


def _page(number: int, placed: Sequence[tuple[Strip, float]], head: str, frame: Frame) -> str:
    last, top = placed[-1]
    height = round(top + last.height) + 2 * frame.top
    glyphs = {name: path for strip, _ in placed for name, path in strip.glyphs.items()}
    defined = "".join(
        f'<g id="{name}-page-{number}">{path}</g>' for name, path in sorted(glyphs.items())
    )
    music = "".join(strip.placed(top, number) for strip, top in placed)
    return (
        f'<svg viewBox="0 0 {frame.width} {round(height * frame.width / frame.units)}" '
        'version="1.1" xmlns="http://www.w3.org/2000/svg" '
        'xmlns:xlink="http://www.w3.org/1999/xlink" overflow="visible" '
        f'id="page-{number}" class="page" data-page="{number}">'
        f"<desc>Engraved by Verovio</desc><defs>{defined}</defs>"
        '<svg class="definition-scale" fill="currentColor" stroke="currentColor" '
        f'font-family="Times, serif" viewBox="0 0 {frame.units} {height}">'
        f'<g class="page-margin" transform="translate({frame.left}, {frame.top})">'
        f"{head}{music}</g></svg></svg>"
    )

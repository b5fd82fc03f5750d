"""The drum key of a page: what each head means, on a small staff above the music."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Final

from drumscribe.notation.engravers.svg_dress import glyph, text_width
from drumscribe.notation.styles.drum_maps import Sound
from drumscribe.notation.styles.drum_styles import DrumStyle, Head, Mark

# In staff spaces of the key.
SPACE: Final = 126.0  # units of Verovio's drawing: seven tenths of the music's
# A staff of four spaces is 1000 units of the music font.
GLYPH_SCALE: Final = 4 * SPACE / 1000
# Width of the clef.
CLEF: Final = 5.0
# Between the columns.
GAP: Final = 2.4
_ABOVE, _BELOW = 5.0, 4.2
LETTERS: Final = 1.5  # height of the labels

# SMuFL names its glyphs so.
_GLYPHS = {
    Head.NORMAL: "\ue0a4",
    Head.X: "\ue0a9",
    Head.CIRCLE_X: "\ue0b3",
    Head.DIAMOND: "\ue0db",
    Head.SLASHED: "\ue0a4",
    Head.SLASH: "\ue101",
}
_MARKS = {Mark.OPEN: "\ue5e7", Mark.HALF_OPEN: "\ue5e6", Mark.CLOSED: "\ue5e5"}
_PERCUSSION_CLEF = "\ue069"


def draw_key(sounds: Sequence[Sound], style: DrumStyle, room: float) -> tuple[str, float]:
    """(the key, its height) in lines as wide as the room, in units of the drawing."""
    lines: list[list[tuple[Sound, float]]] = [[]]
    width = CLEF * SPACE
    for sound in sounds:
        wide = text_width(style.drawings[sound].name) * LETTERS * SPACE + GAP * SPACE
        if lines[-1] and width + wide > room:
            lines.append([])
            width = CLEF * SPACE
        lines[-1].append((sound, wide))
        width += wide
    line_height = (_ABOVE + 4 + _BELOW) * SPACE
    drawn = "".join(
        f'<g transform="translate(0, {(k * line_height + _ABOVE * SPACE):g})">'
        f"{_draw_line(line, style)}</g>"
        for k, line in enumerate(lines)
    )
    return drawn, line_height * len(lines)


def _draw_line(line: Sequence[tuple[Sound, float]], style: DrumStyle) -> str:
    """A staff whose top line is at 0, its heads and labels."""
    width = CLEF * SPACE + sum(wide for _, wide in line)
    parts = [_line(0, k * SPACE, width, k * SPACE, 11) for k in range(5)]
    parts.append(_place(_PERCUSSION_CLEF, 0.7 * SPACE, 2 * SPACE))
    x = CLEF * SPACE
    for sound, wide in line:
        drawing = style.drawings[sound]
        middle = x + (wide - GAP * SPACE) / 2
        y = (4 - drawing.staff_position) / 2 * SPACE
        left = middle - 0.6 * SPACE
        parts.append(_place(_GLYPHS[drawing.head], left, y))
        if drawing.head is Head.SLASHED:
            parts.append(_line(left - 60, y + 90, left + 210, y - 90, 20))
        for ledger in range(6, drawing.staff_position + 1, 2):
            height = (4 - ledger) / 2 * SPACE
            parts.append(_line(left - 45, height, left + 200, height, 14))
        if drawing.mark in _MARKS:
            parts.append(_place(_MARKS[drawing.mark], middle - 0.45 * SPACE, -1.9 * SPACE))
        parts.append(
            f'<text stroke="none" x="{middle:g}" y="{(4 + 3.2) * SPACE:g}" text-anchor="middle" '
            f'font-size="{LETTERS * SPACE:g}px">{escape(drawing.name)}</text>'
        )
        x += wide
    return "".join(parts)


def _place(letter: str, x: float, y: float) -> str:
    scale = f"scale({GLYPH_SCALE:g}, {GLYPH_SCALE:g})"
    return f'<g stroke="none" transform="translate({x:g}, {y:g}) {scale}">{glyph(letter)}</g>'


def _line(x: float, y: float, to_x: float, to_y: float, width: int) -> str:
    return f'<path d="M{x:g} {y:g} L{to_x:g} {to_y:g}" stroke-width="{width}"/>'

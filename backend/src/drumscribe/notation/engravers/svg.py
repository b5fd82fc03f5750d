"""Pages as SVG, drawn by Verovio in a child process."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection
from functools import cache
from importlib import metadata

from drumscribe.domain.score import Score
from drumscribe.errors import EngravingFailed
from drumscribe.notation.drawn_bars import note_id
from drumscribe.notation.engravers.strips import Strip, strips_on
from drumscribe.notation.engravers.svg_dress import dress
from drumscribe.notation.engravers.svg_pages import Frame, lay_pages
from drumscribe.notation.engravers.verovio import (
    ENDS,
    GOES_ON,
    PHONE,
    WIDE,
    Drawing,
    draw_pages,
    verovio_is_installed,
)
from drumscribe.notation.layout import A4, NARROW
from drumscribe.notation.structure import without_similes
from drumscribe.notation.styles.drum_styles import DrumStyle, Head, find_style
from drumscribe.notation.styles.sounds import sounds_of
from drumscribe.notation.writers.musicxml import Stretch, write_stretches


def render_svg(
    score: Score,
    *,
    style: str | DrumStyle = "weinberg",
    is_narrow: bool = False,
    before: str = "",
    timeout_seconds: float = 60.0,
) -> list[str]:
    """The pages of a score as SVG.

    is_narrow: for a phone: two bars a line or one, little margin, no title.
    before: an earlier drawing of the piece, of all its pages. What of it still holds is taken over
        and not drawn again; the pages are the same with it and without.

    The first page says what each head means. Every bar is written out, but in a chart. Notes and
    bars carry the ids of the MusicXML (`hit-N`, `bar-N`), so that a page can follow the recording.
    The pages bring no style sheet and no font, and take the colour of what is around them.
    Raises EngravingFailed with a short reason, also where Verovio is not installed.
    """
    if not verovio_is_installed():
        raise EngravingFailed(
            "SVG pages need Verovio, which is not installed: pip install 'drumscribe[verovio]'."
        )
    table = find_style(style)
    # Verovio gives bars under repeat signs no width.
    stretches = write_stretches(
        without_similes(score), style=table, paper=NARROW if is_narrow else A4
    )
    slashed = [_slashed_heads(score, stretch, table) for stretch in stretches]
    options = PHONE if is_narrow else WIDE
    drawings = [
        Drawing(stretch.musicxml, options | (ENDS if stretch is stretches[-1] else GOES_ON))
        for stretch in stretches
    ]
    names = [_name(drawing, heads) for drawing, heads in zip(drawings, slashed, strict=True)]
    strips = strips_on(before)
    missing = [k for k, name in enumerate(names) if name not in strips]
    drawn = draw_pages([drawings[k] for k in missing], timeout_seconds=timeout_seconds)
    for k, pages in zip(missing, drawn, strict=True):
        strips[names[k]] = [dress(page, names[k], slashed[k]) for page in pages]
    in_order: list[Strip] = [strip for name in names for strip in strips[name]]
    return lay_pages(in_order, Frame.of(options), sounds_of(score, table), table)


def _name(drawing: Drawing, slashed: Collection[str]) -> str:
    """The same for what is drawn the same."""
    how = json.dumps([*_versions(), drawing.options, sorted(slashed)])
    digest = hashlib.sha256(how.encode())
    digest.update(drawing.musicxml)
    return digest.hexdigest()[:32]


@cache
def _versions() -> tuple[str, str]:
    """Versions of what draws: of Verovio, and of what dresses its drawings."""
    return metadata.version("verovio"), metadata.version("drumscribe")


def _slashed_heads(score: Score, stretch: Stretch, style: DrumStyle) -> set[str]:
    """The ids of the notes whose heads have a slash, which Verovio leaves out."""
    return {
        note_id(note.hit)
        for index in stretch.measures
        for voice in score.measures[index].voices
        for event in voice.events
        for note in (*event.notes, *event.graces)
        if note.hit is not None and style.drawing_of(note).head is Head.SLASHED
    }

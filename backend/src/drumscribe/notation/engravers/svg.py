"""Pages as SVG, drawn by Verovio in a child process."""

from __future__ import annotations

import importlib.util
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from drumscribe.domain.score import Score
from drumscribe.errors import EngravingFailed
from drumscribe.notation.drawn_bars import note_id
from drumscribe.notation.engravers.limits import run_confined
from drumscribe.notation.engravers.svg_dress import dress_page
from drumscribe.notation.engravers.svg_key import with_key
from drumscribe.notation.layout import A4, NARROW, Print
from drumscribe.notation.structure import without_similes
from drumscribe.notation.styles.drum_styles import DrumStyle, Head, find_style
from drumscribe.notation.styles.sounds import sounds_of
from drumscribe.notation.writers.musicxml import write_musicxml

_CHILD = Path(__file__).with_name("_verovio_child.py")
# Exit code of the child for a page that Verovio does not take.
NOT_LOADABLE: Final = 3


@dataclass(frozen=True, slots=True, eq=False)
class VerovioPages:
    """svg: one string per page. pdf: all of them, where it was asked for."""

    svg: list[str]
    pdf: bytes | None


def verovio_is_installed(*, with_pdf: bool = False) -> bool:
    """True if pages can be drawn (and, with_pdf, be made a PDF)."""
    needed = ("verovio", "cairosvg") if with_pdf else ("verovio",)
    return all(importlib.util.find_spec(name) is not None for name in needed)


def render_svg(
    score: Score | bytes,
    *,
    style: str | DrumStyle = "weinberg",
    is_narrow: bool = False,
    timeout_seconds: float = 60.0,
) -> list[str]:
    """The pages of a score, or of a MusicXML document, as SVG.

    is_narrow: for a phone: two bars a line or one, little margin, no title.

    The first page says what each head means. Every bar is written out, but in a chart. Notes and
    bars carry the ids of the MusicXML (`hit-N`, `bar-N`), so that a page can follow the recording.
    The pages bring no style sheet and no font, and take the colour of what is around them.
    Raises EngravingFailed with a short reason, also where Verovio is not installed.
    """
    if not verovio_is_installed():
        raise EngravingFailed(
            "SVG pages need Verovio, which is not installed: pip install 'drumscribe[verovio]'."
        )
    # Verovio gives bars under repeat signs no width.
    paper = NARROW if is_narrow else A4
    document = (
        score
        if isinstance(score, bytes)
        else write_musicxml(without_similes(score), style=style, paper=paper)
    )
    drawn = run_verovio(document, is_narrow=is_narrow, timeout_seconds=timeout_seconds)
    pages = drawn.svg
    if isinstance(score, bytes):
        return [dress_page(page, number) for number, page in enumerate(pages, start=1)]
    table = find_style(style)
    slashed = _slashed_heads(score, table)
    dressed = [dress_page(page, number, slashed) for number, page in enumerate(pages, start=1)]
    return [with_key(dressed[0], sounds_of(score, table), table), *dressed[1:]]


def _slashed_heads(score: Score, style: DrumStyle) -> set[str]:
    """The ids of the notes whose heads have a slash, which Verovio leaves out."""
    return {
        note_id(note.hit)
        for measure in score.measures
        for voice in measure.voices
        for event in voice.events
        for note in (*event.notes, *event.graces)
        if note.hit is not None and style.drawing_of(note).head is Head.SLASHED
    }


def run_verovio(
    musicxml: bytes,
    *,
    printed: Print | None = None,
    is_narrow: bool = False,
    timeout_seconds: float,
) -> VerovioPages:
    """Let the child process draw a document. Raises EngravingFailed.

    printed: make a PDF, too, on that paper and with staves of that size.
    """
    with tempfile.TemporaryDirectory(prefix="drumscribe-") as folder_name:
        folder = Path(folder_name)
        source = folder / "score.musicxml"
        source.write_bytes(musicxml)
        command = [sys.executable, "-I", str(_CHILD), str(source), str(folder)]
        if printed:
            width, height = printed.millimetres
            command += ["--pdf", f"{width},{height},{printed.staff_points}"]
        command += ["--narrow"] if is_narrow else []
        finished = run_confined(command, folder, timeout_seconds=timeout_seconds)
        if finished.exit_code == NOT_LOADABLE:
            raise EngravingFailed("Verovio cannot read this MusicXML.")
        pages = sorted(folder.glob("page-*.svg"), key=lambda path: int(path.stem[5:]))
        pdf = folder / "pages.pdf"
        if finished.exit_code != 0 or not pages or (printed and not pdf.exists()):
            raise EngravingFailed(f"Verovio ended with code {finished.exit_code}.")
        svg = [page.read_text(encoding="utf-8") for page in pages]
        return VerovioPages(svg, pdf.read_bytes() if printed else None)

"""Several songs as one PDF: a contents page, bookmarks, and page numbers throughout."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape as escape_xml
from pathlib import Path
from typing import TYPE_CHECKING, Final

from drumscribe.errors import EngravingFailed
from drumscribe.notation.engravers.limits import run_confined
from drumscribe.notation.engravers.pdf import find_lilypond
from drumscribe.notation.writers.lilypond.strings import escape

if TYPE_CHECKING:
    from pypdf import PdfReader, PdfWriter

# Of the page: where numbers stand, and how large.
FOOT_POINTS: Final = 14
NUMBER_POINTS: Final = 9
# As wide as one of Helvetica's digits, of which a number in the middle has half on each side.
DIGIT_POINTS: Final = 0.556 * NUMBER_POINTS
# By CairoSVG, where there is no LilyPond: lines of an A4 page.
LINES_A_PAGE: Final = 34


@dataclass(frozen=True, slots=True)
class Part:
    """One song: its title as it stands in the contents, and its pages."""

    title: str
    pdf: bytes


def bind_booklet(
    name: str,
    parts: Sequence[Part],
    *,
    lilypond_bin: str | None = None,
    timeout_seconds: float = 60.0,
) -> bytes:
    """All parts behind a page of contents that names the page of each.

    Raises EngravingFailed where the contents cannot be drawn, or a part cannot be read.
    """
    from pypdf import PdfReader, PdfWriter
    from pypdf.errors import PyPdfError

    try:
        songs = [PdfReader(io.BytesIO(part.pdf)) for part in parts]
        lengths = [len(song.pages) for song in songs]
    except PyPdfError as error:
        raise EngravingFailed(f"A page of the set list cannot be read: {error}.") from None

    def contents_behind(pages: int) -> PdfReader:
        starts = [pages + 1 + sum(lengths[:index]) for index in range(len(parts))]
        lines = [(part.title, start) for part, start in zip(parts, starts, strict=True)]
        drawn = _contents(name, lines, lilypond_bin, timeout_seconds)
        return PdfReader(io.BytesIO(drawn))

    contents = contents_behind(1)
    if len(contents.pages) > 1:
        contents = contents_behind(len(contents.pages))
    writer = PdfWriter()
    writer.add_metadata({"/Title": name})
    writer.append(contents, import_outline=False)
    for part, song in zip(parts, songs, strict=True):
        start = len(writer.pages)
        writer.append(song, import_outline=False)
        writer.add_outline_item(title=part.title, page_number=start)
    _number_pages(writer, first=len(contents.pages))
    writer.compress_identical_objects()
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


def _number_pages(writer: PdfWriter, *, first: int) -> None:
    """Every page from `first` on says at its foot which page of the whole it is."""
    from pypdf import PageObject
    from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

    font = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject("/Type1"),
            NameObject("/BaseFont"): NameObject("/Helvetica"),
        }
    )
    for index, page in enumerate(writer.pages):
        if index < first:
            continue
        number = str(index + 1)
        width = float(page.mediabox.width)
        x = (width - len(number) * DIGIT_POINTS) / 2
        stamp = PageObject.create_blank_page(width=width, height=float(page.mediabox.height))
        text = DecodedStreamObject()
        text.set_data(
            f"BT /F {NUMBER_POINTS} Tf {x:.2f} {FOOT_POINTS} Td ({number}) Tj ET".encode()
        )
        stamp[NameObject("/Contents")] = text
        stamp[NameObject("/Resources")] = DictionaryObject(
            {NameObject("/Font"): DictionaryObject({NameObject("/F"): font})}
        )
        page.merge_page(stamp)


def _contents(
    name: str, lines: Sequence[tuple[str, int]], lilypond_bin: str | None, timeout_seconds: float
) -> bytes:
    program = find_lilypond(lilypond_bin)
    if program is None:
        return _contents_by_cairo(name, lines)
    with tempfile.TemporaryDirectory(prefix="drumscribe-") as folder_name:
        folder = Path(folder_name)
        (folder / "contents.ly").write_text(_contents_source(name, lines), encoding="utf-8")
        command = [program, "--loglevel=WARNING", "-dno-point-and-click", "-o", "contents"]
        run_confined([*command, "contents.ly"], folder, timeout_seconds=timeout_seconds)
        made = folder / "contents.pdf"
        if not made.is_file():
            raise EngravingFailed("LilyPond made no page of contents.")
        return made.read_bytes()


def _contents_source(name: str, lines: Sequence[tuple[str, int]]) -> str:
    """A LilyPond file of text alone. User text enters only as an escaped string."""
    songs = "\n".join(
        f'\\markup \\fontsize #2 \\fill-with-pattern #1 #RIGHT "." {escape(title)} "{page}"'
        for title, page in lines
    )
    return (
        '\\version "2.24.0"\n'
        '#(set-default-paper-size "a4")\n'
        "\\paper { indent = 0 top-margin = 20 left-margin = 20 right-margin = 20 "
        "bottom-margin = 20 ragged-last-bottom = ##t ragged-bottom = ##t "
        "markup-markup-spacing.basic-distance = #5 markup-markup-spacing.padding = #1.2 "
        "print-page-number = ##f tagline = ##f }\n"
        f"\\markup \\bold \\fontsize #7 {escape(name)}\n"
        "\\markup \\vspace #1\n"
        f"{songs}\n"
    )


def _contents_by_cairo(name: str, lines: Sequence[tuple[str, int]]) -> bytes:
    from pypdf import PdfWriter

    try:
        import cairosvg
    except ImportError:
        raise EngravingFailed("No program that draws a page of contents is installed.") from None
    writer = PdfWriter()
    for start in range(0, len(lines), LINES_A_PAGE):
        rows = "".join(
            f'<text x="60" y="{150 + 19 * row}">{escape_xml(title)}</text>'
            f'<text x="535" y="{150 + 19 * row}" text-anchor="end">{page}</text>'
            for row, (title, page) in enumerate(lines[start : start + LINES_A_PAGE])
        )
        svg = (
            '<svg xmlns="http://www.w3.org/2000/svg" width="595.28pt" height="841.89pt" '
            'viewBox="0 0 595.28 841.89" font-family="serif" font-size="12">'
            f'<text x="60" y="100" font-size="24" font-weight="bold">{escape_xml(name)}</text>'
            f"{rows}</svg>"
        )
        writer.append(io.BytesIO(cairosvg.svg2pdf(bytestring=svg.encode(), dpi=72)))
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()

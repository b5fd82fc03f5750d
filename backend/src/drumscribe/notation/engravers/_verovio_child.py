"""Run as a program in a child process: MusicXML in, SVG pages (and a PDF of them) out.

Verovio crashes the whole process if it is used after a document that it could not load; here
that ends a child only.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any, Final

_OPTIONS: dict[str, Any] = {
    "pageWidth": 2100,
    "pageHeight": 2970,
    "pageMarginTop": 120,
    "pageMarginBottom": 120,
    "pageMarginLeft": 150,
    "pageMarginRight": 150,
    "scale": 85,
    "scaleToPageSize": True,
    "breaks": "line",
    "header": "auto",
    "footer": "none",
    "svgViewBox": True,
    "xmlIdSeed": 1,
    # Drums have no melody for a beam to follow.
    "beamMaxSlope": 0,
    # Letters of the music font in running text are drawn or replaced afterwards.
    "smuflTextFont": "none",
}
# Two bars on 360 points of a phone have the staff that four have on a desk. A page is about as
# high as the screen, so that a browser lays out only what is near.
_NARROW_OPTIONS: dict[str, Any] = {
    "pageWidth": 900,
    "pageHeight": 1900,
    "pageMarginTop": 40,
    "pageMarginBottom": 40,
    "pageMarginLeft": 30,
    "pageMarginRight": 30,
    "header": "none",
}
# Music letters in running text (the tempo mark) that a plain font has under another number.
_PLAIN_LETTERS = {"\ueca5": "\u2669", "\ueca7": "\u266a", "\uecb7": "."}
# Verovio counts in tenths of a millimetre.
POINTS_PER_UNIT: Final = 72 / 254
# Of the scale above, as LilyPond counts them.
STAFF_POINTS: Final = 19


def main(source: str, target_folder: str, *, printed: str | None, is_narrow: bool) -> int:
    """Exit code 0: page-1.svg ... (and pages.pdf) stand in target_folder. 3: not loadable.

    printed: width and height of the paper in millimetres and height of the staves in points, for a
        PDF: "210,297,19".
    """
    import verovio

    target = Path(target_folder)
    toolkit = verovio.toolkit()
    # A page on a screen ends where its music ends; paper has its size.
    options = _OPTIONS | {"adjustPageHeight": printed is None}
    if printed:
        options |= _paper_options(*map(float, printed.split(",")))
    toolkit.setOptions(options | _NARROW_OPTIONS if is_narrow else options)
    if not toolkit.loadData(Path(source).read_text(encoding="utf-8")):
        return 3
    pages = [toolkit.renderToSVG(page) for page in range(1, toolkit.getPageCount() + 1)]
    for number, svg in enumerate(pages, start=1):
        (target / f"page-{number}.svg").write_text(svg, encoding="utf-8")
    if printed:
        width, height = (options[name] * POINTS_PER_UNIT for name in ("pageWidth", "pageHeight"))
        _write_pdf(pages, target / "pages.pdf", width, height)
    return 0


def _paper_options(width: float, height: float, staff_points: float) -> dict[str, int]:
    return {
        "pageWidth": round(10 * width),
        "pageHeight": round(10 * height),
        "scale": round(_OPTIONS["scale"] * staff_points / STAFF_POINTS),
    }


def _write_pdf(pages: list[str], path: Path, width: float, height: float) -> None:
    """width, height: of each page, in points."""
    import cairocffi
    from cairosvg.parser import Tree
    from cairosvg.surface import PDFSurface

    document = cairocffi.PDFSurface(str(path), width, height)

    class Page(PDFSurface):  # type: ignore[misc]
        """Draws into the one document instead of a file of its own."""

        def _create_surface(self, width: float, height: float) -> tuple[object, float, float]:
            return document, width, height

    for svg in pages:
        tree = Tree(bytestring=_fit_page(svg, width, height).encode("utf-8"))
        Page(tree, None, 72)
        document.show_page()
    document.finish()


def _fit_page(svg: str, width: float, height: float) -> str:
    """The outermost SVG element in points of the page."""
    size = f'width="{width}pt" height="{height}pt"'
    head, tag, rest = svg.partition("<svg ")
    attributes, end, body = rest.partition(">")
    for music, plain in _PLAIN_LETTERS.items():
        body = body.replace(music, plain)
    attributes = re.sub(r'\b(width|height)="[^"]*"', "", attributes)
    return f"{head}{tag}{size} {attributes}{end}{body}"


if __name__ == "__main__":
    flags = sys.argv[3:]
    paper = flags[flags.index("--pdf") + 1] if "--pdf" in flags else None
    sys.exit(main(sys.argv[1], sys.argv[2], printed=paper, is_narrow="--narrow" in flags))

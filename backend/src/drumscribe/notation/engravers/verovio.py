"""MusicXML drawn by Verovio, in a child process under limits."""

from __future__ import annotations

import importlib.util
import json
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from drumscribe.errors import EngravingFailed
from drumscribe.notation.engravers.limits import run_confined
from drumscribe.notation.layout import Print

_CHILD = Path(__file__).with_name("_verovio_child.py")
# Exit code of the child for a page that Verovio does not take.
NOT_LOADABLE: Final = 3

# Verovio counts in tenths of a millimetre.
POINTS_PER_UNIT: Final = 72 / 254
# Of the scale below, as LilyPond counts them.
STAFF_POINTS: Final = 19
_OPTIONS: Final[dict[str, Any]] = {
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
    "svgFormatRaw": True,
    "svgViewBox": True,
    "xmlIdSeed": 1,
    # Drums have no melody for a beam to follow.
    "beamMaxSlope": 0,
    # Letters of the music font in running text are drawn or replaced afterwards.
    "smuflTextFont": "none",
}
# A page on a screen ends where its music ends; paper has its size.
WIDE: Final[dict[str, Any]] = _OPTIONS | {"adjustPageHeight": True}
# Two bars on 360 points of a phone have the staff that four have on a desk. A page is about as
# high as the screen, so that a browser lays out only what is near.
PHONE: Final[dict[str, Any]] = WIDE | {
    "pageWidth": 900,
    "pageHeight": 1900,
    "pageMarginTop": 40,
    "pageMarginBottom": 40,
    "pageMarginLeft": 30,
    "pageMarginRight": 30,
    "header": "none",
}
# For a document after whose last line the music goes on: the line is as wide as the others.
GOES_ON: Final[dict[str, Any]] = {"minLastJustification": 0.0}
ENDS: Final[dict[str, Any]] = {"minLastJustification": 0.8}


@dataclass(frozen=True, slots=True)
class Drawing:
    """A document of MusicXML, and the options of Verovio that it is drawn with."""

    musicxml: bytes
    options: dict[str, Any]


def verovio_is_installed(*, with_pdf: bool = False) -> bool:
    """True if pages can be drawn (and, with_pdf, be made a PDF)."""
    needed = ("verovio", "cairosvg") if with_pdf else ("verovio",)
    return all(importlib.util.find_spec(name) is not None for name in needed)


def draw_pages(drawings: Sequence[Drawing], *, timeout_seconds: float) -> list[list[str]]:
    """The SVG pages of each document. Raises EngravingFailed; nothing runs for no document."""
    if not drawings:
        return []
    return _run(drawings, None, timeout_seconds)[0]


def draw_pdf(musicxml: bytes, printed: Print, *, timeout_seconds: float) -> tuple[list[str], bytes]:
    """(SVG pages, a PDF of them) on a paper, with staves of its size. Raises EngravingFailed."""
    width, height = printed.millimetres
    options = _OPTIONS | {
        "pageWidth": round(10 * width),
        "pageHeight": round(10 * height),
        "scale": round(_OPTIONS["scale"] * printed.staff_points / STAFF_POINTS),
    }
    size = [options[name] * POINTS_PER_UNIT for name in ("pageWidth", "pageHeight")]
    pages, pdf = _run([Drawing(musicxml, options)], size, timeout_seconds)
    if pdf is None:
        raise EngravingFailed("Verovio made no PDF.")
    return pages[0], pdf


def _run(
    drawings: Sequence[Drawing], pdf_size: list[float] | None, timeout_seconds: float
) -> tuple[list[list[str]], bytes | None]:
    with tempfile.TemporaryDirectory(prefix="drumscribe-") as folder_name:
        folder = Path(folder_name)
        for number, drawing in enumerate(drawings):
            options = json.dumps(drawing.options)
            (folder / f"options-{number}.json").write_text(options, encoding="utf-8")
            (folder / f"score-{number}.musicxml").write_bytes(drawing.musicxml)
        size = [str(points) for points in pdf_size or ()]
        command = [str(_CHILD), str(folder), str(_package()), str(len(drawings)), *size]
        finished = run_confined(command, folder, timeout_seconds=timeout_seconds)
        if finished.exit_code == NOT_LOADABLE:
            raise EngravingFailed("Verovio cannot read this MusicXML.")
        drawn = [_pages(folder, number) for number in range(len(drawings))]
        if finished.exit_code != 0 or not all(drawn):
            raise EngravingFailed(f"Verovio ended with code {finished.exit_code}.")
        pdf = folder / "pages.pdf"
        return drawn, pdf.read_bytes() if pdf.exists() else None


def _package() -> Path:
    """Where Verovio is installed. Raises EngravingFailed where it is not."""
    spec = importlib.util.find_spec("verovio")
    if spec is None or spec.origin is None:
        raise EngravingFailed("Verovio is not installed.")
    return Path(spec.origin).parent


def _pages(folder: Path, document: int) -> list[str]:
    paths = folder.glob(f"score-{document}-*.svg")
    in_order = sorted(paths, key=lambda path: int(path.stem.rpartition("-")[2]))
    return [path.read_text(encoding="utf-8") for path in in_order]

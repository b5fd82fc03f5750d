#!/usr/bin/env python3
"""Draw docs/images/example-page.png: what the shipped model makes of the example song.

usage: .venv/bin/python docs/images/draw_example_page.py     after each change of the weights
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import pymupdf

import drumscribe

FOLDER = Path(__file__).resolve().parent
SONG = FOLDER.parents[1] / "examples" / "funk-rock.flac"
TARGET = FOLDER / "example-page.png"
# The top of an A4 page: title, drum key, and the lines of the song.
TOP, BOTTOM = 0.045, 0.435
DOTS_PER_INCH = 150


def main() -> None:
    """Transcribe as `make demo` does, and cut the page out."""
    with tempfile.TemporaryDirectory() as folder:
        transcription = drumscribe.transcribe(SONG, title="Funk Rock", artist="DrumScribe example")
        transcription.save(folder, formats=["pdf"])
        (path,) = Path(folder).glob("*.pdf")
        with pymupdf.open(path) as document:
            page = document[0]
            width, height = page.rect.width, page.rect.height
            part = pymupdf.Rect(0, TOP * height, width, BOTTOM * height)
            drawn = page.get_pixmap(dpi=DOTS_PER_INCH, colorspace=pymupdf.csGRAY, clip=part)
            drawn.save(TARGET)
    print(f"{TARGET.relative_to(FOLDER.parents[1])}: {drawn.width} x {drawn.height}")


if __name__ == "__main__":
    main()

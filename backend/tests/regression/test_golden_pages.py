"""Pages that were looked at and found right stay as they are: note for note, and as ink on paper.

After a change that is meant: GOLDEN=write pytest tests/regression/test_golden_pages.py, then look
at the pages in tests/regression/pages before they are committed.
"""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pymupdf
import pytest
from numpy.typing import NDArray

from drumscribe.domain.score import Score
from drumscribe.notation.engravers.pdf import render_pdf
from drumscribe.notation.quantize import quantize
from drumscribe.notation.structure import with_similes
from drumscribe.notation.writers.musicxml import write_musicxml
from engraving_pieces import PIECES
from engraving_readers import read_musicxml

PAGES = Path(__file__).parent / "pages"
NAMES = (
    "rock-beat", "shuffle", "six-eight", "seven-eight", "tom-fill", "waltz-with-pickup", "phrases",
)  # fmt: skip
DPI = 48
# Ink is compared as the share of black in squares of so many pixels: fonts of another version
# move a letter by less, a missing bar or a wrong line break changes many squares by far more.
SQUARE = 16
MEAN_DIFFERENCE = 0.002
LARGEST_DIFFERENCE = 0.08


def score_of(name: str) -> Score:
    piece = PIECES[name]()
    return with_similes(quantize(piece.hits, piece.grid, title=name, artist="Golden"))


def as_text(score: Score) -> str:
    """One line per head, as the MusicXML says, and one per mark of the bars."""
    lines = [
        f"bar {measure.number} {measure.metre}"
        + (f" [{measure.rehearsal}]" if measure.rehearsal else "")
        + (f" {measure.dynamic}" if measure.dynamic else "")
        + (f" simile {measure.simile.span}" if measure.simile else "")
        for measure in score.measures
    ]
    for note in read_musicxml(write_musicxml(score)):
        marks = "".join(
            mark
            for mark, is_set in (
                (" ghost", note.is_ghost),
                (" accent", note.is_accent),
                (" grace", note.is_grace),
            )
            if is_set
        )
        lines.append(
            f"{note.measure} {note.onset} {note.position} {note.head} v{note.voice}{marks}"
        )
    return "\n".join(lines) + "\n"


def ink(pixmap: pymupdf.Pixmap) -> NDArray[np.float64]:
    """Share of black per square of the page, (rows, columns), 0..1."""
    gray = np.frombuffer(pixmap.samples, dtype=np.uint8).reshape(pixmap.height, pixmap.stride)
    rows, columns = pixmap.height // SQUARE, pixmap.width // SQUARE
    black = 1.0 - gray[: rows * SQUARE, : columns * SQUARE] / 255.0
    squares = black.reshape(rows, SQUARE, columns, SQUARE)
    return np.asarray(squares.mean(axis=(1, 3)))


@pytest.mark.parametrize("name", NAMES)
def test_page_says_what_it_said(name: str) -> None:
    path = PAGES / f"{name}.txt"
    text = as_text(score_of(name))
    if os.environ.get("GOLDEN") == "write":
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", NAMES)
def test_page_looks_as_it_looked(name: str) -> None:
    path = PAGES / f"{name}.png"
    document = pymupdf.open(stream=render_pdf(score_of(name), backend="lilypond"))
    assert len(document) == 1
    drawn = document[0].get_pixmap(dpi=DPI, colorspace=pymupdf.csGRAY)
    if os.environ.get("GOLDEN") == "write":
        drawn.save(str(path))
    away = np.abs(np.subtract(ink(drawn), ink(pymupdf.Pixmap(str(path)))))
    assert away.mean() < MEAN_DIFFERENCE
    assert away.max() < LARGEST_DIFFERENCE

"""Paper, size of the staves, bars a line and drum key, as each engraver draws them."""

import re

import pymupdf
import pytest

from drumscribe.domain.score import Score
from drumscribe.domain.wishes import DrumKey, PaperSize, StaffSize
from drumscribe.notation.chart import chart_of
from drumscribe.notation.engravers.pdf import render_pdf
from drumscribe.notation.layout import Print, lay_out
from drumscribe.notation.quantize import quantize
from drumscribe.notation.writers.lilypond import write_lilypond
from engraving_pieces import PIECES

BACKENDS = ("lilypond", "verovio")
# Verovio draws the lines of each bar by themselves; LilyPond has a small staff in its drum key.
SHORTEST_LINE = {"lilypond": 0.6, "verovio": 0.05}


@pytest.fixture(scope="module")
def song() -> Score:
    piece = PIECES["song"]()
    return quantize(piece.hits, piece.grid, title="Long Song")


def printed(score: Score, backend: str, page: Print) -> pymupdf.Document:
    return pymupdf.open(stream=render_pdf(score, backend=backend, page=page))


def staff_height(document: pymupdf.Document, shortest_line: float) -> float:
    """From the first to the fifth line of the first staff, in points.

    shortest_line: of the staff, as a share of the width of the page.
    """
    wide = document[0].rect.width * shortest_line
    ys = sorted(
        {
            round(item[1].y, 1)
            for drawing in document[0].get_drawings()
            for item in drawing["items"]
            if item[0] == "l"
            and abs(item[1].y - item[2].y) < 0.1
            and abs(item[1].x - item[2].x) > wide
        }
    )
    return float(ys[4] - ys[0])


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize(
    ("paper", "points"), [(PaperSize.A4, (595.28, 841.89)), (PaperSize.LETTER, (612, 792))]
)
def test_printed_page_has_the_size_of_its_paper(
    song: Score, backend: str, paper: PaperSize, points: tuple[float, float]
) -> None:
    document = printed(song, backend, Print(paper=paper))
    for number in range(len(document)):
        page = document[number].rect
        assert (page.width, page.height) == pytest.approx(points, abs=0.5)


@pytest.mark.parametrize("backend", BACKENDS)
def test_printed_staves_have_the_size_that_was_asked_for(song: Score, backend: str) -> None:
    small, normal, large = (
        staff_height(printed(song, backend, Print(staff_size=size)), SHORTEST_LINE[backend])
        for size in (StaffSize.SMALL, StaffSize.NORMAL, StaffSize.LARGE)
    )
    assert small / normal == pytest.approx(16 / 19, rel=0.02)
    assert large / normal == pytest.approx(23 / 19, rel=0.02)


@pytest.mark.parametrize("bars", [1, 2, 3, 6])
def test_lines_hold_the_bars_that_were_asked_for(bars: int) -> None:
    piece = PIECES["song-with-form"]()
    blocks = lay_out(quantize(piece.hits, piece.grid), Print(bars_a_line=bars).lines)
    lines: list[int] = []
    for block in blocks:
        if block.starts_system or not lines:
            lines.append(0)
        lines[-1] += 1
    # A pickup, or rests before the drums come in, stand beside the bars that they lead into.
    assert lines[0] in (bars, bars + 1)
    assert max(lines[1:]) <= bars
    assert sum(line == bars for line in lines[1:-1]) >= 0.9 * len(lines[1:-1])


def test_bars_that_do_not_fit_go_to_the_next_line() -> None:
    piece = PIECES["rock-beat"]()
    score = quantize(piece.hits, piece.grid)
    crowded = Print(bars_a_line=8, staff_size=StaffSize.LARGE)
    lines = 1 + sum(block.starts_system for block in lay_out(score, crowded.lines))
    assert lines > len(score.measures) / 8


@pytest.mark.parametrize("form", ["full", "chart"])
def test_drum_key_is_left_out_where_nobody_wants_it(song: Score, form: str) -> None:
    score = song if form == "full" else chart_of(song)
    shown, hidden = (
        printed(score, "lilypond", Print(drum_key=key))[0].get_text() for key in DrumKey
    )
    assert "Bass drum" in shown
    assert "Bass drum" not in hidden


def test_source_for_lilypond_says_paper_and_size(song: Score) -> None:
    page = Print(paper=PaperSize.LETTER, staff_size=StaffSize.LARGE)
    source = write_lilypond(song, page=page)
    assert re.search(r'set-paper-size "letter"', source)
    assert "set-global-staff-size 23" in source

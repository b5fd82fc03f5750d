"""Paper, size of the staves, bars a line and drum key, as each engraver draws them."""

import re
from dataclasses import replace

import numpy as np
import pymupdf
import pytest

from drumscribe.domain.drums import Hit
from drumscribe.domain.score import Score
from drumscribe.domain.wishes import DrumKey, PaperSize, StaffSize
from drumscribe.notation.chart import chart_of
from drumscribe.notation.engravers.pdf import render_pdf
from drumscribe.notation.layout import Print, lay_out
from drumscribe.notation.quantize import quantize
from drumscribe.notation.structure import with_similes
from drumscribe.notation.writers.lilypond import write_lilypond
from engraving_pieces import PIECES, T3, C, H, K, R, S, Writer, eighths, steady_grid

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


def heard_pop_song() -> list[Hit]:
    """Four minutes in 4/4 at 120: verses on the hat, choruses on the ride, half-time bridges; a
    fill in every eighth bar. As heard: one hat in thirty is missing, strokes stray by 8 ms."""
    rng = np.random.default_rng(4)
    w = Writer(steady_grid("4/4", 121))
    kicks: dict[str, list[float]] = {"v": [0, 2.5], "c": [0, 0.5, 2, 2.5], "b": [0, 3.5]}
    for bar, part in enumerate("".join(8 * letter for letter in "vvcvvccbbcvvccc")):
        is_fill = bar % 8 == 7
        hats = [p for p in eighths() if (p or bar % 8) and not (is_fill and p >= 2)]
        w.add(R if part == "c" else H, *[p for p in hats if rng.random() > 1 / 30], bar=bar)
        w.add(C, *([] if bar % 8 else [0]), bar=bar)
        w.add(K, *[p for p in kicks[part] if not (is_fill and p >= 2)], bar=bar)
        w.add(S, *([2] if part == "b" else [1, 3]), bar=bar)
        w.add(S, *([2.25, 2.5, 2.75] if is_fill else []), bar=bar)
        w.add(T3, *([3.25, 3.5, 3.75] if is_fill else []), bar=bar)
    w.add(C, 0, bar=120)
    return [
        replace(hit, time=max(0.0, hit.time + float(rng.normal(0.0, 0.008))))
        for hit in w.piece().hits
    ]


def test_pop_song_of_four_minutes_takes_four_pages_and_its_chart_two() -> None:
    score = quantize(heard_pop_song(), steady_grid("4/4", 121), title="Four Minutes")
    assert 238 < score.measures[-1].end_seconds < 243
    for form, most in ((with_similes(score), 4), (chart_of(score), 2)):
        assert len(printed(form, "lilypond", Print())) <= most

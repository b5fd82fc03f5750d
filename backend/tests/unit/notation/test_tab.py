"""Drum tablature, read back by a reader of its own."""

import re
from collections import Counter
from fractions import Fraction

import pytest

from drumscribe.domain.drums import Articulation, Hit, Instrument
from drumscribe.domain.score import Score
from drumscribe.notation.quantize import quantize
from drumscribe.notation.writers.tab import write_tab
from engraving_pieces import (
    PIECES,
    H,
    K,
    Piece,
    S,
    Writer,
    rock_beat,
    shuffle,
    steady_grid,
    tom_fill,
)

ROWS = {
    Instrument.CRASH: "C",
    Instrument.RIDE: "Rd",
    Instrument.HIHAT_CLOSED: "HH",
    Instrument.HIHAT_OPEN: "HH",
    Instrument.TOM_HIGH: "T1",
    Instrument.TOM_MID: "T2",
    Instrument.TOM_LOW: "FT",
    Instrument.SNARE: "S",
    Instrument.KICK: "B",
}
UNIT = {"4": Fraction(1), "8": Fraction(1, 2)}


def score_of(piece: Piece, title: str | None = None) -> Score:
    return quantize(piece.hits, piece.grid, title=title)


def read_tab(text: str, unit: Fraction) -> Counter[tuple[int, str, Fraction]]:
    """(bar number, row, quarter notes from the start of the bar) of every symbol."""
    found: Counter[tuple[int, str, Fraction]] = Counter()
    counts: list[list[str]] = []
    first = 0
    for line in text.splitlines():
        if re.fullmatch(r" +(?:\d[\dta&e.]*(?: |$))+", line):
            counts = [re.findall(r"\d+[ta&e.]*", bar) for bar in line.split()]
        match = re.fullmatch(r"(\d*) *([A-Z][a-zA-Z0-9]?) *\|(.+)\|", line)
        if match is None:
            continue
        first = int(match[1]) if match[1] else first
        for k, (bar, cells) in enumerate(zip(match[3].split("|"), counts, strict=True)):
            assert len(bar) == sum(map(len, cells))
            column = 0
            for start, cell in enumerate(cells):
                for place in range(len(cell)):
                    if bar[column] != "-":
                        position = unit * start + unit * Fraction(place, len(cell))
                        found[first + k, match[2], position] += 1
                    column += 1
    return found


def expected(score: Score, hits: tuple[Hit, ...]) -> Counter[tuple[int, str, Fraction]]:
    said: Counter[tuple[int, str, Fraction]] = Counter()
    for p in score.placements:
        if p.merged_into is None and not p.is_grace:
            hit = hits[p.hit]
            row = "Hf" if hit.articulation is Articulation.PEDAL else ROWS[hit.instrument]
            said[score.measures[p.measure].number, row, p.onset] += 1
    return said


@pytest.mark.parametrize("name", sorted(set(PIECES) - {"every-sound", "waltz-with-pickup"}))
def test_tab_of_a_piece_has_every_stroke_in_its_column(name: str) -> None:
    piece = PIECES[name]()
    score = score_of(piece)
    unit = UNIT[str(piece.grid.metre).split("/")[1]]
    assert read_tab(write_tab(score), unit) == expected(score, piece.hits)


@pytest.mark.parametrize("name", sorted(PIECES))
def test_lines_of_a_tab_fit_a_terminal(name: str) -> None:
    assert max(map(len, write_tab(score_of(PIECES[name]())).splitlines())) <= 80


def test_tab_says_open_hats_ghosts_accents_and_what_they_mean() -> None:
    text = write_tab(score_of(rock_beat(), title="Rock"))
    assert text.startswith("Rock\n")
    assert "4/4, quarter = 104" in text
    assert "HH Hi-hat: x closed, o open" in text
    assert "X O accent, g ghost note" in text
    assert "|---go----g--O---|" in text
    assert "|x-x-x-x-x-x-x-o-|" in text


def test_tab_of_a_shuffle_says_swing_and_counts_triplets_in_threes() -> None:
    text = write_tab(score_of(shuffle()))
    assert "swing" in text
    assert "1e&a2e&a3ta4ta" in text
    assert "T1|--------ooo---|" in text


def test_tab_of_a_fill_with_flams_marks_them() -> None:
    text = write_tab(score_of(tom_fill()))
    assert "S |----o-------o---|fooo" in text
    assert "f flam" in text


def test_tab_of_thirty_seconds_has_as_many_columns_as_it_needs() -> None:
    writer = Writer(steady_grid("4/4", 1, bpm=70))
    writer.add(H, *(Fraction(k, 8) for k in range(8)), 1, 2, 3)
    writer.add(K, 0)
    text = write_tab(score_of(writer.piece()))
    assert "HH|xxxxxxxxx---x---x---|" in text


def test_tab_gathers_bars_of_rest() -> None:
    grid = steady_grid("4/4", 12)
    hits = tuple(Hit(0.5 + 8 * 2.0 + k * 0.5, S) for k in range(8))
    text = write_tab(quantize(hits, grid))
    assert "(bar 1: rest)" in text or "(bars 1-8: rest)" in text
    assert "9   S |" in text


def test_pickup_of_a_tab_begins_with_the_count_where_it_enters() -> None:
    text = write_tab(score_of(PIECES["waltz-with-pickup"]()))
    assert "       3e&a 1e&a2e&a3e&a" in text
    assert "\n0   Rd|----|" in text


def test_title_of_a_tab_cannot_break_its_lines() -> None:
    text = write_tab(score_of(rock_beat(), title="A\nB\x00C"))
    assert text.startswith("A BC\n")

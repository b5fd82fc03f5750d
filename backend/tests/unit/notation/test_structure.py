"""Sections, loudness and repeat signs of pieces whose form is known."""

import itertools
import tracemalloc
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drumscribe.domain.score import HairpinKind, Loudness, Score
from drumscribe.notation.layout import Paper, last_line_is_full, lay_out
from drumscribe.notation.quantize import QuantizeOptions, quantize
from drumscribe.notation.structure import (
    mark_feel,
    mark_loudness,
    mark_sections,
    with_similes,
    without_similes,
)
from engraving_pieces import PIECES, C, H, K, R, S, Writer, eighths, steady_grid


def score_of(name: str) -> Score:
    piece = PIECES[name]()
    return quantize(piece.hits, piece.grid)


def groove_song(kinds: str, *, jitter_seconds: float = 0.0, loudness: str = "") -> Score:
    """One bar per letter: a and b are alike but for the kick, c is another groove."""
    w = Writer(steady_grid("4/4", len(kinds)), jitter_seconds=jitter_seconds)
    kicks: dict[str, list[float]] = {"a": [0, 2], "b": [0, 2.5], "c": [0, 0.5, 1.5, 2, 2.5, 3.5]}
    for bar, kind in enumerate(kinds):
        gain = 0.5 if loudness and loudness[bar] == "s" else 1.0
        w.add(R if kind == "c" else H, *eighths(), velocity=0.6 * gain, bar=bar)
        w.add(K, *kicks[kind], velocity=0.8 * gain, bar=bar)
        w.add(S, 1, 3, velocity=0.8 * gain, bar=bar)
    piece = w.piece()
    return quantize(piece.hits, piece.grid)


def labels(score: Score) -> list[tuple[str, int, int]]:
    return [(s.label, score.measures[s.first].number, s.n_measures) for s in score.sections]


def signs(score: Score) -> str:
    """One character per bar: its span where it stands under a repeat sign, else a dot."""
    return "".join(str(m.simile.span) if m.simile else "." for m in score.measures)


def test_sections_of_a_song_begin_where_its_parts_do_and_letters_return() -> None:
    assert labels(score_of("song-with-form")) == [
        ("A", 3, 8), ("B", 11, 8), ("A2", 19, 8), ("B2", 27, 8), ("C", 35, 8), ("D", 43, 4),
        ("B3", 47, 9),
    ]  # fmt: skip


def test_sections_of_one_groove_are_none() -> None:
    assert labels(groove_song("a" * 32)) == []
    assert labels(groove_song("a" * 15 + "b")) == []


def test_sections_of_a_short_piece_are_none() -> None:
    assert labels(groove_song("aaaacccc")) == []


def test_sections_of_thousands_of_bars_are_none_and_take_no_memory() -> None:
    half = groove_song("aaaacccc").measures
    endless = replace(score_of("rock-beat"), measures=half * 2000)
    tracemalloc.start()
    assert labels(mark_sections(endless)) == []
    assert tracemalloc.get_traced_memory()[1] < 100e6
    tracemalloc.stop()


@pytest.mark.parametrize("jitter", [0.0, 0.012])
def test_sections_without_crashes_and_fills_are_found(jitter: float) -> None:
    song = groove_song("a" * 8 + "c" * 8 + "a" * 8, jitter_seconds=jitter)
    assert labels(song) == [("A", 1, 8), ("B", 9, 8), ("A2", 17, 8)]


def test_sections_of_other_metre_begin_at_the_change() -> None:
    measures = groove_song("a" * 16).measures
    assert labels(mark_sections(Score(measures))) == []


def test_loudness_that_changes_is_marked_where_it_changes() -> None:
    song = groove_song("a" * 24, loudness="s" * 8 + "l" * 8 + "s" * 8)
    marks = {m.number: m.dynamic for m in song.measures if m.dynamic}
    assert set(marks) == {1, 9, 17}
    assert marks[1] is marks[17]
    order = list(Loudness)
    assert order.index(marks[9]) > order.index(marks[1])


def test_loudness_of_an_even_piece_has_no_mark() -> None:
    assert all(m.dynamic is None for m in groove_song("a" * 8 + "c" * 8).measures)


def test_loudness_that_grows_for_four_bars_is_a_hairpin() -> None:
    score = score_of("song-with-form")
    found = {m.number: m.hairpin for m in score.measures if m.hairpin}
    assert list(found) == [43]
    assert (found[43].kind, found[43].n_measures) == (HairpinKind.CRESCENDO, 4)
    assert score.measures[46].dynamic is Loudness.F


def test_marks_are_not_set_where_they_are_not_wanted() -> None:
    piece = PIECES["song-with-form"]()
    plain = quantize(piece.hits, piece.grid, options=QuantizeOptions(mark_form=False))
    assert not plain.sections
    marked = mark_feel(mark_loudness(mark_sections(plain)))
    assert marked == quantize(piece.hits, piece.grid)


def test_similes_of_one_two_and_four_bars() -> None:
    score = with_similes(score_of("phrases"))
    assert signs(score) == ".111..22.1..4444"
    counts = {m.number: m.simile.count for m in score.measures if m.simile and m.simile.count}
    assert counts == {4: 4}


def test_similes_begin_a_line_only_where_they_fill_it() -> None:
    assert signs(with_similes(groove_song("a" * 7 + "b" + "a" * 8))) == ".111.11..1111111"
    assert signs(with_similes(groove_song("a" * 10))) == ".111111111"


def test_similes_do_not_cross_into_another_section() -> None:
    song = with_similes(groove_song("a" * 8 + "c" * 8 + "a" * 8))
    assert signs(song) == ".1111111" * 3


def test_similes_stop_where_the_loudness_changes() -> None:
    song = with_similes(groove_song("a" * 24, loudness="s" * 8 + "l" * 8 + "s" * 8))
    assert signs(song) == ".1111111" * 3


def test_similes_can_be_taken_back() -> None:
    score = score_of("phrases")
    assert without_similes(with_similes(score)) == score
    assert without_similes(score) is score


def test_layout_begins_systems_where_sections_begin() -> None:
    score = score_of("song-with-form")
    starts = [b.first for b in lay_out(score) if b.starts_system]
    assert {s.first for s in score.sections[1:]} <= set(starts)
    # The rest before the first section stands beside it; the last bar joins the line before.
    assert score.sections[0].first not in starts
    assert [b - a for a, b in itertools.pairwise(starts)] == [4] * (len(starts) - 1)


def test_layout_for_a_phone_puts_two_bars_on_a_line_and_one_where_they_are_dense() -> None:
    blocks = lay_out(score_of("song-with-form"), Paper(50.0, 2))
    starts = [b.first for b in blocks if b.starts_system]
    # A pickup or rest may lead in; a bar that would stand alone may join the line before.
    assert {b - a for a, b in itertools.pairwise(starts)} <= {1, 2, 3}
    narrow = lay_out(score_of("song-with-form"), Paper(20.0, 2))
    assert sum(b.starts_system for b in narrow) > len(starts)
    # Only the lines differ: the bars that stand for others are the same on every paper.
    assert [(b.first, b.count) for b in narrow] == [(b.first, b.count) for b in blocks]


@pytest.mark.parametrize(("n_bars", "is_full"), [(1, False), (4, True), (6, False), (8, True)])
def test_last_line_is_full_where_it_has_the_strokes_of_a_line(n_bars: int, is_full: bool) -> None:
    w = Writer(steady_grid("4/4", n_bars))
    for bar in range(n_bars):
        w.add(H, *eighths(), bar=bar)
        w.add(K, 0, 2, bar=bar)
        w.add(S, 1, 3, bar=bar)
    piece = w.piece()
    assert last_line_is_full(quantize(piece.hits, piece.grid)) is is_full


def test_layout_never_tears_a_sign_of_several_bars() -> None:
    score = with_similes(score_of("phrases"))
    for block in lay_out(score):
        simile = score.measures[block.first].simile
        assert not (block.starts_system and simile and simile.index)


@settings(deadline=None, max_examples=60)
@given(st.text(alphabet="abc", min_size=2, max_size=24))
def test_similes_say_exactly_what_the_bars_say(kinds: str) -> None:
    """Reading the page aloud, sign for sign, gives back the bars."""
    score = with_similes(groove_song(kinds))
    read: list[str] = []
    for k, measure in enumerate(score.measures):
        simile = measure.simile
        read.append(read[k - simile.span] if simile else kinds[k])
        if simile and simile.index == 0:
            group = score.measures[k : k + simile.span]
            assert [m.simile and m.simile.index for m in group] == list(range(simile.span))
    assert "".join(read) == kinds


def test_similes_ignore_velocity_but_no_printed_mark() -> None:
    score = groove_song("aaaa")
    loud = replace(score.measures[2], voices=tuple(
        replace(v, events=tuple(
            replace(e, notes=tuple(replace(n, is_accent=True, velocity=1.0) for n in e.notes))
            for e in v.events
        )) for v in score.measures[2].voices
    ))  # fmt: skip
    measures = (*score.measures[:2], loud, score.measures[3])
    assert signs(with_similes(replace(score, measures=measures))) == ".1.."
    soft = replace(score.measures[2], voices=tuple(
        replace(v, events=tuple(
            replace(e, notes=tuple(replace(n, velocity=0.3) for n in e.notes)) for e in v.events
        )) for v in score.measures[2].voices
    ))  # fmt: skip
    measures = (*score.measures[:2], soft, score.measures[3])
    assert signs(with_similes(replace(score, measures=measures))) == ".111"


def test_crash_on_one_says_where_a_section_begins() -> None:
    w = Writer(steady_grid("4/4", 24))
    for bar in range(24):
        w.add(C if bar == 12 else H, 0, bar=bar)
        w.add(H, *eighths()[1:], velocity=0.6, bar=bar)
        w.add(K, 0, *([2.5, 3.5, 1.5] if bar >= 12 else [2]), bar=bar)
        w.add(S, 1, 3, bar=bar)
    piece = w.piece()
    assert labels(quantize(piece.hits, piece.grid)) == [("A", 1, 12), ("B", 13, 12)]

"""Lines of the page: phrases whole, signs whole, nothing past the margin, no bar alone."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drumscribe.domain.score import Score, VoiceRole
from drumscribe.notation.bar_widths import bar_width
from drumscribe.notation.hidden_rests import silent_rests
from drumscribe.notation.layout import A4, NARROW, Paper, lay_out
from drumscribe.notation.quantize import quantize
from drumscribe.notation.structure import with_similes, without_similes
from drumscribe.notation.writers.lilypond import write_lilypond
from engraving_pieces import PIECES, T3, C, H, K, S, Writer, eighths, steady_grid


def song_of(kinds: str) -> Score:
    """One bar per letter: r rock, q rock with another kick, s sixteenths, g sixteenths with ghosts
    between, t a tom groove, T the same under a crash, f a fill, e one crash at the end."""
    w = Writer(steady_grid("4/4", len(kinds)))
    sixteenths = [k / 4 for k in range(16)]
    for bar, kind in enumerate(kinds):
        if kind == "e":
            w.add(C, 0, bar=bar)
            continue
        if kind == "f":
            w.add(S, *sixteenths[:8], bar=bar)
            w.add(T3, *sixteenths[8:], bar=bar)
            continue
        w.add(C, *([0] if kind == "T" else []), bar=bar)
        w.add(T3 if kind in "tT" else H, *(eighths() if kind in "rqtT" else sixteenths), bar=bar)
        w.add(K, *([0, 2.5] if kind == "q" else [0, 2]), bar=bar)
        if kind == "g":
            w.add(S, *sixteenths[1::2], velocity=0.2, bar=bar)
        w.add(S, 1, 3, velocity=0.8, bar=bar)
    piece = w.piece()
    return with_similes(quantize(piece.hits, piece.grid))


def bars_per_line(score: Score, paper: Paper = A4) -> list[int]:
    starts = [b.first for b in lay_out(score, paper) if b.starts_system]
    return [b - a for a, b in itertools.pairwise([0, *starts, len(score.measures)])]


def test_lines_keep_to_four_bars_after_a_section_of_eleven() -> None:
    score = song_of("rqrqrqrqrqr" + "T" + "t" * 11)
    assert [s.n_measures for s in score.sections] == [11, 12]
    assert bars_per_line(score) == [4, 4, 3, 4, 4, 4]


@settings(deadline=None, max_examples=80)
@given(st.text(alphabet="rqsgtf", min_size=2, max_size=26), st.sampled_from([A4, NARROW]))
def test_lines_never_tear_a_sign_nor_hold_more_than_the_paper(kinds: str, paper: Paper) -> None:
    score = song_of(kinds)
    blocks = lay_out(score, paper)
    for block in blocks:
        simile = score.measures[block.first].simile
        assert not (block.starts_system and simile and simile.index)
    for n, first in zip(
        bars_per_line(score, paper),
        [0, *(b.first for b in blocks if b.starts_system)],
        strict=True,
    ):
        line = score.measures[first : first + n]
        assert n == 1 or sum(bar_width(m).tight for m in line) <= paper.width


def test_lines_hold_as_many_dense_bars_as_have_room() -> None:
    score = without_similes(song_of("gfgfgfgf"))
    assert bars_per_line(score) == [2, 2, 2, 2]
    assert bars_per_line(score, NARROW) == [1] * 8


def test_last_stroke_has_no_letter_and_no_line_of_its_own() -> None:
    score = song_of("r" * 7 + "f" + "t" * 7 + "f" + "r" * 7 + "fe")
    assert [s.label for s in score.sections] == ["A", "B", "A2"]
    assert bars_per_line(score)[-1] == 5


def test_bars_of_one_groove_are_as_wide_under_signs_as_written_out() -> None:
    score = song_of("rrrrqqqq")
    written, sign = score.measures[0], score.measures[1]
    assert written.simile is None
    assert sign.simile is not None
    assert bar_width(sign).easy == pytest.approx(bar_width(written).easy, rel=0.05)
    # In LilyPond rests that are not drawn keep the room.
    assert "r8*1 r8*1 r8*1 r8*1 r8*1 r8*1 r8*1 r8*1" in write_lilypond(score)


def test_letter_and_tempo_stand_side_by_side() -> None:
    source = write_lilypond(song_of("r" * 8 + "t" * 8))
    (line,) = [row for row in source.splitlines() if '\\bold "A"' in row]
    assert "\\tempo \\markup" in line
    assert '" = 120"' in line
    assert "\\mark " not in line


def test_voice_that_plays_nothing_is_left_out() -> None:
    w = Writer(steady_grid("4/4", 3))
    w.add(H, *eighths())
    w.add(K, 0, 2)
    w.add(S, *eighths(), bar=1)
    w.add(K, 0, bar=2)
    w.add(S, *eighths(), bar=2)
    piece = w.piece()
    both, hands, half = quantize(piece.hits, piece.grid).measures
    assert [v.role for v in both.voices] == [VoiceRole.HANDS, VoiceRole.FEET]
    assert [v.role for v in hands.voices] == [VoiceRole.HANDS]
    # The foot stops for the second half of the bar: no rest hangs below the snare.
    assert silent_rests(half) == {(VoiceRole.FEET, 2)}
    source = write_lilypond(quantize(piece.hits, piece.grid))
    feet = source.partition("feet = ")[2].splitlines()
    assert feet[3].split()[0].startswith("s1")
    assert "s1*1/2" in feet[4]


def test_rests_of_a_bar_in_which_nobody_plays_stay() -> None:
    score = quantize(PIECES["song"]().hits, PIECES["song"]().grid)
    empty = next(m for m in score.measures[3:] if m.is_empty)
    assert silent_rests(empty) == frozenset()

"""Swing, triplets and finer notes are written where they are played, and nowhere else."""

from fractions import Fraction

import numpy as np
import pytest

from drumscribe.domain.drums import Hit
from drumscribe.domain.score import Swing, TupletEdge, VoiceRole
from drumscribe.notation.quantize import QuantizeOptions, quantize
from engraving_pieces import PIECES, H, K, R, S, Writer, eighths, steady_grid
from engraving_readers import absolute, hits_on_page, of_role


def test_quantize_shuffle_without_swing_mark_writes_triplets_with_edges() -> None:
    piece = PIECES["shuffle"]()
    options = QuantizeOptions(allow_swing=False, allow_compound=False)
    score = quantize(piece.hits, piece.grid, options=options)
    assert score.swing is None
    assert [absolute(score, i) for i in range(len(piece.hits))] == list(piece.at)
    hands = of_role(score.measures[0], VoiceRole.HANDS).events
    assert [e.tuplet_edge for e in hands] == [TupletEdge.START, TupletEdge.STOP] * 4
    assert [e.duration for e in hands[:2]] == [Fraction(2, 3), Fraction(1, 3)]


def test_quantize_shuffle_writes_eighths_and_keeps_the_triplets_of_the_fill() -> None:
    piece = PIECES["shuffle"]()
    score = quantize(piece.hits, piece.grid)
    hands = of_role(score.measures[0], VoiceRole.HANDS).events
    assert [e.duration for e in hands] == [Fraction(1, 2)] * 8
    fill = of_role(score.measures[4], VoiceRole.HANDS).events
    assert [e.tuplet is not None for e in fill] == [False, False] + [True] * 6


def test_quantize_music_full_of_triplets_does_not_swing() -> None:
    w = Writer(steady_grid("4/4", 4, bpm=70))
    for bar in range(4):
        w.add(H, *[Fraction(k, 3) for k in range(12)], bar=bar)
        w.add(K, 0, 2 + Fraction(2, 3), bar=bar)
    piece = w.piece()
    score = quantize(piece.hits, piece.grid, options=QuantizeOptions(allow_compound=False))
    assert score.swing is None
    assert [absolute(score, i) for i in range(len(piece.hits))] == list(piece.at)


@pytest.mark.parametrize("bpm", [80, 130, 200])
@pytest.mark.parametrize(("first", "second"), [(3, 2), (7, 4), (2, 1)])
def test_quantize_swing_of_any_ratio_is_written_straight(
    first: int, second: int, bpm: float
) -> None:
    offbeat = first / (first + second)
    grid = steady_grid("4/4", 8, bpm=bpm)
    random = np.random.default_rng(5)
    positions = [p for beat in range(32) for p in (beat, beat + offbeat)]
    times = grid.time_at(np.array(positions)) + random.normal(0, 0.01, len(positions))
    score = quantize([Hit(float(t), R) for t in times], grid)
    assert score.swing == Swing(first, second)
    assert [absolute(score, i) for i in range(64)] == [Fraction(k, 2) for k in range(64)]
    assert max(abs(p.deviation_seconds) for p in score.placements) < 0.04


@pytest.mark.parametrize("bpm", [80, 110, 140])
def test_quantize_dotted_eighths_do_not_swing(bpm: float) -> None:
    w = Writer(steady_grid("4/4", 8, bpm=bpm), jitter_seconds=0.005)
    for bar in range(8):
        w.add(H, *[beat + p for beat in range(4) for p in (0, 0.75)], bar=bar)
    piece = w.piece()
    score = quantize(piece.hits, piece.grid)
    assert score.swing is None
    assert [absolute(score, i) for i in range(len(piece.hits))] == list(piece.at)


def test_quantize_three_to_one_in_short_beats_is_a_hard_shuffle() -> None:
    w = Writer(steady_grid("4/4", 8, bpm=200), jitter_seconds=0.005)
    for bar in range(8):
        w.add(H, *[beat + p for beat in range(4) for p in (0, 0.75)], bar=bar)
    piece = w.piece()
    score = quantize(piece.hits, piece.grid)
    assert score.swing is not None
    assert {absolute(score, i) % 1 for i in range(len(piece.hits))} == {0, Fraction(1, 2)}


@pytest.mark.parametrize("jitter", [0.0, 0.012])
@pytest.mark.parametrize("parts", ["sw", "ws", "wsw"])
def test_quantize_piece_that_swings_in_parts_is_marked_in_parts(parts: str, jitter: float) -> None:
    w = Writer(steady_grid("4/4", 8 * len(parts), bpm=120), jitter_seconds=jitter)
    for bar in range(8 * len(parts)):
        late = Fraction(2, 3) if parts[bar // 8] == "w" else Fraction(1, 2)
        w.add(R, *[beat + p for beat in range(4) for p in (0, late)], velocity=0.6, bar=bar)
        w.add(K, 0, 2, 2 + late, bar=bar)
        w.add(S, 1, 3, bar=bar)
    piece = w.piece()
    score = quantize(piece.hits, piece.grid)
    assert score.swing == Swing(2, 1)
    written = "".join("s" if m.is_straight else "w" for m in score.measures)
    assert written == "".join(part * 8 for part in parts)
    assert {absolute(score, i) % 1 for i in range(len(piece.hits))} == {0, Fraction(1, 2)}
    # In swung parts the late eighth is meant late: it does not count as a deviation.
    assert max(abs(p.deviation_seconds) for p in score.placements) < 0.05


def test_quantize_same_bar_is_written_the_same_way_though_a_stroke_comes_early() -> None:
    """A ghost that comes early once is no thirty-second: the other bars say where it belongs."""
    w = Writer(steady_grid("4/4", 8, bpm=100))
    for bar in range(8):
        w.add(H, *[Fraction(k, 2) for k in range(8)], velocity=0.6, bar=bar)
        w.add(K, 0, 2.5, bar=bar)
        w.add(S, 1, 3, bar=bar)
        early = 0.055 if bar == 5 else 0.0
        w.add(S, 1.75, velocity=0.2, bar=bar, seconds_before=early)
    piece = w.piece()
    score = quantize(piece.hits, piece.grid)
    ghosts = [i for i, hit in enumerate(piece.hits) if hit.velocity == 0.2]
    assert {absolute(score, i) % 4 for i in ghosts} == {Fraction(7, 4)}
    late = min(score.placements[i].deviation_seconds for i in ghosts)
    assert late == pytest.approx(-0.055, abs=0.005)


def test_quantize_thirty_seconds_that_are_meant_are_written() -> None:
    w = Writer(steady_grid("4/4", 4, bpm=80))
    for bar in range(4):
        w.add(K, 0, 2, bar=bar)
        w.add(S, *[3 + Fraction(k, 8) for k in range(8)], bar=bar)
    piece = w.piece()
    score = quantize(piece.hits, piece.grid)
    assert [absolute(score, i) for i in range(len(piece.hits))] == list(piece.at)


@pytest.mark.parametrize("bpm", [70, 100, 140, 200])
def test_quantize_straight_eighths_never_swing(bpm: float) -> None:
    w = Writer(steady_grid("4/4", 16, bpm=bpm), jitter_seconds=0.012)
    for bar in range(16):
        w.add(H, *eighths(), bar=bar)
        w.add(S, 1, 3, bar=bar)
    piece = w.piece()
    assert quantize(piece.hits, piece.grid).swing is None


def test_quantize_one_late_stroke_in_straight_music_makes_no_triplet() -> None:
    w = Writer(steady_grid("4/4", 8))
    for bar in range(8):
        w.add(H, *eighths(), bar=bar)
    piece = w.piece()
    hits = list(piece.hits)
    hits[21] = Hit(hits[21].time + 0.045, H)
    score = quantize(hits, piece.grid)
    assert all(e.tuplet is None for m in score.measures for v in m.voices for e in v.events)


def test_quantize_sextuplets_and_thirty_seconds_are_found_when_clear() -> None:
    w = Writer(steady_grid("4/4", 2, bpm=60))
    w.add(S, *[Fraction(k, 6) for k in range(6)], *[1 + Fraction(k, 8) for k in range(8)], 2, 3)
    piece = w.piece()
    score = quantize(piece.hits, piece.grid)
    assert [absolute(score, i) for i in range(len(piece.hits))] == list(piece.at)


def test_quantize_without_triplets_keeps_to_straight_grids() -> None:
    piece = PIECES["shuffle"]()
    score = quantize(piece.hits, piece.grid, options=QuantizeOptions(allow_triplets=False))
    assert all(e.tuplet is None for m in score.measures for v in m.voices for e in v.events)
    assert len(hits_on_page(score)) + sum(
        p.merged_into is not None for p in score.placements
    ) == len(piece.hits)

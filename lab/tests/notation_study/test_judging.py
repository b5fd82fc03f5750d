"""Written scores and beat grids against the truth."""

from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from drumscribe.domain.comparing.matching import f_measure
from drumscribe.domain.rhythm import BeatGrid, Metre
from drumscribe.domain.score import Score
from drumscribe.notation.quantize import quantize
from lab.notation_study.composed.grooves import Feel
from lab.notation_study.composed.performing import (
    Performance,
    Playing,
    perform,
    perform_exactly,
)
from lab.notation_study.composed.pieces import Piece, PieceWish, compose
from lab.notation_study.judging.beats import judge_beats
from lab.notation_study.judging.readability import read
from lab.notation_study.judging.slots import (
    judge_marks,
    judge_slots,
    n_accounted,
    position_in_bar,
    reads_as_swung,
    spellings,
    spells_otherwise,
)

FOUR = Metre(4, 4)
HALF, TRIPLET, DOTTED = Fraction(1, 2), Fraction(2, 3), Fraction(3, 4)


@pytest.fixture(scope="module")
def rock() -> tuple[Piece, Performance, Score]:
    """A straight piece in 4/4 that is written without a mistake."""
    wish = PieceWish(metre=FOUR, feels=(Feel.STRAIGHT,), bpm=(90, 110), ornaments=0.3)
    piece = compose(wish, np.random.default_rng(3))
    performance = perform_exactly(piece)
    return piece, performance, quantize(performance.hits, performance.grid)


def moved(score: Score, change: dict[int, dict[str, Any]]) -> Score:
    """The score with some placements changed."""
    placements = [replace(p, **change.get(p.hit, {})) for p in score.placements]
    return replace(score, placements=tuple(placements))


def test_judge_slots_of_a_perfect_page_finds_all_right(
    rock: tuple[Piece, Performance, Score],
) -> None:
    counts = judge_slots(*rock)
    assert counts.right == counts.aligned == counts.in_beat == counts.strokes > 100
    assert counts.graces_right == counts.graces == counts.written_graces > 0
    assert counts.false_triplets == 0
    assert counts.accounted == counts.hits == len(rock[1].hits)


def test_judge_slots_with_all_one_bar_late_is_right_only_after_the_shift(
    rock: tuple[Piece, Performance, Score],
) -> None:
    piece, performance, score = rock
    later = replace(score, measures=(score.measures[0], *score.measures))
    renumbered = replace(
        later, measures=tuple(replace(m, number=k + 1) for k, m in enumerate(later.measures))
    )
    late = moved(renumbered, {p.hit: {"measure": p.measure + 1} for p in score.placements})
    counts = judge_slots(piece, performance, late)
    assert counts.right == 0
    assert counts.aligned == counts.strokes


def test_judge_slots_counts_a_stroke_beside_its_slot(
    rock: tuple[Piece, Performance, Score],
) -> None:
    piece, performance, score = rock
    main = next(p for p in score.placements if not p.is_grace)
    wrong = moved(score, {main.hit: {"onset": main.onset + Fraction(1, 3)}})
    counts = judge_slots(piece, performance, wrong)
    assert counts.strokes - counts.right == 1
    assert counts.strokes - counts.in_beat == 1
    assert counts.false_triplets == 1


def test_judge_slots_grace_written_as_a_note_is_not_right(
    rock: tuple[Piece, Performance, Score],
) -> None:
    piece, performance, score = rock
    grace = next(p for p in score.placements if p.is_grace)
    counts = judge_slots(piece, performance, moved(score, {grace.hit: {"is_grace": False}}))
    assert counts.graces - counts.graces_right == 1


def test_judge_slots_in_a_metre_of_the_same_bars_agrees_on_places(
    rock: tuple[Piece, Performance, Score],
) -> None:
    piece, performance, score = rock
    # 2/2 instead of 4/4: other beats, the same bars.
    cut = replace(score, measures=tuple(replace(m, metre=Metre(2, 2)) for m in score.measures))
    counts = judge_slots(piece, performance, cut)
    assert counts.right == counts.strokes


def test_n_accounted_misses_a_hit_without_a_note_and_takes_one_that_is_merged(
    rock: tuple[Piece, Performance, Score],
) -> None:
    score = rock[2]
    n_hits = len(score.placements)
    assert n_accounted(score, n_hits + 1) == n_hits
    first_bar = score.measures[0]
    silent = replace(
        first_bar,
        voices=tuple(
            replace(v, events=tuple(replace(e, notes=(), graces=(), beams=()) for e in v.events))
            for v in first_bar.voices
        ),
    )
    lost = sum(p.measure == 0 for p in score.placements)
    without = replace(score, measures=(silent, *score.measures[1:]))
    assert n_accounted(without, n_hits) == n_hits - lost
    kept = next(p.hit for p in score.placements if p.measure == 1)
    listed = moved(without, {k: {"merged_into": kept} for k in range(lost)})
    assert n_accounted(listed, n_hits) == n_hits


@pytest.mark.parametrize(
    ("ratio", "allowed"),
    [
        (1.0, (HALF,)),
        (1.3, (HALF,)),
        (2.0, (HALF, TRIPLET)),
        (3.0, (HALF, TRIPLET, DOTTED)),
    ],
)
def test_spellings_of_a_swung_pair_follow_its_ratio(
    ratio: float, allowed: tuple[Fraction, ...]
) -> None:
    assert spellings(ratio) == allowed


@pytest.mark.parametrize("late", [HALF, TRIPLET])
def test_judge_slots_of_a_shuffle_takes_either_spelling_but_one(late: Fraction) -> None:
    piece = compose(
        PieceWish(metre=FOUR, feels=(Feel.SWUNG,), bpm=(100, 120)), np.random.default_rng(1)
    )
    performance = perform(piece, Playing(swing=(2.0, 2.0)), np.random.default_rng(1))
    score = quantize(performance.hits, performance.grid)
    swung = [k for k, h in enumerate(performance.truth) if h and h.note.is_swung]
    onset = {
        k: heard.note.onset - HALF + late
        for k, heard in enumerate(performance.truth)
        if heard and k in swung
    }
    one_way = moved(score, {k: {"onset": onset[k]} for k in swung})
    counts = judge_slots(piece, performance, one_way)
    assert counts.right == counts.strokes
    few = swung[:5]
    both_ways = moved(one_way, {k: {"onset": onset[k] - late + HALF + TRIPLET - late} for k in few})
    assert judge_slots(piece, performance, both_ways).right < counts.strokes


@pytest.fixture(scope="module")
def blues() -> tuple[Piece, Performance]:
    """A shuffle in 12/8: quarter and eighth in every beat, triplets in its fills."""
    wish = PieceWish(metre=Metre(12, 8), bpm=(90, 110))
    for seed in range(40):
        piece = compose(wish, np.random.default_rng(seed))
        if piece.name == "twelve-eight shuffle":
            break
    return piece, perform_exactly(piece)


def in_four(performance: Performance) -> BeatGrid:
    """The same beats as beats of 4/4."""
    return replace(performance.grid, metre=FOUR)


def test_judge_slots_of_twelve_eight_as_swung_four_is_right_in_time_but_not_as_spelled(
    blues: tuple[Piece, Performance],
) -> None:
    piece, performance = blues
    score = quantize(performance.hits, in_four(performance))
    assert score.swing is not None
    assert spells_otherwise(piece.metre, score)
    counts = judge_slots(piece, performance, score)
    assert counts.in_time == counts.strokes > 100
    # The off-beats stand on another share of the bar.
    assert counts.aligned == counts.right < 0.8 * counts.strokes


def test_judge_slots_of_a_respelled_page_without_its_swing_mark_is_wrong_in_time(
    blues: tuple[Piece, Performance],
) -> None:
    piece, performance = blues
    score = quantize(performance.hits, in_four(performance))
    even = replace(score, swing=None)
    counts = judge_slots(piece, performance, even)
    assert counts.in_time == counts.aligned < 0.8 * counts.strokes


def test_judge_slots_of_a_respelled_page_one_beat_late_is_wrong_in_time(
    blues: tuple[Piece, Performance],
) -> None:
    piece, performance = blues
    grid = in_four(performance)
    late = replace(grid, beat_numbers=(grid.beat_numbers + 2) % 4 + 1)
    counts = judge_slots(piece, performance, quantize(performance.hits, late))
    assert counts.in_time < 0.1 * counts.strokes


def test_judge_slots_in_the_true_metre_has_no_other_spelling(
    blues: tuple[Piece, Performance], rock: tuple[Piece, Performance, Score]
) -> None:
    piece, performance = blues
    score = quantize(performance.hits, performance.grid)
    assert not spells_otherwise(piece.metre, score)
    counts = judge_slots(piece, performance, score)
    assert counts.in_time == counts.aligned == counts.strokes
    # Half the bars, or other beats, are no spelling of the same metre.
    assert not spells_otherwise(Metre(6, 8), score)
    assert not spells_otherwise(Metre(3, 4), rock[2])
    assert not spells_otherwise(Metre(2, 2), rock[2])


def test_reads_as_swung_straight_piece_is_not_and_triplet_off_beats_are(
    rock: tuple[Piece, Performance, Score],
) -> None:
    piece, performance, score = rock
    assert not reads_as_swung(piece, performance, score)
    off_beats: dict[int, dict[str, Any]] = {
        k: {"onset": heard.note.onset - HALF + TRIPLET}
        for k, heard in enumerate(performance.truth)
        if heard and heard.note.onset % 1 == HALF
    }
    assert reads_as_swung(piece, performance, moved(score, off_beats))


def test_position_in_bar_before_bar_one_is_the_pickup() -> None:
    assert position_in_bar(Fraction(-1), FOUR).bar == 0
    assert position_in_bar(Fraction(-1), FOUR).quarters == 3
    assert position_in_bar(Fraction(9, 2), FOUR) == position_in_bar(Fraction(9, 2), FOUR)
    assert position_in_bar(Fraction(9, 2), FOUR).quarters == HALF


def test_judge_marks_counts_ghosts_that_are_played_and_printed() -> None:
    wish = PieceWish(metre=FOUR, feels=(Feel.STRAIGHT,), bpm=(80, 84))
    for seed in range(40):
        piece = compose(wish, np.random.default_rng(seed))
        if piece.name == "funk with ghosts":
            break
    performance = perform_exactly(piece)
    marks = judge_marks(performance, quantize(performance.hits, performance.grid))
    assert marks.ghosts_true == sum(note.is_ghost for note in piece.notes) > 0
    assert marks.ghosts_right <= min(marks.ghosts_true, marks.ghosts_written)


def test_read_counts_what_stands_on_the_page(rock: tuple[Piece, Performance, Score]) -> None:
    score = rock[2]
    reading = read(score)
    assert reading.bars == len(score.measures)
    assert reading.tuplets == 0
    assert reading.bars / 4 <= reading.systems <= reading.bars
    assert reading.minutes == pytest.approx(
        (score.measures[-1].end_seconds - score.measures[0].start_seconds) / 60
    )


def steady(
    bpm: float, n: int, metre: Metre = FOUR, *, start: float = 0.5, first: int = 1
) -> BeatGrid:
    numbers = (np.arange(n) + first - 1) % metre.beats_per_bar + 1
    times = np.asarray(start + np.arange(n) * 60.0 / bpm, np.float64)
    return BeatGrid(times, numbers, metre)


def test_judge_beats_of_the_same_grid_is_perfect() -> None:
    grid = steady(100, 64)
    judged = judge_beats(grid, grid, also_right=(), first=0.5, last=30.0)
    assert (judged.beat_f, judged.downbeat_f, judged.tempo_ratio) == (1.0, 1.0, 1.0)
    assert judged.metre_right
    assert not judged.is_octave_error
    assert judged.tempo_error == pytest.approx(0.0, abs=1e-9)


@pytest.mark.parametrize("factor", [0.5, 2.0, 3.0])
def test_judge_beats_at_half_double_or_triple_speed_is_an_octave_error(factor: float) -> None:
    judged = judge_beats(
        steady(100, 64),
        steady(100 * factor, int(64 * factor)),
        also_right=(),
        first=0.5,
        last=30.0,
    )
    assert judged.is_octave_error
    assert judged.is_wrong_pulse
    assert judged.tempo_ratio == pytest.approx(factor)


def test_judge_beats_at_two_for_three_is_a_wrong_pulse_but_no_octave_error() -> None:
    judged = judge_beats(steady(120, 60), steady(80, 40), also_right=(), first=0.5, last=29.0)
    assert judged.is_wrong_pulse
    assert not judged.is_octave_error


def test_judge_beats_in_quarters_instead_of_eighths_keeps_the_tempo() -> None:
    judged = judge_beats(
        steady(240, 70, Metre(7, 8)), steady(120, 35), also_right=(), first=0.5, last=17.0
    )
    assert judged.tempo_ratio == pytest.approx(1.0)
    assert not judged.metre_right


def test_judge_beats_with_bars_one_beat_off_has_no_downbeat() -> None:
    judged = judge_beats(
        steady(100, 64), steady(100, 64, first=2), also_right=(), first=0.5, last=30.0
    )
    assert judged.beat_f == 1.0
    assert judged.downbeat_f == 0.0


def test_judge_beats_in_a_metre_that_would_do_as_well_is_right() -> None:
    true, found = steady(60, 32), steady(60, 32, Metre(12, 8))
    assert judge_beats(true, found, also_right=(Metre(12, 8),), first=0.5, last=20.0).metre_right


def test_f_measure_matches_each_time_once() -> None:
    assert f_measure([1.0, 2.0], [1.01, 1.02, 2.0], 0.07) == pytest.approx(0.8)
    assert f_measure([1.0], [1.1], 0.07) == 0.0
    assert f_measure([], [], 0.07) == 1.0

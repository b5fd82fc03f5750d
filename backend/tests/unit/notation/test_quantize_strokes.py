"""What one stroke becomes: its notehead's chord, small notes, accents, voice and beam."""

from fractions import Fraction

import numpy as np
import pytest

from drumscribe.domain.drums import Articulation, Hit
from drumscribe.domain.placements import MergeReason
from drumscribe.domain.score import VoiceRole
from drumscribe.notation.quantize import quantize
from engraving_pieces import OH, PIECES, T1, C, H, K, R, S, Writer, eighths, steady_grid
from engraving_readers import absolute, hits_on_page, of_role


def test_quantize_simultaneous_hits_stand_in_one_chord() -> None:
    grid = steady_grid("4/4", 1)
    hits = [Hit(1.0, S), Hit(1.012, H), Hit(0.995, R)]
    score = quantize(hits, grid)
    events = [e for e in of_role(score.measures[0], VoiceRole.HANDS).events if e.notes]
    assert [[n.instrument for n in e.notes] for e in events] == [[S, R, H]]


def test_quantize_soft_stroke_before_a_loud_one_is_a_flam() -> None:
    grid = steady_grid("4/4", 1)
    hits = [Hit(0.97, S, 0.3), Hit(1.0, S, 0.8), Hit(1.5, T1, 0.8)]
    score = quantize(hits, grid)
    event = next(e for e in of_role(score.measures[0], VoiceRole.HANDS).events if e.notes)
    assert [g.hit for g in event.graces] == [0]
    assert [n.hit for n in event.notes] == [1]
    assert score.placements[0].is_grace
    assert score.placements[0].onset == score.placements[1].onset == 1
    assert score.placements[0].deviation_seconds == pytest.approx(-0.03)


def test_quantize_two_soft_strokes_before_a_loud_one_are_a_drag() -> None:
    grid = steady_grid("4/4", 1)
    hits = [Hit(0.92, S, 0.3), Hit(0.96, S, 0.3), Hit(1.0, S, 0.8)]
    score = quantize(hits, grid)
    event = next(e for e in of_role(score.measures[0], VoiceRole.HANDS).events if e.notes)
    assert [g.hit for g in event.graces] == [0, 1]


@pytest.mark.parametrize(("said", "n_graces"), [(Articulation.FLAM, 1), (Articulation.DRAG, 2)])
def test_quantize_lone_stroke_that_is_said_to_be_an_ornament_gets_its_small_notes(
    said: Articulation, n_graces: int
) -> None:
    hits = [Hit(1.0, S, 0.8, articulation=said), Hit(1.0, H, 0.5), Hit(1.5, S, 0.8)]
    score = quantize(hits, steady_grid("4/4", 1))
    event = next(e for e in of_role(score.measures[0], VoiceRole.HANDS).events if e.notes)
    assert [(g.instrument, g.hit) for g in event.graces] == [(S, None)] * n_graces
    assert all(0 < g.velocity < 0.5 for g in event.graces)
    assert hits_on_page(score) == [0, 1, 2]


def test_quantize_flam_that_was_heard_and_is_said_has_one_small_note() -> None:
    hits = [Hit(0.97, S, 0.7), Hit(1.0, S, 0.8, articulation=Articulation.FLAM)]
    score = quantize(hits, steady_grid("4/4", 1))
    event = next(e for e in of_role(score.measures[0], VoiceRole.HANDS).events if e.notes)
    assert [g.hit for g in event.graces] == [0]


def test_quantize_kick_heard_twice_is_merged_and_says_so() -> None:
    grid = steady_grid("4/4", 1)
    hits = [Hit(0.5, K, 0.5, 0.9), Hit(0.52, K, 0.8, 0.6)]
    score = quantize(hits, grid)
    assert score.placements[1].merged_into == 0
    assert score.placements[1].reason is MergeReason.DUPLICATE
    assert hits_on_page(score) == [0]


@pytest.mark.parametrize("other", [Articulation.CRASH_2, Articulation.SPLASH, Articulation.CHINA])
def test_quantize_cymbals_struck_together_all_stand_in_one_chord(other: Articulation) -> None:
    crash, beside = Hit(0.5, C, 0.8), Hit(0.504, C, 0.8, articulation=other)
    score = quantize([crash, beside], steady_grid("4/4", 1))
    chord = next(e for e in of_role(score.measures[0], VoiceRole.HANDS).events if e.notes)
    assert [note.articulation for note in chord.notes if note.hit == 1] == [other]
    assert len(chord.notes) == 2


def test_quantize_second_crash_heard_twice_is_merged() -> None:
    hits = [Hit(at, C, 0.8, articulation=Articulation.CRASH_2) for at in (0.5, 0.51)]
    score = quantize(hits, steady_grid("4/4", 1))
    assert [p.reason for p in score.placements if p.reason] == [MergeReason.DUPLICATE]


def test_quantize_open_and_closed_hat_at_once_keep_the_surer() -> None:
    grid = steady_grid("4/4", 1)
    score = quantize([Hit(0.5, H, 0.8, 0.4), Hit(0.505, OH, 0.8, 0.9)], grid)
    assert score.placements[0].merged_into == 1
    assert score.placements[0].reason is MergeReason.SAME_DRUM


def test_quantize_hits_in_any_order_place_each_by_its_own_index() -> None:
    piece = PIECES["tom-fill"]()
    order = np.random.default_rng(3).permutation(len(piece.hits))
    score = quantize([piece.hits[i] for i in order], piece.grid)
    assert [absolute(score, k) for k in range(len(order))] == [piece.at[i] for i in order]


def test_quantize_ghosts_and_accents_are_relative_to_the_drum() -> None:
    piece = PIECES["rock-beat"]()
    score = quantize(piece.hits, piece.grid)
    notes = [n for m in score.measures for v in m.voices for e in v.events for n in e.notes]
    ghosts = {n.hit for n in notes if n.is_ghost}
    accents = {n.hit for n in notes if n.is_accent}
    assert ghosts == {i for i, h in enumerate(piece.hits) if h.velocity == 0.18}
    assert accents == {i for i, h in enumerate(piece.hits) if h.velocity == 0.95}


def test_quantize_equal_velocities_make_neither_ghosts_nor_accents() -> None:
    w = Writer(steady_grid("4/4", 4))
    w.add(S, *eighths(), velocity=0.2)
    w.add(H, *eighths(), velocity=0.9)
    piece = w.piece()
    score = quantize(piece.hits, piece.grid)
    notes = [n for m in score.measures for v in m.voices for e in v.events for n in e.notes]
    assert not any(n.is_ghost or n.is_accent for n in notes)


def test_quantize_closed_hat_after_an_open_one_is_marked() -> None:
    w = Writer(steady_grid("4/4", 1))
    w.add(OH, 0.5)
    w.add(H, 0, 1, 1.5)
    piece = w.piece()
    score = quantize(piece.hits, piece.grid)
    notes = [n for v in score.measures[0].voices for e in v.events for n in e.notes]
    assert [n.hit for n in notes if n.is_closing] == [2]


def test_quantize_feet_and_hands_go_to_their_voices() -> None:
    w = Writer(steady_grid("4/4", 1))
    w.add(K, 0)
    w.add(H, 1, articulation=Articulation.PEDAL)
    w.add(S, 2)
    piece = w.piece()
    score = quantize(piece.hits, piece.grid)
    feet = of_role(score.measures[0], VoiceRole.FEET)
    assert [n.hit for e in feet.events for n in e.notes] == [0, 1]


def test_quantize_seven_eight_groups_follow_the_drums() -> None:
    for grouping in ((2, 2, 3), (3, 2, 2), (2, 3, 2)):
        w = Writer(steady_grid("7/8", 4, bpm=280))
        for bar in range(4):
            w.add(H, *eighths(7), bar=bar)
            w.add(K, 0, Fraction(grouping[0], 2), bar=bar)
            w.add(S, Fraction(grouping[0] + grouping[1], 2), bar=bar)
        piece = w.piece()
        score = quantize(piece.hits, piece.grid)
        assert score.measures[0].groups == tuple(Fraction(g, 2) for g in grouping)

"""What keeps a rhythm readable: 12/8, numbers of tuplets, marks per place, drags and buzzes."""

import json
from fractions import Fraction

import numpy as np
import pytest

from drumscribe.domain.drums import Articulation, Hit
from drumscribe.domain.placements import MergeReason
from drumscribe.domain.score import Score, TupletEdge, VoiceRole
from drumscribe.domain.wishes import Wishes
from drumscribe.notation.quantize import QuantizeOptions, quantize
from drumscribe.notation.tuplet_marks import needs_bracket, tuplet_marks
from drumscribe.notation.writers.lilypond import write_lilypond
from drumscribe.notation.writers.musicxml import write_musicxml
from drumscribe.notation.writers.timemap import time_map
from drumscribe.pipeline.files.codec import (
    hit_to_dict,
    transcript_from_json,
    transcript_to_dict,
    transcript_to_json,
)
from drumscribe.pipeline.rerender import transcript_from_hits
from engraving_pieces import T1, C, H, K, S, Writer, eighths, steady_grid
from engraving_readers import hits_on_page, musicxml_schema

THIRD = Fraction(1, 3)


def ghosted_shuffle(bars: int = 8) -> Writer:
    """A hard rock shuffle: pairs on the hat, ghosts in the middle of every second beat."""
    w = Writer(steady_grid("4/4", bars, bpm=150))
    for bar in range(bars):
        w.add(H, *[beat + part for beat in range(4) for part in (0, 2 * THIRD)], bar=bar)
        w.add(S, 1, 3, bar=bar, velocity=0.8)
        w.add(S, THIRD, 1 + THIRD, 2 + THIRD, bar=bar, velocity=0.2)
        w.add(K, 0, 1 + 2 * THIRD, 2, bar=bar)
    return w


def tuplets(score: Score) -> int:
    return sum(
        event.tuplet_edge is TupletEdge.START
        for measure in score.measures
        for voice in measure.voices
        for event in voice.events
    )


def test_beats_of_thirds_are_written_in_twelve_eight() -> None:
    piece = ghosted_shuffle().piece()
    score = quantize(piece.hits, piece.grid)
    assert {str(m.metre) for m in score.measures} == {"12/8"}
    assert tuplets(score) == 0
    assert [p.onset for p in score.placements] == [at * 3 / 2 % 6 for at in piece.at]
    assert "4. = 150" in write_lilypond(score)
    musicxml_schema().validate(write_musicxml(score).decode().partition("\n")[2])
    # The player's beats are those of the recording, four to a bar.
    bars = time_map(score, piece.hits, piece.grid, duration_seconds=20.0).measures
    assert {len(bar.beats) for bar in bars} == {4}


def in_sextuplets(bars: int = 8) -> Writer:
    """A slow blues: six hats to the beat, the kick on thirds."""
    w = Writer(steady_grid("4/4", bars, bpm=68))
    for bar in range(bars):
        w.add(H, *[beat + k * THIRD / 2 for beat in range(4) for k in range(6)], bar=bar)
        w.add(K, 0, 2 * THIRD, 2, 3 + 2 * THIRD, bar=bar)
        w.add(S, 1, 3, bar=bar)
    return w


def test_beats_of_sixths_are_written_in_twelve_eight_too() -> None:
    """The middle one of six strokes is a half of the beat, which is no sign of straight music."""
    piece = in_sextuplets().piece()
    score = quantize(piece.hits, piece.grid)
    assert {str(m.metre) for m in score.measures} == {"12/8"}
    assert tuplets(score) == 0


def test_straight_sixteenths_beside_halves_stay_what_they_are() -> None:
    w = Writer(steady_grid("4/4", 8, bpm=100))
    for bar in range(8):
        w.add(H, *[k / 4 for k in range(16)], bar=bar)
        w.add(K, 0, 2.5, bar=bar)
        w.add(S, 1, 3, bar=bar)
    piece = w.piece()
    score = quantize(piece.hits, piece.grid)
    assert {str(m.metre) for m in score.measures} == {"4/4"}
    assert tuplets(score) == 0


def test_metre_that_a_user_said_is_the_metre_of_the_page() -> None:
    piece = ghosted_shuffle().piece()
    document = json.dumps(
        {
            "hits": [hit_to_dict(hit) for hit in piece.hits],
            "beats": piece.grid.beat_times.tolist(),
            "beat_numbers": piece.grid.beat_numbers.tolist(),
            "time_signature": "4/4",
        }
    ).encode()
    for said, written in (({}, "12/8"), ({"time_signature": "4/4"}, "4/4")):
        transcript = transcript_from_hits(document, Wishes.of(said))
        again = transcript_from_json(transcript_to_json(transcript))
        score = quantize(again.hits, again.grid)
        assert {str(m.metre) for m in score.measures} == {written}
        told = transcript_to_dict(transcript, score)
        assert (told["time_signature"], told["written_time_signature"]) == ("4/4", written)


def test_twelve_eight_can_be_refused_and_takes_no_straight_music() -> None:
    piece = ghosted_shuffle().piece()
    score = quantize(piece.hits, piece.grid, options=QuantizeOptions(allow_compound=False))
    assert {str(m.metre) for m in score.measures} == {"4/4"}
    w = ghosted_shuffle(4)
    w = Writer(steady_grid("4/4", 8))
    for bar in range(8):
        w.add(H, *eighths(), bar=bar)
        w.add(K, 0, 2, bar=bar)
        w.add(S, 1, bar=bar)
        w.add(S, 3, 3 + THIRD, 3 + 2 * THIRD, bar=bar)
    piece = w.piece()
    assert {str(m.metre) for m in quantize(piece.hits, piece.grid).measures} == {"4/4"}


def triplet_fills() -> Score:
    """Straight eighths, then three bars of triplets in both voices, then one with quarter rests."""
    w = Writer(steady_grid("4/4", 24))
    for bar in range(24):
        if bar in (4, 5, 6):
            for beat in range(4):
                w.add(T1, *[beat + k * THIRD for k in range(3)], bar=bar)
            w.add(K, *[beat + k * THIRD for beat in (0, 1) for k in (0, 2)], bar=bar)
        else:
            w.add(H, *eighths(), bar=bar)
            w.add(K, 0, 2, bar=bar)
    piece = w.piece()
    return quantize(piece.hits, piece.grid)


def test_tuplet_numbers_stand_once_in_the_first_bar_only() -> None:
    score = triplet_fills()
    marks = tuplet_marks(score)
    # The feet share the hands' triplets: no number below.
    assert marks[4].unmarked == {(VoiceRole.FEET, 0), (VoiceRole.FEET, 1)}
    assert not marks[4].says_simile
    assert {role for role, _ in marks[5].unmarked} == {VoiceRole.HANDS, VoiceRole.FEET}
    assert [m.says_simile for m in marks[4:8]] == [False, True, False, False]
    assert not needs_bracket(score.measures[4], VoiceRole.HANDS, Fraction(0))
    xml = write_musicxml(score).decode()
    assert xml.count(">sim.<") == 1
    assert xml.count('show-number="none"') == 2 + 6 + 6
    assert xml.count('<tuplet type="start" number="1" bracket="yes"') == 0
    assert write_lilypond(score).count('"sim."') == 1


def test_numbers_of_two_kinds_of_tuplets_stand_once_each() -> None:
    """Sextuplets of the hands over triplets of the feet, in a metre that was said."""
    piece = in_sextuplets().piece()
    score = quantize(piece.hits, piece.grid, options=QuantizeOptions(allow_compound=False))
    numbers = {
        role: [
            sum(
                event.tuplet_edge is TupletEdge.START and (role, event.onset) not in bar.unmarked
                for voice in measure.voices
                if voice.role is role
                for event in voice.events
            )
            for measure, bar in zip(score.measures, tuplet_marks(score), strict=True)
        ]
        for role in VoiceRole
    }
    assert numbers == {VoiceRole.HANDS: [4] + [0] * 7, VoiceRole.FEET: [2] + [0] * 7}
    assert [bar.says_simile for bar in tuplet_marks(score)] == [False, True] + [False] * 6


def test_ghosts_are_decided_per_place_of_the_bar() -> None:
    """Some of the ghosts of one place come out a little too loud, some backbeats too soft."""
    rng = np.random.default_rng(5)
    w = Writer(steady_grid("4/4", 16))
    for bar in range(16):
        w.add(H, *eighths(), bar=bar, velocity=0.5)
        w.add(K, 0, 2.5, bar=bar)
        w.add(S, 1, 3, bar=bar, velocity=0.8)
        w.add(S, 1.75, bar=bar, velocity=float(rng.choice([0.28, 0.33, 0.36, 0.45])))
    piece = w.piece()
    score = quantize(piece.hits, piece.grid)
    looks = {
        tuple(note.is_ghost for voice in m.voices for e in voice.events for note in e.notes)
        for m in score.measures
    }
    assert len(looks) == 1
    assert sum(next(iter(looks))) == 1


def test_loud_stroke_at_the_place_of_ghosts_stays_loud() -> None:
    w = Writer(steady_grid("4/4", 8))
    for bar in range(8):
        w.add(H, *eighths(), bar=bar, velocity=0.5)
        w.add(S, 1, 3, bar=bar, velocity=0.8)
        w.add(S, 1.75, bar=bar, velocity=0.8 if bar == 3 else 0.2)
    piece = w.piece()
    score = quantize(piece.hits, piece.grid)
    ghosts = [
        note.is_ghost
        for m in score.measures
        for voice in m.voices
        for e in voice.events
        for note in e.notes
        if e.onset == Fraction(7, 4)
    ]
    assert ghosts == [bar != 3 for bar in range(8)]


def with_pairs(*places: float, then: float | None = None) -> tuple[tuple[Hit, ...], Score]:
    """A rock beat at 100 whose snare has two ghosts a thirty-second apart at some places."""
    w = Writer(steady_grid("4/4", 8, bpm=100))
    for bar in range(8):
        w.add(H, *eighths(), bar=bar, velocity=0.5)
        w.add(K, 0, 2, bar=bar)
        w.add(S, 1, 3, bar=bar, velocity=0.8)
        for place in places:
            w.add(S, place, place + 0.125, bar=bar, velocity=0.2)
        if then is not None:
            w.add(S, then, bar=bar, velocity=0.8)
    piece = w.piece()
    return piece.hits, quantize(piece.hits, piece.grid)


def test_pair_of_ghosts_before_a_stroke_is_a_drag() -> None:
    hits, score = with_pairs(1.75, then=2)
    drags = [e for m in score.measures for v in m.voices for e in v.events if len(e.graces) == 2]
    assert [e.onset for e in drags] == [2] * 8
    assert hits_on_page(score) == list(range(len(hits)))


def test_pair_of_ghosts_alone_is_a_buzz() -> None:
    hits, score = with_pairs(1.75)
    rolls = [
        (e.onset, note.is_ghost)
        for m in score.measures
        for v in m.voices
        for e in v.events
        for note in e.notes
        if note.articulation is Articulation.ROLL
    ]
    assert rolls == [(Fraction(7, 4), True)] * 8
    merged = [p for p in score.placements if p.merged_into is not None]
    assert {p.reason for p in merged} == {MergeReason.BUZZ}
    assert len(merged) == 8
    assert sorted([*hits_on_page(score), *(p.hit for p in merged)]) == list(range(len(hits)))


@pytest.mark.parametrize("velocity", [0.2, 0.8])
def test_runs_of_thirty_seconds_and_loud_pairs_stay(velocity: float) -> None:
    w = Writer(steady_grid("4/4", 8, bpm=80))
    for bar in range(8):
        w.add(C, 0, 2, bar=bar)
        w.add(S, 1, 3, bar=bar, velocity=0.8)
        n = 2 if velocity > 0.5 else 8
        w.add(S, *[2 + k / 8 for k in range(n)], velocity=velocity, bar=bar)
    piece = w.piece()
    score = quantize(piece.hits, piece.grid)
    assert not [p for p in score.placements if p.is_grace or p.merged_into is not None]

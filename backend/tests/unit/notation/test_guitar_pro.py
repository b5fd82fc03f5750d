"""Guitar Pro files, read back by the library's parser: what the format's own model then says."""

import io
from collections import Counter
from fractions import Fraction

import guitarpro
import pytest

from drumscribe.domain.drums import Articulation, Hit
from drumscribe.domain.score import Score
from drumscribe.notation.quantize import quantize
from drumscribe.notation.styles.drum_maps import GENERAL_MIDI
from drumscribe.notation.writers.guitar_pro import write_guitar_pro
from engraving_pieces import (
    PIECES,
    K,
    S,
    Writer,
    every_sound,
    rock_beat,
    shuffle,
    song_with_form,
    steady_grid,
    tom_fill,
)


def parsed(score: Score) -> guitarpro.Song:
    return guitarpro.parse(io.BytesIO(write_guitar_pro(score)))


def strokes(song: guitarpro.Song) -> Counter[tuple[int, Fraction, int]]:
    """(bar index, quarter notes from its start, key) of every note, by adding up durations."""
    found: Counter[tuple[int, Fraction, int]] = Counter()
    for index, measure in enumerate(song.tracks[0].measures):
        for voice in measure.voices:
            now = Fraction(0)
            for beat in voice.beats:
                for note in beat.notes:
                    found[index, now, note.value] += 1
                if beat.status is not guitarpro.BeatStatus.empty:
                    now += Fraction(beat.duration.time) / guitarpro.Duration.quarterTime
            length = Fraction(measure.header.length, guitarpro.Duration.quarterTime)
            assert now in (0, length)
    return found


def expected(score: Score, hits: tuple[Hit, ...]) -> Counter[tuple[int, Fraction, int]]:
    said: Counter[tuple[int, Fraction, int]] = Counter()
    for p in score.placements:
        if p.merged_into is None and not p.is_grace:
            hit = hits[p.hit]
            said[p.measure, p.onset, GENERAL_MIDI.key_of(hit.instrument, hit.articulation)] += 1
    return said


def notes_of(song: guitarpro.Song) -> list[guitarpro.Note]:
    track = song.tracks[0]
    return [n for m in track.measures for v in m.voices for b in v.beats for n in b.notes]


@pytest.mark.parametrize("name", sorted(PIECES))
def test_file_of_a_piece_has_every_stroke_where_it_is_written(name: str) -> None:
    piece = PIECES[name]()
    score = quantize(piece.hits, piece.grid)
    assert strokes(parsed(score)) == expected(score, piece.hits)


def test_track_is_percussion_on_channel_ten() -> None:
    piece = rock_beat()
    song = parsed(quantize(piece.hits, piece.grid, title="Rock", artist="Band"))
    (track,) = song.tracks
    assert track.isPercussionTrack
    assert track.channel.channel == 9
    assert (song.title, song.artist, song.tempo) == ("Rock", "Band", 104)


def test_ghosts_and_accents_have_their_signs() -> None:
    piece = rock_beat()
    score = quantize(piece.hits, piece.grid)
    written = [n for m in score.measures for v in m.voices for e in v.events for n in e.notes]
    notes = notes_of(parsed(score))
    assert sum(n.effect.ghostNote for n in notes) == sum(n.is_ghost for n in written) == 8
    assert sum(n.effect.accentuatedNote for n in notes) == sum(n.is_accent for n in written) == 1


def test_flams_have_their_small_note_before_the_beat() -> None:
    piece = tom_fill()
    graced = [n for n in notes_of(parsed(quantize(piece.hits, piece.grid))) if n.effect.grace]
    assert [(n.value, n.effect.grace.fret) for n in graced] == [(38, 38), (43, 43)]
    assert not any(n.effect.grace.isOnBeat for n in graced)


def test_loudness_follows_passages_and_not_single_strokes() -> None:
    piece = rock_beat()
    assert len({n.velocity for n in notes_of(parsed(quantize(piece.hits, piece.grid)))}) == 1
    piece = song_with_form()
    score = quantize(piece.hits, piece.grid)
    marks = {m.dynamic for m in score.measures if m.dynamic}
    assert len({n.velocity for n in notes_of(parsed(score))}) == len(marks) > 1


def test_swing_triplets_and_sections_are_said() -> None:
    piece = shuffle()
    song = parsed(quantize(piece.hits, piece.grid))
    assert {h.tripletFeel for h in song.measureHeaders} == {guitarpro.TripletFeel.eighth}
    beats = [b for v in song.tracks[0].measures[4].voices for b in v.beats]
    assert sum(b.duration.tuplet.enters == 3 for b in beats) == 6
    piece = song_with_form()
    score = quantize(piece.hits, piece.grid)
    markers = [h.marker.title for h in parsed(score).measureHeaders if h.marker]
    assert markers == [section.label for section in score.sections]


def test_pickup_is_a_short_bar() -> None:
    piece = PIECES["waltz-with-pickup"]()
    headers = parsed(quantize(piece.hits, piece.grid)).measureHeaders
    assert [h.timeSignature.numerator for h in headers] == [1, 3, 3, 3, 3]
    assert {h.timeSignature.denominator.value for h in headers} == {4}


def test_finest_tuplets_are_written_as_smaller_groups_of_the_same_ratio() -> None:
    writer = Writer(steady_grid("4/4", 2, bpm=50))
    writer.add(S, *(Fraction(k, 6) for k in range(6)), Fraction(1), Fraction(25, 24))
    writer.add(K, 0, 4)
    piece = writer.piece()
    score = quantize(piece.hits, piece.grid)
    assert strokes(parsed(score)) == expected(score, piece.hits)


def test_rolls_are_tremolos() -> None:
    piece = every_sound()
    rolled = [
        n for n in notes_of(parsed(quantize(piece.hits, piece.grid))) if n.effect.tremoloPicking
    ]
    struck = [hit for hit in piece.hits if hit.articulation is Articulation.ROLL]
    assert len(rolled) == len(struck) == 1


def test_letters_that_the_format_does_not_know_become_question_marks() -> None:
    piece = rock_beat()
    song = parsed(quantize(piece.hits, piece.grid, title="Ça va ドラム"))
    assert song.title == "Ça va ???"

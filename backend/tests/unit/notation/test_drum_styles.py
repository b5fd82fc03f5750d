"""Styles: lines and heads as data, and scores in one voice."""

import re
from fractions import Fraction

import pytest

from drumscribe.domain.drums import Articulation, Instrument
from drumscribe.domain.score import VoiceRole
from drumscribe.errors import InvalidOption
from drumscribe.notation.measures.one_voice import in_style
from drumscribe.notation.quantize import quantize
from drumscribe.notation.styles.drum_styles import (
    MUSESCORE,
    ONE_VOICE,
    STYLES,
    WEINBERG,
    Head,
    find_style,
)
from drumscribe.notation.writers.lilypond import write_lilypond
from drumscribe.notation.writers.musicxml import write_musicxml
from engraving_pieces import PIECES, K, Piece, Writer, every_sound, rock_beat, steady_grid
from engraving_readers import hits_on_page, musicxml_schema, read_musicxml


def onsets_by_hit(document: bytes) -> dict[int, tuple[int, Fraction]]:
    return {note.hit: (note.measure, note.onset) for note in read_musicxml(document)}


def triplets_over_straight_kicks() -> Piece:
    writer = Writer(steady_grid("4/4", 2))
    for beat in range(8):
        writer.add(Instrument.RIDE, *(beat + Fraction(k, 3) for k in range(3)))
        writer.add(K, beat)
    return writer.piece()


def test_every_style_draws_the_same_sounds_and_tells_them_apart() -> None:
    for style in STYLES.values():
        assert set(style.drawings) == set(WEINBERG.drawings)
        seen = [(d.position, d.head, d.mark) for d in style.drawings.values()]
        assert len(set(seen)) == len(seen)


def test_open_hat_of_musescore_is_a_circled_x_without_a_mark() -> None:
    open_hat = next(d for d in MUSESCORE.drawings.values() if d.name == "Open hi-hat")
    assert (open_hat.position, open_hat.head, open_hat.mark) == ("G5", Head.CIRCLE_X, None)
    document = write_musicxml(quantize(rock_beat().hits, rock_beat().grid), style="musescore")
    assert b"circle-x" in document
    assert b"open-string" not in document


@pytest.mark.parametrize("name", sorted(PIECES))
def test_one_voice_keeps_every_hit_where_it_was(name: str) -> None:
    piece = PIECES[name]()
    score = quantize(piece.hits, piece.grid)
    merged = in_style(score, ONE_VOICE)
    assert hits_on_page(merged) == hits_on_page(score)
    assert onsets_by_hit(write_musicxml(score, style="one-voice")) == onsets_by_hit(
        write_musicxml(score)
    )
    for measure in merged.measures:
        assert [voice.role for voice in measure.voices] == [VoiceRole.HANDS]


def test_one_voice_writes_chords_from_low_to_high_on_stems_that_point_up() -> None:
    document = write_musicxml(quantize(rock_beat().hits, rock_beat().grid), style="one-voice")
    assert set(re.findall(rb"<stem>(\w+)</stem>", document)) == {b"up"}
    assert set(re.findall(rb"<voice>(\w+)</voice>", document)) == {b"1"}
    assert b"<backup>" not in document
    merged = in_style(quantize(rock_beat().hits, rock_beat().grid), ONE_VOICE)
    for event in merged.measures[0].voices[0].events:
        heights = [ONE_VOICE.drawing_of(note).staff_position for note in event.notes]
        assert heights == sorted(heights)
    assert len(merged.measures[0].voices[0].events[0].notes) == 2


def test_one_voice_of_triplets_over_quarters_stays_triplets() -> None:
    piece = triplets_over_straight_kicks()
    merged = in_style(quantize(piece.hits, piece.grid), ONE_VOICE)
    events = merged.measures[0].voices[0].events
    assert [event.duration for event in events] == [Fraction(1, 3)] * 12
    assert {event.tuplet.actual for event in events if event.tuplet} == {3}


def test_documents_of_every_style_are_valid_musicxml() -> None:
    piece = every_sound()
    score = quantize(piece.hits, piece.grid)
    for name in STYLES:
        musicxml_schema().validate(write_musicxml(score, style=name).decode())


def test_lilypond_source_of_one_voice_has_one_voice_with_notes() -> None:
    piece = rock_beat()
    source = write_lilypond(quantize(piece.hits, piece.grid), style="one-voice")
    assert "hands = " in source
    assert "feet = " not in source


def test_unknown_style_is_refused_and_the_known_ones_are_named() -> None:
    with pytest.raises(InvalidOption, match="weinberg, musescore, one-voice"):
        find_style("baroque")


def test_articulation_without_a_drawing_falls_back_to_its_drum() -> None:
    piece = every_sound()
    score = quantize(piece.hits, piece.grid)
    for style in STYLES.values():
        for measure in score.measures:
            for voice in measure.voices:
                for event in voice.events:
                    for note in event.notes:
                        if note.articulation in (Articulation.ROLL, Articulation.CHOKE):
                            assert style.sound_of(note).articulation is None

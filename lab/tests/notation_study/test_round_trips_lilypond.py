"""LilyPond's own MIDI has every note of the sheet of signs, and LilyPond says nothing."""

from dataclasses import replace

from drumscribe.notation.structure import with_similes
from lab.notation_study.round_trips import by_lilypond
from lab.notation_study.round_trips.scores import sign_sheet


def test_lilypond_plays_the_sheet_of_signs_note_for_note() -> None:
    score = sign_sheet()
    for page in (score, with_similes(score)):
        played = by_lilypond.play(page)
        assert played.right == played.notes > 60
        assert (played.extra, played.complaints, played.heads) == (0, (), 0)


def test_lilypond_is_asked_of_a_score_without_its_last_bar() -> None:
    whole = sign_sheet()
    short = replace(whole, measures=whole.measures[:-1])
    assert by_lilypond.play(short).notes < by_lilypond.play(whole).notes

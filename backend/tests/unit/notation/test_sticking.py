"""The page says which hand plays, in every form that can."""

from __future__ import annotations

import io
from fractions import Fraction
from xml.etree import ElementTree as ET

import guitarpro
import pytest

from brought_pages import transcript_of
from drumscribe.domain.drums import Instrument, Sticking
from drumscribe.domain.score import Event, NoteValue, ScoreNote, VoiceRole
from drumscribe.domain.wishes import PageWishes, StickingLetters
from drumscribe.notation.bar_widths import bar_width
from drumscribe.notation.measures.sticking import letters_of, lines_of_letters, without_sticking
from drumscribe.notation.quantize import quantize
from drumscribe.notation.structure import with_similes
from drumscribe.notation.writers.guitar_pro import write_guitar_pro
from drumscribe.notation.writers.lilypond import write_lilypond
from drumscribe.notation.writers.musicxml import write_musicxml
from drumscribe.notation.writers.tab import write_tab
from drumscribe.pipeline.files.formats import FORMATS, Engravers, Sheet
from engraving_readers import musicxml_schema
from sticking_pieces import PARADIDDLE, paradiddles

R, L, B = Sticking.RIGHT, Sticking.LEFT, Sticking.BOTH


def chord(*hands: Sticking | None) -> Event:
    """Heads from low to high."""
    heads = tuple(ScoreNote(Instrument.SNARE, sticking=hand) for hand in hands)
    return Event(Fraction(0), Fraction(1), NoteValue(Fraction(1)), heads)


@pytest.mark.parametrize(
    ("hands", "letters"),
    [
        ((None,), []),
        ((R,), ["R"]),
        ((L, R), ["R", "L"]),
        ((R, R), ["R"]),
        ((None, L), ["L"]),
        ((B,), ["B"]),
    ],
)
def test_letters_of_a_chord_stand_from_the_highest_head_down(
    hands: tuple[Sticking | None, ...], letters: list[str]
) -> None:
    assert letters_of(chord(*hands)) == letters


def lyrics(document: bytes) -> list[list[tuple[str, str]]]:
    """Per bar (line, letter) in the order of the document."""
    return [
        [
            (lyric.get("number", ""), lyric.findtext("text", ""))
            for lyric in measure.iterfind("note/lyric")
        ]
        for measure in ET.fromstring(document).iter("measure")
    ]


def test_musicxml_has_the_letters_as_lyrics_and_feet_below_hands() -> None:
    piece = paradiddles()
    document = write_musicxml(quantize(piece.hits, piece.grid))
    assert not list(musicxml_schema().iter_errors(ET.fromstring(document)))
    bars = lyrics(document)
    assert bars[0] == bars[1] == [("1", letter) for letter in PARADIDDLE * 2]
    both = [("1", "R"), ("2", "L")]
    assert bars[2] == bars[3] == [
        *[("1", "R")] * 2, *both, *[("1", "R")] * 3, *both, ("1", "R"),
    ]  # fmt: skip
    assert bars[4] == [("3", "R")] * 2


def test_lilypond_sets_each_line_of_letters_below_the_staff() -> None:
    piece = paradiddles()
    score = quantize(piece.hits, piece.grid)
    text = write_lilypond(score)
    assert text.count("\\new Lyrics") == len(lines_of_letters(score.measures)) == 3
    first = text.split("\\new Lyrics")[1].split("| % 1")[0]
    assert [word[0] for word in first.split() if word[1:] == "1*1/16"] == list(PARADIDDLE * 2)
    assert "\\new Lyrics" not in write_lilypond(without_sticking(score))


def test_tab_has_the_letters_under_their_columns() -> None:
    piece = paradiddles()
    lines = write_tab(quantize(piece.hits, piece.grid)).splitlines()
    at = next(k for k, line in enumerate(lines) if line.startswith("1   "))
    row = next(line for line in lines[at:] if line.strip().startswith(PARADIDDLE))
    start = lines[at].index("|") + 1
    assert row[start : start + 16] == PARADIDDLE * 2
    hats = next(line for line in lines if "x-x-x-x-" in line)
    places = [k for k, sign in enumerate(hats) if sign == "x"][:8]
    assert {row[k] for k in places} == {"R"}


def test_guitar_pro_has_the_letters_as_text_of_their_beats() -> None:
    piece = paradiddles()
    content = write_guitar_pro(quantize(piece.hits, piece.grid))
    song = guitarpro.parse(io.BytesIO(content))
    bars = [measure.voices[0].beats for measure in song.tracks[0].measures]
    assert [beat.text for beat in bars[0]] == list(PARADIDDLE * 2)
    assert [beat.text for beat in bars[2]] == ["R", "R", "R L", "R", "R", "R", "R L", "R"]
    assert all(beat.text is None for beat in bars[4])


def test_bars_that_differ_in_their_hands_alone_are_no_repeats() -> None:
    piece = paradiddles()
    score = quantize(piece.hits, piece.grid)
    bare = without_sticking(score)
    signs = [measure.simile is not None for measure in with_similes(score).measures]
    assert signs == [False, True, False, True, False]
    # Without letters the last three bars look the same.
    assert [m.simile is not None for m in with_similes(bare).measures] == [
        False, True, False, True, True,
    ]  # fmt: skip


def test_bar_with_letters_needs_more_room() -> None:
    piece = paradiddles()
    score = quantize(piece.hits, piece.grid)
    first, bare = score.measures[0], without_sticking(score).measures[0]
    assert bar_width(first).tight > bar_width(bare).tight + 16 * 0.3
    assert bar_width(first).easy > bar_width(bare).easy


@pytest.mark.parametrize("name", ["musicxml", "tab", "svg"])
def test_letters_are_hidden_where_nobody_wants_them(name: str) -> None:
    made = transcript_of(paradiddles())

    def made_with(page: PageWishes) -> str:
        score = quantize(made.hits, made.grid)
        parts = FORMATS[name].write(Sheet(made, score, page, Engravers()))
        return b"".join(parts).decode()

    letters = {"musicxml": "<lyric", "tab": PARADIDDLE, "svg": ">R<"}[name]
    assert letters in made_with(PageWishes())
    assert letters not in made_with(PageWishes(sticking=StickingLetters.HIDDEN))


def test_only_voices_with_letters_take_lines() -> None:
    piece = paradiddles()
    score = quantize(piece.hits, piece.grid)
    assert lines_of_letters(score.measures[:2]) == [(VoiceRole.HANDS, 0)]
    assert lines_of_letters(score.measures[4:]) == [(VoiceRole.FEET, 0)]

"""What the LilyPond source says; what LilyPond makes of it is tested in integration."""

import re
from typing import Any

import pytest

from drumscribe.domain.drums import Articulation, Hit, Instrument
from drumscribe.domain.score import ScoreNote
from drumscribe.notation.quantize import quantize
from drumscribe.notation.styles.drum_styles import STYLES, WEINBERG, DrumStyle
from drumscribe.notation.writers.lilypond import escape, head_count, write_lilypond
from engraving_pieces import PIECES, K, S, every_sound, steady_grid


def source_of(name: str, **words: Any) -> str:
    piece = PIECES[name]()
    return write_lilypond(quantize(piece.hits, piece.grid, **words))


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ('say "a"', r'"say \"a\""'),
        ("back\\slash", r'"back\\slash"'),
        ('\\" #(system "id")', r'"\\\" #(system \"id\")"'),
        ("a\u2028b\x00c\nd", '"a bc d"'),
        ("zero\u200bwidth\ue000private", '"zerowidthprivate"'),
        ("", '""'),
    ],
)
def test_escape_leaves_one_closed_string(text: str, escaped: str) -> None:
    assert escape(text) == escaped
    assert re.fullmatch(r'"(?:[^"\\]|\\["\\])*"', escaped)


def test_escape_cuts_long_text_before_it_escapes() -> None:
    assert len(escape('"' * 500)) == 2 + 2 * 200


def test_lilypond_nasty_words_stand_in_strings_only() -> None:
    evil = '" } #(getenv "touch pwned") \\include "x" {'
    source = source_of("rock-beat", title=evil, artist=evil, source=evil)
    without_strings = re.sub(r'"(?:[^"\\]|\\["\\])*"', '""', source)
    assert "getenv" not in without_strings
    assert "pwned" not in without_strings
    assert "include" not in without_strings
    assert "getenv" in source


def test_lilypond_long_title_is_wrapped() -> None:
    source = source_of("rock-beat", title="word " * 100)
    assert "\\center-column" in source
    assert max(map(len, source.splitlines())) < 400


def test_lilypond_same_score_twice_gives_the_same_text() -> None:
    assert source_of("song") == source_of("song")


def test_lilypond_defines_every_drum_that_it_uses() -> None:
    piece = every_sound()
    source = write_lilypond(quantize(piece.hits, piece.grid))
    defined = set(re.findall(r"drumPitchNames\.(\w+)", source))
    table = set(re.findall(r"^    \((\w+) ", source, re.MULTILINE))
    used = {
        name
        for chord in re.findall(r"<([^<>]*)>\d", source)
        for name in re.findall(r"(?<![\\\w#-])[a-z]+(?![\w-])", chord)
        if name not in {"stencil"}
    }
    assert used == defined == table


@pytest.mark.parametrize("style", STYLES.values(), ids=STYLES)
def test_every_style_draws_every_sound_on_its_own_place(style: DrumStyle) -> None:
    for instrument in Instrument:
        for articulation in (None, *Articulation):
            if articulation not in {Articulation.GHOST, Articulation.ACCENT}:
                assert style.drawing_of(ScoreNote(instrument, articulation=articulation)).name
    places = [(d.position, d.head, d.mark) for d in style.drawings.values()]
    assert len(set(places)) == len(places)
    names = [d.lilypond for d in style.drawings.values()]
    assert len(set(names)) == len(names)


def test_weinberg_staff_positions_count_from_the_middle_line() -> None:
    by_name = {d.name: d.staff_position for d in WEINBERG.drawings.values()}
    assert by_name["Snare"] == 1
    assert by_name["Bass drum"] == -3
    assert by_name["Hi-hat"] == 5
    assert by_name["Crash"] == 6
    assert by_name["Hi-hat (foot)"] == -5


def test_lilypond_says_pickup_metre_tempo_and_final_bar() -> None:
    source = source_of("waltz-with-pickup")
    assert "\\time 3/4 \\partial 4*1 \\tempo 4 = 140" in source
    assert '\\bar "|."' in source


def test_lilypond_multi_rest_is_one_rest_with_a_count() -> None:
    assert "R1*1*2" in source_of("song")


def test_head_count_counts_graces() -> None:
    score = quantize([Hit(0.97, S, 0.3), Hit(1.0, S, 0.8), Hit(1.0, K)], steady_grid("4/4", 1))
    assert head_count(score) == 3

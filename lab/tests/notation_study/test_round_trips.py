"""Round trips: what is compared, and that a difference is found."""

from dataclasses import replace
from fractions import Fraction

import pytest

from drumscribe.domain.drums import Articulation, Instrument
from drumscribe.domain.score import Score
from drumscribe.notation.styles.drum_maps import Sound
from drumscribe.notation.styles.drum_styles import WEINBERG
from drumscribe.notation.styles.sounds import sounds_of
from drumscribe.notation.writers.musicxml import write_musicxml
from lab.notation_study.reports.report import build_report
from lab.notation_study.reports.tables import as_text
from lab.notation_study.round_trips import by_musescore, by_music21, by_verovio
from lab.notation_study.round_trips.lines import round_trip_lines
from lab.notation_study.round_trips.running import (
    ImporterResult,
    LilypondResult,
    RoundTrips,
)
from lab.notation_study.round_trips.scores import round_trip_scores, sign_sheet
from lab.notation_study.round_trips.seen import (
    Agreement,
    Feature,
    compare,
    expected,
)


@pytest.fixture(scope="module")
def sheet() -> Score:
    return sign_sheet()


def test_sheet_of_signs_has_every_feature(sheet: Score) -> None:
    wanted = expected(sheet, WEINBERG)
    assert {mark[2] for mark in wanted.marks} == {
        Feature.ACCENT,
        Feature.FLAM,
        Feature.DRAG,
        Feature.OPEN,
        Feature.HALF_OPEN,
        Feature.CLOSING,
        Feature.ROLL,
        Feature.CHOKE,
    }
    assert any(note.is_ghost for note in wanted.notes)
    absent = {feature for feature, count in wanted.counts.items() if not count}
    assert absent == {Feature.SWING, Feature.SIMILE}
    assert wanted.counts[Feature.TUPLET] == 2


def test_sheet_of_signs_has_every_sound_but_the_splash_of_the_foot(sheet: Score) -> None:
    missing = set(WEINBERG.drawings) - set(sounds_of(sheet, WEINBERG))
    assert missing == {Sound(Instrument.HIHAT_OPEN, Articulation.SPLASH)}


def test_scores_of_one_seed_are_the_same_and_of_all_metres() -> None:
    once, again = (list(round_trip_scores(3)) for _ in range(2))
    assert once == again
    names = [name for name, _ in once]
    assert {"every sign", "2/4", "3/4", "4/4", "5/4", "6/8", "7/8", "12/8"} <= set(names)
    assert any(score.swing for _, score in once)


def test_page_compared_with_itself_agrees_in_everything(sheet: Score) -> None:
    wanted = expected(sheet, WEINBERG)
    assert all(agreement.is_whole for agreement in compare(wanted, wanted).values())


def test_moved_note_and_lost_mark_are_found(sheet: Score) -> None:
    wanted = expected(sheet, WEINBERG)
    first, *others = wanted.notes
    moved = replace(first, onset=first.onset + Fraction(1, 4))
    seen = replace(
        wanted,
        notes=(moved, *others),
        marks=frozenset(mark for mark in wanted.marks if mark[2] is not Feature.ACCENT),
    )
    found = compare(wanted, seen)
    n = len(wanted.notes)
    assert found[Feature.PLACE] == Agreement(n, n - 1, 1)
    assert found[Feature.ACCENT] == Agreement(1, 0, 0)
    assert found[Feature.FLAM].is_whole


@pytest.mark.parametrize("reader", [by_music21, by_verovio])
def test_reader_sees_notes_ghosts_accents_and_small_notes_of_the_sheet(
    reader: object, sheet: Score
) -> None:
    seen = reader.read(write_musicxml(sheet))  # type: ignore[attr-defined]
    found = compare(expected(sheet, WEINBERG), seen)
    for feature in (
        Feature.PLACE,
        Feature.GHOST,
        Feature.ACCENT,
        Feature.FLAM,
        Feature.DRAG,
        Feature.OPEN,
        Feature.CLOSING,
        Feature.ROLL,
        Feature.TUPLET,
        Feature.TEMPO,
        Feature.SECTION,
        Feature.DYNAMICS,
        Feature.HAIRPIN,
        Feature.PICKUP,
    ):
        assert found[feature].is_whole, feature


def trips(
    *, right: int = 10, unread: tuple[str, ...] = (), complaints: tuple[str, ...] = ()
) -> RoundTrips:
    whole = Agreement(10, 10, 0)
    features = {Feature.PLACE: Agreement(10, right, 0), Feature.GHOST: whole, Feature.ACCENT: whole}
    return RoundTrips(
        (
            ImporterResult("Reader", "1.2", 3, unread, features),
            ImporterResult("Absent", None, 0, (), {}),
        ),
        LilypondResult("2.25", 3, 10, 10, 0, complaints, 0),
    )


def test_lines_pass_if_everything_came_back() -> None:
    lines = round_trip_lines(trips())
    assert all(line.passes is not False for line in lines)
    assert [line.value for line in lines if "Absent" in line.measure] == [None] * 3


@pytest.mark.parametrize(
    "wrong", [{"right": 9}, {"unread": ("3/4",)}, {"complaints": ("warning: barcheck",)}]
)
def test_lines_fail_if_something_did_not(wrong: dict[str, object]) -> None:
    assert any(line.passes is False for line in round_trip_lines(trips(**wrong)))  # type: ignore[arg-type]


def test_report_tells_round_trips_as_text_and_as_json() -> None:
    report = build_report([], [], trips(right=9))
    text = as_text(report)
    assert "Reader 1.2" in text
    assert "9 of 10" in text
    assert "not installed: Absent" in text
    document = report.to_dict()
    assert document["round_trips"]["importers"][0]["features"]["onsets and drums"]["right"] == 9
    assert not report.passes


MSCX = b"""<?xml version="1.0"?>
<museScore version="3.01"><Score>
 <Part><Instrument>
  <Drum pitch="36"><line>7</line></Drum><Drum pitch="38"><line>3</line></Drum>
 </Instrument></Part>
 <Staff id="1"><VBox><Text><style>Title</style></Text></VBox>
  <Measure><voice>
   <TimeSig/><Tempo/><Rest><durationType>quarter</durationType></Rest>
   <Chord><durationType>eighth</durationType><acciaccatura/><Note><pitch>38</pitch></Note></Chord>
   <Chord><durationType>eighth</durationType><dots>1</dots>
    <Articulation><subtype>articAccentAbove</subtype></Articulation>
    <Note><Symbol><name>noteheadParenthesisLeft</name></Symbol><pitch>38</pitch></Note></Chord>
   <Chord><durationType>16th</durationType><Note><pitch>38</pitch><head>cross</head></Note></Chord>
   <Tuplet><normalNotes>2</normalNotes><actualNotes>3</actualNotes></Tuplet>
   <Rest><durationType>eighth</durationType></Rest>
   <Chord><durationType>eighth</durationType><Note><pitch>36</pitch></Note></Chord>
   <Rest><durationType>eighth</durationType></Rest><endTuplet/>
  </voice><voice>
   <location><fractions>1/4</fractions></location>
   <Chord><durationType>half</durationType><Note><pitch>36</pitch></Note></Chord>
  </voice></Measure>
 </Staff></Score></museScore>"""


def test_musescore_file_is_read_note_by_note() -> None:
    seen = by_musescore.seen_in(MSCX)
    assert [(n.onset, n.position, n.head, n.is_ghost, n.key) for n in seen.notes] == [
        (Fraction(1), "C5", "normal", True, 38),
        (Fraction(7, 4), "C5", "x", False, 38),
        (Fraction(7, 3), "F4", "normal", False, 36),
        (Fraction(1), "F4", "normal", False, 36),
    ]
    assert seen.marks == {(0, Fraction(1), Feature.FLAM), (0, Fraction(1), Feature.ACCENT)}
    assert seen.counts[Feature.TITLE] == seen.counts[Feature.TEMPO] == 1
    assert seen.counts[Feature.PICKUP] == 0

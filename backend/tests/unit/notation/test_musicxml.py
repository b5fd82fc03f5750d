"""Every document is valid against the schema and says what the score says."""

from collections import Counter
from dataclasses import replace
from fractions import Fraction
from xml.etree import ElementTree as ET

import pytest

from drumscribe.domain.drums import Articulation, Hit, Instrument
from drumscribe.domain.score import Score, ScoreNote
from drumscribe.errors import InvalidOption
from drumscribe.notation.quantize import quantize
from drumscribe.notation.structure import with_similes
from drumscribe.notation.writers.musicxml import write_musicxml
from engraving_pieces import PIECES, H, K, Piece, S, Writer, every_sound, steady_grid
from engraving_readers import musicxml_schema, read_musicxml

NASTY_TEXTS = [
    'say "cheese" \\ now',
    '#(system "id")',
    "<script>&amp; ]]> <!-- -->",
    "emoji \U0001f941",
    "line\u2028separator",
    "control \x00\x01\x0b\x1f\x7f \ufffe\uffff",
    "lone \ud800 surrogate",
    "x" * 500,
    "   ",
]


def score_of(name: str) -> tuple[Piece, Score]:
    piece = PIECES[name]()
    return piece, quantize(
        piece.hits, piece.grid, title="A Title", artist="A Band", source="a.flac"
    )


def one(element: ET.Element, path: str) -> ET.Element:
    found = element.find(path)
    assert found is not None, path
    return found


def assert_valid(document: bytes) -> None:
    errors = [
        f"{e.path}: {e.reason}" for e in musicxml_schema().iter_errors(ET.fromstring(document))
    ]
    assert not errors, errors[:3]


@pytest.mark.parametrize("name", sorted(PIECES))
def test_musicxml_of_every_piece_is_valid_and_says_the_same(name: str) -> None:
    piece, score = score_of(name)
    document = write_musicxml(score)
    assert_valid(document)
    read = {note.hit: note for note in read_musicxml(document) if note.hit >= 0}
    assert sorted(read) == list(range(len(piece.hits)))
    for placement in score.placements:
        note = read[placement.hit]
        assert (note.measure, note.onset) == (placement.measure, placement.onset)


def test_musicxml_with_similes_still_has_every_note() -> None:
    piece = PIECES["phrases"]()
    score = with_similes(quantize(piece.hits, piece.grid))
    document = write_musicxml(score)
    assert_valid(document)
    assert {note.hit for note in read_musicxml(document)} == set(range(len(piece.hits)))
    signs = [
        (bar.get("number"), sign.get("type"), sign.text)
        for bar in ET.fromstring(document).iter("measure")
        for sign in bar.iter("measure-repeat")
    ]
    assert signs == [
        ("2", "start", "1"), ("5", "stop", None), ("7", "start", "2"), ("9", "stop", None),
        ("10", "start", "1"), ("11", "stop", None), ("13", "start", "4"),
    ]  # fmt: skip


def test_musicxml_says_sections_dynamics_and_hairpins() -> None:
    _, score = score_of("song-with-form")
    document = write_musicxml(score)
    assert_valid(document)
    bars = {bar.get("number"): bar for bar in ET.fromstring(document).iter("measure")}
    letters = {n: b.findtext(".//rehearsal") for n, b in bars.items() if b.find(".//rehearsal")
               is not None}  # fmt: skip
    assert letters == {"3": "A", "11": "B", "19": "A2", "27": "B2", "35": "C", "43": "D",
                       "47": "B3"}  # fmt: skip
    wedges = {n: [w.get("type") for w in b.iter("wedge")] for n, b in bars.items()}
    assert {n: kinds for n, kinds in wedges.items() if kinds} == {
        "43": ["crescendo"], "47": ["stop"],
    }  # fmt: skip


def test_musicxml_same_score_twice_gives_the_same_bytes() -> None:
    _, score = score_of("rock-beat")
    assert write_musicxml(score) == write_musicxml(score)


def test_musicxml_every_sound_has_its_line_head_instrument_and_key() -> None:
    piece, score = every_sound(), None
    score = quantize(piece.hits, piece.grid)
    document = write_musicxml(score)
    read = {note.hit: note for note in read_musicxml(document)}
    a = Articulation
    expected = {
        (Instrument.KICK, None): ("F4", "normal", "2"),
        (Instrument.SNARE, None): ("C5", "normal", "1"),
        (Instrument.SNARE, a.CROSS_STICK): ("C5", "x", "1"),
        (Instrument.SNARE, a.RIMSHOT): ("C5", "slashed", "1"),
        (Instrument.HIHAT_CLOSED, None): ("G5", "x", "1"),
        (Instrument.HIHAT_CLOSED, a.PEDAL): ("D4", "x", "2"),
        (Instrument.HIHAT_OPEN, None): ("G5", "x", "1"),
        (Instrument.HIHAT_OPEN, a.SPLASH): ("D4", "circle-x", "2"),
        (Instrument.RIDE, None): ("F5", "x", "1"),
        (Instrument.RIDE, a.RIDE_BELL): ("F5", "diamond", "1"),
        (Instrument.CRASH, None): ("A5", "x", "1"),
        (Instrument.CRASH, a.CRASH_2): ("B5", "x", "1"),
        (Instrument.CRASH, a.SPLASH): ("C6", "x", "1"),
        (Instrument.TOM_HIGH, None): ("E5", "normal", "1"),
        (Instrument.TOM_MID, None): ("D5", "normal", "1"),
        (Instrument.TOM_LOW, None): ("A4", "normal", "1"),
    }
    for i, hit in enumerate(piece.hits):
        key = (hit.instrument, hit.articulation)
        if key in expected:
            assert (read[i].position, read[i].head, read[i].voice) == expected[key], key
    root = ET.fromstring(document)
    keys = {
        i.get("id"): int(i.findtext("midi-unpitched", "0")) - 1
        for i in root.iter("midi-instrument")
    }
    assert keys["P1-kick"] == 36
    assert keys["P1-snare-cross-stick"] == 37
    assert keys["P1-hihat-closed-pedal"] == 44
    assert keys["P1-ride-ride-bell"] == 53
    assert (keys["P1-crash"], keys["P1-crash-crash-2"]) == (49, 57)
    assert {i.findtext("midi-channel") for i in root.iter("midi-instrument")} == {"10"}
    used = {i.get("id") for i in root.iter("instrument")}
    assert used == set(keys) == {i.get("id") for i in root.iter("score-instrument")}


def test_musicxml_ghosts_accents_and_hat_marks_stand_on_their_notes() -> None:
    piece, score = score_of("rock-beat")
    document = write_musicxml(score)
    read = {note.hit: note for note in read_musicxml(document)}
    for i, hit in enumerate(piece.hits):
        assert read[i].is_ghost == (hit.velocity == 0.18)
        assert read[i].is_accent == (hit.velocity == 0.95)
    tags = Counter(e.tag for e in ET.fromstring(document).iter())
    assert tags["open-string"] == 2
    assert tags["stopped"] == 1


def test_musicxml_flam_is_a_slashed_eighth_and_drag_two_sixteenths() -> None:
    grid = steady_grid("4/4", 1)
    hits = [
        Hit(0.97, S, 0.3), Hit(1.0, S, 0.8),
        Hit(1.42, S, 0.3), Hit(1.46, S, 0.3), Hit(1.5, S, 0.8),
    ]  # fmt: skip
    document = write_musicxml(quantize(hits, grid))
    assert_valid(document)
    graces = [n for n in ET.fromstring(document).iter("note") if n.find("grace") is not None]
    slashes = [one(n, "grace").get("slash") for n in graces]
    assert slashes == ["yes", "no", "no"]
    assert [n.findtext("type") for n in graces] == ["eighth", "16th", "16th"]
    assert all(n.find("duration") is None for n in graces)


def test_musicxml_roll_has_three_strokes_with_its_beams() -> None:
    w = Writer(steady_grid("4/4", 1))
    w.add(S, 0, 1, 1.5, 2, articulation=Articulation.ROLL)
    piece = w.piece()
    document = write_musicxml(quantize(piece.hits, piece.grid))
    assert_valid(document)
    notes = [n for n in ET.fromstring(document).iter("note") if n.find("unpitched") is not None]
    strokes = [
        (n.findtext("type"), n.findtext("notations/ornaments/tremolo"), len(n.findall("beam")))
        for n in notes
    ]
    assert strokes == [
        ("quarter", "3", 0), ("eighth", "2", 1), ("eighth", "2", 1), ("quarter", "3", 0)
    ]  # fmt: skip


def test_musicxml_beams_follow_the_beat_and_join_plain_eighths() -> None:
    w = Writer(steady_grid("4/4", 1))
    w.add(H, *[Fraction(k, 2) for k in range(4)], 2, 2.75, 3, 3.25, 3.5, 3.75)
    piece = w.piece()
    root = ET.fromstring(write_musicxml(quantize(piece.hits, piece.grid)))
    beams = [[b.text for b in n.iterfind("beam")] for n in root.iter("note")]
    assert beams == [
        ["begin"], ["continue"], ["continue"], ["end"],
        ["begin"], ["end", "backward hook"],
        ["begin", "begin"], ["continue", "continue"], ["continue", "continue"], ["end", "end"],
    ]  # fmt: skip


def test_musicxml_pickup_is_implicit_and_numbered_zero() -> None:
    _, score = score_of("waltz-with-pickup")
    measures = list(ET.fromstring(write_musicxml(score)).iter("measure"))
    assert [m.get("number") for m in measures] == ["0", "1", "2", "3", "4"]
    assert [m.get("implicit") for m in measures] == ["yes", None, None, None, None]


def test_musicxml_bars_of_rest_are_gathered() -> None:
    w = Writer(steady_grid("4/4", 12))
    w.add(K, 0, bar=4)
    w.add(K, 0, bar=9)
    piece = w.piece()
    root = ET.fromstring(write_musicxml(quantize(piece.hits, piece.grid)))
    bars = list(root.iter("measure"))
    # Of the first four bars the first bears the tempo, which Verovio drops in a multiple rest.
    assert {
        k: bar.findtext(".//multiple-rest")
        for k, bar in enumerate(bars)
        if bar.find(".//multiple-rest") is not None
    } == {1: "3", 5: "4"}
    assert one(bars[0], "note/rest").get("measure") == "yes"


def test_musicxml_hands_and_feet_that_rest_together_share_one_rest_in_the_middle() -> None:
    w = Writer(steady_grid("4/4", 1))
    w.add(K, 0, 3)
    w.add(H, 0, 2, 3)
    piece = w.piece()
    root = ET.fromstring(write_musicxml(quantize(piece.hits, piece.grid)))
    rests = [
        (note.findtext("voice"), note.findtext("rest/display-step"), note.get("print-object"))
        for note in root.iter("note")
        if note.find("rest") is not None
    ]
    # Both rest on beat 2, the feet alone on beat 3.
    assert rests == [("1", "B", None), ("2", "B", "no"), ("2", None, None)]
    assert_valid(ET.tostring(root))


def test_musicxml_tempo_counts_dotted_quarters_in_six_eight() -> None:
    _, score = score_of("six-eight")
    root = ET.fromstring(write_musicxml(score))
    metronome = one(root, "part/measure/direction/direction-type/metronome")
    assert [(e.tag, e.text) for e in metronome] == [
        ("beat-unit", "quarter"), ("beat-unit-dot", None), ("per-minute", "60"),
    ]  # fmt: skip
    assert float(one(root, "part/measure/direction/sound").get("tempo", "")) == 90.0


def test_musicxml_says_where_a_piece_swings_and_where_not() -> None:
    w = Writer(steady_grid("4/4", 16, bpm=120))
    for bar in range(16):
        late = Fraction(2, 3) if bar < 8 else Fraction(1, 2)
        w.add(H, *[beat + p for beat in range(4) for p in (0, late)], bar=bar)
    piece = w.piece()
    document = write_musicxml(quantize(piece.hits, piece.grid))
    assert_valid(document)
    feels = {
        bar.get("number"): [e.tag for e in swing]
        for bar in ET.fromstring(document).iter("measure")
        for swing in bar.iterfind(".//sound/swing")
    }
    assert feels == {"1": ["first", "second", "swing-type"], "9": ["straight"]}


def test_musicxml_swing_is_marked_and_triplets_are_not_written() -> None:
    _, score = score_of("shuffle")
    document = write_musicxml(score)
    assert_valid(document)
    root = ET.fromstring(document)
    swing = one(root, "part/measure/direction/sound/swing")
    assert [(e.tag, e.text) for e in swing] == [
        ("first", "2"), ("second", "1"), ("swing-type", "eighth"),
    ]  # fmt: skip
    first = next(root.iter("measure"))
    assert first.find("note/time-modification") is None
    assert [w.text for w in root.iter("words")] == ["Shuffle"]


def test_musicxml_velocity_is_percent_of_forte() -> None:
    score = quantize([Hit(0.5, K, 90 / 127)], steady_grid("4/4", 1))
    note = next(n for n in ET.fromstring(write_musicxml(score)).iter("note") if n.get("dynamics"))
    assert float(note.get("dynamics", "")) == pytest.approx(100.0, abs=0.1)


@pytest.mark.parametrize("text", NASTY_TEXTS)
def test_musicxml_with_nasty_title_is_valid(text: str) -> None:
    _, score = score_of("rock-beat")
    # Also where a Score was built by hand, so that nothing cleaned its words before.
    nasty = replace(score, title=text, artist=text, source=text)
    document = write_musicxml(nasty)
    assert_valid(document)
    title = ET.fromstring(document).findtext("work/work-title", "")
    assert len(title) <= 200
    assert title.isprintable()


def test_musicxml_every_articulation_on_every_instrument_is_valid() -> None:
    hits = []
    for k, instrument in enumerate(Instrument):
        for j, articulation in enumerate([None, *Articulation]):
            hits.append(Hit(0.5 + 0.25 * (16 * k + j), instrument, 0.7, 1.0, articulation))
    score = quantize(hits, steady_grid("4/4", 40))
    document = write_musicxml(score)
    assert_valid(document)
    n_graces = len(Instrument) * (1 + 2)  # of each flam and drag that is said
    assert len(read_musicxml(document)) == len(hits) + n_graces


def test_musicxml_note_without_hit_has_no_id() -> None:
    score = quantize([Hit(0.5, S)], steady_grid("4/4", 1))
    measure = score.measures[0]
    voice = measure.voices[0]
    event = replace(voice.events[0], notes=(ScoreNote(S),))
    voice = replace(voice, events=(event, *voice.events[1:]))
    document = write_musicxml(Score((replace(measure, voices=(voice,)),)))
    assert_valid(document)
    assert b"hit-" not in document


def test_musicxml_unknown_style_is_refused() -> None:
    _, score = score_of("rock-beat")
    with pytest.raises(InvalidOption, match="weinberg"):
        write_musicxml(score, style="baroque")

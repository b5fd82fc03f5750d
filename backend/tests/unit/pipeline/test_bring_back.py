"""Scores that come back from other programs: what stays, what changes, what is said."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from xml.etree import ElementTree as ET

import mido
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drumscribe.domain.drums import Articulation, Hit, Instrument, numbered
from drumscribe.domain.rhythm import Metre
from drumscribe.domain.transcription import Transcript
from drumscribe.domain.wishes import Form, KeyMap, PageWishes, Similes, Style
from drumscribe.errors import (
    DrumScribeError,
    InvalidHits,
    NoDrumPart,
    NotAScore,
    ScoreFileTooLarge,
    ScoreFileUnreadable,
)
from drumscribe.library import Transcription
from drumscribe.notation.bringing.changes import Brought, Changes
from drumscribe.notation.bringing.placing import AlignedBy
from drumscribe.pipeline.bring_back import bring_back, with_brought
from drumscribe.pipeline.formats import FORMATS, Engravers, Sheet
from drumscribe.pipeline.rerender import transcript_from_hits
from engraving_pieces import PIECES, Piece, Writer, seven_eight, steady_grid

K, S, H, OH = Instrument.KICK, Instrument.SNARE, Instrument.HIHAT_CLOSED, Instrument.HIHAT_OPEN
HERE = Path(__file__).parent
SAVED_BY_MUSESCORE = HERE / "musescore"
EXAMPLES = HERE.parents[3] / "examples"
METRES = ("2/4", "3/4", "4/4", "5/4", "2/2", "3/8", "6/8", "7/8", "9/8", "12/8", "7/16")


def transcript_of(piece: Piece) -> Transcript:
    hits = numbered(piece.hits)
    last = float(max(hits[-1].time, piece.grid.beat_times[-1]))
    confidence = float(np.mean([hit.confidence for hit in hits]))
    return Transcript(hits, piece.grid, last + 1.0, confidence)


def written(transcript: Transcript, page: PageWishes | None = None) -> ET.Element:
    made = Transcription(transcript, page=page or PageWishes()).to_musicxml()
    return ET.fromstring(made)


def brought(root: ET.Element, transcript: Transcript) -> Brought:
    return bring_back(ET.tostring(root), transcript)


def is_unchanged(brought: Brought, transcript: Transcript) -> bool:
    same_ids = [hit.id for hit in brought.hits] == [hit.id for hit in transcript.hits]
    return brought.hits == transcript.hits and same_ids and brought.grid is None


def bar(root: ET.Element, number: int) -> ET.Element:
    return next(m for m in root.iter("measure") if m.get("number") == str(number))


def note_of(transcript: Transcript, root: ET.Element, hit: Hit) -> ET.Element:
    return next(note for note in root.iter("note") if note.get("id") == f"hit-{hit.id}")


def as_rest(note: ET.Element) -> None:
    """A note alone in its chord becomes a rest."""
    for tag in ("unpitched", "instrument", "stem", "notehead", "notations", "beam"):
        for element in note.findall(tag):
            note.remove(element)
    note.insert(0, ET.Element("rest"))


@st.composite
def any_page(draw: st.DrawFn) -> Transcript:
    """Strokes anywhere, of anything, over beats that stray, with or without a pickup."""
    metre = draw(st.sampled_from(METRES))
    pickup = draw(st.integers(0, 2))
    grid = steady_grid(metre, 4, bpm=draw(st.floats(50, 220)), pickup_beats=pickup)
    seed = draw(st.integers(0, 2**32 - 1))
    random = np.random.default_rng(seed)
    step = float(np.diff(grid.beat_times)[0])
    strayed = grid.beat_times + random.uniform(-0.1, 0.1, grid.beat_times.size) * step
    grid = replace(grid, beat_times=np.maximum.accumulate(strayed) + 1e-6 * np.arange(strayed.size))
    marks = [*[None] * 6, *Articulation]
    n = draw(st.integers(1, 60))
    hits = sorted(
        Hit(
            float(time),
            list(Instrument)[random.integers(len(Instrument))],
            float(random.random()),
            float(random.random()),
            marks[random.integers(len(marks))],
        )
        for time in random.uniform(0.0, float(grid.beat_times[-1]), n)
    )
    return transcript_of(Piece(tuple(hits), (), grid))


@settings(max_examples=25, deadline=None)
@given(any_page(), st.sampled_from(list(Style)), st.booleans())
def test_page_as_musicxml_comes_back_as_the_same_page(
    transcript: Transcript, style: Style, shortens: bool
) -> None:
    similes = Similes.ALWAYS if shortens else Similes.NEVER
    root = written(transcript, PageWishes(style=style, similes=similes))
    found = brought(root, transcript)
    assert is_unchanged(found, transcript)
    assert (found.changes.changed, found.changes.added, found.changes.removed) == (0, 0, 0)
    assert found.notices == ()


@settings(max_examples=25, deadline=None)
@given(any_page())
def test_page_as_json_comes_back_as_the_same_page(transcript: Transcript) -> None:
    found = bring_back(Transcription(transcript).to_json().encode(), transcript)
    assert is_unchanged(found, transcript)
    assert found.changes == Changes(kept=len(transcript.hits))


@settings(max_examples=25, deadline=None)
@given(any_page(), st.sampled_from(list(KeyMap)))
def test_page_as_midi_comes_back_with_the_same_notes(transcript: Transcript, keys: KeyMap) -> None:
    page = Transcription(transcript, page=PageWishes(drum_map=keys))
    for performance in (False, True):
        found = bring_back(page.to_midi(performance=performance), transcript, drum_map=keys)
        assert (found.changes.added, found.changes.removed) == (0, 0)
        assert {hit.id for hit in found.hits} == {hit.id for hit in transcript.hits}


@pytest.mark.parametrize("name", PIECES)
def test_every_piece_comes_back_from_the_form_that_musescore_writes(name: str) -> None:
    """Compressed, without our ids, positions in many divisions, velocities rounded."""
    transcript = transcript_of(PIECES[name]())
    root = written(transcript)
    for element in root.iter():
        element.attrib.pop("id", None) if element.tag in ("note", "measure") else None
        if element.tag == "divisions":
            element.text = str(int(element.text or "1") * 480)
        if element.tag == "duration":
            element.text = str(int(element.text or "0") * 480)
        if "dynamics" in element.attrib:
            midi = round(float(element.attrib["dynamics"]) * 0.9)
            element.set("dynamics", f"{midi / 0.9:.2f}")
    found = bring_back(compressed(ET.tostring(root)), transcript)
    assert is_unchanged(found, transcript)


def seven_eight_song() -> Transcript:
    """Bars of seven eighths after two eighths of pickup, in a tempo that is not steady."""
    piece = seven_eight()
    grid = steady_grid("7/8", 6, bpm=280, pickup_beats=2)
    beats = 0.7 + np.cumsum(0.2 + 0.02 * np.sin(np.arange(grid.beat_times.size) / 5))
    w = Writer(replace(grid, beat_times=beats))
    w.add(S, 0, 0.5)
    for at, hit in zip(piece.at, piece.hits, strict=True):
        w.add(hit.instrument, 1 + at, velocity=hit.velocity)
    return transcript_of(w.piece())


def example_song_as_played() -> Transcript:
    """What the drummer of the example song played, over its beats."""
    document = json.loads((EXAMPLES / "funk-rock.beats.json").read_bytes())
    document["hits"] = json.loads((EXAMPLES / "funk-rock.hits.json").read_bytes())
    return transcript_from_hits(json.dumps(document).encode())


def musescore_pages() -> dict[str, Transcript]:
    return {
        "seven-eight-with-pickup": seven_eight_song(),
        "example-song": example_song_as_played(),
        "every-sound": transcript_of(PIECES["every-sound"]()),
    }


@pytest.mark.parametrize("name", ["seven-eight-with-pickup", "example-song", "every-sound"])
def test_page_that_musescore_saved_comes_back_as_the_same_page(name: str) -> None:
    """The .mxl files are what MuseScore 3.2.3 wrote after it had read our MusicXML."""
    transcript = musescore_pages()[name]
    content = (SAVED_BY_MUSESCORE / f"{name}.mxl").read_bytes()

    after, found = with_brought(content, transcript)

    assert is_unchanged(found, transcript)
    assert (found.changes.changed, found.changes.added, found.changes.removed) == (0, 0, 0)
    assert after.grid.downbeat_times.tolist() == transcript.grid.downbeat_times.tolist()
    before = Transcription(transcript)
    assert FORMATS["timemap"].write(sheet(after)) == FORMATS["timemap"].write(sheet(transcript))
    assert Transcription(after).to_musicxml() == before.to_musicxml()


def sheet(transcript: Transcript) -> Sheet:
    return Sheet(transcript, Transcription(transcript).score, PageWishes(), Engravers())


def compressed(document: bytes, *, name: str = "score.xml", says: str | None = None) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        container = (
            f'<container><rootfiles><rootfile full-path="{says or name}"/></rootfiles></container>'
        )
        archive.writestr("META-INF/container.xml", container)
        archive.writestr(name, document)
    return packed.getvalue()


def test_added_note_is_played_on_the_beats_of_the_recording() -> None:
    transcript = seven_eight_song()
    root = written(transcript)
    # The ride on the fourth eighth of bar 3 gets a snare beside it.
    measure = bar(root, 3)
    alone = [note for note in measure.iter("note") if note.find("chord") is None]
    twin = next(note for note in alone if onset_in(measure, note, root) == Fraction(3, 2))
    snare = ET.fromstring(ET.tostring(twin))
    snare.attrib.clear()
    snare.insert(0, ET.Element("chord"))
    set_text(snare, "unpitched/display-step", "C")
    set_text(snare, "notehead", "normal")
    instrument = snare.find("instrument")
    assert instrument is not None
    instrument.set("id", "P1-snare")
    for beam in snare.findall("beam"):
        snare.remove(beam)
    measure.insert(list(measure).index(twin) + 1, snare)

    found = brought(root, transcript)

    assert found.changes == Changes(kept=len(transcript.hits), added=1)
    assert found.grid is None
    (new,) = [hit for hit in found.hits if hit.id == len(transcript.hits)]
    # Two eighths of pickup, two bars of seven, three eighths.
    beat = float(transcript.grid.beat_times[2 + 14 + 3])
    assert (new.instrument, new.articulation, new.confidence) == (S, None, 1.0)
    assert new.time == pytest.approx(beat, abs=0.005)
    kept = [hit for hit in found.hits if hit.id != new.id]
    assert kept == list(transcript.hits)


def set_text(note: ET.Element, path: str, text: str) -> None:
    element = note.find(path)
    assert element is not None
    element.text = text


def onset_in(measure: ET.Element, note: ET.Element, root: ET.Element) -> Fraction | None:
    divisions = int(root.findtext(".//divisions") or "1")
    now = Fraction(0)
    for element in measure:
        if element is note:
            return now
        length = Fraction(int(element.findtext("duration") or "0"), divisions)
        if element.tag == "backup":
            now -= length
        elif element.tag == "note" and element.find("chord") is None:
            now += length
    return None


def test_removed_note_is_gone_and_all_others_stay() -> None:
    transcript = transcript_of(PIECES["tom-fill"]())
    root = written(transcript)
    tom = next(hit for hit in transcript.hits if hit.instrument is Instrument.TOM_MID)
    as_rest(note_of(transcript, root, tom))
    found = brought(root, transcript)
    assert found.changes.removed == 1
    assert found.hits == tuple(hit for hit in transcript.hits if hit.id != tom.id)


def with_technical(note: ET.Element, tag: str) -> None:
    notations = note.find("notations")
    if notations is None:
        notations = ET.SubElement(note, "notations")
    ET.SubElement(ET.SubElement(notations, "technical"), tag)


def test_signs_that_were_put_on_change_how_a_stroke_is_played() -> None:
    transcript = transcript_of(PIECES["rock-beat"]())
    root = written(transcript)
    hats = [hit for hit in transcript.hits if hit.instrument is H][3:5]
    snares = [h for h in transcript.hits if h.instrument is S and h.velocity == 0.7][:3]
    with_technical(note_of(transcript, root, hats[0]), "open-string")
    head = note_of(transcript, root, snares[0]).find("notehead")
    assert head is not None
    head.set("parentheses", "yes")
    set_text(note_of(transcript, root, snares[1]), "notehead", "x")
    accented = note_of(transcript, root, snares[2])
    ET.SubElement(ET.SubElement(ET.SubElement(accented, "notations"), "articulations"), "accent")

    found = brought(root, transcript)

    now = {hit.id: hit for hit in found.hits}
    assert (found.changes.changed, found.changes.added, found.changes.removed) == (4, 0, 0)
    assert now[hats[0].id].instrument is OH
    assert now[snares[0].id].articulation is Articulation.GHOST
    assert now[snares[1].id].articulation is Articulation.CROSS_STICK
    assert now[snares[2].id].articulation is Articulation.ACCENT
    for hit in (hats[0], *snares):
        assert now[hit.id].time == hit.time
    assert now[hats[1].id] == hats[1]


def test_flam_that_was_put_on_or_taken_off() -> None:
    transcript = transcript_of(PIECES["every-sound"]())
    root = written(transcript)
    flam = next(h for h in transcript.hits if h.articulation is Articulation.FLAM)
    plain = next(h for h in transcript.hits if h.instrument is Instrument.TOM_LOW)
    measures = list(root.iter("measure"))
    for measure in measures:
        for k, note in enumerate(list(measure)):
            after = list(measure)[k + 1] if k + 1 < len(measure) else None
            is_grace = note.find("grace") is not None
            if is_grace and after is not None and after.get("id") == f"hit-{flam.id}":
                measure.remove(note)
                break
    tom = note_of(transcript, root, plain)
    home = next(measure for measure in measures if tom in list(measure))
    grace = ET.fromstring(ET.tostring(tom))
    grace.attrib.clear()
    for tag in ("duration", "beam", "notations"):
        for element in grace.findall(tag):
            grace.remove(element)
    grace.insert(0, ET.Element("grace"))
    home.insert(list(home).index(tom), grace)

    found = brought(root, transcript)

    now = {hit.id: hit for hit in found.hits}
    assert now[flam.id].articulation is None
    assert now[plain.id].articulation is Articulation.FLAM
    assert found.changes.changed == 2


def test_drum_that_the_kit_has_not_is_left_out_and_counted() -> None:
    transcript = transcript_of(PIECES["rock-beat"]())
    root = written(transcript)
    for name in root.iter("instrument-name"):
        if name.text == "Crash":
            name.text = "Cowbell"
    for midi in root.iter("midi-instrument"):
        if midi.get("id") == "P1-crash":
            set_text(midi, "midi-unpitched", "57")
    found = brought(root, transcript)
    assert found.changes.removed == 1
    assert found.notices == ("1 note on drums that this kit does not have was left out (Cowbell).",)


def test_bar_of_two_quarters_that_was_put_between_moves_the_bar_lines() -> None:
    """The recording has a 2/4 bar that the page has not: in the chart it is written, and the music
    after it flows on."""
    w = Writer(steady_grid("4/4", 6, bpm=120))
    for beat in range(22):
        w.add(K if beat % 2 else S, beat)
        w.add(H, beat, beat + 0.5)
    transcript = transcript_of(w.piece())
    truth = replace(
        transcript.grid,
        beat_numbers=np.array([*[1, 2, 3, 4] * 2, 1, 2, *[1, 2, 3, 4] * 4][:25], dtype=np.int64),
    )
    root = written(replace(transcript, grid=truth))

    transcript_after, found = with_brought(ET.tostring(root), transcript)

    assert found.changes == Changes(kept=len(transcript.hits))
    assert found.aligned_by is AlignedBy.POSITIONS
    assert found.hits == transcript.hits
    downbeats = transcript_after.grid.downbeat_times
    assert downbeats == pytest.approx(truth.downbeat_times[: downbeats.size])
    made = Transcription(transcript_after).score
    assert [str(m.metre) for m in made.measures[:4]] == ["4/4", "4/4", "2/4", "4/4"]
    assert transcript_after.grid.metre_is_said


def test_other_metre_over_the_same_beats() -> None:
    w = Writer(steady_grid("4/4", 6, bpm=120))
    for beat in range(23):
        w.add(K if beat % 3 == 0 else S, beat)
    transcript = transcript_of(w.piece())
    waltz = replace(
        transcript.grid, metre=Metre(3, 4), beat_numbers=np.arange(25, dtype=np.int64) % 3 + 1
    )
    root = written(replace(transcript, grid=waltz))
    after, found = with_brought(ET.tostring(root), transcript)
    assert found.changes == Changes(kept=len(transcript.hits))
    assert str(after.grid.metre) == "3/4"
    assert after.grid.beat_times == pytest.approx(transcript.grid.beat_times)
    assert "Bar lines and time signatures follow the file." in found.notices


def test_bar_that_was_taken_out_leaves_the_others_where_they_are() -> None:
    transcript = transcript_of(PIECES["song-with-form"]())
    root = written(transcript)
    part = root.find("part")
    assert part is not None
    gone = bar(root, 20)
    n_gone = sum(n.find("unpitched") is not None for n in gone.iter("note"))
    part.remove(gone)
    found = brought(root, transcript)
    assert found.aligned_by is AlignedBy.LIKENESS
    assert found.changes.removed == n_gone
    assert found.changes.added == 0
    known = {hit.id: hit for hit in transcript.hits}
    assert all(known[hit.id] == hit for hit in found.hits)


def test_bar_that_was_put_in_has_no_place_in_the_recording() -> None:
    transcript = transcript_of(PIECES["song-with-form"]())
    root = written(transcript)
    part = root.find("part")
    assert part is not None
    fill = ET.fromstring(ET.tostring(bar(root, 18)))
    n_new = sum(n.find("unpitched") is not None for n in fill.iter("note"))
    part.insert(list(part).index(bar(root, 30)), fill)
    found = brought(root, transcript)
    assert found.hits == transcript.hits
    assert found.notices == (
        f"1 bar of the file has no counterpart in the recording; {n_new} notes were left out "
        "there.",
    )


def test_chart_comes_back_with_repeats_written_out_and_slashes_as_they_were() -> None:
    transcript = transcript_of(PIECES["song-with-form"]())
    root = written(transcript, PageWishes(form=Form.CHART))
    assert root.find(".//repeat") is not None
    found = brought(root, transcript)
    assert found.changes.added == 0
    assert found.changes.kept > 0.9 * len(transcript.hits)


def test_repeat_sign_plays_its_bars_again() -> None:
    transcript = transcript_of(PIECES["phrases"]())
    root = written(transcript)
    part = root.find("part")
    assert part is not None
    # Bars 9 to 16 are A A B D twice.
    for number in range(13, 17):
        part.remove(bar(root, number))
    left = ET.Element("barline", location="left")
    ET.SubElement(left, "repeat", direction="forward")
    bar(root, 9).insert(0, left)
    right = ET.SubElement(bar(root, 12), "barline", location="right")
    ET.SubElement(right, "repeat", direction="backward")
    assert is_unchanged(brought(root, transcript), transcript)


def test_repeat_of_a_bar_without_notes_is_the_bar_before() -> None:
    transcript = transcript_of(PIECES["phrases"]())
    root = written(transcript)
    second = bar(root, 2)
    for note in list(second):
        second.remove(note)
    attributes = ET.SubElement(second, "attributes")
    style = ET.SubElement(attributes, "measure-style")
    ET.SubElement(style, "measure-repeat", type="start").text = "1"
    third = bar(root, 3)
    stop = ET.Element("attributes")
    ET.SubElement(ET.SubElement(stop, "measure-style"), "measure-repeat", type="stop")
    third.insert(0, stop)
    assert is_unchanged(brought(root, transcript), transcript)


def test_midi_quantised_in_a_sequencer_moves_the_notes_and_keeps_their_names() -> None:
    transcript = transcript_of(PIECES["song"]())
    page = Transcription(transcript)
    midi = mido.MidiFile(file=io.BytesIO(page.to_midi(performance=True)))
    moved = shifted(midi, lambda tick: round(tick / 240) * 240)
    found = bring_back(moved, transcript)
    assert found.aligned_by is AlignedBy.TIME
    assert (found.changes.added, found.changes.removed) == (0, 0)
    assert {hit.id for hit in found.hits} == {hit.id for hit in transcript.hits}
    was = {hit.id: hit for hit in transcript.hits}
    away = [abs(hit.time - was[hit.id].time) for hit in found.hits]
    assert 0.002 < max(away) < 0.045


def shifted(midi: mido.MidiFile, place: Callable[[int], int]) -> bytes:
    """The same with its notes on other ticks, tempi where they were."""
    timed = []
    now = 0
    for message in midi.tracks[0]:
        now += message.time
        is_note = message.type in ("note_on", "note_off")
        timed.append((place(now) if is_note else now, message))
    timed.sort(key=lambda entry: entry[0])
    track = mido.MidiTrack()
    now = 0
    for tick, message in timed:
        track.append(message.copy(time=tick - now))
        now = tick
    made = mido.MidiFile(type=0, ticks_per_beat=midi.ticks_per_beat)
    made.tracks.append(track)
    out = io.BytesIO()
    made.save(file=out)
    return out.getvalue()


def test_midi_that_begins_elsewhere_is_laid_where_it_fits() -> None:
    transcript = transcript_of(PIECES["song"]())
    midi = mido.MidiFile(file=io.BytesIO(Transcription(transcript).to_midi()))
    later = shifted(midi, lambda tick: tick + 8 * 960)
    found = bring_back(later, transcript)
    assert (found.changes.added, found.changes.removed) == (0, 0)
    assert found.notices == ("The file was laid 8.00 quarter notes earlier, where its notes fit.",)


def test_midi_note_that_was_added_and_one_that_became_another_drum() -> None:
    transcript = transcript_of(PIECES["rock-beat"]())
    midi = mido.MidiFile(file=io.BytesIO(Transcription(transcript).to_midi(performance=True)))
    hats = [m for m in midi.tracks[0] if m.type == "note_on" and m.note == 42 and m.velocity]
    hats[2].note = 46
    track = midi.tracks[0]
    ride = mido.Message("note_on", channel=9, note=51, velocity=100, time=hats[5].time)
    # Messages that are alike are equal.
    track.insert(next(k for k, message in enumerate(track) if message is hats[5]), ride)
    hats[5].time = 0
    out = io.BytesIO()
    midi.save(file=out)
    found = bring_back(out.getvalue(), transcript)
    assert (found.changes.changed, found.changes.added, found.changes.removed) == (1, 1, 0)
    was = [hit for hit in transcript.hits if hit.instrument is H]
    now = {hit.id: hit for hit in found.hits}
    assert now[was[2].id] == replace(was[2], instrument=OH)
    new = next(hit for hit in found.hits if hit.instrument is Instrument.RIDE)
    assert new.time == pytest.approx(was[5].time, abs=0.002)
    assert new.velocity == pytest.approx(100 / 127)


def test_json_with_other_beats_takes_them_and_gives_them_back() -> None:
    before = transcript_of(PIECES["rock-beat"]())
    document = json.loads(Transcription(before).to_json())
    document["beat_numbers"] = [(k + 2) % 4 + 1 for k in range(len(document["beats"]))]
    document["hits"] = document["hits"][1:]
    after, found = with_brought(json.dumps(document).encode(), before)
    assert found.changes == Changes(kept=len(before.hits) - 1, removed=1)
    assert after.grid.beat_numbers.tolist() == document["beat_numbers"]
    back, _ = with_brought(Transcription(before).to_json().encode(), after)
    assert Transcription(back).to_json() == Transcription(before).to_json()


def test_bare_list_of_hits_keeps_the_bars_and_the_names_of_those_that_stay() -> None:
    transcript = transcript_of(PIECES["rock-beat"]())
    hits = [{"time": h.time, "instrument": h.instrument} for h in transcript.hits[:5]]
    found = bring_back(json.dumps(hits).encode(), transcript)
    assert found.grid is None
    assert [hit.id for hit in found.hits] == [hit.id for hit in transcript.hits[:5]]


BOMB = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><score-partwise>&b;</score-partwise>'
OUTSIDE = (
    b'<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><score-partwise>&f;</score-partwise>'
)


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"ID3 a song", NotAScore),
        (b"", NotAScore),
        (b"<html><body>Log in</body></html>", ScoreFileUnreadable),
        (b"<score-partwise><part", ScoreFileUnreadable),
        (b"<score-partwise/>", NoDrumPart),
        (b'<score-timewise version="4.0"/>', ScoreFileUnreadable),
        (BOMB, ScoreFileUnreadable),
        (OUTSIDE, ScoreFileUnreadable),
        (compressed(BOMB), ScoreFileUnreadable),
        (compressed(b"<a/>", says="other.xml"), ScoreFileUnreadable),
        (compressed(b"<a>" + b" " * 25_000_000 + b"</a>"), ScoreFileTooLarge),
        (b"<" * 2_000_001, ScoreFileTooLarge),
        (b"PK\x03\x04 no archive", ScoreFileUnreadable),
        (b"MThd no file", ScoreFileUnreadable),
        (b"MThd" + bytes(1_200_000), ScoreFileTooLarge),
        (b"{}", InvalidHits),
        (b"[]", InvalidHits),
        (b'{"hits": [{"time": 9e9, "instrument": "kick"}]}', NoDrumPart),
    ],
    ids=range(18),
)
def test_what_is_no_score_is_refused_with_a_reason(
    content: bytes, error: type[DrumScribeError]
) -> None:
    with pytest.raises(error) as caught:
        bring_back(content, transcript_of(PIECES["rock-beat"]()))
    assert type(caught.value) is error
    assert caught.value.message.endswith(".")


def test_repeats_without_end_are_refused() -> None:
    transcript = transcript_of(PIECES["rock-beat"]())
    root = written(transcript)
    for measure in root.iter("measure"):
        line = ET.SubElement(measure, "barline", location="right")
        ET.SubElement(line, "repeat", direction="backward", times="999")
        again = ET.Element("barline", location="left")
        ET.SubElement(again, "repeat", direction="forward")
        measure.insert(0, again)
    found = brought(root, transcript)
    assert found.notices
    for repeat in root.iter("repeat"):
        repeat.set("times", "999")
    part = root.find("part")
    assert part is not None
    for measure in list(root.iter("measure")) * 30:
        part.append(measure)
    with pytest.raises(ScoreFileTooLarge):
        brought(root, transcript)


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_broken_files_give_an_error_of_ours_or_a_score(data: st.DataObject) -> None:
    transcript = transcript_of(PIECES["rock-beat"]())
    page = Transcription(transcript)
    kind = data.draw(st.sampled_from(["xml", "mxl", "midi", "json"]))
    writers: dict[str, Callable[[], bytes]] = {
        "xml": lambda: page.to_musicxml().encode(),
        "mxl": lambda: compressed(page.to_musicxml().encode()),
        "midi": page.to_midi,
        "json": lambda: page.to_json().encode(),
    }
    content = writers[kind]()
    begin = data.draw(st.integers(0, len(content)))
    end = data.draw(st.integers(begin, min(len(content), begin + 40)))
    broken = content[:begin] + data.draw(st.binary(max_size=6)) + content[end:]
    try:
        found = bring_back(broken, transcript)
    except DrumScribeError:
        return
    assert all(hit.time <= transcript.duration_seconds for hit in found.hits)

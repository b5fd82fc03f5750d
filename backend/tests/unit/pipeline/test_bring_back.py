"""MusicXML that somebody changed becomes the score of its recording."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from brought_pages import (
    OH,
    H,
    K,
    S,
    brought,
    is_unchanged,
    seven_eight_song,
    transcript_of,
    written,
)
from drumscribe.domain.drums import Articulation, Hit, Instrument, numbered
from drumscribe.domain.rhythm import Metre
from drumscribe.domain.transcription import Transcript
from drumscribe.library import Transcription
from drumscribe.notation.bringing.changes import Changes
from drumscribe.notation.bringing.placing import AlignedBy
from drumscribe.pipeline.bring_back import with_brought
from engraving_pieces import PIECES, Writer, steady_grid


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


def with_stroke(root: ET.Element, number: int, at: Fraction) -> None:
    """A mid tom in a voice of its own, anywhere in a bar of four quarters."""
    for element in root.iter():
        if element.tag in ("divisions", "duration"):
            element.text = str(int(element.text or "0") * 24)
    quarter = int(root.findtext(".//divisions") or "1")
    measure = bar(root, number)
    for tag, length in (("backup", Fraction(4)), ("forward", at)):
        ET.SubElement(ET.SubElement(measure, tag), "duration").text = str(int(length * quarter))
    note = ET.SubElement(measure, "note")
    place = ET.SubElement(note, "unpitched")
    ET.SubElement(place, "display-step").text = "D"
    ET.SubElement(place, "display-octave").text = "5"
    ET.SubElement(note, "duration").text = str(quarter // 12)
    ET.SubElement(note, "instrument", id="mid")
    entry = root.find("part-list/score-part")
    assert entry is not None
    named = ET.Element("score-instrument", id="mid")
    ET.SubElement(named, "instrument-name").text = "Mid Tom"
    entry.append(named)


@pytest.mark.parametrize(("at", "says"), [(Fraction(5, 4), False), (Fraction(29, 24), True)])
def test_new_note_that_the_page_writes_elsewhere_is_told(at: Fraction, says: bool) -> None:
    transcript = transcript_of(PIECES["rock-beat"]())
    root = written(transcript)
    with_stroke(root, 2, at)
    found = brought(root, transcript)
    assert found.changes.added == 1
    (new,) = [hit for hit in found.hits if hit.instrument is Instrument.TOM_MID]
    beat = 4 + float(at)
    assert new.time == pytest.approx(float(transcript.grid.time_at(beat)), abs=0.005)
    assert any("the page writes it" in notice for notice in found.notices) is says


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


def test_two_crashes_in_one_chord_come_back_as_two_by_key_name_or_place() -> None:
    transcript = transcript_of(PIECES["rock-beat"]())
    crash = next(hit for hit in transcript.hits if hit.instrument is Instrument.CRASH)
    both = replace(
        transcript,
        hits=numbered(
            [*transcript.hits, replace(crash, articulation=Articulation.CRASH_2, id=None)]
        ),
    )
    ours = written(both)
    crashes = [n for n in ours.iter("instrument-name") if (n.text or "").startswith("Crash")]
    assert [name.text for name in crashes] == ["Crash", "Crash 2"]
    assert is_unchanged(brought(ours, both), both)
    # As MuseScore names them; by their names alone; and on the staff alone.
    for name, other in zip(crashes, ("Crash Cymbal 1", "Crash Cymbal 2"), strict=True):
        name.text = other
    assert is_unchanged(brought(ours, both), both)
    for part in ours.iter("score-part"):
        for midi in part.findall("midi-instrument"):
            part.remove(midi)
    assert is_unchanged(brought(ours, both), both)
    for note in ours.iter("note"):
        for instrument in note.findall("instrument"):
            note.remove(instrument)
    found = brought(ours, transcript)
    assert (found.changes.added, found.changes.removed, found.changes.changed) == (1, 0, 0)
    assert {hit.articulation for hit in found.hits if hit.instrument is Instrument.CRASH} == {
        None,
        Articulation.CRASH_2,
    }


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

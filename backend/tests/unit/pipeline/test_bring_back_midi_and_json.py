"""MIDI and JSON that somebody changed, and what is no score at all."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from dataclasses import replace
from xml.etree import ElementTree as ET

import mido
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from brought_pages import (
    OH,
    H,
    brought,
    compressed,
    transcript_of,
    written,
)
from drumscribe.domain.drums import Instrument
from drumscribe.errors import (
    DrumScribeError,
    InvalidHits,
    NoDrumPart,
    NotAScore,
    ScoreFileTooLarge,
    ScoreFileUnreadable,
)
from drumscribe.library import Transcription
from drumscribe.notation.bringing.changes import Changes
from drumscribe.notation.bringing.placing import AlignedBy
from drumscribe.pipeline.bring_back import bring_back, with_brought
from engraving_pieces import PIECES


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
    assert found.notices == (
        "The file was shifted 8.00 quarter notes earlier, where its notes fit.",
    )


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

"""Independent readers: what a MusicXML or MIDI file says, told without the writers' code."""

from __future__ import annotations

import importlib.util
import io
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path
from xml.etree import ElementTree as ET

import mido
import xmlschema

from drumscribe.domain.score import Measure, Score, Voice, VoiceRole


@dataclass(frozen=True, order=True)
class ReadNote:
    """measure: index; onset: quarter notes in the measure; hit: from the note's id."""

    measure: int
    onset: Fraction
    hit: int
    position: str
    head: str
    is_ghost: bool
    is_accent: bool
    is_grace: bool
    voice: str


def read_musicxml(document: bytes) -> list[ReadNote]:
    """Walks durations, backups and chords as the standard says; checks that measures are full."""
    notes: list[ReadNote] = []
    root = ET.fromstring(document)
    divisions = 1
    for index, measure in enumerate(root.iterfind("part/measure")):
        now = onset = longest = Fraction(0)
        for element in measure:
            if element.tag == "attributes" and element.find("divisions") is not None:
                divisions = int(element.findtext("divisions", "1"))
            duration = Fraction(int(element.findtext("duration", "0")), divisions)
            if element.tag == "backup":
                assert longest in {now, 0}, "voices of one measure differ in length"
                now -= duration
            if element.tag != "note":
                continue
            is_chord = element.find("chord") is not None
            if not is_chord:
                onset = now
                now += duration
                longest = max(longest, now)
            if element.find("unpitched") is not None:
                notes.append(_read_note(element, index, onset))
        assert now == longest
    return sorted(notes)


def _read_note(element: ET.Element, measure: int, onset: Fraction) -> ReadNote:
    head = element.find("notehead")
    assert head is not None
    return ReadNote(
        measure=measure,
        onset=onset,
        hit=int(element.get("id", "hit--1").removeprefix("hit-")),
        position=element.findtext("unpitched/display-step", "")
        + element.findtext("unpitched/display-octave", ""),
        head=head.text or "",
        is_ghost=head.get("parentheses") == "yes",
        is_accent=element.find("notations/articulations/accent") is not None,
        is_grace=element.find("grace") is not None,
        voice=element.findtext("voice", ""),
    )


def strokes_of_midi(content: bytes) -> list[tuple[float, int, int]]:
    """(seconds, key, velocity) of every note that is struck on channel 10, by time."""
    now = 0.0
    strokes = []
    for message in mido.MidiFile(file=io.BytesIO(content)):
        now += message.time
        if message.type == "note_on" and message.velocity:
            assert message.channel == 9
            strokes.append((now, message.note, message.velocity))
    return strokes


def hits_on_page(score: Score) -> list[int]:
    """The hit of every head, graces included."""
    return sorted(
        note.hit
        for measure in score.measures
        for voice in measure.voices
        for event in voice.events
        for note in (*event.notes, *event.graces)
        if note.hit is not None
    )


@cache
def musicxml_schema() -> xmlschema.XMLSchema:
    """MusicXML 4.0, from the packages that carry it: nothing is fetched."""
    # The package that carries the schema is looked up, not imported: importing it warns.
    package = importlib.util.find_spec("musicxml")
    assert package is not None
    assert package.origin is not None
    own = Path(xmlschema.__file__).parent / "schemas"
    return xmlschema.XMLSchema(
        str(Path(package.origin).parent / "generate_classes" / "musicxml_4_0.xsd"),
        locations={
            "http://www.w3.org/XML/1998/namespace": str(own / "XML" / "xml.xsd"),
            "http://www.w3.org/1999/xlink": str(own / "XLINK" / "xlink.xsd"),
        },
        allow="local",
    )


def absolute(score: Score, hit: int) -> Fraction:
    """Quarter notes from the start of the score."""
    placement = score.placements[hit]
    return sum((m.length for m in score.measures[: placement.measure]), placement.onset)


def of_role(measure: Measure, role: VoiceRole) -> Voice:
    return next(v for v in measure.voices if v.role is role)

"""A drum part read from MusicXML, ours or another program's."""

from __future__ import annotations

from fractions import Fraction
from xml.etree import ElementTree as ET

from drumscribe.domain.drums import Instrument
from drumscribe.domain.rhythm import Metre, most_common
from drumscribe.errors import InvalidHits, ScoreFileError
from drumscribe.evaluation.notation.parts import Part, PartNote
from drumscribe.evaluation.notation.positions import Position
from drumscribe.notation.bringing.drum_names import GM_SOUNDS
from drumscribe.notation.bringing.musicxml.safe_xml import read_score


def part_from_musicxml(content: bytes) -> Part:
    """The first part that has unpitched notes, of an uncompressed or compressed (mxl) document.

    A drum is known by the `midi-unpitched` of its instrument (General MIDI keys); notes of drums
    outside of the nine instruments are left out. Bars are counted, not taken from their numbers:
    the first bar is 1, or 0 if it is marked implicit or is shorter than its metre.
    Raises InvalidHits.
    """
    try:
        root = read_score(content)
    except ScoreFileError as error:
        raise InvalidHits(error.message) from None
    drums = _drums(root)
    for part in root.iter("part"):
        if part.find("./measure/note/unpitched") is not None:
            return _part(part, drums)
    raise InvalidHits("The MusicXML document has no unpitched notes.")


def _drums(root: ET.Element) -> dict[str, Instrument]:
    """Instrument ids to drums."""
    found = {}
    for midi in root.iter("midi-instrument"):
        key = int(midi.findtext("midi-unpitched", "0")) - 1
        if key in GM_SOUNDS:
            found[midi.attrib["id"]] = GM_SOUNDS[key].instrument
    return found


def _part(part: ET.Element, drums: dict[str, Instrument]) -> Part:
    metre, divisions, bpm = Metre(4, 4), 1, None
    metres: list[Metre] = []
    notes: list[PartNote] = []
    number = 1
    for index, measure in enumerate(part.iter("measure")):
        divisions = int(measure.findtext("./attributes/divisions", str(divisions)))
        beats = measure.findtext("./attributes/time/beats")
        if beats is not None:
            beat_type = measure.findtext("./attributes/time/beat-type", "4")
            metre = Metre.parse(f"{beats}/{beat_type}")
        if bpm is None and (sound := measure.find(".//sound[@tempo]")) is not None:
            bpm = float(sound.attrib["tempo"])
        strokes, length = _strokes(measure, divisions, drums)
        short = index == 0 and length < metre.bar_length
        if index == 0 and (measure.get("implicit") == "yes" or short):
            number = 0
        before = metre.bar_length - length if short else Fraction(0)
        notes += [
            PartNote(
                Position.of(number, onset + before, metre),
                drum,
                _is_ghost(note),
                note.find("./notations/articulations/accent") is not None,
                note.find("grace") is not None,
            )
            for onset, drum, note in strokes
        ]
        metres.append(metre)
        number += 1
    return Part(most_common(metres), tuple(sorted(notes)), bpm)


def _strokes(
    measure: ET.Element, divisions: int, drums: dict[str, Instrument]
) -> tuple[list[tuple[Fraction, Instrument, ET.Element]], Fraction]:
    """Strokes with their onsets in quarter notes, and the length of the measure."""
    strokes = []
    position = previous = length = Fraction(0)
    for element in measure:
        duration = Fraction(element.findtext("duration", "0")) / divisions
        if element.tag == "backup":
            position -= duration
        elif element.tag == "forward":
            position += duration
        elif element.tag == "note":
            onset = previous if element.find("chord") is not None else position
            instrument = element.find("instrument")
            drum = drums.get(instrument.attrib["id"]) if instrument is not None else None
            tied_on = any(tie.get("type") == "stop" for tie in element.iter("tie"))
            if drum is not None and element.find("unpitched") is not None and not tied_on:
                strokes.append((onset, drum, element))
            if element.find("chord") is None:
                previous, position = position, position + duration
        length = max(length, position)
    return strokes, length


def _is_ghost(note: ET.Element) -> bool:
    head = note.find("notehead")
    return head is not None and head.get("parentheses") == "yes"

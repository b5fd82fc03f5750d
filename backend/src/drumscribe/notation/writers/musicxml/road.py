"""The road signs of a chart in MusicXML: slashes, repeats, endings, segno, coda and jumps."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from drumscribe.domain.form.road_signs import TWICE, Jump, RoadSigns
from drumscribe.domain.score import Measure, NoteValue
from drumscribe.notation.writers.musicxml.elements import MIDDLE_LINE, add, write_value

_SEGNO, _CODA = "segno", "coda"


def has_slashes(measure: Measure) -> bool:
    """Whether a bar is drawn as slashes."""
    return measure.road is not None and measure.road.slashes is not None


def write_start(element: ET.Element, measure: Measure) -> None:
    """The left bar line of a bar: first in its measure."""
    road = measure.road
    if road is None or not (road.begins_repeat or road.begins_ending):
        return
    line = add(element, "barline", location="left")
    if road.begins_repeat:
        add(line, "bar-style", "heavy-light")
    if road.begins_ending:
        add(line, "ending", _said(road), number=_numbers(road), type="start")
    if road.begins_repeat:
        add(line, "repeat", direction="forward")


def write_end(element: ET.Element, measure: Measure, *, is_last: bool) -> None:
    """Words and right bar line of a bar: last in its measure."""
    road = measure.road or RoadSigns()
    _write_jump(element, road)
    if not (is_last or road.ends_repeat or road.ends_ending or road.at_end):
        return
    line = add(element, "barline", location="right")
    closes = is_last or road.ends_repeat
    add(line, "bar-style", "light-heavy" if closes else "light-light" if road.at_end else "regular")
    if road.ends_ending:
        add(
            line,
            "ending",
            number=_numbers(road),
            type="stop" if road.ends_repeat else "discontinue",
        )
    if road.ends_repeat:
        repeat = add(line, "repeat", direction="backward")
        if road.ends_repeat > TWICE:
            repeat.set("times", str(road.ends_repeat))


def write_signs(element: ET.Element, measure: Measure) -> None:
    """Segno, coda and the words over slashes: at the start of a bar."""
    road = measure.road
    if road is None:
        return
    for name, is_there in ((_SEGNO, road.has_segno), (_CODA, road.begins_coda)):
        if is_there:
            direction = add(element, "direction", placement="above")
            add(add(direction, "direction-type"), name)
            add(direction, "sound").set(name, name)
    if road.slashes is not None and road.slashes.words:
        _words(element, road.slashes.words)


def write_slashes(
    element: ET.Element, measure: Measure, divisions: int, instrument_id: str
) -> None:
    """One slash per group of the bar on the middle line, silent in playback."""
    for group in measure.groups:
        note = add(element, "note", dynamics="0")
        unpitched = add(note, "unpitched")
        add(unpitched, "display-step", MIDDLE_LINE[0])
        add(unpitched, "display-octave", MIDDLE_LINE[1])
        add(note, "duration", str(int(group * divisions)))
        add(note, "instrument", id=instrument_id)
        add(note, "voice", "1")
        value = NoteValue.of_length(group)
        if value is not None:
            write_value(note, value)
        add(note, "stem", "none")
        add(note, "notehead", "slash")


def _write_jump(element: ET.Element, road: RoadSigns) -> None:
    if road.ends_repeat > TWICE:
        _words(element, f"{road.ends_repeat}×")
    if road.at_end is None:
        return
    sound = add(_words(element, road.at_end), "sound")
    if road.goes_to_coda:
        sound.set("tocoda", _CODA)
    elif road.is_fine:
        sound.set("fine", "yes")
    elif road.jump in tuple(Jump):
        sound.set("dalsegno", _SEGNO)


def _words(element: ET.Element, text: str) -> ET.Element:
    direction = add(element, "direction", placement="above")
    add(add(direction, "direction-type"), "words", text).set("font-weight", "bold")
    return direction


def _numbers(road: RoadSigns) -> str:
    return ", ".join(map(str, road.ending))


def _said(road: RoadSigns) -> str:
    return ", ".join(f"{number}." for number in road.ending)

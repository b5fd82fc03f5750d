"""What stands above and below a bar in MusicXML: sections, tempo and swing, dynamics, hairpins."""

from __future__ import annotations

from typing import Literal
from xml.etree import ElementTree as ET

from drumscribe.domain.score import Loudness, NoteValue, Score, Swing
from drumscribe.notation.tempo import tempo_unit
from drumscribe.notation.text import clean_text
from drumscribe.notation.writers.musicxml.elements import TYPES, add

# The volume of each mark for playback, in percent of MusicXML's forte.
_PLAYBACK_PERCENT = {
    Loudness.PP: 40,
    Loudness.P: 54,
    Loudness.MP: 71,
    Loudness.MF: 89,
    Loudness.F: 106,
    Loudness.FF: 124,
}


def write_directions(
    element: ET.Element, score: Score, index: int, hairpin_ends: frozenset[int]
) -> None:
    """Add the directions of the measure of that index to its element."""
    measure = score.measures[index]
    if index in hairpin_ends:
        _wedge(element, "stop")
    if measure.rehearsal is not None:
        mark = _direction_type(element, "above")
        add(mark, "rehearsal", measure.rehearsal, enclosure="square").set("font-weight", "bold")
    feel = _feel_from(score, index)
    words = clean_text(measure.words)
    if measure.tempo_mark is not None:
        _tempo(element, measure.tempo_mark, tempo_unit(measure.metre), feel, words)
    elif feel is not None:
        direction = add(element, "direction", placement="above")
        _write_feel(direction, add(direction, "sound"), feel, words)
    elif words is not None:
        _words(add(element, "direction", placement="above"), words)
    text = clean_text(measure.text)
    if text is not None:
        add(_direction_type(element, "above"), "words", text)
    if measure.dynamic is not None:
        direction = add(element, "direction", placement="below")
        dynamics = add(add(direction, "direction-type"), "dynamics")
        add(dynamics, measure.dynamic.value)
        add(direction, "sound", dynamics=str(_PLAYBACK_PERCENT[measure.dynamic]))
    if measure.hairpin is not None:
        _wedge(element, measure.hairpin.kind.value)


def write_choke(element: ET.Element) -> None:
    """The word over the stroke that comes next: few programs have a glyph for the damp sign."""
    word = add(_direction_type(element, "above"), "words", "choke")
    word.set("font-style", "italic")
    word.set("font-size", "9")


def write_simile(element: ET.Element) -> None:
    """The tuplets go on without their numbers."""
    word = add(_direction_type(element, "above"), "words", "sim.")
    word.set("font-style", "italic")


def hairpin_ends(score: Score) -> frozenset[int]:
    """Indices of the measures at whose start a hairpin ends."""
    return frozenset(
        start + measure.hairpin.n_measures
        for start, measure in enumerate(score.measures)
        if measure.hairpin is not None
    )


def _direction_type(element: ET.Element, placement: str) -> ET.Element:
    return add(add(element, "direction", placement=placement), "direction-type")


def _wedge(element: ET.Element, kind: str) -> None:
    add(_direction_type(element, "below"), "wedge", type=kind)


def _feel_from(score: Score, index: int) -> Swing | Literal["straight"] | None:
    """The feel that begins with a measure: swing, straight where other parts swing, or none."""
    is_straight = score.measures[index].is_straight
    if score.swing is None or (index and score.measures[index - 1].is_straight == is_straight):
        return None
    if is_straight:
        return "straight" if index else None
    return score.swing


def _tempo(
    element: ET.Element,
    quarters_per_minute: float,
    unit: NoteValue,
    feel: Swing | Literal["straight"] | None,
    words: str | None,
) -> None:
    direction = add(element, "direction", placement="above")
    sound = ET.Element("sound", tempo=f"{quarters_per_minute:.2f}")
    if feel is not None:
        _write_feel(direction, sound, feel, words)
    elif words is not None:
        _words(direction, words)
    metronome = add(add(direction, "direction-type"), "metronome")
    add(metronome, "beat-unit", TYPES[unit.base])
    for _ in range(unit.dots):
        add(metronome, "beat-unit-dot")
    add(metronome, "per-minute", str(round(quarters_per_minute / float(unit.length))))
    direction.append(sound)


def _words(direction: ET.Element, words: str) -> None:
    word = ET.Element("direction-type")
    direction.insert(0, word)
    add(word, "words", words).set("font-weight", "bold")


def _write_feel(
    direction: ET.Element, sound: ET.Element, feel: Swing | Literal["straight"], words: str | None
) -> None:
    """The word above the bar, and what players of the file are to do."""
    _words(direction, words or ("Straight" if feel == "straight" else "Swing"))
    marked = add(sound, "swing")
    if feel == "straight":
        add(marked, "straight")
        return
    add(marked, "first", str(feel.first))
    add(marked, "second", str(feel.second))
    add(marked, "swing-type", "eighth")

"""What stands above and below a bar in MusicXML: sections, tempo and swing, dynamics, hairpins."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from drumscribe.domain.score import Loudness, NoteValue, Score, Swing
from drumscribe.notation.musicxml.elements import TYPES, add
from drumscribe.notation.tempo import tempo_unit

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
    if measure.tempo_mark is not None:
        swing = score.swing if index == 0 else None
        _tempo(element, measure.tempo_mark, tempo_unit(measure.metre), swing)
    if measure.dynamic is not None:
        direction = add(element, "direction", placement="below")
        dynamics = add(add(direction, "direction-type"), "dynamics")
        add(dynamics, measure.dynamic.value)
        add(direction, "sound", dynamics=str(_PLAYBACK_PERCENT[measure.dynamic]))
    if measure.hairpin is not None:
        _wedge(element, measure.hairpin.kind.value)


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


def _tempo(
    element: ET.Element, quarters_per_minute: float, unit: NoteValue, swing: Swing | None
) -> None:
    direction = add(element, "direction", placement="above")
    if swing is not None:
        words = add(add(direction, "direction-type"), "words", "Swing")
        words.set("font-weight", "bold")
    metronome = add(add(direction, "direction-type"), "metronome")
    add(metronome, "beat-unit", TYPES[unit.base])
    for _ in range(unit.dots):
        add(metronome, "beat-unit-dot")
    add(metronome, "per-minute", str(round(quarters_per_minute / float(unit.length))))
    sound = add(direction, "sound", tempo=f"{quarters_per_minute:.2f}")
    if swing is not None:
        marked = add(sound, "swing")
        add(marked, "first", str(swing.first))
        add(marked, "second", str(swing.second))
        add(marked, "swing-type", "eighth")

"""MusicXML 4.0, written by hand: what a drum part needs and what importers really read.

Element order and values follow the schema of MusicXML 4.0 (W3C Music Notation Community Group).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from xml.etree import ElementTree as ET

from drumscribe.domain.drums import Articulation
from drumscribe.domain.rhythm import Metre
from drumscribe.domain.score import (
    Event,
    Measure,
    Score,
    ScoreNote,
    TupletEdge,
    VoiceRole,
)
from drumscribe.notation.drawn_bars import bar_id, note_id
from drumscribe.notation.hidden_rests import shared_rests, silent_rests
from drumscribe.notation.layout import A4, Block, Paper, lay_out
from drumscribe.notation.measures.one_voice import in_style
from drumscribe.notation.measures.sticking import first_line_of, letters_of
from drumscribe.notation.styles.drum_maps import DRUM_CHANNEL, GENERAL_MIDI, DrumMap, Sound
from drumscribe.notation.styles.drum_styles import DrumStyle, find_style
from drumscribe.notation.styles.sounds import sounds_of
from drumscribe.notation.tuplet_marks import needs_bracket, tuplet_marks
from drumscribe.notation.writers.musicxml.directions import (
    hairpin_ends,
    write_choke,
    write_directions,
    write_simile,
)
from drumscribe.notation.writers.musicxml.elements import (
    FORTE,
    MIDDLE_LINE,
    add,
    write_lyric,
    write_value,
)
from drumscribe.notation.writers.musicxml.frame import as_document, write_identification
from drumscribe.notation.writers.musicxml.heads import (
    VOICES,
    Heads,
    instrument_id,
    write_tuplet_time,
)
from drumscribe.notation.writers.musicxml.road import (
    has_slashes,
    write_end,
    write_signs,
    write_slashes,
    write_start,
)


def write_musicxml(
    score: Score,
    *,
    style: str | DrumStyle = "weinberg",
    drum_map: DrumMap = GENERAL_MIDI,
    paper: Paper = A4,
) -> bytes:
    """The score as an uncompressed MusicXML 4.0 document (UTF-8), its lines broken for a paper.

    Notes that stand for a hit have the id `hit-N` (N as in ScoreNote.hit), bars `bar-N`; one
    score-instrument per sound that occurs.
    """
    table = find_style(style)
    shown = in_style(score, table)
    writer = MusicXmlWriter(shown, table, drum_map, lay_out(shown, paper))
    return writer.document(range(len(shown.measures)))


class MusicXmlWriter:
    """Writes measures of a score, in one document or in several."""

    def __init__(
        self, score: Score, style: DrumStyle, drum_map: DrumMap, blocks: Sequence[Block]
    ) -> None:
        self._score = score
        self._style = style
        self._map = drum_map
        self._hairpin_ends = hairpin_ends(score)
        self._tuplet_marks = tuplet_marks(score)
        self._blocks = {block.first: block for block in blocks}
        self._heads = Heads(style)
        # Of the document that is being written.
        self._span = range(0)
        self._is_part = False
        self._index = 0
        self._divisions = 1
        self._sounds: Sequence[Sound] = ()
        self._first_line_of = dict.fromkeys(VoiceRole, 0)

    def document(self, span: range, *, is_part: bool = False) -> bytes:
        """The measures of a span as a document of their own, with the title if it begins here.

        is_part: also the first line of it is said to begin. Verovio sets lines as it likes where
            a document says nothing of them.
        """
        measures = self._score.measures[span.start : span.stop]
        here = replace(self._score, measures=measures)
        self._span = span
        self._is_part = is_part
        self._divisions = _divisions(measures)
        self._sounds = sounds_of(here, self._style)
        self._first_line_of = {role: first_line_of(role, measures) for role in VoiceRole}
        root = ET.Element("score-partwise", version="4.0")
        self._header(root)
        part = add(root, "part", id="P1")
        for index in span:
            self._measure(part, index)
        return as_document(root, self._heads.known)

    def _header(self, root: ET.Element) -> None:
        write_identification(root, self._score if self._span.start == 0 else None)
        part = add(add(root, "part-list"), "score-part", id="P1")
        # The only part of its score: its name in front of every system says nothing.
        add(part, "part-name", "Drums").set("print-object", "no")
        add(part, "part-abbreviation", "Dr.").set("print-object", "no")
        for sound in self._sounds:
            instrument = add(part, "score-instrument", id=instrument_id(sound))
            add(instrument, "instrument-name", self._style.drawings[sound].name)
        for sound in self._sounds:
            midi = add(part, "midi-instrument", id=instrument_id(sound))
            add(midi, "midi-channel", str(DRUM_CHANNEL + 1))
            add(midi, "midi-program", "1")
            key = self._map.key_of(sound.instrument, sound.articulation)
            add(midi, "midi-unpitched", str(key + 1))

    def _measure(self, part: ET.Element, index: int) -> None:
        self._index = index
        measure = self._score.measures[index]
        element = add(part, "measure", number=str(measure.number), id=bar_id(measure.number))
        if measure.is_pickup:
            element.set("implicit", "yes")
        block = self._blocks.get(index)
        begins_part = self._is_part and index == self._span.start
        if begins_part or (block is not None and block.starts_system):
            add(element, "print").set("new-system", "yes")
        write_start(element, measure)
        self._attributes(element, measure)
        self._measure_styles(element, measure, index)
        write_directions(element, self._score, index, self._hairpin_ends)
        if self._tuplet_marks[index].says_simile:
            write_simile(element)
        write_signs(element, measure)
        shared, silent = shared_rests(measure), silent_rests(measure)
        if has_slashes(measure):
            write_slashes(element, measure, self._divisions, instrument_id(self._sounds[0]))
        for k, voice in enumerate(() if has_slashes(measure) else measure.voices):
            if k:
                backup = add(element, "backup")
                add(backup, "duration", self._duration(measure.length))
            for event in voice.events:
                self._event(
                    element,
                    event,
                    voice.role,
                    rests_together=event.onset in shared,
                    is_silent=(voice.role, event.onset) in silent,
                )
        write_end(element, measure, is_last=index == len(self._score.measures) - 1)

    def _attributes(self, element: ET.Element, measure: Measure) -> None:
        is_first = self._index == self._span.start
        is_new = self._index == 0 or self._metre_before() != measure.metre
        if not (is_first or is_new):
            return
        attributes = add(element, "attributes")
        if is_first:
            add(attributes, "divisions", str(self._divisions))
            add(add(attributes, "key"), "fifths", "0")
        time = add(attributes, "time")
        if not is_new:
            time.set("print-object", "no")
        add(time, "beats", str(measure.metre.numerator))
        add(time, "beat-type", str(measure.metre.denominator))
        if is_first:
            clef = add(attributes, "clef")
            add(clef, "sign", "percussion")

    def _metre_before(self) -> Metre:
        return self._score.measures[self._index - 1].metre

    def _measure_styles(self, element: ET.Element, measure: Measure, index: int) -> None:
        """Rests of several bars, and repeat signs: where a run of one kind begins and ends."""
        attributes = element.find("attributes")
        if attributes is None:
            attributes = ET.Element("attributes")
        count = self._rests_from(index)
        if count > 1:
            add(add(attributes, "measure-style"), "multiple-rest", str(count))
        is_first = index == self._span.start
        before = None if is_first else self._score.measures[index - 1].simile
        here = measure.simile
        if (before and before.span) != (here and here.span):
            if before is not None:
                add(add(attributes, "measure-style"), "measure-repeat", type="stop")
            if here is not None:
                style = add(attributes, "measure-style")
                add(style, "measure-repeat", str(here.span), type="start")
        if len(attributes) and element.find("attributes") is None:
            element.append(attributes)

    def _rests_from(self, index: int) -> int:
        """How many bars the multiple rest has that begins here; 0 where there is none.

        A bar with a tempo mark stands before it: Verovio drops what belongs to its first bar.
        """
        for first in (index, index - 1):
            block = self._blocks.get(first)
            if block is not None and block.is_multi_rest:
                shift = 1 if self._score.measures[first].tempo_mark is not None else 0
                return block.count - shift if first + shift == index else 0
        return 0

    def _duration(self, length: Fraction) -> str:
        # In whole numbers: there are two or three for each note.
        return str(length.numerator * self._divisions // length.denominator)

    def _event(
        self,
        measure: ET.Element,
        event: Event,
        role: VoiceRole,
        *,
        rests_together: bool,
        is_silent: bool,
    ) -> None:
        if any(note.articulation is Articulation.CHOKE for note in event.notes):
            write_choke(measure)
        for k, grace in enumerate(event.graces):
            self._grace(measure, grace, role, index=k, count=len(event.graces))
        if event.is_rest:
            self._rest(measure, event, role, is_shared=rests_together, is_silent=is_silent)
        for k, note in enumerate(event.notes):
            self._note(measure, event, note, role, is_first=k == 0)

    def _tuplet_edge(self, event: Event, role: VoiceRole) -> ET.Element:
        start = event.tuplet_edge is TupletEdge.START
        tuplet = ET.Element("tuplet", type="start" if start else "stop", number="1")
        if start:
            marked = (role, event.onset) not in self._tuplet_marks[self._index].unmarked
            measure = self._score.measures[self._index]
            bracket = marked and needs_bracket(measure, role, event.onset)
            tuplet.set("bracket", "yes" if bracket else "no")
            if not marked:
                tuplet.set("show-number", "none")
        return tuplet

    def _rest(
        self,
        measure: ET.Element,
        event: Event,
        role: VoiceRole,
        *,
        is_shared: bool,
        is_silent: bool,
    ) -> None:
        note = add(measure, "note")
        if is_silent or (is_shared and role is VoiceRole.FEET):
            note.set("print-object", "no")
        rest = add(note, "rest")
        if is_shared:
            add(rest, "display-step", MIDDLE_LINE[0])
            add(rest, "display-octave", MIDDLE_LINE[1])
        if event.is_full_measure_rest:
            rest.set("measure", "yes")
        add(note, "duration", self._duration(event.duration))
        add(note, "voice", VOICES[role][0])
        if event.value is not None:
            write_value(note, event.value)
        write_tuplet_time(note, event)
        if event.tuplet_edge is not None:
            add(note, "notations").append(self._tuplet_edge(event, role))

    def _note(
        self, measure: ET.Element, event: Event, note: ScoreNote, role: VoiceRole, *, is_first: bool
    ) -> None:
        element = self._named(measure, note)
        has_edge = is_first and event.tuplet_edge is not None
        tuplet = self._tuplet_edge(event, role) if has_edge else None
        inside = self._heads.inside(
            note, event, role, self._duration(event.duration), is_first=is_first, tuplet=tuplet
        )
        element.extend(inside)
        if is_first:
            # None below small notes: Verovio draws lines that have them far off the page.
            for line, letter in enumerate(letters_of(event), start=self._first_line_of[role]):
                write_lyric(element, letter, line=line)

    def _grace(
        self, measure: ET.Element, note: ScoreNote, role: VoiceRole, *, index: int, count: int
    ) -> None:
        element = self._named(measure, note)
        element.extend(self._heads.inside_grace(note, role, index=index, count=count))

    def _named(self, measure: ET.Element, note: ScoreNote) -> ET.Element:
        element = add(measure, "note", dynamics=_dynamics(note.velocity))
        if note.hit is not None:
            element.set("id", note_id(note.hit))
        return element


def _divisions(measures: Sequence[Measure]) -> int:
    """The smallest number of divisions of a quarter in which every duration is whole."""
    denominators = {
        part.denominator
        for measure in measures
        for voice in measure.voices
        for event in voice.events
        for part in (event.duration, measure.length, *measure.groups)
    }
    return math.lcm(*denominators)


def _dynamics(velocity: float) -> str:
    return f"{velocity * 127 / FORTE * 100:.1f}"

"""What stands inside the notes of MusicXML: the head, its value, its stem and what is at it.

A drum part has few kinds of notes, many times each. Notes that are alike share their elements, and
such an element is made and written once.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import Final
from xml.etree import ElementTree as ET

from drumscribe.domain.drums import Articulation
from drumscribe.domain.score import Event, ScoreNote, VoiceRole
from drumscribe.notation.styles.drum_maps import Sound
from drumscribe.notation.styles.drum_styles import DrumStyle, Mark
from drumscribe.notation.writers.musicxml.elements import add, write_value
from drumscribe.notation.writers.musicxml.frame import as_text

# The number of the voice, and where its stems point.
VOICES: Final = {VoiceRole.HANDS: ("1", "up"), VoiceRole.FEET: ("2", "down")}
# What is inside a note stands in it, in its measure, its part and the score.
DEPTH: Final = 4


class Heads:
    """The elements inside notes drawn in one style.

    known: what elements that stand in several notes are in a document; see as_document.
    """

    def __init__(self, style: DrumStyle) -> None:
        self._style = style
        self._inside: dict[Hashable, list[ET.Element]] = {}
        self.known: dict[ET.Element, str] = {}

    def inside(
        self,
        note: ScoreNote,
        event: Event,
        role: VoiceRole,
        duration: str,
        *,
        is_first: bool,
        tuplet: ET.Element | None,
    ) -> list[ET.Element]:
        """What is inside a note, but for the letters below it.

        duration: of its event, in divisions. is_first: the lowest of its chord, which bears what
        belongs to all of it. tuplet: the edge of a tuplet at this note.
        """
        if tuplet is not None:
            return self._made(note, event, role, duration, is_first=is_first, tuplet=tuplet)
        assert event.value is not None
        base, tuplet_kind = event.value.base, event.tuplet
        kind = (
            (note.instrument, note.articulation, note.is_ghost, note.is_accent, note.is_closing),
            (duration, base.numerator, base.denominator, event.value.dots),
            None if tuplet_kind is None else (tuplet_kind.actual, tuplet_kind.normal),
            event.beams if is_first else None,
            role,
        )
        inside = self._inside.get(kind)
        if inside is None:
            inside = self._made(note, event, role, duration, is_first=is_first, tuplet=None)
            self._inside[kind] = inside
            self.known.update((element, as_text(element, depth=DEPTH)) for element in inside)
        return inside

    def _made(
        self,
        note: ScoreNote,
        event: Event,
        role: VoiceRole,
        duration: str,
        *,
        is_first: bool,
        tuplet: ET.Element | None,
    ) -> list[ET.Element]:
        voice, stem = VOICES[role]
        element = ET.Element("note")
        if not is_first:
            add(element, "chord")
        self._unpitched(element, note)
        add(element, "duration", duration)
        add(element, "instrument", id=instrument_id(self._style.sound_of(note)))
        add(element, "voice", voice)
        assert event.value is not None
        write_value(element, event.value)
        write_tuplet_time(element, event)
        add(element, "stem", stem)
        self._notehead(element, note)
        if is_first:
            for level, beam in enumerate(event.beams, start=1):
                add(element, "beam", beam.value, number=str(level))
        self._notations(element, event, note, role, tuplet)
        return list(element)

    def inside_grace(
        self, note: ScoreNote, role: VoiceRole, *, index: int, count: int
    ) -> list[ET.Element]:
        """What is inside a small note. index: among those of its stroke; count: of these."""
        voice, stem = VOICES[role]
        element = ET.Element("note")
        add(element, "grace", slash="yes" if count == 1 else "no")
        self._unpitched(element, note)
        add(element, "instrument", id=instrument_id(self._style.sound_of(note)))
        add(element, "voice", voice)
        add(element, "type", "eighth" if count == 1 else "16th")
        add(element, "stem", stem)
        self._notehead(element, note)
        if count > 1:
            edge = "begin" if index == 0 else "end" if index == count - 1 else "continue"
            for level in ("1", "2"):
                add(element, "beam", edge, number=level)
        return list(element)

    def _unpitched(self, element: ET.Element, note: ScoreNote) -> None:
        drawing = self._style.drawing_of(note)
        unpitched = add(element, "unpitched")
        add(unpitched, "display-step", drawing.step)
        add(unpitched, "display-octave", str(drawing.octave))

    def _notehead(self, element: ET.Element, note: ScoreNote) -> None:
        # Written for normal heads too: some importers otherwise guess a head from the MIDI key.
        head = add(element, "notehead", self._style.drawing_of(note).head.value)
        if note.is_ghost:
            head.set("parentheses", "yes")

    def _notations(
        self,
        element: ET.Element,
        event: Event,
        note: ScoreNote,
        role: VoiceRole,
        tuplet: ET.Element | None,
    ) -> None:
        notations = ET.Element("notations")
        if tuplet is not None:
            notations.append(tuplet)
        if note.articulation is Articulation.ROLL:
            assert event.value is not None
            # Strokes through the stem. Flags and beams count as strokes of their own, as they do
            # where LilyPond draws `:32`.
            strokes = "2" if event.value.beam_count else "3"
            add(add(notations, "ornaments"), "tremolo", strokes, type="single")
        technical = ET.Element("technical")
        mark = self._style.drawing_of(note).mark
        if mark is Mark.OPEN:
            add(technical, "open-string", placement="above")
        elif mark is Mark.HALF_OPEN:
            add(technical, "half-muted", smufl="brassMuteHalfClosed", placement="above")
        elif note.is_closing or mark is Mark.CLOSED:
            add(technical, "stopped", placement="above")
        if note.articulation is Articulation.CHOKE:
            add(technical, "other-technical", smufl="pictDamp1")
        if len(technical):
            notations.append(technical)
        if note.is_accent:
            side = "above" if role is VoiceRole.HANDS else "below"
            add(add(notations, "articulations"), "accent", placement=side)
        if len(notations):
            element.append(notations)


def instrument_id(sound: Sound) -> str:
    """The id of the score-instrument that plays a sound."""
    return f"P1-{sound.key}"


def write_tuplet_time(element: ET.Element, event: Event) -> None:
    """How much shorter a note or rest is than it is written, where it stands in a tuplet."""
    if event.tuplet is not None:
        modification = add(element, "time-modification")
        add(modification, "actual-notes", str(event.tuplet.actual))
        add(modification, "normal-notes", str(event.tuplet.normal))

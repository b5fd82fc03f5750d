"""Scores and transcriptions as files, reduced to what can be compared: bars, places, drums."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from drumscribe.domain.drums import Instrument
from drumscribe.domain.rhythm import Metre
from drumscribe.domain.score import Score
from drumscribe.errors import InvalidHits, SourceNotFound
from drumscribe.evaluation.notation.positions import Position, position_of

SCORE_SCHEMA = "drumscribe-score-1"
_MUSICXML_SUFFIXES = (".musicxml", ".xml", ".mxl")
SUFFIXES = (*_MUSICXML_SUFFIXES, ".json")


@dataclass(frozen=True, slots=True, order=True)
class PartNote:
    """One stroke on a page."""

    position: Position
    instrument: Instrument
    is_ghost: bool = False
    is_accent: bool = False
    is_grace: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """A drum part.

    metre: the one that most bars have. bpm: quarter notes per minute of the first mark; None
    where the file has none.
    """

    metre: Metre
    notes: tuple[PartNote, ...]
    bpm: float | None = None


def read_part(path: Path) -> Part:
    """A drum part from MusicXML, from a score as JSON, or from hits as JSON.

    Hits are written as a score first, as `drumscribe render` does: over the document's beats, or
    over beats found from the hits. Raises InvalidHits or SourceNotFound.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise SourceNotFound(f"{path}: {error.strerror}.") from error
    if path.suffix.lower() in _MUSICXML_SUFFIXES:
        from drumscribe.evaluation.notation.musicxml_parts import part_from_musicxml

        return part_from_musicxml(content)
    try:
        document = json.loads(content)
    except ValueError as error:
        raise InvalidHits(f"{path} is not a JSON document: {error}.") from None
    if isinstance(document, Mapping) and document.get("schema") == SCORE_SCHEMA:
        return part_from_dict(document)
    return _part_from_hits(content)


def _part_from_hits(content: bytes) -> Part:
    from drumscribe.notation.quantize import quantize
    from drumscribe.pipeline.rerender import transcript_from_hits

    transcript = transcript_from_hits(content)
    return part_of_score(quantize(transcript.hits, transcript.grid, first=transcript.first_hits))


def part_of_score(score: Score) -> Part:
    """What stands on the page of a score; merged hits have no note."""
    marks: dict[int, tuple[Instrument, bool, bool]] = {}
    for measure in score.measures:
        for voice in measure.voices:
            for event in voice.events:
                for note in (*event.notes, *event.graces):
                    if note.hit is not None:
                        marks[note.hit] = (note.instrument, note.is_ghost, note.is_accent)
    notes = []
    for placement in score.placements:
        if placement.merged_into is not None:
            continue
        instrument, is_ghost, is_accent = marks[placement.hit]
        position = position_of(placement, score)
        notes.append(PartNote(position, instrument, is_ghost, is_accent, placement.is_grace))
    bpm = next((m.tempo_mark for m in score.measures if m.tempo_mark is not None), None)
    return Part(score.metre, tuple(sorted(notes)), bpm)


def part_to_dict(part: Part) -> dict[str, Any]:
    """A part as JSON; onsets are quarter notes from the start of the full bar, as fractions."""
    return {
        "schema": SCORE_SCHEMA,
        "time_signature": str(part.metre),
        "bpm": part.bpm,
        "notes": [
            {
                "bar": note.position.bar,
                "onset": str(note.position.quarters),
                "instrument": note.instrument.value,
                "ghost": note.is_ghost,
                "accent": note.is_accent,
                "grace": note.is_grace,
            }
            for note in part.notes
        ],
    }


def part_from_dict(document: Mapping[str, Any]) -> Part:
    """The inverse of part_to_dict; ghost, accent, grace and bpm may be missing.

    Raises InvalidHits.
    """
    try:
        metre = Metre.parse(str(document["time_signature"]))
        bpm = document.get("bpm")
        notes = [
            PartNote(
                position=Position.of(int(entry["bar"]), Fraction(str(entry["onset"])), metre),
                instrument=Instrument(str(entry["instrument"])),
                is_ghost=bool(entry.get("ghost", False)),
                is_accent=bool(entry.get("accent", False)),
                is_grace=bool(entry.get("grace", False)),
            )
            for entry in document["notes"]
        ]
        return Part(metre, tuple(sorted(notes)), None if bpm is None else float(bpm))
    except (KeyError, TypeError, ValueError, ZeroDivisionError, AttributeError) as error:
        raise InvalidHits(f"The score cannot be read: {error!r}.") from None

"""How a page reads: what stands on it beside the notes."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from drumscribe.domain.score import Score, TupletEdge
from drumscribe.notation.layout import lay_out

SYSTEMS_PER_PAGE = 10  # of A4, a drum part with a title

_THIRTY_SECOND = Fraction(1, 8)


@dataclass(frozen=True, slots=True)
class Reading:
    """Counts over one score.

    notes: strokes side by side (chords count once), graces left out. rests: whole-bar rests too.
    """

    bars: int = 0
    notes: int = 0
    rests: int = 0
    tuplets: int = 0
    thirty_seconds: int = 0
    systems: int = 0
    minutes: float = 0.0


def read(score: Score) -> Reading:
    """Count what stands on the page of a score."""
    events = [
        event for measure in score.measures for voice in measure.voices for event in voice.events
    ]
    notes = [event for event in events if not event.is_rest]
    blocks = lay_out(score)
    return Reading(
        bars=len(score.measures),
        notes=len(notes),
        rests=sum(event.is_rest for event in events),
        tuplets=sum(event.tuplet_edge is TupletEdge.START for event in events),
        thirty_seconds=sum(
            event.value is not None and event.value.base <= _THIRTY_SECOND for event in events
        ),
        systems=1 + sum(block.starts_system for block in blocks),
        minutes=(score.measures[-1].end_seconds - score.measures[0].start_seconds) / 60.0,
    )

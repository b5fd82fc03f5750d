"""What music21 reads from our MusicXML."""

from __future__ import annotations

import importlib.util
import warnings
from fractions import Fraction
from typing import Any

from lab.notation_study.round_trips.seen import Feature, Seen, SeenNote

NAME = "music21"
_FINEST = 96
_ARTICULATIONS = {
    "accent": Feature.ACCENT,
    "open string": Feature.OPEN,
    "stopped": Feature.CLOSING,
    "half muted": Feature.HALF_OPEN,
}


def version() -> str | None:
    """None where it is not installed."""
    if importlib.util.find_spec("music21") is None:
        return None
    import music21

    return str(music21.__version__)


def read(document: bytes) -> Seen:
    """The page as music21 has it."""
    import music21

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns of what it does not read; that is counted here
        score: Any = music21.converter.parseData(document.decode(), format="musicxml")
        part = score.parts[0]
        notes: list[SeenNote] = []
        marks: set[tuple[int, Fraction, Feature]] = set()
        for bar, measure in enumerate(part.getElementsByClass(music21.stream.Measure)):
            graces: dict[Fraction, int] = {}
            for element in measure.recurse().notesAndRests:
                if element.isRest:
                    continue
                onset = Fraction(element.getOffsetInHierarchy(measure)).limit_denominator(_FINEST)
                if element.duration.isGrace:
                    graces[onset] = graces.get(onset, 0) + 1
                    continue
                heads = element.notes if hasattr(element, "notes") else [element]
                notes += [
                    SeenNote(
                        bar,
                        onset,
                        str(head.displayName),
                        str(head.notehead),
                        bool(head.noteheadParenthesis),
                    )
                    for head in heads
                ]
                marks |= {(bar, onset, said) for said in _said([element, *heads])}
            marks |= {
                (bar, onset, Feature.FLAM if n == 1 else Feature.DRAG)
                for onset, n in graces.items()
            }
        return Seen(tuple(notes), frozenset(marks), _counts(score, part))


def _said(elements: list[Any]) -> set[Feature]:
    import music21

    said = set()
    for element in elements:
        names = [str(articulation.name) for articulation in element.articulations]
        said |= {_ARTICULATIONS[name] for name in names if name in _ARTICULATIONS}
        if any(isinstance(x, music21.expressions.Tremolo) for x in element.expressions):
            said.add(Feature.ROLL)
    return said


def _counts(score: Any, part: Any) -> dict[Feature, int]:
    import music21

    flat = part.flatten()
    measures = list(part.getElementsByClass(music21.stream.Measure))
    first, second = (*measures, measures[0])[:2]
    has_pickup = first.duration.quarterLength < second.duration.quarterLength
    tuplets = [
        t for n in part.recurse().notesAndRests for t in n.duration.tuplets if t.type == "start"
    ]
    return {
        Feature.TUPLET: len(tuplets),
        Feature.METRE: len(list(flat.getElementsByClass(music21.meter.TimeSignature))),
        Feature.PICKUP: int(has_pickup),
        Feature.TEMPO: len(list(flat.getElementsByClass(music21.tempo.MetronomeMark))),
        Feature.SWING: 0,  # it has no class for it
        Feature.SECTION: len(list(flat.getElementsByClass(music21.expressions.RehearsalMark))),
        Feature.DYNAMICS: len(list(flat.getElementsByClass(music21.dynamics.Dynamic))),
        Feature.HAIRPIN: len(
            list(part.recurse().getElementsByClass(music21.dynamics.DynamicWedge))
        ),
        Feature.SIMILE: 0,  # nor for these
        Feature.TITLE: int(bool(score.metadata and score.metadata.title)),
    }

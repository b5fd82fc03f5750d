"""Which tuplets bear their number: one voice of two that share it, and no bar after the first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from drumscribe.domain.score import Measure, Score, Tuplet, TupletEdge, VoiceRole

FIGURE: Final = 2  # tuplets in a bar from which on the next bar's need no number


@dataclass(frozen=True, slots=True)
class TupletMarks:
    """The tuplets of one bar. unmarked: (voice, onset) of the tuplets without number and bracket.

    says_simile: "sim." is printed: numbers go on being meant from here.
    """

    unmarked: frozenset[tuple[VoiceRole, Fraction]] = frozenset()
    says_simile: bool = False


def tuplet_marks(score: Score) -> list[TupletMarks]:
    """One per measure of the score."""
    marks: list[TupletMarks] = []
    shown: set[Tuplet] = set()  # whose numbers the bar before has, or goes on to mean
    is_meant = False
    for measure in score.measures:
        if measure.simile is not None:
            marks.append(TupletMarks())
            continue
        starts = _starts(measure)
        figures = _figures(starts)
        goes_on = {
            role
            for role, figure in figures.items()
            if figure in shown and measure.rehearsal is None
        }
        unmarked = _shared(measure, starts) | {
            (role, onset) for role, onset, _ in starts if role in goes_on
        }
        marks.append(TupletMarks(unmarked, says_simile=bool(goes_on) and not is_meant))
        shown, is_meant = set(figures.values()), bool(goes_on)
    return marks


def _starts(measure: Measure) -> list[tuple[VoiceRole, Fraction, Tuplet]]:
    return [
        (voice.role, event.onset, event.tuplet)
        for voice in measure.voices
        for event in voice.events
        if event.tuplet is not None and event.tuplet_edge is TupletEdge.START
    ]


def _figures(starts: Sequence[tuple[VoiceRole, Fraction, Tuplet]]) -> dict[VoiceRole, Tuplet]:
    """Per voice the one kind of tuplet that it has, where the bar is full of that kind."""
    figures: dict[VoiceRole, Tuplet] = {}
    for role in {role for role, _, _ in starts}:
        kinds = {tuplet for of, _, tuplet in starts if of is role}
        kind = next(iter(kinds))
        is_full = len({onset for _, onset, tuplet in starts if tuplet == kind}) >= FIGURE
        if len(kinds) == 1 and is_full:
            figures[role] = kind
    return figures


def _shared(
    measure: Measure, starts: Sequence[tuple[VoiceRole, Fraction, Tuplet]]
) -> frozenset[tuple[VoiceRole, Fraction]]:
    """Tuplets of the feet that the hands have at the same time."""
    hands = {(onset, tuplet) for role, onset, tuplet in starts if role is VoiceRole.HANDS}
    return frozenset(
        (role, onset)
        for role, onset, tuplet in starts
        if role is VoiceRole.FEET and (onset, tuplet) in hands
    )


def needs_bracket(measure: Measure, role: VoiceRole, onset: Fraction) -> bool:
    """Whether a tuplet has a bracket: where no beam joins all that belongs to it."""
    voice = next(voice for voice in measure.voices if voice.role is role)
    inside = False
    for event in voice.events:
        if event.onset == onset:
            inside = True
        if inside and not event.beams:
            return True
        if inside and event.tuplet_edge is TupletEdge.STOP:
            return False
    return True

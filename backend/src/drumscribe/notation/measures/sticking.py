"""Which hand plays: the letters below the staff, line by line.

What is struck together by two hands has its letters one below the other, that of the highest head
on top. Feet have a line of their own below those of the hands.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Final

from drumscribe.domain.drums import Sticking
from drumscribe.domain.score import Event, Measure, Score, ScoreNote, VoiceRole

LETTERS: Final = {Sticking.RIGHT: "R", Sticking.LEFT: "L", Sticking.BOTH: "B"}


def hands_of(notes: Iterable[ScoreNote]) -> tuple[Sticking, ...]:
    """Which hands play a chord, that of the highest head first; hands that are alike once.

    notes: from low to high, as they stand in an event.
    """
    said = [note.sticking for note in notes if note.sticking is not None]
    return tuple(dict.fromkeys(reversed(said)))


def letters_of(event: Event) -> list[str]:
    """The letters of an event, from the top line down."""
    return [LETTERS[hand] for hand in hands_of(event.notes)]


def grace_letter(grace: ScoreNote) -> str | None:
    """The letter of a small note, a small one; None where nobody said it."""
    return None if grace.sticking is None else LETTERS[grace.sticking].lower()


def first_line_of(role: VoiceRole, measures: Iterable[Measure]) -> int:
    """The line, from 0, on which the letters of a voice begin in these bars."""
    if role is VoiceRole.HANDS:
        return 0
    return max((_height(event) for event in _events(measures, VoiceRole.HANDS)), default=0)


def lines_of_letters(measures: Sequence[Measure]) -> list[tuple[VoiceRole, int]]:
    """The lines that these bars need: whose letters each has, and which of an event's."""
    lines: list[tuple[VoiceRole, int]] = []
    for role in VoiceRole:
        height = max((_height(event) for event in _events(measures, role)), default=0)
        lines += [(role, k) for k in range(height)]
    return lines


def _height(event: Event) -> int:
    return max(len(hands_of(event.notes)), int(any(g.sticking for g in event.graces)))


def _events(measures: Iterable[Measure], role: VoiceRole) -> Iterator[Event]:
    for measure in measures:
        for voice in measure.voices:
            if voice.role is role:
                yield from voice.events


def onsets_with_letters(measure: Measure) -> set[Fraction]:
    """Where a measure has a letter, graces left out."""
    return {e.onset for v in measure.voices for e in v.events if hands_of(e.notes)}


def without_sticking(score: Score) -> Score:
    """The score without a word about hands."""
    if not lines_of_letters(score.measures):
        return score

    def bare(notes: tuple[ScoreNote, ...]) -> tuple[ScoreNote, ...]:
        return tuple(replace(note, sticking=None) for note in notes)

    def of(event: Event) -> Event:
        return replace(event, notes=bare(event.notes), graces=bare(event.graces))

    return replace(
        score,
        measures=tuple(
            replace(
                measure,
                voices=tuple(
                    replace(voice, events=tuple(map(of, voice.events))) for voice in measure.voices
                ),
            )
            for measure in score.measures
        ),
    )

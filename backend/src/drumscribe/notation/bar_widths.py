"""How wide bars are on paper, in staff spaces: as tight as they can stand, and as they read well.

The figures of the tight bars were measured on pages of LilyPond 2.25 that were made too narrow for
their music: every column there stands as near to the next as it can.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from drumscribe.domain.score import Event, Measure

# Measured: sixteen heads take 25.7 spaces, sixteen in parentheses 42.5.
_COLUMN = 1.6
_PARENTHESES = 1.05
_FLAG = 0.6
_DOT = 1.0
_SLASHED_GRACE = 1.75
_SMALL_GRACE = 1.25
_BAR_LINE = 1.1
_SIGN = 3.5  # a repeat sign of one bar

# A sixteenth is read easily with this much room, and each doubling of its length adds so much.
_EASY_SIXTEENTH = 2.0
_EASY_DOUBLING = 0.65
_SIXTEENTH = Fraction(1, 4)
_REST_BAR = 8.0
_WORDS = 0.95  # a letter of the words above slashes
SIMILE_COLUMN = Fraction(1, 2)  # bars under repeat signs are spaced as if they had eighths


@dataclass(frozen=True, slots=True)
class Width:
    """tight: less cannot be; easy: what reads well. In staff spaces, bar line included."""

    tight: float
    easy: float


def bar_width(measure: Measure) -> Width:
    """How wide a measure is, drawn alone."""
    if measure.simile is not None:
        columns = max(1, int(measure.length / SIMILE_COLUMN))
        return Width(_SIGN + _BAR_LINE, columns * _easy(SIMILE_COLUMN) + _BAR_LINE)
    if measure.road is not None and (slashes := measure.road.slashes) is not None:
        easy = sum(_easy(group) for group in measure.groups)
        words = _WORDS * len(slashes.words)
        return Width(max(_COLUMN * len(measure.groups), words), max(easy, words + _BAR_LINE))
    if measure.is_empty:
        return Width(_REST_BAR / 2, _REST_BAR)
    onsets = sorted({e.onset for voice in measure.voices for e in voice.events})
    extra: dict[Fraction, float] = dict.fromkeys(onsets, 0.0)
    for voice in measure.voices:
        for event in voice.events:
            extra[event.onset] = max(extra[event.onset], _extra(event))
    steps = [b - a for a, b in zip(onsets, [*onsets[1:], measure.length], strict=True)]
    tight = sum(_COLUMN + extra[onset] for onset in onsets)
    easy = sum(
        max(_easy(step), _COLUMN + extra[onset]) for onset, step in zip(onsets, steps, strict=True)
    )
    return Width(tight + _BAR_LINE, easy + _BAR_LINE)


def line_width(widths: Iterable[Width]) -> Width:
    """Bars side by side."""
    all_widths = list(widths)
    return Width(sum(w.tight for w in all_widths), sum(w.easy for w in all_widths))


def _easy(step: Fraction) -> float:
    doublings = max(0.0, math.log2(step / _SIXTEENTH))
    return _EASY_SIXTEENTH + _EASY_DOUBLING * doublings


def _extra(event: Event) -> float:
    """What an event needs beside its head."""
    width = 0.0
    if any(note.is_ghost for note in event.notes):
        width += _PARENTHESES
    if event.value is not None and event.value.dots:
        width += _DOT
    if event.notes and event.value is not None and event.value.beam_count and not event.beams:
        width += _FLAG
    if event.graces:
        n = len(event.graces)
        width += _SLASHED_GRACE if n == 1 else _SMALL_GRACE * n
    return width

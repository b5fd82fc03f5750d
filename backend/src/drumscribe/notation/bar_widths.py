"""How wide bars are on paper, in staff spaces: as tight as they can stand, and as they read well.

The figures of the tight bars were measured on pages of LilyPond 2.25 that were made too narrow for
their music: every column there stands as near to the next as it can.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise

from drumscribe.domain.score import Event, Measure
from drumscribe.notation.measures.sticking import onsets_with_letters
from drumscribe.notation.tuning import WIDTHS

_SIXTEENTH = Fraction(1, 4)
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
        return Width(
            WIDTHS.sign + WIDTHS.bar_line, columns * _easy(SIMILE_COLUMN) + WIDTHS.bar_line
        )
    if measure.road is not None and (slashes := measure.road.slashes) is not None:
        easy = sum(_easy(group) for group in measure.groups)
        words = WIDTHS.words * len(slashes.words)
        return Width(
            max(WIDTHS.column * len(measure.groups), words), max(easy, words + WIDTHS.bar_line)
        )
    if measure.is_empty:
        return Width(WIDTHS.rest_bar / 2, WIDTHS.rest_bar)
    onsets, extra = _columns(measure)
    lettered = onsets_with_letters(measure)
    apart = [
        max(WIDTHS.column, WIDTHS.letter if lettered and onset in lettered else 0.0) + beside
        for onset, beside in zip(onsets, extra, strict=True)
    ]
    tight = sum(apart)
    easy = sum(map(max, _easy_steps((*onsets, measure.length)), apart))
    return Width(tight + WIDTHS.bar_line, easy + WIDTHS.bar_line)


def _columns(measure: Measure) -> tuple[list[Fraction], list[float]]:
    """Where events begin, in order, and what those of each place need beside their heads."""
    # By floats: a Fraction as a key is hashed with a power modulo a prime.
    onsets: dict[float, Fraction] = {}
    extra: dict[float, float] = {}
    for voice in measure.voices:
        for event in voice.events:
            place = event.onset.numerator / event.onset.denominator
            onsets[place] = event.onset
            extra[place] = max(extra.get(place, 0.0), _extra(event))
    in_order = sorted(extra)
    return [onsets[place] for place in in_order], [extra[place] for place in in_order]


@lru_cache(maxsize=4096)
def _easy_steps(places: tuple[Fraction, ...]) -> tuple[float, ...]:
    """Widths from each place to the next. Bars repeat, so this is remembered."""
    return tuple(_easy(end - start) for start, end in pairwise(places))


def line_width(widths: Iterable[Width]) -> Width:
    """Bars side by side."""
    all_widths = list(widths)
    return Width(sum(w.tight for w in all_widths), sum(w.easy for w in all_widths))


def _easy(step: Fraction) -> float:
    doublings = max(0.0, math.log2(step / _SIXTEENTH))
    return WIDTHS.easy_sixteenth + WIDTHS.easy_doubling * doublings


def _extra(event: Event) -> float:
    """What an event needs beside its head."""
    width = 0.0
    if any(note.is_ghost for note in event.notes):
        width += WIDTHS.parentheses
    if event.value is not None and event.value.dots:
        width += WIDTHS.dot
    if event.notes and event.value is not None and event.value.beam_count and not event.beams:
        width += WIDTHS.flag
    if event.graces:
        n = len(event.graces)
        width += WIDTHS.slashed_grace if n == 1 else WIDTHS.small_grace * n
    return width

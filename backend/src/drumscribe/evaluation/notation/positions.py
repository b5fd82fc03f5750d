"""Where a stroke stands on a page: its bar, and its place in it."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from drumscribe.domain.placements import Placement
from drumscribe.domain.rhythm import Metre
from drumscribe.domain.score import Score


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """bar: number, 0 in a pickup; quarters, beats: from the start of the (full) bar.

    A stroke is in its place if that agrees in quarter notes or in beats, whichever holds for more
    of the page: 7/8 may be counted in quarters at twice the tempo and 12/8 be spelled in four, but
    a bar of three that is written as four quarters in triplets has its strokes on other beats.
    """

    bar: int
    quarters: Fraction
    beats: Fraction

    @classmethod
    def of(cls, bar: int, quarters: Fraction, metre: Metre) -> Position:
        """quarters: from the start of the bar."""
        return cls(bar, quarters, quarters / pulse_of(metre))


def pulse_of(metre: Metre) -> Fraction:
    """What is counted, in quarter notes: dotted in 6/8, eighths in 7/8, at most quarters else."""
    return metre.beat_length if metre.is_compound else min(metre.beat_length, Fraction(1))


def position_of(placement: Placement, score: Score) -> Position:
    """Where a hit stands."""
    measure = score.measures[placement.measure]
    full = measure.metre.bar_length
    before = full - measure.length if measure.is_pickup else Fraction(0)
    return Position.of(measure.number, placement.onset + before, measure.metre)

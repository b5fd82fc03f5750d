"""Where the eighths of a score that swings sound."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from drumscribe.domain.score import Measure, Swing

_HALF = Fraction(1, 2)


def swung_beats(measure: Measure) -> set[int]:
    """The beats (quarters from the start of the measure) whose eighths are played long-short."""
    if measure.is_straight:
        return set()
    return beats_in_pairs([e.onset for voice in measure.voices for e in voice.events if e.notes])


def beats_in_pairs(onsets: Sequence[Fraction]) -> set[int]:
    """The beats (whole numbers of the onsets' unit) with nothing but eighths in them."""
    phases: dict[int, set[Fraction]] = {}
    for onset in onsets:
        beat = onset.numerator // onset.denominator
        phases.setdefault(beat, set()).add(onset - beat)
    return {beat for beat, inside in phases.items() if inside <= {Fraction(0), _HALF}}


def played_onset(onset: Fraction, swung: set[int], swing: Swing | None) -> Fraction:
    """Where a written onset (quarters from the start of the measure) sounds."""
    beat = onset.numerator // onset.denominator
    if swing is None or beat not in swung or onset - beat != _HALF:
        return onset
    return beat + swing.offbeat

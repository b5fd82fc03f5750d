"""Swing: long-short pairs are written as straight eighths under a mark, not as triplets."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from drumscribe.domain.rhythm import Metre
from drumscribe.domain.score import Measure, Swing

_LONG_SHORT = Fraction(2, 3)
_HALF = Fraction(1, 2)
_ENOUGH_PAIRS = 6
_PAIRS_PER_TRIPLET = 2
_MAX_STRAIGHT_SHARE = 0.15


def find_swing(slots: Sequence[Fraction], metre: Metre) -> Swing | None:
    """Whether a piece swings, by the slots (in beats) of all its strokes.

    It does where beats with a stroke on the last third, and none on the second, are many, are at
    least twice as many as beats with full triplets, and beats with straight eighths or
    sixteenths are rare. Music full of triplets is left as it is: that is 12/8 in feeling.
    """
    if metre.denominator != 4:
        return None
    pairs = triplets = straight = 0
    for phases in _phases(slots).values():
        if any(phase.denominator in (2, 4, 8) for phase in phases):
            straight += 1
        elif phases <= {Fraction(0), _LONG_SHORT}:
            pairs += _LONG_SHORT in phases
        else:
            triplets += 1
    subdivided = pairs + triplets + straight
    swings = (
        pairs >= _ENOUGH_PAIRS
        and pairs >= _PAIRS_PER_TRIPLET * triplets
        and straight <= _MAX_STRAIGHT_SHARE * subdivided
    )
    return Swing() if swings else None


def straighten(slots: Sequence[Fraction | None]) -> list[Fraction | None]:
    """The slots as they are written under a swing mark: long-short becomes two eighths.

    Beats with other strokes than a long-short pair stay what they are.
    """
    phases = _phases([slot for slot in slots if slot is not None])
    written: list[Fraction | None] = []
    for slot in slots:
        beat = None if slot is None else slot.numerator // slot.denominator
        if slot is None or beat is None or slot - beat != _LONG_SHORT:
            written.append(slot)
        else:
            is_pair = phases[beat] <= {Fraction(0), _LONG_SHORT}
            written.append(beat + _HALF if is_pair else slot)
    return written


def swung_beats(measure: Measure) -> set[int]:
    """The beats (quarters from the start of the measure) whose eighths are played long-short."""
    onsets = [e.onset for voice in measure.voices for e in voice.events if e.notes]
    return {beat for beat, phases in _phases(onsets).items() if phases <= {Fraction(0), _HALF}}


def played_onset(onset: Fraction, swung: set[int], swing: Swing | None) -> Fraction:
    """Where a written onset (quarters from the start of the measure) sounds."""
    beat = onset.numerator // onset.denominator
    if swing is None or beat not in swung or onset - beat != _HALF:
        return onset
    return beat + swing.first / (swing.first + swing.second)


def _phases(positions: Sequence[Fraction]) -> dict[int, set[Fraction]]:
    phases: dict[int, set[Fraction]] = {}
    for position in positions:
        beat = position.numerator // position.denominator
        phases.setdefault(beat, set()).add(position - beat)
    return phases

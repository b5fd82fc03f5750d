"""Swing: long-short pairs are written as straight eighths under a mark, not as triplets."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from fractions import Fraction

from drumscribe.domain.score import Measure, Swing
from drumscribe.notation.tuning import SWING

_LAST_THIRD = Fraction(2, 3)
_LAST_QUARTER = Fraction(3, 4)
_HALF = Fraction(1, 2)


def count_feels(slots: Sequence[Fraction], swing: Swing) -> tuple[int, int, int]:
    """How many beats have a long-short pair, a full triplet, straight eighths or sixteenths."""
    short = _short_halves(swing)
    pairs = triplets = straight = 0
    for phases in _phases(slots).values():
        if phases <= {Fraction(0), *short}:
            pairs += not short.isdisjoint(phases)
        elif is_in_thirds(phases):
            triplets += 1
        else:
            straight += 1
    return pairs, triplets, straight


def is_in_thirds(phases: Collection[Fraction]) -> bool:
    """Whether a beat is divided by three: all its strokes stand on sixths, not all on halves."""
    return all(6 % phase.denominator == 0 for phase in phases) and any(
        phase.denominator % 3 == 0 for phase in phases
    )


def is_swung(slots: Sequence[Fraction], swing: Swing) -> bool:
    """Whether a piece may be written under a swing mark, by the slots (in beats) of its strokes.

    It may where beats with a long-short pair are many (a few will do where nothing else stands
    between the beats), are at least twice as many as beats with full triplets, and beats with
    straight eighths or sixteenths are rare. Music full of triplets is left as it is: that is 12/8
    in feeling.
    """
    pairs, triplets, straight = count_feels(slots, swing)
    return (
        pairs >= (SWING.enough_beside_straight if straight else SWING.enough_pairs)
        and pairs >= SWING.pairs_per_triplet * triplets
        and straight <= SWING.straight_share * (pairs + triplets + straight)
    )


def straighten(
    slots: Sequence[Fraction | None], swing: Swing, straight_beats: Collection[int] = ()
) -> list[Fraction | None]:
    """The slots as they are written under a swing mark: long-short becomes two eighths.

    Beats with other strokes than a long-short pair stay what they are, and so do straight_beats,
    which lie in parts that do not swing.
    """
    short = _short_halves(swing)
    phases = _phases([slot for slot in slots if slot is not None])
    written: list[Fraction | None] = []
    for slot in slots:
        if slot is None:
            written.append(None)
            continue
        beat = slot.numerator // slot.denominator
        is_pair = slot - beat in short and phases[beat] <= {Fraction(0), *short}
        is_pair = is_pair and beat not in straight_beats
        written.append(beat + _HALF if is_pair else slot)
    return written


def swung_beats(measure: Measure) -> set[int]:
    """The beats (quarters from the start of the measure) whose eighths are played long-short."""
    if measure.is_straight:
        return set()
    return beats_in_pairs([e.onset for voice in measure.voices for e in voice.events if e.notes])


def beats_in_pairs(onsets: Sequence[Fraction]) -> set[int]:
    """The beats (whole numbers of the onsets' unit) with nothing but eighths in them."""
    return {beat for beat, phases in _phases(onsets).items() if phases <= {Fraction(0), _HALF}}


def played_onset(onset: Fraction, swung: set[int], swing: Swing | None) -> Fraction:
    """Where a written onset (quarters from the start of the measure) sounds."""
    beat = onset.numerator // onset.denominator
    if swing is None or beat not in swung or onset - beat != _HALF:
        return onset
    return beat + swing.offbeat


def _short_halves(swing: Swing) -> set[Fraction]:
    """Where the short half of a pair may have been found: a stroke may lie nearer to the last
    third of the beat, or in a long swing to its last quarter, than to the swing's own off-beat."""
    near = {_LAST_THIRD, swing.offbeat}
    return near | {_LAST_QUARTER} if swing.offbeat >= _LAST_THIRD else near


def _phases(positions: Sequence[Fraction]) -> dict[int, set[Fraction]]:
    phases: dict[int, set[Fraction]] = {}
    for position in positions:
        beat = position.numerator // position.denominator
        phases.setdefault(beat, set()).add(position - beat)
    return phases

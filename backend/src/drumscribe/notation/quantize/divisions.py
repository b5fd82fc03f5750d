"""The ways to divide a beat, in families, each with its price in nats.

Places are whole numbers of ticks, of which every slot of every division has one of its own: exact
as fractions are, but hashed, compared and added many times as fast, as it has to be done for every
stroke of a piece.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from drumscribe.domain.rhythm import Metre
from drumscribe.notation.quantize.tuning import SLOTS

# Ticks of a beat. It divides into up to 32 parts, or up to 8 times 3; the off-beats of swing are
# thirds, fifths, sevenths and elevenths of it.
BEAT: Final = 32 * 3 * 5 * 7 * 11
FINE_SLOT = Fraction(1, 4)  # slots closer than sixteenths are fine

_SHORTEST = Fraction(1, 8)  # no written value below a thirty-second


@dataclass(frozen=True, slots=True, eq=False)
class Division:
    """One way to divide a beat, at a price. Each is itself only: tables are kept by it.

    slots: places in the beat in ticks, from 0 to BEAT, which is the next beat.
    length: of the shortest slot, in quarter notes.
    slot_nats: what it costs to say that a stroke is in each slot.
    """

    slots: tuple[int, ...]
    length: Fraction
    price_nats: float
    slot_nats: tuple[float, ...]

    @property
    def is_fine(self) -> bool:
        return self.length < FINE_SLOT


Family = tuple[Division, ...]


def in_ticks(beats: Fraction) -> int:
    """A place or a length in beats as ticks. Raises ValueError where it is between two of them."""
    ticks, rest = divmod(beats.numerator * BEAT, beats.denominator)
    if rest:
        raise ValueError(f"{beats} of a beat is no whole number of ticks")
    return ticks


def families_of(metre: Metre, *, allow_triplets: bool = True) -> tuple[Family, ...]:
    """The families of divisions of one beat: straight first, then triplet where there is one.

    A quarter divides into 1 2 4 8 | 1 3 6, an eighth into 1 2 4 | 1 3, a dotted quarter (6/8)
    into 1 3 6 12, where the triplet is the beat's own division.
    """
    beat = metre.beat_length
    if metre.is_compound:
        return (_family(beat, (1, *_powers(beat / 3, 3))),)
    straight = _family(beat, tuple(_powers(beat, 1)))
    if not allow_triplets:
        return (straight,)
    # Written value of a triplet of this beat: half a beat (three in the time of two).
    triplets = tuple(p for p in _powers(beat / 2, 3) if p <= 6 * max(1, beat.numerator))
    # The undivided beat belongs to both.
    return (straight, (straight[0], *_family(beat, triplets))) if triplets else (straight,)


def swing_family(metre: Metre, offbeat: Fraction) -> Family:
    """Beats with a long and a short half: 0 and `offbeat`, at the price of plain eighths."""
    beat = metre.beat_length
    whole = Division((0, BEAT), beat, 0.0, (0.0, 0.0))
    halves = (math.log(2),) * 3
    pair = Division((0, in_ticks(offbeat), BEAT), (1 - offbeat) * beat, SLOTS.level_nats, halves)
    return (whole, pair)


def _powers(unit: Fraction, first: int) -> list[int]:
    """first, 2 first, 4 first ... while `unit`, halved as often, can still be written."""
    parts, found = first, []
    while unit >= _SHORTEST:
        found.append(parts)
        parts, unit = parts * 2, unit / 2
    return found


def _family(beat: Fraction, all_parts: tuple[int, ...]) -> Family:
    divisions = []
    for parts in all_parts:
        level = 0.0 if parts == 1 else 1.0 + math.log2(parts / (3 if parts % 3 == 0 else 2))
        fine = SLOTS.fine_nats if beat / parts < FINE_SLOT else 0.0
        slots = tuple(in_ticks(Fraction(k, parts)) for k in range(parts + 1))
        divisions.append(
            Division(slots, beat / parts, SLOTS.level_nats * level + fine, _slot_nats(beat, parts))
        )
    return tuple(divisions)


def _slot_nats(beat: Fraction, parts: int) -> tuple[float, ...]:
    """What each slot costs. The next beat costs as much as this one.

    Thirty-seconds between the sixteenths are rare beside those on them.
    """
    is_fine = beat / parts < FINE_SLOT
    weak = math.exp(-SLOTS.weak_nats) if is_fine and parts % 2 == 0 else 1.0
    weights = [weak if k % 2 else 1.0 for k in range(parts + 1)]
    total = sum(weights[:parts])
    return tuple(-math.log(weight / total) for weight in weights)

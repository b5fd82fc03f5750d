"""Swing: which pieces swing, which bars of a piece do, and how their strokes are written.

Long-short pairs are written as straight eighths under a mark, not as triplets. Slots and phases are
in ticks of the beat.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from fractions import Fraction
from typing import Final

import numpy as np
from numpy.typing import NDArray

from drumscribe.domain.score import Swing
from drumscribe.notation.quantize.divisions import BEAT, in_ticks
from drumscribe.notation.quantize.ternary import is_in_thirds, phases_of
from drumscribe.notation.quantize.tuning import FEEL
from drumscribe.notation.tuning import SWING

_LAST_THIRD: Final = in_ticks(Fraction(2, 3))
_LAST_QUARTER: Final = in_ticks(Fraction(3, 4))
_HALF: Final = in_ticks(Fraction(1, 2))


def count_feels(slots: Sequence[int], swing: Swing) -> tuple[int, int, int]:
    """How many beats have a long-short pair, a full triplet, straight eighths or sixteenths."""
    short = _short_halves(swing)
    pairs = triplets = straight = 0
    for phases in phases_of(slots).values():
        if phases <= {0, *short}:
            pairs += not short.isdisjoint(phases)
        elif is_in_thirds(phases):
            triplets += 1
        else:
            straight += 1
    return pairs, triplets, straight


def is_swung(slots: Sequence[int], swing: Swing) -> bool:
    """Whether a piece may be written under a swing mark, by the slots of its strokes.

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


def straight_parts(
    downbeats: NDArray[np.int64], slots: NDArray[np.int64], swing: Swing
) -> frozenset[int] | None:
    """The beats with strokes in parts that do not swing; None where there are not both kinds.

    downbeats: the beats that begin bars; slots: of each stroke. The parts are the cheapest way to
    call each bar swung or straight, where a beat of the other feel costs one and a change five
    (Viterbi). Each kind needs four bars and eight beats that tell.
    """
    bars = np.searchsorted(downbeats, slots // BEAT, side="right")
    in_bars: dict[int, list[int]] = {}
    for bar, slot in zip(bars.tolist(), slots.tolist(), strict=True):
        in_bars.setdefault(bar, []).append(slot)
    of_bar = [in_bars[bar] for bar in sorted(in_bars)]
    feels = [count_feels(strokes, swing) for strokes in of_bar]
    against = np.array([[straight, pairs] for pairs, _, straight in feels], dtype=np.float64)
    swings = _cheapest_feels(against)
    n_pairs = sum(pairs for (pairs, _, _), is_on in zip(feels, swings, strict=True) if is_on)
    n_straight = sum(s for (_, _, s), is_on in zip(feels, swings, strict=True) if not is_on)
    n_swung = sum(swings)
    if min(n_swung, len(of_bar) - n_swung) < FEEL.fewest_bars_of_part:
        return None
    if min(n_pairs, n_straight) < FEEL.fewest_pairs_of_part:
        return None
    swung = [
        slot for strokes, is_on in zip(of_bar, swings, strict=True) if is_on for slot in strokes
    ]
    if not is_swung(swung, swing):
        return None
    return frozenset(
        slot // BEAT
        for strokes, is_on in zip(of_bar, swings, strict=True)
        if not is_on
        for slot in strokes
    )


def straighten(
    slots: Sequence[int | None], swing: Swing, straight_beats: Collection[int] = ()
) -> list[int | None]:
    """The slots as they are written under a swing mark: long-short becomes two eighths.

    Beats with other strokes than a long-short pair stay what they are, and so do straight_beats,
    which lie in parts that do not swing.
    """
    short = _short_halves(swing)
    phases = phases_of([slot for slot in slots if slot is not None])
    written: list[int | None] = []
    for slot in slots:
        if slot is None:
            written.append(None)
            continue
        beat, inside = divmod(slot, BEAT)
        is_pair = inside in short and phases[beat] <= {0, *short}
        is_pair = is_pair and beat not in straight_beats
        written.append(beat * BEAT + _HALF if is_pair else slot)
    return written


def _short_halves(swing: Swing) -> set[int]:
    """Where the short half of a pair may have been found: a stroke may lie nearer to the last
    third of the beat, or in a long swing to its last quarter, than to the swing's own off-beat."""
    offbeat = in_ticks(swing.offbeat)
    near = {_LAST_THIRD, offbeat}
    return near | {_LAST_QUARTER} if offbeat >= _LAST_THIRD else near


def _cheapest_feels(against: NDArray[np.float64]) -> list[bool]:
    """Per bar: True if it swings. against: (bars, 2), what speaks against swung and straight."""
    total = against[0].copy()
    back: list[tuple[int, int]] = []
    for costs in against[1:]:
        changed = total[::-1] + FEEL.change_beats
        back.append((int(changed[0] < total[0]), int(changed[1] >= total[1])))
        total = np.minimum(total, changed) + costs
    state = int(np.argmin(total))
    path = [state]
    for origins in reversed(back):
        state = origins[state]
        path.append(state)
    return [state == 0 for state in reversed(path)]

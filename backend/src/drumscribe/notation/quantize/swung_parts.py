"""Pieces that swing in parts: which bars do and which do not."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from drumscribe.domain.score import Swing
from drumscribe.notation.quantize.tuning import FEEL
from drumscribe.notation.swing import count_feels, is_swung


def straight_parts(
    downbeats: NDArray[np.int64], slots: Sequence[Fraction], swing: Swing
) -> frozenset[int] | None:
    """The beats with strokes in parts that do not swing; None where there are not both kinds.

    downbeats: the beats that begin bars; slots: of each stroke, in beats. The parts are the
    cheapest way to call each bar swung or straight, where a beat of the other feel costs one and
    a change five (Viterbi). Each kind needs four bars and eight beats that tell.
    """
    in_bars: dict[int, list[Fraction]] = {}
    for slot in slots:
        bar = int(np.searchsorted(downbeats, slot.numerator // slot.denominator, side="right"))
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
        slot.numerator // slot.denominator
        for strokes, is_on in zip(of_bar, swings, strict=True)
        if not is_on
        for slot in strokes
    )


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

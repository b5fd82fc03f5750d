"""Music whose beats are thirds: written in 12/8, 9/8 or 6/8 instead of under brackets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from drumscribe.domain.rhythm import BeatGrid, Metre
from drumscribe.notation.quantize.tuning import FEEL
from drumscribe.notation.swing import is_in_thirds

_COMPOUND = {2: 6, 3: 9, 4: 12}


def in_compound_time(grid: BeatGrid, slots: Sequence[Fraction]) -> BeatGrid | None:
    """The same beats with thirds as eighths, where most divided beats have thirds; else None.

    slots: of the strokes, in beats. Bars and beats stay what they are: 4/4 becomes 12/8, 3/4
    becomes 9/8, 2/4 becomes 6/8. Swing is another thing: it has pairs, and a mark says so.
    """
    if grid.metre.denominator != 4 or grid.metre.numerator not in _COMPOUND:
        return None
    phases: dict[int, set[Fraction]] = {}
    for slot in slots:
        beat = slot.numerator // slot.denominator
        phases.setdefault(beat, set()).add(slot - beat)
    divided = [inside for inside in phases.values() if any(inside)]
    thirds = sum(is_in_thirds(inside) for inside in divided)
    is_ternary = (
        thirds >= FEEL.enough_ternary_beats
        and thirds >= FEEL.ternary_share * len(divided)
        and thirds >= FEEL.ternary_share_of_all * len(phases)
    )
    if not is_ternary:
        return None
    # The beats stay as fast as they are; they last three eighths now instead of two.
    said = grid.said_quarters_per_minute
    return replace(
        grid,
        metre=Metre(_COMPOUND[grid.metre.numerator], 8),
        said_quarters_per_minute=None if said is None else said * 1.5,
    )

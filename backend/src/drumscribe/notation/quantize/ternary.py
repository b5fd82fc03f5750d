"""Music whose beats are thirds: written in 12/8, 9/8 or 6/8 instead of under brackets."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from drumscribe.domain.rhythm import BeatGrid, Metre
from drumscribe.notation.quantize.divisions import BEAT
from drumscribe.notation.quantize.tuning import FEEL

_COMPOUND = {2: 6, 3: 9, 4: 12}


def phases_of(slots: Sequence[int]) -> dict[int, set[int]]:
    """Where in each beat its strokes stand: beat -> ticks from its start. slots: in ticks."""
    phases: dict[int, set[int]] = {}
    for slot in slots:
        beat, inside = divmod(slot, BEAT)
        phases.setdefault(beat, set()).add(inside)
    return phases


def is_in_thirds(phases: Collection[int]) -> bool:
    """Whether a beat is divided by three: all its strokes stand on sixths, not all on halves.

    phases: ticks from the start of the beat.
    """
    on_sixths = all(phase % (BEAT // 6) == 0 for phase in phases)
    return on_sixths and any(phase % (BEAT // 2) for phase in phases)


def in_compound_time(grid: BeatGrid, slots: Sequence[int]) -> BeatGrid | None:
    """The same beats with thirds as eighths, where most divided beats have thirds; else None.

    slots: of the strokes, in ticks. Bars and beats stay what they are: 4/4 becomes 12/8, 3/4
    becomes 9/8, 2/4 becomes 6/8. Swing is another thing: it has pairs, and a mark says so.
    """
    if grid.metre.denominator != 4 or grid.metre.numerator not in _COMPOUND:
        return None
    phases = phases_of(slots)
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

"""Two ghosts a thirty-second apart: nobody counts them; they are a drag, a ruff or a buzz."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from drumscribe.domain.drums import Hit, Instrument
from drumscribe.domain.placements import MergeReason
from drumscribe.notation.dynamics import Dynamics
from drumscribe.notation.quantize.divisions import in_ticks
from drumscribe.notation.quantize.tuning import ORNAMENTS

_LONGEST_SLOT = Fraction(1, 8)  # quarter notes: a thirty-second
_SIXTEENTH = Fraction(1, 4)


def fold_ghost_pairs(
    hits: Sequence[Hit],
    slots: list[int | None],
    graces: dict[int, list[int]],
    dynamics: Sequence[Dynamics],
    beat_length: Fraction,
) -> dict[int, tuple[int, MergeReason]]:
    """Small notes and buzzes in the place of pairs of ghosted thirty-seconds on the snare.

    A pair that leads to a louder stroke becomes its small notes. Of one that stands alone the
    stroke off the sixteenths becomes a small note of the other where it comes first; where it
    comes second the two are one buzz.

    slots: in ticks, changed: None for what becomes a small note. graces: changed. Returns the
    strokes that are part of a buzz: stroke -> (the note that stands for it, reason).
    """
    buzzed: dict[int, tuple[int, MergeReason]] = {}
    longest_slot = in_ticks(_LONGEST_SLOT / beat_length)
    sixteenth = in_ticks(_SIXTEENTH / beat_length)
    snares = [
        i for i, h in enumerate(hits) if h.instrument is Instrument.SNARE and slots[i] is not None
    ]
    for at in range(len(snares) - 1):
        first, second = snares[at], snares[at + 1]
        after = snares[at + 2] if at + 2 < len(snares) else None
        before = snares[at - 1] if at else None
        if not _is_pair(hits, slots, dynamics, first, second, longest_slot):
            continue
        gap = hits[second].time - hits[first].time
        if before is not None and hits[first].time - hits[before].time <= gap * ORNAMENTS.leads_in:
            continue  # the middle of a roll
        if graces.get(first) or graces.get(second):
            continue
        if after is not None and hits[after].time - hits[second].time <= gap * ORNAMENTS.leads_in:
            if (
                not dynamics[after].is_ghost
                and len(graces.get(after, ())) + 2 <= ORNAMENTS.most_graces
            ):
                graces[after] = [first, second, *graces.get(after, [])]
                slots[first] = slots[second] = None
            continue
        if _is_on(slots[second], sixteenth):
            graces[second] = [first]
            slots[first] = None
        else:
            buzzed[second] = (first, MergeReason.BUZZ)
    return buzzed


def _is_pair(
    hits: Sequence[Hit],
    slots: Sequence[int | None],
    dynamics: Sequence[Dynamics],
    first: int,
    second: int,
    longest_slot: int,
) -> bool:
    start, end = slots[first], slots[second]
    if start is None or end is None:
        return False
    shortest, longest = ORNAMENTS.pair_seconds
    return (
        dynamics[first].is_ghost
        and dynamics[second].is_ghost
        and hits[first].articulation is None
        and shortest <= hits[second].time - hits[first].time <= longest
        and 0 < end - start <= longest_slot
    )


def _is_on(slot: int | None, step: int) -> bool:
    return slot is not None and slot % step == 0

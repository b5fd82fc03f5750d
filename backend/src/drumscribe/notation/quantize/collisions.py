"""Two strokes of one drum in one slot: a flam, or one that was heard twice."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Final

from drumscribe.domain.drums import Articulation, Hit, Instrument
from drumscribe.domain.placements import MergeReason
from drumscribe.notation.measures.voices import role_of
from drumscribe.notation.quantize.ornaments import GRACED, can_flam
from drumscribe.notation.quantize.tuning import ORNAMENTS

# Said as ways to strike a crash, and other cymbals than that: they sound beside it.
_CYMBALS_OF_THEIR_OWN: Final = (Articulation.CRASH_2, Articulation.SPLASH, Articulation.CHINA)


# The name of what is struck, and the voice that it is written in.
Drum = tuple[str, str]


def drum_of(hit: Hit) -> Drum:
    """The thing that is struck: what can sound once only at a time."""
    return drum_struck(hit.instrument, hit.articulation)


@cache
def drum_struck(instrument: Instrument, articulation: Articulation | None) -> Drum:
    """The same, of an instrument that is struck in some way."""
    role = role_of(instrument, articulation)
    hat = instrument in (Instrument.HIHAT_CLOSED, Instrument.HIHAT_OPEN)
    name = "hihat" if hat else instrument.value
    if articulation in _CYMBALS_OF_THEIR_OWN:
        name += articulation.value
    return name, role.value


def resolve_collisions(
    hits: Sequence[Hit], slots: list[int | None], graces: dict[int, list[int]]
) -> dict[int, tuple[int, MergeReason]]:
    """Strokes of one drum in one slot: a flam, or the surer one stands for both.

    slots: in ticks. Changes slots (None for what becomes a grace) and graces; returns
    merged -> (kept, reason).
    """
    merged: dict[int, tuple[int, MergeReason]] = {}
    holder: dict[tuple[int, Drum], int] = {}
    for i, hit in enumerate(hits):
        slot = slots[i]
        if slot is None:
            continue
        key = (slot, drum_of(hit))
        if key not in holder:
            holder[key] = i
            continue
        j = holder[key]
        before = graces.get(j, [])
        if (
            _is_grace_of(hits[j], hit)
            and len(before) + 1 + len(graces.get(i, [])) <= ORNAMENTS.most_graces
        ):
            graces[i] = [*graces.pop(j, []), j, *graces.get(i, [])]
            slots[j] = None
            holder[key] = i
            continue
        same = hits[j].instrument is hit.instrument
        reason = MergeReason.DUPLICATE if same else MergeReason.SAME_DRUM
        surer = (hit.confidence, hit.velocity) > (hits[j].confidence, hits[j].velocity)
        kept, gone = (i, j) if surer else (j, i)
        merged[gone] = (kept, reason)
        for other, (into, why) in list(merged.items()):
            if into == gone:
                merged[other] = (kept, why)
        for grace in graces.pop(gone, []):
            _adopt(grace, kept, graces, merged)
        holder[key] = kept
    return merged


def _is_grace_of(first: Hit, second: Hit) -> bool:
    """True if `first`, for which the page has no slot of its own, reads as a grace of `second`.

    That is a flam, or a softer stroke so short before the second that only a grid finer than
    readers want would part them.
    """
    if can_flam(first, second):
        return True
    is_short = second.time - first.time <= ORNAMENTS.open_flam_seconds
    same = first.instrument is second.instrument and first.instrument in GRACED
    return is_short and same and first.velocity < second.velocity


def _adopt(
    grace: int,
    main: int,
    graces: dict[int, list[int]],
    merged: dict[int, tuple[int, MergeReason]],
) -> None:
    """The grace of a merged hit goes with the hit that stands for it, or is merged as well."""
    chain = graces.setdefault(main, [])
    if len(chain) < ORNAMENTS.most_graces:
        chain.append(grace)
        chain.sort()
    else:
        merged[grace] = (main, MergeReason.DUPLICATE)

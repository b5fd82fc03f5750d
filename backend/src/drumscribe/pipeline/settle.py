"""Strokes decided once more when the bars are known: music repeats itself.

A network hears a moment. Whether a peak is a stroke is decided by its height first; then bars are
found, and what was nearly heard is written where the bars like its own have it. Nothing is taken
off the page: a fill, a crash and a ghost are played once.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from drumscribe.domain.drums import Hit
from drumscribe.domain.rhythm import BeatGrid
from drumscribe.domain.wishes import HearingWishes
from drumscribe.hearing.picking import moved_by
from drumscribe.pipeline.reviewing.chances import Written, chances_of_offers
from drumscribe.pipeline.tuning import SETTLING


class Settled(NamedTuple):
    """hits: what stands on the page; left: what was nearly heard and does not.

    Both in the order of time.
    """

    hits: tuple[Hit, ...]
    left: tuple[Hit, ...]


def settled(
    picked: Sequence[Hit], nearly: Sequence[Hit], grid: BeatGrid, wishes: HearingWishes
) -> Settled:
    """The strokes of a recording, from those that thresholds let in and those that none did.

    Nothing is written where there are hardly any bars to ask. A higher sensitivity writes more, as
    it does with the thresholds of the network.
    """
    if grid.downbeat_times.size < SETTLING.fewest_bars:
        return Settled(tuple(sorted(picked)), tuple(sorted(nearly)))
    # The likeliest first, so that of two names of one stroke the likelier is written.
    ranked = sorted(
        zip(chances_of_offers(nearly, picked, grid), nearly, strict=True),
        key=lambda one: (-one[0], one[1]),
    )
    hits, left, written = list(picked), [], Written(picked)
    for chance, stroke in ranked:
        sensitivity = wishes.sensitivity_by_instrument.get(stroke.instrument, wishes.sensitivity)
        is_likely = chance >= moved_by(sensitivity, SETTLING.written_from)
        if is_likely and not written.otherwise(stroke):
            written.add(stroke)
            hits.append(stroke)
        else:
            left.append(stroke)
    return Settled(tuple(sorted(hits)), tuple(sorted(left)))

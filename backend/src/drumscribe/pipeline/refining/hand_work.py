"""What somebody wrote by hand on a page, and how it stands when the recording is heard anew.

Decided by what the strokes say, not by their ids: another sensitivity numbers them anew, and a
program that only reads our JSON may give none.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import count
from typing import Final

from drumscribe.domain.comparing.matching import SLACK_SECONDS, match
from drumscribe.domain.drums import TOMS, Hit, Instrument, numbered
from drumscribe.pipeline.tuning import REFINING

# What is taken for one another: where somebody put one of them right, the others were not meant.
_FAMILIES: Final[tuple[frozenset[Instrument], ...]] = (
    frozenset({Instrument.KICK}),
    frozenset({Instrument.SNARE}),
    frozenset(TOMS),
    frozenset({Instrument.HIHAT_CLOSED, Instrument.HIHAT_OPEN, Instrument.RIDE, Instrument.CRASH}),
)
_FAMILY_OF: Final = {
    instrument: number for number, family in enumerate(_FAMILIES) for instrument in family
}


@dataclass(frozen=True, slots=True)
class HandWork:
    """The strokes of a page by who wrote them; all sorted by time.

    by_hand: put in or changed by somebody, as they stand. untouched: as the machine wrote them.
    taken_away: what the machine wrote and stands there no more, or not like that.
    """

    by_hand: tuple[Hit, ...]
    untouched: tuple[Hit, ...]
    taken_away: tuple[Hit, ...]

    @classmethod
    def of(cls, page: Iterable[Hit], machine: Iterable[Hit]) -> HandWork:
        """machine: the strokes of the page before anybody touched them."""
        heard = Counter(machine)
        untouched, by_hand = _taken(sorted(page), heard)
        taken_away = (heard - Counter(untouched)).elements()
        return cls(tuple(by_hand), tuple(untouched), tuple(sorted(taken_away)))


@dataclass(frozen=True, slots=True)
class HeardAnew:
    """The strokes of a page after its recording was heard anew, and what became of them.

    added, removed: strokes that the page did not have, and has no more; changed: those that were
        heard a little otherwise (when, how hard). What was written by hand is in none of them.
    """

    hits: tuple[Hit, ...]
    added: int
    removed: int
    changed: int


def heard_anew(page: Sequence[Hit], machine: Sequence[Hit], heard: Sequence[Hit]) -> HeardAnew:
    """The strokes of a page with what was heard now in the place of what was heard then.

    page: as it stands; its strokes have ids. machine: what was heard then, before any edit.
    heard: what is heard now; its ids are not asked for.

    Strokes written by hand stay as they are, with their ids. Nothing is written where somebody took
    a stroke of the same kind away or put one right. A stroke that is heard both times keeps its id
    and its sticking.
    """
    work = HandWork.of(page, machine)
    pairs, new = _paired(work.untouched, heard)
    touched = _Places([*work.by_hand, *work.taken_away])
    # The id of a stroke that is gone is not given to another one.
    fresh = count(max((hit.id for hit in page if hit.id is not None), default=-1) + 1)
    added = [replace(hit, id=next(fresh)) for hit in sorted(new) if not touched.has(hit)]
    stays = [replace(after, id=before.id, sticking=before.sticking) for before, after in pairs]
    return HeardAnew(
        hits=numbered([*work.by_hand, *stays, *added]),
        added=len(added),
        removed=len(work.untouched) - len(pairs),
        changed=sum(before != after for before, after in pairs),
    )


def _paired(before: Sequence[Hit], after: Sequence[Hit]) -> tuple[list[tuple[Hit, Hit]], list[Hit]]:
    """Which strokes are the same, heard twice, one to one; and those that were not heard before."""
    pairs: list[tuple[Hit, Hit]] = []
    new: list[Hit] = []
    for instrument in Instrument:
        old = sorted(hit for hit in before if hit.instrument is instrument)
        now = sorted(hit for hit in after if hit.instrument is instrument)
        # Those that are exactly alike first: what did not change shall not change.
        alike = Counter(old) & Counter(now)
        old_alike, old = _taken(old, alike)
        now_alike, now = _taken(now, alike)
        pairs += zip(old_alike, now_alike, strict=True)
        found = match(
            [hit.time for hit in old], [hit.time for hit in now], REFINING.same_stroke_seconds
        )
        pairs += [(old[i], now[j]) for i, j in found]
        heard_before = {j for _, j in found}
        new += [hit for j, hit in enumerate(now) if j not in heard_before]
    return pairs, new


def _taken(hits: Sequence[Hit], wanted: Counter[Hit]) -> tuple[list[Hit], list[Hit]]:
    """Those that are wanted, as often as they are, and the rest; both in order."""
    left = Counter(wanted)
    taken, rest = [], []
    for hit in hits:
        if left[hit] > 0:
            left[hit] -= 1
            taken.append(hit)
        else:
            rest.append(hit)
    return taken, rest


class _Places:
    """Where strokes stand, by family."""

    def __init__(self, hits: Iterable[Hit]) -> None:
        self._times: dict[int, list[float]] = {}
        for hit in sorted(hits):
            self._times.setdefault(_FAMILY_OF[hit.instrument], []).append(hit.time)

    def has(self, hit: Hit) -> bool:
        """Whether one of the same family stands where this one does."""
        times = self._times.get(_FAMILY_OF[hit.instrument], [])
        reach = REFINING.same_stroke_seconds + SLACK_SECONDS
        at = bisect_left(times, hit.time - reach)
        return at < len(times) and times[at] <= hit.time + reach

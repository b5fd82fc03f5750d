"""Bars found from the hits of parts that others wrote, against their true bars."""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from drumscribe.domain.comparing.matching import f_measure
from drumscribe.domain.rhythm import BeatGrid, Metre, OtherCount
from drumscribe.domain.wishes import BPM, BeatWishes
from lab.notation_study.judging.beats import BEAT_SECONDS
from lab.notation_study.known_parts import KnownPart, as_heard, begun_later
from lab.notation_study.study import beats_from_hits

RIGHT_PAGE_F = 0.9
_OFFERED = 2  # alternatives that are looked at beside the page itself
_SAME_PLACE_QUARTERS = 0.09

_Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class PartJudgement:
    """One part.

    downbeat_f: F-measure of bar lines within 70 ms, over the time in which something is played.
    slots: share of strokes at their place of their bar, in quarter notes, after the best shift by
        whole bars. first_three_f: the best downbeat_f of the page and the first two that are
        offered instead. warned: whether bpm_unreliable was set.
    """

    name: str
    group: str
    metre: Metre
    found: Metre
    downbeat_f: float
    slots: float
    first_three_f: float
    warned: bool
    has_changes: bool

    @property
    def metre_right(self) -> bool:
        return self.metre == self.found

    @property
    def is_right(self) -> bool:
        return self.downbeat_f >= RIGHT_PAGE_F


def judge_part(part: KnownPart) -> PartJudgement:
    """Find bars from the hits alone and compare."""
    grid = beats_from_hits(part.hits, BeatWishes())
    f = downbeat_f(part, grid.downbeat_times)
    best = f
    for other in grid.alternatives[:_OFFERED]:
        if best < RIGHT_PAGE_F:
            chosen = beats_from_hits(part.hits, _asked_for(other))
            best = max(best, downbeat_f(part, chosen.downbeat_times))
    return PartJudgement(
        name=part.name,
        group=part.group,
        metre=part.metre,
        found=grid.written_metre,
        downbeat_f=f,
        slots=slot_share(part, grid),
        first_three_f=best,
        warned=not grid.reliable,
        has_changes=len(set(part.metres)) > 1,
    )


def _asked_for(other: OtherCount) -> BeatWishes:
    """The wish as a user says it."""
    return BeatWishes(
        metre=other.metre,
        bpm=min(BPM.most, max(BPM.least, other.quarters_per_minute)),
        bar_one_at_seconds=other.bar_one_at_seconds,
    )


def downbeat_f(part: KnownPart, lines: _Floats) -> float:
    """F-measure of bar lines within 70 ms, over the time in which something is played."""
    end = part.hits[-1].time + BEAT_SECONDS

    def inside(times: _Floats) -> list[float]:
        return [float(time) for time in times if -BEAT_SECONDS <= time <= end]

    return f_measure(inside(part.bars[:-1]), inside(lines), BEAT_SECONDS)


def slot_share(part: KnownPart, grid: BeatGrid) -> float:
    """The share of strokes at their place of their bar, after the best shift by whole bars."""
    times = np.array([hit.time for hit in part.hits])
    lengths = np.array([float(metre.bar_length) for metre in part.metres])
    bar, place = _places(times, part.bars, lengths)
    lines = grid.downbeat_times
    if lines.size < 2:
        return 0.0
    beats = np.diff(np.flatnonzero(grid.beat_numbers == 1))
    found_bar, found = _places(times, lines, beats * float(grid.metre.beat_length))
    same = np.abs(found - place) < _SAME_PLACE_QUARTERS
    shifts = Counter((found_bar - bar)[same].tolist())
    return max(shifts.values(), default=0) / times.size


def _places(times: _Floats, lines: _Floats, quarters: _Floats) -> tuple[NDArray[np.int64], _Floats]:
    """The bar of each stroke, and quarter notes from its start; 30 ms early is on the line."""
    bar = np.clip(np.searchsorted(lines, times + 0.03, side="right") - 1, 0, lines.size - 2)
    share = (times - lines[bar]) / (lines[bar + 1] - lines[bar])
    return bar.astype(np.int64), np.asarray(share * quarters[bar])


CHANGED: dict[str, Callable[[KnownPart, np.random.Generator], KnownPart]] = {
    "later": begun_later,
    "heard": as_heard,
}


def judge_parts(
    parts: Sequence[KnownPart], *, changed: str | None, seed: int, jobs: int
) -> Iterator[PartJudgement]:
    """Judge every part, in order. changed: one of CHANGED; None: as written."""
    if changed is not None:
        parts = [
            CHANGED[changed](part, np.random.default_rng([seed, zlib.crc32(part.name.encode())]))
            for part in parts
        ]
    if jobs <= 1:
        yield from map(judge_part, parts)
        return
    with ProcessPoolExecutor(jobs) as pool:
        yield from pool.map(judge_part, parts, chunksize=2)


@dataclass(frozen=True, slots=True)
class PartsRow:
    """Means over the parts of a group; the warning's recall and precision over wrong pages."""

    group: str
    n: int
    metre_right: float
    downbeat_f: float
    slots: float
    right: float
    right_in_first_three: float
    warned_if_wrong: float | None
    wrong_if_warned: float | None


def parts_row(group: str, judged: Sequence[PartJudgement]) -> PartsRow:
    """The row of some parts."""
    wrong = [each for each in judged if not each.is_right]
    warned = [each for each in judged if each.warned]
    both = sum(each.warned for each in wrong)
    return PartsRow(
        group=group,
        n=len(judged),
        metre_right=float(np.mean([each.metre_right for each in judged])),
        downbeat_f=float(np.mean([each.downbeat_f for each in judged])),
        slots=float(np.mean([each.slots for each in judged])),
        right=float(np.mean([each.is_right for each in judged])),
        right_in_first_three=float(
            np.mean([each.first_three_f >= RIGHT_PAGE_F for each in judged])
        ),
        warned_if_wrong=both / len(wrong) if wrong else None,
        wrong_if_warned=both / len(warned) if warned else None,
    )


def parts_rows(judged: Sequence[PartJudgement]) -> list[PartsRow]:
    """One row for each group, for 4/4 and the rest, and for all."""
    groups = dict.fromkeys(each.group for each in judged if each.group)
    rows = [
        parts_row(group, [each for each in judged if each.group == group])
        for group in sorted(groups)
    ]
    in_four = [each for each in judged if str(each.metre) == "4/4"]
    others = [each for each in judged if str(each.metre) != "4/4"]
    for name, some in (("in 4/4", in_four), ("in other metres", others), ("all", judged)):
        if some:
            rows.append(parts_row(name, some))
    return rows

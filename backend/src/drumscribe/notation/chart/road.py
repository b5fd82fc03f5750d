"""The way through a chart: which sections are repeats of others, and one D.S. where it pays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from drumscribe.domain.form.road_signs import Jump, RoadSigns
from drumscribe.domain.score import Score
from drumscribe.notation.chart.grooves import Likeness
from drumscribe.notation.chart.tuning import CHART


@dataclass(frozen=True, slots=True)
class Part:
    """Bars [start, end) of the full score that are printed.

    begins_repeat, ends_repeat (how often in all), ending (passes in which it is played): see
    RoadSigns.
    """

    start: int
    end: int
    begins_repeat: bool = False
    ends_repeat: int = 0
    ending: tuple[int, ...] = ()

    @property
    def n_bars(self) -> int:
        return self.end - self.start

    @property
    def is_plain(self) -> bool:
        return not (self.begins_repeat or self.ends_repeat or self.ending)


@dataclass(frozen=True, slots=True)
class Road:
    """parts: printed, in order. segno, coda: the parts that begin there; leave, jump: the parts at
    whose end it goes on to the coda (or ends), and back to the segno."""

    parts: tuple[Part, ...]
    segno: Part | None = None
    leave: Part | None = None
    jump: Part | None = None
    coda: Part | None = None

    def at_start(self, part: Part, signs: RoadSigns) -> RoadSigns:
        """The signs of the first bar of a part."""
        return replace(
            signs,
            begins_repeat=part.begins_repeat,
            begins_ending=bool(part.ending),
            ending=part.ending,
            has_segno=part is self.segno,
            begins_coda=part is self.coda,
        )

    def at_end(self, part: Part, signs: RoadSigns) -> RoadSigns:
        """The signs of the last bar of a part."""
        jump = None
        if part is self.jump:
            jump = Jump.DAL_SEGNO_AL_CODA if self.coda else Jump.DAL_SEGNO_AL_FINE
        return replace(
            signs,
            ends_repeat=part.ends_repeat,
            ending=part.ending,
            ends_ending=bool(part.ending),
            goes_to_coda=part is self.leave and self.coda is not None,
            is_fine=part is self.leave and self.coda is None,
            jump=jump,
        )


def find_road(score: Score, likeness: Likeness) -> Road:
    """The shortest way to say the sections of a score."""
    spans = _spans(score)
    alike = _Alike(score, likeness)
    parts: list[Part] = []
    at = 0
    while at < len(spans):
        n_used, found = _repeat_at(spans, at, alike)
        parts += found
        at += n_used
    return _with_jump(parts, alike)


def _spans(score: Score) -> list[tuple[int, int]]:
    """[start, end) of what comes before the sections, and of each section.

    A last section a few bars longer than one that it repeats ends with those bars as a part of
    their own.
    """
    n = len(score.measures)
    starts = [section.first for section in score.sections]
    if not starts or starts[0] > 0:
        starts.insert(0, 0)
    spans = list(zip(starts, [*starts[1:], n], strict=True))
    lengths = {end - start for start, end in spans[:-1]}
    start, end = spans[-1]
    for extra in (1, 2, 3):
        if end - start not in lengths and end - start - extra in lengths:
            spans[-1:] = [(start, end - extra), (end - extra, end)]
            break
    return spans


class _Alike:
    """Whether spans of bars say the same."""

    def __init__(self, score: Score, likeness: Likeness) -> None:
        self._measures = score.measures
        self._likeness = likeness

    def common(self, a: tuple[int, int], b: tuple[int, int]) -> int:
        """How many bars two spans of one length have in common from their start; else 0."""
        if a[1] - a[0] != b[1] - b[0]:
            return 0
        for k in range(a[1] - a[0]):
            one, other = self._measures[a[0] + k], self._measures[b[0] + k]
            differs = one.dynamic != other.dynamic or one.hairpin != other.hairpin
            differs = differs or one.text != other.text
            tempo = other.tempo_mark is not None and one.tempo_mark != other.tempo_mark
            if differs or tempo or not self._likeness.are_alike(a[0] + k, b[0] + k):
                return k
        return a[1] - a[0]

    def same(self, a: tuple[int, int], b: tuple[int, int]) -> bool:
        return self.common(a, b) == a[1] - a[0] > 0


def _repeat_at(spans: Sequence[tuple[int, int]], at: int, alike: _Alike) -> tuple[int, list[Part]]:
    """(spans used, parts) of what begins with a span: the repeat that saves most, or the span."""
    best: tuple[int, int, list[Part]] = (0, 1, [Part(*spans[at])])
    for size in range(1, min(CHART.longest_group, (len(spans) - at) // 2) + 1):
        group = spans[at : at + size]
        length = group[-1][1] - group[0][0]
        times = 1
        while _group_is(spans, at, at + times * size, size, alike):
            times += 1
        if times > 1:
            saved = (times - 1) * length
            parts = [Part(*span) for span in group]
            parts[0] = replace(parts[0], begins_repeat=True)
            parts[-1] = replace(parts[-1], ends_repeat=times)
            best = max(best, (saved, times * size, parts), key=lambda found: found[0])
            continue
        endings = _with_endings(spans, at, size, alike)
        if endings is not None:
            best = max(best, endings, key=lambda found: found[0])
    return best[1], best[2]


def _group_is(
    spans: Sequence[tuple[int, int]], first: int, second: int, size: int, alike: _Alike
) -> bool:
    if second + size > len(spans):
        return False
    return all(alike.same(spans[first + k], spans[second + k]) for k in range(size))


def _with_endings(
    spans: Sequence[tuple[int, int]], at: int, size: int, alike: _Alike
) -> tuple[int, int, list[Part]] | None:
    """A group that comes twice and ends differently: (bars saved, spans used, parts)."""
    if at + 2 * size > len(spans) or not _group_is(spans, at, at + size, size - 1, alike):
        return None
    last, other = spans[at + size - 1], spans[at + 2 * size - 1]
    common = alike.common(last, other)
    n = last[1] - last[0]
    if not 0 < n - common <= CHART.longest_ending or common == 0:
        return None
    parts = [Part(*span) for span in spans[at : at + size - 1]]
    parts.append(Part(last[0], last[0] + common))
    parts[0] = replace(parts[0], begins_repeat=True)
    parts.append(Part(last[0] + common, last[1], ends_repeat=2, ending=(1,)))
    parts.append(Part(other[0] + common, other[1], ending=(2,)))
    saved = spans[at + size - 1][1] - spans[at][0] - (n - common)
    return saved, 2 * size, parts


def _with_jump(parts: Sequence[Part], alike: _Alike) -> Road:
    """One D.S. over the longest run of plain parts that comes again after others."""
    best: tuple[int, int, int, int] | None = None
    for first in range(len(parts)):
        for second in range(first + 2, len(parts)):
            size = 0
            while (
                first + size < second
                and second + size < len(parts)
                and parts[first + size].is_plain
                and parts[second + size].is_plain
                and alike.same(_span(parts[first + size]), _span(parts[second + size]))
            ):
                size += 1
            # What comes again at once is a repeat, and a way back needs a way away.
            if size and first + size < second:
                saved = sum(part.n_bars for part in parts[second : second + size])
                if saved >= CHART.jump_saves and (best is None or saved > best[0]):
                    best = (saved, first, second, size)
    if best is None:
        return Road(tuple(parts))
    _, first, second, size = best
    kept = (*parts[:second], *parts[second + size :])
    coda = parts[second + size] if second + size < len(parts) else None
    return Road(
        kept, segno=parts[first], leave=parts[first + size - 1], jump=parts[second - 1], coda=coda
    )


def _span(part: Part) -> tuple[int, int]:
    return part.start, part.end

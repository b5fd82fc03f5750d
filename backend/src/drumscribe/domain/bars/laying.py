"""Bars laid over the beats of a recording: as a wish marks them, or as a file has them."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise
from typing import Final

import numpy as np

from drumscribe.domain.bars.marks import BarMark
from drumscribe.domain.rhythm import COMMON_TIME, LONGEST_BAR_BEATS, BeatGrid, Metre
from drumscribe.errors import InvalidOption

_HALF: Final = Fraction(1, 2)
# Lengths of beats, in quarter notes.
_QUARTER: Final = Fraction(1)
_EIGHTH: Final = Fraction(1, 2)
# Who means the middle between two beats hits it as well as this, in beats.
_NEAR_THE_MIDDLE: Final = Fraction(1, 10)
_SAME_SECONDS: Final = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedBar:
    """One bar over the beats of a grid.

    start, length: in beats of the grid; n_beats: so many beats are counted in it, evenly.
    first_number: above 1 where the beginning of the bar is missing.
    metre: as somebody said it for a whole bar; None: as its length says.
    """

    start: Fraction
    length: Fraction
    n_beats: int
    first_number: int = 1
    metre: Metre | None = None

    @property
    def end(self) -> Fraction:
        return self.start + self.length

    @property
    def step(self) -> Fraction:
        """Beats of the grid from one counted beat to the next."""
        return self.length / self.n_beats


def count_bars(grid: BeatGrid, bars: Sequence[CountedBar], metre: Metre) -> BeatGrid | None:
    """The beats of these bars; before and after them bars of the metre go on over the whole grid.

    None where hardly a beat is left.
    """
    first, last = bars[0], bars[-1]
    places: list[Fraction] = []
    numbers: list[int] = []
    said: dict[int, Metre | None] = {}
    for k in range(int(first.start / first.step), 0, -1):
        places.append(first.start - k * first.step)
        numbers.append((first.first_number - 1 - k) % metre.beats_per_bar + 1)
    for bar in bars:
        said[len(places)] = bar.metre
        places += [bar.start + k * bar.step for k in range(bar.n_beats)]
        numbers += [bar.first_number + k for k in range(bar.n_beats)]
    rest = Fraction(grid.beat_times.size - 1) - last.end
    for k in range(int(rest / last.step) + 1 if rest >= 0 else 0):
        places.append(last.end + k * last.step)
        numbers.append(k % metre.beats_per_bar + 1)
    times = grid.time_at(np.array([float(place) for place in places]))
    kept = _increasing(times.tolist())
    if len(kept) < 2:
        return None
    return replace(
        grid,
        beat_times=times[kept],
        beat_numbers=np.array(numbers, dtype=np.int64)[kept],
        metre=metre,
        bar_confidences=(),
        bar_metres=tuple(said.get(index) for index in kept if numbers[index] == 1),
    )


def known_by_length(grid: BeatGrid) -> BeatGrid:
    """The grid without what is said of bars that their length says already."""
    downbeats = [*np.flatnonzero(grid.beat_numbers == 1).tolist(), grid.beat_numbers.size]
    said = tuple(
        grid.said_of_bar(beat, int(grid.beat_numbers[end - 1])) for beat, end in pairwise(downbeats)
    )
    return replace(grid, bar_metres=said if any(said) else ())


def with_bars(grid: BeatGrid, marks: Sequence[BarMark]) -> BeatGrid:
    """The same beats, counted as the marks say; as they are where no mark says anything.

    Where a mark stands between two quarter notes, or says a metre of eighths that quarter notes do
    not fill, all bars are counted in eighths. Nothing is moved in time by it.

    A bar of as many beats as another metre would have (6/8 among bars of 4/4, where 3/4 has three
    quarters, too) is written as its mark says: see BeatGrid.bar_metres.

    Raises InvalidOption where a mark lies behind the last beat, two lie at one beat, or a metre
    cannot stand among the others.
    """
    if not marks:
        return grid
    places = [_place_of(mark, grid) for mark in marks]
    for (here, there), mark in zip(pairwise(places), marks[1:], strict=False):
        if here >= there:
            raise InvalidOption(
                f"bars: two bar lines lie at the beat nearest to {mark.at_seconds:g} s."
            )
    ends = [*places[1:], Fraction(grid.beat_times.size)]
    spans = list(_as_found(grid, Fraction(0), places[0]))
    for mark, start, end in zip(marks, places, ends, strict=True):
        if mark.metre is None:
            spans += _as_found(grid, start, end)
        else:
            spans += _as_said(grid, mark.metre, start, end)
    step, metre = _counted_in(spans, grid)
    if any(span.length > LONGEST_BAR_BEATS * step for span in spans):
        raise InvalidOption(f"bars: a bar may have at most {LONGEST_BAR_BEATS} beats.")
    counted = count_bars(grid, [span.counted_in(step) for span in spans], metre)
    assert counted is not None
    laid = replace(
        counted,
        metre_is_said=grid.metre_is_said and metre == grid.metre,
        bar_confidences=_confidences(spans, counted, grid),
    )
    return known_by_length(laid)


def marks_of(grid: BeatGrid, bars: Sequence[tuple[CountedBar, Metre]]) -> tuple[BarMark, ...]:
    """Bars with their metres as marks, one where another metre begins.

    Empty where marks cannot say them: their beats are others than those of the grid, or the first
    is no whole bar.
    """
    marks: list[BarMark] = []
    end = None
    for bar, metre in bars:
        if bar.length != metre.bar_length / grid.metre.beat_length:
            return ()
        if not marks or marks[-1].metre != metre or bar.start != end:
            marks.append(BarMark(float(grid.time_at(bar.start)), metre))
        end = bar.end
    return tuple(marks)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Span:
    """A bar before it is known what all bars are counted in; in beats of the grid.

    first: the place in the bar where it begins, from 0. metre: as a mark says it; written: as it is
        to be written, by the mark or by what the grid knows.
    is_whole: nothing cuts it short.
    """

    start: Fraction
    length: Fraction
    first: Fraction = Fraction(0)
    metre: Metre | None = None
    written: Metre | None = None
    is_whole: bool = True

    def counted_in(self, step: Fraction) -> CountedBar:
        return CountedBar(
            start=self.start,
            length=self.length,
            n_beats=int(self.length / step),
            first_number=int(self.first / step) + 1,
            metre=self.written if self.is_whole else None,
        )


def _place_of(mark: BarMark, grid: BeatGrid) -> Fraction:
    """The place of a mark, in beats of the grid; below 0 before its first."""
    position, last = float(grid.beat_position(mark.at_seconds)), grid.beat_times.size - 1
    if position > last + _HALF:
        raise InvalidOption(
            f"bars: there is no beat at {mark.at_seconds:g} s; the last is at "
            f"{grid.beat_times[-1]:.2f} s."
        )
    middle = math.floor(position) + _HALF
    is_between = abs(position - float(middle)) <= _NEAR_THE_MIDDLE and 0 < middle < last
    if is_between and grid.metre.beat_length == _QUARTER:
        return middle
    return Fraction(min(last, round(position)))


def _as_found(grid: BeatGrid, start: Fraction, end: Fraction) -> Iterator[_Span]:
    """The bars of the grid between two places; one begins at the first of them, unless that is
    where the grid begins.
    """
    numbers, at = grid.beat_numbers.tolist(), max(start, Fraction(0))
    while at < end:
        begins_inside = at == 0 and numbers[0] > 1
        stop = int(at) + 1
        while stop < end and stop < len(numbers) and numbers[stop] == numbers[stop - 1] + 1:
            stop += 1
        until = min(Fraction(stop), end)
        yield _Span(
            start=at,
            length=until - at,
            first=Fraction(numbers[0] - 1) if begins_inside else Fraction(0),
            written=None if at.denominator > 1 else grid.said_of_bar(int(at), int(until - at)),
            is_whole=not begins_inside and until < len(numbers),
        )
        at = until


def _as_said(grid: BeatGrid, metre: Metre, start: Fraction, end: Fraction) -> Iterator[_Span]:
    length, at = metre.bar_length / grid.metre.beat_length, start
    while at < end:
        until = min(at + length, end)
        if until > 0:
            first = max(Fraction(0), -at)
            yield _Span(
                start=at + first,
                length=until - at - first,
                first=first,
                metre=metre,
                written=metre,
                is_whole=until - at - first == length,
            )
        at = until


def _counted_in(spans: Sequence[_Span], grid: BeatGrid) -> tuple[Fraction, Metre]:
    """The step between beats, in beats of the grid, and the metre of most bars, in such beats."""
    denominators = {span.length.denominator for span in spans}
    if denominators <= {1}:
        step, beat_length = Fraction(1), grid.metre.beat_length
    elif denominators <= {1, 2} and grid.metre.beat_length == _QUARTER:
        step, beat_length = _HALF, _EIGHTH
    else:
        said = {span.metre for span in spans if span.length.denominator > 1} - {None}
        raise InvalidOption(
            f"bars: {' and '.join(sorted(map(str, said)))} cannot stand among bars of "
            f"{grid.written_metre}: its bars do not fill their beats."
        )
    return step, _metre_of_most(spans, grid, beat_length)


def _metre_of_most(spans: Sequence[_Span], grid: BeatGrid, beat_length: Fraction) -> Metre:
    """The metre of most bars that are counted in such beats; 4/4 in eighths is 8/8."""
    metres = Counter(
        span.metre or grid.metre
        for span in spans
        if span.is_whole and (span.metre or span.length == grid.metre.beats_per_bar)
    )
    for metre, _ in metres.most_common():
        if metre.beat_length == beat_length:
            return metre
        if metre == COMMON_TIME and beat_length == _EIGHTH:
            return COMMON_TIME.in_eighths
    if beat_length == grid.metre.beat_length:
        return grid.metre
    # A song of other quarters with a bar line between two of them.
    odd = Counter(Metre(int(2 * span.length), 8) for span in spans if span.length.denominator == 2)
    return next((metre for metre, _ in odd.most_common() if not metre.is_compound), Metre(7, 8))


def _confidences(spans: Sequence[_Span], counted: BeatGrid, grid: BeatGrid) -> tuple[float, ...]:
    """Bars that somebody set are sure; the others are as sure as they were."""
    if not grid.bar_confidences:
        return ()
    downbeats = (Fraction(int(beat)) for beat in np.flatnonzero(grid.beat_numbers == 1))
    known = dict(zip(downbeats, grid.bar_confidences, strict=True))
    found = [
        known.get(span.start, 1.0) if span.metre is None else 1.0
        for span in spans
        if span.first == 0
    ]
    n_downbeats = int((counted.beat_numbers == 1).sum())
    return tuple((found + [1.0] * n_downbeats)[:n_downbeats])


def _increasing(times: Sequence[float]) -> list[int]:
    """Indices of the times that lie after all before them, from 0 s on."""
    kept: list[int] = []
    for index, time in enumerate(times):
        if time >= 0.0 and (not kept or time > times[kept[-1]] + _SAME_SECONDS):
            kept.append(index)
    return kept

"""Bars from beats: where each one starts, how long it is, its number, how it is grouped."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Final

from drumscribe.domain.rhythm import LONGEST_BAR_BEATS, BeatGrid, Metre

# The lower number of metres that are counted in eighths.
EIGHTHS: Final = 8


@dataclass(frozen=True, slots=True)
class Bar:
    """first_beat: index into the grid's beats, negative or past its end where it is extended.

    is_said: somebody said its metre, whose beats are others than those of the grid.
    """

    first_beat: int
    n_beats: int
    metre: Metre
    number: int
    is_pickup: bool = False
    is_said: bool = False

    @property
    def end_beat(self) -> int:
        return self.first_beat + self.n_beats


def lay_bars(
    grid: BeatGrid, first: int | None, last: int | None, *, leading_rests: bool
) -> list[Bar]:
    """The bars that hold all strokes.

    first, last: the beats of the first and the last stroke; None where there is no stroke.
    leading_rests: begin where the grid begins, even if the drums enter later; otherwise begin
        with the bar of the first stroke.

    A bar that the grid makes shorter or longer than its metre keeps its length and gets a metre of
    its own; where the grid misses out a downbeat, bars of the usual length go on. Beats before the
    first downbeat make a pickup if something is played in them.
    """
    per_bar = grid.metre.beats_per_bar
    first_beat, last_beat = first or 0, last or 0
    begin = min(0, first_beat)
    numbers = _Numbers(grid)
    downbeats = [i for i in range(begin, last_beat + 1) if numbers[i] == 1]
    if not downbeats:
        # The next one; where the grid counts without a one, its first beat.
        following = (i for i in range(begin, begin + per_bar + 1) if numbers[i] == 1)
        downbeats = [next(following, begin)]

    spans: list[tuple[int, int]] = []
    for k, start in enumerate(downbeats):
        end = downbeats[k + 1] if k + 1 < len(downbeats) else numbers.bar_end(start)
        if k + 1 == len(downbeats):
            while end <= last_beat:
                end += per_bar
        is_one_bar = numbers[end - 1] == end - start
        length = end - start if is_one_bar else per_bar
        spans += [(i, min(i + length, end)) for i in range(start, end, length)]

    pickup: tuple[int, int] | None = None
    if first is not None and first_beat < downbeats[0]:
        before = downbeats[0]
        while before - per_bar >= first_beat:
            before -= per_bar
            spans.insert(0, (before, before + per_bar))
        if first_beat < before:
            pickup = (first_beat, before)

    if not leading_rests and first is not None and pickup is None:
        spans = [span for span in spans if span[1] > first_beat] or spans[-1:]
    bars = [
        _bar_of(grid, start, end - start, number)
        for number, (start, end) in enumerate(spans, start=1)
    ]
    if pickup is not None:
        n_beats = pickup[1] - pickup[0]
        # The metre that it leads into, unless a bar of that could not hold it.
        metre = bars[0].metre if n_beats < bars[0].n_beats else grid.written_metre
        bars.insert(0, Bar(pickup[0], n_beats, metre, 0, is_pickup=True))
    return bars


def _bar_of(grid: BeatGrid, first_beat: int, n_beats: int, number: int) -> Bar:
    said = grid.said_of_bar(first_beat, n_beats)
    metre = said or grid.metre_of_bar(n_beats)
    return Bar(first_beat, n_beats, metre, number, is_said=said is not None)


class _Numbers:
    """Beat numbers of a grid, going on periodically before its start and after its end."""

    def __init__(self, grid: BeatGrid) -> None:
        self._numbers = grid.beat_numbers
        self._per_bar = grid.metre.beats_per_bar

    def __getitem__(self, beat: int) -> int:
        n = self._numbers.size
        if 0 <= beat < n:
            return int(self._numbers[beat])
        edge = 0 if beat < 0 else n - 1
        return (int(self._numbers[edge]) - 1 + beat - edge) % self._per_bar + 1

    def bar_end(self, start: int) -> int:
        """Where the bar that begins at `start` ends: at the next 1, or after the usual length."""
        later = range(start + 1, start + LONGEST_BAR_BEATS + 1)
        return next((i for i in later if self[i] == 1), start + self._per_bar)


def groups_of(bar: Bar, beat_length: Fraction, grouping: tuple[int, ...]) -> tuple[Fraction, ...]:
    """Lengths of the rhythmic groups of a bar, in quarter notes.

    grouping: beats per group of a full bar, see choose_grouping. A pickup takes the end of it, a
    shortened bar its beginning; a bar whose metre was said has groups of its own.
    """
    if bar.is_said:
        return _groups_of_metre(bar.metre)
    per_beat = [group for group in grouping for _ in range(group)]
    if beat_length == Fraction(1, 2) and bar.metre.denominator < EIGHTHS:
        pairs, odd = divmod(bar.n_beats, 2)
        return (beat_length,) * odd + (2 * beat_length,) * pairs
    if bar.n_beats == len(per_beat):
        return tuple(beat_length * group for group in grouping)
    edges = {0}
    for group in grouping:
        edges.add(max(edges) + group)
    shift = len(per_beat) - bar.n_beats if bar.is_pickup else 0
    inside = sorted({e - shift for e in edges if 0 < e - shift < bar.n_beats} | {0, bar.n_beats})
    if beat_length == Fraction(1, 2) and len(inside) > 2 and inside[-1] - inside[-2] == 1:
        del inside[-2]  # seven eighths are 2 + 2 + 3
    return tuple(beat_length * (b - a) for a, b in pairwise(inside))


def _groups_of_metre(metre: Metre) -> tuple[Fraction, ...]:
    """The beats of a metre; short ones by twos, with a three at the end where one is left."""
    beat, n = metre.beat_length, metre.beats_per_bar
    if metre.is_compound or metre.denominator < EIGHTHS or n <= 3:
        is_one = metre.denominator >= EIGHTHS and not metre.is_compound
        return (n * beat,) if is_one else (beat,) * n
    return (2 * beat,) * (n // 2 - n % 2) + (3 * beat,) * (n % 2)


def tuplet_beat(metre: Metre) -> Fraction:
    """The beats within which tuplets stand in a bar of a metre that the grid does not count."""
    return metre.beat_length / 3 if metre.is_compound else metre.beat_length


def choose_grouping(grid: BeatGrid, weigh: Callable[[], list[float]]) -> tuple[int, ...]:
    """How the beats of a bar group: each alone in 4/4 and 6/8, twos and threes in 5/8 and 7/8.

    weigh: says, where the metre leaves a choice, how strongly each beat of the bar is struck (kick,
    snare, crash), summed over the piece; the grouping whose starts are struck most wins, twos
    before threes when in doubt.
    """
    metre, n = grid.metre, grid.metre.beats_per_bar
    if grid.written_metre != metre:
        return (2,) * (n // 2)
    if metre.is_compound or metre.denominator < 8:
        return (1,) * n
    if n <= 3:
        return (n,)
    if n > 15:
        return (2,) * (n // 2 - n % 2) + ((3,) if n % 2 else ())
    weights = weigh()
    best: tuple[float, tuple[int, ...]] | None = None
    for candidate in _twos_and_threes(n):
        starts = [sum(candidate[:k]) for k in range(1, len(candidate))]
        strength = sum(weights[s] for s in starts) / len(starts)
        if best is None or strength > best[0] + 1e-9:
            best = (strength, candidate)
    assert best is not None
    return best[1]


def _twos_and_threes(n: int) -> list[tuple[int, ...]]:
    if n in (0, 1):
        return [()] if n == 0 else []
    return [
        (first, *rest) for first in (2, 3) if first <= n for rest in _twos_and_threes(n - first)
    ]

"""Other bar lines: the beats of a recording, counted as the bars of a file count them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from drumscribe.domain.bars.laying import CountedBar, count_bars, known_by_length, marks_of
from drumscribe.domain.bars.marks import BarMark
from drumscribe.domain.rhythm import LONGEST_BAR_BEATS, BeatGrid, Metre
from drumscribe.notation.bringing.page import Page
from drumscribe.notation.bringing.part import BroughtBar, BroughtPart
from drumscribe.notation.bringing.placing import AlignedBy, Place, Placing


def has_other_bar_lines(part: BroughtPart, placing: Placing, page: Page) -> bool:
    """Whether the bars of a file are others than those of the page, by length, place or metre."""
    if placing.by is AlignedBy.LIKENESS:
        # Bars that were put in or taken out: the recording keeps its own.
        return False
    for bar, place in zip(part.bars, placing.places, strict=True):
        if bar.is_pickup or place is None or place.start >= page.end:
            continue
        index, onset = page.place(place.start)
        measure = page.score.measures[index]
        if onset or bar.length * place.stretch != measure.length or bar.metre != measure.metre:
            return True
    return False


@dataclass(frozen=True, slots=True, eq=False)
class OtherBars:
    """grid: the beats counted as the file counts them. marks: the same as somebody would say it.

    bar_one_at_seconds: where the first full bar begins.
    marks are empty where they cannot say it: the file counts other beats than the page.
    """

    grid: BeatGrid
    marks: tuple[BarMark, ...]
    bar_one_at_seconds: float


def bars_of(part: BroughtPart, placing: Placing, page: Page) -> OtherBars | None:
    """The bars of the file; None where no metre's beats fit all of them."""
    bars = [
        (bar, place)
        for bar, place in zip(part.bars, placing.places, strict=True)
        if place is not None and (place.start < page.end or bar.is_pickup)
    ]
    metre = _metre_for([bar for bar, _ in bars])
    if metre is None or not bars:
        return None
    counted = [_counted(bar, place, metre, page) for bar, place in bars]
    grid = count_bars(page.grid, counted, metre)
    if grid is None:
        return None
    full = [(one, bar.metre) for one, (bar, _) in zip(counted, bars, strict=True)][
        bars[0][0].is_pickup :
    ]
    first = bars[int(bars[0][0].is_pickup and len(bars) > 1)][1]
    return OtherBars(
        known_by_length(replace(grid, reliable=True, alternatives=(), metre_is_said=True)),
        marks_of(page.grid, full),
        page.seconds_at(first.start),
    )


def _counted(bar: BroughtBar, place: Place, metre: Metre, page: Page) -> CountedBar:
    n_beats = int(bar.length / metre.beat_length)
    start = page.beat_at(place.start)
    return CountedBar(
        start=start,
        length=page.beat_at(place.at(bar.length)) - start,
        n_beats=n_beats,
        first_number=1 + (metre.beats_per_bar - n_beats if bar.is_pickup else 0),
        metre=None if bar.is_pickup else bar.metre,
    )


def _metre_for(bars: Sequence[BroughtBar]) -> Metre | None:
    """The metre that most bars have, if its beats fill all bars; else the next."""
    metres = Counter(bar.metre for bar in bars if not bar.is_pickup)
    for metre, _ in metres.most_common():
        in_beats = [bar.length / metre.beat_length for bar in bars]
        is_short = max(*in_beats, Fraction(metre.beats_per_bar)) <= LONGEST_BAR_BEATS
        if is_short and all(n.denominator == 1 for n in in_beats):
            return metre
    return None

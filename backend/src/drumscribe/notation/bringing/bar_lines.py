"""Other bar lines: the beats of a recording, counted as the bars of a file count them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

import numpy as np

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


def grid_of(part: BroughtPart, placing: Placing, page: Page) -> BeatGrid | None:
    """The beats counted as the file counts; None where no metre's beats fit all of its bars."""
    bars = [
        (bar, place)
        for bar, place in zip(part.bars, placing.places, strict=True)
        if place is not None and (place.start < page.end or bar.is_pickup)
    ]
    metre = _metre_for([bar for bar, _ in bars])
    if metre is None or not bars:
        return None
    times, numbers = _before(bars[0], metre, page)
    for bar, place in bars:
        n_beats = int(bar.length / metre.beat_length)
        shift = metre.beats_per_bar - n_beats if bar.is_pickup else 0
        for beat in range(n_beats):
            times.append(page.seconds_at(place.at(beat * metre.beat_length)))
            numbers.append(beat + 1 + shift)
    last_bar, last_place = bars[-1]
    _go_on(times, numbers, last_place.at(last_bar.length), metre, page)
    kept = _increasing(times)
    if len(kept) < 2:
        return None
    return replace(
        page.grid,
        beat_times=np.array([times[i] for i in kept]),
        beat_numbers=np.array([numbers[i] for i in kept], dtype=np.int64),
        metre=metre,
        reliable=True,
        bar_confidences=(),
        alternatives=(),
        metre_is_said=True,
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


def _before(
    first: tuple[BroughtBar, Place], metre: Metre, page: Page
) -> tuple[list[float], list[int]]:
    """Beats from the start of the grid to the first bar."""
    bar, place = first
    begins = float(page.grid.beat_times[0])
    number = metre.beats_per_bar - int(bar.length / metre.beat_length) if bar.is_pickup else 0
    times: list[float] = []
    numbers: list[int] = []
    at = place.start - metre.beat_length
    while (seconds := page.seconds_at(at)) >= max(0.0, begins - 1e-6):
        times.append(seconds)
        numbers.append((number - 1) % metre.beats_per_bar + 1)
        at, number = at - metre.beat_length, number - 1
    return times[::-1], numbers[::-1]


def _go_on(times: list[float], numbers: list[int], at: Fraction, metre: Metre, page: Page) -> None:
    """Beats from the last bar to the end of the grid."""
    ends, number = float(page.grid.beat_times[-1]), 1
    while (seconds := page.seconds_at(at)) <= ends + 1e-6:
        times.append(seconds)
        numbers.append(number)
        at, number = at + metre.beat_length, number % metre.beats_per_bar + 1


def _increasing(times: Sequence[float]) -> list[int]:
    """Indices of the times that lie after all before them, from 0 s on."""
    kept: list[int] = []
    for index, time in enumerate(times):
        if time >= 0.0 and (not kept or time > times[kept[-1]] + 1e-6):
            kept.append(index)
    return kept

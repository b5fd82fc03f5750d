"""Sections: where the groove changes, and boxed letters for the parts that this makes.

The bars of one section resemble each other. The cut into sections is the one that costs least:
how far the bars of each section scatter, plus a price per section, which is low where drummers
expect a new section: after eight or four bars, with a crash on the first beat, after a fill.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from drumscribe.domain.drums import Instrument
from drumscribe.domain.score import Measure, Score
from drumscribe.notation.structure.bar_patterns import bar_distances, bar_loudness, notes_of
from drumscribe.notation.structure.tuning import SECTIONS


def mark_sections(score: Score) -> Score:
    """The score with a rehearsal mark where each section begins.

    Sections get letters in the order of their first appearance; one that returns keeps its letter
    and gets a number: A, B, A2, B2. Sections of rests get none, nor do pieces of one section or of
    more than 2000 bars.
    """
    measures = score.measures
    first = 1 if measures[0].is_pickup else 0
    played = measures[first:]
    if not SECTIONS.fewest_bars <= len(played) <= SECTIONS.most_bars:
        return score
    distances = _with_loudness(bar_distances(played), bar_loudness(played))
    starts = _cheapest_cut(distances, _begin_prices(played, distances))
    spans = [
        (_first_played(played, a, b), b)
        for a, b in zip(starts, [*starts[1:], len(played)], strict=True)
        if not _is_silent(played[a:b])
    ]
    # The last stroke of a piece, or a few bars that slow down, end what was before.
    if len(spans) > 1 and spans[-1][1] - spans[-1][0] < SECTIONS.shortest_section:
        del spans[-1]
    if len(spans) < 2:
        return score
    labels = _labels(bar_distances(played), spans)
    marked = list(measures)
    for (start, _), label in zip(spans, labels, strict=True):
        marked[first + start] = replace(marked[first + start], rehearsal=label)
    return replace(score, measures=tuple(marked))


def _with_loudness(
    distances: NDArray[np.float64], loudness: NDArray[np.float64]
) -> NDArray[np.float64]:
    level = np.where(np.isnan(loudness), 0.0, loudness)
    apart = np.abs(level[:, None] - level[None, :])
    return np.asarray(np.minimum(distances + SECTIONS.loudness_weight * apart, 1.0))


def _begin_prices(
    measures: Sequence[Measure], distances: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Per bar: what it costs to let a section begin there."""
    prices = np.full(len(measures), SECTIONS.section_price)
    for k in range(1, len(measures)):
        before, here = measures[k - 1], measures[k]
        changes_feel = before.is_straight != here.is_straight
        if before.metre != here.metre or here.tempo_mark is not None or changes_feel:
            prices[k] = 0.0
            continue
        if before.is_empty != here.is_empty:
            prices[k] *= 0.5
        if not _crashes(here):
            prices[k] += SECTIONS.no_crash_price
        if k >= 2 and distances[k - 1, k - 2] < 0.2:
            prices[k] += SECTIONS.no_fill_price
    return prices


def _crashes(measure: Measure) -> bool:
    return any(onset == 0 and n.instrument is Instrument.CRASH for onset, n in notes_of(measure))


def _length_price(n_bars: int) -> float:
    return sum(price for multiple, price in SECTIONS.length_prices if n_bars % multiple)


def _cheapest_cut(distances: NDArray[np.float64], prices: NDArray[np.float64]) -> list[int]:
    """First bars of the sections. The scatter of a section is half its mean distance per bar."""
    n = distances.shape[0]
    sums = np.zeros((n + 1, n + 1))
    sums[1:, 1:] = distances.cumsum(axis=0).cumsum(axis=1)
    lengths = np.array([_length_price(k) for k in range(n + 1)])
    total = np.full(n + 1, np.inf)
    total[0] = 0.0
    back = np.zeros(n + 1, dtype=np.int64)
    for end in range(1, n + 1):
        starts = np.arange(0, end)
        size = end - starts
        inside = sums[end, end] - 2.0 * sums[starts, end] + sums[starts, starts]
        cost = total[starts] + inside / (2.0 * size)
        cost[1:] += prices[starts[1:]]
        if end < n:
            # The piece may begin with an upbeat of bars and end where it likes.
            cost += np.where(starts > 0, lengths[size], 0.5 * lengths[size])
            cost[size < SECTIONS.shortest_section] += SECTIONS.section_price
        best = int(np.argmin(cost))
        total[end], back[end] = cost[best], best
    starts_found: list[int] = []
    end = n
    while end:
        end = int(back[end])
        starts_found.insert(0, end)
    return starts_found


def _is_silent(measures: Sequence[Measure]) -> bool:
    return sum(measure.is_empty for measure in measures) >= SECTIONS.empty_share * len(measures)


def _first_played(measures: Sequence[Measure], start: int, end: int) -> int:
    """Rests before the drums enter are no part of what they play."""
    return next(k for k in range(start, end) if not measures[k].is_empty)


def _labels(distances: NDArray[np.float64], spans: Sequence[tuple[int, int]]) -> list[str]:
    """A letter per section, with a number where it returns; equal if their usual bars are alike."""
    typical = [a + int(np.argmin(distances[a:b, a:b].sum(axis=1))) for a, b in spans]
    models: list[int] = []
    times: list[int] = []
    labels: list[str] = []
    for bar in typical:
        away = [float(distances[bar, model]) for model in models]
        if away and min(away) <= SECTIONS.same_letter_distance:
            letter = int(np.argmin(away))
            times[letter] += 1
            labels.append(f"{_letter(letter)}{times[letter]}")
        else:
            models.append(bar)
            times.append(1)
            labels.append(_letter(len(models) - 1))
    return labels


def _letter(index: int) -> str:
    """A ... Z, AA, AB, ..."""
    text = chr(ord("A") + index % 26)
    return text if index < 26 else _letter(index // 26 - 1) + text

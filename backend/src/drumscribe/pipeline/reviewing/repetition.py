"""How much the rest of a piece speaks for a stroke: music repeats itself.

A bar is asked of the bars that are like it, wherever they are: the verse of the verses, the fill
before a chorus of the other fills.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from drumscribe.domain.drums import Hit, Instrument
from drumscribe.domain.rhythm import BeatGrid
from drumscribe.pipeline.tuning import REVIEW

_INSTRUMENTS: Final = tuple(Instrument)


def support(strokes: Sequence[Hit], hits: Sequence[Hit], grid: BeatGrid) -> NDArray[np.float64]:
    """Per stroke the share of the other bars that have the same drum at the same place, 0..1.

    The more a bar is like the stroke's own, the more it says; where none is, as where a whole bar
    was missed, all say the same. Where there are no bars, nothing speaks for a stroke.
    hits: what the bars have.
    """
    shares = np.zeros(len(strokes))
    edges = _bar_lines(grid, [stroke.time for stroke in (*strokes, *hits)])
    if edges.size < 3 or not hits:
        return shares
    numbers = np.arange(edges.size, dtype=np.float64)
    alike = _likeness(hits, edges) ** REVIEW.likeness_power
    n_bars = len(alike)
    away = np.array([bars for bars in range(-REVIEW.bars_around, REVIEW.bars_around + 1) if bars])
    for instrument in {stroke.instrument for stroke in strokes}:
        own = [i for i, stroke in enumerate(strokes) if stroke.instrument is instrument]
        struck = np.array(sorted(hit.time for hit in hits if hit.instrument is instrument))
        if not struck.size:
            continue
        places = np.interp([strokes[i].time for i in own], edges, numbers)
        bars = np.minimum(places.astype(int), n_bars - 1)
        others = bars[:, None] + away
        exists = (others >= 0) & (others < n_bars)
        weights = np.where(exists, alike[bars[:, None], np.clip(others, 0, n_bars - 1)], 0.0)
        times = np.interp(places[:, None] + away, numbers, edges)
        has_it = _distances(struck, times) < REVIEW.repeated_seconds
        plain = (exists & has_it).sum(axis=1) / np.maximum(exists.sum(axis=1), 1)
        alike_have_it = (weights * has_it).sum(axis=1) + REVIEW.likeness_wanted * plain
        shares[own] = alike_have_it / (weights.sum(axis=1) + REVIEW.likeness_wanted)
    return shares


def _bar_lines(grid: BeatGrid, times: Sequence[float]) -> NDArray[np.float64]:
    """Those of the grid, and as many before and after them as the strokes need."""
    starts = grid.downbeat_times
    if starts.size < 2:
        return starts
    first, last = starts[1] - starts[0], starts[-1] - starts[-2]
    before = max(0, int(np.ceil((starts[0] - min(times, default=starts[0])) / first)))
    after = max(0, int((max(times, default=starts[-1]) - starts[-1]) / last))
    return np.concatenate([
        starts[0] - first * np.arange(before, 0, -1),
        starts,
        starts[-1] + last * np.arange(1, after + 2),
    ])  # fmt: skip


def _likeness(hits: Sequence[Hit], edges: NDArray[np.float64]) -> NDArray[np.float64]:
    """How alike the bars are, 0..1: (bars, bars), the cosine of what is struck in their slots."""
    n_bars, slots = edges.size - 1, REVIEW.slots_a_bar
    places = np.interp([hit.time for hit in hits], edges, np.arange(edges.size))
    # What is a little early belongs to the bar that it was meant for.
    at = np.minimum(np.round(places * slots).astype(int), n_bars * slots - 1)
    struck = np.zeros((n_bars, slots, len(_INSTRUMENTS)))
    drums = [_INSTRUMENTS.index(hit.instrument) for hit in hits]
    struck[at // slots, at % slots, drums] = 1.0
    flat = struck.reshape(n_bars, -1)
    lengths = np.maximum(np.sqrt(flat.sum(axis=1)), 1.0)
    return np.asarray(flat @ flat.T / np.outer(lengths, lengths))


def _distances(struck: NDArray[np.float64], times: NDArray[np.float64]) -> NDArray[np.float64]:
    """How far each time is from the nearest stroke, in seconds."""
    right = np.clip(np.searchsorted(struck, times), 0, struck.size - 1)
    left = np.maximum(right - 1, 0)
    return np.minimum(np.abs(struck[right] - times), np.abs(struck[left] - times))

"""Dynamics marks for long changes of loudness: one per section, hairpins where they are clear."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from drumscribe.domain.score import Hairpin, HairpinKind, Loudness, Measure, Score
from drumscribe.notation.structure.bar_patterns import bar_loudness, notes_of
from drumscribe.notation.structure.tuning import LOUDNESS

_LEVELS = tuple(Loudness)


def mark_loudness(score: Score) -> Score:
    """The score with dynamics marks where sections differ clearly in loudness.

    Pieces that are played on one level get no mark at all: how loud that level is, a recording
    does not tell. Call after mark_sections.
    """
    sections = [s for s in score.sections if s.n_measures >= LOUDNESS.fewest_bars]
    loudness = bar_loudness(score.measures)
    bars = [range(s.first, s.first + s.n_measures) for s in sections]
    kept = [
        (span.start, float(np.nanmedian(loudness[span.start : span.stop])))
        for span in bars
        if not np.all(np.isnan(loudness[span.start : span.stop]))
    ]
    if len(kept) < 2 or max(v for _, v in kept) - min(v for _, v in kept) < LOUDNESS.clear_change:
        return score
    usual = _usual_velocity(score.measures)
    marked = list(score.measures)
    current: float | None = None
    printed: Loudness | None = None
    for start, level in kept:
        if current is not None and abs(level - current) < LOUDNESS.clear_change:
            continue
        mark = _mark_of(usual + level, printed, louder=current is None or level > current)
        if mark is not printed:
            marked[start] = replace(marked[start], dynamic=mark)
            if current is not None:
                _add_hairpin(marked, loudness, start, (current, level))
        current, printed = level, mark
    return replace(score, measures=tuple(marked))


def _usual_velocity(measures: Sequence[Measure]) -> float:
    velocities = [n.velocity for m in measures for _, n in notes_of(m) if not n.is_ghost]
    return float(np.median(velocities))


def _mark_of(velocity: float, printed: Loudness | None, *, louder: bool) -> Loudness:
    """The mark for a velocity; a clear change is at least one step in its direction."""
    step = round((velocity - LOUDNESS.softest_velocity) / LOUDNESS.step_velocity)
    index = min(max(step, 0), len(_LEVELS) - 1)
    if printed is not None:
        before = _LEVELS.index(printed)
        index = max(index, before + 1) if louder else min(index, before - 1)
    return _LEVELS[min(max(index, 0), len(_LEVELS) - 1)]


def _add_hairpin(
    marked: list[Measure],
    loudness: NDArray[np.float64],
    start: int,
    levels: tuple[float, float],
) -> None:
    """A hairpin to the mark at `start`, where the bars before lead from one level to the other."""
    old, new = levels
    if abs(new - old) < LOUDNESS.hairpin_change:
        return
    for n in LOUDNESS.hairpin_bars:
        begin = start - n
        if begin < 0 or any(m.rehearsal or m.dynamic for m in marked[begin + 1 : start]):
            continue
        way = (loudness[begin:start] - old) / (new - old)
        rises = np.all(np.diff(way) > 0.0)
        if (
            not np.any(np.isnan(way))
            and rises
            and way[0] < 1 / n
            and way[-1] >= LOUDNESS.hairpin_share
        ):
            kind = HairpinKind.CRESCENDO if new > old else HairpinKind.DIMINUENDO
            marked[begin] = replace(marked[begin], hairpin=Hairpin(kind, n))
            return

"""From scored readings to pages: ways to write the music, each with its chance.

Readings of the same metre with the same bar lines write one page, whatever grid they stand on and
however their bar groups. A right page is found in several spellings, a freak one alone: so the
chances of all readings of a page are added up.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from drumscribe.beats.grids import StepGrid
from drumscribe.beats.reading.bar_kinds import METRES, BarKind
from drumscribe.beats.reading.evidence import all_readings
from drumscribe.beats.reading.steps import Steps
from drumscribe.beats.tuning import READINGS
from drumscribe.domain.rhythm import Metre

_Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """bar_start: a step of the grid on which a bar begins; score: nats."""

    grid: StepGrid
    kind: BarKind
    steps_per_quarter: int
    bar_start: int
    score: float

    @property
    def steps_per_bar(self) -> int:
        return int(self.kind.quarters * self.steps_per_quarter)

    @property
    def bar_seconds(self) -> float:
        return self.steps_per_bar * self.grid.step_seconds

    @property
    def quarters_per_minute(self) -> float:
        return 60.0 / (self.steps_per_quarter * self.grid.step_seconds)


@dataclass(frozen=True, slots=True, eq=False)
class Page:
    """best: the likeliest of its readings; chance: of all of them together, 0..1."""

    best: Reading
    chance: float

    @property
    def metre(self) -> Metre:
        return self.best.kind.metre


def ranked_pages(
    grids: Sequence[Steps],
    weights: _Floats,
    *,
    metres: Collection[Metre] = METRES,
    quarters_per_minute: tuple[float, float] = READINGS.quarters_per_minute,
) -> list[Page]:
    """Ways to write the music, the likeliest first; empty where there is none.

    grids: strokes on the steps of each grid. weights: of evidence.FEATURES.
    """
    if not grids:
        return []
    best_likelihood = max(steps.grid.log_likelihood for steps in grids)
    found: list[Reading] = []
    for steps in grids:
        for tried in all_readings(
            steps, best_likelihood, metres=metres, quarters_per_minute=quarters_per_minute
        ):
            scores = tried.features @ weights
            found += [
                Reading(steps.grid, tried.kind, tried.steps_per_quarter, place, float(score))
                for place, score in enumerate(scores)
            ]
    found.sort(key=lambda reading: -reading.score)
    return pages_of(found)


def pages_of(scored: Sequence[Reading]) -> list[Page]:
    """Pages of readings, which stand in the order of their scores, the likeliest page first."""
    readings = scored[: READINGS.n_summed]
    if not readings:
        return []
    times = readings[0].grid.times
    middle = float(times[0] + times[-1]) / 2.0
    heads: list[tuple[Reading, _Lines]] = []  # the best reading of each page
    weights: list[list[float]] = []
    for reading in readings:
        lines = _Lines.of(reading, middle)
        for (_, known), scores in zip(heads, weights, strict=True):
            if known.are_those_of(lines):
                scores.append(reading.score / READINGS.temperature)
                break
        else:
            heads.append((reading, lines))
            weights.append([reading.score / READINGS.temperature])
    sums = np.array([np.logaddexp.reduce(scores) for scores in weights])
    chances = np.exp(sums - np.logaddexp.reduce(sums))
    order = np.argsort(-chances, kind="stable")
    return [Page(heads[i][0], float(chances[i])) for i in order]


@dataclass(frozen=True, slots=True)
class _Lines:
    """Where the bar lines of a reading are.

    phase: where the bar around the middle of the music begins, in bars beside the middle, 0..1.
    """

    metre: Metre
    bar_seconds: float
    phase: float

    @classmethod
    def of(cls, reading: Reading, middle: float) -> _Lines:
        """middle: of the music, in seconds."""
        length, seconds = reading.steps_per_bar, reading.bar_seconds
        place = float(reading.grid.place_of(middle))
        start = reading.bar_start + length * round((place - reading.bar_start) / length)
        at = float(reading.grid.time_at(np.array([start]))[0])
        return cls(reading.kind.metre, seconds, ((at - middle) / seconds + 0.5) % 1.0)

    def are_those_of(self, other: _Lines) -> bool:
        """Whether both write the same page."""
        if self.metre != other.metre:
            return False
        if abs(math.log(self.bar_seconds / other.bar_seconds)) > READINGS.same_bar_ratio:
            return False
        apart = abs(self.phase - other.phase)
        return min(apart, 1.0 - apart) * self.bar_seconds < READINGS.same_line_seconds

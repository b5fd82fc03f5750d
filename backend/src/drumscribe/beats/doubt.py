"""How sure a page is, as a whole and bar by bar, and what else it may be.

The chance that a page is right follows from how probable it is among all pages, how good it is at
all, how well its grid fits, how often the metre changes, how much its beats tell of bars, and how
sure the least sure of its bars are: a logistic regression over songs. A bar is as sure as the page
and the music around it.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from drumscribe.beats.counting import Counted
from drumscribe.beats.reading.changes import Walk
from drumscribe.beats.reading.evidence import alike_beats
from drumscribe.beats.reading.model import model_data
from drumscribe.beats.reading.pages import Page, Reading
from drumscribe.beats.reading.steps import Steps
from drumscribe.beats.strokes import Strokes
from drumscribe.beats.tuning import DOUBT
from drumscribe.domain.rhythm import COMMON_TIME, BeatGrid, OtherCount

PAGE_EVIDENCE = (
    "one",
    "log odds of the page",
    "log odds of its bar lines",
    "score",
    "likelihood",
    "strokes off the grid",
    "share of changes",
    "beats alike",
    "in common time",
    "its less sure bars",
)
BAR_EVIDENCE = ("one", "page", "local odds")
_Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Doubt:
    """chance: that the page is right, 0..1; bar_starts: (bars,) seconds; bar_chances: of each."""

    chance: float
    is_reliable: bool
    bar_starts: _Floats
    bar_chances: _Floats
    alternatives: tuple[OtherCount, ...]

    def said_of(self, grid: BeatGrid) -> BeatGrid:
        """The grid with what is known of its bars."""
        starts = grid.downbeat_times
        nearest = np.abs(self.bar_starts[:, None] - starts[None, :]).argmin(axis=0)
        return dataclasses.replace(
            grid,
            bar_confidences=tuple(float(chance) for chance in self.bar_chances[nearest]),
            alternatives=self.alternatives,
        )


def doubt_of(
    pages: Sequence[Page],
    walk: Walk,
    strokes: Strokes,
    steps: Steps,
    counted: Counted,
    *,
    has_sound: bool,
) -> Doubt:
    """pages: the likeliest first; walk: through the first; steps: of its grid; counted: the beats
    that came of it.
    """
    best = pages[0].best
    model = model_data()["doubt"]
    odds = float(page_evidence(pages, walk, strokes, steps) @ np.array(model["page"]))
    chance = _chance(odds)
    bars = bar_evidence(odds, walk) @ np.array(model["bar"])
    enough = strokes.size >= DOUBT.fewest_strokes and counted.beat_times.size >= DOUBT.fewest_beats
    return Doubt(
        chance=chance,
        is_reliable=enough and chance >= float(model["least_chance"]),
        bar_starts=best.grid.time_at(walk.starts[:-1].astype(np.float64)),
        bar_chances=np.round(1.0 / (1.0 + np.exp(-bars)), 3),
        alternatives=alternatives_to(pages),
    )


def page_evidence(pages: Sequence[Page], walk: Walk, strokes: Strokes, steps: Steps) -> _Floats:
    """(len(PAGE_EVIDENCE),)."""
    best = pages[0]
    same_lines = sum(page.chance for page in pages if _has_same_lines(page.best, best.best))
    changes = sum(a.metre != b.metre for a, b in zip(walk.kinds, walk.kinds[1:], strict=False))
    return np.array(
        [
            1.0,
            _log_odds(best.chance),
            _log_odds(same_lines),
            best.best.score,
            best.best.grid.log_likelihood,
            off_grid_share(best.best, strokes),
            min(1.0, 10.0 * changes / max(1, len(walk.kinds))),
            alike_beats(steps, best.best.steps_per_quarter),
            float(best.metre == COMMON_TIME),
            float(np.quantile(_sure_at_most(walk.local_odds), DOUBT.less_sure_share)),
        ]
    )


def bar_evidence(page_odds: float, walk: Walk) -> _Floats:
    """(bars, len(BAR_EVIDENCE))."""
    local = _sure_at_most(walk.local_odds)
    return np.stack([np.ones(local.size), np.full(local.size, page_odds), local], axis=1)


def _sure_at_most(odds: _Floats) -> _Floats:
    return np.clip(odds, -DOUBT.sure_nats, DOUBT.sure_nats)


def off_grid_share(reading: Reading, strokes: Strokes) -> float:
    """The share of strokes that lie beside every sixteenth and triplet of a page, 0..1."""
    if strokes.size == 0:
        return 0.0
    quarter = reading.steps_per_quarter
    place = (reading.grid.place_of(strokes.times) - reading.bar_start) / quarter
    away = np.min(
        [np.abs(place * parts - np.round(place * parts)) / parts for parts in (4, 3)], axis=0
    )
    return float((away * quarter * reading.grid.step_seconds > DOUBT.off_grid_seconds).mean())


def alternatives_to(pages: Sequence[Page]) -> tuple[OtherCount, ...]:
    """The next best pages, as a user can ask for them."""
    told = [page for page in pages[1:] if page.chance >= DOUBT.least_alternative_chance]
    return tuple(
        OtherCount(
            metre=page.metre,
            quarters_per_minute=round(page.best.quarters_per_minute, 2),
            bar_one_at_seconds=round(_first_bar_line(page.best), 3),
            chance=round(page.chance, 3),
        )
        for page in told[: DOUBT.n_alternatives]
    )


def _first_bar_line(reading: Reading) -> float:
    """The first bar line at or after the start of the recording."""
    length = reading.steps_per_bar
    places = reading.bar_start + length * np.arange(-2, reading.grid.times.size // length + 2)
    times = reading.grid.time_at(places.astype(np.float64))
    return float(times[times >= 0.0][0])


def _has_same_lines(one: Reading, other: Reading) -> bool:
    """The same bar lines, whatever the metre between them."""
    if abs(np.log(one.bar_seconds / other.bar_seconds)) > DOUBT.same_bar_ratio:
        return False
    away = float(one.grid.place_of(_first_bar_line(other))) - one.bar_start
    bars = away / one.steps_per_bar
    return abs(bars - round(bars)) * one.bar_seconds < DOUBT.same_line_seconds


def _log_odds(chance: float) -> float:
    clipped = min(max(chance, 1e-4), 1.0 - 1e-4)
    return float(np.log(clipped / (1.0 - clipped)))


def _chance(odds: float) -> float:
    return float(1.0 / (1.0 + np.exp(-np.clip(odds, -40.0, 40.0))))

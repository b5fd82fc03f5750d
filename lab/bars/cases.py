"""Pieces read in every way, with what is needed to judge other weights without reading anew.

Reading a piece takes about a second, weighing what was read a millisecond. So the features of the
likeliest readings are kept, with what each of them is, and pages and walks are made from those.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from drumscribe.beats.counting import Counted, counted_along, counted_evenly
from drumscribe.beats.grids import find_grids
from drumscribe.beats.reading.bar_kinds import BarKind
from drumscribe.beats.reading.changes import Walk, walk_through
from drumscribe.beats.reading.evidence import FEATURES, all_readings
from drumscribe.beats.reading.learnt import StrokeNetwork, listen_to_strokes
from drumscribe.beats.reading.model import walk_weights
from drumscribe.beats.reading.pages import Page, Reading, pages_of
from drumscribe.beats.reading.steps import Steps, steps_of
from drumscribe.beats.strokes import Strokes
from lab.bars.pieces.songs import Floats
from lab.notation_study.judging.parts import RIGHT_PAGE_F, downbeat_f
from lab.notation_study.known_parts import KnownPart

RIGHT_F = 0.85
_KEPT, _AT_RANDOM = 600, 60
_SAME_BAR = 0.06  # of log: bars of the right length
_LEARNT = [k for k, name in enumerate(FEATURES) if name.startswith("learnt")]


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """A piece that has been read.

    grids: strokes on the steps of each; features: (readings, len(FEATURES)); what: the grid, kind
    of bar, steps per quarter and bar start of each reading; worth: of each, the F-measure of its
    bar lines, a half for the metre, and a half where both are right, 0..2.
    """

    piece: KnownPart
    strokes: Strokes
    grids: tuple[Steps, ...]
    features: NDArray[np.float32]
    what: tuple[tuple[int, BarKind, int, int], ...]
    worth: Floats

    @property
    def right(self) -> NDArray[np.bool_]:
        """(readings,): metre and bar lines are right."""
        return self.worth >= RIGHT_PAGE_F + 1.0 - 1e-9

    def pages(self, weights: Floats) -> list[Page]:
        """Ways to write the piece, the likeliest first."""
        scores = self.features @ weights
        return pages_of(
            [
                Reading(self.grids[number].grid, kind, per_quarter, start, float(scores[k]))
                for k in np.argsort(-scores, kind="stable").tolist()
                for number, kind, per_quarter, start in [self.what[k]]
            ]
        )

    def steps_of(self, page: Page) -> Steps:
        """What stands on the steps of a page."""
        return next(steps for steps in self.grids if steps.grid is page.best.grid)

    def walk(self, page: Page, weights: Floats) -> Walk:
        """The bars of a page."""
        return walk_through(self.steps_of(page), page.best, walk_weights(), page_weights=weights)


def case_of(
    piece: KnownPart,
    weights: Sequence[Floats],
    rng: np.random.Generator,
    network: StrokeNetwork | None = None,
) -> Case | None:
    """Read a piece; None where nothing can be read.

    weights: for each, its likeliest readings are kept. network: another one than is shipped.
    """
    strokes = Strokes.of(piece.hits)
    learnt = listen_to_strokes(strokes, network)
    grids = tuple(steps_of(strokes, grid, learnt=learnt) for grid in find_grids(strokes))
    features: list[NDArray[np.float32]] = []
    what: list[tuple[int, BarKind, int, int]] = []
    right: list[NDArray[np.bool_]] = []
    best = max((steps.grid.log_likelihood for steps in grids), default=0.0)
    for number, steps in enumerate(grids):
        for tried in all_readings(steps, best):
            length = tried.steps_per_bar
            features.append(tried.features.astype(np.float32))
            what += [(number, tried.kind, tried.steps_per_quarter, k) for k in range(length)]
            right.append(_right_places(tried.kind, length, steps, piece))
    if not features:
        return None
    table, is_right = np.concatenate(features), np.concatenate(right)
    kept = [np.flatnonzero(is_right)]
    kept += [np.argsort(-(table @ each), kind="stable")[:_KEPT] for each in weights]
    kept.append(rng.choice(is_right.size, min(_AT_RANDOM, is_right.size), replace=False))
    chosen = np.unique(np.concatenate(kept))
    return Case(
        piece,
        strokes,
        grids,
        table[chosen],
        tuple(what[k] for k in chosen.tolist()),
        _worth(piece, grids, [what[k] for k in chosen.tolist()]),
    )


def _worth(
    piece: KnownPart, grids: Sequence[Steps], what: Sequence[tuple[int, BarKind, int, int]]
) -> Floats:
    """What each reading is worth to whoever plays from its page."""
    known: dict[tuple[int, int, int], float] = {}
    worth = np.zeros(len(what))
    for k, (number, kind, per_quarter, start) in enumerate(what):
        length = int(kind.quarters * per_quarter)
        if (number, length, start) not in known:
            grid = grids[number].grid
            bars = length * np.arange(-2.0, grid.times.size // length + 2.0)
            known[number, length, start] = downbeat_f(piece, grid.time_at(start + bars))
        f, has_metre = known[number, length, start], kind.metre == piece.metre
        worth[k] = f + 0.5 * has_metre + 0.5 * (has_metre and f >= RIGHT_PAGE_F)
    return worth


def _right_places(kind: BarKind, length: int, steps: Steps, piece: KnownPart) -> NDArray[np.bool_]:
    """Where bars may begin for a reading to be right: metre, length of the bar and bar lines."""
    grid = steps.grid
    lengths = np.diff(piece.bars)[[metre == piece.metre for metre in piece.metres]]
    same = abs(np.log(length * grid.step_seconds / np.median(lengths))) < _SAME_BAR
    if kind.metre != piece.metre or not same:
        return np.zeros(length, dtype=np.bool_)
    bars = length * np.arange(-2.0, grid.times.size // length + 2.0)
    return np.array(
        [downbeat_f(piece, grid.time_at(k + bars)) >= RIGHT_F for k in range(length)], np.bool_
    )


def counted(page: Page, walk: Walk) -> Counted:
    """The beats of a page, with its changes of metre."""
    if len({kind.metre for kind in walk.kinds}) == 1:
        return counted_evenly(page.best, page.metre)
    return counted_along(walk, page.best)


def bar_lines(beats: Counted) -> Floats:
    """Where bars begin, in seconds."""
    return np.asarray(beats.beat_times[beats.beat_numbers == 1])

"""What a listener goes by, for every way to lay bars over a grid of steps.

A reading is a grid, a number of steps per quarter, a kind of bar and a place where bars begin. Its
evidence is a row of numbers, each in its natural range; its score is their weighted sum, in nats.
The weights are fitted (lab/bars/model.py) so that the exponentials of the scores, normalised,
are the chances of the readings.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from drumscribe.beats.grids import StepGrid
from drumscribe.beats.reading.bar_kinds import KINDS, MAIN_ROLES, METRES, ROLES, BarKind, roles_of
from drumscribe.beats.reading.steps import (
    BEAT_HEARD,
    BEAT_LEARNT,
    DOWN_HEARD,
    DOWN_LEARNT,
    LONE_CRASH,
    N_ROWS,
    NEW_SECTION,
    STRUCK,
    Steps,
    tempo_place,
)
from drumscribe.beats.strokes import TOMS
from drumscribe.beats.tuning import READINGS, USUAL
from drumscribe.domain.rhythm import COMMON_TIME, Metre

RATES = (1, 2, 3, 4, 6, 8, 12)
_GROUP_LETTERS = "KSCTH"
_COVERED_ROLES = "DBSWA"
_N_SHARES = len(_GROUP_LETTERS) * len(ROLES)
_N_COVERED = len(_GROUP_LETTERS) * len(_COVERED_ROLES)
# Share of a drum's strokes on a role beyond chance; share of a role's places that a drum strikes.
_PLACED = tuple(f"share {g}{r}" for g in _GROUP_LETTERS for r in ROLES) + tuple(
    f"covers {g}{r}" for g in _GROUP_LETTERS for r in _COVERED_ROLES
)
_OTHERS = (
    "repeats",
    "repeats in kick and snare",
    "repeats against other distances",
    "repeats over bars",
    "repeats over bars, not beside them",
    "repeats after two",
    "repeats more than at half",
    "repeats after four, not three or five",
    "opens",
    "opens with kick or crash",
    "ends",
    "lone crashes",
    "sections",
    "toms last",
    "learnt downbeats",
    "learnt downbeats, not other beats",
    "learnt downbeats, not other steps",
    "learnt beats",
    "learnt beats, not between",
    "learnt metre",
    "learnt tempo",
    "four beats alike",
    "heard downbeats",
    "heard downbeats, not other beats",
    "heard downbeats, not other steps",
    "heard beats",
    "heard beats, not between",
    "tempo",
    "dotted tempo",
    "fast",
    "slow",
    "bar length",
    "time in quarters",
    "time in eighths",
    "time in sixteenths",
    "time in thirds",
    "off eighths",
    "off sixteenths",
    "in thirds",
    "in middle thirds",
    "finer",
    "thirds offered",
    "likelihood",
    "likelihood against the best",
)
# A half-time beat whose timekeeper plays quarters is the usual beat, counted twice as fast.
_HALF_TIME_OVER_QUARTERS = "half-time over quarters"
FEATURES = (*_PLACED, *_OTHERS, *(str(metre) for metre in METRES), _HALF_TIME_OVER_QUARTERS)
_AT = {name: i for i, name in enumerate(FEATURES)}
_USUAL_OF = dict(USUAL.quarters_per_minute)
_TIME_PARTS = (
    ("time in quarters", 1),
    ("time in eighths", 2),
    ("time in sixteenths", 4),
    ("time in thirds", 3),
)
_ON_EIGHTHS = [ROLES.index(role) for role in "DBSWAXY"]
_SECOND_THIRD, _LAST_THIRD, _FINER = (ROLES.index(role) for role in "TUO")

_Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Readings:
    """One kind of bar at one level of one grid, begun at every step of the bar.

    features: (steps of the bar, len(FEATURES)).
    """

    grid: StepGrid
    kind: BarKind
    steps_per_quarter: int
    features: _Floats

    @property
    def steps_per_bar(self) -> int:
        return int(self.kind.quarters * self.steps_per_quarter)


@dataclass(frozen=True, slots=True, eq=False)
class _Folded:
    """What depends on the length of the bar alone, per place where it may begin.

    counts: (rows, places, steps of the bar), summed over bars; bars_at: (places, steps), how often
    each step of the bar occurs within the grid.
    """

    counts: _Floats
    bars_at: _Floats
    lags: NDArray[np.int64]
    repeats: float
    opens: NDArray[np.bool_]
    ends: NDArray[np.bool_]
    lone_crashes: _Floats
    sections: _Floats


def all_readings(
    steps: Steps,
    best_log_likelihood: float,
    *,
    metres: Collection[Metre] = METRES,
    quarters_per_minute: tuple[float, float] = READINGS.quarters_per_minute,
) -> Iterator[Readings]:
    """Every reading of one grid, by kind and level.

    best_log_likelihood: of the best of all grids.
    """
    look = _Look(steps, best_log_likelihood)
    slowest, fastest = quarters_per_minute
    shortest, longest = READINGS.bar_seconds
    step = steps.grid.step_seconds
    for rate in RATES:
        tempo = 60.0 / (rate * step)
        if not slowest <= tempo <= fastest:
            continue
        for kind in KINDS:
            if kind.metre not in metres or (rate == 12 and str(kind.metre) not in ("4/4", "3/4")):
                continue
            roles = roles_of(kind, rate)
            if roles is None:
                continue
            length = roles.shape[0]
            if shortest <= length * step <= longest and length <= 0.5 * steps.n:
                yield Readings(steps.grid, kind, rate, look.features(kind, rate, roles, tempo))


def alike_beats(steps: Steps, steps_per_quarter: int) -> float:
    """How nearly every stroke comes again a quarter later: the share of strokes that two quarters
    beside each other have in common, 0..1. Where it is high no stroke says a bar line.
    """
    drums = steps.rows[: len(_GROUP_LETTERS), steps.first : steps.last + 1]
    drums = drums * np.array(READINGS.repetition_weights)[:, None]
    here, later = drums[:, :-steps_per_quarter], drums[:, steps_per_quarter:]
    strokes = float(here.sum() + later.sum())
    return 1.0 - float(np.abs(later - here).sum()) / max(1e-9, strokes)


class _Look:
    """The evidence of one grid, with what several kinds of bar share worked out once."""

    def __init__(self, steps: Steps, best_log_likelihood: float) -> None:
        self.steps = steps
        self.best = best_log_likelihood
        self.n = steps.n
        self.total = steps.rows.sum(axis=1)
        self.trust = np.minimum(1.0, self.total[:5] / READINGS.fewest_strokes)
        self.folds: dict[int, _Folded] = {}
        self.alike: dict[int, float] = {}
        step = steps.grid.step_seconds
        # Beyond the longest lag that can be judged the music is as alike as chance.
        self.longest_lag = int(self.n * READINGS.longest_lag_share)
        self.likeness = _judged(steps.likeness, self.longest_lag, 12 * self.n)
        self.drums_likeness = _judged(steps.drums_likeness, self.longest_lag, 12 * self.n)
        farthest = int(min(self.longest_lag, 7.0 / step))
        near = steps.likeness[int(max(1, 0.5 / step)) : farthest + 1]
        self.usual = (float(np.median(near)), float(near.max())) if near.size else (0.0, 0.0)
        self.metres = {
            metre: float(each[steps.first : steps.last + 1].mean())
            for metre, each in steps.metres.items()
        }
        gaps = steps.time_gaps
        self.gap_shares = np.bincount(gaps[gaps <= 12], minlength=13) / max(1, gaps.size)

    def alike_beats(self, rate: int) -> float:
        if rate not in self.alike:
            self.alike[rate] = alike_beats(self.steps, rate)
        return self.alike[rate]

    def folded(self, length: int) -> _Folded:
        if length not in self.folds:
            self.folds[length] = self._fold(length)
        return self.folds[length]

    def _fold(self, length: int) -> _Folded:
        steps, n = self.steps, self.n
        n_bars = -(-n // length)
        padded = np.zeros((N_ROWS + 1, n_bars * length))
        padded[:N_ROWS, :n] = steps.rows
        padded[N_ROWS, :n] = 1.0
        by_step = padded.reshape(N_ROWS + 1, n_bars, length).sum(axis=1)
        places = np.arange(length)
        turned = by_step[:, (places[:, None] + places[None, :]) % length]
        most = min(READINGS.most_bars, int((0.75 * n - 1) // length))
        lags = length * np.arange(1, most + 1)
        crashes = by_step[LONE_CRASH]
        return _Folded(
            counts=turned[:N_ROWS],
            bars_at=np.maximum(turned[N_ROWS], 1e-9),
            lags=lags,
            repeats=float(self.likeness[lags].mean()) if most else 0.0,
            opens=(steps.first - places) % length == 0,
            ends=(steps.last - places) % length == 0,
            lone_crashes=crashes / max(1.0, crashes.sum()),
            sections=by_step[NEW_SECTION] / max(1.0, self.total[NEW_SECTION]),
        )

    def features(self, kind: BarKind, rate: int, roles: _Floats, tempo: float) -> _Floats:
        steps, length = self.steps, roles.shape[0]
        fold = self.folded(length)
        same_everywhere = np.zeros(len(FEATURES))
        for name, value in (
            *self._repetition(kind, rate, length, fold),
            *self._usualness(kind, rate, length, tempo),
        ):
            same_everywhere[_AT[name]] = value
        out = np.empty((length, len(FEATURES)))
        out[:] = same_everywhere
        n_role = roles.sum(axis=0)
        counts = fold.counts[: STRUCK + 1] @ roles  # (rows, places, roles)
        share = counts[:5] * (self.trust / np.maximum(self.total[:5], 1e-9))[:, None, None]
        share -= (n_role / length) * (self.trust * (self.total[:5] > 0))[:, None, None]
        out[:, :_N_SHARES] = share.transpose(1, 0, 2).reshape(length, -1)
        covered = counts[:5, :, :5] / np.maximum(1.0, n_role[:5] * self.n / length)
        out[:, _N_SHARES : _N_SHARES + _N_COVERED] = covered.transpose(1, 0, 2).reshape(length, -1)
        out[:, _AT["opens"]] = fold.opens
        out[:, _AT["opens with kick or crash"]] = fold.opens * float(steps.opens_with_drum)
        out[:, _AT["ends"]] = fold.ends
        enough = min(1.0, self.total[LONE_CRASH] / 6.0)
        chance = 0.5 / float(kind.quarters)
        out[:, _AT["lone crashes"]] = (fold.lone_crashes - chance) * enough
        enough = min(1.0, self.total[NEW_SECTION] / 4.0)
        out[:, _AT["sections"]] = (fold.sections - 1.0 / length) * enough
        toms = fold.counts[TOMS][:, -rate:].sum(axis=1) / max(1e-9, self.total[TOMS])
        out[:, _AT["toms last"]] = self.trust[TOMS] * (toms - rate / length)
        struck = counts[STRUCK] / max(1e-9, self.total[STRUCK])
        finer, thirds = struck[:, _FINER], struck[:, _SECOND_THIRD]
        out[:, _AT["off eighths"]] = struck[:, _ON_EIGHTHS].sum(axis=1) - 1.0
        out[:, _AT["in thirds"]] = -thirds - struck[:, _LAST_THIRD]
        out[:, _AT["off sixteenths"]] = -thirds - struck[:, _LAST_THIRD] - finer
        out[:, _AT["in middle thirds"]] = -thirds
        out[:, _AT["finer"]] = -finer
        self._put_listeners(out, fold, kind, rate)
        return out

    def _repetition(
        self, kind: BarKind, rate: int, length: int, fold: _Folded
    ) -> Iterator[tuple[str, float]]:
        alike = self.likeness
        by_bar = float(alike[length])
        median, largest = self.usual
        unit = rate if kind.is_in_twos else max(1, rate // 2)
        inner = np.arange(unit, length, unit)
        inner = inner[:: max(1, inner.size // 8)]
        beside = 0.0
        if inner.size and fold.lags.size:
            beside = float(alike[fold.lags[:, None] + inner].mean())
        yield "repeats", by_bar
        yield "repeats in kick and snare", float(self.drums_likeness[length])
        yield "repeats against other distances", (by_bar - median) / (largest - median + 0.05)
        yield "repeats over bars", fold.repeats
        yield "repeats over bars, not beside them", fold.repeats - beside
        yield "repeats after two", float(alike[2 * length]) - by_bar
        if length % 2 == 0 and len(kind.names) % 2 == 0:
            yield "repeats more than at half", by_bar - float(alike[length // 2])
        odd = 0.5 * float(alike[3 * length] + alike[5 * length])
        yield "repeats after four, not three or five", float(alike[4 * length]) - odd

    def _usualness(
        self, kind: BarKind, rate: int, length: int, tempo: float
    ) -> Iterator[tuple[str, float]]:
        grid, steps_tempi = self.steps.grid, self.steps.tempi
        octaves = float(np.log2(tempo / _USUAL_OF.get(str(kind.metre), USUAL.elsewhere)))
        bar = float(np.log2(length * grid.step_seconds / USUAL.bar_seconds))
        yield "tempo", -(octaves**2)
        yield "fast", -max(0.0, octaves - USUAL.fast_octaves)
        yield "slow", -max(0.0, -octaves - USUAL.slow_octaves)
        yield "bar length", -(bar**2)
        if kind.is_in_threes:
            yield "dotted tempo", -(float(np.log2(tempo / USUAL.dotted)) ** 2)
        yield "likelihood", grid.log_likelihood
        yield "likelihood against the best", grid.log_likelihood - self.best
        yield "thirds offered", -float(rate % 3 == 0)
        yield str(kind.metre), 1.0
        yield "learnt metre", self.metres.get(kind.metre, READINGS.least_metre_nats)
        if steps_tempi.size:
            place = float(tempo_place(np.array(tempo)))
            yield "learnt tempo", float(np.interp(place, np.arange(steps_tempi.size), steps_tempi))
        if kind.metre == COMMON_TIME:
            alike = self.alike_beats(rate) - READINGS.alike_from
            yield "four beats alike", max(0.0, alike) / (1.0 - READINGS.alike_from)
        for name, parts in _TIME_PARTS:
            if rate % parts == 0:
                yield name, float(self.gap_shares[rate // parts])
        if kind.is_half_time:
            yield _HALF_TIME_OVER_QUARTERS, float(self.gap_shares[rate])

    def _put_listeners(self, out: _Floats, fold: _Folded, kind: BarKind, rate: int) -> None:
        """What the network of strokes and the networks of sound say at beats and bar lines."""
        is_main, is_other, is_between, is_off = _masks(kind, rate)

        def mean(row: int, where: _Floats) -> _Floats:
            at = fold.bars_at @ where
            return np.asarray((fold.counts[row] @ where) / np.maximum(at, 1e-9))

        for known, down_row, beat_row, name in (
            (self.steps.has_learnt, DOWN_LEARNT, BEAT_LEARNT, "learnt"),
            (self.steps.has_heard, DOWN_HEARD, BEAT_HEARD, "heard"),
        ):
            if not known:
                continue
            down = fold.counts[down_row][:, 0] / fold.bars_at[:, 0]
            beats = mean(beat_row, is_main)
            out[:, _AT[f"{name} downbeats"]] = down
            out[:, _AT[f"{name} downbeats, not other beats"]] = down - mean(down_row, is_other)
            out[:, _AT[f"{name} downbeats, not other steps"]] = down - mean(down_row, is_off)
            out[:, _AT[f"{name} beats"]] = beats
            if is_between.any():
                out[:, _AT[f"{name} beats, not between"]] = beats - mean(beat_row, is_between)


def _judged(likeness: _Floats, longest: int, size: int) -> _Floats:
    table = np.zeros(max(size, likeness.size))
    table[:longest] = likeness[:longest]
    return table


@cache
def _masks(kind: BarKind, rate: int) -> tuple[_Floats, _Floats, _Floats, _Floats]:
    """Steps of a bar, 1 or 0: beats; beats but the first; half-way between beats; all but 1."""
    roles = roles_of(kind, rate)
    assert roles is not None
    is_main: _Floats = np.asarray(roles[:, : len(MAIN_ROLES)].any(axis=1), dtype=np.float64)
    is_other, is_off = is_main.copy(), np.ones_like(is_main)
    is_other[0] = is_off[0] = 0.0
    beats = np.append(np.flatnonzero(is_main), is_main.size)
    is_between = np.zeros_like(is_main)
    for here, there in pairwise(beats.tolist()):
        if there - here >= 2:
            is_between[(here + there) // 2] = 1.0
    return is_main, is_other, is_between, is_off

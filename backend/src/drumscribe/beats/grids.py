"""Steps of equal, slowly drifting length under the strokes: the ladder on which bars are built.

1. Sums of exp(2 pi i f t) over the strokes, in windows, tell which rates f fit them.
2. From the window where a rate fits best a phase-locked loop follows it both ways; over rests it
   goes on as before.
3. Its steps are smoothed: near the strokes, with small second differences.
4. Grids are ranked by the likelihood of the strokes: a coarse grid that explains all of them beats
   a fine one that does so too.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from drumscribe.beats.smoothing import steadied
from drumscribe.beats.strokes import Strokes
from drumscribe.beats.tuning import GRIDS

_Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class StepGrid:
    """times: (steps,) seconds, strictly increasing, from before the first stroke to after the last.

    log_likelihood: of the strokes, nats per stroke. step_seconds: the median step; it is asked for
        thousands of times, so it is worked out once.
    """

    times: _Floats
    log_likelihood: float
    step_seconds: float = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "step_seconds", float(np.median(np.diff(self.times))))

    def place_of(self, time: float | _Floats) -> _Floats:
        """Seconds -> steps from the first; the tempo at the ends goes on beyond them."""
        t, n = np.asarray(time, dtype=np.float64), self.times.size
        inside = np.interp(t, self.times, np.arange(n))
        first, last = self.times[1] - self.times[0], self.times[-1] - self.times[-2]
        before = np.minimum(0.0, t - self.times[0]) / first
        return np.asarray(inside + before + np.maximum(0.0, t - self.times[-1]) / last)

    def time_at(self, place: _Floats) -> _Floats:
        """Steps from the first -> seconds; the inverse of place_of."""
        p, n = np.asarray(place, dtype=np.float64), self.times.size
        inside = np.interp(p, np.arange(n), self.times)
        first, last = self.times[1] - self.times[0], self.times[-1] - self.times[-2]
        before = np.minimum(0.0, p) * first
        return np.asarray(inside + before + np.maximum(0.0, p - (n - 1)) * last)


def find_grids(strokes: Strokes, *, periods_seconds: Sequence[float] = ()) -> list[StepGrid]:
    """The likeliest grids, the best first; empty where there are too few strokes.

    periods_seconds: step lengths that are followed besides those that are found.
    """
    if strokes.size < GRIDS.fewest_events:
        return []
    times, weights = _events(strokes)
    if times.size < GRIDS.fewest_events:
        return []
    found: list[_Floats] = []
    for period, start in _starts(times, weights, periods_seconds):
        grid = _grid_from(times, period, start)
        if grid is not None and not any(_is_same(grid, other) for other in found):
            found.append(grid)
    first, last = float(strokes.times[0]), float(strokes.times[-1])
    grids = [covering(grid, first, last) for grid in found]
    ranked = [StepGrid(grid, log_likelihood(strokes.times, grid)) for grid in grids]
    return sorted(ranked, key=lambda grid: -grid.log_likelihood)[: GRIDS.n_kept]


def log_likelihood(times: _Floats, grid: _Floats) -> float:
    """Mean log density of strokes beside the steps of a grid, nats."""
    place = np.interp(times, grid, np.arange(grid.size))
    step = float(np.median(np.diff(grid)))
    away = np.abs(place - np.round(place)) * step / GRIDS.stroke_spread_seconds
    near = np.exp(-0.5 * away**2) / (GRIDS.stroke_spread_seconds * np.sqrt(2.0 * np.pi))
    return float(np.mean(np.log((1.0 - GRIDS.astray) * near + GRIDS.astray / step)))


def covering(grid: _Floats, first: float, last: float) -> _Floats:
    """The grid continued with its own tempo to before `first` and after `last`, in seconds."""
    early, late = float(np.median(np.diff(grid[:9]))), float(np.median(np.diff(grid[-9:])))
    n_before = max(0, int(np.ceil((grid[0] - first + 0.05) / early)))
    n_after = max(0, int(np.ceil((last + 0.05 - grid[-1]) / late)))
    return np.concatenate(
        [
            grid[0] - early * np.arange(n_before, 0, -1),
            grid,
            grid[-1] + late * np.arange(1, n_after + 1),
        ]
    )


def _events(strokes: Strokes) -> tuple[_Floats, _Floats]:
    """Strokes struck together as one: its time and weight."""
    weight = np.array(GRIDS.group_weights)[strokes.groups]
    apart = np.diff(strokes.times, prepend=-np.inf) > GRIDS.together_seconds
    event = np.cumsum(apart) - 1
    n = int(event[-1]) + 1
    total = np.bincount(event, weight, minlength=n)
    largest = np.zeros(n)
    np.maximum.at(largest, event, weight)
    times = np.bincount(event, weight * strokes.times, minlength=n) / total
    return times, largest + 0.3 * (total - largest)


def _starts(
    times: _Floats, weights: _Floats, periods_seconds: Sequence[float]
) -> Iterable[tuple[float, int]]:
    """Periods to follow, and the event to begin at, the most promising first."""
    slow, fast = GRIDS.rates_hz
    rates = np.exp(np.arange(np.log(slow), np.log(fast), GRIDS.rate_step))
    sums: list[NDArray[np.complex128]] = []
    begins: list[float] = []
    for begin in np.arange(times[0], max(times[-1] - 4.0, times[0] + 0.1), GRIDS.hop_seconds):
        inside = slice(*np.searchsorted(times, [begin, begin + GRIDS.window_seconds]))
        total = weights[inside].sum()
        if times[inside].size >= GRIDS.fewest_in_window:
            wave = np.exp(2j * np.pi * np.outer(rates, times[inside]))
            sums.append(wave @ weights[inside] / total)
            begins.append(float(begin))
    if not sums:
        wave = np.exp(2j * np.pi * np.outer(rates, times))
        sums, begins = [wave @ weights / weights.sum()], [float(times[0])]
    table = np.array(sums)
    size = np.abs(table)
    mean = size.mean(axis=0)
    inner = mean[1:-1]
    peaks = 1 + np.flatnonzero((inner >= mean[:-2]) & (inner > mean[2:]))
    order = np.argsort(-mean[peaks] * rates[peaks] ** -GRIDS.slower_first)
    wanted = [int(np.abs(np.log(rates * period)).argmin()) for period in periods_seconds]
    for peak in [*wanted, *peaks[order[: GRIDS.n_peaks]].tolist()]:
        near = slice(max(0, peak - 2), peak + 3)
        window = int(size[:, near].max(axis=1).argmax())
        rate = near.start + int(size[window, near].argmax())
        period = 1.0 / float(rates[rate])
        phase = float(np.angle(table[window, rate])) / (2.0 * np.pi)
        begin = min(int(np.searchsorted(times, begins[window] + 2.0)), times.size - 1)
        around = np.arange(begin, min(times.size, begin + 12))
        off = np.abs((times[around] / period - phase + 0.5) % 1.0 - 0.5)
        yield period, int(around[off.argmin()])


def _grid_from(times: _Floats, period: float, start: int) -> _Floats | None:
    steps, at = _followed(times.tolist(), period, start)
    if len(steps) < GRIDS.fewest_events:
        return None
    steps = steps - steps.min()
    grid = _smoothed(steps, at, int(steps.max()) + 1)
    if grid.size < GRIDS.fewest_steps or np.any(np.diff(grid) <= 0.3 * period):
        return None
    # All events beside these steps, not only those that the loop held on to.
    nearest = np.round(np.interp(times, grid, np.arange(grid.size))).astype(np.int64)
    belongs = np.abs(times - grid[nearest]) < min(0.25 * period, 0.04)
    if int(belongs.sum()) >= GRIDS.fewest_events:
        grid = _smoothed(nearest[belongs], times[belongs], grid.size)
    return grid if np.all(np.diff(grid) > 0.0) else None


def _followed(times: list[float], period: float, start: int) -> tuple[NDArray[np.int64], _Floats]:
    """A phase-locked loop from one event both ways: step numbers and times of what lies on it."""
    tolerance = min(GRIDS.tolerance_steps * period, GRIDS.tolerance_seconds)
    phase_gain, period_gain = GRIDS.phase_gain, GRIDS.period_gain
    shortest, longest = 0.8 * period, 1.25 * period

    def walk(events: Iterable[int], sign: float) -> list[tuple[int, float]]:
        last, count, step, out = times[start], 0, period, []
        for i in events:
            gap = (times[i] - last) * sign
            n = round(gap / step)
            error = gap - n * step
            if n < 0 or abs(error) > tolerance * (1.0 + 0.05 * min(n, 20)):
                continue
            if n:
                last += sign * (n * step + phase_gain * error)
                step += period_gain * error / n**0.5 * min(1.0, n / 2.0)
                step = min(max(step, shortest), longest)
            else:
                last += sign * 0.5 * phase_gain * error
            count += n
            out.append((int(sign) * count, times[i]))
        return out

    found = walk(range(start - 1, -1, -1), -1.0)[::-1] + walk(range(start, len(times)), 1.0)
    return np.array([n for n, _ in found], dtype=np.int64), np.array([t for _, t in found])


def _smoothed(steps: NDArray[np.int64], at: _Floats, n: int) -> _Floats:
    """Times of steps 0..n-1, near the events, with small second differences."""
    count = np.minimum(np.bincount(steps, minlength=n), 4).astype(np.float64)
    mean = np.bincount(steps, at, minlength=n) / np.maximum(np.bincount(steps, minlength=n), 1)
    # Around a straight line, so that the faint pull that keeps rests solvable bends nothing.
    line = np.interp(np.arange(n), steps[[0, -1]], at[[0, -1]])
    beside = np.where(count > 0, mean - line, 0.0)
    return line + steadied(beside, count + 1e-9, GRIDS.smoothness)


def _is_same(grid: _Floats, other: _Floats) -> bool:
    rates = np.median(np.diff(grid)) / np.median(np.diff(other))
    if abs(np.log(rates)) >= GRIDS.same_rate:
        return False
    place = np.interp(grid[::7], other, np.arange(other.size))
    return bool((np.abs(place - np.round(place)) < GRIDS.same_place).mean() > GRIDS.same_share)


def grid_along(beats: _Floats, parts: int, strokes: Strokes) -> StepGrid:
    """Beats that are known otherwise, each in so many steps."""
    places = np.arange((beats.size - 1) * parts + 1) / parts
    grid = np.interp(places, np.arange(beats.size), beats)
    if strokes.size == 0:
        return StepGrid(grid, 0.0)
    grid = covering(grid, float(strokes.times[0]), float(strokes.times[-1]))
    return StepGrid(grid, log_likelihood(strokes.times, grid))

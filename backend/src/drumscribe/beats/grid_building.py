"""From a bare list of beats to a grid that fits the playing and covers the whole recording."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from drumscribe.beats.smoothing import steadied
from drumscribe.beats.tuning import FIT
from drumscribe.domain.drums import Hit, Instrument
from drumscribe.domain.rhythm import BeatGrid, Metre


def fitted_to_hits(beat_times: NDArray[np.float64], hits: Sequence[Hit]) -> NDArray[np.float64]:
    """Move beats to the strokes that mark them, as far as a steady tempo allows.

    The result minimises the squared distances to the given beats, to the hits beside them and to
    even spacing (second differences), each in units of its usual spread.

    beat_times: seconds, strictly increasing. Returns the same number, strictly increasing.
    """
    n_beats = beat_times.size
    if n_beats < 3 or not hits:
        return beat_times
    period = float(np.median(np.diff(beat_times)))
    targets, certainty = _marks(beat_times, hits, min(FIT.reach_seconds, FIT.reach_beats * period))
    near_hit = certainty / FIT.hit_spread_seconds**2
    near_beat = 1.0 / FIT.beat_spread_seconds**2
    even = 1.0 / FIT.tempo_spread_seconds**2

    near = near_beat + near_hit
    between = (near_beat * beat_times + near_hit * targets) / near
    moved = steadied(between, near, even)
    if np.any(np.diff(moved) < 0.25 * period):
        return beat_times
    return moved


def _marks(
    beat_times: NDArray[np.float64], hits: Sequence[Hit], reach_seconds: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Where the hits put each beat, and how surely (0: no hit near)."""
    times = np.array([hit.time for hit in hits])
    weights = np.array([hit.confidence * (0.2 + hit.velocity) * _weight(hit) for hit in hits])
    nearest = np.clip(np.searchsorted(beat_times, times), 1, beat_times.size - 1)
    nearest -= times - beat_times[nearest - 1] < beat_times[nearest] - times
    distance = np.abs(times - beat_times[nearest])
    weights *= np.exp(-0.5 * (distance / (0.5 * reach_seconds)) ** 2)
    weights[distance > reach_seconds] = 0.0
    total = np.bincount(nearest, weights, minlength=beat_times.size)
    moments = np.bincount(nearest, weights * times, minlength=beat_times.size)
    targets = np.divide(moments, total, out=beat_times.copy(), where=total > 0)
    return targets, np.minimum(total, 1.0)


def _weight(hit: Hit) -> float:
    return 1.0 if hit.instrument in (Instrument.KICK, Instrument.SNARE) else 0.6


def grid_covering(
    beat_times: NDArray[np.float64],
    beat_numbers: NDArray[np.int64],
    metre: Metre,
    *,
    end_seconds: float,
    reliable: bool,
) -> BeatGrid:
    """The grid from the first beat at or after 0 to the first one at or after `end_seconds`.

    The beats go on at both ends with the tempo that they have there; the numbers go on counting.
    beat_times: at least two, strictly increasing; those before 0 are left out.
    """
    per_bar = metre.beats_per_bar
    first_period = float(np.median(np.diff(beat_times[: FIT.edge_beats + 1])))
    last_period = float(np.median(np.diff(beat_times[-FIT.edge_beats - 1 :])))

    n_before = max(0, int(np.floor((beat_times[0] + FIT.early_start_seconds) / first_period)))
    n_after = max(1, int(np.ceil((end_seconds - beat_times[-1]) / last_period)))
    times = np.concatenate(
        [
            beat_times[0] - first_period * np.arange(n_before, 0, -1),
            beat_times,
            beat_times[-1] + last_period * np.arange(1, n_after + 1),
        ]
    )
    numbers = np.concatenate(
        [
            (int(beat_numbers[0]) - 1 - np.arange(n_before, 0, -1)) % per_bar + 1,
            beat_numbers,
            (int(beat_numbers[-1]) + np.arange(n_after)) % per_bar + 1,
        ]
    )
    # A beat a hair before the recording is the beat of the stroke that stands at its very start.
    early = int(np.searchsorted(times, -FIT.early_start_seconds))
    if times[early] < 0.0 and times[early + 1] > 0.5 * first_period:
        times[early] = 0.0
    first = int(np.searchsorted(times, 0.0))
    last = max(first + 1, int(np.searchsorted(times, end_seconds)))
    kept = slice(first, last + 1)
    return BeatGrid(times[kept], numbers[kept].astype(np.int64), metre, reliable)


def steady_grid(
    metre: Metre, beats_per_minute: float, *, first_beat: float, end_seconds: float, reliable: bool
) -> BeatGrid:
    """A grid of one tempo: `first_beat` (seconds) is a downbeat, the others follow from it."""
    period = 60.0 / beats_per_minute
    times = np.array([first_beat, first_beat + period])
    numbers = np.arange(2) % metre.beats_per_bar + 1
    return grid_covering(times, numbers, metre, end_seconds=end_seconds, reliable=reliable)

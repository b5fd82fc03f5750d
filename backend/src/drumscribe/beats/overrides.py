"""What the user says about a grid that is already there: its beats stay, they are counted anew."""

from __future__ import annotations

import dataclasses

import numpy as np

from drumscribe.domain.rhythm import BeatGrid, Metre
from drumscribe.domain.wishes import BeatWishes


def recounted(grid: BeatGrid, wishes: BeatWishes) -> BeatGrid:
    """The same beats counted in another metre, at half or double speed, from another bar line.

    metre: its beats take the place of the grid's, whatever their length; None keeps the metre.
    tempo_factor: 0.5 keeps every other beat from the first downbeat on; 2 adds one between.
    bar_one_at_seconds: a bar begins at the beat nearest to this time; None: where one began.
    shift_beats: then every bar line so many beats later; see shifted. A tempo and marks of bars are
    not looked at.
    """
    metre = wishes.metre or grid.metre
    counted = _counted(grid, metre, wishes.tempo_factor, wishes.bar_one_at_seconds)
    return shifted(counted, wishes.shift_beats) if wishes.shift_beats else counted


def _counted(
    grid: BeatGrid, metre: Metre, factor: float, bar_one_at_seconds: float | None
) -> BeatGrid:
    same_bars = metre.beats_per_bar == grid.metre.beats_per_bar and factor == 1.0
    times = grid.beat_times
    origin = _first_downbeat(grid)
    if factor == 2.0:
        times = np.interp(np.arange(2 * times.size - 1) / 2.0, np.arange(times.size), times)
        origin *= 2
    elif factor == 0.5:
        # One more beat at the end, so that the grid still reaches where it did.
        longer = np.append(times, 2.0 * times[-1] - times[-2])
        times = longer[origin % 2 :: 2]
        origin //= 2
        if times.size < 2:
            times = np.append(times, times[-1] + 2.0 * (longer[-1] - longer[-2]))
    if bar_one_at_seconds is not None:
        origin = int(np.abs(times - bar_one_at_seconds).argmin())
    elif same_bars:
        return dataclasses.replace(grid, metre=metre)
    numbers = (np.arange(times.size) - origin) % metre.beats_per_bar + 1
    return dataclasses.replace(
        grid,
        beat_times=times,
        beat_numbers=numbers.astype(np.int64),
        metre=metre,
        bar_confidences=(),
        bar_metres=(),
    )


def shifted(grid: BeatGrid, n_beats: int) -> BeatGrid:
    """The same beats with every bar line so many beats later (negative: earlier).

    Bars of another length or metre among the others stay, and move along.
    """
    wanted = np.arange(grid.beat_times.size) - n_beats
    known = np.clip(wanted, 0, grid.beat_times.size - 1)
    beyond = (grid.beat_numbers[known] - 1 + wanted - known) % grid.metre.beats_per_bar + 1
    numbers = np.where(wanted == known, grid.beat_numbers[known], beyond)
    metres: tuple[Metre | None, ...] = ()
    if grid.bar_metres:
        said = dict(
            zip(np.flatnonzero(grid.beat_numbers == 1).tolist(), grid.bar_metres, strict=True)
        )
        metres = tuple(said.get(int(beat)) for beat in wanted[numbers == 1])
    return dataclasses.replace(grid, beat_numbers=numbers, bar_confidences=(), bar_metres=metres)


def _first_downbeat(grid: BeatGrid) -> int:
    downbeats = np.flatnonzero(grid.beat_numbers == 1)
    if downbeats.size:
        return int(downbeats[0])
    return int(grid.metre.beats_per_bar - grid.beat_numbers[0] + 1)

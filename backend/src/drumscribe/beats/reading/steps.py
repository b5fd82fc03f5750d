"""Strokes, and what listeners say, on the steps of a grid."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from drumscribe.beats.grids import StepGrid
from drumscribe.beats.strokes import CRASH, GROUP_NAMES, KICK, TIME, Strokes
from drumscribe.beats.tuning import READINGS
from drumscribe.domain.rhythm import Metre

# Rows: the groups of drums, then these.
(
    STRUCK,
    LONE_CRASH,
    NEW_SECTION,
    DOWN_LEARNT,
    BEAT_LEARNT,
    DOWN_HEARD,
    BEAT_HEARD,
) = range(len(GROUP_NAMES), len(GROUP_NAMES) + 7)
N_ROWS = BEAT_HEARD + 1

_Floats = NDArray[np.float64]


def tempo_place(quarters_per_minute: _Floats) -> _Floats:
    """Places among the tempi that are told apart; between two of them for one between them."""
    octaves = np.log2(quarters_per_minute / READINGS.slowest_tempo)
    return np.asarray(READINGS.tempi_per_octave * octaves)


@dataclass(frozen=True, slots=True, eq=False)
class Listening:
    """Log odds of downbeats and beats over time.

    downbeats, beats: (frames,); frames_per_second; the first frame is at 0 s.
    metres: (frames,), the log chance of each metre that is told apart; none where none is.
    tempi: (frames, tempi), log chances of tempi, which have the places 0, 1, ... of tempo_place;
        none where none is told.
    """

    downbeats: _Floats
    beats: _Floats
    frames_per_second: float
    metres: Mapping[Metre, _Floats] = field(default_factory=dict)
    tempi: _Floats = field(default_factory=lambda: np.zeros((0, 0)))

    def at(self, times: _Floats) -> tuple[_Floats, _Floats]:
        """The largest values beside each time."""
        frames = np.round(times * self.frames_per_second).astype(np.int64)
        beside = np.clip(frames[:, None] + np.arange(-1, 2), 0, self.beats.size - 1)
        return self.downbeats[beside].max(axis=1), self.beats[beside].max(axis=1)

    def metres_at(self, times: _Floats) -> dict[Metre, _Floats]:
        """The log chance of each metre at each time; none is less likely than is told apart."""
        frames = np.round(times * self.frames_per_second).astype(np.int64)
        frames = np.clip(frames, 0, self.beats.size - 1)
        least = READINGS.least_metre_nats
        return {metre: np.maximum(each[frames], least) for metre, each in self.metres.items()}

    def tempi_between(self, begin: float, end: float) -> _Floats:
        """Mean log chances of the tempi between two times."""
        first = min(max(0, int(begin * self.frames_per_second)), max(0, self.tempi.shape[0] - 1))
        last = max(first + 1, int(end * self.frames_per_second))
        return np.asarray(
            np.maximum(self.tempi[first:last], READINGS.least_metre_nats).mean(axis=0)
        )


@dataclass(frozen=True, slots=True, eq=False)
class Steps:
    """rows: (N_ROWS, steps): groups of drums by force, then any stroke, lone crashes, beginnings of
    sections, and log odds of downbeat and beat by the two listeners.

    likeness, drums_likeness: (steps,), how alike the music is to itself at each lag, beyond chance;
    time_gaps: steps between strokes that keep time; first, last: steps of the outer strokes.
    metres, tempi: what the network of strokes says of them: (steps,) of each metre, mean log
        chances of tempi; none where none is told.
    """

    grid: StepGrid
    rows: _Floats
    likeness: _Floats
    drums_likeness: _Floats
    time_gaps: NDArray[np.int64]
    first: int
    last: int
    opens_with_drum: bool
    has_learnt: bool
    has_heard: bool
    metres: Mapping[Metre, _Floats]
    tempi: _Floats

    @property
    def n(self) -> int:
        return int(self.rows.shape[1])


def steps_of(
    strokes: Strokes,
    grid: StepGrid,
    *,
    learnt: Listening | None = None,
    heard: Listening | None = None,
) -> Steps:
    """Put everything on the steps of one grid.

    learnt: what the network of strokes says; heard: what the networks of sound say.
    """
    n, times = grid.times.size, strokes.times
    rows = np.zeros((N_ROWS, n))
    nearest = np.clip(np.round(grid.place_of(times)).astype(np.int64), 0, n - 1)
    away = np.abs(times - grid.times[nearest]) - READINGS.on_step_seconds
    reach = READINGS.on_step_share * grid.step_seconds
    told = strokes.force * np.clip(1.0 - away / reach, 0.0, 1.0)
    np.maximum.at(rows, (strokes.groups, nearest), told)
    drums = rows[: len(GROUP_NAMES)]
    rows[STRUCK] = drums.max(axis=0)
    crashes = np.unique(nearest[strokes.groups == CRASH])
    lone = crashes[np.diff(grid.times[crashes], prepend=-np.inf) > READINGS.lone_crash_seconds]
    rows[LONE_CRASH, lone] = 1.0
    rows[NEW_SECTION] = _section_starts(drums, grid.step_seconds)
    for listening, down, beat in (
        (learnt, DOWN_LEARNT, BEAT_LEARNT),
        (heard, DOWN_HEARD, BEAT_HEARD),
    ):
        if listening is not None:
            rows[down], rows[beat] = listening.at(grid.times)
    first, last = (int(nearest[0]), int(nearest[-1])) if strokes.size else (0, n - 1)
    opening = strokes.groups[times <= times[0] + 0.03] if strokes.size else times
    return Steps(
        grid=grid,
        rows=rows,
        likeness=_likeness(drums, np.array(READINGS.repetition_weights)),
        drums_likeness=_likeness(drums[:2], np.ones(2)),
        time_gaps=np.diff(np.unique(nearest[strokes.groups == TIME])),
        first=first,
        last=last,
        opens_with_drum=bool(np.isin(opening, (KICK, CRASH)).any()),
        has_learnt=learnt is not None,
        has_heard=heard is not None,
        metres=learnt.metres_at(grid.times) if learnt is not None else {},
        tempi=(
            learnt.tempi_between(float(grid.times[first]), float(grid.times[last]))
            if learnt is not None and learnt.tempi.size
            else np.zeros(0)
        ),
    )


def _likeness(drums: _Floats, weights: _Floats) -> _Floats:
    """The autocorrelation of strokes less their mean, normalised at every lag."""
    n = drums.shape[1]
    told = (drums - drums.mean(axis=1, keepdims=True)) * np.sqrt(weights)[:, None]
    size = 1 << int(2 * n - 1).bit_length()
    power = (np.abs(np.fft.rfft(told, size, axis=1)) ** 2).sum(axis=0)
    together = np.fft.irfft(power, size)[:n]
    energy = np.concatenate([[0.0], np.cumsum((told**2).sum(axis=0))])
    early, late = energy[n - np.arange(n)], energy[-1] - energy[np.arange(n)]
    return np.asarray(together / np.sqrt(np.maximum(early * late, 1e-9)))


def _section_starts(drums: _Floats, step_seconds: float) -> _Floats:
    """How much the music after a step differs from that before it, 0..1, where that peaks."""
    n = drums.shape[1]
    reach = max(2, round(READINGS.section_seconds / step_seconds))
    sums = np.concatenate([np.zeros((5, 1)), np.cumsum(drums, axis=1)], axis=1)
    at = np.arange(n)
    before = sums[:, at] - sums[:, np.maximum(0, at - reach)]
    after = sums[:, np.minimum(n, at + reach)] - sums[:, at]
    size = np.abs(before).sum(axis=0) + np.abs(after).sum(axis=0)
    unlike = np.abs(after - before).sum(axis=0) / np.maximum(size, 4.0)
    padded = np.pad(unlike, reach)
    around = np.lib.stride_tricks.sliding_window_view(padded, 2 * reach + 1).max(axis=1)
    struck = drums.max(axis=0) > 0.0
    peak = (unlike >= around - 1e-9) & (unlike > READINGS.softest_section)
    # The change shows at the first stroke of what is new.
    starts = np.zeros(n)
    strokes = np.flatnonzero(struck)
    if strokes.size:
        where = np.flatnonzero(peak)
        following = strokes[np.minimum(np.searchsorted(strokes, where), strokes.size - 1)]
        np.maximum.at(starts, following, unlike[where])
    return starts

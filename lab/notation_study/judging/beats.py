"""A beat grid against the true one: metre, beats, downbeats, tempo, half and double speed."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from drumscribe.domain.comparing.matching import f_measure
from drumscribe.domain.rhythm import BeatGrid, Metre

BEAT_SECONDS = 0.070  # as in mir_eval and MIREX
_TEMPO_BEATS = 8  # tempo is compared over stretches of so many true beats
_SAME_PULSE = 0.2  # of log2
_OCTAVE = 0.1  # of log2: how near to half, double, third or triple speed a wrong tempo is


@dataclass(frozen=True, slots=True)
class BeatJudgement:
    """How a grid compares, over the time in which something is played.

    metre_right: the same numbers, or those of a metre in which it could as well be written.
    beat_f, downbeat_f: F-measure within 70 ms, 0 to 1.
    tempo_ratio: tempo found over true tempo (median), in beats or in quarter notes, whichever is
        nearer to 1: a copyist may count eighths or quarters.
    tempo_error: mean departure of the local tempo from the true one, as a share.
    """

    metre: Metre
    metre_right: bool
    beat_f: float
    downbeat_f: float
    tempo_ratio: float
    tempo_error: float
    reliable: bool

    @property
    def is_wrong_pulse(self) -> bool:
        """Another pulse than the true one: half, double, two for three, or no relation at all."""
        return bool(abs(np.log2(self.tempo_ratio)) > _SAME_PULSE)

    @property
    def is_octave_error(self) -> bool:
        """Half, double, a third or triple the tempo."""
        log_ratio = abs(np.log2(self.tempo_ratio))
        return bool(min(abs(log_ratio - 1.0), abs(log_ratio - np.log2(3.0))) < _OCTAVE)


def judge_beats(
    true: BeatGrid, found: BeatGrid, *, also_right: Collection[Metre], first: float, last: float
) -> BeatJudgement:
    """Compare from the first hit to the last one, in seconds."""
    ratios = _tempo_ratios(true, found)
    unit = float(found.metre.beat_length / true.metre.beat_length)
    ratio = float(np.median(ratios))
    in_quarters = abs(np.log(ratio * unit)) < abs(np.log(ratio))
    if in_quarters:
        ratios, ratio = ratios * unit, ratio * unit
    return BeatJudgement(
        metre=found.metre,
        metre_right=found.metre == true.metre or found.metre in also_right,
        beat_f=f_measure(
            _within(true.beat_times, first, last),
            _within(found.beat_times, first, last),
            BEAT_SECONDS,
        ),
        downbeat_f=f_measure(
            _within(true.downbeat_times, first, last),
            _within(found.downbeat_times, first, last),
            BEAT_SECONDS,
        ),
        tempo_ratio=ratio,
        tempo_error=float(np.abs(ratios - 1.0).mean()),
        reliable=found.reliable,
    )


def _within(times: NDArray[np.float64], first: float, last: float) -> list[float]:
    inside = times[(times >= first - BEAT_SECONDS) & (times <= last + BEAT_SECONDS)]
    return [float(time) for time in inside]


def _tempo_ratios(true: BeatGrid, found: BeatGrid) -> NDArray[np.float64]:
    """Found beats per true beat, over every stretch of a few true beats."""
    times = true.beat_times
    n = min(_TEMPO_BEATS, times.size - 1)
    return np.asarray((found.beat_position(times[n:]) - found.beat_position(times[:-n])) / n)

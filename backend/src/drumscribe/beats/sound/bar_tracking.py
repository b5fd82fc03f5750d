"""Beats and bars from activations: the most probable walk of a bar pointer.

The model is the bar pointer of Krebs, Boeck and Widmer ("An efficient state space model for joint
tempo and meter tracking", ISMIR 2015) with the observations of Boeck, Krebs and Widmer ("Joint
beat and downbeat tracking with recurrent neural networks", ISMIR 2016), as madmom-infer builds it:
a state is a beat of the bar, a beat period in whole frames, and a frame within that beat. Inside a
beat the pointer moves one frame per frame; the period may change where a beat begins.

The decoder is our own, because the general one keeps a table of frames times states: gigabytes for
a quarter of an hour. Here a choice exists only where a beat begins, so only those are kept.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from drumscribe.beats.sound.tuning import WALK


@dataclass(frozen=True, slots=True, eq=False)
class BarPath:
    """The decoded walk.

    beat_frames: int (beats,), the frame in which each beat begins, strictly increasing.
    beat_numbers: int (beats,), position in the bar from 1.
    log_likelihood: of the best walk, per frame; comparable between models of the same
        activations.
    """

    beat_frames: NDArray[np.int64]
    beat_numbers: NDArray[np.int64]
    log_likelihood: float


def track_bars(
    activations: NDArray[np.float32],
    *,
    beats_per_bar: int,
    shortest_beat_frames: float,
    longest_beat_frames: float,
    preferred_beat_frames: float | None = None,
    checkpoint: Callable[[], None],
) -> BarPath:
    """Find beats and their places in the bar.

    activations: (frames, 2), probabilities of "beat that is no downbeat" and of "downbeat"; their
        sum is at most 1.
    shortest_beat_frames, longest_beat_frames: the tempo range, rounded to whole frames.
    preferred_beat_frames: with it, each beat costs more the farther its period is from this one.
    checkpoint: called every few thousand frames; may raise.
    """
    from madmom_infer.features.beats_hmm import exponential_transition

    first = max(2, round(shortest_beat_frames))
    periods = np.arange(first, max(first, round(longest_beat_frames)) + 1)
    n_periods, n_frames = periods.size, activations.shape[0]
    # log_change[to, k]: from the period k - reach places longer. A leap beyond the reach costs no
    # less than the same way in two beats, so nothing is lost by leaving it out.
    reach = min(n_periods - 1, int(np.ceil(WALK.largest_change * periods[-1])))
    with np.errstate(divide="ignore"):
        change = np.log(exponential_transition(periods, periods, WALK.tempo_change)).T
    padded = np.pad(change, ((0, 0), (reach, reach)), constant_values=-np.inf)
    to_period = np.arange(n_periods)
    log_change = padded[to_period[:, None], to_period[:, None] + np.arange(2 * reach + 1)]
    if preferred_beat_frames is not None:
        distance = np.log(periods / preferred_beat_frames) / WALK.preference_width
        log_change -= 0.5 * np.square(distance)[:, None]

    # One row of states per beat of the bar: for each period, its frames one after another.
    ends = np.cumsum(periods)
    starts = ends - periods
    n_states = int(ends[-1])
    phase = (np.arange(n_states) - np.repeat(starts, periods)) / np.repeat(periods, periods)
    in_beat = np.flatnonzero(phase < WALK.beat_share)
    off_beat, on_beat, on_downbeat = _log_densities(activations)

    # The density outside of beats is common to all states: it is taken off, and added at the end.
    beat_gain = (on_beat - off_beat)[:, None].repeat(beats_per_bar, axis=1)
    beat_gain[:, 0] = on_downbeat - off_beat

    score = np.full((beats_per_bar, n_states), -np.log(beats_per_bar * n_states))
    arrived_from = np.zeros((n_frames, beats_per_bar, n_periods), dtype=np.int16)
    rows = np.arange(beats_per_bar)[:, None]
    leaving = np.full((beats_per_bar, n_periods + 2 * reach), -np.inf)
    # leaving_near[beat, to, k]: the score of leaving the beat before with that period.
    leaving_near = np.lib.stride_tricks.sliding_window_view(leaving, 2 * reach + 1, axis=1)
    candidates = np.empty((beats_per_bar, n_periods, 2 * reach + 1))
    for frame in range(n_frames):
        if frame % WALK.frames_per_checkpoint == 0:
            checkpoint()
        if frame:
            at_end = score[:, ends - 1]
            leaving[1:, reach : reach + n_periods] = at_end[:-1]
            leaving[0, reach : reach + n_periods] = at_end[-1]
            np.add(leaving_near, log_change, out=candidates)
            best = candidates.argmax(axis=2)
            arrived_from[frame] = best + (to_period - reach)
            score[:, 1:] = score[:, :-1]
            score[:, starts] = candidates[rows, to_period, best]
        score[:, in_beat] += beat_gain[frame][:, None]

    beat, state = np.unravel_index(int(score.argmax()), score.shape)
    log_likelihood = (float(score[beat, state]) + float(off_beat.sum())) / max(1, n_frames)
    return _walked_back(
        arrived_from, int(beat), int(state), starts, ends, beats_per_bar, log_likelihood
    )


def _walked_back(
    arrived_from: NDArray[np.int16],
    beat: int,
    state: int,
    starts: NDArray[np.int64],
    ends: NDArray[np.int64],
    beats_per_bar: int,
    log_likelihood: float,
) -> BarPath:
    """The path, followed from the last state to the first, one beat at a time."""
    period = int(np.searchsorted(ends, state, side="right"))
    frame = arrived_from.shape[0] - 1 - (state - int(starts[period]))
    frames: list[int] = []
    numbers: list[int] = []
    while frame >= 0:
        frames.append(frame)
        numbers.append(beat + 1)
        # In frame 0 the walk begins; nothing leads into it.
        period = int(arrived_from[frame, beat, period]) if frame else period
        beat = (beat - 1) % beats_per_bar
        frame -= int(ends[period] - starts[period])
    return BarPath(
        np.array(frames[::-1], dtype=np.int64),
        np.array(numbers[::-1], dtype=np.int64),
        log_likelihood,
    )


def _log_densities(
    activations: NDArray[np.float32],
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Log densities (frames,) of states outside of beats, in beats, in downbeats."""
    chances = activations.astype(np.float64)
    neither = np.maximum(1.0 - chances.sum(axis=1), WALK.floor)
    beat, downbeat = np.maximum(chances, WALK.floor).T
    return np.log(neither / (1.0 / WALK.beat_share - 1.0)), np.log(beat), np.log(downbeat)

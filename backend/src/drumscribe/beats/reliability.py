"""Whether a beat grid can be trusted."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from drumscribe.domain.drums import Hit

_FEWEST_HITS = 8
_LEAST_CHANCE = 0.6
_FEWEST_BEATS = 4
# Two beats in a row whose lengths differ by more than this are a stumble.
_STUMBLE = 0.06
_LARGEST_STUMBLING_SHARE = 0.1
_AUDIBLE_BEAT = 0.25
_LEAST_AUDIBLE_SHARE_BY_NETWORK = 0.75
_LEAST_AUDIBLE_SHARE_BY_HITS = 0.3
_OFF_GRID_SECONDS = 0.030
_LARGEST_OFF_GRID_SHARE = 0.15
_LEAST_AGREEMENT = 0.5
_AGREEMENT_SECONDS = 0.070


def grid_is_reliable(
    beat_times: NDArray[np.float64],
    beat_strengths: NDArray[np.float64],
    hits: Sequence[Hit],
    *,
    second_opinion: NDArray[np.float64] | None,
) -> bool:
    """True unless there is a reason to doubt the beats.

    Doubts, each tried out on rendered and real music with known beats:
    - fewer than 4 beats or 8 hits, so a steady tempo can be chance;
    - more than a tenth of neighbouring beats differ by over 6 % in length: the tracker stumbles;
    - too few beats are marked by anything: under 75 % where networks listened, 30 % on hits alone
      (a beat is marked if the activation there reaches 0.25);
    - more than 15 % of the hits lie over 30 ms off the nearest sixteenth or triplet;
    - the beats of the hits alone, where networks listened too, agree with the final ones in less
      than half (F-measure at 70 ms).
    A tempo of half or double speed and a wrong bar line raise no doubt by themselves.

    beat_times: seconds, as decoded, not yet extended.
    beat_strengths: (beats,), the activation that marks each beat, 0..1.
    second_opinion: beats found without the networks, in seconds; None if no networks listened.
    """
    if len(hits) < _FEWEST_HITS or beat_times.size < _FEWEST_BEATS:
        return False
    periods = np.diff(beat_times)
    stumbles = np.abs(np.diff(np.log(periods))) > _STUMBLE
    if stumbles.mean() > _LARGEST_STUMBLING_SHARE:
        return False
    needed = (
        _LEAST_AUDIBLE_SHARE_BY_HITS if second_opinion is None else _LEAST_AUDIBLE_SHARE_BY_NETWORK
    )
    times = np.array([hit.time for hit in hits])
    played = (beat_times >= times.min() - periods[0]) & (beat_times <= times.max() + periods[-1])
    if not played.any() or (beat_strengths[played] >= _AUDIBLE_BEAT).mean() < needed:
        return False
    if off_grid_share(beat_times, times) > _LARGEST_OFF_GRID_SHARE:
        return False
    if second_opinion is None:
        return True
    within = second_opinion[(second_opinion >= times.min()) & (second_opinion <= times.max())]
    return agreement(beat_times[played], within) >= _LEAST_AGREEMENT


def chance_of_right_beats(pulse_chance: float, score: float, off_grid: float) -> float:
    """How probable it is that beats read from the hits alone are right (beat F at least .9), 0..1.

    pulse_chance: of the best reading's pulse among all readings; score: of the best reading, in
    nats; off_grid: see off_grid_share. A logistic regression over composed pieces and training
    performances of Groove MIDI; docs/reference/notation-measures.md has its precision and recall.
    """
    chance = min(max(pulse_chance, 0.001), 0.999)
    odds = -3.0 + 0.2 * np.log(chance / (1.0 - chance)) + 0.27 * score - 3.0 * off_grid
    return float(1.0 / (1.0 + np.exp(-odds)))


def read_grid_is_reliable(
    beat_times: NDArray[np.float64], hits: Sequence[Hit], *, pulse_chance: float, score: float
) -> bool:
    """Whether beats that were read from the hits alone can be trusted: right rather than not.

    beat_times: seconds. pulse_chance, score: see chance_of_right_beats.
    """
    if len(hits) < _FEWEST_HITS or beat_times.size < _FEWEST_BEATS:
        return False
    off_grid = off_grid_share(beat_times, np.array([hit.time for hit in hits]))
    return chance_of_right_beats(pulse_chance, score, off_grid) >= _LEAST_CHANCE


def off_grid_share(beat_times: NDArray[np.float64], times: NDArray[np.float64]) -> float:
    """The share of times more than 30 ms off every sixteenth and triplet of the beats.

    Times outside of the beats do not count; 1 if none is left.
    """
    inside = times[(times >= beat_times[0]) & (times <= beat_times[-1])]
    if inside.size == 0:
        return 1.0
    position = np.interp(inside, beat_times, np.arange(beat_times.size))
    off = np.min(
        [np.abs(position * parts - np.round(position * parts)) / parts for parts in (3, 4)], axis=0
    )
    return float((off * np.median(np.diff(beat_times)) > _OFF_GRID_SECONDS).mean())


def agreement(ours: NDArray[np.float64], theirs: NDArray[np.float64]) -> float:
    """F-measure of two rows of beats, 70 ms, 0..1; 0 if one is empty."""
    if ours.size == 0 or theirs.size == 0:
        return 0.0
    gaps = np.abs(ours[:, None] - theirs[None, :])
    found = float((gaps.min(axis=0) <= _AGREEMENT_SECONDS).sum())
    right = float((gaps.min(axis=1) <= _AGREEMENT_SECONDS).sum())
    precision, recall = right / ours.size, found / theirs.size
    return 2.0 * precision * recall / (precision + recall) if precision + recall else 0.0

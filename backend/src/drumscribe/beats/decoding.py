"""Bars decoded from activations: the walk for 4/4 or, where the evidence calls for it, for 3/4."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from drumscribe.beats.bar_tracking import BarPath
from drumscribe.beats.features import FRAMES_PER_SECOND
from drumscribe.beats.hit_evidence import beat_patterns, hit_activations, repetition
from drumscribe.beats.listening import FEWEST_HITS
from drumscribe.beats.pulse import walk_beats
from drumscribe.beats.tempo_octave import counted_speed
from drumscribe.domain.context import RunContext
from drumscribe.domain.drums import Hit
from drumscribe.domain.rhythm import Metre
from drumscribe.domain.wishes import BeatWishes

COMMON_TIME = Metre(4, 4)
WALTZ_TIME = Metre(3, 4)

_DRIFT = 1.08
_WALKING_BPM = 115.0
_COMMON_BPM = (70.0, 180.0)
_OCTAVE_NATS_PER_SECOND = 1.0
_COUNTED_BPM = (50.0, 220.0)
_SNARE_NATS_PER_SECOND = 12.0
# Evidence for three beats in a bar that overcomes the prior for four: nats per beat of the decoder,
# and how many of those one unit of likeness between bars of three rather than four is worth.
_WALTZ_THRESHOLD = 0.4
_REPETITION_NATS = 3.0

_Floats = NDArray[np.float32]


def decoded_bars(
    activations: _Floats,
    hits: Sequence[Hit],
    first_frame: int,
    options: BeatWishes,
    *,
    prefers_walking: bool,
    context: RunContext,
) -> tuple[Metre, BarPath]:
    """The metre and the walk; frames count from `first_frame` of the recording."""

    def walk(metre: Metre) -> BarPath:
        return walk_beats(
            activations,
            metre.beats_per_bar,
            beat_rate_range(metre, options.bpm),
            preferred_rate=walking_rate(metre) if prefers_walking else None,
            checkpoint=context.checkpoint,
        )

    if options.metre is not None:
        metre, path = options.metre, walk(options.metre)
    else:
        metre, path = COMMON_TIME, walk(COMMON_TIME)
        in_three = walk(WALTZ_TIME)
        if _waltz_evidence(in_three, path, hits, first_frame) > _WALTZ_THRESHOLD:
            metre, path = WALTZ_TIME, in_three
    if options.bpm is None:
        path = _at_counted_speed(activations, metre, path, hits, first_frame, context.checkpoint)
    return metre, path


def _at_counted_speed(
    activations: _Floats,
    metre: Metre,
    path: BarPath,
    hits: Sequence[Hit],
    first_frame: int,
    checkpoint: Callable[[], None],
) -> BarPath:
    """The walk at half or double speed instead, where the hits or the usual tempi call for it.

    The snare is asked first; then a tempo outside of 70 to 180 quarters per minute gives way to
    one inside, if the activations do not object.
    """
    if path.beat_frames.size < 2:
        return path
    rate = 60.0 * FRAMES_PER_SECOND / float(np.median(np.diff(path.beat_frames)))
    quarter_bpm = rate * float(metre.beat_length)
    beat_times = (path.beat_frames + first_frame) / FRAMES_PER_SECOND
    factor = counted_speed(hits, beat_times, path.beat_numbers)
    largest_loss = _SNARE_NATS_PER_SECOND
    (slowest, fastest) = _COUNTED_BPM
    if factor is None:
        largest_loss = _OCTAVE_NATS_PER_SECOND
        (slowest, fastest) = _COMMON_BPM
        factor = 2.0 if quarter_bpm < slowest else 0.5 if quarter_bpm > fastest else 1.0
    if factor == 1.0 or not slowest <= quarter_bpm * factor <= fastest:
        return path
    other = walk_beats(
        activations,
        metre.beats_per_bar,
        (rate * factor / _DRIFT, rate * factor * _DRIFT),
        checkpoint=checkpoint,
    )
    loss = (path.log_likelihood - other.log_likelihood) * FRAMES_PER_SECOND
    return other if loss <= largest_loss else path


def beats_of_hits(
    hits: Sequence[Hit], metre: Metre, options: BeatWishes, context: RunContext
) -> NDArray[np.float64]:
    """Beats, in seconds, that the hits give without the networks."""
    if len(hits) < FEWEST_HITS:
        return np.empty(0)
    n_frames = int(np.ceil(hits[-1].time * FRAMES_PER_SECOND)) + 1
    path = walk_beats(
        hit_activations(hits, n_frames),
        metre.beats_per_bar,
        beat_rate_range(metre, options.bpm),
        preferred_rate=walking_rate(metre) if options.bpm is None else None,
        checkpoint=context.checkpoint,
    )
    return path.beat_frames / FRAMES_PER_SECOND


def walking_rate(metre: Metre) -> float:
    """The usual number of beats per minute: a walking tempo of the quarter notes."""
    return _WALKING_BPM / float(metre.beat_length)


def beat_rate_range(metre: Metre, bpm: float | None) -> tuple[float, float]:
    """The beats of the grid per minute that are looked for, slowest and fastest.

    bpm: quarter notes per minute, if known.
    """
    beat_quarters = float(metre.beat_length)
    if bpm is not None:
        return bpm / beat_quarters / _DRIFT, bpm / beat_quarters * _DRIFT
    if beat_quarters == 1.0:
        return 55.0, 215.0
    # Eighths run at 110 to 400 a minute, dotted quarters at 37 to 143.
    return 55.0 / beat_quarters, (200.0 if beat_quarters < 1.0 else 215.0) / beat_quarters


def _waltz_evidence(
    in_three: BarPath, in_four: BarPath, hits: Sequence[Hit], first_frame: int
) -> float:
    """How much more the recording looks like bars of three beats than of four, in nats per beat."""
    if in_four.beat_frames.size < 2 or in_three.beat_frames.size < 2:
        return -np.inf
    frames_per_beat = float(np.median(np.diff(in_four.beat_frames)))
    by_decoder = (in_three.log_likelihood - in_four.log_likelihood) * frames_per_beat
    patterns = beat_patterns(hits, (in_four.beat_frames + first_frame) / FRAMES_PER_SECOND)
    in_threes = max(repetition(patterns, lag) for lag in (3, 6))
    in_fours = max(repetition(patterns, lag) for lag in (2, 4, 8))
    return by_decoder + _REPETITION_NATS * (in_threes - in_fours)

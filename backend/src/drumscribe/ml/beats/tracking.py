"""Where the beats and bars lie: from sound and hits to a beat grid.

Three beat networks listen to the mix and, where there is one, to the drum stem; what the hits say
is added as one more opinion; the most probable walk through beats and bars is decoded; the beats
are then fitted to the strokes that mark them, and go on over the whole recording. Without
networks, the hits (and failing those, the loudness of attacks) have to do.

What the user says wins: a metre is used as it is; a tempo, always in quarter notes per minute,
leaves the decoder 8 % on either side, so that drift is still followed. Beats are beats of the
metre: with 6/8 and a tempo of 90 the grid has 60 beats (dotted quarters) per minute, two per bar;
with 7/8 and 90 it has 180 (eighths), seven per bar.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from drumscribe.domain.audio import Audio
from drumscribe.domain.context import RunContext
from drumscribe.domain.drums import Hit
from drumscribe.domain.rhythm import BeatGrid, Metre
from drumscribe.ml.beats.bar_tracking import BarPath, track_bars
from drumscribe.ml.beats.features import (
    FRAMES_PER_SECOND,
    attack_activations,
    feature_chunks,
    is_silent,
    level_gain,
    n_feature_frames,
)
from drumscribe.ml.beats.grid_building import fitted_to_hits, grid_covering, steady_grid
from drumscribe.ml.beats.hit_evidence import beat_patterns, hit_activations, repetition
from drumscribe.ml.beats.networks import BeatNetworks
from drumscribe.ml.beats.options import BeatOptions
from drumscribe.ml.beats.overrides import recounted
from drumscribe.ml.beats.reliability import grid_is_reliable
from drumscribe.ml.beats.tempo_octave import counted_speed

COMMON_TIME = Metre(4, 4)
WALTZ_TIME = Metre(3, 4)
DEFAULT_BPM = 120.0

_DRIFT = 1.08
_WALKING_BPM = 115.0
_COMMON_BPM = (70.0, 180.0)
_OCTAVE_NATS_PER_SECOND = 1.0
_COUNTED_BPM = (50.0, 220.0)
_SNARE_NATS_PER_SECOND = 12.0
# How much each listener's opinion counts.
_MIX_WEIGHT, _STEM_WEIGHT, _HITS_WEIGHT = 0.45, 0.20, 0.35
# Evidence for three beats in a bar that overcomes the prior for four: nats per beat of the decoder,
# and how many of those one unit of likeness between bars of three rather than four is worth.
_WALTZ_THRESHOLD = 0.4
_REPETITION_NATS = 3.0
_FEWEST_HITS = 4
_AUDIBLE_ACTIVATION = 0.1
_COARSE_FRAMES = 8.0
_FINE_FRAMES = 24.0

_log = logging.getLogger(__name__)
_Floats = NDArray[np.float32]


def track_beats(
    mix: Audio | None,
    drums: Audio | None,
    hits: Sequence[Hit],
    *,
    networks: BeatNetworks | None,
    options: BeatOptions,
    context: RunContext,
) -> BeatGrid:
    """Find the beats of a recording.

    mix: the recording; None where only hits are known.
    drums: its separated drums, if there are any; same sample rate and length as the mix.
    hits: what was struck, in any order.
    networks: BeatNetworks.load(...), or None to do without.
    The grid starts at the first beat at or after 0 and ends at the first beat at or after the end
    of the recording (or of the last hit), without gaps. Its `reliable` follows
    beat_reliability.grid_is_reliable.
    Raises what context.checkpoint() raises, and ValueError if the sample rates differ.
    """
    if mix is not None and drums is not None and mix.sample_rate != drums.sample_rate:
        raise ValueError(
            f"mix and drums must have one sample rate, got {mix.sample_rate} and "
            f"{drums.sample_rate}"
        )
    in_order = sorted(hits, key=lambda hit: hit.time)
    return recounted(
        _found(mix, drums, in_order, networks, options, context),
        tempo_factor=options.tempo_factor,
        bar_one_at_seconds=options.bar_one_at_seconds,
    )


def _found(
    mix: Audio | None,
    drums: Audio | None,
    hits: Sequence[Hit],
    networks: BeatNetworks | None,
    options: BeatOptions,
    context: RunContext,
) -> BeatGrid:
    """The grid before the user's factor and bar line; hits in the order of time."""
    last_hit = hits[-1].time if hits else 0.0
    end_seconds = max(mix.duration_seconds if mix is not None else 0.0, last_hit)
    if mix is not None and is_silent(mix):
        mix = None
    if mix is None and len(hits) < _FEWEST_HITS:
        return _guessed_grid(hits, options, end_seconds)
    opinions = _opinions(mix, drums, hits, networks, end_seconds, context)
    context.checkpoint()
    heard = np.flatnonzero(opinions.sum(axis=1) >= _AUDIBLE_ACTIVATION)
    if heard.size == 0:
        return _guessed_grid(hits, options, end_seconds)
    first = int(heard[0])
    activations = opinions[first : int(heard[-1]) + 1]
    by_network = networks is not None and mix is not None
    # On hits alone half and double tempo fit alike; a preference for walking tempi decides.
    metre, path = _decoded(
        activations, hits, first, options, prefers_walking=not by_network, context=context
    )
    if path.beat_frames.size < 2:
        return _guessed_grid(hits, options, end_seconds)
    frame_times, strengths = _peaks(activations, path.beat_frames)
    beat_times = fitted_to_hits(frame_times + first / FRAMES_PER_SECOND, hits)
    reliable = grid_is_reliable(
        beat_times,
        strengths,
        hits,
        second_opinion=_beats_of_hits(hits, metre, options, context) if by_network else None,
    )
    context.progress(1.0)
    grid = grid_covering(
        beat_times, path.beat_numbers, metre, end_seconds=end_seconds, reliable=reliable
    )
    _log.debug("beats: %s at %.1f beats per minute, reliable: %s", metre, grid.bpm, reliable)
    return grid


# --- listening ----------------------------------------------------------------------------------


def _opinions(
    mix: Audio | None,
    drums: Audio | None,
    hits: Sequence[Hit],
    networks: BeatNetworks | None,
    end_seconds: float,
    context: RunContext,
) -> _Floats:
    """Activations (frames, 2) at 50 frames per second: beats that are no downbeats, downbeats."""
    n_frames = int(np.ceil(end_seconds * FRAMES_PER_SECOND)) + 1
    from_hits = hit_activations(hits, n_frames)
    if mix is None or (networks is None and len(hits) >= _FEWEST_HITS):
        return from_hits
    if networks is None:
        return _padded(attack_activations(mix), n_frames)
    heard = hear_beats(mix, drums, networks, context)
    weights = np.array([_MIX_WEIGHT] if drums is None else [_MIX_WEIGHT, _STEM_WEIGHT], np.float32)
    if len(hits) < _FEWEST_HITS:
        weights /= weights.sum()
        return _padded(np.tensordot(weights, heard, axes=1), n_frames)
    weights *= (1.0 - _HITS_WEIGHT) / weights.sum()
    blend = _padded(np.tensordot(weights, heard, axes=1), n_frames)
    return np.asarray(blend + np.float32(_HITS_WEIGHT) * from_hits)


def hear_beats(
    mix: Audio, drums: Audio | None, networks: BeatNetworks, context: RunContext
) -> _Floats:
    """What the networks hear, averaged over the networks, in chunks of about ten seconds.

    Returns (recordings, frames, 2): mix, and drums if given; probabilities of a beat that is no
    downbeat and of a downbeat, at 50 frames per second.
    """
    recordings = [mix] if drums is None else [mix, drums]
    streams = [feature_chunks(recording, gain=level_gain(recording)) for recording in recordings]
    state = networks.start(len(recordings))
    n_expected = max(1, n_feature_frames(mix))
    heard: list[_Floats] = []
    n_done = 0
    for chunks in zip(*streams, strict=False):
        context.checkpoint()
        # A stem that is a few samples longer or shorter may differ in its last frame.
        n_frames = min(chunk.shape[0] for chunk in chunks)
        features = np.stack([chunk[:n_frames] for chunk in chunks])
        heard.append(networks.listen(features, state).mean(axis=0)[:, :, :2])
        n_done += n_frames
        context.progress(min(0.9, 0.9 * n_done / n_expected))
    if not heard:
        return np.zeros((len(recordings), 0, 2), np.float32)
    return np.concatenate(heard, axis=1)


def _padded(activations: _Floats, n_frames: int) -> _Floats:
    out = np.zeros((n_frames, 2), np.float32)
    n = min(n_frames, activations.shape[0])
    out[:n] = activations[:n]
    return out


# --- deciding -----------------------------------------------------------------------------------


def _decoded(
    activations: _Floats,
    hits: Sequence[Hit],
    first_frame: int,
    options: BeatOptions,
    *,
    prefers_walking: bool,
    context: RunContext,
) -> tuple[Metre, BarPath]:
    """The metre and the walk; frames count from `first_frame` of the recording."""

    def walk(metre: Metre) -> BarPath:
        return _walk(
            activations,
            metre,
            beat_rate_range(metre, options.bpm),
            prefers_walking=prefers_walking,
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


def _walk(
    activations: _Floats,
    metre: Metre,
    beat_rates: tuple[float, float],
    *,
    prefers_walking: bool = False,
    checkpoint: Callable[[], None],
) -> BarPath:
    """The best walk with beats at the given rates (slowest, fastest, per minute)."""
    longest, shortest = (60.0 * FRAMES_PER_SECOND / rate for rate in beat_rates)
    # A finer clock lets tempi lie between whole frames; a narrow range can afford it.
    finest = _FINE_FRAMES if longest < 1.5 * shortest else _COARSE_FRAMES
    clock = 1
    while shortest * clock < finest:
        clock *= 2
    walking = 60.0 / _WALKING_BPM * float(metre.beat_length) * FRAMES_PER_SECOND
    path = track_bars(
        _finer(activations, clock),
        beats_per_bar=metre.beats_per_bar,
        shortest_beat_frames=shortest * clock,
        longest_beat_frames=longest * clock,
        preferred_beat_frames=walking * clock if prefers_walking else None,
        checkpoint=checkpoint,
    )
    frames = np.round(path.beat_frames / clock).astype(np.int64)
    return BarPath(frames, path.beat_numbers, path.log_likelihood)


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
    other = _walk(
        activations,
        metre,
        (rate * factor / _DRIFT, rate * factor * _DRIFT),
        checkpoint=checkpoint,
    )
    loss = (path.log_likelihood - other.log_likelihood) * FRAMES_PER_SECOND
    return other if loss <= largest_loss else path


def _beats_of_hits(
    hits: Sequence[Hit], metre: Metre, options: BeatOptions, context: RunContext
) -> NDArray[np.float64]:
    """Beats, in seconds, that the hits give without the networks."""
    if len(hits) < _FEWEST_HITS:
        return np.empty(0)
    n_frames = int(np.ceil(hits[-1].time * FRAMES_PER_SECOND)) + 1
    path = _walk(
        hit_activations(hits, n_frames),
        metre,
        beat_rate_range(metre, options.bpm),
        prefers_walking=options.bpm is None,
        checkpoint=context.checkpoint,
    )
    return path.beat_frames / FRAMES_PER_SECOND


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


def _finer(activations: _Floats, factor: int) -> _Floats:
    if factor == 1:
        return activations
    n_frames = activations.shape[0]
    wanted = np.arange(n_frames * factor) / factor
    return np.stack(
        [np.interp(wanted, np.arange(n_frames), column) for column in activations.T], axis=1
    ).astype(np.float32)


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


def _peaks(
    activations: _Floats, beat_frames: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Each beat moved to the peak of the activations beside it: seconds from frame 0, strength.

    The place of the peak is interpolated by a parabola through three frames.
    """
    strength = np.pad(activations.sum(axis=1).astype(np.float64), 1)
    reach = max(1, min(3, int(np.min(np.diff(beat_frames))) // 3))
    window = np.clip(beat_frames[:, None] + np.arange(-1, reach + 1), 0, len(activations) - 1)
    peaks = window[np.arange(beat_frames.size), strength[window + 1].argmax(axis=1)]
    left, centre, right = (strength[peaks + 1 + offset] for offset in (-1, 0, 1))
    bend = left - 2.0 * centre + right
    shift = np.divide(left - right, 2.0 * bend, out=np.zeros_like(bend), where=bend < 0)
    times = (peaks + np.clip(shift, -0.5, 0.5)) / FRAMES_PER_SECOND
    if np.any(np.diff(times) <= 0):
        times = beat_frames / FRAMES_PER_SECOND
    return times, centre


def _guessed_grid(hits: Sequence[Hit], options: BeatOptions, end_seconds: float) -> BeatGrid:
    """Nothing to go by: the user's tempo or the default one, a downbeat on the first hit."""
    metre = options.metre or COMMON_TIME
    bpm = options.bpm or DEFAULT_BPM
    return steady_grid(
        metre,
        bpm / float(metre.beat_length),
        first_beat=hits[0].time if hits else 0.0,
        end_seconds=end_seconds,
        reliable=False,
    )

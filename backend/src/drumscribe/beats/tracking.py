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

import dataclasses
import logging
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from drumscribe.beats.bar_changes import with_changes
from drumscribe.beats.by_hits import Bars, bars_by_hits
from drumscribe.beats.decoding import COMMON_TIME, beats_of_hits, decoded_bars
from drumscribe.beats.features import FRAMES_PER_SECOND, is_silent
from drumscribe.beats.grid_building import fitted_to_hits, grid_covering, steady_grid
from drumscribe.beats.listening import FEWEST_HITS, listen
from drumscribe.beats.networks import BeatNetworks
from drumscribe.beats.overrides import recounted
from drumscribe.beats.reliability import grid_is_reliable, read_grid_is_reliable
from drumscribe.beats.second_opinion import other_metre
from drumscribe.domain.audio import Audio
from drumscribe.domain.context import RunContext
from drumscribe.domain.drums import Hit
from drumscribe.domain.rhythm import BeatGrid
from drumscribe.domain.wishes import BeatWishes

DEFAULT_BPM = 120.0

_AUDIBLE_ACTIVATION = 0.1

_log = logging.getLogger(__name__)
_Floats = NDArray[np.float32]


def track_beats(
    mix: Audio | None,
    drums: Audio | None,
    hits: Sequence[Hit],
    *,
    networks: BeatNetworks | None,
    options: BeatWishes,
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
        shift_beats=options.shift_beats,
    )


def _found(
    mix: Audio | None,
    drums: Audio | None,
    hits: Sequence[Hit],
    networks: BeatNetworks | None,
    options: BeatWishes,
    context: RunContext,
) -> BeatGrid:
    """The grid before the user's factor and bar line; hits in the order of time."""
    last_hit = hits[-1].time if hits else 0.0
    end_seconds = max(mix.duration_seconds if mix is not None else 0.0, last_hit)
    if mix is not None and is_silent(mix):
        mix = None
    if mix is None and len(hits) < FEWEST_HITS:
        return _guessed_grid(hits, options, end_seconds)
    opinions = listen(mix, drums, hits, networks, end_seconds, context)
    context.checkpoint()
    heard = np.flatnonzero(opinions.sum(axis=1) >= _AUDIBLE_ACTIVATION)
    if heard.size == 0:
        return _guessed_grid(hits, options, end_seconds)
    first = int(heard[0])
    activations = opinions[first : int(heard[-1]) + 1]
    by_network = networks is not None and mix is not None
    seconds_before = first / FRAMES_PER_SECOND
    bars = None
    if not by_network and len(hits) >= FEWEST_HITS:
        bars = bars_by_hits(hits, activations, seconds_before, options, context)
    if bars is None:
        # On hits alone half and double tempo fit alike; a preference for walking tempi decides.
        metre, path = decoded_bars(
            activations, hits, first, options, prefers_walking=not by_network, context=context
        )
        if path.beat_frames.size < 2:
            return _guessed_grid(hits, options, end_seconds)
        times, strengths = _peaks(activations, path.beat_frames)
        bars = Bars(times + seconds_before, path.beat_numbers, metre)
        if by_network and options.metre is None and options.bpm is None:
            other = other_metre(hits, bars)
            if other is not None:
                bars = other
                strengths = _strengths(activations, bars.beat_times - seconds_before)
    else:
        strengths = _strengths(activations, bars.beat_times - seconds_before)
    metre = bars.metre
    beat_times = fitted_to_hits(bars.beat_times, hits)
    if bars.pulse_chance is not None and bars.score is not None:
        reliable = read_grid_is_reliable(
            beat_times, hits, pulse_chance=bars.pulse_chance, score=bars.score
        )
    else:
        reliable = grid_is_reliable(
            beat_times,
            strengths,
            hits,
            second_opinion=beats_of_hits(hits, metre, options, context) if by_network else None,
        )
    if reliable and options == BeatWishes():
        bars = with_changes(dataclasses.replace(bars, beat_times=beat_times), hits)
    context.progress(1.0)
    grid = grid_covering(
        beat_times, bars.beat_numbers, metre, end_seconds=end_seconds, reliable=reliable
    )
    _log.debug("beats: %s at %.1f beats per minute, reliable: %s", metre, grid.bpm, reliable)
    return grid


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


def _strengths(activations: _Floats, times: NDArray[np.float64]) -> NDArray[np.float64]:
    """The strongest activation beside each beat; times in seconds from frame 0."""
    strength = activations.sum(axis=1).astype(np.float64)
    frames = np.round(times * FRAMES_PER_SECOND).astype(np.int64)
    window = np.clip(frames[:, None] + np.arange(-2, 3), 0, strength.size - 1)
    return np.asarray(strength[window].max(axis=1))


def _guessed_grid(hits: Sequence[Hit], options: BeatWishes, end_seconds: float) -> BeatGrid:
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

"""What is heard: how probable a beat or a downbeat is at each moment of a recording."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from drumscribe.beats.sound.features import (
    FRAMES_PER_SECOND,
    attack_activations,
    feature_chunks,
    level_gain,
    n_feature_frames,
)
from drumscribe.beats.sound.networks import BeatNetworks
from drumscribe.beats.sound.pulse import smoothed, walk_beats
from drumscribe.beats.sound.tuning import SOUND
from drumscribe.domain.audio import Audio
from drumscribe.domain.context import RunContext

_Floats = NDArray[np.float32]


def listen(
    mix: Audio, drums: Audio | None, networks: BeatNetworks | None, context: RunContext
) -> _Floats:
    """Activations (frames, 2) at 50 frames per second: beats that are no downbeats, downbeats.

    Without networks, how suddenly the sound rises has to do.
    """
    if networks is None:
        return attack_activations(mix)
    heard = hear_beats(mix, drums, networks, context)
    weights = np.array([SOUND.mix_share, 1.0 - SOUND.mix_share], np.float32)[: heard.shape[0]]
    return np.asarray(np.tensordot(weights / weights.sum(), heard, axes=1), dtype=np.float32)


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


def pulse_of(
    activations: _Floats, beats_per_minute: tuple[float, float], context: RunContext
) -> NDArray[np.float64]:
    """The most probable steady, drifting beats in what is heard, in seconds; empty if inaudible."""
    heard = np.flatnonzero(activations.sum(axis=1) >= SOUND.audible)
    if heard.size == 0:
        return np.empty(0)
    first = int(heard[0])
    path = walk_beats(
        activations[first : int(heard[-1]) + 1],
        SOUND.checked_beats,
        beats_per_minute,
        preferred_rate=SOUND.usual_beats_per_minute,
        checkpoint=context.checkpoint,
    )
    if path.beat_frames.size < SOUND.checked_beats:
        return np.empty(0)
    return smoothed((path.beat_frames + first) / FRAMES_PER_SECOND)

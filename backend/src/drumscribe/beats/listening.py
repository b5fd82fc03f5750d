"""What is heard: how probable a beat or a downbeat is at each moment, from sound and hits."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from drumscribe.beats.features import (
    FRAMES_PER_SECOND,
    attack_activations,
    feature_chunks,
    level_gain,
    n_feature_frames,
)
from drumscribe.beats.hit_evidence import hit_activations
from drumscribe.beats.networks import BeatNetworks
from drumscribe.domain.audio import Audio
from drumscribe.domain.context import RunContext
from drumscribe.domain.drums import Hit

FEWEST_HITS = 4

# How much each listener's opinion counts.
_MIX_WEIGHT, _STEM_WEIGHT, _HITS_WEIGHT = 0.45, 0.20, 0.35

_Floats = NDArray[np.float32]


def listen(
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
    if mix is None or (networks is None and len(hits) >= FEWEST_HITS):
        return from_hits
    if networks is None:
        return _padded(attack_activations(mix), n_frames)
    heard = hear_beats(mix, drums, networks, context)
    weights = np.array([_MIX_WEIGHT] if drums is None else [_MIX_WEIGHT, _STEM_WEIGHT], np.float32)
    if len(hits) < FEWEST_HITS:
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

"""Hearing twice: a recording and the drums taken out of it, and what both say together."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from drumscribe.domain.drums import Activations, Listening
from drumscribe.hearing.toms.pitch import NOT_HEARD
from drumscribe.hearing.tuning import STROKES


def averaged(mix: Activations, stem: Activations) -> Activations:
    """What was heard in a mix and in its drum stem, as one: the mean of the logits.

    The mix keeps what separation wears away (cymbals), the stem what the band covers. The mean of
    logits is the geometric mean of the odds, so that one side's doubt weighs as much as the other
    side's certainty; velocities are averaged, a tom's pitch is the stem's where it has one.

    What the mix does not hear at all counts as hardly likely, no less: drums under a loud band
    leave nothing to hear. What the stem does not hear counts as it says.

    mix, stem: (frames, classes) of the same recording. The longer one's last frames are dropped.
    Raises ValueError if frame rates or classes differ.
    """
    if (mix.fps, mix.classes) != (stem.fps, stem.classes):
        raise ValueError("mix and stem were not heard by the same network")
    n = min(len(mix.onsets), len(stem.onsets))
    in_mix = _logits(np.maximum(mix.onsets[:n], np.float32(STROKES.silent_mix)))
    logits = (in_mix + _logits(stem.onsets[:n])) / 2
    return Activations(
        onsets=np.asarray(1 / (1 + np.exp(-logits)), dtype=np.float32),
        velocities=np.asarray((mix.velocities[:n] + stem.velocities[:n]) / 2, dtype=np.float32),
        fps=mix.fps,
        classes=mix.classes,
        tom_pitches=_pitches(mix, stem, n),
        listening=Listening.BOTH,
    )


def _logits(onsets: NDArray[np.float32]) -> NDArray[np.float32]:
    clipped = np.clip(onsets, STROKES.certain, 1 - STROKES.certain)
    return np.asarray(np.log(clipped / (1 - clipped)), dtype=np.float32)


def _pitches(mix: Activations, stem: Activations, n: int) -> NDArray[np.float32] | None:
    if mix.tom_pitches is None or stem.tom_pitches is None:
        found = stem.tom_pitches if mix.tom_pitches is None else mix.tom_pitches
        return None if found is None else found[:n]
    of_stem = stem.tom_pitches[:n]
    return np.where(of_stem != NOT_HEARD, of_stem, mix.tom_pitches[:n])

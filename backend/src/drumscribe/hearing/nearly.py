"""Strokes that were nearly heard: peaks of the activations that no threshold lets in."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from drumscribe.domain.drums import Activations, Articulation, Hit, Instrument
from drumscribe.hearing.peaks import find_peaks, peak_seconds
from drumscribe.hearing.picking import SIDE_STICK, PickingOptions
from drumscribe.hearing.tuning import NEARLY


def nearly_heard(
    activations: Activations, options: PickingOptions, hits: Sequence[Hit]
) -> list[Hit]:
    """Peaks of each instrument from `NEARLY.floor` on where it has no hit, sorted by time.

    hits: those that were picked. Confidences are those of the curve of certainty, which was not
    fitted so far down: whoever offers these to a reader judges them by their surroundings, too.
    """
    found: list[Hit] = []
    for instrument in Instrument:
        if instrument.value not in activations.classes:
            continue
        struck = np.array(sorted(hit.time for hit in hits if hit.instrument is instrument))
        plain = activations.onsets[:, activations.classes.index(instrument.value)]
        either, across = plain, np.zeros_like(plain)
        if instrument is Instrument.SNARE and SIDE_STICK in activations.classes:
            across = activations.onsets[:, activations.classes.index(SIDE_STICK)]
            either = np.maximum(plain, across)
        peaks = find_peaks(either, NEARLY.floor, NEARLY.refractory_seconds * activations.fps)
        times = peak_seconds(either, peaks, activations.fps)
        confidences = np.clip(options.confidence(either[peaks].astype(np.float64)), 0.0, 1.0)
        column = activations.classes.index(instrument.value)
        velocities = np.clip(activations.velocities[peaks, column].astype(np.float64), 0.0, 1.0)
        for peak, time, velocity, confidence in zip(
            peaks, times, velocities, confidences, strict=True
        ):
            if struck.size and float(np.abs(struck - time).min()) < NEARLY.apart_seconds:
                continue
            is_across = bool(across[peak] > plain[peak])
            found.append(
                Hit(
                    time=float(time),
                    instrument=instrument,
                    velocity=float(velocity),
                    confidence=float(confidence),
                    articulation=Articulation.CROSS_STICK if is_across else None,
                )
            )
    return sorted(found)

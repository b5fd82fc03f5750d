"""Cymbals: that one was struck, by all four columns together; which one, by the groove around it.

A network that hears something bright and cannot say whether it was a hat or a ride gives each a
little: 0.3 and 0.25 are a cymbal, though neither column would be believed alone. And what keeps
time is one instrument for a while: a stroke that is half a hat among rides is a ride.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from drumscribe.domain.drums import Activations, Hit, Instrument
from drumscribe.hearing.peaks import find_peaks, highest_near, peak_seconds
from drumscribe.hearing.tuning import CYMBAL, STROKES

CLOSED, OPEN = Instrument.HIHAT_CLOSED, Instrument.HIHAT_OPEN
CYMBALS: Final = (CLOSED, OPEN, Instrument.RIDE, Instrument.CRASH)
_TIMEKEEPERS: Final = (CLOSED, OPEN, Instrument.RIDE)


def cymbal_columns(classes: Sequence[str]) -> list[int]:
    """The columns of CYMBALS; empty where a network does not have all four."""
    names = [cymbal.value for cymbal in CYMBALS]
    return [classes.index(name) for name in names] if set(names) <= set(classes) else []


def heard_together(
    activations: Activations, heard: Sequence[Hit], thresholds: Mapping[Instrument, float]
) -> list[tuple[Hit, float]]:
    """Cymbals that no column is sure of but all together are, each with its own column's height.

    heard: the hits so far; where one of them is a cymbal, nothing is added.
    thresholds: per cymbal, the sum of the columns from which a stroke of that name is believed.
    The name is that of the highest column. Confidences are for the caller to set.
    """
    columns = cymbal_columns(activations.classes)
    if not columns:
        return []
    each = activations.onsets[:, columns]
    together = np.minimum(1.0, each.sum(axis=1))
    refractory = STROKES.same_stroke_seconds * activations.fps
    peaks = find_peaks(together, min(thresholds.values()), refractory)
    times = peak_seconds(together, peaks, activations.fps)
    known = np.array(sorted(hit.time for hit in heard if hit.instrument in CYMBALS))
    near = highest_near(each)
    found = []
    for frame, time in zip(peaks, times, strict=True):
        which = int(near[frame].argmax())
        name = CYMBALS[which]
        if together[frame] < thresholds[name] or _is_near(known, float(time)):
            continue
        velocity = float(np.clip(activations.velocities[frame, columns[which]], 0.0, 1.0))
        found.append((Hit(float(time), name, velocity), float(near[frame, which])))
    return found


def named_by_groove(
    hits: Sequence[Hit], activations: Activations, *, share: float, seconds: float
) -> list[Hit]:
    """Hits with hats and rides named by their neighbours too; everything else as it was.

    A stroke's evidence is how far the network prefers a ride to a hat, in -1..1. Its name follows
    from its own evidence, weighted 1 - share, and the mean of its neighbours', weighted by a
    Gaussian of `seconds` around it. Nothing is carried along from stroke to stroke, so a section
    on the ride and one on the hats keep each other's names apart, and neither name is preferred.
    Crashes are not judged and give no evidence, nor do cymbals that sound at once.
    """
    columns = cymbal_columns(activations.classes)
    places = _lone_timekeepers(hits)
    if not columns or share <= 0.0 or len(places) <= CYMBAL.fewest_neighbours:
        return list(hits)
    times = np.array([hits[place].time for place in places])
    last = len(activations.onsets) - 1
    frames = np.minimum(last, np.round(times * activations.fps).astype(int))
    said = highest_near(activations.onsets[:, columns])[frames].astype(np.float64)
    hat, ride = said[:, 0] + said[:, 1] + CYMBAL.floor, said[:, 2] + CYMBAL.floor
    # tanh of half the log ratio: what is sure counts as sure, not as infinitely sure.
    evidence = (ride - hat) / (ride + hat)
    named = list(hits)
    for place, judged, of_columns in zip(
        places, _judged(times, evidence, share=share, seconds=seconds), said, strict=True
    ):
        was_ride = hits[place].instrument is Instrument.RIDE
        if judged > 0.0 and not was_ride:
            named[place] = replace(hits[place], instrument=Instrument.RIDE)
        elif judged < 0.0 and was_ride:
            hat_name = CLOSED if of_columns[0] >= of_columns[1] else OPEN
            named[place] = replace(hits[place], instrument=hat_name)
    return sorted(named, key=lambda hit: (hit.time, hit.instrument.value))


def _judged(
    times: NDArray[np.float64], evidence: NDArray[np.float64], *, share: float, seconds: float
) -> NDArray[np.float64]:
    """Own evidence and that of the neighbours; 0 where there are none to ask."""
    first = np.searchsorted(times, times - CYMBAL.widths_heard * seconds)
    stop = np.searchsorted(times, times + CYMBAL.widths_heard * seconds, side="right")
    judged = np.zeros_like(evidence)
    for i, time in enumerate(times):
        part = slice(first[i], stop[i])
        weights = np.exp(-0.5 * ((times[part] - time) / seconds) ** 2)
        weights[i - first[i]] = 0.0
        total = float(weights.sum())
        if total >= CYMBAL.fewest_neighbours:
            around = float(weights @ evidence[part]) / total
            judged[i] = (1.0 - share) * evidence[i] + share * around
    return judged


def _lone_timekeepers(hits: Sequence[Hit]) -> list[int]:
    """Places of hats and rides that sound without another cymbal; hits are sorted by time."""
    cymbals = [place for place, hit in enumerate(hits) if hit.instrument in CYMBALS]
    times = np.array([hits[place].time for place in cymbals])
    gaps = np.concatenate([[np.inf], np.diff(times), [np.inf]]) if cymbals else np.empty(0)
    alone = np.minimum(gaps[:-1], gaps[1:]) >= STROKES.same_stroke_seconds
    return [
        place
        for place, is_alone in zip(cymbals, alone, strict=True)
        if is_alone and hits[place].instrument in _TIMEKEEPERS
    ]


def _is_near(times: NDArray[np.float64], time: float) -> bool:
    at = int(np.searchsorted(times, time))
    return any(
        abs(float(near) - time) < STROKES.same_stroke_seconds
        for near in times[max(0, at - 1) : at + 1]
    )

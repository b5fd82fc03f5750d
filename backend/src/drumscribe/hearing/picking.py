"""From activations to hits: peaks, times between frames, thresholds, confidence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Final

import numpy as np
from numpy.typing import NDArray

from drumscribe.domain.drums import TOMS, Activations, Articulation, Hit, Instrument
from drumscribe.hearing.cymbals import CYMBALS, heard_together, named_by_groove
from drumscribe.hearing.peaks import find_peaks, highest_near, peak_seconds
from drumscribe.hearing.toms.naming import named_toms
from drumscribe.hearing.tuning import STROKES

SIDE_STICK = "sidestick"
NO_EXCEPTIONS: Final[Mapping[Instrument, float]] = MappingProxyType({})
# Columns that are ways of playing one and the same drum: only one at a time.
_DRUM_OF = {
    Instrument.SNARE.value: "snare",
    SIDE_STICK: "snare",
    Instrument.HIHAT_CLOSED.value: "hihat",
    Instrument.HIHAT_OPEN.value: "hihat",
}
_TOMS = (Instrument.TOM_HIGH.value, Instrument.TOM_MID.value, Instrument.TOM_LOW.value)


@dataclass(frozen=True, slots=True)
class PickingOptions:
    """Numbers that belong to a set of weights; stored in its manifest.

    thresholds: activation from which a peak is a hit, per class.
    refractory_seconds: the least time between two hits of a class.
    calibration_slope, calibration_intercept: confidence = sigmoid(slope * logit(activation) +
    intercept), fitted on held-out renders (Platt 1999) so that a confidence of 0.8 means that
    about 8 of 10 such hits are real.
    cymbal_threshold: the sum of the four cymbal columns from which a cymbal is heard, where none
    of them is sure by itself.
    tom_with_kick_threshold: what a tom's own column must say where a kick sounds too, which
    resembles a tom to all three.
    groove_share, groove_seconds: how much the neighbours count for a hat's or ride's name, and how
    far away they may be (see cymbals.named_by_groove).
    """

    thresholds: dict[str, float]
    refractory_seconds: dict[str, float] = field(default_factory=dict)
    calibration_slope: float = 1.0
    calibration_intercept: float = 0.0
    # These hold for weights whose manifest is older than the rules; lab/LOG.md has their
    # figures for each set.
    cymbal_threshold: float = 0.5
    tom_with_kick_threshold: float = 0.6
    groove_share: float = 0.4
    groove_seconds: float = 2.0

    def at_sensitivity(
        self, sensitivity: float, by_instrument: Mapping[Instrument, float] = NO_EXCEPTIONS
    ) -> PickingOptions:
        """Thresholds moved on the logit scale; 0.5 leaves them as they are, 1 hears most.

        by_instrument: the sensitivity of single instruments; the others take `sensitivity`. That
        of the snare holds for the cross-stick too.
        Raises ValueError outside 0..1.
        """
        if not all(0.0 <= value <= 1.0 for value in (sensitivity, *by_instrument.values())):
            raise ValueError(f"sensitivity must lie in 0..1, got {sensitivity}, {by_instrument}")
        moved = {}
        for name, threshold in self.thresholds.items():
            drum = Instrument.SNARE if name == SIDE_STICK else Instrument(name)
            moved[name] = moved_by(by_instrument.get(drum, sensitivity), threshold)
        return replace(self, thresholds=moved)

    def confidence(self, activation: NDArray[np.float64]) -> NDArray[np.float64]:
        """The calibrated probability that a peak of this height is a real stroke."""
        scaled = self.calibration_slope * _logit(activation) + self.calibration_intercept
        return np.asarray(_sigmoid(scaled))


def moved_by(sensitivity: float, threshold: float) -> float:
    """A threshold moved on the logit scale; 0.5 leaves it as it is."""
    shift = STROKES.sensitivity_logits * (0.5 - sensitivity)
    return float(_sigmoid(_logit(np.float64(threshold)) + shift))


def _logit(p: NDArray[np.float64] | np.float64) -> NDArray[np.float64]:
    p = np.clip(p, 1e-6, 1 - 1e-6)
    return np.asarray(np.log(p / (1 - p)))


def _sigmoid(x: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(1 / (1 + np.exp(-x)))


def _with_decided_toms(activations: Activations) -> Activations:
    """Activations in which the likeliest tom of the moment speaks for all three.

    That a stroke was on a tom is often sure where it is not on which one: 0.4, 0.3 and 0.2 are a
    tom. Three independent thresholds would hear none.
    """
    columns = [activations.classes.index(name) for name in _TOMS if name in activations.classes]
    if not columns:
        return activations
    onsets = activations.onsets.copy()
    toms = activations.onsets[:, columns]
    frames = np.arange(len(toms))
    likeliest = np.asarray(columns)[highest_near(toms).argmax(axis=1)]
    onsets[frames, likeliest] = np.minimum(1.0, toms.sum(axis=1))
    return replace(activations, onsets=onsets)


def _column_hits(
    activations: Activations, decided: Activations, name: str, options: PickingOptions
) -> list[tuple[Hit, float]]:
    column = activations.classes.index(name)
    onsets = decided.onsets[:, column]
    refractory = options.refractory_seconds.get(name, STROKES.refractory_seconds)
    peaks = find_peaks(onsets, options.thresholds[name], refractory * activations.fps)
    times = peak_seconds(onsets, peaks, activations.fps)
    # How sure it is that it was this very drum: the column's own answer.
    heights = activations.onsets[peaks, column].astype(np.float64)
    confidences = np.clip(options.confidence(heights), 0.0, 1.0)
    velocities = np.clip(activations.velocities[peaks, column].astype(np.float64), 0.0, 1.0)
    cross_stick = name == SIDE_STICK
    return [
        (
            Hit(
                time=float(time),
                instrument=Instrument.SNARE if cross_stick else Instrument(name),
                velocity=float(velocity),
                confidence=float(confidence),
                articulation=Articulation.CROSS_STICK if cross_stick else None,
            ),
            float(height),
        )
        for time, velocity, confidence, height in zip(
            times, velocities, confidences, heights, strict=True
        )
    ]


def _one_at_a_time(found: list[tuple[Hit, float]]) -> list[Hit]:
    """Where two ways of playing one drum answer to the same stroke, the surer one stays."""
    kept: list[tuple[Hit, float]] = []
    for hit, height in sorted(found, key=lambda pair: pair[0].time):
        if kept:
            last, last_height = kept[-1]
            other_way = (last.instrument, last.articulation) != (hit.instrument, hit.articulation)
            if other_way and hit.time - last.time < STROKES.same_stroke_seconds:
                if height > last_height:
                    kept[-1] = (hit, height)
                continue
        kept.append((hit, height))
    return [hit for hit, _ in kept]


def _without_kicks_as_toms(
    hits: list[Hit], activations: Activations, sure: Mapping[Instrument, float]
) -> list[Hit]:
    """Hits without the toms that are nothing but the kick that sounds with them.

    A kick with some ring makes all three tom columns doubtful, and their sum speaks for a tom.
    sure: per tom, what one of the columns must say by itself at such a place.
    """
    columns = [activations.classes.index(name) for name in _TOMS if name in activations.classes]
    kicks = np.array(sorted(hit.time for hit in hits if hit.instrument is Instrument.KICK))
    if not columns or not kicks.size:
        return hits
    near = highest_near(activations.onsets[:, columns]).max(axis=1)
    last = len(near) - 1

    def is_struck(hit: Hit) -> bool:
        if hit.instrument not in TOMS:
            return True
        if float(np.abs(kicks - hit.time).min()) > STROKES.same_stroke_seconds:
            return True
        frame = min(last, round(hit.time * activations.fps))
        return float(near[frame]) >= sure[hit.instrument]

    return [hit for hit in hits if is_struck(hit)]


def pick(
    activations: Activations,
    options: PickingOptions,
    *,
    sensitivity: float = 0.5,
    sensitivity_by_instrument: Mapping[Instrument, float] = NO_EXCEPTIONS,
) -> list[Hit]:
    """The hits that the activations speak of, sorted by time and instrument.

    sensitivity: 0..1; 0.5 uses the released thresholds, higher hears more.
    sensitivity_by_instrument: the same for single instruments, in the place of `sensitivity`.
    Every class is picked on its own, so strokes may coincide, but for a drum's two ways of being
    played: snare or cross-stick, closed or open hat. The toms are heard together, then told
    apart, and named by their pitch over the whole recording where the activations come with
    pitches. Where no cymbal is sure but all together are, the likeliest is heard; hats and rides
    are named with the groove around them. Times lie between frames.
    Raises ValueError if sensitivity is outside 0..1.
    """
    moved = options.at_sensitivity(sensitivity, sensitivity_by_instrument)
    decided = _with_decided_toms(activations)
    hits: list[Hit] = []
    ways: dict[str, list[tuple[Hit, float]]] = {}
    for name in activations.classes:
        found = _column_hits(activations, decided, name, moved)
        if name in _DRUM_OF:
            ways.setdefault(_DRUM_OF[name], []).extend(found)
        else:
            hits += [hit for hit, _ in found]
    for of_one_drum in ways.values():
        hits += _one_at_a_time(of_one_drum)

    def moved_for(instruments: Iterable[Instrument], threshold: float) -> dict[Instrument, float]:
        wanted = {one: sensitivity_by_instrument.get(one, sensitivity) for one in instruments}
        return {one: moved_by(value, threshold) for one, value in wanted.items()}

    sure = moved_for(TOMS, options.tom_with_kick_threshold)
    hits = _without_kicks_as_toms(hits, activations, sure)
    believed = moved_for(CYMBALS, options.cymbal_threshold)
    together = heard_together(activations, hits, believed)
    heights = np.array([height for _, height in together])
    hits += [
        replace(hit, confidence=float(confidence))
        for (hit, _), confidence in zip(together, options.confidence(heights), strict=True)
    ]
    hits = named_by_groove(
        sorted(hits, key=lambda hit: (hit.time, hit.instrument.value)),
        activations,
        share=options.groove_share,
        seconds=options.groove_seconds,
    )
    return named_toms(hits, activations)

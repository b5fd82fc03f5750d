"""From activations to hits: peaks, times between frames, thresholds, confidence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Final

import numpy as np
from numpy.typing import NDArray

from drumscribe.domain.drums import Activations, Articulation, Hit, Instrument
from drumscribe.hearing.tom_naming import named_toms

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
_PEAK_RADIUS_FRAMES = 2
_SENSITIVITY_LOGITS = 6.0
_SAME_STROKE_SECONDS = 0.03
_DEFAULT_REFRACTORY_SECONDS = 0.03


@dataclass(frozen=True, slots=True)
class PickingOptions:
    """Numbers that belong to a set of weights; stored in its manifest.

    thresholds: activation from which a peak is a hit, per class.
    refractory_seconds: the least time between two hits of a class.
    calibration_slope, calibration_intercept: confidence = sigmoid(slope * logit(activation) +
    intercept), fitted on held-out renders (Platt 1999) so that a confidence of 0.8 means that
    about 8 of 10 such hits are real.
    """

    thresholds: dict[str, float]
    refractory_seconds: dict[str, float] = field(default_factory=dict)
    calibration_slope: float = 1.0
    calibration_intercept: float = 0.0

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
        exceptions = {instrument.value: value for instrument, value in by_instrument.items()}
        moved = {}
        for name, threshold in self.thresholds.items():
            drum = Instrument.SNARE.value if name == SIDE_STICK else name
            shift = _SENSITIVITY_LOGITS * (0.5 - exceptions.get(drum, sensitivity))
            moved[name] = float(_sigmoid(_logit(np.float64(threshold)) + shift))
        return replace(self, thresholds=moved)

    def confidence(self, activation: NDArray[np.float64]) -> NDArray[np.float64]:
        """The calibrated probability that a peak of this height is a real stroke."""
        scaled = self.calibration_slope * _logit(activation) + self.calibration_intercept
        return np.asarray(_sigmoid(scaled))


def _logit(p: NDArray[np.float64] | np.float64) -> NDArray[np.float64]:
    p = np.clip(p, 1e-6, 1 - 1e-6)
    return np.asarray(np.log(p / (1 - p)))


def _sigmoid(x: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(1 / (1 + np.exp(-x)))


def find_peaks(
    activation: NDArray[np.float32], threshold: float, refractory_frames: float
) -> NDArray[np.int64]:
    """Frames of a column that are the largest within two frames and at least the threshold.

    Of peaks closer than refractory_frames the higher one stays.
    """
    n = len(activation)
    padded = np.pad(activation, _PEAK_RADIUS_FRAMES, constant_values=-1.0)
    is_peak = activation >= threshold
    for shift in range(1, _PEAK_RADIUS_FRAMES + 1):
        before = padded[_PEAK_RADIUS_FRAMES - shift :][:n]
        after = padded[_PEAK_RADIUS_FRAMES + shift :][:n]
        # Strict on one side: of a plateau the first frame counts.
        is_peak &= (activation > before) & (activation >= after)
    kept: list[int] = []
    for frame in np.flatnonzero(is_peak):
        if kept and frame - kept[-1] < refractory_frames:
            if activation[frame] > activation[kept[-1]]:
                kept[-1] = int(frame)
            continue
        kept.append(int(frame))
    return np.array(kept, dtype=np.int64)


def _between_frames(
    activation: NDArray[np.float32], peaks: NDArray[np.int64]
) -> NDArray[np.float64]:
    """The vertex of the parabola through each peak and its neighbours, in frames."""
    padded = np.pad(activation.astype(np.float64), 1, mode="edge")
    left, centre, right = padded[peaks], padded[peaks + 1], padded[peaks + 2]
    curvature = left - 2 * centre + right
    offset = np.where(curvature < 0, 0.5 * (left - right) / np.minimum(curvature, -1e-9), 0.0)
    return np.asarray(peaks + np.clip(offset, -0.5, 0.5))


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
    # Decided over the width of a peak, so that its two flanks agree.
    padded = np.pad(toms, ((_PEAK_RADIUS_FRAMES, _PEAK_RADIUS_FRAMES), (0, 0)))
    width = 2 * _PEAK_RADIUS_FRAMES + 1
    around = np.lib.stride_tricks.sliding_window_view(padded, width, axis=0).max(axis=-1)
    frames = np.arange(len(toms))
    likeliest = np.asarray(columns)[around.argmax(axis=1)]
    onsets[frames, likeliest] = np.minimum(1.0, toms.sum(axis=1))
    return replace(activations, onsets=onsets)


def _column_hits(
    activations: Activations, decided: Activations, name: str, options: PickingOptions
) -> list[tuple[Hit, float]]:
    column = activations.classes.index(name)
    onsets = decided.onsets[:, column]
    refractory = options.refractory_seconds.get(name, _DEFAULT_REFRACTORY_SECONDS)
    peaks = find_peaks(onsets, options.thresholds[name], refractory * activations.fps)
    times = np.maximum(0.0, _between_frames(onsets, peaks) / activations.fps)
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
            if other_way and hit.time - last.time < _SAME_STROKE_SECONDS:
                if height > last_height:
                    kept[-1] = (hit, height)
                continue
        kept.append((hit, height))
    return [hit for hit, _ in kept]


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
    pitches. Times lie between frames.
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
    return named_toms(sorted(hits, key=lambda hit: (hit.time, hit.instrument.value)), activations)

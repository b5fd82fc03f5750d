"""Fits how sure hits are said to be, for each way of listening, on music that nobody rendered.

    python -m lab.measure.calibration --manifest FILE.json --out runs/v5/calibration.json \\
        --cells runs/cells.npz --free FOLDER --annotated FOLDER --loud FOLDER --separated FOLDER

A hit's confidence is sigmoid(slope * logit(activation) + intercept). Renders are harder than
records (`lab.measure.validation`), so a curve that is fitted on them may doubt what is right in
real music. Material: `lab/measure/heard.py`; every set has the same say.

The free pieces and the annotated recordings are of two origins. For each set is printed how far
confidence is from truth with the curve as it was, and with the one that the *other* origin gives:
expected calibration error, mean squared error (Brier 1950), mean confidence. A new curve is taken
only where the squared error of both origins falls by it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from drumscribe.domain.comparing.matching import match
from drumscribe.domain.drums import Listening
from drumscribe.hearing.manifest import DetectorManifest
from drumscribe.hearing.picking import PickingOptions, pick
from lab.measure.heard import Heard, Recording, fit_on_material
from lab.measure.validation import calibration_error, logit

_TOLERANCE_SECONDS = 0.05
# Sets by way of listening, in two origins each.
SETS = {
    Listening.MIX: (("free",), ("loud", "dry")),
    Listening.STEM: (("free separated",), ("loud separated", "stems")),
    Listening.BOTH: (("free both",), ("loud both", "dry both")),
}


class Curve(NamedTuple):
    """confidence = sigmoid(slope * logit(activation) + intercept)."""

    slope: float
    intercept: float


class Verdicts(NamedTuple):
    """The hits of a set: their heights on the logit scale, and whether each was played."""

    heights: NDArray[np.float64]
    real: NDArray[np.bool_]


def verdicts(recordings: list[Recording], options: PickingOptions) -> Verdicts:
    """What is picked in a set, by the rules of the product, against the truth."""
    plain = replace(options, calibration_slope=1.0, calibration_intercept=0.0)
    heights: list[float] = []
    real: list[bool] = []
    for one in recordings:
        hits = pick(one.said, plain)
        for name in sorted({hit.instrument.value for hit in hits}):
            mine = [hit for hit in hits if hit.instrument.value == name]
            true = sorted(time for time, of in one.true if of == name)
            pairs = match(true, [hit.time for hit in mine], _TOLERANCE_SECONDS)
            found = {estimate for _, estimate in pairs}
            heights += [hit.confidence for hit in mine]
            real += [i in found for i in range(len(mine))]
    return Verdicts(logit(np.array(heights)), np.array(real))


def confidences(curve: Curve, heights: NDArray[np.float64]) -> NDArray[np.float64]:
    """What a curve says of hits."""
    return np.asarray(1 / (1 + np.exp(-(curve.slope * heights + curve.intercept))))


def squared_error(curve: Curve, of: Verdicts) -> float:
    """Brier's score: the mean square of confidence less truth."""
    return float(np.mean(np.square(confidences(curve, of.heights) - of.real)))


def fitted(sets: list[Verdicts]) -> Curve:
    """The likeliest curve where each set has the same say."""

    def loss(parameters: NDArray[np.float64]) -> float:
        total = 0.0
        for heights, real in sets:
            z = parameters[0] * heights + parameters[1]
            total += float(np.mean(np.logaddexp(0, z) - real * z))
        return total

    slope, intercept = minimize(loss, np.array([1.0, 0.0])).x
    return Curve(round(float(slope), 4), round(float(intercept), 4))


def chosen(before: Curve, origins: list[list[Verdicts]]) -> Curve:
    """The curve of all sets if each origin is better off with what the others give than before."""
    for i, own in enumerate(origins):
        others = [one for j, origin in enumerate(origins) if j != i for one in origin]
        foreign = fitted(others)
        was, now = (sum(squared_error(curve, one) for one in own) for curve in (before, foreign))
        if now >= was:
            return before
    return fitted([one for origin in origins for one in origin])


def curves(rules: DetectorManifest, heard: Heard) -> dict[str, dict[str, float]]:
    """The curve of each way of listening that has material of both origins, printed on the way."""
    content: dict[str, dict[str, float]] = {}
    for way, names in SETS.items():
        options = rules.picking_for(way)
        before = Curve(options.calibration_slope, options.calibration_intercept)
        judged = [
            {name: verdicts(heard.sets[name], options) for name in of if heard.sets.get(name)}
            for of in names
        ]
        if not all(judged):
            continue
        curve = chosen(before, [list(of.values()) for of in judged])
        content[way.value] = curve._asdict()
        print(f"{way.value}: {before} -> {curve}")
        for own, others in zip(judged, reversed(judged), strict=True):
            foreign = fitted(list(others.values()))
            for name, of in own.items():
                errors = "; ".join(
                    f"{calibration_error(confidences(c, of.heights), of.real):.3f}, "
                    f"{squared_error(c, of):.4f}, mean {confidences(c, of.heights).mean():.3f}"
                    for c in (before, foreign)
                )
                print(f"  {name}: {len(of.real)} hits, {of.real.mean():.3f} right; {errors}")
    return content


if __name__ == "__main__":
    fit_on_material(__doc__, curves)

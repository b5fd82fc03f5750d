"""Measures weights on held-out renders, and calibrates their confidence.

    python -m lab.measure.validation --manifest FILE.json [--calibration OUT.json]

Two sets of 400 excerpts of 5 s from seed 1 with drummers, kit families and backings that training
never sees. Strokes that drown in the mix count on neither side.

fixed: drums -6 to +12 dB against the band, strokes down to 12 dB below the mix (the measure of a
    release).
hard: mixed as in training (-9 to +30 dB, a tenth without drums), strokes down to 18 dB below it.

Also counted: phantom strokes per minute on held-out backings without drums.
"""

from __future__ import annotations

import argparse
import itertools
import json
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from drumscribe.domain.audio import Audio
from drumscribe.domain.comparing.matching import match
from drumscribe.domain.drums import Activations, Hit
from drumscribe.hearing.detection import Detector, detect, load_detector
from drumscribe.hearing.picking import PickingOptions, pick
from drumscribe.hearing.recurrence import remembered
from drumscribe.pipeline.context import LocalContext
from lab.network.dataset import Example, examples
from lab.render import cache as cached
from lab.render.labels import Label
from lab.render.recipe import MEASURED, Levels

_TOLERANCE_SECONDS = 0.05
INAUDIBLE_DB = {"fixed": -12.0, "hard": -18.0}
RECIPES = {
    "fixed": MEASURED._replace(
        levels=Levels(usual_db=(-6.0, 12.0), ahead_share=0.0, drumless_share=0.0)
    ),
    "hard": MEASURED,
}
_GHOST_VELOCITY = 40
_AUDIBILITY_DB = (-18, -12, -9, -6, -3, 0, 99)
_FLOOR = 0.2


class Verdict(NamedTuple):
    """A stroke that was found: what it is, whether it was played, and how sure the network was."""

    name: str
    real: bool
    activation: float
    velocity: float
    true_velocity: float


class Played(NamedTuple):
    """A stroke that was played: class, velocity 1..127, dB above its surroundings, was it found."""

    name: str
    velocity: float
    audibility_db: float
    found: bool


class Tally(NamedTuple):
    """Found strokes with their verdicts, and played strokes."""

    found: list[Verdict]
    played: list[Played]


def run(detector: Detector, example: Example) -> Activations:
    """What the shipped stages say to an excerpt's features."""
    local, pooled = detector.run_stage("front", spectrogram=example.features.astype(np.float32))
    context = remembered(detector.run_stage, pooled, units=detector.manifest.units)
    onsets, velocities = detector.run_stage("heads", local=local, context=context)
    return Activations(onsets, velocities, detector.manifest.fps, detector.manifest.classes)


def _name(label: Label) -> str:
    return "snare" if label.name == "sidestick" else label.name


def judge(
    hits: list[Hit],
    heights: list[float],
    labels: list[Label],
    inaudible_db: float = INAUDIBLE_DB["hard"],
) -> Tally:
    """Matches strokes of one excerpt; what coincides with a drowned stroke is left out."""
    tally = Tally([], [])
    for name in {h.instrument.value for h in hits} | {_name(label) for label in labels}:
        mine = [(h, a) for h, a in zip(hits, heights, strict=True) if h.instrument.value == name]
        clear = sorted(
            (x for x in labels if _name(x) == name and x.audibility_db >= inaudible_db),
            key=lambda label: label.time,
        )
        drowned = [x for x in labels if _name(x) == name and x.audibility_db < inaudible_db]
        pairs = match([x.time for x in clear], [h.time for h, _ in mine], _TOLERANCE_SECONDS)
        partner = {found: true for true, found in pairs}
        for i, (hit, height) in enumerate(mine):
            if i in partner:
                velocity = clear[partner[i]].velocity / 127
                tally.found.append(Verdict(name, True, height, hit.velocity, velocity))
            elif not any(abs(x.time - hit.time) <= _TOLERANCE_SECONDS for x in drowned):
                tally.found.append(Verdict(name, False, height, hit.velocity, 0.0))
        matched = {true for true, _ in pairs}
        tally.played.extend(
            Played(name, x.velocity, x.audibility_db, i in matched) for i, x in enumerate(clear)
        )
    return tally


def tally(
    detector: Detector, held_out: list[Example], options: PickingOptions, inaudible_db: float
) -> Tally:
    """All excerpts judged, picked with the given options; heights are recovered from confidence."""
    plain = PickingOptions(options.thresholds, options.refractory_seconds)
    total = Tally([], [])
    for example in held_out:
        hits = pick(run(detector, example), plain)
        one = judge(hits, [hit.confidence for hit in hits], example.labels, inaudible_db)
        total.found.extend(one.found)
        total.played.extend(one.played)
    return total


def logit(p: NDArray[np.float64]) -> NDArray[np.float64]:
    p = np.clip(p, 1e-6, 1 - 1e-6)
    return np.log(p / (1 - p))


def fit_calibration(found: list[Verdict]) -> dict[str, float]:
    """Slope and intercept of P(real) = sigmoid(slope * logit(activation) + intercept)."""
    x = logit(np.array([v.activation for v in found]))
    real = np.array([v.real for v in found], dtype=float)

    def loss(parameters: NDArray[np.float64]) -> float:
        z = parameters[0] * x + parameters[1]
        return float(np.mean(np.logaddexp(0, z) - real * z))

    slope, intercept = minimize(loss, np.array([1.0, 0.0])).x
    return {"slope": round(float(slope), 4), "intercept": round(float(intercept), 4)}


def calibration_error(confidence: NDArray[np.float64], real: NDArray[np.bool_]) -> float:
    """Expected calibration error over ten bins (Guo et al. 2017)."""
    bins = np.minimum(9, (confidence * 10).astype(int))
    return float(
        sum(
            abs(confidence[bins == b].mean() - real[bins == b].mean()) * np.mean(bins == b)
            for b in range(10)
            if np.any(bins == b)
        )
    )


def report(total: Tally, options: PickingOptions) -> dict[str, object]:
    """F per class and pooled, velocity, ghosts, recall of what hardly stands out, calibration."""
    names = sorted({stroke.name for stroke in total.played})
    each: dict[str, float] = {}
    for name in [*names, "all"]:
        found = [v for v in total.found if name in ("all", v.name)]
        n_played = sum(name in ("all", stroke.name) for stroke in total.played)
        each[name] = 2 * sum(v.real for v in found) / max(1, len(found) + n_played)
    real = [v for v in total.found if v.real]
    said, true = np.array([(v.velocity, v.true_velocity) for v in real]).T
    ghosts = [p.found for p in total.played if p.name == "snare" and p.velocity < _GHOST_VELOCITY]
    by_audibility = {
        f"{low} to {high} dB": [p.found for p in total.played if low <= p.audibility_db < high]
        for low, high in itertools.pairwise(_AUDIBILITY_DB)
    }
    confidence = options.confidence(np.array([v.activation for v in total.found]))
    return {
        **{name: round(f, 3) for name, f in each.items()},
        "macro": round(float(np.mean([each[name] for name in names])), 3),
        "velocity correlation": round(float(np.corrcoef(said, true)[0, 1]), 3),
        "velocity error": round(float(np.mean(np.abs(said - true))), 3),
        "ghost recall": round(float(np.mean(ghosts)), 3),
        "recall by audibility": {
            band: round(float(np.mean(found)), 3) for band, found in by_audibility.items() if found
        },
        "calibration error": round(
            calibration_error(confidence, np.array([v.real for v in total.found])), 3
        ),
    }


def phantoms_per_minute(detector: Detector, cache: cached.Cache, n: int) -> dict[str, float]:
    """Strokes heard per minute in held-out backings without drums."""
    total, minutes = {"all": 0.0}, 0.0
    backings = cache.backings[:n] + cache.layers[:: max(1, len(cache.layers) // 4)]
    with LocalContext() as context:
        for backing in backings:
            audio = Audio(cache.sum_of(backing)[None], cached.SAMPLE_RATE)
            minutes += audio.duration_seconds / 60
            for hit in pick(detect(audio, detector, context), detector.picking):
                total["all"] += 1
                total[hit.instrument.value] = total.get(hit.instrument.value, 0) + 1
    return {name: round(count / minutes, 2) for name, count in total.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--manifest", type=Path, help="default: the shipped weights")
    parser.add_argument("--cache", type=Path, default=Path("runs/cache"))
    parser.add_argument("--excerpts", type=int, default=400)
    parser.add_argument("--set", choices=("fixed", "hard"), default="fixed")
    parser.add_argument("--calibration", type=Path, help="write slope and intercept here")
    args = parser.parse_args()
    detector = load_detector(args.manifest)
    cache = cached.load(args.cache, "val")
    inaudible_db = INAUDIBLE_DB[args.set]
    stream = examples(cache, 1, 5.0, detector.manifest.features, RECIPES[args.set])
    held_out = list(itertools.islice(stream, args.excerpts))
    if args.calibration:
        # Every other excerpt, so that the rest says how good the calibration is.
        low = PickingOptions(
            dict.fromkeys(detector.manifest.classes, _FLOOR), detector.picking.refractory_seconds
        )
        fitted = fit_calibration(tally(detector, held_out[::2], low, inaudible_db).found)
        args.calibration.write_text(json.dumps({"mix": fitted}) + "\n")
        print("calibration", json.dumps(fitted))
    options = detector.picking
    print(json.dumps(report(tally(detector, held_out[1::2], options, inaudible_db), options)))
    print("phantoms per minute", json.dumps(phantoms_per_minute(detector, cache, 20)))


if __name__ == "__main__":
    main()

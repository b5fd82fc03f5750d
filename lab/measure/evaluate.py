"""Scores weights on recordings with annotations, through the product's own detect and pick.

    python -m lab.measure.evaluate --manifest FILE.json --audio FOLDER --reference FOLDER

The reference folder has text files "seconds label" in MDB Drums' subclass labels. Recordings are
for evaluation only: nothing here is ever trained on.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
import soundfile

from drumscribe.domain.audio import Audio
from drumscribe.evaluation.hit_files import read_strokes
from drumscribe.evaluation.strokes import SideStick, as_strokes
from drumscribe.hearing.detection import Detector, detect, load_detector
from drumscribe.hearing.picking import PickingOptions, pick
from drumscribe.pipeline.context import LocalContext
from lab.measure.onsets import FIVE, Strokes, counts


def read_audio(path: Path, rate: int = 44100) -> Audio:
    samples, found_rate = soundfile.read(path, dtype="float32", always_2d=True)
    return Audio(np.ascontiguousarray(samples.T), found_rate).resampled(rate)


def read_reference(path: Path) -> Strokes:
    """Drum strokes; cross-sticks are snares."""
    strokes = as_strokes(read_strokes(path), SideStick.SNARE)
    return [(stroke.time, stroke.name) for stroke in strokes]


def table(
    pairs: list[tuple[Strokes, Strokes]], tolerance: float = 0.05
) -> dict[str, dict[str, float]]:
    """F per class and pooled over (true, found) pairs, in nine and in five classes."""

    def pooled(five: bool) -> dict[str, float]:
        total: dict[str, np.ndarray] = {}
        for true, found in pairs:
            name_of = FIVE if five else {name: name for name in FIVE}
            a = [(time, name_of[name]) for time, name in true]
            b = [(time, name_of[name]) for time, name in found]
            for name, count in counts(a, b, tolerance).items():
                total[name] = total.get(name, np.zeros(3)) + count
        total["all"] = np.sum(list(total.values()), axis=0)
        return {n: round(float(2 * m / max(1, a + b)), 3) for n, (m, a, b) in total.items()}

    return {"five": pooled(True), "nine": pooled(False)}


def heard(
    detector: Detector, paths: list[Path], reference: Path, options: PickingOptions
) -> list[tuple[Strokes, Strokes]]:
    pairs = []
    with LocalContext() as context:
        for path in paths:
            activations = detect(read_audio(path), detector, context)
            hits = pick(activations, options)
            true = read_reference(reference / f"{path.stem}.txt")
            pairs.append((true, [(h.time, h.instrument.value) for h in hits]))
    return pairs


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--manifest", type=Path, help="default: the shipped weights")
    parser.add_argument("--audio", type=Path, required=True, action="append")
    parser.add_argument("--reference", type=Path, required=True)
    parser.add_argument("--threshold", type=float, help="one for all classes, to try")
    parser.add_argument("--threads", type=int, default=1)
    args = parser.parse_args()
    detector = load_detector(args.manifest, threads=args.threads)
    options = detector.manifest.picking
    if args.threshold:
        options = PickingOptions(
            dict.fromkeys(options.thresholds, args.threshold),
            options.refractory_seconds,
        )
    for folder in args.audio:
        pairs = heard(detector, sorted(folder.glob("*.flac")), args.reference, options)
        print(folder.name, json.dumps(table(pairs)))
        print(folder.name, "at 25 ms", json.dumps(table(pairs, 0.025)["five"]["all"]))


if __name__ == "__main__":
    main()

"""Chooses the threshold of each class, by one rule for all.

    python -m training.thresholds --manifest FILE.json --audio MIXES --audio STEMS \\
        --reference FOLDER --out runs/v2/thresholds.json

Sets: every other excerpt of the fixed renders (the half that calibration also learns from; the
other half is what `training.validation` reports), and each folder of annotated recordings. Of 0.30,
0.35 ... 0.70 a class gets the lowest threshold whose mean F over the sets is within .001 of the
largest: F is flat around its top, and a drummer deletes an invented stroke with one key but has to
hear a missed one. Where the recordings hold fewer than 50 strokes of a class, their F says nothing:
there the strokes of all sets are pooled, so that what is invented in the recordings counts. A
cross-stick has the snare's threshold, and the toms have one together, by whether any tom is heard:
which one it was, all of a recording decide later (`hearing/tom_naming.py`).
"""

from __future__ import annotations

import argparse
import itertools
import json
from dataclasses import replace
from pathlib import Path

import numpy as np

from drumscribe.domain.drums import TOMS, Activations, Hit
from drumscribe.hearing.detection import Detector, detect, load_detector
from drumscribe.hearing.picking import PickingOptions, pick
from drumscribe.pipeline.context import LocalContext
from training import cache as cached
from training.dataset import examples
from training.evaluate import read_audio, read_reference
from training.excerpt import Label
from training.measure import Strokes, counts
from training.performances import CLASSES
from training.validation import INAUDIBLE_DB, RECIPES, Tally, judge, run

GRID = tuple(round(0.30 + 0.05 * i, 2) for i in range(9))
_FEWEST_STROKES = 50
_FLAT = 0.001

_TOMS = tuple(tom.value for tom in TOMS)
_GROUPS = ("kick", "snare", "hihat_closed", "hihat_open", "ride", "crash", "tom")

# Matched, found and true strokes of one class in one set at one threshold.
Count = tuple[int, int, int]


def f_of(count: Count) -> float:
    matched, found, true = count
    return 2 * matched / max(1, found + true)


def chosen(sets: dict[str, dict[float, Count]], renders: str = "renders") -> float:
    """The threshold of one class, from its counts per set and threshold. The rule: see above."""
    thresholds = list(next(iter(sets.values())))
    real = [name for name in sets if name != renders]
    alone = all(sets[name][thresholds[0]][2] >= _FEWEST_STROKES for name in real)

    def score(threshold: float) -> float:
        parts = [sets[name][threshold] for name in sets]
        if alone:
            return float(np.mean([f_of(part) for part in parts]))
        matched, found, true = (int(sum(column)) for column in zip(*parts, strict=True))
        return f_of((matched, found, true))

    scores = {threshold: score(threshold) for threshold in thresholds}
    best = max(scores.values())
    return min(threshold for threshold, f in scores.items() if f >= best - _FLAT)


def _group(name: str) -> str:
    return "tom" if name in _TOMS else "snare" if name == "sidestick" else name


def _options(detector: Detector, threshold: float) -> PickingOptions:
    return PickingOptions(
        dict.fromkeys(detector.manifest.classes, threshold), detector.picking.refractory_seconds
    )


def _judged(hits: list[Hit], labels: list[Label]) -> Tally:
    """As `judge` on the fixed set, with any tom for any other."""
    hits = [replace(h, instrument=TOMS[0]) if h.instrument in TOMS else h for h in hits]
    labels = [x._replace(name=TOMS[0].value) if x.name in _TOMS else x for x in labels]
    return judge(hits, [h.confidence for h in hits], labels, INAUDIBLE_DB["fixed"])


def on_renders(detector: Detector, cache: cached.Cache, n: int) -> dict[str, dict[float, Count]]:
    """Counts per group and threshold on every other excerpt of the fixed set."""
    stream = examples(cache, 1, 5.0, detector.manifest.features, RECIPES["fixed"])
    heard = [(one, run(detector, one)) for one in itertools.islice(stream, 0, n, 2)]
    result: dict[str, dict[float, Count]] = {name: {} for name in _GROUPS}
    for threshold in GRID:
        total = Tally([], [])
        for example, activations in heard:
            hits = pick(activations, _options(detector, threshold))
            one = _judged(hits, example.labels)
            total.found.extend(one.found)
            total.played.extend(one.played)
        for name in _GROUPS:
            mine = [v for v in total.found if _group(v.name) == name]
            played = sum(_group(stroke.name) == name for stroke in total.played)
            result[name][threshold] = (sum(v.real for v in mine), len(mine), played)
    return result


def on_recordings(
    detector: Detector, heard: list[tuple[Activations, Strokes]]
) -> dict[str, dict[float, Count]]:
    """Counts per group and threshold on annotated recordings, summed over them."""
    result: dict[str, dict[float, Count]] = {name: {} for name in _GROUPS}
    for threshold in GRID:
        total = {name: np.zeros(3, dtype=int) for name in _GROUPS}
        for activations, true in heard:
            hits = pick(activations, _options(detector, threshold))
            found = [(h.time, _group(h.instrument.value)) for h in hits]
            for name, count in counts([(t, _group(of)) for t, of in true], found).items():
                total[name] += count
        for name, (matched, found_of_it, true_of_it) in total.items():
            result[name][threshold] = (int(matched), int(found_of_it), int(true_of_it))
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--manifest", type=Path, help="default: the shipped weights")
    parser.add_argument("--cache", type=Path, default=Path("runs/cache"))
    parser.add_argument("--excerpts", type=int, default=400)
    parser.add_argument("--audio", type=Path, required=True, action="append")
    parser.add_argument("--reference", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    detector = load_detector(args.manifest)
    sets = {"renders": on_renders(detector, cached.load(args.cache, "val"), args.excerpts)}
    with LocalContext() as context:
        for folder in args.audio:
            heard = [
                (
                    detect(read_audio(path), detector, context),
                    read_reference(args.reference / f"{path.stem}.txt"),
                )
                for path in sorted(folder.glob("*.flac"))
            ]
            sets[folder.name] = on_recordings(detector, heard)
    found = {}
    for name in _GROUPS:
        of_class = {of: counted[name] for of, counted in sets.items()}
        found[name] = chosen(of_class)
        curves = "; ".join(
            f"{of} " + " ".join(f"{f_of(c):.3f}" for c in counted.values())
            for of, counted in of_class.items()
        )
        print(f"{name}: {found[name]:.2f}   {curves}")
    content = {name: found[_group(name)] for name in CLASSES}
    args.out.write_text(json.dumps(content, indent=1) + "\n")


if __name__ == "__main__":
    main()

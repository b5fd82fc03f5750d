"""Judges weights on what they are not trained on, so that a choice between them is no flattery.

    python -m lab.measure.selection --manifest A.json --manifest B.json --cells runs/cells.npz \\
        --free FOLDER --annotated FOLDER --loud FOLDER --cache runs/cache

The material is that of `lab/measure/heard.py`; everything is decoded by the product with the
manifest's own thresholds. A is F of each cell on the classes it is about, B and C are F in five and
nine classes, D is F of what is heard in a mix against what is heard in its drums alone (a phantom
is not heard twice), and phantoms a minute in music without drums. The dry recordings are a guard:
whatever wins must not lose there.

The rule (`objections`): a candidate wins that gains on A and on B or D by more than chance does,
and loses nowhere by more than that. NOISE says what chance does: the difference of two seeds.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from drumscribe.domain.drums import Activations, Listening
from drumscribe.hearing.detection import load_detector
from drumscribe.hearing.manifest import DetectorManifest
from drumscribe.hearing.picking import PickingOptions, pick
from lab.measure.cells import CELLS
from lab.measure.heard import Heard, Recording, add_arguments, hear
from lab.measure.onsets import FIVE, Strokes, counts
from lab.measure.validation import INAUDIBLE_DB
from lab.render.labels import Label

NOISE = 0.008
_TOLERANCE_SECONDS = 0.05
Report = dict[str, float]
Count = tuple[int, int, int]


def f_of(found: list[Count]) -> float:
    """F of matched, found and true strokes, summed."""
    said_and_true = sum(said + true for _, said, true in found)
    return round(2 * sum(matched for matched, _, _ in found) / max(1, said_and_true), 4)


def five(strokes: Strokes) -> Strokes:
    """The same strokes in five classes."""
    return [(time, FIVE[name]) for time, name in strokes]


def picked(said: Activations, options: PickingOptions) -> Strokes:
    """What the product makes of it."""
    return [(hit.time, hit.instrument.value) for hit in pick(said, options)]


def pooled(pairs: list[tuple[Strokes, Strokes]]) -> dict[str, Count]:
    """Matched, found and true strokes per class over (true, found) pairs."""
    total: dict[str, Count] = {}
    for true, found in pairs:
        for name, count in counts(true, found).items():
            before = total.get(name, (0, 0, 0))
            total[name] = tuple(a + b for a, b in zip(before, count, strict=True))  # type: ignore[assignment]
    return total


def of_cell(
    group: list[tuple[Activations, list[Label]]], options: PickingOptions
) -> dict[str, Count]:
    """Counts in five classes; what drowns in the mix counts on neither side."""
    pairs = []
    for said, labels in group:
        named = [
            (x.time, FIVE["snare" if x.name == "sidestick" else x.name], x.audibility_db)
            for x in labels
        ]
        clear = [(time, of) for time, of, level in named if level >= INAUDIBLE_DB["fixed"]]
        drowned = [(time, of) for time, of, level in named if level < INAUDIBLE_DB["fixed"]]

        def near(time: float, of: str, strokes: Strokes) -> bool:
            return any(of == name and abs(time - at) <= _TOLERANCE_SECONDS for at, name in strokes)

        found = [
            (time, of) for time, of in five(picked(said, options))
            if near(time, of, clear) or not near(time, of, drowned)
        ]  # fmt: skip
        pairs.append((clear, found))
    return pooled(pairs)


def _of_set(label: str, recordings: list[Recording], rules: DetectorManifest) -> Report:
    pairs = [
        (one.true, picked(one.said, rules.picking_for(one.said.listening))) for one in recordings
    ]
    in_five = pooled([(five(true), five(found)) for true, found in pairs])
    in_nine = pooled(pairs)
    report = {
        f"{label} F5": f_of(list(in_five.values())),
        f"{label} F9": f_of(list(in_nine.values())),
    }
    for name, count in in_five.items():
        report[f"{label} {name}"] = f_of([count])
    matched, _, true = in_five.get("cymbal", (0, 0, 0))
    report[f"{label} cymbal recall"] = round(matched / max(1, true), 4)
    matched, found, _ = in_five.get("tom", (0, 0, 0))
    report[f"{label} phantom toms"] = found - matched
    return report


def report(heard: Heard, rules: DetectorManifest) -> Report:
    """All figures of one set of weights, decoded by the rules of its manifest."""
    result: Report = {}
    mix, stem = (rules.picking_for(way) for way in (Listening.MIX, Listening.STEM))
    for name, group in heard.cells.items():
        total = of_cell(group, mix)
        result[f"A {name}"] = f_of([total[c] for c in CELLS[name].classes if c in total])
    result["A mean"] = round(float(np.mean(list(result.values()))), 4)
    for name, recordings in heard.sets.items():
        letter = "B" if name.startswith("free") else "C"
        label = letter if name == "free" else f"{letter} {name}"
        result |= _of_set(label, recordings, rules)
    total = pooled([
        (five(picked(pair.drums, stem)), five(picked(pair.mix, mix))) for pair in heard.pairs
    ])  # fmt: skip
    result |= {f"D {name}": f_of([count]) for name, count in total.items()}
    result["D agreement"] = f_of(list(total.values()))
    phantoms = sum(len(pick(said, mix)) for said in heard.drum_free.values())
    result["D phantoms a minute"] = round(phantoms / max(heard.drum_free_minutes, 1e-9), 2)
    return result


_GUARDED = ("A mean", "B F5", "C loud F5", "C dry F5", "C stems F5", "D agreement")


def objections(candidate: Report, base: Report, noise: float = NOISE) -> list[str]:
    """Why the candidate does not win by the rule; empty if it does."""
    gain = {name: candidate[name] - base[name] for name in _GUARDED}
    against = []
    if gain["A mean"] <= noise:
        against.append(f"A mean {gain['A mean']:+.3f}")
    if max(gain["B F5"], gain["D agreement"]) <= noise:
        against.append(f"B F5 {gain['B F5']:+.3f}, D agreement {gain['D agreement']:+.3f}")
    against += [f"{name} {gain[name]:+.3f}" for name in _GUARDED if gain[name] < -noise]
    return against


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--manifest", type=Path, action="append", required=True, help="the first is the base"
    )
    add_arguments(parser)
    args = parser.parse_args()
    reports = [
        report(hear(manifest, args), load_detector(manifest).manifest) for manifest in args.manifest
    ]
    for name in reports[0]:
        print(f"{name:24}", *(f"{one.get(name, float('nan')):8.3f}" for one in reports))
    for manifest, one in zip(args.manifest[1:], reports[1:], strict=True):
        against = objections(one, reports[0])
        print(manifest, "does not win: " + "; ".join(against) if against else "wins by the rule")


if __name__ == "__main__":
    main()

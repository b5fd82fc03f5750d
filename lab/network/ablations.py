"""What each lever buys: the same short training with one of them taken away.

    python -m lab.network.ablations --steps 450 --out runs/ablated --audio FOLDER --reference FOLDER

Trains the recipe of the release twice (two seeds: their difference is what chance does) and once
without each lever, all for the same number of steps; exports each and measures it on the fixed
renders and, where given, on annotated recordings. What is there already is not trained again.
Writes OUT/table.md, a line each.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
from pathlib import Path

from lab.render.recipe import WITHOUT

_SEEDS = (0, 1)


def _python(*arguments: object) -> str:
    command = [sys.executable, "-m", *map(str, arguments)]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


def trained(args: argparse.Namespace, name: str, *more: str) -> Path:
    """The folder of one finished training; trains it if it is not there."""
    run: Path = args.out / name
    if not (run / "done").exists():
        _python(
            "lab.network.train", "--cache", args.cache, "--out", run, "--steps", args.steps,
            "--threads", args.threads, "--validate-minutes", 1e6, *more,
        )  # fmt: skip
        (run / "done").touch()
    return run


def _set_threshold(manifest: Path, threshold: float) -> None:
    """A short training is less sure than the release: its threshold would find little."""
    content = json.loads(manifest.read_text())
    thresholds = content["picking"]["thresholds"]
    content["picking"]["thresholds"] = dict.fromkeys(thresholds, threshold)
    manifest.write_text(json.dumps(content, indent=2) + "\n")


def measured(args: argparse.Namespace, run: Path) -> dict[str, object]:
    """What one training reached; kept in measures.json beside its weights."""
    kept = run / "measures.json"
    if not kept.exists():
        weights = run / "exported"
        _python("lab.network.export", "--run", run, "--cache", args.cache, "--out", weights)
        (manifest,) = weights.glob("*.json")
        _set_threshold(manifest, args.threshold)
        report, phantoms = _python(
            "lab.measure.validation", "--manifest", manifest, "--cache", args.cache
        ).splitlines()
        found: dict[str, object] = {
            "fixed": json.loads(report),
            "phantoms": json.loads(re.sub(r"^[^{]*", "", phantoms))["all"],
        }
        for folder in args.audio:
            answer = _python(
                "lab.measure.evaluate", "--manifest", manifest, "--audio", folder,
                "--reference", args.reference,
            )  # fmt: skip
            found[folder.name] = json.loads(re.sub(r"^[^{]*", "", answer.splitlines()[0]))
        kept.write_text(json.dumps(found, indent=1) + "\n")
    content: dict[str, object] = json.loads(kept.read_text())
    return content


def line(args: argparse.Namespace, name: str, found: dict[str, object]) -> str:
    """One row of the table."""
    fixed = found["fixed"]
    assert isinstance(fixed, dict)
    cells = [name, *(f"{fixed[key]:.3f}" for key in ("all", "macro", "velocity correlation"))]
    cells += [f"{fixed['ghost recall']:.2f}", f"{found['phantoms']:.1f}"]
    for folder in args.audio:
        scores = found[folder.name]
        assert isinstance(scores, dict)
        cells += [f"{scores['five']['all']:.3f} / {scores['nine']['all']:.3f}"]
    return "| " + " | ".join(cells) + " |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cache", type=Path, default=Path("runs/cache"))
    parser.add_argument("--out", type=Path, default=Path("runs/ablations"))
    parser.add_argument("--steps", type=int, default=450)
    parser.add_argument("--threshold", type=float, default=0.40, help="for all classes")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--audio", type=Path, default=[], action="append")
    parser.add_argument("--reference", type=Path, help="annotations of the recordings")
    args = parser.parse_args()
    runs: dict[str, tuple[str, ...]] = {
        f"everything, seed {seed}": ("--seed", str(seed)) for seed in _SEEDS
    }
    runs |= {f"without {lever}": ("--seed", "0", "--without", lever) for lever in WITHOUT}
    heads = ["", "fixed: F9", "macro", "velocity r", "ghosts", "phantoms a minute"]
    heads += [f"{folder.name}: F5 / F9" for folder in args.audio]
    rows = ["| " + " | ".join(heads) + " |", "|" + " --- |" * len(heads)]
    for name, more in runs.items():
        run = trained(args, re.sub(r"[^a-z0-9]+", "-", name), *more)
        rows.append(line(args, name, measured(args, run)))
        print(rows[-1], flush=True)
        (args.out / "table.md").write_text("\n".join(rows) + "\n")


if __name__ == "__main__":
    main()

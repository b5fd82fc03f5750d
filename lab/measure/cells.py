"""Cells of renders: one difficulty of records each, with held-out kits, drummers and real bands.

    python -m lab.measure.cells --cache runs/cache --out runs/cells.npz

A cell is described by a recipe and a seed, holds at least 200 strokes of what it is about, and is
scored on those classes alone. `lab.measure.selection` judges weights on them.
"""

from __future__ import annotations

import argparse
import itertools
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from drumscribe.hearing.features import FeatureParams
from lab.network.dataset import Example, examples
from lab.render import cache as cached
from lab.render.labels import Label
from lab.render.performances import CLASSES
from lab.render.recipe import RELEASE, Levels, Recipe

EXCERPTS, SECONDS, _SEED = 24, 5.0, 11
_PLAIN = RELEASE._replace(
    levels=Levels(usual_db=(-6.0, 6.0), ahead_share=0.0, drumless_share=0.0), backed_share=1.0,
    in_time_share=0.0, real_band_share=1.0, taught_share=0.0, ridden_crash_share=0.0,
    sloshing_hat_share=0.0, ride_share=0.0, floor_tom_share=0.0, flam_share=0.0,
    low_strokes_share=0.0, crash_share=0.30, fill_share=0.25, general_midi_share=0.0,
    soft_snare_share=0.0, two_cymbals_share=0.0, mastered_share=0.60,
)  # fmt: skip


class Cell(NamedTuple):
    """What is rendered, and the classes (of five) that it is about."""

    recipe: Recipe
    classes: tuple[str, ...]


ALL = ("kick", "snare", "hihat", "tom", "cymbal")
CELLS = {
    "bass with the kick": Cell(_PLAIN._replace(low_strokes_share=1.0), ("kick", "tom")),
    "ridden crash": Cell(_PLAIN._replace(ridden_crash_share=1.0), ("hihat", "cymbal")),
    "sloshing hat": Cell(_PLAIN._replace(sloshing_hat_share=1.0), ("hihat", "cymbal")),
    "crash on ride": Cell(_PLAIN._replace(ride_share=1.0, crash_share=1.0), ("hihat", "cymbal")),
    "tom with kick": Cell(_PLAIN._replace(floor_tom_share=1.0), ("tom",)),
    "flams": Cell(_PLAIN._replace(flam_share=1.0), ("snare",)),
    "no treble": Cell(_PLAIN._replace(narrow_share=1.0), ALL),
    "drums at -9 dB": Cell(
        _PLAIN._replace(levels=Levels((-9.0, -9.0), (0.0, 0.0), 0.0, 0.0), mastered_share=1.0), ALL
    ),
}


def rendered(cache: cached.Cache, params: FeatureParams) -> dict[str, list[Example]]:
    """The excerpts of every cell."""
    return {
        name: list(itertools.islice(examples(cache, _SEED, SECONDS, params, cell.recipe), EXCERPTS))
        for name, cell in CELLS.items()
    }


def save(path: Path, cells: dict[str, list[Example]]) -> None:
    """Features and labels of all cells in one file."""
    arrays: dict[str, NDArray[np.float64] | NDArray[np.float16]] = {}
    for name, group in cells.items():
        arrays[f"{name}/features"] = np.stack([one.features for one in group])
        arrays[f"{name}/labels"] = np.array([
            (i, x.time, CLASSES.index(x.name), x.velocity, x.audibility_db)
            for i, one in enumerate(group) for x in one.labels
        ])  # fmt: skip
    np.savez(path, **arrays)  # type: ignore[arg-type]


def load(path: Path) -> dict[str, list[Example]]:
    """What `save` wrote; targets are left empty."""
    content = np.load(path)
    nothing = np.zeros((0, len(CLASSES)), np.uint8)
    cells: dict[str, list[Example]] = {}
    for name in CELLS:
        features, rows = content[f"{name}/features"], content[f"{name}/labels"]
        labels: list[list[Label]] = [[] for _ in features]
        for i, time, column, velocity, audibility_db in rows:
            labels[int(i)].append(Label(time, CLASSES[int(column)], velocity, audibility_db))
        pairs = zip(features, labels, strict=True)
        cells[name] = [Example(one, nothing, nothing, mine) for one, mine in pairs]
    return cells


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cache", type=Path, default=Path("runs/cache"))
    parser.add_argument("--out", type=Path, default=Path("runs/cells.npz"))
    args = parser.parse_args()
    cells = rendered(cached.load(args.cache, "val"), FeatureParams())
    save(args.out, cells)
    for name, group in cells.items():
        print(f"{name}: {sum(len(one.labels) for one in group)} strokes")


if __name__ == "__main__":
    main()

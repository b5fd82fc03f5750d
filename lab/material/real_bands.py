"""Packs excerpts of real music beside the cache: bands without their drums, and those drums.

    python -m lab.material.real_bands --pack FOLDER --pack FOUND --cache runs/cache

A pack holds index.json and the files it names, NNN.back.opus and NNN.drums.opus (mono is made of
them here). FOUND is what `lab.material.drum_free` made: music that was said to have no drums and
has; without it that music is left out. Writes
real.npy (int16, mono, 44.1 kHz, end to end) and real.json (whose they are, where they lie) into
the cache. Music without drums has a back only. Nothing in it is labelled: what the drums play,
`lab.network.teacher` writes down as far as the released network is sure of it.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
import soxr
from numpy.typing import NDArray

from lab.material.bundle import check_licence
from lab.render.cache import SAMPLE_RATE

# Whole authors are held out: two excerpts of one album share their kit and their mastering.
HELD_OUT_AUTHORS = (
    "Anthem of Rain", "Kevin MacLeod", "Sectoid", "Krobonil", "zone", "Mr Smith", "TRG Banks",
    "XMoto", "LinCity", "Los Rombos",
)  # fmt: skip
# Said to have no drums because DrumScribe 0.3.0 heard none, or by the names of its stems; a
# separator finds drums, or what might be drums, in them (lab/material/drum_free.py). Weights up to
# 0.6.0 learnt from them that such sounds are nothing (lab/LOG.md, "Music without drums that has
# some").
NOT_DRUM_FREE = (
    "101", "103", "104", "105", "114", "123", "124", "125", "129", "130", "131", "132", "134",
    "135", "136", "137", "138", "139", "140", "144", "145", "147", "150", "153",
)  # fmt: skip
# More strokes than this heard in what is left when the drums are out: they are not out.
_MOST_STROKES_LEFT = 12
# The pack's counts of what is left are 0.3.0's; in these, later weights hear more than that.
DRUMS_LEFT = ("030", "045", "050", "062", "065")


def split_of(author: str) -> str:
    """ "val" for authors whose music is for judging only."""
    return "val" if any(name in author for name in HELD_OUT_AUTHORS) else "train"


def read_mono(path: Path) -> NDArray[np.float32]:
    """A file of any rate as mono samples at the cache's rate."""
    samples, rate = soundfile.read(path, dtype="float32", always_2d=True)
    mono = samples.mean(axis=1)
    return np.asarray(soxr.resample(mono, rate, SAMPLE_RATE), dtype=np.float32)


def is_trusted(source: dict[str, Any]) -> bool:
    """Whether an excerpt's band is free of drums, as far as anybody can tell."""
    if not source["has_drums"]:
        return True
    left = sum(source["hits_back"].values())
    return left <= _MOST_STROKES_LEFT and source["id"] not in DRUMS_LEFT


def _sources(folders: list[Path]) -> Iterator[tuple[Path, dict[str, Any]]]:
    for folder in folders:
        for source in json.loads((folder / "index.json").read_text()):
            if source["has_drums"] or source["id"] not in NOT_DRUM_FREE:
                yield folder, source


def pack(folders: list[Path]) -> tuple[NDArray[np.int16], list[dict[str, Any]]]:
    """All excerpts end to end, and an entry for each. Raises LicenceError."""
    packed: list[NDArray[np.int16]] = []
    entries, position = [], 0
    for folder, source in _sources(folders):
        check_licence(source["id"], source["licence"])
        entry = {
            "id": source["id"], "author": source["author"], "licence": source["licence"],
            "split": split_of(source["author"]), "has_drums": source["has_drums"],
            "trusted": is_trusted(source),
        }  # fmt: skip
        for part, name in source["files"].items():
            samples = read_mono(folder / name)
            entry[part] = [position, len(samples)]
            packed.append(np.asarray(np.clip(samples, -1, 1) * 32767, dtype=np.int16))
            position += len(samples)
        entries.append(entry)
    return np.concatenate(packed), entries


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pack", type=Path, required=True, action="append")
    parser.add_argument("--cache", type=Path, default=Path("runs/cache"))
    args = parser.parse_args()
    samples, entries = pack(args.pack)
    np.save(args.cache / "real.npy", samples)
    (args.cache / "real.json").write_text(json.dumps(entries, indent=1) + "\n")
    minutes = len(samples) / SAMPLE_RATE / 60
    print(f"{len(entries)} excerpts, {minutes:.0f} minutes of backs and drums")


if __name__ == "__main__":
    main()

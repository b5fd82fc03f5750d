"""Packs excerpts of real music beside the cache: bands without their drums, and those drums.

    python -m lab.material.real_bands --pack FOLDER --cache runs/cache

FOLDER holds index.json and NNN.back.opus, NNN.drums.opus (mono is made of them here). Writes
real.npy (int16, mono, 44.1 kHz, end to end) and real.json (whose they are, where they lie) into
the cache. Music without drums has a back only. Nothing in it is labelled: what the drums play,
`lab.network.teacher` writes down as far as the released network is sure of it.
"""

from __future__ import annotations

import argparse
import json
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
# More strokes than this heard in what is left when the drums are out: they are not out.
_MOST_STROKES_LEFT = 12


def split_of(author: str) -> str:
    """ "val" for authors whose music is for judging only."""
    return "val" if any(name in author for name in HELD_OUT_AUTHORS) else "train"


def read_mono(path: Path) -> NDArray[np.float32]:
    """A file of any rate as mono samples at the cache's rate."""
    samples, rate = soundfile.read(path, dtype="float32", always_2d=True)
    mono = samples.mean(axis=1)
    return np.asarray(soxr.resample(mono, rate, SAMPLE_RATE), dtype=np.float32)


def pack(folder: Path) -> tuple[NDArray[np.int16], list[dict[str, Any]]]:
    """All excerpts end to end, and an entry for each. Raises LicenceError."""
    packed: list[NDArray[np.int16]] = []
    entries, position = [], 0
    for source in json.loads((folder / "index.json").read_text()):
        check_licence(source["id"], source["licence"])
        entry = {
            "id": source["id"], "author": source["author"], "licence": source["licence"],
            "split": split_of(source["author"]), "has_drums": source["has_drums"],
            "trusted": sum((source["hits_back"] or {}).values()) <= _MOST_STROKES_LEFT
            if source["has_drums"] else True,
            "heard": sum((source["hits_mix"] or {}).values()),
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
    parser.add_argument("--pack", type=Path, required=True)
    parser.add_argument("--cache", type=Path, default=Path("runs/cache"))
    args = parser.parse_args()
    samples, entries = pack(args.pack)
    np.save(args.cache / "real.npy", samples)
    (args.cache / "real.json").write_text(json.dumps(entries, indent=1) + "\n")
    minutes = len(samples) / SAMPLE_RATE / 60
    print(f"{len(entries)} excerpts, {minutes:.0f} minutes of backs and drums")


if __name__ == "__main__":
    main()

"""Trains from a pack in one command, on a machine with a graphics card and no network.

    python -m lab.network.on_a_card --pack train.zip --out OUT --device cuda --minutes 9

Unpacks into OUT/cache on all cores, then runs `lab.network.train` with a renderer for every core
but one: the first two thirds in excerpts of 5 s, the last in excerpts of 20 s. OUT/weights.pt is
written every minute. --device cpu does the same on a small scale, to try it.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import zipfile
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np
import soundfile
import torch
from numpy.typing import NDArray

from lab.material.pack import PIECE, decoded


def _piece(job: tuple[Path, str, int]) -> NDArray[np.int16]:
    pack, name, n = job
    with zipfile.ZipFile(pack) as content:
        return decoded(content.read(name), n)


def unpack(pack: Path, cache: Path, workers: int) -> bool:
    """The cache that was packed; whether there are weights to start from (cache/weights.pt)."""
    cache.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(pack) as content, ProcessPoolExecutor(workers) as pool:
        about = json.loads(content.read("pack.json"))
        names = content.namelist()
        for store, length in about["lengths"].items():
            pieces = sorted(name for name in names if name.startswith(f"{store}/"))
            sizes = [min(PIECE, length - i * PIECE) for i in range(len(pieces))]
            jobs = [(pack, name, n) for name, n in zip(pieces, sizes, strict=True)]
            np.save(cache / f"{store}.npy", np.concatenate(list(pool.map(_piece, jobs))))
        with content.open("rooms.flac") as file:
            rooms, _ = soundfile.read(file, dtype="float32")
        np.save(cache / "rooms.npy", (rooms * about["rooms_peak"]).astype(np.float32))
        for name in names:
            if name.endswith((".json", ".npz")) and name != "pack.json":
                (cache / name).write_bytes(content.read(name))
        if "weights.pt" not in names:
            return False
        with content.open("weights.pt") as file:
            half = torch.load(file, weights_only=True)
    whole = {k: v.float() if v.is_floating_point() else v for k, v in half.items()}
    torch.save({"weights": whole, "step": 0}, cache / "weights.pt")
    return True


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pack", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--device", default="cuda")
    parser.add_argument("--minutes", type=float, default=9.0, help="of training, after unpacking")
    parser.add_argument("--workers", type=int, default=max(1, (os.cpu_count() or 2) - 1))
    parser.add_argument("--batch", type=int, default=256, help="excerpts of 5 s")
    parser.add_argument("--learning-rate", type=float, default=1.5e-3)
    parser.add_argument("--seed", type=int, default=5)
    parser.add_argument("--steps", type=int, default=0, help="instead of --minutes")
    args = parser.parse_args()
    if args.device == "cuda" and not torch.cuda.is_available():
        raise SystemExit("no graphics card is found: --device cpu trains without one")
    cache = args.out / "cache"
    start = unpack(args.pack, cache, args.workers)
    command = [
        sys.executable, "-m", "lab.network.train", "--cache", cache, "--out", args.out,
        "--device", args.device, "--minutes", args.minutes, "--steps", args.steps,
        "--workers", args.workers, "--batch", args.batch, "--long-seconds", 20,
        "--learning-rate", args.learning_rate, "--seed", args.seed, "--save-minutes", 1,
        "--validate-minutes", 1e6, "--validation-excerpts", 4,
        *(("--start-from", cache / "weights.pt") if start else ()),
    ]  # fmt: skip
    raise SystemExit(subprocess.run([str(part) for part in command], check=False).returncode)


if __name__ == "__main__":
    main()

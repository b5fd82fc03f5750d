"""One file with everything that a training needs, for a machine that nothing else reaches.

    python -m lab.material.pack --cache runs/cache --start-from released/weights.pt --out train.zip

Sound is kept as Vorbis (strokes: their attacks stay where they are) and Opus (bands), rooms as
FLAC, weights in half precision. `lab.network.on_a_card` trains from it. Fails if the pack is larger
than --mib.
"""

from __future__ import annotations

import argparse
import io
import json
import zipfile
from pathlib import Path

import numpy as np
import soundfile
import soxr
import torch
from numpy.typing import NDArray

from lab.render.cache import SAMPLE_RATE

_OPUS_RATE = 48000
# Sound is cut into pieces, so that several processes can read them back.
PIECE = 120 * SAMPLE_RATE
# libsndfile's scale: 0 is the best, 1 the smallest.
LEVELS = {"samples": 0.75, "backings": 0.93, "real": 0.90}
_PLAIN = ("index.json", "real.json", "data-manifest.json", "taught.npz")


def _encoded(samples: NDArray[np.int16], store: str) -> bytes:
    file = io.BytesIO()
    sound = np.asarray(samples, np.float32) / 32768
    if store == "samples":
        soundfile.write(
            file, sound, SAMPLE_RATE, format="OGG", subtype="VORBIS",
            compression_level=LEVELS[store],
        )  # fmt: skip
    else:
        soundfile.write(
            file, soxr.resample(sound, SAMPLE_RATE, _OPUS_RATE), _OPUS_RATE, format="OGG",
            subtype="OPUS", compression_level=LEVELS[store],
        )  # fmt: skip
    return file.getvalue()


def decoded(content: bytes, n: int) -> NDArray[np.int16]:
    """`n` samples at the cache's rate from a piece of a pack."""
    sound, rate = soundfile.read(io.BytesIO(content), dtype="float32")
    if rate != SAMPLE_RATE:
        sound = soxr.resample(sound, rate, SAMPLE_RATE)
    out = np.zeros(n, np.int16)
    m = min(n, len(sound))
    out[:m] = np.clip(sound[:m], -1, 1) * 32767
    return out


def write(cache: Path, weights: Path | None, out: Path) -> int:
    """The pack of a cache; returns its size in bytes."""
    lengths: dict[str, int] = {}
    with zipfile.ZipFile(out, "w") as pack:
        for store in LEVELS:
            path = cache / f"{store}.npy"
            if not path.exists():
                continue
            samples = np.load(path, mmap_mode="r")
            lengths[store] = len(samples)
            for i in range(0, len(samples), PIECE):
                name = f"{store}/{i // PIECE:04d}.ogg"
                pack.writestr(name, _encoded(samples[i : i + PIECE], store))
        rooms = np.load(cache / "rooms.npy")
        peak = float(np.abs(rooms).max())
        file = io.BytesIO()
        soundfile.write(file, rooms / peak, SAMPLE_RATE, format="FLAC", subtype="PCM_16")
        pack.writestr("rooms.flac", file.getvalue())
        for name in _PLAIN:
            if (cache / name).exists():
                pack.write(cache / name, name, compress_type=zipfile.ZIP_LZMA)
        if weights:
            state = torch.load(weights, map_location="cpu", weights_only=True)["weights"]
            half = {k: v.half() if v.is_floating_point() else v for k, v in state.items()}
            file = io.BytesIO()
            torch.save(half, file)
            pack.writestr("weights.pt", file.getvalue())
        pack.writestr("pack.json", json.dumps({"lengths": lengths, "rooms_peak": peak}))
    return out.stat().st_size


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cache", type=Path, default=Path("runs/cache"))
    parser.add_argument("--start-from", type=Path, help="weights.pt that the training goes on from")
    parser.add_argument("--out", type=Path, default=Path("runs/train.zip"))
    parser.add_argument("--mib", type=float, default=60.0, help="how large it may be")
    args = parser.parse_args()
    size = write(args.cache, args.start_from, args.out) / 2**20
    print(f"{args.out}: {size:.1f} MiB")
    if size > args.mib:
        raise SystemExit(f"that is more than {args.mib} MiB: use fewer backings")


if __name__ == "__main__":
    main()

"""Makes records of annotated recordings: the band louder than the drums, one bus for both.

    python -m lab.measure.loud --recordings FOLDER --out FOLDER [--drums-db -7]

FOLDER has mix_proxy/NAME.flac and drum_stem/NAME.flac. The band is the mix less the drums at the
gain that leaves least of them; then a bus compressor and soft clipping with fixed settings, so that
figures compare. The strokes stay where they are.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import soundfile

from lab.render import effects, records
from lab.render.effects import Samples

_DRIVE = 0.45


def as_record(mix: Samples, drums: Samples, drums_db: float) -> Samples:
    """The mix with its drums `drums_db` above the band (negative: below), compressed, clipped."""
    n = min(len(mix), len(drums))
    mix, drums = mix[:n], drums[:n]
    gain = np.float32(mix @ drums / (drums @ drums))
    band = mix - gain * drums
    loud = band / np.float32(effects.rms(band)) + drums * np.float32(
        10 ** (drums_db / 20) / effects.rms(drums)
    )
    loud = records.compressed(loud, effects.rms(loud) * 0.8, 0.6, 0.005, 0.12)
    loud = np.tanh(loud / np.float32(effects.rms(loud)) * _DRIVE)
    return np.asarray(loud / np.abs(loud).max() * 0.98, dtype=np.float32)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--recordings", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--drums-db", type=float, default=-7.0)
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    for path in sorted((args.recordings / "mix_proxy").glob("*.flac")):
        mix, rate = soundfile.read(path, dtype="float32")
        drums, _ = soundfile.read(args.recordings / "drum_stem" / path.name, dtype="float32")
        soundfile.write(args.out / path.name, as_record(mix, drums, args.drums_db), rate)
        print(path.stem)


if __name__ == "__main__":
    main()

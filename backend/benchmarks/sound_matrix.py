"""One song in some hundred kinds of files, each read and compared with the song.

usage: .venv/bin/python backend/benchmarks/sound_matrix.py [--song FILE] [--only WORD]

For each variant: how far the sound lies from where players play it (the largest shift of its
beginning, middle and end, by cross-correlation, in ms), and what was said of it. The exit code is 1
if a variant is refused, or further off than its kind allows.
"""

from __future__ import annotations

import argparse
import logging
import sys
import tempfile
from pathlib import Path

import numpy as np
import soundfile
from sound_files import RATE, Sound
from sound_variants import Variant, healthy, odd

from drumscribe.audio.decode import DecodeLimits, decode
from drumscribe.errors import DrumScribeError
from drumscribe.pipeline.context import LocalContext

SONG = Path(__file__).resolve().parents[2] / "examples" / "funk-rock.flac"


def shift_ms(found: Sound, song: Sound, expected: tuple[float, float, float]) -> float:
    """How much later than expected a stretch of the song is heard; found, song: (n,)."""
    begin, end, at = (round(seconds * RATE) for seconds in expected)
    margin = RATE // 5
    wanted = song[begin + margin : end - margin]
    room = RATE // 4
    start = max(0, at + margin - room)
    heard = found[start : at + margin + len(wanted) + room]
    n = 1 << (len(heard) + len(wanted)).bit_length()
    product = np.fft.rfft(heard, n) * np.fft.rfft(wanted, n).conj()
    correlation = np.abs(np.fft.irfft(product, n)[: len(heard)])
    place = start + int(np.argmax(correlation))
    return 1000.0 * (place - (at + margin)) / RATE


def judged(variant: Variant, song: Sound, folder: Path) -> tuple[str, bool]:
    """(the cells of its row, whether it is as it should be)."""
    path = folder / f"{variant.name}{variant.suffix}"
    path.write_bytes(variant.make(song))
    mono = song[:, 0]
    seconds = len(mono) / RATE
    try:
        with LocalContext() as context:
            found = decode(path, context=context, limits=DecodeLimits(min_seconds=1.0))
    except DrumScribeError as error:
        return f"refused | {error.message}", False
    heard = found.audio.mono()
    stretches = variant.expected or (
        (0.0, seconds / 3, 0.0),
        (seconds / 3, 2 * seconds / 3, seconds / 3),
        (2 * seconds / 3, seconds, 2 * seconds / 3),
    )
    shifts = [shift_ms(heard, mono, stretch) for stretch in stretches]
    worst = max(shifts, key=abs)
    said = " ".join(str(notice.code) for notice in found.notices)
    return f"{worst:+.2f} ms | {said}", abs(worst) <= variant.allowed_ms


def main() -> int:
    """Print a row for each variant."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--song", type=Path, default=SONG)
    parser.add_argument("--only", default="")
    arguments = parser.parse_args()
    logging.disable(logging.WARNING)
    song, rate = soundfile.read(arguments.song, dtype="float32", always_2d=True, stop=10 * RATE)
    if rate != RATE or song.shape[1] != 1 or len(song) < 10 * RATE:
        parser.error("the song must be mono, at 44.1 kHz, and ten seconds long")
    variants = [v for v in [*healthy(), *odd()] if arguments.only in v.name]
    wrong = 0
    print("| variant | largest shift | said |\n|---|---|---|")
    with tempfile.TemporaryDirectory(prefix="matrix-") as folder:
        for variant in variants:
            cells, is_right = judged(variant, song, Path(folder))
            wrong += not is_right
            print(f"| {variant.name} | {cells} |{'' if is_right else ' WRONG'}", flush=True)
    print(f"{len(variants)} variants, {wrong} wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())

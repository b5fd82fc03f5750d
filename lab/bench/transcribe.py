"""Speed and memory of whole transcriptions, each in a process of its own.

    python -m lab.bench.transcribe [--minutes 1 5 15] [--separation never always] [--json]

Prints wall seconds, CPU seconds per second of audio, and peak memory, for recordings of several
lengths made by repeating the example song. Uses the models in the cache; downloads nothing.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import soundfile

from lab.places import EXAMPLES

EXAMPLE = EXAMPLES / "funk-rock.flac"


def lengthened(song: Path, seconds: float, target: Path) -> Path:
    """The song again and again until it lasts `seconds`."""
    samples, rate = soundfile.read(song, dtype="float32", always_2d=True)
    with soundfile.SoundFile(target, "w", rate, samples.shape[1], "PCM_16") as file:
        left = int(seconds * rate)
        while left > 0:
            block = samples[:left]
            file.write(block)
            left -= len(block)
    return target


def measure(
    song: Path, seconds: float, separation: str, formats: str, out: Path
) -> dict[str, object]:
    """One `drumscribe transcribe` in a fresh process."""
    script = (
        "import resource, sys; from drumscribe.cli.main import invoke; "
        "code = invoke(sys.argv[1:]); "
        "u = resource.getrusage(resource.RUSAGE_SELF); "
        "print(code, u.ru_utime + u.ru_stime, u.ru_maxrss)"
    )
    arguments = ["transcribe", str(song), "-o", str(out), "--separation", separation]
    started = time.monotonic()
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments, "--offline", "-q", "-f", formats, "--json"],
        capture_output=True,
        text=True,
        check=True,
    )
    wall = time.monotonic() - started
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    code, _, peak_kib = done.stdout.splitlines()[-1].split()
    unit = 1 if sys.platform == "darwin" else 1024
    return {
        "separation": separation,
        "audio_seconds": seconds,
        "exit_code": int(code),
        "wall_seconds": round(wall, 2),
        "cpu_seconds_per_audio_second": round(cpu / seconds, 4),
        "peak_mib": round(int(peak_kib) * unit / 2**20),
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, nargs="+", default=[1, 5, 15])
    parser.add_argument("--separation", nargs="+", default=["never"], choices=["never", "always"])
    parser.add_argument("--formats", default="musicxml,midi,json,pdf")
    parser.add_argument("--song", type=Path, default=EXAMPLE)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for minutes in options.minutes:
            seconds = minutes * 60
            song = lengthened(options.song, seconds, Path(folder) / "song.wav")
            for separation in options.separation:
                rows.append(
                    measure(song, seconds, separation, options.formats, Path(folder) / "out")
                )
    if options.json:
        print(json.dumps(rows, indent=1))
        return
    samples = np.array([row["audio_seconds"] for row in rows])
    decoded_mib = samples * 44100 * soundfile.info(options.song).channels * 4 / 2**20
    print("separation   audio s   wall s   CPU s per audio s   peak MiB   decoded audio MiB")
    for row, decoded in zip(rows, decoded_mib, strict=True):
        print(
            f"{row['separation']:10} {row['audio_seconds']:9.0f} {row['wall_seconds']:8.1f} "
            f"{row['cpu_seconds_per_audio_second']:19.4f} {row['peak_mib']:10} {decoded:19.0f}"
        )


if __name__ == "__main__":
    main()

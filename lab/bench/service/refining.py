"""Draft first, refine on demand: the first page, how steady estimates are, how soon Cancel answers.

    python -m lab.bench.service.refining [--minutes 4] [--json]

Starts `drumscribe serve` with the models of the user's cache (htdemucs has to be there) and hands a
song in, made of the example. Counted are the CPU-seconds of all its processes from the upload to
the first page; then the song is refined, the estimate asked for every second, and stopped and begun
again half-way.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import tempfile
import time
from pathlib import Path
from typing import Any, Final

import httpx
import numpy as np
import soundfile

from drumscribe.models.known_models import BEATNET, HTDEMUCS
from drumscribe.models.registry import ModelStore
from lab.bench.service.load import EXAMPLE, embedded_environment_of
from service_fixtures import free_port
from service_processes import Command, processes_below, wait_for

_TICKS: Final = os.sysconf("SC_CLK_TCK")
_REST_SECONDS: Final = 5.0
_SHORT_SECONDS: Final = 30.0
# Of an answer to Cancel, with nothing else asked of the service.
_CANCELS: Final = 20


def long_song(path: Path, minutes: float) -> Path:
    """The example again and again."""
    samples, rate = soundfile.read(EXAMPLE, dtype="float32", always_2d=True)
    wanted = round(minutes * 60 * rate)
    soundfile.write(path, np.tile(samples, (-(-wanted // len(samples)), 1))[:wanted], rate)
    return path


def cpu_seconds(api: Command) -> float:
    """What the service and all its processes used, those that have ended too."""
    total = 0
    for process in (api.process.pid, *processes_below(api.process.pid)):
        try:
            fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        total += sum(map(int, fields[11:15]))  # utime, stime, cutime, cstime
    return total / _TICKS


def worst_jump(told: list[tuple[float, float]]) -> tuple[float, float, float]:
    """The most that an estimate differs from the one before less the time gone by; 0.3 is 30 %.

    told: (when, estimate) in seconds. Below half a minute the page counts down in tens of seconds.
    Returns the difference, what was expected and what was told, in seconds.
    """
    jumps = [(0.0, 0.0, 0.0)]
    for (before, first), (after, second) in itertools.pairwise(told):
        expected = first - (after - before)
        if expected > _SHORT_SECONDS:
            difference = abs(second - expected) / expected
            jumps.append((round(difference, 3), round(expected, 1), second))
    return max(jumps)


def measure(minutes: float, folder: Path) -> dict[str, Any]:
    """All figures, by name."""
    environment = embedded_environment_of(folder, port := free_port())
    environment |= {"MODEL_CACHE_DIR": str(ModelStore().cache_dir), "MAX_FILE_SIZE_MB": "200"}
    del environment["PDF_BACKEND"]
    missing = [str(s) for s in (*BEATNET, HTDEMUCS) if ModelStore().path_if_cached(s) is None]
    if missing:
        raise SystemExit(f"Missing: {', '.join(missing)}; see `drumscribe models download`.")
    (folder / "data").mkdir()
    song = long_song(folder / "song.flac", minutes).read_bytes()
    api = Command("serve", environment=environment, log=folder / "serve.log")
    try:
        wait_for(lambda: "DrumScribe runs on" in api.output(), "the API")
        time.sleep(_REST_SECONDS)
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:
            client.post("/api/v1/session").raise_for_status()
            return _measured(client, api, song)
    finally:
        api.kill()


def _measured(client: httpx.Client, api: Command, song: bytes) -> dict[str, Any]:
    before_cpu, began = cpu_seconds(api), time.monotonic()
    answer = client.post("/api/v1/jobs", files={"file": ("song.flac", song)})
    job = f"/api/v1/jobs/{answer.raise_for_status().json()['job_id']}"
    while (state := client.get(job).json())["status"] != "completed":
        assert state["status"] != "failed", state["error"]
        time.sleep(0.2)
    first = {"seconds": time.monotonic() - began, "cpu": cpu_seconds(api) - before_cpu}

    cancels = []
    for _ in range(_CANCELS):
        client.post(f"{job}/refinement").raise_for_status()
        asked = time.monotonic()
        client.delete(f"{job}/refinement").raise_for_status()
        cancels.append(time.monotonic() - asked)
        while client.get(job).json()["refinement"]["status"] != "cancelled":
            time.sleep(0.2)

    before_cpu, began = cpu_seconds(api), time.monotonic()
    client.post(f"{job}/refinement").raise_for_status()
    told: list[tuple[float, float]] = []
    stopped: tuple[float, float] | None = None
    while (now := client.get(job).json()["refinement"])["status"] != "completed":
        assert now["status"] != "failed", now["error"]
        if now["eta_seconds"] is not None:
            told.append((time.monotonic(), now["eta_seconds"]))
        if stopped is None and now["progress"] >= 30:
            stopped = _stopped(client, job)
            before_cpu, began, told = cpu_seconds(api), time.monotonic(), []
            client.post(f"{job}/refinement").raise_for_status()
        time.sleep(1.0)
    assert stopped is not None
    return {
        "first page, seconds": round(first["seconds"], 1),
        "first page, CPU-seconds": round(first["cpu"], 1),
        "refinement, seconds": round(time.monotonic() - began, 1),
        "refinement, CPU-seconds": round(cpu_seconds(api) - before_cpu, 1),
        "notes added, removed": [now["added"], now["removed"]],
        "estimates": len(told),
        "worst jump of an estimate": worst_jump(told),
        "last estimates": [second for _, second in told[-12:]],
        "Cancel while it waits, p50 and most, ms": _milliseconds(cancels),
        "Cancel while it separates, ms": round(1000 * stopped[0], 1),
        "until the worker stopped, seconds": round(stopped[1], 1),
    }


def _stopped(client: httpx.Client, job: str) -> tuple[float, float]:
    """Seconds until Cancel was answered, and until the worker had stopped."""
    asked = time.monotonic()
    client.delete(f"{job}/refinement").raise_for_status()
    answered = time.monotonic()
    while client.get(job).json()["refinement"]["status"] != "cancelled":
        time.sleep(0.1)
    return answered - asked, time.monotonic() - asked


def _milliseconds(seconds: list[float]) -> list[float]:
    return [round(1000 * float(np.median(seconds)), 1), round(1000 * max(seconds), 1)]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--minutes", type=float, default=4.0, help="Of the song.")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="drumscribe-refining-") as folder:
        found = measure(options.minutes, Path(folder))
    if options.json:
        print(json.dumps(found))
        return
    for name, value in found.items():
        print(f"{name:40} {value}")


if __name__ == "__main__":
    main()

"""Memory of every process of the embedded service: at rest, at work, and after many jobs.

    python -m lab.bench.service.memory [--jobs 500] [--seconds 1] [--json]

Starts `drumscribe serve` and hands in short pieces of the example, a few at a time; each is heard
and engraved. Counted is what each process has for itself and its share of what it has with others
(PSS, Linux): after the start, at most while the jobs run, and when nothing is left to do.
"""

from __future__ import annotations

import argparse
import json
import re
import tempfile
import time
from pathlib import Path

import httpx

from job_worlds import short_song
from lab.bench.service.load import EXAMPLE, embedded_environment_of
from service_fixtures import free_port
from service_processes import Command, processes_below, wait_for

AT_ONCE = 10
REST_SECONDS = 5.0


def megabytes_of(process_id: int) -> float:
    """PSS of a process, in 10^6 bytes; 0 if it is gone."""
    try:
        text = Path(f"/proc/{process_id}/smaps_rollup").read_text()
    except OSError:
        return 0.0
    found = re.search(r"^Pss:\s+(\d+) kB", text, flags=re.MULTILINE)
    return 0.0 if found is None else int(found[1]) * 1024 / 1e6


def memory_of(api: Command) -> dict[str, float]:
    """Role -> memory; children of workers (decoders, engravers) count with their worker."""
    found = {"api": megabytes_of(api.process.pid)}
    for child in sorted(api.children()):
        line = processes_below(api.process.pid).get(child, "")
        queue = re.search(r"--queue (\S+)", line)
        if queue is None:
            continue
        role = f"worker {queue[1]}"
        while role in found:
            role += "'"
        found[role] = sum(map(megabytes_of, [child, *processes_below(child)]))
    return {role: round(megabytes, 1) for role, megabytes in found.items()}


def measure(jobs: int, seconds: float, folder: Path) -> dict[str, dict[str, float] | float]:
    """Memory at rest, at most, after."""
    port = free_port()
    environment = embedded_environment_of(folder, port)
    (folder / "data").mkdir()
    song = short_song(EXAMPLE, folder / "song.wav", seconds=seconds).read_bytes()
    api = Command("serve", environment=environment, log=folder / "serve.log")
    try:
        wait_for(lambda: "DrumScribe runs on" in api.output(), "the API")
        time.sleep(REST_SECONDS)
        rest = memory_of(api)
        most = dict(rest)
        ended = 0
        began = time.monotonic()
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:
            client.post("/api/v1/session").raise_for_status()
            running: list[str] = []
            sent = 0
            while ended < jobs:
                while len(running) < AT_ONCE and sent < jobs:
                    answer = client.post(
                        "/api/v1/jobs",
                        files={"file": ("song.wav", song)},
                        data={"separation": "never"},
                    )
                    running.append(answer.raise_for_status().json()["job_id"])
                    sent += 1
                states = {i: client.get(f"/api/v1/jobs/{i}").json()["status"] for i in running}
                assert "failed" not in states.values()
                running = [i for i in running if states[i] != "completed"]
                ended = sent - len(running)
                for role, megabytes in memory_of(api).items():
                    most[role] = max(most.get(role, 0.0), megabytes)
                time.sleep(0.2)
        took = time.monotonic() - began
        time.sleep(REST_SECONDS)
        return {"rest": rest, "most": most, "after": memory_of(api), "seconds": round(took, 1)}
    finally:
        api.kill()


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--jobs", type=int, default=500)
    parser.add_argument("--seconds", type=float, default=1.5, help="Of each recording.")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="drumscribe-memory-") as folder:
        found = measure(options.jobs, options.seconds, Path(folder))
    if options.json:
        print(json.dumps(found))
        return
    for name, value in found.items():
        print(f"{name:8} {value}")


if __name__ == "__main__":
    main()

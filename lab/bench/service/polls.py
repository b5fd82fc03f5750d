"""How many status polls a second one API process answers, and the memory of a large upload.

    python -m lab.bench.service.polls [--jobs 1000] [--seconds 10] [--clients 1 10 100] [--json]

Fills a database with jobs in every state, then polls GET /jobs/{id} from 1, 10 and 100 connections,
on SQLite and on PostgreSQL: each asks again as soon as it is answered, so the times at many
connections are those of a queue. The clients are on the same machine and cost it as much as the
API does. Then uploads 50 MB and watches the memory of the API process (Linux).
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import numpy as np

from drumscribe.bootstrap import Service
from drumscribe.domain.jobs import InputType, JobFacts, JobRequest, Step
from drumscribe.ports import JobStore
from service_fixtures import PostgresServer, free_port
from service_processes import Command, settings_for, wait_for

UPLOAD_BYTES = 49_900_000
_FLAC_HEAD = b"fLaC\x00\x00\x00\x22"


def fill(jobs: JobStore, count: int) -> list[UUID]:
    """Jobs in every state, as a busy installation has them."""
    ids = []
    later = datetime.now(UTC) + timedelta(days=1)
    for number in range(count):
        request = JobRequest(input_type=InputType.UPLOAD, title=f"Song {number}")
        job, _ = jobs.submit(uuid4(), f"key:{number % 50}", request, None, max_active=count)
        ids.append(job.id)
        for step in list(Step)[: number % (len(Step) + 1)]:
            claim = jobs.claim(job.id, step, lease_seconds=86_400, max_attempts=3)
            assert claim is not None
            facts = JobFacts(duration_seconds=200.0, hit_summary={"kick": 1})
            jobs.finish_step(claim, artifacts=(), facts=facts, expires_at=later)
    return ids


def poll(base_url: str, ids: list[UUID], seconds: float, seed: int) -> list[float]:
    """Ask for one job after the other for some time; returns the times of the answers (s)."""
    chance = np.random.default_rng(seed)
    took = []
    with httpx.Client(base_url=base_url, timeout=30) as client:
        end = time.monotonic() + seconds
        while (began := time.monotonic()) < end:
            answer = client.get(f"/api/v1/jobs/{ids[chance.integers(len(ids))]}")
            answer.raise_for_status()
            took.append(time.monotonic() - began)
    return took


@contextmanager
def serving(environment: dict[str, str], folder: Path) -> Iterator[tuple[Command, str]]:
    """An API without workers, and its address."""
    port = free_port()
    command = Command(
        "serve", "--no-workers", environment={**environment, "API_PORT": str(port)},
        log=folder / "serve.log",
    )  # fmt: skip
    try:
        wait_for(lambda: "DrumScribe runs on" in command.output(), "the API")
        yield command, f"http://127.0.0.1:{port}"
    finally:
        command.kill()


def measure_polls(
    options: argparse.Namespace, folder: Path, url: str | None
) -> dict[str, dict[str, float]]:
    """One database; number of clients -> how many polls were answered, and how fast."""
    folder.mkdir()
    environment = environment_of(folder)
    if url is not None:
        environment["DATABASE_URL"] = url
    Path(environment["DATA_DIR"]).mkdir()
    service = Service(settings_for(environment))
    service.upgrade_database()
    ids = fill(service.jobs, options.jobs)
    service.close()
    with serving(environment, folder) as (_, base_url):
        poll(base_url, ids, 1.0, 0)
        return {
            f"{clients} clients": measure_clients(base_url, ids, options.seconds, clients)
            for clients in options.clients
        }


def measure_clients(base_url: str, ids: list[UUID], seconds: float, count: int) -> dict[str, float]:
    """So many clients at once for some time."""
    with ThreadPoolExecutor(count) as clients:
        found = clients.map(lambda seed: poll(base_url, ids, seconds, seed), range(count))
        took = np.array([answer for client in found for answer in client])
    p50, p95, p99 = np.percentile(took * 1000, [50, 95, 99])
    return {
        "polls_per_second": round(len(took) / seconds),
        "p50_ms": round(float(p50), 1),
        "p95_ms": round(float(p95), 1),
        "p99_ms": round(float(p99), 1),
    }


def environment_of(folder: Path) -> dict[str, str]:
    """Settings of an API on files in a folder."""
    return {
        "DATA_DIR": str(folder / "data"),
        "RATE_LIMIT_PER_MINUTE": "0",
        "CREATE_LIMIT_PER_MINUTE": "0",
        "MAX_CONCURRENT_JOBS_PER_USER": "1000",
        "LOG_LEVEL": "WARNING",
        "OMP_NUM_THREADS": "1",
    }


def measure_upload(folder: Path) -> dict[str, Any]:
    """Resident memory of the API before, and at most during, uploads of 50 MB, four at a time."""
    folder.mkdir()
    content = _FLAC_HEAD + os.urandom(UPLOAD_BYTES)
    with serving(environment_of(folder), folder) as (command, base_url):

        def upload(_: int) -> None:
            with httpx.Client(base_url=base_url, timeout=120) as client:
                client.post("/api/v1/jobs", files={"file": ("song.flac", content)})

        upload(0)  # whatever is loaded by the first one
        before = resident_bytes(command.process.pid)
        peak = before
        is_over = threading.Event()

        def watch() -> None:
            nonlocal peak
            while not is_over.wait(0.02):
                peak = max(peak, resident_bytes(command.process.pid))

        watcher = threading.Thread(target=watch)
        watcher.start()
        began = time.monotonic()
        with ThreadPoolExecutor(4) as clients:
            list(clients.map(upload, range(4)))
        seconds = time.monotonic() - began
        is_over.set()
        watcher.join()
    return {
        "uploads": 4,
        "bytes_each": len(content),
        "seconds": round(seconds, 1),
        "resident_before_mb": round(before / 1e6, 1),
        "resident_peak_mb": round(peak / 1e6, 1),
    }


def measured(database: str, by_clients: dict[str, dict[str, float]]) -> dict[str, dict[str, float]]:
    """The same, named by the database too."""
    return {f"{database}, {clients}": values for clients, values in by_clients.items()}


def resident_bytes(process_id: int) -> int:
    """What the process has in memory now (Linux)."""
    pages = int(Path(f"/proc/{process_id}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--jobs", type=int, default=1000)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--clients", type=int, nargs="+", default=[1, 10, 100])
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="drumscribe-polls-") as name:
        folder = Path(name)
        (folder / "postgres").mkdir()
        postgres = PostgresServer(folder / "postgres")
        try:
            pg = postgres.new_database()
            found = {
                **measured("sqlite", measure_polls(options, folder / "sqlite", None)),
                **measured("postgresql", measure_polls(options, folder / "pg", pg)),
                "upload": measure_upload(folder / "upload"),
            }
        finally:
            postgres.stop()
    if options.json:
        print(json.dumps(found))
        return
    for name, values in found.items():
        print(name, *(f"{key}={value}" for key, value in values.items()))


if __name__ == "__main__":
    main()

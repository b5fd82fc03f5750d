"""Many jobs by many clients while workers are killed: is every job done, and done once?

    python -m lab.bench.service.load [--jobs 200] [--clients 20] [--workers 3]
                                      [--kill-every 5] [--flush-redis] [--json]

Starts PostgreSQL, Redis, the API, the clock and the workers (Celery) as the tests do. Every few
seconds one worker gets SIGKILL, with its child in the middle of a step, and another takes its
place. With --flush-redis all messages are lost and Redis is restarted once a third is done.

Exit code 1 if a job is lost, does not complete, or completes twice.
"""

from __future__ import annotations

import argparse
import collections
import hashlib
import json
import random
import sys
import tempfile
import threading
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx

from drumscribe.bootstrap import Service
from job_worlds import short_song
from lab.places import EXAMPLES
from service_fixtures import PostgresServer, RedisServer, free_port
from service_processes import Command, settings_for, wait_for

EXAMPLE = EXAMPLES / "funk-rock.flac"
SONG_SECONDS = 3.0
PATIENCE_SECONDS = 3600.0


@dataclass
class Installation:
    """The servers and processes of one run."""

    environment: dict[str, str]
    folder: Path
    n_workers: int
    workers: list[Command] = field(default_factory=list)
    kills: int = 0
    started: int = 0

    def start(self) -> tuple[Command, Command]:
        """The API, the clock and the workers."""
        api = self._command("serve")
        beat = self._command("worker", "--beat")
        self.workers = [self._command("worker") for _ in range(self.n_workers)]
        wait_for(lambda: "DrumScribe runs on" in api.output(), "the API")
        return api, beat

    def _command(self, *arguments: str) -> Command:
        self.started += 1
        log = self.folder / f"{self.started:03}-{arguments[0]}.log"
        return Command(*arguments, environment=self.environment, log=log)

    def kill_one(self, chance: random.Random) -> None:
        """SIGKILL for one worker and its children; another one starts."""
        victim = chance.randrange(len(self.workers))
        self.workers[victim].kill()
        self.kills += 1
        self.workers[victim] = self._command("worker")


def submit_and_wait(base_url: str, song: bytes, count: int, patience_end: float) -> list[str]:
    """One client: sends its jobs, then asks until all have ended; returns their ids."""
    with httpx.Client(base_url=base_url, timeout=60) as client:
        client.post("/api/v1/session")
        ids = []
        for number in range(count):
            answer = client.post(
                "/api/v1/jobs",
                files={"file": (f"{number}.wav", song)},
                data={"separation": "never"},
                headers={"Idempotency-Key": str(number)},
            )
            answer.raise_for_status()
            ids.append(answer.json()["job_id"])
        waiting = set(ids)
        while waiting and time.monotonic() < patience_end:
            for job_id in list(waiting):
                state = client.get(f"/api/v1/jobs/{job_id}").json()
                if state["status"] in ("completed", "failed", "cancelled"):
                    waiting.discard(job_id)
            time.sleep(1.0)
        return ids


def environment_of(folder: Path, port: int, database_url: str, redis_url: str) -> dict[str, str]:
    """Settings of a service on Celery without quotas, which is quick to see that workers died."""
    return embedded_environment_of(folder, port) | {
        "DATABASE_URL": database_url,
        "QUEUE_BACKEND": "celery",
        "REDIS_URL": redis_url,
    }


def embedded_environment_of(folder: Path, port: int) -> dict[str, str]:
    """The same in one command, on a folder."""
    return {
        "DATA_DIR": str(folder / "data"),
        "API_PORT": str(port),
        "MODEL_CACHE_DIR": str(folder / "models"),
        "DRUMSCRIBE_OFFLINE": "true",
        "PDF_BACKEND": "none",
        "INFERENCE_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "MIN_DURATION_SECONDS": "1",
        "MAX_CONCURRENT_JOBS_PER_USER": "1000000",
        "RATE_LIMIT_PER_MINUTE": "0",
        "CREATE_LIMIT_PER_MINUTE": "0",
        "LEASE_SECONDS": "6",
        "MAX_ATTEMPTS": "10",
        "POLL_INTERVAL_SECONDS": "0.2",
        "RECONCILE_INTERVAL_SECONDS": "2",
        "LOG_LEVEL": "WARNING",
    }


def judge(service: Service, ids: list[str]) -> dict[str, Any]:
    """What became of the jobs, from the database."""
    endings: collections.Counter[str] = collections.Counter()
    twice = 0
    again = 0
    broken = 0
    for job_id in ids:
        job = service.jobs.get(UUID(job_id))
        if job is None:
            endings["lost"] += 1
            continue
        endings[job.status.value] += 1
        events = [e for e in service.jobs.events(job.id, after=0, limit=5000) if e.kind == "status"]
        completions = sum(event.data["status"] == "completed" for event in events)
        twice += completions > 1
        again += sum(event.data["attempt"] > 1 and event.data["status"] == "running"
                     for event in events)  # fmt: skip
        for artifact in service.jobs.artifacts(job.id):
            content = b"".join(service.storage.open(artifact.stored.key))
            broken += hashlib.sha256(content).hexdigest() != artifact.stored.sha256
    return {
        "endings": dict(endings),
        "completed_twice": twice,
        "steps_begun_again": again,
        "wrong_files": broken,
    }


def run(options: argparse.Namespace, folder: Path) -> dict[str, Any]:
    """One run from an empty database to the verdict."""
    (folder / "postgres").mkdir()
    (folder / "redis").mkdir()
    postgres, redis = PostgresServer(folder / "postgres"), RedisServer(folder / "redis")
    port = free_port()
    environment = environment_of(folder, port, postgres.new_database(), redis.url)
    song = short_song(EXAMPLE, folder / "song.wav", seconds=SONG_SECONDS).read_bytes()
    installation = Installation(environment, folder, options.workers)
    service = Service(settings_for(environment))
    processes: list[Command] = []
    chance = random.Random(options.seed)
    try:
        processes += installation.start()
        began = time.monotonic()
        end = began + PATIENCE_SECONDS
        share = options.jobs // options.clients
        is_over = threading.Event()
        flushed_at = None
        with ThreadPoolExecutor(options.clients) as clients:
            futures = [
                clients.submit(submit_and_wait, f"http://127.0.0.1:{port}", song, share, end)
                for _ in range(options.clients)
            ]
            next_kill = began + options.kill_every
            while not all(future.done() for future in futures):
                is_over.wait(0.2)
                if options.kill_every and time.monotonic() > next_kill:
                    installation.kill_one(chance)
                    next_kill = time.monotonic() + options.kill_every
                stats = service.jobs.stats().by_status
                completed = next((n for s, n in stats.items() if s.value == "completed"), 0)
                if options.flush_redis and flushed_at is None and completed > options.jobs / 3:
                    redis.flush()
                    redis.restart()
                    flushed_at = completed
            ids = [job_id for future in futures for job_id in future.result()]
        seconds = time.monotonic() - began
        return {
            "jobs": len(ids),
            "different_ids": len(set(ids)),
            "clients": options.clients,
            "workers": options.workers,
            "seconds": round(seconds, 1),
            "workers_killed": installation.kills,
            "redis_flushed_after_jobs": flushed_at,
            **judge(service, ids),
        }
    finally:
        for command in (*processes, *installation.workers):
            command.kill()
        service.close()
        redis.stop()
        postgres.stop()


def tell(found: Mapping[str, Any], *, as_json: bool) -> None:
    """Print the figures of a run."""
    if as_json:
        print(json.dumps(found))
        return
    for name, value in found.items():
        print(f"{name:26} {value}")


def main() -> int:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--jobs", type=int, default=200)
    parser.add_argument("--clients", type=int, default=20)
    parser.add_argument("--workers", type=int, default=3)
    parser.add_argument("--kill-every", type=float, default=5.0, help="Seconds; 0: never.")
    parser.add_argument("--flush-redis", action="store_true")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="drumscribe-load-") as folder:
        found = run(options, Path(folder))
    tell(found, as_json=options.json)
    is_whole = (
        found["endings"] == {"completed": found["jobs"]}
        and found["different_ids"] == found["jobs"]
        and not found["completed_twice"]
        and not found["wrong_files"]
    )
    return 0 if is_whole else 1


if __name__ == "__main__":
    sys.exit(main())

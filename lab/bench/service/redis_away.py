"""Redis goes away under load, again and again, and no worker is replaced: does each work again?

    python -m lab.bench.service.redis_away [--rounds 20] [--seconds 30] [--workers 3] [--json]

Starts PostgreSQL, Redis, the API, the clock and Celery workers as the tests do. Recordings that are
refused at once are handed in all the while, so that acknowledgements are lost when Redis goes.
After each absence the seconds are counted until every worker has taken a step. Exit code 1 if one
took none within two minutes, ended itself, complained of itself, or if a job was lost.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import httpx

from drumscribe.bootstrap import Service
from lab.bench.service.load import environment_of, tell
from service_fixtures import PostgresServer, RedisServer, free_port
from service_processes import Command, settings_for, wait_for

BROKEN = b"RIFF\x24\x00\x00\x00WAVEfmt " + bytes(200)
PATIENCE_SECONDS = 120.0
JOBS_A_SECOND = 2.0
_STEPS = re.compile(r'drumscribe_steps_total\{.*outcome="(?!stale).*\} ([0-9.e+]+)')


def steps_of(port: int) -> float:
    """Steps that the worker with this port of metrics has taken."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
        return sum(float(number) for number in _STEPS.findall(answer.read().decode()))


def complains(port: int) -> bool:
    """Whether the worker's health check says that it hears nothing, or does not answer."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=10):
            return False
    except (urllib.error.URLError, OSError):
        return True


class Load(threading.Thread):
    """Hands recordings in until it is stopped; ids: of the jobs that were acknowledged."""

    def __init__(self, base_url: str) -> None:
        super().__init__()
        self.base_url = base_url
        self.is_over = threading.Event()
        self.ids: list[str] = []
        self.sent_again = 0

    def run(self) -> None:
        with httpx.Client(base_url=self.base_url, timeout=60) as client:
            client.post("/api/v1/session").raise_for_status()
            number = 0
            while not self.is_over.wait(1.0 / JOBS_A_SECOND):
                number += 1
                # Repeated under its key until it is acknowledged, so that none is made unseen.
                while (answer := self._send(client, f"job-{number}")) is None:
                    self.sent_again += 1
                    time.sleep(1.0)
                self.ids.append(answer)

    def _send(self, client: httpx.Client, key: str) -> str | None:
        try:
            answer = client.post(
                "/api/v1/jobs",
                files={"file": ("broken.wav", BROKEN)},
                headers={"Idempotency-Key": key},
            )
        except httpx.HTTPError:
            return None
        return answer.json()["job_id"] if answer.status_code == 202 else None


def until_all_work(ports: list[int], before: list[float]) -> list[float | None]:
    """Seconds until each worker has taken a step more; None for one that takes none."""
    began = time.monotonic()
    took: list[float | None] = [None] * len(ports)
    while None in took and time.monotonic() - began < PATIENCE_SECONDS:
        for number, port in enumerate(ports):
            if took[number] is None and steps_of(port) > before[number]:
                took[number] = round(time.monotonic() - began, 1)
        time.sleep(0.25)
    return took


def run(options: argparse.Namespace, folder: Path) -> dict[str, Any]:
    """All rounds, and what became of the jobs."""
    for name in ("postgres", "redis"):
        (folder / name).mkdir()
    postgres, redis = PostgresServer(folder / "postgres"), RedisServer(folder / "redis")
    port = free_port()
    environment = environment_of(folder, port, postgres.new_database(), redis.url)
    ports = [free_port() for _ in range(options.workers)]
    service = Service(settings_for(environment))
    running: list[Command] = []
    rounds: list[list[float | None]] = []
    complaints = 0
    try:
        running.append(Command("serve", environment=environment, log=folder / "api.log"))
        wait_for(lambda: "DrumScribe runs on" in running[0].output(), "the API")
        running.append(
            Command("worker", "--beat", environment=environment, log=folder / "beat.log")
        )
        workers = [
            Command(
                "worker", "--queue", "default", "--concurrency", "2",
                environment={**environment, "PROMETHEUS_PORT": str(own)},
                log=folder / f"worker-{own}.log",
            )
            for own in ports
        ]  # fmt: skip
        running += workers
        load = Load(f"http://127.0.0.1:{port}")
        load.start()
        try:
            wait_for(lambda: all(not complains(own) and steps_of(own) > 0 for own in ports), "work")
            for _ in range(options.rounds):
                redis.stop()
                time.sleep(options.seconds)
                before = [steps_of(own) for own in ports]
                redis.start()
                rounds.append(until_all_work(ports, before))
                complaints += sum(complains(own) for own in ports)
                if not options.json:
                    print("seconds until each worker works again:", rounds[-1], flush=True)
        finally:
            load.is_over.set()
            load.join()
        ids = load.ids
        states = {"failed": 0}

        def all_have_ended() -> bool:
            states.clear()
            states.update({s.value: n for s, n in service.jobs.stats().by_status.items() if n})
            return states == {"failed": len(ids)}

        # On a busy machine they are handed in faster than they are done.
        patience_seconds = PATIENCE_SECONDS + len(ids) / JOBS_A_SECOND * 10
        wait_for(all_have_ended, f"the end of {len(ids)} jobs", seconds=patience_seconds)
        took = [seconds for each in rounds for seconds in each if seconds is not None]
        return {
            "rounds": options.rounds,
            "seconds_away": options.seconds,
            "workers": options.workers,
            "jobs": len(ids),
            "sent_again": load.sent_again,
            "endings": states,
            "deaf": sum(each.count(None) for each in rounds),
            "ended_themselves": sum(worker.process.poll() is not None for worker in workers),
            "complaints": complaints,
            "seconds_until_work_median": sorted(took)[len(took) // 2],
            "seconds_until_work_most": max(took),
            "log_bytes": sum(command.log.stat().st_size for command in running),
        }
    finally:
        for command in running:
            command.kill()
        service.close()
        redis.stop()
        postgres.stop()


def main() -> int:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--workers", type=int, default=3)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="drumscribe-redis-away-") as folder:
        found = run(options, Path(folder))
    tell(found, as_json=options.json)
    return 1 if found["deaf"] or found["ended_themselves"] or found["complaints"] else 0


if __name__ == "__main__":
    sys.exit(main())

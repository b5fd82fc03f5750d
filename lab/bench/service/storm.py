"""Real songs through the real networks while everything around them breaks: what is lost?

    python -m lab.bench.service.storm [--songs 30] [--mode embedded|celery|both] [--json]
                                       [--seconds 10] [--kill-every 8] [--redis-away 30]

Embedded: one `drumscribe serve`; its workers get SIGKILL every few seconds, and once the whole of
it with all its children. Celery: API, clock and three workers on PostgreSQL, Redis and S3; workers
get SIGKILL, Redis is emptied and stays away, PostgreSQL is stopped, the line to S3 is cut, each
while songs are under way. Every client repeats what was not acknowledged, as the guide to the API
says. The songs are pieces of a recording, each beginning elsewhere; each has a webhook.

Exit code 1 if a song is lost, fails, completes twice, has a wrong file, if its webhook is not told
under one id, if a secret stands in a log, or if a worker ended itself because it was deaf.
"""

from __future__ import annotations

import argparse
import collections
import json
import os
import random
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import soundfile
from moto.server import ThreadedMotoServer

from drumscribe.bootstrap import Service
from drumscribe.domain.jobs import JobStatus
from gates import Gate, port_of
from lab.bench.service.load import EXAMPLE, embedded_environment_of, environment_of, judge
from otlp_collector import Collector, collecting
from planted_secrets import DATABASE_PASSWORD, REDIS_PASSWORD, SECRETS
from service_fixtures import PostgresServer, RedisServer, S3Server, free_port
from service_processes import Command, processes_below, settings_for, wait_for

PATIENCE_SECONDS = 1500.0
AWAY_SECONDS = 10.0
DEAF_EXIT_CODE = 70


@dataclass
class Outage:
    """Something was away; until: when it was back."""

    what: str
    until: datetime


@dataclass
class Installation:
    """The processes of one run. workers: those that get killed; all: every one that ever was."""

    environment: dict[str, str]
    folder: Path
    api: Command = field(init=False)
    workers: dict[str, Command] = field(default_factory=dict)
    all: list[Command] = field(default_factory=list)
    kills: int = 0
    outages: list[Outage] = field(default_factory=list)

    def start(self, *arguments: str) -> Command:
        number = len(self.all)
        log = self.folder / f"{number:03}-{arguments[0]}.log"
        command = Command(*arguments, environment=self.environment, log=log)
        self.all.append(command)
        return command

    def start_api(self) -> None:
        self.api = self.start("serve")
        wait_for(lambda: "DrumScribe runs on" in self.api.output(), "the API")

    @contextmanager
    def away(self, what: str, seconds: float) -> Iterator[None]:
        """Something is stopped before and started after."""
        yield
        time.sleep(seconds)
        self.outages.append(Outage(what, datetime.now(UTC)))


def pieces(count: int, seconds: float, folder: Path) -> list[bytes]:
    """Pieces of the example, each beginning elsewhere."""
    samples, rate = soundfile.read(EXAMPLE, dtype="float32", always_2d=True)
    length = int(seconds * rate)
    step = (len(samples) - length) // max(1, count - 1)
    songs = []
    for number in range(count):
        path = folder / f"piece-{number}.wav"
        soundfile.write(path, samples[number * step : number * step + length], rate)
        songs.append(path.read_bytes())
    return songs


def hand_in(base_url: str, webhook: str, songs: list[bytes], ids: list[str]) -> None:
    """One client that repeats each song under its key until it is acknowledged."""
    with httpx.Client(base_url=base_url, timeout=60) as client:
        for number, song in enumerate(songs):
            while True:
                try:
                    if not client.cookies:
                        client.post("/api/v1/session").raise_for_status()
                    answer = client.post(
                        "/api/v1/jobs",
                        files={"file": (f"piece-{number}.wav", song)},
                        data={"separation": "never", "webhook_url": f"{webhook}/hook/{number}"},
                        headers={"Idempotency-Key": f"piece-{number}"},
                    )
                    if answer.status_code == 202:
                        ids.append(answer.json()["job_id"])
                        break
                except httpx.HTTPError:
                    pass
                time.sleep(1.0)


def endings(service: Service) -> collections.Counter[JobStatus]:
    """Jobs by status; empty while nobody answers."""
    try:
        return collections.Counter(service.jobs.stats().by_status)
    except Exception:  # the database is away, which is the point
        return collections.Counter()


def storm(
    home: Installation,
    service: Service,
    options: argparse.Namespace,
    kill: Callable[[random.Random], None],
    blows: list[Callable[[], None]],
) -> dict[str, Any]:
    """Hand the songs in, kill and cut until all have ended, and judge.

    blows: what breaks beside workers; spread over the songs that are done.
    """
    songs = pieces(options.songs, options.seconds, home.folder)
    chance = random.Random(options.seed)
    ids: list[str] = []
    with collecting() as collector:
        port = home.environment["API_PORT"]
        client = threading.Thread(
            target=hand_in, args=(f"http://127.0.0.1:{port}", collector.url, songs, ids)
        )
        began = time.monotonic()
        client.start()
        struck = 0
        next_kill = began + options.kill_every
        while time.monotonic() < began + PATIENCE_SECONDS:
            time.sleep(0.25)
            now = endings(service)
            over = sum(count for status, count in now.items() if status.is_terminal)
            if over >= options.songs and not client.is_alive():
                break
            if struck < len(blows) and over >= (struck + 1) * options.songs / (len(blows) + 2):
                blows[struck]()
                struck += 1
            if time.monotonic() > next_kill:
                kill(chance)
                home.kills += 1
                next_kill = time.monotonic() + options.kill_every
        seconds = time.monotonic() - began
        client.join(60)
        wait_for(lambda: len(told(collector)) >= len(ids), "the webhooks", seconds=120)
    logs = [command.output() for command in home.all]
    secrets = [*SECRETS.values(), DATABASE_PASSWORD, REDIS_PASSWORD]
    hooks = told(collector)
    return {
        "acknowledged": len(ids),
        "different_ids": len(set(ids)),
        "kills": home.kills,
        "outages": [outage.what for outage in home.outages],
        "minutes": round(seconds / 60, 1),
        **judge(service, ids),
        "seconds_to_recover": recoveries(service, ids, home.outages),
        "deaf_workers": sum(c.process.poll() == DEAF_EXIT_CODE for c in home.all),
        "jobs_told_by_webhook": len(hooks),
        "webhooks_with_two_ids": sum(len(found) > 1 for found in hooks.values()),
        "webhooks_sent_again": sum(sum(found.values()) - 1 for found in hooks.values()),
        "log_kilobytes": round(sum(map(len, logs)) / 1e3),
        "secrets_found": sum(secret in log for secret in secrets for log in logs),
    }


def told(collector: Collector) -> dict[str, collections.Counter[str]]:
    """Job -> webhook ids and how often each came."""
    found: dict[str, collections.Counter[str]] = {}
    for headers, body in list(collector.received):
        job = json.loads(body)["data"]["job_id"]
        found.setdefault(job, collections.Counter())[headers["webhook-id"]] += 1
    return found


def recoveries(service: Service, ids: list[str], outages: list[Outage]) -> list[float | None]:
    """After each outage: seconds until a step of a song began or ended again."""
    moments = sorted(
        event.created_at
        for job_id in ids
        for event in service.jobs.events(UUID(job_id), after=0, limit=5000)
        if event.kind == "status"
    )
    return [
        next(
            (
                round((moment - outage.until).total_seconds(), 1)
                for moment in moments
                if moment > outage.until
            ),
            None,
        )
        for outage in outages
    ]


def embedded(options: argparse.Namespace, folder: Path) -> dict[str, Any]:
    """One command."""
    environment = embedded_environment_of(folder, free_port())
    home = Installation({**environment, **SECRETS, **_webhooks()}, folder)
    service = Service(settings_for(home.environment))
    (folder / "data").mkdir()
    service.upgrade_database()

    def kill_worker(chance: random.Random) -> None:
        workers = [pid for pid, line in processes_below(home.api.process.pid).items()
                   if " worker " in line]  # fmt: skip
        if workers:
            _kill(chance.choice(workers))

    def kill_all() -> None:
        with home.away("everything killed", 1.0):
            home.api.kill()
        home.start_api()

    try:
        home.start_api()
        return storm(home, service, options, kill_worker, [kill_all, kill_all])
    finally:
        for command in home.all:
            command.kill()
        service.close()


def _kill(process_id: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(process_id, signal.SIGKILL)


def _webhooks() -> dict[str, str]:
    return {"WEBHOOK_ALLOW_HTTP": "true", "WEBHOOK_ALLOW_PRIVATE_ADDRESSES": "true"}


def on_celery(options: argparse.Namespace, folder: Path) -> dict[str, Any]:
    """API, clock and three workers on PostgreSQL, Redis and S3."""
    for name in ("postgres", "redis", "data"):
        (folder / name).mkdir()
    postgres = PostgresServer(folder / "postgres")
    redis = RedisServer(folder / "redis", password=REDIS_PASSWORD)
    moto = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    moto.start()
    s3 = S3Server("http://127.0.0.1:{1}".format(*moto.get_host_and_port()))
    gate = Gate(port_of(s3.endpoint_url))
    gate.start()
    database = postgres.new_database().replace("postgres@", f"postgres:{DATABASE_PASSWORD}@")
    environment = environment_of(folder, free_port(), database, redis.url) | {
        **SECRETS,
        **_webhooks(),
        "STORAGE_BACKEND": "s3",
        "S3_BUCKET": s3.new_bucket(),
        "S3_ENDPOINT_URL": f"http://127.0.0.1:{gate.port}",
    }
    home = Installation(environment, folder)
    service = Service(settings_for(environment))

    def start_worker(name: str) -> None:
        queue = () if name == "both" else ("--queue", name)
        home.workers[name] = home.start("worker", *queue)

    def kill_worker(chance: random.Random) -> None:
        name = chance.choice(sorted(home.workers))
        home.workers[name].kill()
        start_worker(name)

    def empty_redis() -> None:
        redis.flush()
        with home.away("Redis emptied and away", options.redis_away):
            redis.stop()
        redis.start()

    def stop_postgres() -> None:
        with home.away("PostgreSQL away", AWAY_SECONDS):
            postgres.stop()
        postgres.start()

    def cut_s3() -> None:
        with home.away("S3 cut", AWAY_SECONDS):
            gate.shut()
        gate.is_open = True

    try:
        home.start_api()
        home.start("worker", "--beat")
        for name in ("both", "default", "heavy-compute"):
            start_worker(name)
        return storm(home, service, options, kill_worker, [empty_redis, stop_postgres, cut_s3])
    finally:
        for command in home.all:
            command.kill()
        service.close()
        moto.stop()
        redis.stop()
        postgres.stop()


def is_whole(found: dict[str, Any], songs: int) -> bool:
    """Whether nothing went wrong."""
    return (
        found["endings"] == {"completed": songs}
        and found["acknowledged"] == found["different_ids"] == songs
        and found["jobs_told_by_webhook"] == songs
        and not any(
            found[name]
            for name in (
                "completed_twice", "wrong_files", "webhooks_with_two_ids", "secrets_found",
                "deaf_workers",
            )
        )
    )  # fmt: skip


def main() -> int:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--songs", type=int, default=30)
    parser.add_argument("--seconds", type=float, default=10.0, help="Of each song.")
    parser.add_argument("--mode", choices=("embedded", "celery", "both"), default="both")
    parser.add_argument("--kill-every", type=float, default=8.0, help="Seconds.")
    parser.add_argument("--redis-away", type=float, default=30.0, help="Seconds.")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    modes = {"embedded": embedded, "celery": on_celery}
    chosen = modes if options.mode == "both" else {options.mode: modes[options.mode]}
    is_good = True
    for name, run in chosen.items():
        with tempfile.TemporaryDirectory(prefix="drumscribe-storm-") as folder:
            found = run(options, Path(folder))
        is_good = is_good and is_whole(found, options.songs)
        if options.json:
            print(json.dumps({"mode": name, **found}), flush=True)
            continue
        print(name)
        for key, value in found.items():
            print(f"  {key:26} {value}", flush=True)
    return 0 if is_good else 1


if __name__ == "__main__":
    sys.exit(main())

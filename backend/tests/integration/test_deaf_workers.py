"""Redis goes away and comes back: workers take work again, or end themselves and say so before."""

from __future__ import annotations

import select
import signal
import socket
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from drumscribe.bootstrap import Service
from drumscribe.domain.jobs import JobStatus, Step
from service_fixtures import PostgresServer, RedisServer, free_port
from service_processes import Command, catch, current, settings_for, submit, wait_for

BROKEN = b"RIFF\x24\x00\x00\x00WAVEfmt " + bytes(200)


@dataclass
class Line:
    """A line to Redis. Those that are open can be made mute: nothing breaks, nothing arrives."""

    target: int
    port: int = field(default_factory=free_port)
    _muted: set[socket.socket] = field(default_factory=set)
    _open: set[socket.socket] = field(default_factory=set)

    def start(self) -> None:
        listener = socket.create_server(("127.0.0.1", self.port))
        threading.Thread(target=self._accept, args=(listener,), daemon=True).start()

    def mute(self) -> None:
        """All that are open now; new ones work."""
        self._muted |= self._open

    def _accept(self, listener: socket.socket) -> None:
        while True:
            client, _ = listener.accept()
            with suppress(OSError):
                server = socket.create_connection(("127.0.0.1", self.target))
                self._open.add(client)
                threading.Thread(target=self._carry, args=(client, server), daemon=True).start()

    def _carry(self, client: socket.socket, server: socket.socket) -> None:
        with client, server, suppress(OSError):
            while True:
                ready, _, _ = select.select([client, server], [], [], 0.1)
                for end in ready:
                    content = end.recv(65536)
                    if not content:
                        return
                    if client not in self._muted:
                        (server if end is client else client).sendall(content)


@pytest.fixture
def environment(postgres: PostgresServer, redis: RedisServer, tmp_path: Path) -> dict[str, str]:
    redis.flush()
    return {
        "DATA_DIR": str(tmp_path / "data"),
        "DATABASE_URL": postgres.new_database(),
        "QUEUE_BACKEND": "celery",
        "REDIS_URL": redis.url,
        "MODEL_CACHE_DIR": str(tmp_path / "models"),
        "DRUMSCRIBE_OFFLINE": "true",
        "LEASE_SECONDS": "4",
        "PROMETHEUS_PORT": str(free_port()),
    }


@pytest.fixture
def service(environment: dict[str, str]) -> Iterator[Service]:
    service = Service(settings_for(environment))
    service.upgrade_database()
    yield service
    service.close()


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    """One that a light worker refuses at once."""
    path = tmp_path / "broken.wav"
    path.write_bytes(BROKEN)
    return path


def health(environment: dict[str, str]) -> int:
    """The status of the worker's health check; 0 if nobody answers."""
    try:
        url = f"http://127.0.0.1:{environment['PROMETHEUS_PORT']}/health"
        with urllib.request.urlopen(url, timeout=5) as answer:
            status: int = answer.status
            return status
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


def test_worker_that_hears_nothing_complains_and_ends_and_its_follower_does_the_work(
    environment: dict[str, str], service: Service, recording: Path, tmp_path: Path
) -> None:
    redis_port = int(environment["REDIS_URL"].rpartition(":")[2].partition("/")[0])
    line = Line(redis_port)
    line.start()
    through = {
        **environment,
        "WORKER_DEAF_SECONDS": "12",
        "REDIS_URL": f"redis://127.0.0.1:{line.port}/0",
    }
    worker = Command("worker", "--queue", "default", environment=through, log=tmp_path / "1.log")
    try:
        wait_for(lambda: health(environment) == 200, "the worker")
        line.mute()
        job = submit(service, recording)
        wait_for(lambda: health(environment) == 503, "the complaint")
        assert worker.process.wait(60) == 70
        assert "It ends itself" in worker.output()
        assert current(service, job.id).status is JobStatus.QUEUED
    finally:
        worker.kill()
    follower = Command("worker", "--queue", "default", environment=through, log=tmp_path / "2.log")
    try:
        service.reconcile()
        wait_for(lambda: current(service, job.id).status is JobStatus.FAILED, "the work")
    finally:
        follower.kill()


def test_same_worker_takes_work_again_when_redis_was_away_and_its_log_is_short(
    environment: dict[str, str],
    service: Service,
    redis: RedisServer,
    recording: Path,
    tmp_path: Path,
) -> None:
    worker = Command("worker", "--queue", "default", environment=environment, log=tmp_path / "log")
    try:
        wait_for(lambda: health(environment) == 200, "the worker")
        for _ in range(2):
            # Redis goes while the step runs: its acknowledgement is lost.
            job = catch(service, Step.INGEST_AUDIO, lambda: submit(service, recording).id)
            redis.stop()
            wait_for(lambda: current(service, job.id).status is JobStatus.FAILED, "the step")  # noqa: B023
            time.sleep(1)
            during = submit(service, recording)
            redis.start()
            after = submit(service, recording)
            service.reconcile()
            for late in (during, after):
                wait_for(
                    lambda: current(service, late.id).status is JobStatus.FAILED,  # noqa: B023
                    "the work of the same worker",
                    seconds=90,
                )
        assert health(environment) == 200
        assert worker.stop(signal.SIGTERM) == 0
        assert len(worker.output()) < 20_000
    finally:
        worker.kill()

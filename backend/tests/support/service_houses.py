"""The whole service as its clients see it: one embedded command, or API and workers on Celery.

Use: in tests/conftest.py's pytest_plugins, so that `house` can be asked for anywhere; it is made
once per test module and mode.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from drumscribe.bootstrap import Service
from drumscribe.core.telemetry import metrics_folder
from otlp_collector import Collector, collecting
from service_fixtures import free_port
from service_processes import Command, processes_below, settings_for, wait_for


@dataclass
class House:
    """A running service.

    client: talks to its API. service: its ports, from outside. running: the API's process first.
    temporary: the TMPDIR of its processes.
    """

    client: httpx.Client
    service: Service
    collector: Collector
    running: list[Command]
    temporary: Path

    def post(self, song: Path, **fields: str) -> httpx.Response:
        files = {"file": (song.name, song.read_bytes())}
        data = {"separation": "never", **fields}
        return self.client.post("/api/v1/jobs", files=files, data=data)

    def submit(self, song: Path, **fields: str) -> str:
        """The address of a new job."""
        answer = self.post(song, **fields)
        assert answer.status_code == 202, answer.text
        return answer.headers["location"]

    def ended(self, url: str) -> dict[str, Any]:
        """The state of a job once it has ended."""

        def state() -> dict[str, Any]:
            found: dict[str, Any] = self.client.get(url).json()
            return found

        wait_for(
            lambda: state()["status"] in ("completed", "failed", "cancelled"), f"the end of {url}"
        )
        return state()

    def workers(self) -> dict[int, str]:
        """Process id -> command line of everything that belongs to the service now (Linux)."""
        found: dict[int, str] = {}
        for command in self.running:
            found |= processes_below(command.process.pid)
        return found


@contextmanager
def running_house(
    folder: Path, changes: Mapping[str, str], *commands: tuple[str, ...]
) -> Iterator[House]:
    """A service of these commands (the API first), with changes of the environment."""
    port = free_port()
    temporary = folder / "tmp"
    temporary.mkdir()
    with collecting() as collector:
        environment = {
            "DATA_DIR": str(folder / "data"),
            "MODEL_CACHE_DIR": str(folder / "models"),
            "WEB_ROOT": str(folder / "no-page"),
            "TMPDIR": str(temporary),
            "DRUMSCRIBE_OFFLINE": "true",
            "PDF_BACKEND": "none",
            "INFERENCE_THREADS": "1",
            "LEASE_SECONDS": "4",
            "POLL_INTERVAL_SECONDS": "0.1",
            "RECONCILE_INTERVAL_SECONDS": "1",
            "API_PORT": str(port),
            "WEBHOOK_ALLOW_HTTP": "true",
            "WEBHOOK_ALLOW_PRIVATE_ADDRESSES": "true",
            "OTEL_EXPORTER_OTLP_ENDPOINT": collector.url,
            **changes,
        }
        Path(environment["DATA_DIR"]).mkdir()
        service = Service(settings_for(environment))
        service.upgrade_database()
        running = [
            Command(*command, environment=environment, log=folder / f"{number}.log")
            for number, command in enumerate(commands)
        ]
        try:
            wait_for(lambda: "DrumScribe runs on" in running[0].output(), "the API")
            with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:
                client.post("/api/v1/session").raise_for_status()
                yield House(client, service, collector, running, temporary)
        finally:
            for command in running:
                command.kill()
            service.close()
            shutil.rmtree(metrics_folder(service.settings.data_dir), ignore_errors=True)


def mode_of(
    request: pytest.FixtureRequest, mode: str
) -> tuple[dict[str, str], list[tuple[str, ...]]]:
    """Environment and commands of a mode: embedded or celery."""
    if mode == "embedded":
        return {}, [("serve",)]
    redis = request.getfixturevalue("redis")
    redis.flush()
    changes = {
        "QUEUE_BACKEND": "celery",
        "REDIS_URL": redis.url,
        "DATABASE_URL": request.getfixturevalue("postgres").new_database(),
    }
    return changes, [("serve",), ("worker", "--concurrency", "2"), ("worker", "--beat")]


@pytest.fixture(scope="module", params=["embedded", "celery"])
def house(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[House]:
    """Settings of a module's own: a dictionary HOUSE in it."""
    changes, commands = mode_of(request, request.param)
    own: Mapping[str, str] = getattr(request.module, "HOUSE", {})
    folder = tmp_path_factory.mktemp(request.param)
    with running_house(folder, {**changes, **own}, *commands) as house:
        yield house

"""The embedded mode: one command, killed and stopped in the middle of things."""

from __future__ import annotations

import os
import signal
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from drumscribe.bootstrap import Service
from drumscribe.domain.jobs import JobStatus, Step
from drumscribe.queue.local import Supervisor
from service_processes import (
    Command,
    assert_whole,
    current,
    is_running,
    lengthened,
    settings_for,
    submit_and_catch,
    wait_for,
    wait_for_end,
)

DRUMSCRIBE = [sys.executable, "-m", "drumscribe"]


@pytest.fixture
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    values = {
        "DATA_DIR": str(tmp_path / "data"),
        "MODEL_CACHE_DIR": str(tmp_path / "models"),
        "DRUMSCRIBE_OFFLINE": "true",
        "PDF_BACKEND": "none",
        "INFERENCE_THREADS": "1",
        "LEASE_SECONDS": "3",
        "POLL_INTERVAL_SECONDS": "0.1",
        "API_PORT": "0",
    }
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    return values


@pytest.fixture
def service(environment: dict[str, str]) -> Iterator[Service]:
    service = Service(settings_for(environment))
    service.upgrade_database()
    yield service
    service.close()


@pytest.fixture
def long_song(example_song: Path, tmp_path: Path) -> Path:
    return lengthened(example_song, tmp_path / "song.wav", seconds=80)


def test_local_worker_killed_mid_step_is_replaced_and_the_job_completes(
    service: Service, long_song: Path
) -> None:
    supervisor = Supervisor(
        [
            (
                queue,
                [sys.executable, "-m", "drumscribe", "worker", "--queue", queue, "--supervised"],
            )
            for queue in ("default", "heavy-compute")
        ],
        service.sign_of_life,
    )
    supervisor.start()
    try:
        service.doorbell.ping()
        job = submit_and_catch(service, long_song, Step.PREDICT_HITS)
        os.kill(supervisor.process_ids["heavy-compute"], signal.SIGKILL)
        done = wait_for_end(service, job.id)
    finally:
        supervisor.stop(grace_seconds=30)
    assert_whole(service, done)
    events = service.jobs.events(job.id, after=0, limit=1000)
    attempts = [
        event.data["attempt"]
        for event in events
        if event.kind == "status"
        and (event.data["status"], event.data["step"]) == ("running", "predict_hits")
    ]
    assert attempts == [1, 2]


def test_serve_interrupted_mid_step_goes_on_at_the_next_start(
    service: Service, environment: dict[str, str], long_song: Path, tmp_path: Path
) -> None:
    first = Command("serve", environment=environment, log=tmp_path / "first.log")
    try:
        wait_for(lambda: "DrumScribe runs on" in first.output(), "the first start")
        job = submit_and_catch(service, long_song, Step.PREDICT_HITS)
        workers = first.children()
        assert len(workers) == 3  # two light, one heavy
        assert first.stop(signal.SIGINT) == 0
    finally:
        first.kill()
    assert not any(is_running(worker) for worker in workers)
    waiting = current(service, job.id)
    assert (waiting.status, waiting.step) == (JobStatus.QUEUED, Step.PREDICT_HITS)
    assert waiting.attempt == 0
    second = Command("serve", environment=environment, log=tmp_path / "second.log")
    try:
        assert_whole(service, wait_for_end(service, job.id))
    finally:
        second.kill()


def test_serve_killed_takes_its_workers_along(environment: dict[str, str], tmp_path: Path) -> None:
    serve = Command("serve", environment=environment, log=tmp_path / "serve.log")
    workers: list[int] = []
    try:
        wait_for(lambda: "DrumScribe runs on" in serve.output(), "the start")
        address = serve.output().partition("runs on ")[2].split()[0]
        with urllib.request.urlopen(f"{address}/readyz", timeout=30) as answer:
            assert answer.status == 200
        workers = serve.children()
        assert len(workers) == 3  # two light, one heavy
        serve.process.kill()
        wait_for(lambda: not any(is_running(worker) for worker in workers), "the workers' end")
    finally:
        serve.kill()
        for worker in workers:
            if is_running(worker):
                os.kill(worker, signal.SIGKILL)


def test_serve_on_a_port_that_is_taken_says_so(environment: dict[str, str], tmp_path: Path) -> None:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        serve = Command("serve", "--port", port, environment=environment, log=tmp_path / "log")
        assert serve.process.wait(240) == 1
    assert "--port" in serve.output()
    assert "Traceback" not in serve.output()

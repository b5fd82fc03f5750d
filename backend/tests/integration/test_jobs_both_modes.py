"""The service as its clients see it, once as one embedded command, once on Celery and PostgreSQL.

What dies and is restarted is tested in test_jobs_embedded and test_jobs_celery; here both keep the
same promises over HTTP.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest

from drumscribe.bootstrap import Service
from drumscribe.core.config import DEVELOPMENT_WEBHOOK_SECRET
from drumscribe.domain.jobs import JobStatus, Step
from job_worlds import short_song
from otlp_collector import Collector, collecting
from service_fixtures import free_port
from service_processes import (
    Command,
    assert_whole,
    catch,
    lengthened,
    settings_for,
    submit_and_catch,
    wait_for,
    wait_for_end,
)


@dataclass
class House:
    """A running service. client: talks to its API. service: its ports, from outside."""

    client: httpx.Client
    service: Service
    collector: Collector


@pytest.fixture(scope="module", params=["embedded", "celery"])
def house(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[House]:
    folder = tmp_path_factory.mktemp(request.param)
    port = free_port()
    with collecting() as collector:
        environment = {
            "DATA_DIR": str(folder / "data"),
            "MODEL_CACHE_DIR": str(folder / "models"),
            "WEB_ROOT": str(folder / "no-page"),
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
        }
        commands: list[tuple[str, ...]] = [("serve",)]
        if request.param == "celery":
            redis_url = request.getfixturevalue("redis").url
            request.getfixturevalue("redis").flush()
            database_url = request.getfixturevalue("postgres").new_database()
            environment |= {
                "QUEUE_BACKEND": "celery", "REDIS_URL": redis_url, "DATABASE_URL": database_url
            }  # fmt: skip
            commands += [("worker", "--concurrency", "2"), ("worker", "--beat")]
        service = Service(settings_for(environment))
        Path(environment["DATA_DIR"]).mkdir()
        service.upgrade_database()
        running = [
            Command(*command, environment=environment, log=folder / f"{number}.log")
            for number, command in enumerate(commands)
        ]
        try:
            wait_for(lambda: "DrumScribe runs on" in running[0].output(), "the API")
            with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:
                client.post("/api/v1/session").raise_for_status()
                yield House(client, service, collector)
        finally:
            for command in running:
                command.kill()
            service.close()


@pytest.fixture(scope="module")
def clip(example_song: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return short_song(example_song, tmp_path_factory.mktemp("clip") / "clip.wav")


@pytest.fixture(scope="module")
def long_song(example_song: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return lengthened(example_song, tmp_path_factory.mktemp("long") / "song.wav", seconds=80)


def post(house: House, song: Path, **fields: str) -> httpx.Response:
    files = {"file": (song.name, song.read_bytes())}
    return house.client.post("/api/v1/jobs", files=files, data={"separation": "never", **fields})


def ended(house: House, url: str) -> dict[str, Any]:
    """The state of a job once it has ended."""

    def state() -> dict[str, Any]:
        found: dict[str, Any] = house.client.get(url).json()
        return found

    wait_for(lambda: state()["status"] in ("completed", "failed", "cancelled"), f"the end of {url}")
    return state()


def test_job_is_told_to_its_webhook_once_signed_and_traced(house: House, clip: Path) -> None:
    accepted = post(house, clip, webhook_url=f"{house.collector.url}/hook")
    url = accepted.headers["location"]
    assert ended(house, url)["status"] == "completed"
    wait_for(lambda: len(house.collector.received) > 0, "the webhook")
    ((headers, body),) = house.collector.received
    event = json.loads(body)
    assert event["data"]["job_id"] == accepted.json()["job_id"]
    key = base64.b64decode(DEVELOPMENT_WEBHOOK_SECRET.removeprefix("whsec_"))
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    expected = base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
    assert headers["webhook-signature"] == f"v1,{expected}"

    def delivered() -> bool:
        log = house.client.get(f"{url}/deliveries").json()
        return [entry["status"] for entry in log] == ["delivered"]

    wait_for(delivered, "the delivery in the log")
    names = {"POST /api/v1/jobs", "send webhook", *(step.value for step in Step)}
    wait_for(lambda: names <= set(house.collector.spans), "the spans")
    traces = {house.collector.spans[name].trace_id for name in names}
    assert len(traces) == 1


def test_events_end_with_the_job_and_carry_its_state(house: House, clip: Path) -> None:
    url = post(house, clip).headers["location"]
    said = []
    with house.client.stream("GET", f"{url}/events") as stream:
        for line in stream.iter_lines():
            if line.startswith('data: {"'):
                said.append(json.loads(line[6:]))
    assert said[-1]["status"] == "completed"
    assert [entry["progress"] for entry in said] == sorted(entry["progress"] for entry in said)
    assert all({"stage", "queue_position", "eta_seconds"} <= set(entry) for entry in said)


def test_twenty_uploads_at_once_at_quota_three_give_three(house: House, clip: Path) -> None:
    quota = house.service.settings.max_concurrent_jobs_per_user
    with ThreadPoolExecutor(20) as clients:
        answers = list(clients.map(lambda _: post(house, clip), range(20)))
    accepted = [answer for answer in answers if answer.status_code == 202]
    refused = [answer for answer in answers if answer.status_code == 429]
    assert len(accepted) + len(refused) == 20
    # Jobs that have ended meanwhile make room for others.
    assert len(accepted) >= quota == 3
    assert all(answer.json()["code"] == "quota_exceeded" for answer in refused)
    for answer in accepted:
        assert ended(house, answer.headers["location"])["status"] == "completed"


def test_job_deleted_while_somebody_works_on_it_is_cancelled_and_swept(
    house: House, long_song: Path
) -> None:
    job_id = catch(
        house.service, Step.PREDICT_HITS, lambda: UUID(post(house, long_song).json()["job_id"])
    ).id
    url = f"/api/v1/jobs/{job_id}"
    assert house.client.delete(url).json()["deleted"] is False
    assert ended(house, url)["status"] == "cancelled"
    wait_for(
        lambda: house.service.sweep() >= 0 and not house.service.jobs.artifacts(job_id),
        "the sweep",
    )


def test_sweep_while_a_job_runs_takes_none_of_its_files(house: House, long_song: Path) -> None:
    job = submit_and_catch(house.service, long_song, Step.PREDICT_HITS)
    house.service.sweep()
    done = wait_for_end(house.service, job.id)
    assert done.status is JobStatus.COMPLETED
    house.service.sweep()
    assert_whole(house.service, done)

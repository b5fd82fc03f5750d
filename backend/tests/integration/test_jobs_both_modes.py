"""The service as its clients see it, once as one embedded command, once on Celery and PostgreSQL.

What dies and is restarted is tested in test_jobs_embedded and test_jobs_celery; here both keep the
same promises over HTTP.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import UUID

import pytest

from drumscribe.core.config import DEVELOPMENT_WEBHOOK_SECRET
from drumscribe.domain.jobs import JobStatus, Step
from job_worlds import short_song
from service_houses import House
from service_processes import (
    assert_whole,
    catch,
    lengthened,
    submit_and_catch,
    wait_for,
    wait_for_end,
)


@pytest.fixture(scope="module")
def clip(example_song: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return short_song(example_song, tmp_path_factory.mktemp("clip") / "clip.wav")


@pytest.fixture(scope="module")
def long_song(example_song: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return lengthened(example_song, tmp_path_factory.mktemp("long") / "song.wav", seconds=80)


def test_job_is_told_to_its_webhook_once_signed_and_traced(house: House, clip: Path) -> None:
    accepted = house.post(clip, webhook_url=f"{house.collector.url}/hook")
    url = accepted.headers["location"]
    assert house.ended(url)["status"] == "completed"
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
    url = house.post(clip).headers["location"]
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
        answers = list(clients.map(lambda _: house.post(clip), range(20)))
    accepted = [answer for answer in answers if answer.status_code == 202]
    refused = [answer for answer in answers if answer.status_code == 429]
    assert len(accepted) + len(refused) == 20
    # Jobs that have ended meanwhile make room for others.
    assert len(accepted) >= quota == 3
    assert all(answer.json()["code"] == "quota_exceeded" for answer in refused)
    for answer in accepted:
        assert house.ended(answer.headers["location"])["status"] == "completed"


def test_job_deleted_while_somebody_works_on_it_is_cancelled_and_swept(
    house: House, long_song: Path
) -> None:
    job_id = catch(
        house.service, Step.PREDICT_HITS, lambda: UUID(house.post(long_song).json()["job_id"])
    ).id
    url = f"/api/v1/jobs/{job_id}"
    assert house.client.delete(url).json()["deleted"] is False
    assert house.ended(url)["status"] == "cancelled"
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

"""The production set-up: Celery with Redis, PostgreSQL and S3; workers and servers that die."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from drumscribe.bootstrap import Service
from drumscribe.domain.jobs import JobStatus, Step
from drumscribe.errors import QueueUnavailable
from drumscribe.queue.celery import CeleryDoorbell, CeleryOptions, create_celery_app
from job_worlds import short_song
from service_fixtures import PostgresServer, RedisServer, S3Server, free_port
from service_processes import (
    Command,
    assert_whole,
    current,
    lengthened,
    settings_for,
    submit,
    submit_and_catch,
    wait_for,
    wait_for_end,
)


class Installation:
    """Two workers and the clock of the periodic work, on servers of the tests."""

    def __init__(self, environment: dict[str, str], folder: Path) -> None:
        self.environment = environment
        self.folder = folder
        self.service = Service(settings_for(environment))
        self.service.upgrade_database()
        self._number = 0
        self.default = self.start("worker", "--queue", "default", "--concurrency", "2")
        self.heavy = self.start_heavy()
        self.beat = self.start("worker", "--beat")

    def start(self, *arguments: str) -> Command:
        self._number += 1
        log = self.folder / f"{self._number}.log"
        return Command(*arguments, environment=self.environment, log=log)

    def start_heavy(self) -> Command:
        return self.start("worker", "--queue", "heavy-compute")

    def close(self) -> None:
        for command in (self.default, self.heavy, self.beat):
            command.kill()
        self.service.close()


@pytest.fixture(scope="module")
def installation(
    postgres: PostgresServer,
    redis: RedisServer,
    s3: S3Server,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Installation]:
    folder = tmp_path_factory.mktemp("celery")
    redis.flush()
    database_url = postgres.new_database()
    environment = {
        "DATA_DIR": str(folder / "data"),
        "DATABASE_URL": database_url,
        "QUEUE_BACKEND": "celery",
        "REDIS_URL": redis.url,
        "STORAGE_BACKEND": "s3",
        "S3_BUCKET": s3.new_bucket(),
        "S3_ENDPOINT_URL": s3.endpoint_url,
        "S3_ACCESS_KEY_ID": s3.access_key_id,
        "S3_SECRET_ACCESS_KEY": s3.secret_access_key,
        "MODEL_CACHE_DIR": str(folder / "models"),
        "DRUMSCRIBE_OFFLINE": "true",
        "PDF_BACKEND": "none",
        "INFERENCE_THREADS": "1",
        "LEASE_SECONDS": "4",
        "RECONCILE_INTERVAL_SECONDS": "2",
    }
    installation = Installation(environment, folder)
    yield installation
    installation.close()
    postgres.drop_database(database_url)


@pytest.fixture(scope="module")
def clip(example_song: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return short_song(example_song, tmp_path_factory.mktemp("clip") / "clip.wav")


@pytest.fixture(scope="module")
def long_song(example_song: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return lengthened(example_song, tmp_path_factory.mktemp("long") / "song.wav", seconds=80)


def test_job_over_celery_completes_and_messages_that_come_twice_change_nothing(
    installation: Installation, clip: Path
) -> None:
    service = installation.service
    job = submit(service, clip)
    for _ in range(3):
        service.doorbell.ring(Step.INGEST_AUDIO, job.id)
    done = wait_for_end(service, job.id)
    service.doorbell.ring(Step.TRANSCRIBE_AND_EXPORT, job.id)
    assert_whole(service, done)
    running = [
        event.data["step"]
        for event in service.jobs.events(job.id, after=0, limit=1000)
        if event.kind == "status" and event.data["status"] == "running"
    ]
    assert running == [step.value for step in Step]
    assert current(service, job.id).status is JobStatus.COMPLETED


def test_redis_flushed_while_jobs_are_queued_loses_none(
    installation: Installation, redis: RedisServer, clip: Path
) -> None:
    service = installation.service
    jobs = [submit(service, clip) for _ in range(3)]
    redis.flush()
    for job in jobs:
        assert_whole(service, wait_for_end(service, job.id))


def test_celery_worker_killed_mid_step_is_followed_by_another_and_the_job_completes(
    installation: Installation, long_song: Path
) -> None:
    service = installation.service
    job = submit_and_catch(service, long_song, Step.PREDICT_HITS)
    installation.heavy.kill()
    installation.heavy = installation.start_heavy()
    assert_whole(service, wait_for_end(service, job.id))
    attempts = [
        event.data["attempt"]
        for event in service.jobs.events(job.id, after=0, limit=1000)
        if event.kind == "status"
        and (event.data["status"], event.data["step"]) == ("running", "predict_hits")
    ]
    assert attempts == [1, 2]


def test_pool_child_killed_mid_step_does_not_stop_its_worker(
    installation: Installation, long_song: Path
) -> None:
    service = installation.service
    job = submit_and_catch(service, long_song, Step.PREDICT_HITS)
    for child in installation.heavy.children():
        os.kill(child, signal.SIGKILL)
    assert_whole(service, wait_for_end(service, job.id))
    assert installation.heavy.process.poll() is None


def test_celery_worker_stopped_mid_step_gives_the_step_back_uncounted(
    installation: Installation, long_song: Path
) -> None:
    service = installation.service
    job = submit_and_catch(service, long_song, Step.PREDICT_HITS)
    assert installation.heavy.stop(signal.SIGTERM) == 0
    waiting = current(service, job.id)
    installation.heavy = installation.start_heavy()
    assert (waiting.status, waiting.step) == (JobStatus.QUEUED, Step.PREDICT_HITS)
    assert waiting.attempt == 0
    assert_whole(service, wait_for_end(service, job.id))


def test_database_restarted_while_a_job_runs_does_not_lose_it(
    installation: Installation, postgres: PostgresServer, long_song: Path
) -> None:
    service = installation.service
    job = submit_and_catch(service, long_song, Step.PREDICT_HITS)
    postgres.restart()
    assert_whole(service, wait_for_end(service, job.id))


def test_redis_restarted_while_jobs_wait_loses_none(
    installation: Installation, redis: RedisServer, clip: Path
) -> None:
    service = installation.service
    jobs = [submit(service, clip) for _ in range(2)]
    redis.stop()
    late = submit(service, clip)
    redis.start()
    for job in [*jobs, late]:
        assert_whole(service, wait_for_end(service, job.id))


def test_job_cancelled_while_a_celery_worker_is_at_it_stops(
    installation: Installation, long_song: Path
) -> None:
    service = installation.service
    scratch = service.settings.effective_scratch_dir
    # Workers that other tests killed may have left theirs.
    others = set(scratch.glob("drumscribe-work-*"))
    job = submit_and_catch(service, long_song, Step.PREDICT_HITS)
    service.jobs.request_cancel(job.id, expires_at=job.created_at)
    ended = wait_for_end(service, job.id)
    assert (ended.status, ended.step) == (JobStatus.CANCELLED, Step.PREDICT_HITS)
    assert (ended.lease_token, ended.lease_expires_at) == (None, None)
    wait_for(lambda: set(scratch.glob("drumscribe-work-*")) <= others, "the scratch folder")
    wait_for(lambda: service.sweep() >= 0 and not service.jobs.artifacts(job.id), "the sweep")


def test_doorbell_without_a_broker_says_so_soon() -> None:
    options = CeleryOptions(
        redis_url=f"redis://127.0.0.1:{free_port()}/0",
        step_time_limit_seconds=60,
        light_step_time_limit_seconds=60,
        shutdown_grace_seconds=5,
        worker_max_memory_mb=3500,
        reconcile_interval_seconds=5,
    )
    bell = CeleryDoorbell(create_celery_app(options))
    with pytest.raises(QueueUnavailable):
        bell.ping()
    with pytest.raises(QueueUnavailable):
        bell.ring(Step.INGEST_AUDIO, uuid4())

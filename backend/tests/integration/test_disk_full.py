"""Disks that are full in the middle of a step, as the local runner meets them in real steps."""

from __future__ import annotations

import errno
import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO
from uuid import UUID

import pytest

from drumscribe.db.engine import create_database_engine
from drumscribe.db.job_store.store import SqlJobStore
from drumscribe.db.schema import upgrade_schema
from drumscribe.domain.artifacts import StoredObject
from drumscribe.domain.jobs import Job, JobStatus, Step
from drumscribe.queue.local import work
from drumscribe.services.songs.read_job import read_result
from drumscribe.services.steps.run_step import StepOutcome, StepReport
from drumscribe.services.sweep_artifacts import sweep_artifacts
from drumscribe.storage import local, streams
from drumscribe.storage.local import LocalStorage
from job_worlds import World, clock_of_today, short_song
from service_processes import wait_for

WRITING = [Step.INGEST_AUDIO, Step.PREDICT_HITS, Step.TRANSCRIBE_AND_EXPORT]


@pytest.fixture(scope="module")
def clip(example_song: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return short_song(example_song, tmp_path_factory.mktemp("clip") / "clip.wav")


@dataclass
class Disk:
    """room: files that still fit; of the next one half is written, then there is no space left."""

    room: int = 1_000_000
    refused: int = 0

    def write(
        self, key: str, stream: IO[bytes], target: IO[bytes], *, max_bytes: int | None = None
    ) -> StoredObject:
        if self.room > 0:
            self.room -= 1
            return streams.write_hashed(key, stream, target, max_bytes=max_bytes)
        content = stream.read()
        target.write(content[: len(content) // 2])
        target.flush()
        self.refused += 1
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@dataclass
class Runner:
    """The local queue's loop in a thread, over real steps and a real database."""

    world: World
    disk: Disk
    fill_at: tuple[Step, int] | None = None
    reports: list[StepReport] = field(default_factory=list)

    def do_step(self, job_id: UUID, step: Step) -> bool:
        if self.fill_at is not None and self.fill_at[0] is step:
            self.disk.room = self.fill_at[1]
        options = replace(self.world.options, retry_delay_seconds=0.05, lease_seconds=30)
        report = self.world.run(job_id, step, options=options)
        if report.outcome is not StepOutcome.NOT_CLAIMED:
            self.reports.append(report)
        return report.outcome is not StepOutcome.NOT_CLAIMED

    def outcomes(self, step: Step) -> list[StepOutcome]:
        return [report.outcome for report in self.reports if report.step is step]

    def ended(self, job: Job) -> Job:
        wait_for(lambda: self.world.job(job.id).status.is_terminal, "the end of the job")
        return self.world.job(job.id)


@pytest.fixture
def runner(tmp_path: Path, sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Runner]:
    disk = Disk()
    monkeypatch.setattr(local, "write_hashed", disk.write)
    engine = create_database_engine(sqlite_url)
    upgrade_schema(engine)
    storage = LocalStorage(tmp_path / "artifacts")
    world = World(SqlJobStore(engine), storage, clock_of_today(), tmp_path)
    runner = Runner(world, disk)
    stop = threading.Event()
    thread = threading.Thread(
        target=work,
        args=(world.jobs, list(Step), runner.do_step),
        kwargs={"stop": stop, "poll_seconds": 0.02},
    )
    thread.start()
    yield runner
    stop.set()
    thread.join()
    engine.dispose()


def assert_nothing_half_written(runner: Runner, job: Job) -> None:
    world = runner.world
    sweep_artifacts(world.jobs, world.storage)  # what only the steps needed
    assert world.stored_files(job.id) == world.recorded_files(job.id)
    assert not list((world.folder / "artifacts" / ".partial").iterdir())
    assert not list((world.folder / "scratch").iterdir())
    for artifact in world.jobs.artifacts(job.id):
        content = b"".join(world.storage.open(artifact.stored.key))
        assert len(content) == artifact.stored.size_bytes


@pytest.mark.parametrize("step", WRITING)
def test_disk_full_for_good_fails_the_job_and_the_next_one_is_done(
    runner: Runner, clip: Path, step: Step
) -> None:
    # The first file of the step fits, the second does not.
    runner.fill_at = (step, 1)
    job = runner.world.submit(clip)
    ended = runner.ended(job)
    assert (ended.status, ended.step, ended.error_code) == (JobStatus.FAILED, step, "storage_full")
    assert ended.error_message == "There is no room left to store files."
    assert (ended.lease_token, ended.attempt) == (None, runner.world.max_attempts)
    assert runner.disk.refused == runner.world.max_attempts
    assert_nothing_half_written(runner, job)

    runner.fill_at, runner.disk.room = None, 1_000_000
    following = runner.world.submit(clip)
    assert runner.ended(following).status is JobStatus.COMPLETED
    assert_nothing_half_written(runner, following)


@pytest.mark.parametrize("step", WRITING)
def test_disk_that_has_room_again_lets_the_step_be_done(
    runner: Runner, clip: Path, step: Step
) -> None:
    runner.fill_at = (step, 1)
    job = runner.world.submit(clip)
    wait_for(lambda: runner.disk.refused > 0, "the full disk")
    runner.fill_at, runner.disk.room = None, 1_000_000
    ended = runner.ended(job)
    assert ended.status is JobStatus.COMPLETED, ended
    wait_for(lambda: runner.outcomes(step)[-1:] == [StepOutcome.FINISHED], "the report")
    assert runner.outcomes(step)[0] is StepOutcome.RETRIED
    codes = {report.error_code for report in runner.reports} - {None}
    assert codes == {"storage_full"}
    assert read_result(runner.world.jobs, runner.world.storage, ended).document["hits"]
    assert_nothing_half_written(runner, job)

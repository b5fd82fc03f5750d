"""Jobs that are cancelled and files that are swept, on every store, with the real pipeline."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from drumscribe.domain.jobs import Claim, Job, JobStatus, Step
from drumscribe.services.songs.cancel_job import cancel_job
from drumscribe.services.steps.run_step import StepOutcome
from drumscribe.services.sweep_artifacts import sweep_artifacts
from job_worlds import OWNER, World, after_claim

STEPS = list(Step)


@pytest.mark.parametrize("step", STEPS)
def test_cancel_while_a_step_is_queued_ends_the_job(world: World, clip: Path, step: Step) -> None:
    job = world.submit(clip)
    world.run_until(job.id, step)
    assert cancel_job(world.jobs, world.storage, job.id, owner=OWNER).status is JobStatus.CANCELLED
    assert world.run(job.id, step).outcome is StepOutcome.NOT_CLAIMED
    _assert_all_is_swept(world, job)


@pytest.mark.parametrize("step", STEPS)
def test_cancel_while_a_step_runs_stops_it(world: World, clip: Path, step: Step) -> None:
    job = world.submit(clip)
    world.run_until(job.id, step)
    report = world.run(
        job.id,
        step,
        around=after_claim(lambda _: cancel_job(world.jobs, world.storage, job.id, owner=OWNER)),
    )
    assert report.outcome is StepOutcome.CANCELLED
    assert world.job(job.id).status is JobStatus.CANCELLED
    assert world.stored_files(job.id) == world.recorded_files(job.id)
    _assert_all_is_swept(world, job)


def _assert_all_is_swept(world: World, job: Job) -> None:
    world.clock.advance(60)
    sweep_artifacts(world.jobs, world.storage)
    assert world.stored_files(job.id) == set()


def test_sweep_while_a_job_runs_takes_nothing(world: World, clip: Path) -> None:
    job = world.submit(clip)

    def sweep_much_later(_: Claim) -> None:
        world.clock.advance(25)
        assert sweep_artifacts(world.jobs, world.storage) == 0

    for step in STEPS[:2]:
        report = world.run(job.id, step, around=after_claim(sweep_much_later))
        assert report.outcome is StepOutcome.FINISHED
    assert world.stored_files(job.id) == world.recorded_files(job.id) != set()


def test_sweep_after_the_time_of_a_failed_job_takes_all_its_files(world: World, clip: Path) -> None:
    job = world.submit(clip)
    world.run(job.id, Step.INGEST_AUDIO)
    world.jobs.fail_by_operator(
        job.id, message="no", expires_at=datetime.now(UTC) + timedelta(hours=1)
    )
    assert sweep_artifacts(world.jobs, world.storage) == 0
    world.clock.advance(3700)
    assert sweep_artifacts(world.jobs, world.storage) == 3
    assert world.stored_files(job.id) == set()


def test_sweep_takes_what_killed_workers_left_without_a_row(world: World, clip: Path) -> None:
    job, other = world.submit(clip), world.submit(clip)
    left = f"jobs/{job.id}/ingest_audio/a-lost-token/audio.wav"
    world.storage.put_file(left, clip, media_type="audio/wav")
    cancel_job(world.jobs, world.storage, job.id, owner=OWNER)
    world.clock.advance(60)
    sweep_artifacts(world.jobs, world.storage)
    assert world.stored_files(job.id) == set()
    assert world.stored_files(other.id) == world.recorded_files(other.id) != set()

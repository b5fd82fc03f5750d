"""Songs that are handed in while things go wrong, on every store, with the real pipeline."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from drumscribe.domain.jobs import Job, JobRequest, Step
from drumscribe.errors import (
    IdempotencyConflict,
    NotAudio,
    PayloadTooLarge,
    QuotaExceeded,
    StoreUnavailable,
)
from drumscribe.ports import JobStore
from drumscribe.services.reconcile import reconcile
from drumscribe.services.steps.run_step import StepOutcome
from drumscribe.services.submit_job import SubmitOptions, submit_job
from drumscribe.testing import FakeDoorbell
from job_worlds import OWNER, World


class BrokenCommits:
    """A store whose submit fails like a database that goes away at the commit."""

    def __init__(self, jobs: JobStore, *, after_all: bool) -> None:
        self._jobs = jobs
        self._after_all = after_all

    def submit(
        self, job_id: object, owner: str, request: JobRequest, source: object, *, max_active: int
    ) -> tuple[Job, bool]:
        if self._after_all:
            self._jobs.submit(job_id, owner, request, source, max_active=max_active)  # type: ignore[arg-type]
        raise StoreUnavailable("The database does not answer.")

    def __getattr__(self, name: str) -> object:
        return getattr(self._jobs, name)


def test_commit_failure_on_submit_leaves_no_file(world: World, clip: Path) -> None:
    jobs = world.jobs
    world.jobs = BrokenCommits(jobs, after_all=False)  # type: ignore[assignment]
    with pytest.raises(StoreUnavailable):
        world.submit(clip)
    assert not list((world.folder / "artifacts" / "jobs").rglob("source"))
    assert world.doorbell.rings == []
    assert jobs.due(limit=10) == []


def test_commit_whose_answer_was_lost_still_counts(world: World, clip: Path) -> None:
    jobs = world.jobs
    world.jobs = BrokenCommits(jobs, after_all=True)  # type: ignore[assignment]
    job = world.submit(clip)
    assert world.doorbell.rings == [(Step.INGEST_AUDIO, job.id)]
    world.jobs = jobs
    assert world.run(job.id, Step.INGEST_AUDIO).outcome is StepOutcome.FINISHED


def test_twenty_submits_at_once_at_quota_three_give_three(world: World, clip: Path) -> None:
    barrier = threading.Barrier(20)

    def submit(_: int) -> bool:
        barrier.wait()
        try:
            world.submit(clip, max_active=3)
        except QuotaExceeded:
            return False
        return True

    with ThreadPoolExecutor(20) as pool:
        accepted = list(pool.map(submit, range(20)))
    assert sum(accepted) == 3
    assert len(list((world.folder / "artifacts" / "jobs").rglob("source"))) == 3


def test_same_idempotency_key_gives_the_same_job(world: World, clip: Path) -> None:
    first = world.submit(clip, idempotency_key="k1")
    again = world.submit(clip, idempotency_key="k1")
    assert again.id == first.id
    assert len(list((world.folder / "artifacts" / "jobs").rglob("source"))) == 1
    with pytest.raises(IdempotencyConflict):
        world.submit(clip, idempotency_key="k1", said={"bpm": 90.0})
    assert len(list((world.folder / "artifacts" / "jobs").rglob("source"))) == 1


def test_submit_refuses_what_is_not_audio_and_what_is_too_large(
    world: World, clip: Path, tmp_path: Path
) -> None:
    fake = tmp_path / "song.mp3"
    fake.write_bytes(b"%PDF-1.7 not a song at all")
    with pytest.raises(NotAudio):
        world.submit(fake)
    with clip.open("rb") as upload, pytest.raises(PayloadTooLarge):
        submit_job(
            world.jobs,
            world.storage,
            world.doorbell,
            owner=OWNER,
            request=JobRequest(input_type="upload", title="x"),  # type: ignore[arg-type]
            upload=upload,
            options=SubmitOptions(max_active=1, max_upload_bytes=10_000),
        )
    assert not list((world.folder / "artifacts").rglob("source"))


def test_submit_while_the_queue_is_away_is_made_good_by_the_reconciler(
    world: World, clip: Path
) -> None:
    world.doorbell.is_broken = True
    job = world.submit(clip)
    bell = FakeDoorbell()
    assert reconcile(world.jobs, bell) == 1
    assert bell.rings == [(Step.INGEST_AUDIO, job.id)]


def test_reconcile_does_not_pile_up_messages_of_a_long_queue(world: World, clip: Path) -> None:
    for _ in range(3):
        world.submit(clip)
    assert reconcile(world.jobs, FakeDoorbell(unheard=3)) == 0
    assert reconcile(world.jobs, FakeDoorbell(unheard=2)) == 3

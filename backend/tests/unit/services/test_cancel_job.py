"""Cancelling and deleting, while the job goes on by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, cast
from uuid import UUID

import pytest

from drumscribe.domain.artifacts import ArtifactKind
from drumscribe.domain.jobs import Job, JobStatus
from drumscribe.errors import JobNotFound
from drumscribe.ports import JobStore
from drumscribe.services.songs.cancel_job import cancel_job, dismiss_job
from drumscribe.storage.local import LocalStorage
from stores import Stores, a_file, complete, new_stores, seen, submit

OWNER = "anna"


@pytest.fixture
def stores(tmp_path: Path) -> Iterator[Stores]:
    with new_stores(tmp_path / "database") as made:
        yield made


@pytest.fixture
def storage(tmp_path: Path) -> LocalStorage:
    return LocalStorage(tmp_path / "artifacts")


class OnceLookedAt:
    """A store in which something happens as soon as a job was looked at."""

    def __init__(self, jobs: JobStore, act: Callable[[], object]) -> None:
        self._jobs, self._act = jobs, act

    def get(self, job_id: UUID) -> Job | None:
        found = self._jobs.get(job_id)
        act, self._act = self._act, lambda: None
        act()
        return found

    def __getattr__(self, name: str) -> Any:
        return getattr(self._jobs, name)


def once_looked_at(stores: Stores, act: Callable[[], object]) -> JobStore:
    return cast(JobStore, OnceLookedAt(stores.jobs, act))


def finished(stores: Stores, job: Job) -> Job:
    return complete(stores, job.id, a_file(ArtifactKind.PDF, key=f"jobs/{job.id}/page"))


def test_cancel_of_a_finished_song_leaves_it_as_it_is(
    stores: Stores, storage: LocalStorage
) -> None:
    job = finished(stores, submit(stores, owner=OWNER))
    assert cancel_job(stores.jobs, storage, job.id, owner=OWNER) == job
    assert seen(stores, job.id) == job
    assert len(stores.jobs.artifacts(job.id)) == 1


@pytest.mark.parametrize("act", [cancel_job, dismiss_job])
def test_song_that_is_completed_once_somebody_has_looked_is_kept(
    stores: Stores, storage: LocalStorage, act: Callable[..., object]
) -> None:
    job = submit(stores, owner=OWNER)
    jobs = once_looked_at(stores, lambda: finished(stores, job))
    act(jobs, storage, job.id, owner=OWNER)
    assert seen(stores, job.id).status is JobStatus.COMPLETED
    assert len(stores.jobs.artifacts(job.id)) == 1


def test_delete_of_a_song_that_is_completed_meanwhile_says_that_it_stays(
    stores: Stores, storage: LocalStorage
) -> None:
    job = submit(stores, owner=OWNER)
    gone = dismiss_job(
        once_looked_at(stores, lambda: finished(stores, job)), storage, job.id, owner=OWNER
    )
    assert (gone.job.status, gone.is_deleted) == (JobStatus.COMPLETED, False)


def test_delete_of_a_cancelled_job_that_gets_another_chance_cancels_it_again(
    stores: Stores, storage: LocalStorage
) -> None:
    job = submit(stores, owner=OWNER)
    stores.jobs.request_cancel(job.id, expires_at=stores.in_a_day())
    jobs = once_looked_at(stores, lambda: stores.jobs.requeue(job.id, None))
    gone = dismiss_job(jobs, storage, job.id, owner=OWNER)
    assert (gone.job.status, gone.is_deleted) == (JobStatus.CANCELLED, False)


def test_delete_of_a_song_that_somebody_else_deletes_first_finds_none(
    stores: Stores, storage: LocalStorage
) -> None:
    job = finished(stores, submit(stores, owner=OWNER))
    jobs = once_looked_at(stores, lambda: stores.jobs.mark_for_deletion(job.id))
    with pytest.raises(JobNotFound):
        dismiss_job(jobs, storage, job.id, owner=OWNER)


@pytest.mark.parametrize("act", [cancel_job, dismiss_job])
def test_job_of_somebody_else_is_not_found(
    stores: Stores, storage: LocalStorage, act: Callable[..., object]
) -> None:
    job = submit(stores, owner=OWNER)
    with pytest.raises(JobNotFound):
        act(stores.jobs, storage, job.id, owner="other")

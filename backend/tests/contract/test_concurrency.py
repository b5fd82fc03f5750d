"""Many at once, on the databases that processes share."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar
from uuid import uuid4

import pytest

from drumscribe.domain.artifacts import ArtifactKind
from drumscribe.domain.jobs import JobStatus, Step
from drumscribe.errors import IdempotencyConflict, QuotaExceeded
from stores import (
    ATTEMPTS,
    LEASE,
    Stores,
    a_file,
    a_request,
    claim,
    complete,
    event_kinds,
    finish,
    seen,
    submit,
)

T = TypeVar("T")


def at_once(count: int, act: Callable[[int], T]) -> list[T]:
    """Let threads do it in the same moment."""
    barrier = threading.Barrier(count)

    def run(number: int) -> T:
        barrier.wait()
        return act(number)

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


def test_submit_20_at_once_at_quota_3_gives_exactly_3(stores: Stores) -> None:
    def act(_: int) -> bool:
        try:
            submit(stores, source=a_file(), max_active=3)
        except QuotaExceeded:
            return False
        return True

    assert Counter(at_once(20, act)) == {True: 3, False: 17}
    assert stores.jobs.stats().by_status[JobStatus.QUEUED] == 3


def test_submit_at_once_with_one_key_gives_one_job(stores: Stores) -> None:
    def act(_: int) -> tuple[object, bool]:
        request = a_request(idempotency_key="k", request_hash="h")
        job, is_new = stores.jobs.submit(uuid4(), "anna", request, None, max_active=9)
        return job.id, is_new

    answers = at_once(8, act)
    assert len({job_id for job_id, _ in answers}) == 1
    assert sum(is_new for _, is_new in answers) == 1


def test_submit_at_once_with_one_key_and_two_bodies_gives_one_winner(
    stores: Stores,
) -> None:
    def act(number: int) -> int | None:
        try:
            submit(stores, idempotency_key="k", request_hash=f"h{number % 2}")
        except IdempotencyConflict:
            return None
        return number % 2

    winners = {answer for answer in at_once(8, act) if answer is not None}
    assert len(winners) == 1
    assert len(stores.jobs.list_jobs("anna", cursor=None, limit=9).jobs) == 1


def test_claim_of_one_message_by_16_gives_one_claim(stores: Stores) -> None:
    job = submit(stores)

    def act(_: int) -> bool:
        claimed = stores.jobs.claim(
            job.id, Step.INGEST_AUDIO, lease_seconds=LEASE, max_attempts=ATTEMPTS
        )
        return claimed is not None

    assert Counter(at_once(16, act)) == {True: 1, False: 15}
    assert seen(stores, job.id).attempt == 1
    assert event_kinds(stores, job.id) == ["status", "status"]


def test_claim_of_an_abandoned_step_by_16_gives_one_claim(stores: Stores) -> None:
    job = submit(stores)
    claim(stores, job.id)
    stores.clock.advance(LEASE + 1)

    def act(_: int) -> bool:
        claimed = stores.jobs.claim(
            job.id, Step.INGEST_AUDIO, lease_seconds=LEASE, max_attempts=ATTEMPTS
        )
        return claimed is not None

    assert sum(at_once(16, act)) == 1
    assert seen(stores, job.id).attempt == 2


def test_worker_lost_seen_by_many_at_once_is_told_once(stores: Stores) -> None:
    job = submit(stores, webhook_url="https://example.org/")
    for _ in range(ATTEMPTS):
        claim(stores, job.id)
        stores.clock.advance(LEASE + 1)
    told = len(event_kinds(stores, job.id))

    def act(_: int) -> None:
        stores.jobs.claim(job.id, Step.INGEST_AUDIO, lease_seconds=LEASE, max_attempts=ATTEMPTS)

    at_once(8, act)
    assert seen(stores, job.id).error_code == "worker_lost"
    assert len(event_kinds(stores, job.id)) == told + 1
    assert len(stores.deliveries.deliveries(job.id)) == 1


@pytest.mark.parametrize("round_", range(5))
def test_cancel_and_finish_at_once_agree_on_who_won(stores: Stores, round_: int) -> None:
    del round_
    job = submit(stores)
    for step in list(Step)[:-1]:
        finish(stores, claim(stores, job.id, step))
    claimed = claim(stores, job.id, Step.TRANSCRIBE_AND_EXPORT)
    pdf = a_file(ArtifactKind.PDF, "jobs/x/pdf")

    def act(number: int) -> bool | None:
        if number:
            stores.jobs.request_cancel(job.id, expires_at=stores.in_a_day())
            return None
        return finish(stores, claimed, pdf)

    finished = at_once(2, act)[0]
    after = seen(stores, job.id)
    if finished:
        assert (after.status, after.cancel_requested_at) == (JobStatus.COMPLETED, None)
        assert len(stores.jobs.artifacts(job.id)) == 1
    else:
        assert (after.status, after.cancel_requested_at is None) == (JobStatus.RUNNING, False)
        assert stores.jobs.artifacts(job.id) == []


@pytest.mark.parametrize("round_", range(5))
def test_cancel_and_claim_at_once_never_lose_the_cancel(stores: Stores, round_: int) -> None:
    del round_
    job = submit(stores)

    def act(number: int) -> None:
        if number:
            stores.jobs.request_cancel(job.id, expires_at=stores.in_a_day())
        else:
            stores.jobs.claim(job.id, Step.INGEST_AUDIO, lease_seconds=LEASE, max_attempts=ATTEMPTS)

    at_once(2, act)
    after = seen(stores, job.id)
    assert after.cancel_requested_at is not None
    assert after.status in (JobStatus.CANCELLED, JobStatus.RUNNING)


@pytest.mark.parametrize("round_", range(5))
def test_cancel_and_release_at_once_never_lose_the_cancel(stores: Stores, round_: int) -> None:
    del round_
    job = submit(stores)
    claimed = claim(stores, job.id)

    def act(number: int) -> None:
        if number:
            stores.jobs.request_cancel(job.id, expires_at=stores.in_a_day())
        else:
            stores.jobs.release(claimed, counts_as_attempt=False)

    at_once(2, act)
    assert seen(stores, job.id).status is JobStatus.CANCELLED


@pytest.mark.parametrize("round_", range(5))
def test_sweep_and_requeue_at_once_never_run_without_files(stores: Stores, round_: int) -> None:
    del round_
    job = submit(stores, source=a_file())
    stores.jobs.request_cancel(job.id, expires_at=stores.clock())

    def act(number: int) -> int:
        if number:
            return len(stores.jobs.sweepable(limit=5))
        return int(stores.jobs.requeue(job.id) is not None)

    requeued, swept = at_once(2, act)
    assert (requeued, swept) in ((1, 0), (0, 1))
    assert len(stores.jobs.artifacts(job.id)) == requeued


def test_due_deliveries_asked_for_by_many_are_leased_once_each(stores: Stores) -> None:
    for _ in range(6):
        complete(stores, submit(stores, webhook_url="https://a.example/").id)

    def act(_: int) -> list[object]:
        due = stores.deliveries.due_deliveries(limit=3, lease_seconds=30)
        return [delivery.id for delivery in due]

    leased = [delivery_id for ids in at_once(8, act) for delivery_id in ids]
    assert len(leased) == len(set(leased)) == 6


def test_many_jobs_worked_on_by_many_workers_all_complete(stores: Stores) -> None:
    made = [submit(stores).id for _ in range(6)]

    def act(_: int) -> int:
        finished = 0
        while due := stores.jobs.due(limit=10):
            for job_id, step in due:
                claimed = stores.jobs.claim(
                    job_id, step, lease_seconds=LEASE, max_attempts=ATTEMPTS
                )
                if claimed is not None:
                    assert finish(stores, claimed)
                    finished += 1
        return finished

    assert sum(at_once(4, act)) == len(made) * len(Step)
    for job_id in made:
        assert seen(stores, job_id).status is JobStatus.COMPLETED
        assert event_kinds(stores, job_id) == ["status"] * (1 + 2 * len(Step))

"""The job store: cancelling, starting over, and what operators do."""

from __future__ import annotations

from uuid import uuid4

import pytest

from drumscribe.domain.jobs import Heartbeat, JobStatus, Step
from stores import (
    LEASE,
    PDF,
    Stores,
    claim,
    complete,
    finish,
    seen,
    submit,
)


def test_cancel_of_a_queued_job_is_at_once(stores: Stores) -> None:
    job = submit(stores, webhook_url="https://example.org/")
    expires_at = stores.in_a_day()
    cancelled = stores.jobs.request_cancel(job.id, expires_at=expires_at)
    assert cancelled == seen(stores, job.id)
    assert cancelled.status is JobStatus.CANCELLED
    assert (cancelled.finished_at, cancelled.expires_at) == (stores.clock(), expires_at)
    assert stores.jobs.due(limit=5) == []
    assert [d.event for d in stores.deliveries.deliveries(job.id)] == ["job.cancelled"]


@pytest.mark.parametrize("step", list(Step))
def test_cancel_at_each_step_stops_the_worker(stores: Stores, step: Step) -> None:
    job = submit(stores)
    for before in Step:
        if before is step:
            break
        finish(stores, claim(stores, job.id, before))
    claimed = claim(stores, job.id, step)
    expires_at = stores.in_a_day()
    flagged = stores.jobs.request_cancel(job.id, expires_at=expires_at)
    assert flagged is not None
    assert (flagged.status, flagged.cancel_requested_at) == (JobStatus.RUNNING, stores.clock())
    assert stores.jobs.heartbeat(claimed, lease_seconds=LEASE) is Heartbeat.CANCEL_REQUESTED
    assert not finish(stores, claimed, PDF)
    # Whoever does not want it any more is not told that it went wrong.
    in_a_day = stores.in_a_day()
    assert not stores.jobs.fail(claimed, code="no_drums_found", message="", expires_at=in_a_day)
    assert stores.jobs.artifacts(job.id) == []
    assert stores.jobs.acknowledge_cancel(claimed, expires_at=expires_at)
    ended = seen(stores, job.id)
    assert (ended.status, ended.step, ended.expires_at) == (JobStatus.CANCELLED, step, expires_at)
    assert not stores.jobs.acknowledge_cancel(claimed, expires_at=expires_at)


def test_cancel_again_changes_nothing(stores: Stores) -> None:
    job = submit(stores)
    claim(stores, job.id)
    first = stores.jobs.request_cancel(job.id, expires_at=stores.in_a_day())
    stores.clock.advance(1)
    assert stores.jobs.request_cancel(job.id, expires_at=stores.in_a_day()) == first


def test_cancel_of_a_job_whose_worker_died_ends_when_the_lease_does(stores: Stores) -> None:
    job = submit(stores)
    claim(stores, job.id)
    expires_at = stores.in_a_day()
    stores.jobs.request_cancel(job.id, expires_at=expires_at)
    stores.clock.advance(LEASE)
    assert stores.jobs.due(limit=5) == []
    assert seen(stores, job.id).status is JobStatus.RUNNING
    stores.clock.advance(1)
    assert stores.jobs.due(limit=5) == []
    ended = seen(stores, job.id)
    assert (ended.status, ended.expires_at) == (JobStatus.CANCELLED, expires_at)


def test_cancel_of_an_ended_or_unknown_job_changes_nothing(stores: Stores) -> None:
    job = complete(stores, submit(stores).id)
    assert stores.jobs.request_cancel(job.id, expires_at=stores.in_a_day()) == job
    assert stores.jobs.request_cancel(uuid4(), expires_at=stores.in_a_day()) is None


def test_acknowledge_without_a_request_is_refused(stores: Stores) -> None:
    claimed = claim(stores, submit(stores).id)
    assert not stores.jobs.acknowledge_cancel(claimed, expires_at=stores.in_a_day())


def test_requeue_of_a_failed_job_starts_over_from_the_step(stores: Stores) -> None:
    job = submit(stores)
    finish(stores, claim(stores, job.id))
    claimed = claim(stores, job.id, Step.SEPARATE_DRUMS)
    stores.jobs.fail(claimed, code="x", message="y", expires_at=stores.in_a_day())
    again = stores.jobs.requeue(job.id)
    assert again == seen(stores, job.id)
    assert again is not None
    assert (again.status, again.step, again.attempt) == (
        JobStatus.QUEUED,
        Step.SEPARATE_DRUMS,
        0,
    )
    assert (again.error_code, again.expires_at, again.finished_at) == (None, None, None)
    for step in list(Step)[1:]:
        assert finish(stores, claim(stores, job.id, step))
    assert seen(stores, job.id).status is JobStatus.COMPLETED


def test_requeue_of_a_cancelled_job_from_an_earlier_step_runs_again(stores: Stores) -> None:
    job = submit(stores)
    claimed = claim(stores, job.id)
    stores.jobs.request_cancel(job.id, expires_at=stores.in_a_day())
    stores.jobs.acknowledge_cancel(claimed, expires_at=stores.in_a_day())
    again = stores.jobs.requeue(job.id, Step.INGEST_AUDIO)
    assert again is not None
    assert (again.progress, again.cancel_requested_at) == (0, None)
    assert complete(stores, job.id).status is JobStatus.COMPLETED


def test_requeue_of_other_states_is_none(stores: Stores) -> None:
    queued = submit(stores)
    done = complete(stores, submit(stores).id)
    running = claim(stores, submit(stores).id).job
    for job in (queued, done, running):
        assert stores.jobs.requeue(job.id) is None
        assert seen(stores, job.id) == job
    assert stores.jobs.requeue(uuid4()) is None


def test_requeued_job_that_fails_again_is_told_again(stores: Stores) -> None:
    job = submit(stores, webhook_url="https://example.org/")
    ids = []
    for _ in range(2):
        stores.jobs.fail(claim(stores, job.id), code="x", message="y", expires_at=stores.in_a_day())
        [delivery] = stores.deliveries.deliveries(job.id)
        ids.append(delivery.id)
        stores.deliveries.record_attempt(
            delivery.id, delivered=True, status_code=200, error=None, next_attempt_at=None
        )
        stores.jobs.requeue(job.id)
    assert ids[0] != ids[1]


def test_operator_fails_queued_and_running_jobs_only(stores: Stores) -> None:
    queued, running = submit(stores), submit(stores)
    claimed = claim(stores, running.id)
    for job in (queued, running):
        failed = stores.jobs.fail_by_operator(
            job.id, message="Enough.", expires_at=stores.in_a_day()
        )
        assert failed is not None
        assert failed == seen(stores, job.id)
        assert (failed.status, failed.error_code, failed.error_message) == (
            JobStatus.FAILED,
            "failed_by_operator",
            "Enough.",
        )
    assert stores.jobs.heartbeat(claimed, lease_seconds=LEASE) is Heartbeat.LOST
    again = stores.jobs.fail_by_operator(queued.id, message="", expires_at=stores.in_a_day())
    assert again is None

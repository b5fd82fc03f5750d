"""Claim, heartbeat, finish, fail, release: who may write to a job, and when."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from drumscribe.domain.artifacts import ArtifactKind
from drumscribe.domain.jobs import Claim, Heartbeat, JobFacts, JobStatus, Step
from stores import (
    ATTEMPTS,
    LEASE,
    Stores,
    a_file,
    claim,
    complete,
    event_kinds,
    finish,
    seen,
    submit,
)


def try_claim(stores: Stores, job_id: object, step: Step = Step.INGEST_AUDIO) -> Claim | None:
    return stores.jobs.claim(job_id, step, lease_seconds=LEASE, max_attempts=ATTEMPTS)  # type: ignore[arg-type]


def test_claim_of_a_queued_step_gives_a_lease(stores: Stores) -> None:
    job = submit(stores)
    claimed = claim(stores, job.id)
    assert claimed.job == seen(stores, job.id)
    assert claimed.job.status is JobStatus.RUNNING
    assert claimed.job.attempt == 1
    assert claimed.job.lease_token == claimed.token
    assert claimed.job.lease_expires_at == stores.clock() + timedelta(seconds=LEASE)
    assert claimed.job.started_at == stores.clock()


def test_claim_of_the_same_message_again_is_none(stores: Stores) -> None:
    job = submit(stores)
    before = claim(stores, job.id)
    assert try_claim(stores, job.id) is None
    assert seen(stores, job.id) == before.job


def test_claim_of_another_step_or_an_unknown_job_is_none(stores: Stores) -> None:
    job = submit(stores)
    assert try_claim(stores, job.id, Step.PREDICT_HITS) is None
    assert try_claim(stores, uuid4()) is None
    assert seen(stores, job.id) == job


def test_claim_at_the_end_of_the_lease_waits_until_it_is_over(stores: Stores) -> None:
    job = submit(stores)
    claim(stores, job.id)
    stores.clock.advance(LEASE)
    assert try_claim(stores, job.id) is None
    assert stores.jobs.due(limit=5) == []
    stores.clock.advance(0.001)
    assert stores.jobs.due(limit=5) == [(job.id, Step.INGEST_AUDIO)]
    assert claim(stores, job.id).job.attempt == 2


def test_claim_too_many_times_fails_the_job_as_worker_lost(stores: Stores) -> None:
    job = submit(stores, webhook_url="https://example.org/")
    for _ in range(ATTEMPTS):
        claim(stores, job.id)
        stores.clock.advance(LEASE + 1)
    assert try_claim(stores, job.id) is None
    lost = seen(stores, job.id)
    assert (lost.status, lost.error_code) == (JobStatus.FAILED, "worker_lost")
    assert (lost.finished_at, lost.expires_at) == (stores.clock(), stores.in_a_day())
    assert (lost.lease_token, lost.lease_expires_at) == (None, None)
    last = stores.jobs.events(job.id, after=0, limit=100)[-1]
    assert (last.kind, last.data["status"]) == ("status", "failed")
    assert last.data["error"]["code"] == "worker_lost"
    assert [d.event for d in stores.deliveries.deliveries(job.id)] == ["job.failed"]


def test_claim_of_a_job_that_ended_is_none(stores: Stores) -> None:
    job = complete(stores, submit(stores).id)
    assert try_claim(stores, job.id, Step.TRANSCRIBE_AND_EXPORT) is None


def test_heartbeat_in_time_keeps_the_lease(stores: Stores) -> None:
    job = submit(stores)
    claimed = claim(stores, job.id)
    for _ in range(5):
        stores.clock.advance(LEASE - 1)
        assert stores.jobs.heartbeat(claimed, lease_seconds=LEASE) is Heartbeat.HELD
    assert try_claim(stores, job.id) is None


def test_heartbeat_progress_grows_only_and_is_told_once(stores: Stores) -> None:
    job = submit(stores)
    claimed = claim(stores, job.id)
    for progress in (4, 3, 4, 8, 250):
        stores.jobs.heartbeat(claimed, lease_seconds=LEASE, progress=progress)
        if progress == 8:
            assert seen(stores, job.id).progress == 8
    assert seen(stores, job.id).progress == 100
    told = [e.data["progress"] for e in stores.jobs.events(job.id, after=0, limit=9)
            if e.kind == "progress"]  # fmt: skip
    assert told == [4, 8, 100]


def test_heartbeat_after_the_lease_was_taken_over_is_lost(stores: Stores) -> None:
    job = submit(stores)
    old = claim(stores, job.id)
    stores.clock.advance(LEASE + 1)
    new = claim(stores, job.id)
    before = seen(stores, job.id)
    assert stores.jobs.heartbeat(old, lease_seconds=LEASE, progress=9) is Heartbeat.LOST
    assert not finish(stores, old, a_file(ArtifactKind.AUDIO, "jobs/x/old"))
    assert not stores.jobs.fail(old, code="x", message="y", expires_at=stores.in_a_day())
    assert not stores.jobs.release(old, counts_as_attempt=True)
    assert not stores.jobs.acknowledge_cancel(old, expires_at=stores.in_a_day())
    assert seen(stores, job.id) == before
    assert stores.jobs.artifacts(job.id) == []
    assert finish(stores, new)


def test_heartbeat_of_a_late_worker_whose_step_nobody_took_is_held(stores: Stores) -> None:
    job = submit(stores)
    claimed = claim(stores, job.id)
    stores.clock.advance(LEASE * 3)
    assert stores.jobs.heartbeat(claimed, lease_seconds=LEASE) is Heartbeat.HELD
    assert stores.jobs.due(limit=5) == []


def test_finish_queues_the_following_step(stores: Stores) -> None:
    job = submit(stores)
    stores.clock.advance(10)
    assert finish(stores, claim(stores, job.id), a_file(ArtifactKind.AUDIO, "jobs/x/audio"))
    after = seen(stores, job.id)
    assert (after.status, after.step) == (JobStatus.QUEUED, Step.SEPARATE_DRUMS)
    assert (after.attempt, after.progress) == (0, Step.INGEST_AUDIO.progress_span[1])
    assert (after.lease_token, after.lease_expires_at, after.expires_at) == (None, None, None)
    assert after.finished_at is None
    assert [a.kind for a in stores.jobs.artifacts(job.id)] == [ArtifactKind.AUDIO]
    assert stores.jobs.due(limit=5) == [(job.id, Step.SEPARATE_DRUMS)]


def test_finish_of_the_last_step_completes_the_job(stores: Stores) -> None:
    job = submit(stores, webhook_url="https://example.org/", metadata={"ref": 7})
    done = complete(stores, job.id, a_file(ArtifactKind.PDF, "jobs/x/pdf"))
    assert (done.status, done.progress) == (JobStatus.COMPLETED, 100)
    assert (done.finished_at, done.expires_at) == (stores.clock(), stores.in_a_day())
    [delivery] = stores.deliveries.deliveries(job.id)
    assert (delivery.event, delivery.url) == ("job.completed", "https://example.org/")
    assert delivery.payload["type"] == "job.completed"
    assert delivery.payload["data"]["job_id"] == str(job.id)
    assert delivery.payload["data"]["metadata"] == {"ref": 7}
    assert stores.jobs.due(limit=5) == []


def test_finish_twice_is_refused_the_second_time(stores: Stores) -> None:
    job = submit(stores)
    claimed = claim(stores, job.id)
    assert finish(stores, claimed)
    assert not finish(stores, claimed)
    assert seen(stores, job.id).step is Step.SEPARATE_DRUMS


def test_finish_tells_of_new_warnings_once(stores: Stores) -> None:
    job = submit(stores)
    finish(stores, claim(stores, job.id), facts=JobFacts(warnings=("low_confidence",)))
    both = JobFacts(warnings=("low_confidence", "bpm_unreliable"))
    finish(stores, claim(stores, job.id, Step.SEPARATE_DRUMS), facts=both)
    events = stores.jobs.events(job.id, after=0, limit=100)
    told = [event.data["code"] for event in events if event.kind == "warning"]
    assert told == ["low_confidence", "bpm_unreliable"]


def test_finish_replaces_artifacts_of_the_same_kind(stores: Stores) -> None:
    job = submit(stores, source=a_file())
    finish(stores, claim(stores, job.id), a_file(ArtifactKind.SOURCE, "jobs/x/source-2", 9))
    [artifact] = stores.jobs.artifacts(job.id)
    assert (artifact.stored.key, artifact.stored.size_bytes) == ("jobs/x/source-2", 9)
    assert [a.stored.key for a in stores.jobs.sweepable(limit=5)] == ["jobs/x/source"]


def test_finish_with_the_same_key_again_leaves_nothing_to_sweep(stores: Stores) -> None:
    job = submit(stores, source=a_file())
    finish(stores, claim(stores, job.id), a_file(size=9))
    [artifact] = stores.jobs.artifacts(job.id)
    assert artifact.stored.size_bytes == 9
    assert stores.jobs.sweepable(limit=5) == []


def test_finish_under_the_key_of_a_tombstone_takes_it_back(stores: Stores) -> None:
    job = submit(stores, source=a_file(key="jobs/x/one"))
    finish(stores, claim(stores, job.id), a_file(key="jobs/x/two"))
    finish(stores, claim(stores, job.id, Step.SEPARATE_DRUMS), a_file(key="jobs/x/one"))
    assert [a.stored.key for a in stores.jobs.artifacts(job.id)] == ["jobs/x/one"]
    assert [a.stored.key for a in stores.jobs.sweepable(limit=5)] == ["jobs/x/two"]


def test_fail_ends_the_job_with_its_code(stores: Stores) -> None:
    job = submit(stores, webhook_url="https://example.org/")
    expires_at = stores.in_a_day()
    assert stores.jobs.fail(
        claim(stores, job.id), code="not_audio", message="Not audio.", expires_at=expires_at
    )
    failed = seen(stores, job.id)
    assert (failed.status, failed.error_code, failed.error_message) == (
        JobStatus.FAILED,
        "not_audio",
        "Not audio.",
    )
    assert (failed.finished_at, failed.expires_at) == (stores.clock(), expires_at)
    assert failed.lease_token is None
    [delivery] = stores.deliveries.deliveries(job.id)
    assert delivery.payload["data"]["error"] == {"code": "not_audio", "message": "Not audio."}


@pytest.mark.parametrize(("counts", "attempt"), [(True, 2), (False, 1)])
def test_release_queues_the_step_again_at_once(stores: Stores, counts: bool, attempt: int) -> None:
    job = submit(stores)
    assert stores.jobs.release(claim(stores, job.id), counts_as_attempt=counts)
    assert seen(stores, job.id).status is JobStatus.QUEUED
    assert stores.jobs.due(limit=5) == [(job.id, Step.INGEST_AUDIO)]
    assert claim(stores, job.id).job.attempt == attempt


def test_release_of_a_cancelled_job_ends_it(stores: Stores) -> None:
    job = submit(stores)
    claimed = claim(stores, job.id)
    expires_at = stores.in_a_day()
    stores.jobs.request_cancel(job.id, expires_at=expires_at)
    assert stores.jobs.release(claimed, counts_as_attempt=False)
    ended = seen(stores, job.id)
    assert (ended.status, ended.expires_at) == (JobStatus.CANCELLED, expires_at)


def test_started_at_stays_when_a_step_is_claimed_again(stores: Stores) -> None:
    job = submit(stores)
    started_at = stores.clock()
    claim(stores, job.id)
    stores.clock.advance(LEASE + 1)
    assert claim(stores, job.id).job.started_at == started_at


def test_events_after_a_number_are_the_rest_in_order(stores: Stores) -> None:
    job = submit(stores)
    other = submit(stores)
    complete(stores, job.id)
    events = stores.jobs.events(job.id, after=0, limit=100)
    numbers = [event.number for event in events]
    assert numbers == sorted(set(numbers))
    assert stores.jobs.events(job.id, after=numbers[2], limit=2) == events[3:5]
    assert stores.jobs.events(job.id, after=numbers[-1], limit=2) == []
    assert event_kinds(stores, other.id) == ["status"]

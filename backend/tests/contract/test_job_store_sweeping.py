"""The job store: files that go when their time is over, and songs that are kept."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

from drumscribe.domain.jobs import JobStatus
from stores import (
    LEASE,
    PDF,
    Stores,
    a_file,
    claim,
    complete,
    seen,
    submit,
)


def test_requeue_after_the_sweep_is_none(stores: Stores) -> None:
    job = submit(stores, source=a_file())
    stores.jobs.request_cancel(job.id, expires_at=stores.clock())
    [artifact] = stores.jobs.sweepable(limit=5)
    assert stores.jobs.requeue(job.id) is None
    stores.jobs.forget_artifact(artifact.id)
    assert stores.jobs.requeue(job.id) is None


def test_sweep_of_a_job_failed_by_the_operator_waits_for_its_worker(stores: Stores) -> None:
    job = submit(stores, source=a_file())
    claim(stores, job.id)
    stores.jobs.fail_by_operator(job.id, message="Enough.", expires_at=stores.clock())
    assert stores.jobs.sweepable(limit=5) == []
    stores.clock.advance(LEASE + 1)
    assert len(stores.jobs.sweepable(limit=5)) == 1


def test_sweep_takes_files_of_expired_ended_jobs_only(stores: Stores) -> None:
    live = submit(stores, source=a_file(key="jobs/live/source"))
    claim(stores, live.id)
    queued = submit(stores, source=a_file(key="jobs/queued/source"))
    done = submit(stores, source=a_file(key="jobs/done/source"))
    complete(stores, done.id, PDF)
    assert stores.jobs.sweepable(limit=10) == []
    stores.clock.advance(timedelta(days=30).total_seconds())
    swept = stores.jobs.sweepable(limit=10)
    assert sorted(a.stored.key for a in swept) == ["jobs/done/source", "jobs/x/pdf"]
    assert all(a.deleted_at == stores.clock() for a in swept)
    assert stores.jobs.artifacts(done.id) == []
    assert len(stores.jobs.artifacts(live.id)) == len(stores.jobs.artifacts(queued.id)) == 1
    assert seen(stores, done.id).status is JobStatus.COMPLETED


def test_sweep_before_an_abandoned_cancel_has_ended_takes_nothing(stores: Stores) -> None:
    job = submit(stores, source=a_file())
    claim(stores, job.id)
    stores.jobs.request_cancel(job.id, expires_at=stores.clock())
    stores.clock.advance(LEASE + 1)
    assert stores.jobs.sweepable(limit=5) == []
    stores.jobs.due(limit=5)
    assert len(stores.jobs.sweepable(limit=5)) == 1


def test_sweep_gives_tombstones_again_until_they_are_forgotten(stores: Stores) -> None:
    job = submit(stores, source=a_file())
    stores.jobs.request_cancel(job.id, expires_at=stores.clock())
    [first] = stores.jobs.sweepable(limit=5)
    [again] = stores.jobs.sweepable(limit=5)
    assert again.id == first.id
    stores.jobs.forget_artifact(first.id)
    stores.jobs.forget_artifact(first.id)
    assert stores.jobs.sweepable(limit=5) == []


def test_sweep_with_a_file_that_cannot_go_comes_to_the_others(stores: Stores) -> None:
    keys = {f"jobs/{number}/source" for number in range(3)}
    for key in keys:
        job = submit(stores, source=a_file(key=key))
        stores.jobs.request_cancel(job.id, expires_at=stores.clock())
    handed_out = set()
    for _ in range(3):
        [artifact] = stores.jobs.sweepable(limit=1)
        handed_out.add(artifact.stored.key)
        stores.clock.advance(1)
    assert handed_out == keys


def test_forget_of_a_living_artifact_does_nothing(stores: Stores) -> None:
    job = submit(stores, source=a_file())
    [artifact] = stores.jobs.artifacts(job.id)
    stores.jobs.forget_artifact(artifact.id)
    assert stores.jobs.artifacts(job.id) == [artifact]


def test_mark_for_deletion_of_an_ended_job_hides_it_and_sweeps_it(stores: Stores) -> None:
    job = submit(stores, source=a_file())
    complete(stores, job.id, PDF)
    assert stores.jobs.mark_for_deletion(job.id)
    assert stores.jobs.get(job.id) is None
    assert stores.jobs.artifacts(job.id) == []
    assert stores.jobs.list_jobs("anna", cursor=None, limit=5).jobs == ()
    assert stores.jobs.requeue(job.id) is None
    assert stores.jobs.request_cancel(job.id, expires_at=stores.in_a_day()) is None
    assert not stores.jobs.mark_for_deletion(job.id)
    swept = stores.jobs.sweepable(limit=5)
    assert len(swept) == 2
    for artifact in swept:
        stores.jobs.forget_artifact(artifact.id)
    stores.jobs.sweepable(limit=5)
    assert stores.jobs.events(job.id, after=0, limit=5) == []


def test_deleted_job_keeps_its_webhook_until_it_is_delivered(stores: Stores) -> None:
    job = complete(stores, submit(stores, webhook_url="https://example.org/").id)
    stores.jobs.mark_for_deletion(job.id)
    for _ in range(2):
        stores.jobs.sweepable(limit=5)
    [delivery] = stores.deliveries.due_deliveries(limit=5, lease_seconds=30)
    stores.deliveries.record_attempt(
        delivery.id, delivered=True, status_code=204, error=None, next_attempt_at=None
    )
    stores.jobs.sweepable(limit=5)
    assert stores.deliveries.deliveries(job.id) == []


def test_mark_for_deletion_of_a_live_job_is_refused(stores: Stores) -> None:
    job = submit(stores)
    assert not stores.jobs.mark_for_deletion(job.id)
    claim(stores, job.id)
    assert not stores.jobs.mark_for_deletion(job.id)
    assert not stores.jobs.mark_for_deletion(uuid4())
    assert seen(stores, job.id).status is JobStatus.RUNNING


def test_kept_job_outlives_its_time_and_goes_when_it_is_let_go(stores: Stores) -> None:
    job = complete(stores, submit(stores).id, PDF)
    assert stores.jobs.keep(job.id, expires_at=None)
    stores.clock.advance(30 * 86_400)
    assert stores.jobs.sweepable(limit=5) == []
    assert stores.jobs.keep(job.id, expires_at=stores.in_a_day())
    assert stores.jobs.sweepable(limit=5) == []
    stores.clock.advance(86_400)
    assert len(stores.jobs.sweepable(limit=5)) == 1


def test_keep_of_jobs_that_run_are_swept_or_deleted_is_refused(stores: Stores) -> None:
    running = submit(stores)
    claim(stores, running.id)
    swept, deleted = (complete(stores, submit(stores).id, PDF) for _ in range(2))
    stores.jobs.mark_for_deletion(deleted.id)
    stores.clock.advance(2 * 86_400)
    stores.jobs.sweepable(limit=5)
    for job_id in (running.id, swept.id, deleted.id, uuid4()):
        assert not stores.jobs.keep(job_id, expires_at=None)


def test_sweep_without_expiry_keeps_songs_from_before_and_takes_what_was_thrown_away(
    stores: Stores,
) -> None:
    old, deleted = (complete(stores, submit(stores).id, PDF) for _ in range(2))
    cancelled = submit(stores, source=a_file(key="jobs/y/source"))
    stores.jobs.request_cancel(cancelled.id, expires_at=stores.clock())
    stores.jobs.mark_for_deletion(deleted.id)
    stores.clock.advance(30 * 86_400)
    swept = stores.without_expiry().jobs.sweepable(limit=5)
    assert {artifact.job_id for artifact in swept} == {deleted.id, cancelled.id}
    assert seen(stores, old.id).expires_at is None

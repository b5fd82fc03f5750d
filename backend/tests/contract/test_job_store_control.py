"""Cancel, requeue, operator, edits, deletion and sweep."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from drumscribe.domain.artifacts import ArtifactKind, NewArtifact
from drumscribe.domain.jobs import Edits, Heartbeat, JobFacts, JobStatus, Step
from stores import (
    LEASE,
    Stores,
    a_file,
    claim,
    complete,
    finish,
    seen,
    submit,
)

NOTHING = JobFacts()
PDF = a_file(ArtifactKind.PDF, "jobs/x/pdf")


def replace_results(
    stores: Stores,
    job_id: UUID,
    *artifacts: NewArtifact,
    facts: JobFacts = NOTHING,
    edits: Edits | None = None,
    if_version: int = 1,
) -> bool:
    return stores.jobs.replace_results(
        job_id, artifacts=artifacts, facts=facts, edits=edits, if_version=if_version
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


def test_requeue_after_the_sweep_is_none(stores: Stores) -> None:
    job = submit(stores, source=a_file())
    stores.jobs.request_cancel(job.id, expires_at=stores.clock())
    [artifact] = stores.jobs.sweepable(limit=5)
    assert stores.jobs.requeue(job.id) is None
    stores.jobs.forget_artifact(artifact.id)
    assert stores.jobs.requeue(job.id) is None


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


def test_sweep_of_a_job_failed_by_the_operator_waits_for_its_worker(stores: Stores) -> None:
    job = submit(stores, source=a_file())
    claim(stores, job.id)
    stores.jobs.fail_by_operator(job.id, message="Enough.", expires_at=stores.clock())
    assert stores.jobs.sweepable(limit=5) == []
    stores.clock.advance(LEASE + 1)
    assert len(stores.jobs.sweepable(limit=5)) == 1


def test_replace_results_of_a_completed_job_swaps_files_and_facts(stores: Stores) -> None:
    job = complete(stores, submit(stores, webhook_url="https://example.org/").id, PDF)
    number = stores.jobs.events(job.id, after=0, limit=100)[-1].number
    new = a_file(ArtifactKind.PDF, "jobs/x/pdf-2")
    facts = JobFacts(detected_bpm=99)
    edits = Edits(
        said={"bpm": 99.0, "sensitivity_by_instrument": {"kick": 0.0}}, has_edited_hits=True
    )
    stores.clock.advance(5)
    assert replace_results(stores, job.id, new, facts=facts, edits=edits)
    edited = seen(stores, job.id)
    assert (edited.version, edited.edited_at, edited.edits) == (2, stores.clock(), edits)
    assert [a.stored.key for a in stores.jobs.artifacts(job.id)] == ["jobs/x/pdf-2"]
    assert [a.stored.key for a in stores.jobs.sweepable(limit=5)] == ["jobs/x/pdf"]
    assert seen(stores, job.id).facts.detected_bpm == 99
    assert len(stores.jobs.events(job.id, after=number, limit=5)) == 1
    assert len(stores.deliveries.deliveries(job.id)) == 1


def test_replace_results_of_other_jobs_is_refused(stores: Stores) -> None:
    job = submit(stores)
    assert not replace_results(stores, job.id, PDF)
    assert not replace_results(stores, uuid4(), PDF)
    assert stores.jobs.artifacts(job.id) == []
    done = complete(stores, job.id)
    stores.clock.advance(2 * 86_400)
    stores.jobs.sweepable(limit=5)
    assert not replace_results(stores, done.id, PDF)


def test_completed_job_gives_back_what_only_its_steps_have_read(stores: Stores) -> None:
    audio = a_file(ArtifactKind.AUDIO, "jobs/x/audio")
    stem = a_file(ArtifactKind.STEM, "jobs/x/stem")
    job = submit(stores, source=a_file())
    steps = list(Step)
    assert finish(stores, claim(stores, job.id, steps[0]), audio)
    assert finish(stores, claim(stores, job.id, steps[1]), stem)
    assert finish(stores, claim(stores, job.id, steps[2]))
    assert stores.jobs.sweepable(limit=5) == []
    last = claim(stores, job.id, steps[3])
    assert finish(stores, last, PDF)
    kept = {artifact.kind for artifact in stores.jobs.artifacts(job.id)}
    assert kept == {ArtifactKind.SOURCE, ArtifactKind.PDF}
    swept = {artifact.kind for artifact in stores.jobs.sweepable(limit=5)}
    assert swept == {ArtifactKind.AUDIO, ArtifactKind.STEM}


def test_replace_results_of_another_version_is_refused(stores: Stores) -> None:
    job = complete(stores, submit(stores).id, PDF)
    assert not replace_results(stores, job.id, PDF, if_version=2)
    assert seen(stores, job.id) == job
    assert replace_results(stores, job.id, PDF, edits=Edits(said={"title": "A"}))
    again = a_file(ArtifactKind.PDF, "jobs/x/pdf-3")
    assert not replace_results(stores, job.id, again)
    assert [a.stored.key for a in stores.jobs.artifacts(job.id)] == ["jobs/x/pdf"]


def test_replace_results_drops_what_is_outdated(stores: Stores) -> None:
    score = a_file(ArtifactKind.MUSICXML, "jobs/x/musicxml")
    midi = a_file(ArtifactKind.MIDI, "jobs/x/midi")
    job = complete(stores, submit(stores).id, PDF, score, midi)
    new = a_file(ArtifactKind.MUSICXML, "jobs/x/musicxml-2")
    assert stores.jobs.replace_results(
        job.id,
        artifacts=[new],
        facts=NOTHING,
        edits=Edits(said={"title": "A"}),
        if_version=1,
        outdated=(ArtifactKind.PDF, ArtifactKind.MUSICXML),
    )
    kept = {a.kind: a.stored.key for a in stores.jobs.artifacts(job.id)}
    assert kept == {
        ArtifactKind.MUSICXML: "jobs/x/musicxml-2",
        ArtifactKind.MIDI: "jobs/x/midi",
    }
    swept = {a.stored.key for a in stores.jobs.sweepable(limit=5)}
    assert swept == {"jobs/x/pdf", "jobs/x/musicxml"}


def test_rendering_of_the_results_that_stand_is_kept(stores: Stores) -> None:
    job = complete(stores, submit(stores).id)
    assert stores.jobs.add_rendering(job.id, PDF, if_version=1)
    assert [a.stored.key for a in stores.jobs.artifacts(job.id)] == ["jobs/x/pdf"]
    assert seen(stores, job.id) == job


def test_rendering_of_outdated_results_is_refused(stores: Stores) -> None:
    job = complete(stores, submit(stores).id)
    assert replace_results(stores, job.id, edits=Edits(said={"title": "A"}))
    assert not stores.jobs.add_rendering(job.id, PDF, if_version=1)
    assert not stores.jobs.add_rendering(uuid4(), PDF, if_version=1)
    assert stores.jobs.artifacts(job.id) == []
    stores.clock.advance(2 * 86_400)
    stores.jobs.sweepable(limit=5)
    assert not stores.jobs.add_rendering(job.id, PDF, if_version=2)


def test_replace_results_without_edits_says_that_the_machine_made_them(stores: Stores) -> None:
    job = complete(stores, submit(stores).id, PDF)
    assert replace_results(stores, job.id, PDF, edits=Edits(said={"shift_beats": 0}))
    assert seen(stores, job.id).edits.said == {"shift_beats": 0}
    assert replace_results(stores, job.id, PDF, if_version=2)
    back = seen(stores, job.id)
    assert (back.version, back.edited_at, back.edits) == (3, None, Edits())


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


def test_copy_is_a_finished_job_of_another_owner_and_tells_nobody(stores: Stores) -> None:
    request = {"webhook_url": "https://example.org/", "metadata": {"set": 2}}
    job = complete(stores, submit(stores, idempotency_key="k", **request).id, PDF)
    told = len(stores.deliveries.deliveries(job.id))
    stores.clock.advance(5)
    new, file = uuid4(), a_file(ArtifactKind.PDF, "jobs/y/pdf")
    copied = stores.jobs.copy(job.id, new, "bert", [file], expires_at=None, if_version=1)
    assert copied == stores.jobs.get(new)
    assert copied is not None
    assert (copied.owner, copied.status, copied.version) == ("bert", JobStatus.COMPLETED, 1)
    assert (copied.facts, copied.created_at) == (job.facts, stores.clock())
    assert (copied.request.webhook_url, copied.request.metadata) == (None, {})
    assert [a.stored.key for a in stores.jobs.artifacts(new)] == ["jobs/y/pdf"]
    assert stores.deliveries.deliveries(new) == []
    assert len(stores.deliveries.deliveries(job.id)) == told
    assert [page.id for page in stores.jobs.list_jobs("bert", cursor=None, limit=5).jobs] == [new]
    assert stores.jobs.mark_for_deletion(new)
    assert [a.stored.key for a in stores.jobs.sweepable(limit=5)] == ["jobs/y/pdf"]
    assert len(stores.jobs.artifacts(job.id)) == 1


def test_copy_of_another_version_or_of_a_job_under_way_is_refused(stores: Stores) -> None:
    running, done = submit(stores), complete(stores, submit(stores).id, PDF)
    for job_id, version in ((running.id, 1), (done.id, 2), (uuid4(), 1)):
        copied = stores.jobs.copy(
            job_id, uuid4(), "bert", [PDF], expires_at=None, if_version=version
        )
        assert copied is None
    assert not stores.jobs.list_jobs("bert", cursor=None, limit=5).jobs

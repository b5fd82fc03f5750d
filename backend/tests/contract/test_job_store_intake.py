"""What a job store does with new jobs, lists and queries."""

from __future__ import annotations

import dataclasses
from uuid import uuid4

import pytest

from drumscribe.domain.artifacts import ArtifactKind
from drumscribe.domain.jobs import InputType, Job, JobFacts, JobRequest, JobStatus, Step
from drumscribe.domain.wishes import Wishes
from drumscribe.errors import IdempotencyConflict, InvalidCursor, QuotaExceeded
from stores import (
    ATTEMPTS,
    LEASE,
    Stores,
    a_file,
    a_request,
    claim,
    complete,
    finish,
    seen,
    submit,
)


def test_submit_new_job_is_queued_at_the_first_step(stores: Stores) -> None:
    job_id = uuid4()
    job, is_new = stores.jobs.submit(job_id, "anna", a_request(), a_file(), max_active=3)
    assert is_new
    assert (job.id, job.owner, job.status, job.step) == (
        job_id,
        "anna",
        JobStatus.QUEUED,
        Step.INGEST_AUDIO,
    )
    assert (job.progress, job.attempt, job.created_at) == (0, 0, stores.clock())
    assert stores.jobs.get(job_id) == job
    assert [a.kind for a in stores.jobs.artifacts(job_id)] == [ArtifactKind.SOURCE]
    [event] = stores.jobs.events(job_id, after=0, limit=10)
    assert (event.kind, event.data["status"]) == ("status", "queued")


def test_submit_every_field_of_the_request_comes_back(stores: Stores) -> None:
    request = JobRequest(
        input_type=InputType.YOUTUBE,
        title="Überraschung 🥁",
        link="https://www.youtube.com/watch?v=abcdefghijk",
        original_filename="lied.mp3",
        wishes=Wishes.of(
            {
                "bpm": 123.4,
                "time_signature": "7/8",
                "separation": "always",
                "sensitivity": 0.25,
                "style": "one-voice",
                "sensitivity_by_instrument": {"kick": 0.1},
            }
        ),
        model="crnn@2",
        webhook_url="https://example.org/hook",
        metadata={"nested": {"list": [1, 2.5, None, True, "ä"]}},
        idempotency_key="key",
        request_hash="hash",
        trace_context={"traceparent": "00-1-2-01"},
    )
    job, _ = stores.jobs.submit(uuid4(), "anna", request, None, max_active=1)
    assert seen(stores, job.id).request == request


def test_artifacts_every_field_comes_back(stores: Stores) -> None:
    source = a_file(size=3_000_000_000)
    job = submit(stores, source=source)
    [artifact] = stores.jobs.artifacts(job.id)
    assert artifact.stored == source.stored
    assert (artifact.job_id, artifact.media_type, artifact.filename) == (
        job.id,
        source.media_type,
        source.filename,
    )
    assert (artifact.created_at, artifact.deleted_at) == (stores.clock(), None)


def test_facts_given_in_steps_are_merged(stores: Stores) -> None:
    job = submit(stores)
    first = JobFacts(title="Found", duration_seconds=12.5, warnings=("low_confidence",))
    assert finish(stores, claim(stores, job.id), facts=first)
    second = JobFacts(
        detected_bpm=98,
        bpm_unreliable=True,
        hit_summary={"kick": 4},
        confidence_score=0.5,
        model_version="crnn@2",
        compute_time_ms=12,
    )
    assert finish(stores, claim(stores, job.id, Step.SEPARATE_DRUMS), facts=second)
    expected = dataclasses.replace(
        second, title="Found", duration_seconds=12.5, warnings=("low_confidence",)
    )
    assert seen(stores, job.id).facts == expected


def test_submit_at_the_quota_is_refused_and_leaves_nothing(stores: Stores) -> None:
    for _ in range(2):
        submit(stores, max_active=2)
    refused = uuid4()
    with pytest.raises(QuotaExceeded):
        stores.jobs.submit(refused, "anna", a_request(), a_file(), max_active=2)
    assert stores.jobs.get(refused) is None
    assert stores.jobs.artifacts(refused) == []


def test_submit_of_another_owner_has_a_quota_of_its_own(stores: Stores) -> None:
    submit(stores, max_active=1)
    assert submit(stores, owner="bert", max_active=1).owner == "bert"


def test_submit_after_a_job_ended_has_room_again(stores: Stores) -> None:
    complete(stores, submit(stores, max_active=1).id)
    assert submit(stores, max_active=1).status is JobStatus.QUEUED


def test_submit_same_key_and_hash_gives_the_job_of_before(stores: Stores) -> None:
    first = submit(stores, idempotency_key="k", request_hash="h", max_active=1)
    again, is_new = stores.jobs.submit(
        uuid4(), "anna", a_request(idempotency_key="k", request_hash="h"), None, max_active=1
    )
    assert (again, is_new) == (first, False)


def test_submit_same_key_with_another_hash_is_a_conflict(stores: Stores) -> None:
    submit(stores, idempotency_key="k", request_hash="h")
    with pytest.raises(IdempotencyConflict):
        submit(stores, idempotency_key="k", request_hash="other")


def test_submit_same_key_of_another_owner_is_a_new_job(stores: Stores) -> None:
    first = submit(stores, idempotency_key="k", request_hash="h")
    second = submit(stores, owner="bert", idempotency_key="k", request_hash="other")
    assert first.id != second.id


def test_submit_key_of_a_deleted_job_may_be_used_again(stores: Stores) -> None:
    first = submit(stores, idempotency_key="k", request_hash="h")
    complete(stores, first.id)
    assert stores.jobs.mark_for_deletion(first.id)
    assert submit(stores, idempotency_key="k", request_hash="other").id != first.id


def test_get_unknown_job_is_none(stores: Stores) -> None:
    assert stores.jobs.get(uuid4()) is None
    assert stores.jobs.queue_positions([uuid4()]) == {}
    assert stores.jobs.events(uuid4(), after=0, limit=5) == []


def test_list_pages_show_each_own_job_once_newest_first(stores: Stores) -> None:
    made = []
    for number in range(7):
        made.append(submit(stores).id)
        if number % 3 == 0:  # some are of the same moment
            stores.clock.advance(1)
    submit(stores, owner="bert")
    listed: list[Job] = []
    cursor, pages = None, 0
    while True:
        page = stores.jobs.list_jobs("anna", cursor=cursor, limit=3)
        listed += page.jobs
        pages += 1
        cursor = page.next_cursor
        if cursor is None:
            break
    assert pages == 3
    assert sorted(job.id for job in listed) == sorted(made)
    assert listed == sorted(listed, key=lambda job: (job.created_at, job.id), reverse=True)


def test_list_jobs_submitted_between_pages_do_not_move_them(stores: Stores) -> None:
    old = []
    for _ in range(4):
        old.append(submit(stores).id)
        stores.clock.advance(1)
    first = stores.jobs.list_jobs("anna", cursor=None, limit=2)
    submit(stores)
    second = stores.jobs.list_jobs("anna", cursor=first.next_cursor, limit=2)
    assert [job.id for job in (*first.jobs, *second.jobs)] == old[::-1]
    assert second.next_cursor is None


def test_list_of_nobody_is_empty(stores: Stores) -> None:
    page = stores.jobs.list_jobs("nobody", cursor=None, limit=5)
    assert (page.jobs, page.next_cursor) == ((), None)


@pytest.mark.parametrize("cursor", ["", "x", "////", "AAAA", "ä" * 32, "A" * 40, "_" * 32])
def test_list_with_a_foreign_cursor_is_refused(stores: Stores, cursor: str) -> None:
    with pytest.raises(InvalidCursor):
        stores.jobs.list_jobs("anna", cursor=cursor, limit=5)


def test_several_jobs_are_got_at_once_those_that_there_are(stores: Stores) -> None:
    one, other = submit(stores), submit(stores, owner="bob")
    assert stores.jobs.get_several([one.id, uuid4(), other.id]) == {one.id: one, other.id: other}
    assert stores.jobs.get_several([]) == {}


def test_queue_position_counts_who_came_before(stores: Stores) -> None:
    jobs = []
    for _ in range(3):
        jobs.append(submit(stores))
        stores.clock.advance(1)
    first, second, third = (job.id for job in jobs)
    assert stores.jobs.queue_positions([first, second, third]) == {first: 1, second: 2, third: 3}
    claim(stores, first)
    assert stores.jobs.queue_positions([first, third]) == {third: 2}


def test_due_gives_the_oldest_first_up_to_the_limit(stores: Stores) -> None:
    jobs = []
    for _ in range(3):
        jobs.append(submit(stores))
        stores.clock.advance(1)
    assert stores.jobs.due(limit=2) == [(job.id, Step.INGEST_AUDIO) for job in jobs[:2]]


def test_stats_count_states_steps_and_age(stores: Stores) -> None:
    assert stores.jobs.stats().oldest_queued_seconds is None
    waiting = submit(stores)
    stores.clock.advance(5)
    finish(stores, claim(stores, submit(stores).id))
    claim(stores, submit(stores).id)
    complete(stores, submit(stores, webhook_url="https://example.org/").id)
    stores.clock.advance(2.5)
    stats = stores.jobs.stats()
    assert stats.by_status == {
        JobStatus.QUEUED: 2,
        JobStatus.RUNNING: 1,
        JobStatus.COMPLETED: 1,
        JobStatus.FAILED: 0,
        JobStatus.CANCELLED: 0,
    }
    assert stats.queued_by_step == {
        Step.INGEST_AUDIO: 1,
        Step.SEPARATE_DRUMS: 1,
        Step.PREDICT_HITS: 0,
        Step.TRANSCRIBE_AND_EXPORT: 0,
    }
    assert stats.oldest_queued_seconds == pytest.approx(7.5)
    assert stats.pending_deliveries == 1
    assert stats.failed_by_code == {}
    assert stores.jobs.queue_positions([waiting.id]) == {waiting.id: 1}


def test_stats_count_failures_by_code_those_without_a_worker_too(stores: Stores) -> None:
    broken = claim(stores, submit(stores).id)
    stores.jobs.fail(broken, code="silent_audio", message="x", expires_at=stores.in_a_day())
    lost = submit(stores)
    for _ in range(ATTEMPTS):
        claim(stores, lost.id)
        stores.clock.advance(LEASE + 1)
    again = stores.jobs.claim(
        lost.id, Step.INGEST_AUDIO, lease_seconds=LEASE, max_attempts=ATTEMPTS
    )
    assert again is None
    assert stores.jobs.stats().failed_by_code == {"silent_audio": 1, "worker_lost": 1}


def test_ping_of_a_store_that_answers_is_silent(stores: Stores) -> None:
    stores.jobs.ping()

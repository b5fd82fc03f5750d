"""Random lives of jobs: whatever happens in whatever order, the promises hold.

Submits, claims, heartbeats, time going by, cancels, finishes, failures, releases, requeues,
sweeps and crashes (a worker that is never heard of again) come in any order.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, ClassVar
from uuid import UUID, uuid4

from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    rule,
)
from sqlalchemy import Engine

from drumscribe.domain.artifacts import ArtifactKind
from drumscribe.domain.jobs import Claim, Edits, Heartbeat, Job, JobFacts, JobStatus, Step
from drumscribe.errors import QuotaExceeded
from stores import (
    ATTEMPTS,
    LEASE,
    Stores,
    a_file,
    a_request,
    empty,
    sql_stores,
)

QUOTA = 3
OWNERS = ("anna", "bert")
SHORT = timedelta(seconds=LEASE)


class JobLife(RuleBasedStateMachine):
    """What is remembered here is what the store said; the store must stand by it."""

    engine: ClassVar[Engine]

    claims = Bundle("claims")

    @initialize()
    def begin(self) -> None:
        empty(self.engine)
        self.stores: Stores = sql_stores(self.engine)
        self.known: list[UUID] = []
        self.refinements: list[UUID] = []
        self.deleted: set[UUID] = set()
        self.ended: dict[UUID, JobStatus] = {}
        self.leases: dict[UUID, tuple[UUID, float]] = {}
        self.progress: dict[UUID, int] = {}
        self.files: set[str] = set()
        self.elapsed = 0.0

    # --- what may happen ---

    @rule(owner=st.sampled_from(OWNERS), hook=st.booleans())
    def submit(self, owner: str, hook: bool) -> None:
        job_id = uuid4()
        key = f"jobs/{job_id}/source"
        request = a_request(webhook_url="https://example.org/" if hook else None)
        active = [job for job in self.songs() if job.owner == owner and not job.status.is_terminal]
        try:
            self.stores.jobs.submit(job_id, owner, request, a_file(key=key), max_active=QUOTA)
        except QuotaExceeded:
            assert len(active) >= QUOTA
        else:
            assert len(active) < QUOTA
            self.known.append(job_id)
            self.files.add(key)

    @rule(target=claims, data=st.data(), step=st.none() | st.sampled_from(Step))
    def claim(self, data: st.DataObject, step: Step | None) -> object:
        if not self.known:
            return multiple()
        before = self.get(data.draw(st.sampled_from(self.known + self.refinements)))
        if before is None:
            return multiple()
        claim = self.stores.jobs.claim(
            before.id, step or before.step, lease_seconds=LEASE, max_attempts=ATTEMPTS
        )
        if claim is None:
            after = self.get(before.id)
            assert after is not None
            if after.status is JobStatus.FAILED and before.status is not JobStatus.FAILED:
                assert after.error_code == "worker_lost"
                assert before.attempt >= ATTEMPTS
                self.note_end(after)
            return multiple()
        # Never two live leases: the one before must have ended.
        _, held_until = self.leases.get(before.id, (None, -1.0))
        assert held_until < self.elapsed
        assert claim.job.step is before.step
        assert claim.job.attempt == before.attempt + 1 <= ATTEMPTS
        self.leases[before.id] = (claim.token, self.elapsed + LEASE)
        return claim

    @rule(claim=claims, progress=st.none() | st.integers(0, 100))
    def heartbeat(self, claim: Claim, progress: int | None) -> None:
        answer = self.stores.jobs.heartbeat(claim, lease_seconds=LEASE, progress=progress)
        assert (answer is not Heartbeat.LOST) == self.holds(claim)
        if answer is not Heartbeat.LOST:
            self.leases[claim.job.id] = (claim.token, self.elapsed + LEASE)

    @rule(claim=claims, fresh_key=st.booleans(), is_stale=st.booleans())
    def finish(self, claim: Claim, fresh_key: bool, is_stale: bool) -> None:
        job_id, step = claim.job.id, claim.job.step
        if claim.job.refines is not None and step.following is None:
            self.finish_refinement(claim, is_stale)
            return
        kind = list(ArtifactKind)[1 + list(Step).index(step)]
        key = f"jobs/{job_id}/{kind}{uuid4() if fresh_key else ''}"
        before = self.get(job_id)
        held = self.holds(claim)
        done = self.stores.jobs.finish_step(
            claim,
            artifacts=[a_file(kind, key)],
            facts=JobFacts(warnings=("low_confidence",)),
            expires_at=self.stores.clock() + SHORT,
        )
        flagged = before is None or before.cancel_requested_at is not None
        assert done == (held and not flagged)
        if done:
            self.files.add(key)
            self.let_go(claim)

    def finish_refinement(self, claim: Claim, is_stale: bool) -> None:
        """The last step of a refinement; nothing is refined here."""
        raise NotImplementedError

    @rule(claim=claims)
    def fail(self, claim: Claim) -> None:
        before = self.get(claim.job.id)
        expires_at = self.stores.clock() + SHORT
        held = self.holds(claim)
        done = self.stores.jobs.fail(claim, code="x", message="y", expires_at=expires_at)
        flagged = before is None or before.cancel_requested_at is not None
        assert done == (held and not flagged)
        if done:
            self.let_go(claim)

    @rule(claim=claims, counts=st.booleans())
    def release(self, claim: Claim, counts: bool) -> None:
        held = self.holds(claim)
        done = self.stores.jobs.release(claim, counts_as_attempt=counts)
        assert done == held
        if done:
            self.let_go(claim)

    @rule(claim=claims)
    def acknowledge_cancel(self, claim: Claim) -> None:
        before = self.get(claim.job.id)
        expires_at = self.stores.clock() + SHORT
        held = self.holds(claim)
        done = self.stores.jobs.acknowledge_cancel(claim, expires_at=expires_at)
        flagged = before is None or before.cancel_requested_at is not None
        assert done == (held and flagged)
        if done:
            self.let_go(claim)

    @rule(seconds=st.sampled_from([1.0, LEASE / 2, LEASE, LEASE + 1, LEASE * 3]))
    def time_goes_by(self, seconds: float) -> None:
        self.stores.clock.advance(seconds)
        self.elapsed += seconds

    @rule(data=st.data())
    def cancel(self, data: st.DataObject) -> None:
        before = self.pick(data, self.refinements)
        if before is None:
            return
        after = self.stores.jobs.request_cancel(before.id, expires_at=self.stores.clock() + SHORT)
        assert after is not None
        if before.status.is_terminal:
            assert after == before
        elif before.status is JobStatus.QUEUED:
            assert after.status is JobStatus.CANCELLED
        else:
            assert after.cancel_requested_at is not None

    @rule(data=st.data())
    def fail_by_operator(self, data: st.DataObject) -> None:
        before = self.pick(data, self.refinements)
        if before is None:
            return
        after = self.stores.jobs.fail_by_operator(
            before.id, message="enough", expires_at=self.stores.clock()
        )
        assert (after is None) == before.status.is_terminal
        if after is not None and before.id in self.leases:
            self.leases[before.id] = (uuid4(), self.leases[before.id][1])

    @rule(data=st.data(), step=st.none() | st.sampled_from(Step))
    def requeue(self, data: st.DataObject, step: Step | None) -> None:
        before = self.pick(data, self.refinements)
        if before is None:
            return
        if self.stores.jobs.requeue(before.id, step) is not None:
            assert before.status in (JobStatus.FAILED, JobStatus.CANCELLED)
            assert before.refines is None
            self.ended.pop(before.id)
            self.progress.pop(before.id)
            self.leases.pop(before.id, None)

    @rule(data=st.data(), is_stale=st.booleans(), reverts=st.booleans())
    def edit(self, data: st.DataObject, is_stale: bool, reverts: bool) -> None:
        before = self.pick(data)
        if before is None:
            return
        key = f"jobs/{before.id}/edit{uuid4()}"
        done = self.stores.jobs.replace_results(
            before.id,
            artifacts=[a_file(ArtifactKind.PDF, key)],
            facts=JobFacts(),
            edits=None if reverts else Edits(said={"title": "Edited"}),
            if_version=before.version - is_stale,
        )
        assert not done or (before.status is JobStatus.COMPLETED and not is_stale)
        if done:
            self.files.add(key)
            after = self.stores.jobs.get(before.id)
            assert after is not None
            assert after.version == before.version + 1
            assert (after.edited_at is None) == reverts

    @rule(data=st.data())
    def delete(self, data: st.DataObject) -> None:
        before = self.pick(data)
        if before is None:
            return
        assert self.stores.jobs.mark_for_deletion(before.id) == before.status.is_terminal
        if before.status.is_terminal:
            self.deleted.add(before.id)
            assert not [one for one in self.refining() if one.refines == before.id]

    @rule(limit=st.integers(1, 4), crashes=st.booleans())
    def sweep(self, limit: int, crashes: bool) -> None:
        needed = self.needed_files(self.seen())
        for artifact in self.stores.jobs.sweepable(limit=limit):
            assert artifact.stored.key not in needed
            self.files.discard(artifact.stored.key)
            if not crashes:
                self.stores.jobs.forget_artifact(artifact.id)

    @rule()
    def reconcile(self) -> None:
        due = self.stores.jobs.due(limit=1000)
        jobs = {job.id: job for job in self.seen()}
        waiting = {
            job.id
            for job in jobs.values()
            if job.status is JobStatus.QUEUED
            or (
                job.status is JobStatus.RUNNING
                and job.cancel_requested_at is None
                and self.leases[job.id][1] < self.elapsed
            )
        }
        # Those of deleted songs end by themselves.
        assert {job_id for job_id, _ in due if self.get(job_id) is not None} == waiting
        turns = [jobs[job_id].refines is not None for job_id, _ in due if job_id in jobs]
        assert turns == sorted(turns), "songs come before refinements"
        for job_id, step in due:
            assert job_id not in jobs or jobs[job_id].step is step
        for job in jobs.values():
            # A cancelled job whose worker is gone has come to its end.
            if job.status is JobStatus.RUNNING and job.cancel_requested_at is not None:
                assert self.leases[job.id][1] >= self.elapsed

    # --- what must always be true ---

    @invariant()
    def promises_hold(self) -> None:
        if not hasattr(self, "known"):
            return
        jobs = self.seen()
        songs = {job.id for job in jobs if job.refines is None}
        assert songs == set(self.known) - self.deleted, "no job is lost"
        running = [one.refines for one in self.refining() if not one.status.is_terminal]
        assert len(running) == len(set(running)), "one refinement of a song at a time"
        assert self.needed_files(jobs) <= self.files, "files of live jobs are there"
        for job in jobs:
            self.check_end_is_final(job)
            self.check_state_is_whole(job)
            self.check_end_is_told_once(job)
            assert job.progress >= self.progress.get(job.id, 0), "progress never goes back"
            self.progress[job.id] = job.progress

    def check_end_is_final(self, job: Job) -> None:
        if job.id in self.ended:
            assert job.status is self.ended[job.id]
        elif job.status.is_terminal:
            self.note_end(job)

    def check_state_is_whole(self, job: Job) -> None:
        assert (job.status is JobStatus.RUNNING) == (job.lease_token is not None)
        assert (job.finished_at is not None) == job.status.is_terminal
        is_refined = job.refines is not None and job.status is JobStatus.COMPLETED
        assert not job.status.is_terminal or job.expires_at is not None or is_refined
        assert (job.refined is not None) == is_refined
        assert (job.error_code is not None) == (job.status is JobStatus.FAILED)
        assert job.status is not JobStatus.QUEUED or job.cancel_requested_at is None
        assert 0 <= job.attempt <= ATTEMPTS

    def check_end_is_told_once(self, job: Job) -> None:
        events = [delivery.event for delivery in self.stores.deliveries.deliveries(job.id)]
        assert len(events) == len(set(events))
        if job.status.is_terminal:
            assert (f"job.{job.status}" in events) == (job.request.webhook_url is not None)

    def teardown(self) -> None:
        """Left alone with one worker that works, every live job comes to an end."""
        if not hasattr(self, "known"):
            return
        self.time_goes_by(LEASE + 1)
        for _ in range(len(self.known + self.refinements) * (len(Step) + ATTEMPTS)):
            for job_id, step in self.stores.jobs.due(limit=100):
                claim = self.stores.jobs.claim(
                    job_id, step, lease_seconds=LEASE, max_attempts=ATTEMPTS
                )
                if claim is not None and claim.job.refines is not None and step.following is None:
                    self.finish_refinement(claim, is_stale=False)
                elif claim is not None:
                    assert self.stores.jobs.finish_step(
                        claim, artifacts=[], facts=JobFacts(), expires_at=self.stores.clock()
                    )
        assert all(job.status.is_terminal for job in self.seen())

    # --- reading ---

    def get(self, job_id: UUID) -> Job | None:
        return self.stores.jobs.get(job_id)

    def pick(self, data: st.DataObject, others: Sequence[UUID] = ()) -> Job | None:
        known = [*self.known, *others]
        return self.get(data.draw(st.sampled_from(known))) if known else None

    def songs(self) -> list[Job]:
        if not hasattr(self, "known"):
            return []
        found: list[Any] = []
        for owner in OWNERS:
            found += self.stores.jobs.list_jobs(owner, cursor=None, limit=1000).jobs
        return found

    def refining(self) -> list[Job]:
        return [one for one in map(self.get, self.refinements) if one is not None]

    def seen(self) -> list[Job]:
        return self.songs() + self.refining() if hasattr(self, "known") else []

    def holds(self, claim: Claim) -> bool:
        job = self.get(claim.job.id)
        if job is None:
            # A refinement whose song was deleted: nobody sees it, and its worker is still at it.
            return self.leases.get(claim.job.id, (None, 0.0))[0] == claim.token
        return job.lease_token == claim.token

    def let_go(self, claim: Claim) -> None:
        self.leases.pop(claim.job.id, None)

    def note_end(self, job: Job) -> None:
        self.ended[job.id] = job.status

    def needed_files(self, jobs: list[Job]) -> set[str]:
        """Files of jobs that are under way, or whose results may still be fetched."""
        now = self.stores.clock()
        return {
            artifact.stored.key
            for job in jobs
            if not job.status.is_terminal
            or (job.refines is None and job.expires_at is not None and job.expires_at > now)
            for artifact in self.stores.jobs.artifacts(job.id)
        }

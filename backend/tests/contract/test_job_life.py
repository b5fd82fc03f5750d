"""Random lives of jobs: whatever happens in whatever order, the promises hold."""

from __future__ import annotations

from uuid import uuid4

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import multiple, rule, run_state_machine_as_test

from drumscribe.domain.artifacts import ArtifactKind
from drumscribe.domain.jobs import Claim, Ending, JobFacts, JobStatus, Step
from drumscribe.domain.service.refinements import Refined
from drumscribe.errors import RefinementRunning
from job_lives import OWNERS, JobLife
from stores import ATTEMPTS, LEASE, a_file, a_request


class RefinedLife(JobLife):
    """Songs that are finished are refined, too."""

    @rule(owner=st.sampled_from(OWNERS))
    def write_a_song(self, owner: str) -> None:
        """A song from first to last: by chance alone hardly one would be refined."""
        known = len(self.known)
        self.submit(owner, False)
        for step in Step if len(self.known) > known else ():
            claim = self.stores.jobs.claim(
                self.known[-1], step, lease_seconds=LEASE, max_attempts=ATTEMPTS
            )
            assert claim is not None
            self.finish(claim, True, False)

    @rule(target=JobLife.claims, data=st.data())
    def refine_nearly(self, data: st.DataObject) -> object:
        """A refinement up to its last step."""
        self.refine(data)
        claim = None
        for step in Step:
            if not self.refinements:
                break
            claim = self.stores.jobs.claim(
                self.refinements[-1], step, lease_seconds=LEASE, max_attempts=ATTEMPTS
            )
            if claim is None or step.following is None:
                break
            self.leases[claim.job.id] = (claim.token, self.elapsed + LEASE)
            self.finish(claim, True, False)
        if claim is None:
            return multiple()
        self.leases[claim.job.id] = (claim.token, self.elapsed + LEASE)
        return claim

    @rule(data=st.data())
    def refine(self, data: st.DataObject) -> None:
        song = self.get(data.draw(st.sampled_from(self.known))) if self.known else None
        if song is None:
            return
        new_id = uuid4()
        is_refined = any(
            one.refines == song.id and not one.status.is_terminal for one in self.refining()
        )
        try:
            begun = self.stores.jobs.begin_refinement(song.id, new_id, a_request())
        except RefinementRunning:
            assert is_refined
            return
        if begun is None:
            gone = song.expires_at is not None and song.expires_at <= self.stores.clock()
            assert song.status is not JobStatus.COMPLETED or gone
            return
        assert song.status is JobStatus.COMPLETED
        assert not is_refined
        assert begun[1]
        assert self.stores.jobs.refinements_of([song.id])[song.id].id == new_id
        self.refinements.append(new_id)

    def finish_refinement(self, claim: Claim, is_stale: bool) -> None:
        """The last step of a refinement changes its song, or nothing."""
        song, before = self.get(claim.job.song_id), self.get(claim.job.id)
        version = song.version if song is not None else 1
        held = self.holds(claim)
        page, kept = f"jobs/{claim.job.song_id}/{uuid4()}", f"jobs/{claim.job.song_id}/{uuid4()}"
        ending = self.stores.jobs.finish_refinement(
            claim,
            refined=Refined(added=1, removed=0, changed=0, version=version + 1 - is_stale),
            page=[a_file(ArtifactKind.PDF, page)],
            before=a_file(ArtifactKind.GRID, kept),
            outdated=(),
            facts=JobFacts(),
        )
        after = self.get(claim.job.song_id)
        flagged = before is None or before.cancel_requested_at is not None
        if ending is Ending.DONE:
            assert held
            assert not flagged
            assert not is_stale
            assert after is not None
            assert after.version == version + 1
            self.files |= {page, kept}
            self.let_go(claim)
        else:
            assert after == song
            assert is_stale or not held or flagged or song is None or ending is Ending.OUTDATED


EXAMPLES = {"sqlite": 25, "postgres": 10}


@pytest.mark.parametrize("kind", list(EXAMPLES))
def test_job_life_in_any_order_keeps_the_promises(
    kind: str, request: pytest.FixtureRequest
) -> None:
    class Life(RefinedLife):
        engine = request.getfixturevalue(f"{kind}_engine")

    run_state_machine_as_test(
        Life,
        settings=settings(
            max_examples=EXAMPLES[kind],
            stateful_step_count=40,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )

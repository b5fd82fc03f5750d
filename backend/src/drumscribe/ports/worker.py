"""What a worker does with the store of jobs: claim a step, keep it, end it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from drumscribe.domain.artifacts import ArtifactKind, NewArtifact
from drumscribe.domain.jobs import Claim, Ending, Heartbeat, JobFacts, JobRequest, Step
from drumscribe.domain.service.refinements import Refined


class JobWork(Protocol):
    """Jobs as the worker of a step sees them."""

    def claim(
        self, job_id: UUID, step: Step, *, lease_seconds: float, max_attempts: int
    ) -> Claim | None:
        """Take a due step: queued, or running with an expired lease, and not cancelled.

        None for a duplicate or stale message. A step that was claimed max_attempts times becomes
        failed with code worker_lost instead (event and webhook row included).
        """
        ...

    def heartbeat(
        self, claim: Claim, *, lease_seconds: float, progress: int | None = None
    ) -> Heartbeat:
        """Renew the lease; progress never goes back."""
        ...

    def finish_step(
        self,
        claim: Claim,
        *,
        artifacts: Sequence[NewArtifact],
        facts: JobFacts,
        expires_at: datetime | None,
        refining: JobRequest | None = None,
    ) -> bool:
        """Store what the step made, and queue the next step or complete the job.

        Artifacts of the same kind are replaced; the files of the old ones are swept, unless the
        new ones lie under the same keys. One transaction with state, event and webhook row. If the
        job completes, what only its steps have read (see is_of_use_afterwards) may be swept, too.
        expires_at: set if the job completes. refining: the request of the refinement that is queued
        then, unless there is one. False if the lease is lost or the job was
        cancelled: then nothing was stored and the caller discards its files.
        """
        ...

    def finish_refinement(
        self,
        claim: Claim,
        *,
        refined: Refined,
        page: Sequence[NewArtifact],
        before: NewArtifact,
        outdated: Collection[ArtifactKind],
        facts: JobFacts,
    ) -> Ending:
        """Bring what a refinement has heard into its song, and complete it: one transaction.

        page: the song's new transcript and renderings; what the steps before stored of what was
            heard, and the stems, become the song's too. before: its transcript as it was, kept with
            the refinement for the way back. outdated: as for replace_results.
        refined: its version is that of the song afterwards, one more than the page was made from;
            where the song has another one by now, or is gone, nothing is stored.
        """
        ...

    def fail(self, claim: Claim, *, code: str, message: str, expires_at: datetime | None) -> bool:
        """The job has failed for good. False if the lease is lost or the job was cancelled."""
        ...

    def release(self, claim: Claim, *, counts_as_attempt: bool) -> bool:
        """Back to queued at once: shutdown (does not count) or a passing error (counts)."""
        ...

    def acknowledge_cancel(self, claim: Claim, *, expires_at: datetime | None) -> bool:
        """The worker has stopped because of cancel_requested_at: the job is cancelled."""
        ...

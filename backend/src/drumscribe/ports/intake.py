"""What owners of songs do with the store of jobs: submit, look, edit, cancel, delete."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from drumscribe.domain.artifacts import Artifact, ArtifactKind, NewArtifact
from drumscribe.domain.jobs import Edits, Job, JobEvent, JobFacts, JobRequest


@dataclass(frozen=True, slots=True)
class Page:
    """Jobs, newest first. next_cursor: opaque; None on the last page."""

    jobs: tuple[Job, ...]
    next_cursor: str | None


class JobIntake(Protocol):
    """Jobs as their owners see them."""

    def submit(
        self,
        job_id: UUID,
        owner: str,
        request: JobRequest,
        source: NewArtifact | None,
        *,
        max_active: int,
    ) -> tuple[Job, bool]:
        """Insert a queued job and its source; returns the job and True if it is new.

        Serialised per owner: of many at once exactly max_active get in.
        The same idempotency key and hash give the job of before and False.
        Raises QuotaExceeded, IdempotencyConflict.
        """
        ...

    def get(self, job_id: UUID) -> Job | None: ...

    def get_several(self, job_ids: Collection[UUID]) -> dict[UUID, Job]:
        """Those that there are."""
        ...

    def list_jobs(self, owner: str, *, cursor: str | None, limit: int) -> Page:
        """Raises InvalidCursor."""
        ...

    def queue_positions(self, job_ids: Collection[UUID]) -> dict[UUID, int]:
        """1 for the next to be claimed among the queued jobs; those not queued are left out."""
        ...

    def events(self, job_id: UUID, *, after: int, limit: int) -> list[JobEvent]: ...

    def artifacts(self, job_id: UUID) -> list[Artifact]:
        """All that are not deleted."""
        ...

    def artifacts_of(self, job_ids: Collection[UUID]) -> dict[UUID, list[Artifact]]:
        """The same for several jobs; those without any are left out."""
        ...

    def replace_results(
        self,
        job_id: UUID,
        *,
        artifacts: Sequence[NewArtifact],
        facts: JobFacts,
        edits: Edits | None,
        if_version: int,
        outdated: Collection[ArtifactKind] = (),
    ) -> bool:
        """New result files of a completed job, after an edit.

        edits: all that is changed about them now; None if they are as the machine made them.
        if_version: the version that the edit was made from. False if the job is not completed or
        has another version by now: then nothing was stored. outdated: kinds that are dropped where
        no new file takes their place.
        """
        ...

    def add_rendering(self, job_id: UUID, artifact: NewArtifact, *, if_version: int) -> bool:
        """One more file of a completed job, made from its results of that version.

        False if the job has other results by now, or none: then nothing was stored.
        """
        ...

    def begin_refinement(
        self, song_id: UUID, new_id: UUID, request: JobRequest
    ) -> tuple[Job, bool] | None:
        """Queue a refinement of a finished song; returns it and True if it is new.

        The one before it is forgotten. The same idempotency key and hash give the refinement of
        before and False. None if the song is not completed, or its files are gone.
        Raises RefinementRunning, IdempotencyConflict.
        """
        ...

    def refinements_of(self, song_ids: Collection[UUID]) -> dict[UUID, Job]:
        """The last refinement of each song; those never refined are left out."""
        ...

    def request_cancel(self, job_id: UUID, *, expires_at: datetime | None) -> Job | None:
        """Queued: cancelled at once. Running: flagged. Terminal: unchanged. None: no such job."""
        ...

    def copy(
        self,
        job_id: UUID,
        new_id: UUID,
        owner: str,
        artifacts: Sequence[NewArtifact],
        *,
        expires_at: datetime | None,
        if_version: int,
    ) -> Job | None:
        """A completed job as another one of this owner, with these files, at version 1.

        Nobody is told by webhook. None if the job is not completed, its files are gone, or it has
        another version by now: then nothing was stored.
        """
        ...

    def keep(self, job_id: UUID, *, expires_at: datetime | None) -> bool:
        """Set anew when the files of an ended job may go; None: not before it is deleted.

        False if there is no such job, it has not ended, or its files are gone.
        """
        ...

    def set_tags(self, job_id: UUID, tags: Sequence[str]) -> bool:
        """The tags of a job, in whatever state it is. False if there is no such job."""
        ...

    def mark_for_deletion(self, job_id: UUID) -> bool:
        """A terminal job is gone for its owner; its files may be swept. False if not terminal."""
        ...

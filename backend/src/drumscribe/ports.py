"""What the service needs from the outside: protocols only.

Fakes for all of them are in drumscribe.testing and pass the same contract tests as the real
adapters. Every method of a store is one transaction; it is committed when the method returns.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import IO, Any, Protocol
from uuid import UUID

from drumscribe.domain.artifacts import Artifact, ArtifactKind, NewArtifact, StoredObject
from drumscribe.domain.jobs import (
    ApiKey,
    Claim,
    Edits,
    Heartbeat,
    Job,
    JobEvent,
    JobFacts,
    JobRequest,
    JobStatus,
    Step,
    WebhookDelivery,
)


@dataclass(frozen=True, slots=True)
class Page:
    """Jobs, newest first. next_cursor: opaque; None on the last page."""

    jobs: tuple[Job, ...]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class JobStats:
    """Counts for metrics and operators.

    by_status: status -> jobs. queued_by_step: step -> due or waiting jobs.
    oldest_queued_seconds: age of the job that has waited longest; None if none waits.
    failed_by_code: code of the error -> failed jobs.
    """

    by_status: Mapping[JobStatus, int]
    queued_by_step: Mapping[Step, int]
    oldest_queued_seconds: float | None
    pending_deliveries: int
    failed_by_code: Mapping[str, int] = field(default_factory=dict)


class JobStore(Protocol):
    """Jobs, their artifacts and events."""

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

    def list_jobs(self, owner: str, *, cursor: str | None, limit: int) -> Page:
        """Raises InvalidCursor."""
        ...

    def queue_position(self, job_id: UUID) -> int | None:
        """1 for the next to be claimed among the queued jobs; None if it is not queued."""
        ...

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
    ) -> bool:
        """Store what the step made, and queue the next step or complete the job.

        Artifacts of the same kind are replaced; the files of the old ones are swept, unless the
        new ones lie under the same keys. One transaction with state, event and webhook row. If the
        job completes, what only its steps have read (see is_of_use_afterwards) may be swept, too.
        expires_at: set if the job completes. False if the lease is lost or the job was
        cancelled: then nothing was stored and the caller discards its files.
        """
        ...

    def fail(self, claim: Claim, *, code: str, message: str, expires_at: datetime) -> bool:
        """The job has failed for good. False if the lease is lost or the job was cancelled."""
        ...

    def release(self, claim: Claim, *, counts_as_attempt: bool) -> bool:
        """Back to queued at once: shutdown (does not count) or a passing error (counts)."""
        ...

    def acknowledge_cancel(self, claim: Claim, *, expires_at: datetime) -> bool:
        """The worker has stopped because of cancel_requested_at: the job is cancelled."""
        ...

    def request_cancel(self, job_id: UUID, *, expires_at: datetime) -> Job | None:
        """Queued: cancelled at once. Running: flagged. Terminal: unchanged. None: no such job."""
        ...

    def requeue(self, job_id: UUID, step: Step | None = None) -> Job | None:
        """An operator's second chance for a failed or cancelled job, from a step on.

        None if there is no such job, it is not failed or cancelled, or its files are swept.
        """
        ...

    def fail_by_operator(self, job_id: UUID, *, message: str, expires_at: datetime) -> Job | None:
        """End a queued or running job as failed with code failed_by_operator."""
        ...

    def due(self, *, limit: int, steps: Collection[Step] | None = None) -> list[tuple[UUID, Step]]:
        """Steps that somebody should claim: queued, or with an expired lease; oldest first.

        steps: only these; None is all. limit counts after this choice.
        Running jobs whose cancel was requested and whose lease ended become cancelled here.
        """
        ...

    def events(self, job_id: UUID, *, after: int, limit: int) -> list[JobEvent]: ...

    def artifacts(self, job_id: UUID) -> list[Artifact]:
        """All that are not deleted."""
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

    def mark_for_deletion(self, job_id: UUID) -> bool:
        """A terminal job is gone for its owner; its files may be swept. False if not terminal."""
        ...

    def sweepable(self, *, limit: int, job_id: UUID | None = None) -> list[Artifact]:
        """Artifacts of terminal jobs past expires_at (or marked), tombstoned by this call; of one
        job only, if job_id is given.

        Rows come again until forget_artifact: a crash between tombstone and file deletion leaks
        nothing.
        """
        ...

    def forget_artifact(self, artifact_id: UUID) -> None:
        """The file of a tombstoned artifact is really gone."""
        ...

    def stats(self) -> JobStats: ...

    def ping(self) -> None:
        """Raise StoreUnavailable if the database does not answer."""
        ...


class DeliveryStore(Protocol):
    """Webhook deliveries; rows are made by JobStore when a job ends."""

    def due_deliveries(self, *, limit: int, lease_seconds: float) -> list[WebhookDelivery]:
        """Pending ones whose time has come, leased so that no other process sends them too.

        attempts: how many were recorded before this one.
        """
        ...

    def record_attempt(
        self,
        delivery_id: UUID,
        *,
        delivered: bool,
        status_code: int | None,
        error: str | None,
        next_attempt_at: datetime | None,
    ) -> None:
        """What came of an attempt. Not delivered and no next attempt: failed for good."""
        ...

    def deliveries(self, job_id: UUID) -> list[WebhookDelivery]: ...

    def redeliver(self, delivery_id: UUID) -> WebhookDelivery | None:
        """Make it due now, whatever became of it before; attempts are counted anew."""
        ...


class ApiKeyStore(Protocol):
    """API keys; the secret itself is never stored."""

    def add_key(self, key: ApiKey) -> None: ...

    def find_key(self, key_hash: str) -> ApiKey | None:
        """The key if it exists and is not revoked; notes that it was used."""
        ...

    def keys(self) -> list[ApiKey]: ...

    def revoke_key(self, key_id: UUID) -> bool: ...


class ArtifactStorage(Protocol):
    """Files under keys such as `jobs/<id>/source`; whole or absent."""

    def put_file(self, key: str, path: Path, *, media_type: str) -> StoredObject:
        """Store a file, replacing what was there. Raises StorageFull, StorageUnavailable."""
        ...

    def put_stream(
        self, key: str, stream: IO[bytes], *, media_type: str, max_bytes: int
    ) -> StoredObject:
        """Store what the stream gives, hashing on the way. Raises PayloadTooLarge."""
        ...

    def fetch(self, key: str, target: Path) -> None:
        """Bring a file to a local path. Raises ArtifactMissing."""
        ...

    def open(self, key: str, *, start: int = 0, length: int | None = None) -> Iterator[bytes]:
        """Chunks of a file, or of a part of it. Raises ArtifactMissing before the first chunk."""
        ...

    def local_path(self, key: str) -> AbstractContextManager[Path]:
        """A path to read the file from while the context is open; copies only if it must."""
        ...

    def exists(self, key: str) -> bool: ...

    def delete(self, key: str) -> None:
        """No error if it is not there."""
        ...

    def delete_folder(self, prefix: str) -> None:
        """Delete every file whose key begins with `prefix/`. No error if there is none."""
        ...

    def folders(self, prefix: str) -> Iterator[tuple[str, datetime]]:
        """Each `name` that files `prefix/name/...` have, and when its newest file was stored."""
        ...

    def presigned_url(
        self, key: str, *, filename: str, media_type: str, expires_seconds: int
    ) -> str | None:
        """An address where a client can fetch the file itself; None if there is no such thing."""
        ...

    def ping(self) -> None:
        """Raise StorageUnavailable if files cannot be stored."""
        ...


class Doorbell(Protocol):
    """Wakes somebody up for a due step. Losing a ring loses nothing: the reconciler rings again."""

    def ring(self, step: Step, job_id: UUID) -> None: ...

    def ping(self) -> None:
        """Raise QueueUnavailable if nobody can be woken."""
        ...


@dataclass(frozen=True, slots=True)
class FetchedSource:
    """A recording that was fetched from elsewhere. title: as its page says."""

    path: Path
    title: str | None
    duration_seconds: float | None


class SourceFetcher(Protocol):
    """Fetches the sound of a link."""

    def fetch(self, url: str, folder: Path, *, should_stop: Any) -> FetchedSource:
        """Download into folder. should_stop() is polled; it may raise to stop.

        Raises FetchError (each cause has a class and code of its own).
        """
        ...


@dataclass(frozen=True, slots=True)
class DeliveryAttempt:
    """What came of sending one webhook. may_retry: network trouble, 5xx or 429."""

    delivered: bool
    status_code: int | None
    error: str | None
    may_retry: bool


class WebhookTransport(Protocol):
    """Sends signed events to addresses that strangers gave."""

    def send(self, delivery: WebhookDelivery) -> DeliveryAttempt: ...

"""What reconciler, sweep, metrics and operators do with the stores."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol
from uuid import UUID

from drumscribe.domain.artifacts import Artifact
from drumscribe.domain.jobs import ApiKey, Job, JobStatus, Step, WebhookDelivery


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


class JobOperations(Protocol):
    """Jobs as those see them who look after the service."""

    def due(self, *, limit: int, steps: Collection[Step] | None = None) -> list[tuple[UUID, Step]]:
        """Steps that somebody should claim: queued, or with an expired lease; oldest first.

        steps: only these; None is all. limit counts after this choice.
        Running jobs whose cancel was requested and whose lease ended become cancelled here.
        """
        ...

    def requeue(self, job_id: UUID, step: Step | None = None) -> Job | None:
        """An operator's second chance for a failed or cancelled job, from a step on.

        None if there is no such job, it is not failed or cancelled, or its files are swept.
        """
        ...

    def fail_by_operator(
        self, job_id: UUID, *, message: str, expires_at: datetime | None
    ) -> Job | None:
        """End a queued or running job as failed with code failed_by_operator."""
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

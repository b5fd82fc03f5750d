"""The job store on SQL: each method is one transaction around the functions of this package."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Engine, select

from drumscribe.db.clock import Clock, utc_now
from drumscribe.db.engine import reading, writing
from drumscribe.db.job_store import (
    control,
    copying,
    leases,
    queries,
    refinements,
    submission,
    sweeping,
)
from drumscribe.domain.artifacts import Artifact, ArtifactKind, NewArtifact
from drumscribe.domain.jobs import (
    Claim,
    Edits,
    Ending,
    Heartbeat,
    Job,
    JobEvent,
    JobFacts,
    JobRequest,
    Step,
)
from drumscribe.domain.service.refinements import Refined
from drumscribe.domain.service.retention import FOR_GOOD, Retention
from drumscribe.ports import JobStats, Page


class SqlJobStore:
    """JobStore on SQLite or PostgreSQL; may be shared by threads.

    retention: how long the files are kept of jobs that the store itself ends (worker_lost).
    """

    def __init__(
        self, engine: Engine, *, clock: Clock = utc_now, retention: Retention = FOR_GOOD
    ) -> None:
        self.engine = engine
        self._clock = clock
        self._retention = retention

    def submit(
        self,
        job_id: UUID,
        owner: str,
        request: JobRequest,
        source: NewArtifact | None,
        *,
        max_active: int,
    ) -> tuple[Job, bool]:
        with writing(self.engine) as connection:
            return submission.submit(
                connection,
                job_id,
                owner,
                request,
                source,
                max_active=max_active,
                now=self._clock(),
            )

    def get(self, job_id: UUID) -> Job | None:
        with reading(self.engine) as connection:
            return queries.get(connection, job_id)

    def get_several(self, job_ids: Collection[UUID]) -> dict[UUID, Job]:
        with reading(self.engine) as connection:
            return queries.get_several(connection, job_ids)

    def list_jobs(self, owner: str, *, cursor: str | None, limit: int) -> Page:
        with reading(self.engine) as connection:
            return queries.list_jobs(connection, owner, cursor=cursor, limit=limit)

    def queue_positions(self, job_ids: Collection[UUID]) -> dict[UUID, int]:
        with reading(self.engine) as connection:
            return queries.queue_positions(connection, job_ids)

    def claim(
        self, job_id: UUID, step: Step, *, lease_seconds: float, max_attempts: int
    ) -> Claim | None:
        with writing(self.engine) as connection:
            now = self._clock()
            return leases.claim(
                connection,
                job_id,
                step,
                lease_seconds=lease_seconds,
                max_attempts=max_attempts,
                expires_at=self._retention.until(now),
                now=now,
            )

    def heartbeat(
        self, claim: Claim, *, lease_seconds: float, progress: int | None = None
    ) -> Heartbeat:
        with writing(self.engine) as connection:
            return leases.heartbeat(
                connection,
                claim,
                lease_seconds=lease_seconds,
                progress=progress,
                now=self._clock(),
            )

    def finish_step(
        self,
        claim: Claim,
        *,
        artifacts: Sequence[NewArtifact],
        facts: JobFacts,
        expires_at: datetime | None,
        refining: JobRequest | None = None,
    ) -> bool:
        with writing(self.engine) as connection:
            return leases.finish_step(
                connection,
                claim,
                artifacts=artifacts,
                facts=facts,
                expires_at=expires_at,
                refining=refining,
                now=self._clock(),
            )

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
        try:
            with writing(self.engine) as connection:
                return refinements.finish(
                    connection,
                    claim,
                    refined=refined,
                    page=page,
                    before=before,
                    outdated=outdated,
                    facts=facts,
                    now=self._clock(),
                )
        except refinements.LeaseIsLost:
            return Ending.NOT_HELD

    def begin_refinement(
        self, song_id: UUID, new_id: UUID, request: JobRequest
    ) -> tuple[Job, bool] | None:
        with writing(self.engine) as connection:
            return refinements.begin(connection, song_id, new_id, request, now=self._clock())

    def refinements_of(self, song_ids: Collection[UUID]) -> dict[UUID, Job]:
        with reading(self.engine) as connection:
            return refinements.latest(connection, song_ids)

    def fail(self, claim: Claim, *, code: str, message: str, expires_at: datetime | None) -> bool:
        with writing(self.engine) as connection:
            return leases.fail(
                connection,
                claim,
                code=code,
                message=message,
                expires_at=expires_at,
                now=self._clock(),
            )

    def release(self, claim: Claim, *, counts_as_attempt: bool) -> bool:
        with writing(self.engine) as connection:
            now = self._clock()
            return leases.release(
                connection,
                claim,
                counts_as_attempt=counts_as_attempt,
                expires_at=self._retention.until(now),
                now=now,
            )

    def acknowledge_cancel(self, claim: Claim, *, expires_at: datetime | None) -> bool:
        with writing(self.engine) as connection:
            return leases.acknowledge_cancel(
                connection, claim, expires_at=expires_at, now=self._clock()
            )

    def request_cancel(self, job_id: UUID, *, expires_at: datetime | None) -> Job | None:
        with writing(self.engine) as connection:
            return control.request_cancel(
                connection, job_id, expires_at=expires_at, now=self._clock()
            )

    def requeue(self, job_id: UUID, step: Step | None = None) -> Job | None:
        with writing(self.engine) as connection:
            return control.requeue(connection, job_id, step, now=self._clock())

    def fail_by_operator(
        self, job_id: UUID, *, message: str, expires_at: datetime | None
    ) -> Job | None:
        with writing(self.engine) as connection:
            return control.fail_by_operator(
                connection, job_id, message=message, expires_at=expires_at, now=self._clock()
            )

    def due(self, *, limit: int, steps: Collection[Step] | None = None) -> list[tuple[UUID, Step]]:
        now = self._clock()
        with reading(self.engine) as connection:
            found = queries.due(connection, limit=limit, steps=steps, now=now)
            has_abandoned = queries.has_abandoned_cancels(connection, now=now)
        if has_abandoned:
            with writing(self.engine) as connection:
                control.end_abandoned_cancels(
                    connection, limit=limit, expires_at=self._retention.until(now), now=now
                )
        return found

    def events(self, job_id: UUID, *, after: int, limit: int) -> list[JobEvent]:
        with reading(self.engine) as connection:
            return queries.events(connection, job_id, after=after, limit=limit)

    def artifacts(self, job_id: UUID) -> list[Artifact]:
        with reading(self.engine) as connection:
            return queries.living_artifacts(connection, [job_id]).get(job_id, [])

    def artifacts_of(self, job_ids: Collection[UUID]) -> dict[UUID, list[Artifact]]:
        with reading(self.engine) as connection:
            return queries.living_artifacts(connection, job_ids)

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
        with writing(self.engine) as connection:
            return control.replace_results(
                connection,
                job_id,
                artifacts=artifacts,
                facts=facts,
                edits=edits,
                if_version=if_version,
                outdated=outdated,
                now=self._clock(),
            )

    def add_rendering(self, job_id: UUID, artifact: NewArtifact, *, if_version: int) -> bool:
        with writing(self.engine) as connection:
            return control.add_rendering(
                connection, job_id, artifact, if_version=if_version, now=self._clock()
            )

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
        with writing(self.engine) as connection:
            return copying.copy(
                connection,
                job_id,
                new_id,
                owner,
                artifacts,
                expires_at=expires_at,
                if_version=if_version,
                now=self._clock(),
            )

    def keep(self, job_id: UUID, *, expires_at: datetime | None) -> bool:
        with writing(self.engine) as connection:
            return control.keep(connection, job_id, expires_at=expires_at, now=self._clock())

    def set_tags(self, job_id: UUID, tags: Sequence[str]) -> bool:
        with writing(self.engine) as connection:
            return control.set_tags(connection, job_id, tags)

    def mark_for_deletion(self, job_id: UUID) -> bool:
        with writing(self.engine) as connection:
            return control.mark_for_deletion(connection, job_id, now=self._clock())

    def sweepable(self, *, limit: int, job_id: UUID | None = None) -> list[Artifact]:
        with writing(self.engine) as connection:
            if self._retention.is_for_good:
                sweeping.keep_all(connection)
            return sweeping.sweepable(connection, limit=limit, job_id=job_id, now=self._clock())

    def forget_artifact(self, artifact_id: UUID) -> None:
        with writing(self.engine) as connection:
            sweeping.forget_artifact(connection, artifact_id)

    def stats(self) -> JobStats:
        with reading(self.engine) as connection:
            return queries.stats(connection, now=self._clock())

    def ping(self) -> None:
        with reading(self.engine) as connection:
            connection.execute(select(1))

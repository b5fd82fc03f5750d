"""Do one step of one job: claim, work, store, finish; whatever happens, the row says the truth.

A step may be begun many times (workers die, messages come twice), and it is finished once: every
write to the row names the lease, and files are stored under keys that contain it, so that a worker
that was thought dead can harm neither the row nor the files of its successor.
"""

from __future__ import annotations

import dataclasses
import logging
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack, nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Final, TypeVar
from uuid import UUID

from drumscribe.audio.decode import DecodeLimits
from drumscribe.domain.artifacts import ArtifactKind
from drumscribe.domain.jobs import Claim, Ending, Heartbeat, Step
from drumscribe.domain.service.retention import Retention
from drumscribe.errors import (
    Cancelled,
    DrumScribeError,
    LeaseLost,
    LinkUnreachable,
    ModelUnavailable,
    OutputError,
    Unavailable,
    WorkerStopping,
)
from drumscribe.pipeline.decoding.confined import ConfinedDecoder
from drumscribe.pipeline.files.formats import Engravers
from drumscribe.pipeline.models import ModelSet
from drumscribe.ports import ArtifactStorage, Doorbell, JobStore, SourceFetcher
from drumscribe.services.songs.refine_job import refining_request
from drumscribe.services.steps.lease_keeper import LeaseKeeper
from drumscribe.services.steps.refine_song import bring_into_song
from drumscribe.services.steps.scratch import NO_ROOM
from drumscribe.services.steps.step_context import StepContext
from drumscribe.services.steps.step_files import StepFiles
from drumscribe.services.steps.step_work import WORK, StepInput, StepOutput
from drumscribe.services.sweep_artifacts import sweep_soon

logger = logging.getLogger(__name__)

INTERNAL_ERROR: Final = "internal_error"
_INTERNAL_MESSAGE: Final = (
    "Something went wrong on our side. Trying again later may help; the operator can find the "
    "reason in the log under the id of the job."
)
# Trouble that another attempt may not meet. Everything else that is expected is final.
_PASSING: Final = (Unavailable, ModelUnavailable, OutputError, LinkUnreachable)

Answer = TypeVar("Answer")
Around = Callable[[Claim], AbstractContextManager[object]]


@dataclass(frozen=True, slots=True, kw_only=True)
class StepOptions:
    """scratch_root: room for work in progress. retry_delay_seconds: doubled at each attempt.

    time_limit_seconds: of the networks' steps. light_time_limit_seconds: of the others.
    """

    limits: DecodeLimits
    engravers: Engravers
    scratch_root: Path
    lease_seconds: float
    max_attempts: int
    retention: Retention
    time_limit_seconds: float
    light_time_limit_seconds: float
    retry_delay_seconds: float = 5.0
    decoder: ConfinedDecoder = field(default_factory=ConfinedDecoder)

    def time_limit_of(self, step: Step) -> float:
        """Seconds that a step may take."""
        return self.time_limit_seconds if step.is_heavy else self.light_time_limit_seconds


class StepOutcome(StrEnum):
    """What became of a wake-up call."""

    NOT_CLAIMED = "not_claimed"  # a duplicate or stale message
    FINISHED = "finished"
    FAILED = "failed"
    CANCELLED = "cancelled"
    LOST = "lost"  # somebody else has the lease now
    RETRIED = "retried"  # passing trouble; another attempt follows
    RELEASED = "released"  # the worker is stopping


@dataclass(frozen=True, slots=True, kw_only=True)
class StepReport:
    """What logs and metrics say of a run. audio_seconds: length of the recording, if it is known.

    made_files: False for a step that had nothing to do, as separation mostly has.
    """

    job_id: UUID
    step: Step
    outcome: StepOutcome
    attempt: int = 0
    seconds: float = 0.0
    audio_seconds: float | None = None
    error_code: str | None = None
    made_files: bool = False


def run_step(
    job_id: UUID,
    step: Step,
    *,
    jobs: JobStore,
    storage: ArtifactStorage,
    doorbell: Doorbell,
    models: ModelSet,
    fetcher: SourceFetcher | None,
    options: StepOptions,
    should_stop: Callable[[], bool] = lambda: False,
    around: Around = nullcontext,
    in_between: Callable[[], float] | None = None,
) -> StepReport:
    """Claim a step and do it; returns quietly if there is nothing to claim.

    should_stop: polled at checkpoints; True gives the step back without counting the attempt.
    around: entered after the claim (log context, trace span).
    in_between: called at the checkpoints of a separation, see SongsInBetween.

    Raises StoreUnavailable if the database does not answer to the claim.
    """
    claim = jobs.claim(
        job_id, step, lease_seconds=options.lease_seconds, max_attempts=options.max_attempts
    )
    if claim is None:
        return StepReport(job_id=job_id, step=step, outcome=StepOutcome.NOT_CLAIMED)
    with around(claim):
        run = _Run(claim, step, jobs, storage, options)
        report = run.report(
            lambda: run.work(
                models=models,
                fetcher=fetcher,
                should_stop=should_stop,
                in_between=in_between if step is Step.SEPARATE_DRUMS else None,
            )
        )
        logger.info(
            "%s: %s after %.2f s",
            step.value,
            report.outcome.value,
            report.seconds,
            extra={
                "outcome": report.outcome.value,
                "elapsed_ms": round(report.seconds * 1000),
                **({"error_code": report.error_code} if report.error_code else {}),
            },
        )
        if report.outcome is StepOutcome.FINISHED and step.following is not None:
            _ring(doorbell, step.following, job_id)
        return report


class _Run:
    """One claimed step."""

    def __init__(
        self,
        claim: Claim,
        step: Step,
        jobs: JobStore,
        storage: ArtifactStorage,
        options: StepOptions,
    ) -> None:
        self._claim = claim
        self._step = step
        self._jobs = jobs
        self._storage = storage
        self._options = options
        self._started = time.monotonic()
        self._files = StepFiles(storage, claim, step)
        self._other_seconds = 0.0
        self._audio_seconds = claim.job.facts.duration_seconds

    def report(self, work: Callable[[], StepOutcome]) -> StepReport:
        """Do the work, and make every error a state of the row."""
        code: str | None = None
        try:
            outcome = work()
        except DrumScribeError as error:
            outcome, code = self._end_by(error)
        except Exception as error:
            if isinstance(error, OSError) and error.errno in NO_ROOM:
                outcome, code = self._end_by(OutputError(f"No room for work: {error.strerror}."))
            else:
                logger.exception("The step %s broke.", self._step.value)
                outcome, code = self._retry_or_fail(INTERNAL_ERROR, _INTERNAL_MESSAGE)
        except BaseException:
            # The process is being taken down: hand the step back if there is time for it.
            self._files.discard()
            self._tell(lambda: self._jobs.release(self._claim, counts_as_attempt=False), False)
            raise
        return StepReport(
            job_id=self._claim.job.id,
            step=self._step,
            outcome=outcome,
            attempt=self._claim.job.attempt,
            seconds=time.monotonic() - self._started,
            audio_seconds=self._audio_seconds,
            error_code=code,
            made_files=bool(self._files.stored),
        )

    def work(
        self,
        *,
        models: ModelSet,
        fetcher: SourceFetcher | None,
        should_stop: Callable[[], bool],
        in_between: Callable[[], float] | None,
    ) -> StepOutcome:
        options = self._options
        job = self._claim.job
        with (
            LeaseKeeper(self._jobs, self._claim, lease_seconds=options.lease_seconds) as keeper,
            StepContext(
                self._step,
                keeper,
                scratch_root=options.scratch_root,
                time_limit_seconds=options.time_limit_of(self._step),
                should_stop=should_stop,
                in_between=in_between,
            ) as context,
            models.watched_by(context.fetched),
            ExitStack() as open_files,
        ):
            given = StepInput(
                job=job,
                context=context,
                path_of=self._inputs(open_files),
                models=models,
                fetcher=fetcher,
                decoder=options.decoder,
                limits=options.limits,
                engravers=options.engravers,
            )
            if job.refines is not None and self._step.following is None:
                ending = bring_into_song(given, self._claim, self._jobs, self._storage, self._files)
                is_done = ending is Ending.DONE
                return StepOutcome.FINISHED if is_done else self._cancelled_or_lost()
            output = WORK[self._step](given)
            for made in output.files:
                context.checkpoint()
                self._files.store(made)
            context.checkpoint()
            self._other_seconds = context.other_seconds
            return self._finish(output)

    def _inputs(self, open_files: ExitStack) -> Callable[[ArtifactKind], Path | None]:
        job = self._claim.job
        keys = {a.kind: a.stored.key for a in self._jobs.artifacts(job.id)}
        if job.refines is not None:
            # The recording stays the song's.
            for artifact in self._jobs.artifacts(job.refines):
                if artifact.kind is ArtifactKind.SOURCE:
                    keys[artifact.kind] = artifact.stored.key

        def path_of(kind: ArtifactKind) -> Path | None:
            key = keys.get(kind)
            return None if key is None else open_files.enter_context(self._storage.local_path(key))

        return path_of

    def _finish(self, output: StepOutput) -> StepOutcome:
        known = self._claim.job.facts
        before_ms = known.compute_time_ms or 0
        own_seconds = time.monotonic() - self._started - self._other_seconds
        own_ms = round(own_seconds * 1000)
        self._audio_seconds = output.facts.duration_seconds or self._audio_seconds
        self._files.may_be_committed = True
        is_done = self._jobs.finish_step(
            self._claim,
            artifacts=self._files.stored,
            facts=dataclasses.replace(
                output.facts,
                compute_time_ms=before_ms + own_ms,
                step_seconds={
                    **(known.step_seconds or {}),
                    self._step.value: round(own_seconds, 3),
                },
            ),
            expires_at=self._expiry(),
            refining=refining_request(self._claim.job) if output.needs_refining else None,
        )
        if is_done:
            return StepOutcome.FINISHED
        self._files.may_be_committed = False
        return self._cancelled_or_lost()

    def _end_by(self, error: DrumScribeError) -> tuple[StepOutcome, str | None]:
        if isinstance(error, Cancelled | LeaseLost):
            return self._cancelled_or_lost(), None
        if isinstance(error, WorkerStopping):
            self._files.discard()
            self._tell(lambda: self._jobs.release(self._claim, counts_as_attempt=False), False)
            return StepOutcome.RELEASED, None
        if isinstance(error, _PASSING):
            logger.warning("The step %s met %s: %s", self._step.value, error.code, error.message)
            return self._retry_or_fail(error.code, error.message)
        return self._fail(error.code, error.message)

    def _cancelled_or_lost(self) -> StepOutcome:
        self._files.discard()
        is_cancelled = self._tell(
            lambda: self._jobs.acknowledge_cancel(self._claim, expires_at=datetime.now(UTC)), False
        )
        if is_cancelled:
            sweep_soon(self._jobs, self._storage, self._claim.job.id)
        return StepOutcome.CANCELLED if is_cancelled else StepOutcome.LOST

    def _fail(self, code: str, message: str) -> tuple[StepOutcome, str | None]:
        self._files.discard()
        has_failed = self._tell(
            lambda: self._jobs.fail(
                self._claim, code=code, message=message, expires_at=self._expiry()
            ),
            False,
        )
        if has_failed:
            return StepOutcome.FAILED, code
        return self._cancelled_or_lost(), None

    def _retry_or_fail(self, code: str, message: str) -> tuple[StepOutcome, str | None]:
        """Let the lease run out soon: the step is due again after a pause, the attempt counted."""
        attempt = self._claim.job.attempt
        if attempt >= self._options.max_attempts:
            return self._fail(code, message)
        self._files.discard()
        pause = self._options.retry_delay_seconds * 2.0 ** (attempt - 1)
        answer = self._tell(
            lambda: self._jobs.heartbeat(self._claim, lease_seconds=pause), Heartbeat.HELD
        )
        if answer is Heartbeat.CANCEL_REQUESTED:
            return self._cancelled_or_lost(), None
        return StepOutcome.RETRIED, code

    def _tell(self, say: Callable[[], Answer], otherwise: Answer) -> Answer:
        """Say something to the database; if it does not answer, the lease runs out by itself."""
        try:
            return say()
        except Unavailable as error:
            logger.warning("The database could not be told: %s", error.message)
            return otherwise

    def _expiry(self) -> datetime | None:
        return self._options.retention.until(datetime.now(UTC))


def _ring(doorbell: Doorbell, step: Step, job_id: UUID) -> None:
    try:
        doorbell.ring(step, job_id)
    except Unavailable as error:
        logger.warning("Nobody could be woken for %s yet: %s", step.value, error.message)

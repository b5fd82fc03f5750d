"""Hear a finished song again with its drums alone: begin that, stop it, take it back."""

from __future__ import annotations

import dataclasses
import hashlib
import logging
from collections.abc import Mapping
from datetime import UTC, datetime
from uuid import uuid4

from drumscribe.domain.artifacts import ArtifactKind
from drumscribe.domain.jobs import InputType, Job, JobRequest, JobStatus
from drumscribe.domain.transcription import Transcript
from drumscribe.domain.wishes import SeparationMode
from drumscribe.errors import (
    AlreadyRefined,
    DrumScribeError,
    EditConflict,
    JobNotReady,
    ModelUnavailable,
    RefinementNotFound,
    ResultExpired,
    Unavailable,
)
from drumscribe.models.known_models import HTDEMUCS, transcriber_among
from drumscribe.pipeline.models import ModelSet
from drumscribe.ports import ArtifactStorage, Doorbell, JobIntake, JobStore
from drumscribe.services.songs.edit_score import (
    EditOptions,
    ScoreEdit,
    edit_score,
    find_stored,
    read_transcript,
)
from drumscribe.services.sweep_artifacts import sweep_soon

logger = logging.getLogger(__name__)


def refine_job(
    jobs: JobIntake,
    storage: ArtifactStorage,
    doorbell: Doorbell,
    models: ModelSet,
    job: Job,
    *,
    idempotency_key: str | None,
    trace_context: Mapping[str, str],
) -> Job:
    """Queue the refinement of a finished song; returns it.

    The same steps as of any job hear the recording again, with separation; the last one brings what
    was heard into the song, beside what somebody has said and written about it.

    Raises JobNotReady, ResultExpired, AlreadyRefined, RefinementRunning, IdempotencyConflict,
    ModelUnavailable (the separation model is not here and may not be fetched), Unavailable.
    """
    request = dataclasses.replace(
        refining_request(job),
        idempotency_key=idempotency_key,
        request_hash=hashlib.sha256(f"refine {job.id}".encode()).hexdigest(),
        trace_context=trace_context,
    )
    known = jobs.refinements_of([job.id]).get(job.id)
    if known is None or not _is_same(known, request):
        _check(jobs, storage, models, job)
    begun = jobs.begin_refinement(job.id, uuid4(), request)
    if begun is None:
        raise JobNotReady("The song was changed or deleted meanwhile.")
    refinement, is_new = begun
    if is_new:
        try:
            doorbell.ring(refinement.step, refinement.id)
        except Unavailable as error:
            logger.warning("Nobody could be woken for %s yet: %s", refinement.id, error.message)
    return refinement


def refining_request(song: Job) -> JobRequest:
    """What is asked for when a song is refined: what was asked for at first, with separation.

    What was said since is not for the networks: it holds for whatever they hear.
    """
    wishes = song.request.wishes
    hearing = dataclasses.replace(wishes.hearing, separation=SeparationMode.ALWAYS)
    return dataclasses.replace(
        song.request,
        # The recording of a link is here.
        input_type=InputType.UPLOAD,
        title=song.facts.title or song.request.title,
        wishes=dataclasses.replace(wishes, hearing=hearing),
        webhook_url=None,
        metadata={},
        idempotency_key=None,
        request_hash=None,
    )


def _is_same(known: Job, request: JobRequest) -> bool:
    """Whether this very request was answered before."""
    key = request.idempotency_key
    return key is not None and key == known.request.idempotency_key


def _check(jobs: JobIntake, storage: ArtifactStorage, models: ModelSet, job: Job) -> None:
    stored = find_stored(jobs, job, None)
    if ArtifactKind.SOURCE not in stored:
        raise ResultExpired("The recording of this song is gone; hand it in again.")
    if not models.separator_is_cached and models.store.offline:
        raise ModelUnavailable(
            f"The separation model is not here, and this service may not fetch it (offline). "
            f"`drumscribe models download {HTDEMUCS.group}` fetches it where there is a network; "
            "the song stays as it is."
        )
    kept = stored.get(ArtifactKind.MACHINE) or stored[ArtifactKind.GRID]
    if _is_heard_so(read_transcript(storage, kept), models):
        raise AlreadyRefined("The song was heard with its drums alone already.")


def _is_heard_so(heard: Transcript, models: ModelSet) -> bool:
    """Whether the weights that are here would hear nothing else."""
    if not heard.separated:
        return False
    heard_by = transcriber_among(heard.models)
    try:
        here = models.detector_ref()
    except DrumScribeError:
        here = None
    return heard_by is None or here is None or heard_by.sha256 == here.sha256


def cancel_refinement(jobs: JobStore, storage: ArtifactStorage, job: Job) -> Job:
    """Stop the refinement of a song, which stays as it is; returns the refinement.

    One that waits is cancelled at once; the worker of one that runs stops at its next checkpoint.
    One that has ended stays so. Raises RefinementNotFound.
    """
    refinement = _find(jobs, job)
    after = jobs.request_cancel(refinement.id, expires_at=datetime.now(UTC))
    if after is None:
        raise _none()
    if after.status.is_terminal:
        sweep_soon(jobs, storage, job.id)
    return after


def undo_refinement(
    jobs: JobIntake,
    storage: ArtifactStorage,
    models: ModelSet,
    job: Job,
    options: EditOptions,
    *,
    if_version: int | None = None,
) -> None:
    """Give a song the hits and bars back that it had before it was refined, as one edit.

    The stems stay. Raises RefinementNotFound, EditConflict (it was edited since), JobNotReady,
    ResultExpired, EngravingFailed, Unavailable.
    """
    find_stored(jobs, job, if_version)
    refinement = _find(jobs, job)
    files = {artifact.kind: artifact for artifact in jobs.artifacts(refinement.id)}
    if refinement.status is not JobStatus.COMPLETED or ArtifactKind.GRID not in files:
        raise _none()
    if not is_undoable(job, refinement):
        raise EditConflict(
            "The song was edited after it was heard again: taking that back would take the edits "
            "with it."
        )
    before = read_transcript(storage, files[ArtifactKind.GRID])
    edit = ScoreEdit(hits=before.hits, grid=before.grid, if_version=job.version)
    edit_score(jobs, storage, models, job, edit, options)


def is_undoable(song: Job, refinement: Job) -> bool:
    """Whether nothing was done to the song since what was heard became part of it."""
    return refinement.refined is not None and refinement.refined.version == song.version


def _find(jobs: JobIntake, job: Job) -> Job:
    refinement = jobs.refinements_of([job.id]).get(job.id)
    if refinement is None:
        raise _none()
    return refinement


def _none() -> RefinementNotFound:
    return RefinementNotFound("The song is not being heard again.")

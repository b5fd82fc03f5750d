"""Change a finished score without a model run, and take every change back.

What the machine made is kept beside what it was edited to. Hits and beats are always worked out
from there and from all that was said since, so that saying a thing twice changes nothing more.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

from drumscribe.beats import BeatOptions, recount_or_find, shifted
from drumscribe.domain.artifacts import Artifact, ArtifactKind, NewArtifact
from drumscribe.domain.drums import Hit, Instrument
from drumscribe.domain.jobs import Job, JobStatus
from drumscribe.domain.rhythm import BeatGrid, Metre
from drumscribe.domain.score_settings import ScoreSettings
from drumscribe.domain.transcription import Transcript
from drumscribe.errors import EditConflict, InvalidHits, InvalidOption, JobNotReady, Unavailable
from drumscribe.models.known_models import transcriber_among
from drumscribe.pipeline import codec, stages
from drumscribe.pipeline.context import LocalContext
from drumscribe.pipeline.formats import EngraveOptions
from drumscribe.pipeline.models import ModelSet
from drumscribe.pipeline.options import TranscribeOptions
from drumscribe.pipeline.run import build_transcript
from drumscribe.ports import ArtifactStorage, JobStore
from drumscribe.services.read_job import find_download, view_job
from drumscribe.services.result_files import (
    MadeFile,
    engraving_as_said,
    facts_of,
    write_grid,
    write_results,
)
from drumscribe.services.scratch import scratch_folder
from drumscribe.services.stored_keys import edit_key

MAX_HITS = 50_000
_OF_HITS: Final = frozenset({"sensitivity", "sensitivity_by_instrument"})
_OF_BEATS: Final = frozenset(
    {"bpm", "time_signature", "tempo_factor", "bar_one_at_seconds", "shift_beats"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreEdit:
    """What to change; what is not named stays as it is.

    hits: a JSON document with hits, or a bare list of them; they replace all hits.
    settings: field of ScoreSettings -> its new value, None for what the machine made of it.
        Another sensitivity picks the hits anew from what was heard: edits of hits are lost.
    starts_over: all earlier edits are taken back first.
    if_version: the version that the edit is meant for; None is the newest.
    """

    hits: bytes | None = None
    starts_over: bool = False
    settings: Mapping[str, Any] = field(default_factory=dict)
    if_version: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EditOptions:
    """scratch_root: room for the files until they are stored."""

    engraving: EngraveOptions
    scratch_root: Path


def edit_score(
    jobs: JobStore,
    storage: ArtifactStorage,
    models: ModelSet,
    job: Job,
    edit: ScoreEdit,
    options: EditOptions,
) -> Transcript:
    """Engrave a completed job anew and replace its result files; returns the new transcript.

    Takes as long as engraving (a second or two). Raises EditConflict, InvalidHits, InvalidOption,
    NoDrumsFound, JobNotReady, ResultExpired, EngravingFailed, Unavailable.
    """
    stored = _stored(jobs, job, edit.if_version)
    current = _transcript(storage, stored[ArtifactKind.GRID])
    kept = stored.get(ArtifactKind.MACHINE)
    machine = current if kept is None else _transcript(storage, kept)
    if edit.starts_over:
        current = machine
    settings = _changed(ScoreSettings() if edit.starts_over else job.edits, edit)
    with scratch_folder(options.scratch_root) as folder:
        hits = current.hits
        if edit.hits is not None:
            hits = _checked_hits(edit.hits, current.duration_seconds)
        elif _OF_HITS & set(edit.settings):
            hits = _picked_hits(machine, job, settings, storage, stored, models, folder)
        grid = current.grid
        if _OF_BEATS & set(edit.settings):
            grid = _grid(machine.grid, hits, settings)
        transcript = build_transcript(
            hits,
            grid,
            duration_seconds=machine.duration_seconds,
            models=machine.models,
            separated=machine.separated,
            title=machine.title if settings.title is None else settings.title,
            artist=machine.artist,
            source=machine.source,
            compute_time_ms=job.facts.compute_time_ms,
        )
        result = _Result(transcript, settings, machine if kept is None else None)
        _replace(jobs, storage, job, result, folder, options.engraving)
    return transcript


def revert_score(
    jobs: JobStore,
    storage: ArtifactStorage,
    job: Job,
    options: EditOptions,
    *,
    if_version: int | None = None,
) -> Transcript:
    """Back to what the machine made, all edits at once; nothing happens where there are none.

    Raises EditConflict, JobNotReady, ResultExpired, EngravingFailed, Unavailable.
    """
    stored = _stored(jobs, job, if_version)
    kept = stored.get(ArtifactKind.MACHINE)
    if job.edited_at is None or kept is None:
        return _transcript(storage, stored[ArtifactKind.GRID])
    machine = dataclasses.replace(
        _transcript(storage, kept), compute_time_ms=job.facts.compute_time_ms
    )
    with scratch_folder(options.scratch_root) as folder:
        _replace(jobs, storage, job, _Result(machine), folder, options.engraving)
    return machine


def _stored(jobs: JobStore, job: Job, if_version: int | None) -> dict[ArtifactKind, Artifact]:
    find_download(view_job(jobs, job), ArtifactKind.JSON)
    if if_version is not None and if_version != job.version:
        raise _conflict(if_version, job.version)
    return {artifact.kind: artifact for artifact in jobs.artifacts(job.id)}


def _conflict(expected: int, found: int) -> EditConflict:
    return EditConflict(
        f"The score was edited meanwhile: it has version {found} now, not {expected}. "
        "Load it again before you edit it."
    )


def _changed(known: ScoreSettings, edit: ScoreEdit) -> ScoreSettings:
    said = dict(edit.settings)
    if edit.hits is not None:
        said["has_edited_hits"] = True
    elif _OF_HITS & set(said):
        said["has_edited_hits"] = False
    if said.get("bpm") is not None and said.get("tempo_factor") not in (None, 1.0):
        raise InvalidOption("Give the tempo or a factor of the tempo found, not both.")
    # Of the two that exclude each other, the one that was said last holds.
    if said.get("bpm") is not None:
        said["tempo_factor"] = None
    elif said.get("tempo_factor") is not None:
        said["bpm"] = None
    return dataclasses.replace(known, **said)


def _picked_hits(
    machine: Transcript,
    job: Job,
    settings: ScoreSettings,
    storage: ArtifactStorage,
    stored: dict[ArtifactKind, Artifact],
    models: ModelSet,
    folder: Path,
) -> tuple[Hit, ...]:
    if settings.sensitivity is None and settings.sensitivity_by_instrument is None:
        return machine.hits
    said = settings.over(job.request.settings)
    options = TranscribeOptions(
        sensitivity=0.5 if said.sensitivity is None else said.sensitivity,
        sensitivity_by_instrument={
            Instrument(name): value
            for name, value in (said.sensitivity_by_instrument or {}).items()
        },
    )
    heard_by, here = transcriber_among(machine.models), models.detector().model
    if heard_by is not None and heard_by.sha256 != here.sha256:
        # The thresholds belong to the weights.
        raise InvalidOption(
            f"The song was heard by {heard_by}; its sensitivity cannot be changed now that "
            f"{here} is in use."
        )
    path = folder / "activations.npz"
    storage.fetch(stored[ArtifactKind.ACTIVATIONS].stored.key, path)
    return stages.pick_hits(codec.read_activations(path), options, models)


def _checked_hits(content: bytes, duration_seconds: float) -> tuple[Hit, ...]:
    hits = tuple(codec.hits_from_json(content))
    if not hits:
        raise InvalidHits("A score needs at least one hit.")
    if len(hits) > MAX_HITS:
        raise InvalidHits(f"Expected at most {MAX_HITS} hits, got {len(hits)}.")
    if hits[-1].time > duration_seconds:
        raise InvalidHits(
            f"A hit at {hits[-1].time:g} s lies behind the end of the recording "
            f"({duration_seconds:g} s)."
        )
    return hits


def _grid(machine: BeatGrid, hits: tuple[Hit, ...], settings: ScoreSettings) -> BeatGrid:
    """The machine's beats, counted as the settings say; new ones where another tempo is said."""
    try:
        metre = Metre.parse(settings.time_signature) if settings.time_signature else None
    except ValueError as error:
        raise InvalidOption(f"{error}.") from None
    # The limits of what a user may ask for are checked in one place.
    asked = TranscribeOptions(
        bpm=settings.bpm,
        metre=metre,
        bar_one_at_seconds=settings.bar_one_at_seconds,
        tempo_factor=1.0 if settings.tempo_factor is None else settings.tempo_factor,
    )
    options = BeatOptions(
        bpm=asked.bpm,
        metre=asked.metre,
        bar_one_at_seconds=asked.bar_one_at_seconds,
        tempo_factor=asked.tempo_factor,
    )
    try:
        with LocalContext() as context:
            grid = recount_or_find(machine, hits, options, context)
    except ValueError as error:
        raise InvalidOption(f"{error}.") from None
    return shifted(grid, settings.shift_beats) if settings.shift_beats else grid


@dataclass(frozen=True, slots=True)
class _Result:
    """What becomes of an edit.

    settings: None if the score is as the machine made it again.
    machine: what the machine made, where it is not kept yet.
    """

    transcript: Transcript
    settings: ScoreSettings | None = None
    machine: Transcript | None = None


def _replace(
    jobs: JobStore,
    storage: ArtifactStorage,
    job: Job,
    result: _Result,
    folder: Path,
    engraving: EngraveOptions,
) -> None:
    edit_id = uuid4()
    transcript = result.transcript
    said = (result.settings or ScoreSettings()).over(job.request.settings)
    artifacts: list[NewArtifact] = []
    may_be_committed = False
    try:
        files = [write_grid(transcript, folder)]
        if result.machine is not None:
            files.append(_kept(result.machine, folder))
        files += write_results(transcript, folder, engraving_as_said(engraving, said))
        for made in files:
            key = edit_key(job.id, edit_id, made.path.name)
            kept = storage.put_file(key, made.path, media_type=made.media_type)
            artifacts.append(NewArtifact(made.kind, kept, made.media_type, made.filename))
        facts = dataclasses.replace(
            facts_of(transcript), title=transcript.title or job.request.title
        )
        may_be_committed = True
        if not jobs.replace_results(
            job.id,
            artifacts=artifacts,
            facts=facts,
            edits=result.settings,
            if_version=job.version,
        ):
            may_be_committed = False
            _say_why_not(jobs, job)
    except Unavailable:
        # Perhaps only the database's answer to the commit was lost.
        if not (may_be_committed and _are_results(jobs, job, artifacts)):
            raise
    finally:
        # In doubt they stay: without rows they go with the folder of the job.
        if not may_be_committed:
            for artifact in artifacts:
                storage.delete(artifact.stored.key)


def _are_results(jobs: JobStore, job: Job, files: Collection[NewArtifact]) -> bool:
    """Whether these files are the results of the job now. Raises Unavailable."""
    known = {artifact.stored.key for artifact in jobs.artifacts(job.id)}
    return all(made.stored.key in known for made in files)


def _kept(machine: Transcript, folder: Path) -> MadeFile:
    path = folder / "machine.json"
    path.write_bytes(codec.transcript_to_json(machine))
    return MadeFile(ArtifactKind.MACHINE, path, "application/json", path.name)


def _say_why_not(jobs: JobStore, job: Job) -> None:
    now = jobs.get(job.id)
    if now is not None and now.status is JobStatus.COMPLETED and now.version != job.version:
        raise _conflict(job.version, now.version)
    raise JobNotReady("The job has no result any more.")


def _transcript(storage: ArtifactStorage, artifact: Artifact) -> Transcript:
    return codec.transcript_from_json(b"".join(storage.open(artifact.stored.key)))

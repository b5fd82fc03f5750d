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

from drumscribe.domain.artifacts import Artifact, ArtifactKind, NewArtifact
from drumscribe.domain.drums import Hit
from drumscribe.domain.jobs import Edits, Job, JobStatus
from drumscribe.domain.rhythm import BeatGrid
from drumscribe.domain.transcription import Transcript
from drumscribe.domain.wishes import (
    HearingWishes,
    PageWishes,
    Wishes,
    said_over,
)
from drumscribe.errors import EditConflict, InvalidHits, InvalidOption, JobNotReady, Unavailable
from drumscribe.models.known_models import transcriber_among
from drumscribe.pipeline.files import arrays, codec
from drumscribe.pipeline.files.formats import Engravers
from drumscribe.pipeline.hear import Heard, searched_with, strokes_heard
from drumscribe.pipeline.models import ModelSet
from drumscribe.pipeline.refining.hand_work import HeardAnew, heard_anew
from drumscribe.pipeline.revise import Current, revise
from drumscribe.ports import ArtifactStorage, JobIntake
from drumscribe.services.songs.read_job import find_result, view_job
from drumscribe.services.songs.result_files import (
    RENDERINGS,
    SHOWN_FORMATS,
    facts_of,
    sheet_of,
    write_renderings,
    write_transcript,
)
from drumscribe.services.steps.scratch import scratch_folder
from drumscribe.services.stored_keys import edit_key

MAX_HITS: Final = 50_000
# The fastest single strokes on record are 20 a second of two hands and 17 of two feet; there is
# room for flams. What is denser nobody plays, and its page takes minutes to draw.
_HITS_PER_SECOND: Final = 60
# However short a recording is.
_HITS_ANYWAY: Final = 100
# Up to weights 0.6.0 a stroke in the last frame could be heard half a frame after the end. Songs
# that are there may have one.
_HEARD_AFTER_THE_END_SECONDS: Final = 0.01
OF_HITS: Final = frozenset({"sensitivity", "sensitivity_by_instrument"})


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreEdit:
    """What to change; what is not named stays as it is.

    hits: they replace all hits.
    grid: beats and bar lines in the place of those that stand, whatever the wishes say; they stay
        until other wishes count anew.
    wishes: name -> its new value as JSON, None for what the machine made of it. Another
        sensitivity picks the hits anew from what was heard; what was written by hand stays.
    starts_over: all earlier edits are taken back first.
    if_version: the version that the edit is meant for; None is the newest.
    """

    hits: Collection[Hit] | None = None
    grid: BeatGrid | None = None
    starts_over: bool = False
    wishes: Mapping[str, Any] = field(default_factory=dict)
    if_version: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EditOptions:
    """scratch_root: room for the files until they are stored."""

    engravers: Engravers
    scratch_root: Path


@dataclass(frozen=True, slots=True, eq=False)
class StandingPage:
    """The page of a completed job as it stands: its transcript, and its files by kind."""

    transcript: Transcript
    stored: Mapping[ArtifactKind, Artifact]


def read_page(
    jobs: JobIntake, storage: ArtifactStorage, job: Job, if_version: int | None = None
) -> StandingPage:
    """The page that is to be edited. Raises what find_stored raises, and Unavailable."""
    stored = find_stored(jobs, job, if_version)
    return StandingPage(read_transcript(storage, stored[ArtifactKind.GRID]), stored)


def edit_score(
    jobs: JobIntake,
    storage: ArtifactStorage,
    models: ModelSet,
    job: Job,
    edit: ScoreEdit,
    options: EditOptions,
    *,
    page: StandingPage | None = None,
) -> Transcript:
    """Engrave a completed job anew and replace its result files; returns the new transcript.

    Draws what the screen shows; other formats are made when somebody asks (render_format).
    page: of the job, where it was read already.

    Raises EditConflict, InvalidHits, InvalidOption,
    NoDrumsFound, JobNotReady, ResultExpired, EngravingFailed, Unavailable.
    """
    page = page or read_page(jobs, storage, job, edit.if_version)
    stored, now = page.stored, page.transcript
    machine = machine_of(storage, stored, job)
    edits = _changed(Edits() if edit.starts_over else job.edits, edit)
    wishes = Wishes.of(said_over(edits.said, job.request.wishes.said()))
    current = None
    if edit.grid is not None:
        current = Current(now.hits, edit.grid, wishes.beats, now.first_hits)
    elif not edit.starts_over:
        current = Current(now.hits, now.grid, job.wishes.beats, now.first_hits)
    with scratch_folder(options.scratch_root) as folder:
        hits = None
        if edit.hits is not None:
            hits = _checked(edit.hits, now.duration_seconds)
        elif OF_HITS & set(edit.wishes):
            hits = picked_hits(machine, edits, wishes.hearing, storage, stored, models, folder)
            if current is not None:
                then = picked_hits(
                    machine, job.edits, job.wishes.hearing, storage, stored, models, folder
                )
                hits = heard_anew(now.hits, then, hits).hits
        transcript = revise(machine, wishes, current=current, hits=hits)
        drawn = _drawing(storage, stored)
        result = _Result(transcript, edits, wishes.page, drawn_before=drawn)
        _replace(jobs, storage, job, result, folder, options)
    return transcript


def try_sensitivity(
    jobs: JobIntake,
    storage: ArtifactStorage,
    models: ModelSet,
    job: Job,
    asked: Mapping[str, Any],
    scratch_root: Path,
) -> HeardAnew:
    """What another sensitivity would make of the hits of a page; nothing is changed.

    asked: `sensitivity` or `sensitivity_by_instrument`, as an edit would say them.
    Raises InvalidOption, NoDrumsFound, JobNotReady, ResultExpired, Unavailable.
    """
    page = read_page(jobs, storage, job)
    stored, now = page.stored, page.transcript
    machine = machine_of(storage, stored, job)
    edits = _changed(job.edits, ScoreEdit(wishes=asked))
    wishes = Wishes.of(said_over(edits.said, job.request.wishes.said())).hearing
    with scratch_folder(scratch_root) as folder:
        heard = picked_hits(machine, edits, wishes, storage, stored, models, folder)
        then = picked_hits(machine, job.edits, job.wishes.hearing, storage, stored, models, folder)
    return heard_anew(now.hits, then, heard)


def revert_score(
    jobs: JobIntake,
    storage: ArtifactStorage,
    job: Job,
    options: EditOptions,
    *,
    if_version: int | None = None,
) -> Transcript:
    """Back to what the machine made, all edits at once; nothing happens where there are none.

    Raises EditConflict, JobNotReady, ResultExpired, EngravingFailed, Unavailable.
    """
    page = read_page(jobs, storage, job, if_version)
    if job.edited_at is None:
        return page.transcript
    stored, wishes = page.stored, job.request.wishes
    transcript = revise(machine_of(storage, stored, job), wishes)
    with scratch_folder(options.scratch_root) as folder:
        result = _Result(transcript, None, wishes.page, drawn_before=_drawing(storage, stored))
        _replace(jobs, storage, job, result, folder, options)
    return transcript


def machine_of(
    storage: ArtifactStorage, stored: Mapping[ArtifactKind, Artifact], job: Job
) -> Heard:
    """What was heard, before any edit."""
    # Results of earlier versions have a file of the machine's only if they were edited.
    kept = stored.get(ArtifactKind.MACHINE) or stored[ArtifactKind.GRID]
    machine = dataclasses.replace(
        read_transcript(storage, kept), compute_time_ms=job.facts.compute_time_ms
    )
    return Heard.of(machine, found_with=searched_with(job.request.wishes.beats))


def find_stored(jobs: JobIntake, job: Job, if_version: int | None) -> dict[ArtifactKind, Artifact]:
    """The files of a result that is to be edited.

    if_version: the version that the edit is meant for; None is the newest.
    Raises EditConflict, JobNotReady, ResultExpired.
    """
    find_result(view_job(jobs, job))
    if if_version is not None and if_version != job.version:
        raise _conflict(if_version, job.version)
    return {artifact.kind: artifact for artifact in jobs.artifacts(job.id)}


def _conflict(expected: int, found: int) -> EditConflict:
    return EditConflict(
        f"The score was edited meanwhile: it has version {found} now, not {expected}. "
        "Load it again before you edit it."
    )


def _changed(known: Edits, edit: ScoreEdit) -> Edits:
    """All that was said and done about the page, with this edit. Raises InvalidOption."""
    kept = {name: value for name, value in known.said.items() if name not in edit.wishes}
    has_edited_hits = known.has_edited_hits or edit.hits is not None
    return Edits(said=said_over(edit.wishes, kept), has_edited_hits=has_edited_hits)


def picked_hits(
    machine: Heard,
    edits: Edits,
    wishes: HearingWishes,
    storage: ArtifactStorage,
    stored: Mapping[ArtifactKind, Artifact],
    models: ModelSet,
    folder: Path,
) -> tuple[Hit, ...]:
    """The strokes of a page before anybody touched one, at the sensitivity that holds for it.

    Raises InvalidOption where the song was heard by other weights than are here.
    """
    if not OF_HITS & set(edits.said):
        return machine.hits
    heard_by, here = transcriber_among(machine.models), models.detector().model
    if heard_by is not None and heard_by.sha256 != here.sha256:
        # The thresholds belong to the weights.
        raise InvalidOption(
            f"The song was heard by {heard_by}; its sensitivity cannot be changed now that "
            f"{here} is in use. Have the song heard again."
        )
    path = folder / "activations.npz"
    storage.fetch(stored[ArtifactKind.ACTIVATIONS].stored.key, path)
    return strokes_heard(arrays.read_activations(path), machine.grid, wishes, models)


def check_number_of_hits(number: int, duration_seconds: float | None) -> None:
    """Raises InvalidHits where a score has none, or more than can be played in the time.

    duration_seconds: of the recording; None where it is not known.
    """
    if number < 1:
        raise InvalidHits("A score needs at least one hit.")
    most = MAX_HITS
    if duration_seconds is not None:
        most = min(most, _HITS_ANYWAY + round(_HITS_PER_SECOND * duration_seconds))
    if number > most:
        raise InvalidHits(
            f"Expected at most {most} hits, got {number}."
            if most == MAX_HITS
            else f"Expected at most {most} hits in {duration_seconds:g} s of music, got {number}: "
            f"nobody plays more than {_HITS_PER_SECOND} a second."
        )


def _checked(hits: Collection[Hit], duration_seconds: float) -> tuple[Hit, ...]:
    check_number_of_hits(len(hits), duration_seconds)
    in_order = tuple(sorted(hits))
    if in_order[-1].time > duration_seconds + _HEARD_AFTER_THE_END_SECONDS:
        raise InvalidHits(
            f"A hit at {in_order[-1].time:g} s lies behind the end of the recording "
            f"({duration_seconds:g} s)."
        )
    return in_order


@dataclass(frozen=True, slots=True)
class _Result:
    """What becomes of an edit.

    edits: None if the score is as the machine made it again. drawn_before: the page until now.
    """

    transcript: Transcript
    edits: Edits | None
    page: PageWishes
    drawn_before: str


def _replace(
    jobs: JobIntake,
    storage: ArtifactStorage,
    job: Job,
    result: _Result,
    folder: Path,
    options: EditOptions,
) -> None:
    edit_id = uuid4()
    transcript = result.transcript
    artifacts: list[NewArtifact] = []
    may_be_committed = False
    try:
        sheet = sheet_of(
            transcript, result.page, options.engravers, drawn_before=result.drawn_before
        )
        files = [
            write_transcript(ArtifactKind.GRID, transcript, folder, sheet.score),
            *write_renderings(sheet, folder, SHOWN_FORMATS),
        ]
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
            outdated=RENDERINGS,
            facts=facts,
            edits=result.edits,
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


def _are_results(jobs: JobIntake, job: Job, files: Collection[NewArtifact]) -> bool:
    """Whether these files are the results of the job now. Raises Unavailable."""
    known = {artifact.stored.key for artifact in jobs.artifacts(job.id)}
    return all(made.stored.key in known for made in files)


def _say_why_not(jobs: JobIntake, job: Job) -> None:
    now = jobs.get(job.id)
    if now is not None and now.status is JobStatus.COMPLETED and now.version != job.version:
        raise _conflict(job.version, now.version)
    raise JobNotReady("The job has no result any more.")


def _drawing(storage: ArtifactStorage, stored: Mapping[ArtifactKind, Artifact]) -> str:
    """The page as it is drawn; empty where it is not."""
    drawn = stored.get(ArtifactKind.SVG)
    return b"".join(storage.open(drawn.stored.key)).decode() if drawn else ""


def read_transcript(storage: ArtifactStorage, artifact: Artifact) -> Transcript:
    """A transcript out of the storage."""
    return codec.transcript_from_json(b"".join(storage.open(artifact.stored.key)))

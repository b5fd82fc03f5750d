"""The last step of a refinement: what was heard in the drums alone becomes part of a song."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from drumscribe.domain.artifacts import Artifact, ArtifactKind
from drumscribe.domain.drums import Hit
from drumscribe.domain.jobs import Claim, Ending, Job, JobFacts, JobStatus
from drumscribe.domain.service.refinements import Refined
from drumscribe.domain.transcription import Transcript
from drumscribe.domain.wishes import BeatWishes
from drumscribe.domain.wishing.fields import wishes_of
from drumscribe.errors import InvalidOption, ResultExpired, StoreUnavailable
from drumscribe.pipeline.files import arrays, codec
from drumscribe.pipeline.hear import Heard, searched_with, strokes_heard
from drumscribe.pipeline.refining.refined import Hearing, refined_page
from drumscribe.ports import ArtifactStorage, JobStore
from drumscribe.services.songs.edit_score import OF_HITS, machine_of, picked_hits, read_transcript
from drumscribe.services.songs.result_files import (
    RENDERINGS,
    SHOWN_FORMATS,
    MadeFile,
    facts_of,
    sheet_of,
    write_renderings,
    write_transcript,
)
from drumscribe.services.steps.step_files import StepFiles
from drumscribe.services.steps.step_work import StepInput

# A song that is edited while what was heard is brought into it is read once more, so often at most.
_TRIES: Final = 5
# Whoever has said one of these has looked at the bars.
_OF_BARS: Final = frozenset(
    {entry.name for entry in wishes_of(BeatWishes)} | {"section_names", "bar_texts"}
)


@dataclass(frozen=True, slots=True)
class Song:
    """A finished song as it is refined: its row, and its files by kind."""

    job: Job
    stored: dict[ArtifactKind, Artifact]

    @classmethod
    def find(cls, jobs: JobStore, refinement: Job) -> Song:
        """The song of a refinement, as it is now. Raises ResultExpired."""
        job = jobs.get(refinement.song_id)
        if job is None or job.status is not JobStatus.COMPLETED:
            raise ResultExpired("The song is gone.")
        stored = {artifact.kind: artifact for artifact in jobs.artifacts(job.id)}
        if ArtifactKind.GRID not in stored:
            raise ResultExpired("The files of the song were deleted after their time.")
        return cls(job, stored)


@dataclass(frozen=True, slots=True, eq=False)
class SongRefined:
    """What the last step made: files of the song, its transcript as it was, and the facts."""

    page: tuple[MadeFile, ...]
    before: MadeFile
    facts: JobFacts
    refined: Refined


def bring_into_song(
    given: StepInput, claim: Claim, jobs: JobStore, storage: ArtifactStorage, files: StepFiles
) -> Ending:
    """Bring what was heard into the song, as it is now; once more where it was edited meanwhile.

    Returns DONE, or NOT_HELD where the lease is somebody else's. Raises what refine_song raises,
    and StoreUnavailable where the song is edited all the time.
    """
    for _ in range(_TRIES):
        song = Song.find(jobs, claim.job)
        made = refine_song(given, song, storage)
        prefix = f"version-{song.job.version}-"
        before = files.store(made.before, prefix)
        page = [files.store(file, prefix) for file in made.page]
        given.context.checkpoint()
        files.may_be_committed = True
        ending = jobs.finish_refinement(
            claim,
            refined=made.refined,
            page=page,
            before=before,
            outdated=RENDERINGS,
            facts=made.facts,
        )
        if ending is Ending.DONE:
            return ending
        files.may_be_committed = False
        if ending is Ending.NOT_HELD:
            return ending
        files.discard()
    raise StoreUnavailable("The song is being edited all the time.")


def refine_song(given: StepInput, song: Song, storage: ArtifactStorage) -> SongRefined:
    """Write the page of a song anew from what was heard in its drums alone, edits and all.

    Raises ArtifactMissing, InvalidOption, EngravingFailed.
    """
    context, wishes = given.context, song.job.wishes
    folder = context.scratch_dir / f"version-{song.job.version}"
    folder.mkdir(exist_ok=True)
    page = read_transcript(storage, song.stored[ArtifactKind.GRID])
    then = machine_of(storage, song.stored, song.job)
    refinement_ms = given.job.facts.compute_time_ms or 0
    machine = dataclasses.replace(
        codec.transcript_from_json(given.path(ArtifactKind.MACHINE).read_bytes()),
        compute_time_ms=(song.job.facts.compute_time_ms or 0) + refinement_ms,
        # The page is the song's: its names and what was odd about its recording stay.
        title=then.title,
        source=then.source,
    )
    now = Heard.of(machine, found_with=searched_with(song.job.request.wishes.beats))
    result = refined_page(
        page,
        Hearing(heard=then, hits=_then(given, song, storage, then, page, folder)),
        Hearing(heard=now, hits=_picked(given, song, machine)),
        wishes,
        are_bars_touched=bool(_OF_BARS & set(song.job.edits.said)),
    )
    context.checkpoint()
    transcript = result.transcript
    before = write_transcript(ArtifactKind.MACHINE, page, folder)
    sheet = sheet_of(transcript, wishes.page, given.engravers)
    files = [write_transcript(ArtifactKind.GRID, transcript, folder, sheet.score)]
    for made in write_renderings(sheet, folder, SHOWN_FORMATS):
        files.append(made)
        context.checkpoint()
        context.progress(len(files) / (len(SHOWN_FORMATS) + 2))
    strokes = result.strokes
    return SongRefined(
        page=tuple(files),
        before=dataclasses.replace(before, kind=ArtifactKind.GRID),
        facts=dataclasses.replace(facts_of(transcript), compute_time_ms=transcript.compute_time_ms),
        refined=Refined(
            added=strokes.added,
            removed=strokes.removed,
            changed=strokes.changed,
            version=song.job.version + 1,
        ),
    )


def _then(
    given: StepInput,
    song: Song,
    storage: ArtifactStorage,
    heard: Heard,
    page: Transcript,
    folder: Path,
) -> tuple[Hit, ...]:
    """The strokes of the page before anybody touched one."""
    edits, models = song.job.edits, given.models
    try:
        return picked_hits(
            heard, edits, song.job.wishes.hearing, storage, song.stored, models, folder
        )
    except InvalidOption:
        # Other weights heard it, so what the machine wrote at this sensitivity cannot be known:
        # rather too much is taken for written by hand than too little.
        return () if edits.has_edited_hits else page.hits


def _picked(given: StepInput, song: Song, machine: Transcript) -> tuple[Hit, ...]:
    """The strokes that are heard now, at the sensitivity that holds for the page."""
    if not OF_HITS & set(song.job.edits.said):
        return machine.hits
    activations = arrays.read_activations(given.path(ArtifactKind.ACTIVATIONS))
    return strokes_heard(activations, machine.grid, song.job.wishes.hearing, given.models)

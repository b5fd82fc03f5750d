"""What each step does with its files: the functions of pipeline.stages between codec and codec."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from drumscribe.audio.decode import DecodeLimits
from drumscribe.audio.kinds import HEAD_BYTES
from drumscribe.audio.media_types import media_type_of
from drumscribe.domain.artifacts import ArtifactKind
from drumscribe.domain.audio import Audio
from drumscribe.domain.jobs import InputType, Job, JobFacts, Step
from drumscribe.domain.wishes import Wishes
from drumscribe.errors import ArtifactMissing, InvalidOption, LinksDisabled, OutputError
from drumscribe.pipeline import stages
from drumscribe.pipeline.decoding.confined import ConfinedDecoder
from drumscribe.pipeline.files import arrays, codec
from drumscribe.pipeline.files.formats import Engravers
from drumscribe.pipeline.hear import Heard, hear, named, searched_with
from drumscribe.pipeline.models import ModelSet
from drumscribe.pipeline.revise import revise
from drumscribe.ports import SourceFetcher
from drumscribe.services.songs.result_files import (
    FIRST_FORMATS,
    MadeFile,
    download_name,
    facts_of,
    sheet_of,
    write_renderings,
    write_transcript,
)
from drumscribe.services.steps.step_context import StepContext

_WAV = "audio/wav"
_FLAC = "audio/flac"


@dataclass(frozen=True, slots=True, kw_only=True)
class StepInput:
    """What a step is handed.

    path_of: a local path of what an earlier step made; None if it made no such thing.
    """

    job: Job
    context: StepContext
    path_of: Callable[[ArtifactKind], Path | None]
    models: ModelSet
    fetcher: SourceFetcher | None
    decoder: ConfinedDecoder
    limits: DecodeLimits
    engravers: Engravers

    def path(self, kind: ArtifactKind) -> Path:
        """Raises ArtifactMissing."""
        found = self.path_of(kind)
        if found is None:
            raise ArtifactMissing(f"The job has no {kind.value} file.")
        return found

    @property
    def title(self) -> str | None:
        return self.job.facts.title or self.job.request.title or None

    @property
    def wishes(self) -> Wishes:
        return self.job.request.wishes


@dataclass(frozen=True, slots=True)
class StepOutput:
    """files: local, not stored yet.

    needs_refining: the mix was not enough; the drums should be heard alone, too.
    """

    files: tuple[MadeFile, ...] = ()
    facts: JobFacts = field(default_factory=JobFacts)
    needs_refining: bool = False


def ingest_audio(given: StepInput) -> StepOutput:
    """Fetch what a link means, then check and decode."""
    request = given.job.request
    context = given.context
    files: list[MadeFile] = []
    title = None
    if request.input_type is not InputType.UPLOAD:
        source, title = _fetched(given, files)
        context.begin_part(0.7, 1.0)
    else:
        source = _under_its_name(given.path(ArtifactKind.SOURCE), request.original_filename, given)
    # In a child: this process shall outlive whatever a stranger's file does to a decoder.
    decoded = given.decoder.decode(source, given.wishes.hearing, given.limits, context)
    files.append(MadeFile(ArtifactKind.AUDIO, decoded.audio, _WAV, decoded.audio.name))
    if given.job.refines is None:
        # Beside the upload: every browser plays this, and its times are the hits'.
        name = download_name(title or given.title, ".recording.flac")
        files.append(MadeFile(ArtifactKind.RECORDING, decoded.listening, _FLAC, name))
    facts = JobFacts(
        duration_seconds=decoded.duration_seconds,
        title=title,
        warnings=tuple(dict.fromkeys(str(notice.code) for notice in decoded.notices)),
        notices=decoded.notices,
    )
    return StepOutput(tuple(files), facts)


def _fetched(given: StepInput, files: list[MadeFile]) -> tuple[Path, str | None]:
    """The downloaded recording, and the title of its page where the client gave none."""
    request = given.job.request
    if given.fetcher is None or request.link is None:
        raise LinksDisabled("Links are not accepted here; upload the file instead.")
    given.context.begin_part(0.0, 0.7)
    folder = given.context.scratch_dir / "fetched"
    folder.mkdir()
    fetched = given.fetcher.fetch(request.link, folder, checkpoint=given.context.checkpoint)
    name = download_name(fetched.title, fetched.path.suffix)
    with fetched.path.open("rb") as file:
        media_type = media_type_of(file.read(HEAD_BYTES))
    files.append(MadeFile(ArtifactKind.SOURCE, fetched.path, media_type, name))
    return fetched.path, None if request.title else fetched.title


def _under_its_name(stored: Path, filename: str | None, given: StepInput) -> Path:
    """The recording under the name that its owner knows, because messages say the name."""
    name = download_name(Path(filename).stem, Path(filename).suffix) if filename else "recording"
    folder = given.context.scratch_dir / "given"
    folder.mkdir()
    link = folder / name
    link.symlink_to(stored)
    return link


def separate_drums(given: StepInput) -> StepOutput:
    """Take the drums out of the mix, if that was asked for.

    With `auto` the page comes from the mix first; see needs_refining.
    """
    if not stages.wants_separation(given.wishes.hearing):
        return StepOutput()
    audio = arrays.read_audio(given.path(ArtifactKind.AUDIO))
    _, files = _separated(given, audio, 0.0, 1.0)
    return StepOutput(files)


def _separated(
    given: StepInput, audio: Audio, start: float, end: float
) -> tuple[Audio, tuple[MadeFile, ...]]:
    """The drums of a mix, and the stems as files; the progress is the part start..end."""
    context = given.context
    # Writing the stems takes a sixtieth of the time.
    nearly = start + 0.985 * (end - start)
    context.begin_part(start, nearly)
    separation = stages.separate_drums(audio, given.models, context)
    context.begin_part(nearly, end)
    stem, drums, backing = (
        context.scratch_dir / name for name in ("stem.wav", "drums.flac", "backing.flac")
    )
    _write_sound(arrays.write_audio, stem, separation.drums)
    _write_sound(arrays.write_flac, drums, separation.drums)
    context.checkpoint()
    _write_sound(arrays.write_flac, backing, separation.backing)
    names = (download_name(given.title, suffix) for suffix in (".drums.flac", ".backing.flac"))
    return separation.drums, (
        MadeFile(ArtifactKind.STEM, stem, _WAV, stem.name),
        MadeFile(ArtifactKind.DRUMS, drums, _FLAC, next(names)),
        MadeFile(ArtifactKind.BACKING, backing, _FLAC, next(names)),
    )


def predict_hits(given: StepInput) -> StepOutput:
    """Hear the hits, find the beats."""
    context, models, wishes = given.context, given.models, given.wishes
    _check_model(given)
    audio = arrays.read_audio(given.path(ArtifactKind.AUDIO))
    stem = given.path_of(ArtifactKind.STEM)
    drums = arrays.read_audio(stem) if stem else None
    stems: tuple[MadeFile, ...] = ()
    context.begin_part(0.0, 0.75)
    activations = stages.predict_activations(audio, drums, models, context)
    if drums is None and stages.hears_nothing(activations, wishes.hearing, models):
        # There is no page yet that could be refined afterwards.
        drums, stems = _separated(given, audio, 0.1, 0.7)
        context.begin_part(0.7, 0.75)
        activations = stages.refined(activations, drums, models, context)
    context.begin_part(0.75, 1.0)
    heard = named(
        hear(audio, drums, activations, wishes, models, context),
        title=given.title,
        source=given.job.request.original_filename or given.job.request.link,
        notices=given.job.facts.notices or (),
    )
    path = context.scratch_dir / "activations.npz"
    arrays.write_activations(path, activations)
    frames = MadeFile(ArtifactKind.ACTIVATIONS, path, "application/octet-stream", path.name)
    machine = revise(heard, Wishes(beats=heard.found_with))
    files = (frames, write_transcript(ArtifactKind.MACHINE, machine, context.scratch_dir))
    return StepOutput((*stems, *files), facts_of(machine))


def _check_model(given: StepInput) -> None:
    """The door knows the model only if it has been fetched by then."""
    wanted, here = given.job.request.model, given.models.detector().model.name
    if wanted not in (None, here):
        raise InvalidOption(f"There is no model {wanted!r}; there is {here!r}.")


def transcribe_and_export(given: StepInput) -> StepOutput:
    """Count and quantise as was said, then draw what everybody asks for first."""
    context, wishes = given.context, given.wishes
    # Only jobs that were under way when this version came have no file of the machine's.
    path = given.path_of(ArtifactKind.MACHINE) or given.path(ArtifactKind.GRID)
    machine = dataclasses.replace(
        codec.transcript_from_json(path.read_bytes()),
        compute_time_ms=given.job.facts.compute_time_ms,
    )
    heard = Heard.of(machine, found_with=searched_with(wishes.beats))
    transcript = revise(heard, wishes)
    context.begin_part(0.0, 1.0)
    sheet = sheet_of(transcript, wishes.page, given.engravers)
    files = [write_transcript(ArtifactKind.GRID, transcript, context.scratch_dir, sheet.score)]
    for made in write_renderings(sheet, context.scratch_dir, FIRST_FORMATS):
        files.append(made)
        context.checkpoint()
        context.progress(len(files) / (len(FIRST_FORMATS) + 2))
    return StepOutput(
        tuple(files),
        facts_of(transcript),
        needs_refining=stages.needs_refining(machine, wishes.hearing, given.models),
    )


WORK: Final[Mapping[Step, Callable[[StepInput], StepOutput]]] = {
    Step.INGEST_AUDIO: ingest_audio,
    Step.SEPARATE_DRUMS: separate_drums,
    Step.PREDICT_HITS: predict_hits,
    Step.TRANSCRIBE_AND_EXPORT: transcribe_and_export,
}


def _write_sound(write: Callable[[Path, Audio], None], path: Path, audio: Audio) -> None:
    try:
        write(path, audio)
    except RuntimeError as error:  # libsndfile's own error when the disk is full
        raise OutputError(f"Cannot write sound to {path.parent}: {error}.") from error

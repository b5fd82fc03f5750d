"""What each step does with its files: the functions of pipeline.stages between codec and codec."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from drumscribe.audio.decode import DecodeLimits
from drumscribe.domain.artifacts import ArtifactKind
from drumscribe.domain.audio import Audio
from drumscribe.domain.jobs import InputType, Job, JobFacts, Step
from drumscribe.domain.wishes import Wishes
from drumscribe.errors import ArtifactMissing, InvalidOption, LinksDisabled, OutputError
from drumscribe.models.known_models import HTDEMUCS
from drumscribe.pipeline import codec, stages
from drumscribe.pipeline.decoding import ConfinedDecoder
from drumscribe.pipeline.formats import FORMATS, Engravers
from drumscribe.pipeline.models import ModelSet
from drumscribe.pipeline.run import build_transcript
from drumscribe.ports import SourceFetcher
from drumscribe.services.result_files import (
    MadeFile,
    download_name,
    facts_of,
    write_grid,
    write_results,
)
from drumscribe.services.step_context import StepContext

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
    """files: local, not stored yet."""

    files: tuple[MadeFile, ...] = ()
    facts: JobFacts = field(default_factory=JobFacts)


def ingest_audio(given: StepInput) -> StepOutput:
    """Fetch what a link means, then check and decode."""
    request = given.job.request
    context = given.context
    files: list[MadeFile] = []
    title = None
    if request.input_type is InputType.YOUTUBE:
        source, title = _fetched(given, files)
        context.begin_part(0.7, 1.0)
    else:
        source = _under_its_name(given.path(ArtifactKind.SOURCE), request.original_filename, given)
    # In a child: this process shall outlive whatever a stranger's file does to a decoder.
    decoded = given.decoder.decode(source, given.wishes.hearing, given.limits, context)
    files.append(MadeFile(ArtifactKind.AUDIO, decoded.audio, _WAV, decoded.audio.name))
    # What is decoded here and not the upload itself: browsers play it, and its times are the hits'.
    name = download_name(title or given.title, ".original.flac")
    files.append(MadeFile(ArtifactKind.ORIGINAL, decoded.listening, _FLAC, name))
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
    if given.fetcher is None or request.youtube_url is None:
        raise LinksDisabled("Links are not accepted here; upload the file instead.")
    given.context.begin_part(0.0, 0.7)
    folder = given.context.scratch_dir / "fetched"
    folder.mkdir()

    def should_stop() -> bool:
        given.context.checkpoint()
        return False

    fetched = given.fetcher.fetch(request.youtube_url, folder, should_stop=should_stop)
    name = download_name(fetched.title, fetched.path.suffix)
    files.append(MadeFile(ArtifactKind.SOURCE, fetched.path, "application/octet-stream", name))
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
    """Take the drums out of the mix, if that is wanted or, with `auto`, if the mix is not enough.

    To know the latter the mix is heard here and again with the hits, which costs less than one
    hundredth of what separation would.
    """
    context, hearing, models = given.context, given.wishes.hearing, given.models
    is_wanted = stages.wants_separation(hearing, models)
    if not is_wanted and not stages.may_need_refining(hearing, models):
        return StepOutput()
    audio = codec.read_audio(given.path(ArtifactKind.AUDIO))
    if not is_wanted:
        context.begin_part(0.0, 0.05)
        draft = stages.predict_activations(audio, None, models, context)
        if not stages.needs_refining(draft, hearing, models):
            return StepOutput()
    context.begin_part(0.0 if is_wanted else 0.05, 0.95)
    separation = stages.separate_drums(audio, models, context)
    context.begin_part(0.95, 1.0)
    stem, drums, backing = (
        context.scratch_dir / name for name in ("stem.wav", "drums.flac", "backing.flac")
    )
    _write_sound(codec.write_audio, stem, separation.drums)
    _write_sound(codec.write_flac, drums, separation.drums)
    context.checkpoint()
    _write_sound(codec.write_flac, backing, separation.backing)
    return StepOutput(
        (
            MadeFile(ArtifactKind.STEM, stem, _WAV, stem.name),
            MadeFile(ArtifactKind.DRUMS, drums, _FLAC, download_name(given.title, ".drums.flac")),
            MadeFile(
                ArtifactKind.BACKING, backing, _FLAC, download_name(given.title, ".backing.flac")
            ),
        )
    )


def predict_hits(given: StepInput) -> StepOutput:
    """Hear the hits, find the beats."""
    context, models, wishes = given.context, given.models, given.wishes
    _check_model(given)
    audio = codec.read_audio(given.path(ArtifactKind.AUDIO))
    stem = given.path_of(ArtifactKind.STEM)
    drums = codec.read_audio(stem) if stem else None
    context.begin_part(0.0, 0.75)
    activations = stages.predict_activations(audio, drums, models, context)
    hits = stages.pick_hits(activations, wishes.hearing, models)
    context.begin_part(0.75, 1.0)
    grid = stages.find_beats(audio, drums, hits, wishes, models, context)
    refs = [HTDEMUCS.ref] if drums else []
    transcript = build_transcript(
        hits,
        grid,
        duration_seconds=audio.duration_seconds,
        notices=given.job.facts.notices or (),
        models=(*refs, models.detector().model, *models.beat_refs),
        separated=drums is not None,
        title=given.title,
        artist=wishes.page.artist,
        source=given.job.request.original_filename or given.job.request.youtube_url,
    )
    path = context.scratch_dir / "activations.npz"
    codec.write_activations(path, activations)
    heard = MadeFile(ArtifactKind.ACTIVATIONS, path, "application/octet-stream", path.name)
    files = (heard, write_grid(transcript, context.scratch_dir))
    return StepOutput(files, facts_of(transcript))


def _check_model(given: StepInput) -> None:
    """The door knows the model only if it has been fetched by then."""
    wanted, here = given.job.request.model, given.models.detector().model.name
    if wanted not in (None, here):
        raise InvalidOption(f"There is no model {wanted!r}; there is {here!r}.")


def transcribe_and_export(given: StepInput) -> StepOutput:
    """Quantise, engrave and write every format."""
    context = given.context
    content = given.path(ArtifactKind.GRID).read_bytes()
    transcript = dataclasses.replace(
        codec.transcript_from_json(content), compute_time_ms=given.job.facts.compute_time_ms
    )
    files: list[MadeFile] = []
    context.begin_part(0.0, 1.0)
    for made in write_results(transcript, context.scratch_dir, given.wishes.page, given.engravers):
        files.append(made)
        context.checkpoint()
        context.progress(len(files) / (len(FORMATS) + 1))
    return StepOutput(tuple(files))


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

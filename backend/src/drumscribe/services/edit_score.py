"""Change a finished score (hits, tempo, metre, bar lines, sensitivity) without a model run."""

from __future__ import annotations

import dataclasses
import tempfile
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from drumscribe.domain.artifacts import Artifact, ArtifactKind, NewArtifact
from drumscribe.domain.drums import Hit
from drumscribe.domain.jobs import Job
from drumscribe.domain.rhythm import BeatGrid, Metre
from drumscribe.domain.transcription import Transcript
from drumscribe.errors import InvalidHits, InvalidOption, JobNotReady
from drumscribe.ml.beats import BeatOptions, track_beats
from drumscribe.pipeline import codec, stages
from drumscribe.pipeline.context import LocalContext
from drumscribe.pipeline.formats import EngraveOptions
from drumscribe.pipeline.models import ModelSet
from drumscribe.pipeline.options import TranscribeOptions
from drumscribe.pipeline.run import build_transcript
from drumscribe.ports import ArtifactStorage, JobStore
from drumscribe.services.read_job import find_download, view_job
from drumscribe.services.result_files import facts_of, write_grid, write_results
from drumscribe.services.stored_keys import edit_key

MAX_HITS = 50_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreEdit:
    """What to change; None leaves it as it is.

    hits: a JSON document with hits, or a bare list of them; they replace all hits.
    sensitivity: 0..1; the hits are picked anew from what was heard, edits of hits are lost.
    bpm: quarter notes per minute. metre: such as 7/8.
    shift_beats: bar 1 begins so many beats later (negative: earlier).
    title: what stands on the page.
    """

    hits: bytes | None = None
    sensitivity: float | None = None
    bpm: float | None = None
    metre: str | None = None
    shift_beats: int | None = None
    title: str | None = None


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

    Takes as long as engraving (a second or two). Raises InvalidHits, InvalidOption, NoDrumsFound,
    JobNotReady, ResultExpired, EngravingFailed, Unavailable.
    """
    find_download(view_job(jobs, job), ArtifactKind.JSON)
    stored = {artifact.kind: artifact for artifact in jobs.artifacts(job.id)}
    known = codec.transcript_from_json(_content(storage, stored[ArtifactKind.GRID]))
    options.scratch_root.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="edit-", dir=options.scratch_root) as name:
        folder = Path(name)
        hits = _hits(known, edit, storage, stored, models, folder)
        transcript = build_transcript(
            hits,
            _grid(known.grid, hits, edit),
            duration_seconds=known.duration_seconds,
            models=known.models,
            separated=known.separated,
            title=edit.title if edit.title is not None else known.title,
            artist=known.artist,
            source=known.source,
            compute_time_ms=job.facts.compute_time_ms,
        )
        _replace(jobs, storage, job, transcript, folder, options.engraving)
    return transcript


def _hits(
    known: Transcript,
    edit: ScoreEdit,
    storage: ArtifactStorage,
    stored: dict[ArtifactKind, Artifact],
    models: ModelSet,
    folder: Path,
) -> tuple[Hit, ...]:
    if edit.hits is not None:
        return _checked_hits(edit.hits, known.duration_seconds)
    if edit.sensitivity is None:
        return known.hits
    path = folder / "activations.npz"
    storage.fetch(stored[ArtifactKind.ACTIVATIONS].stored.key, path)
    options = TranscribeOptions(sensitivity=edit.sensitivity)
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


def _grid(known: BeatGrid, hits: tuple[Hit, ...], edit: ScoreEdit) -> BeatGrid:
    grid = known
    if edit.bpm is not None or edit.metre is not None:
        grid = _other_tempo_or_metre(known, hits, edit)
    if edit.shift_beats:
        per_bar = grid.metre.beats_per_bar
        numbers = (grid.beat_numbers - 1 - edit.shift_beats) % per_bar + 1
        grid = dataclasses.replace(grid, beat_numbers=numbers)
    return grid


def _other_tempo_or_metre(known: BeatGrid, hits: tuple[Hit, ...], edit: ScoreEdit) -> BeatGrid:
    try:
        metre = Metre.parse(edit.metre) if edit.metre is not None else known.metre
    except ValueError as error:
        raise InvalidOption(f"{error}.") from None
    if edit.bpm is None and metre.beat_length == known.metre.beat_length:
        return _renumbered(known, metre)
    # The limits of a tempo that a user may ask for are checked in one place.
    bpm = TranscribeOptions(bpm=edit.bpm).bpm
    if bpm is None:
        bpm = known.bpm * float(known.metre.beat_length)
    with LocalContext() as context:
        return track_beats(
            None,
            None,
            hits,
            networks=None,
            options=BeatOptions(bpm=bpm, metre=metre),
            context=context,
        )


def _renumbered(known: BeatGrid, metre: Metre) -> BeatGrid:
    """The same beats, counted in another metre from the first known downbeat on."""
    import numpy as np

    downbeats = np.flatnonzero(known.beat_numbers == 1)
    origin = int(downbeats[0]) if downbeats.size else 0
    numbers = (np.arange(known.beat_times.size) - origin) % metre.beats_per_bar + 1
    return BeatGrid(known.beat_times, numbers.astype(np.int64), metre, known.reliable)


def _replace(
    jobs: JobStore,
    storage: ArtifactStorage,
    job: Job,
    transcript: Transcript,
    folder: Path,
    engraving: EngraveOptions,
) -> None:
    edit_id = uuid4()
    artifacts: list[NewArtifact] = []
    is_replaced = False
    try:
        files = [write_grid(transcript, folder), *write_results(transcript, folder, engraving)]
        for made in files:
            key = edit_key(job.id, edit_id, made.path.name)
            kept = storage.put_file(key, made.path, media_type=made.media_type)
            artifacts.append(NewArtifact(made.kind, kept, made.media_type, made.filename))
        facts = dataclasses.replace(facts_of(transcript), title=transcript.title)
        is_replaced = jobs.replace_results(job.id, artifacts=artifacts, facts=facts)
        if not is_replaced:
            raise JobNotReady("The job has no result any more.")
    finally:
        if not is_replaced:
            for artifact in artifacts:
                storage.delete(artifact.stored.key)


def _content(storage: ArtifactStorage, artifact: Artifact) -> bytes:
    return b"".join(storage.open(artifact.stored.key))

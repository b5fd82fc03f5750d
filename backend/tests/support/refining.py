"""Worlds in which finished songs are heard again with their drums alone."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
from numpy.typing import NDArray

from drumscribe.domain.artifacts import ArtifactKind
from drumscribe.domain.jobs import Job, Step
from drumscribe.domain.transcription import Transcript
from drumscribe.domain.wishes import Wishes
from drumscribe.library import Transcription
from drumscribe.pipeline.context import LocalContext
from drumscribe.pipeline.files.codec import transcript_to_dict
from drumscribe.pipeline.files.formats import Engravers
from drumscribe.pipeline.run import transcribe
from drumscribe.separation.htdemucs import SEGMENT_SAMPLES
from drumscribe.services.songs.edit_score import (
    EditOptions,
    ScoreEdit,
    edit_score,
    read_transcript,
)
from drumscribe.services.songs.read_job import read_result
from drumscribe.services.songs.refine_job import (
    refine_job,
)
from drumscribe.services.steps.run_step import StepOutcome
from job_worlds import World

RATE = 44_100
STEMS = {ArtifactKind.DRUMS, ArtifactKind.BACKING}


@dataclass
class KnowsTheDrums:
    """Finds the same drums in every segment."""

    drums: NDArray[np.float32]
    calls: int = 0

    def drums_of(self, segment: NDArray[np.float32]) -> NDArray[np.float32]:
        assert segment.shape == (2, SEGMENT_SAMPLES)
        self.calls += 1
        return self.drums


def drone(path: Path, drums: Path | None = None) -> Path:
    """Sixteen seconds in which no drums can be heard, but for two seconds of a song's."""
    time = np.arange(16 * RATE) / RATE
    samples = (
        0.2 * np.sin(2 * np.pi * 220 * time) * np.minimum(1.0, time) * np.minimum(1.0, 16 - time)
    )
    if drums is not None:
        beginning, _ = soundfile.read(drums, frames=2 * RATE, always_2d=True)
        samples[: len(beginning)] = beginning.mean(axis=1)
    soundfile.write(path, samples, RATE)
    return path


def work(world: World) -> list[Step]:
    """Do all that is due, as workers would; returns the steps that refine."""
    refining = []
    while due := world.jobs.due(limit=10):
        for job_id, step in due:
            if world.job(job_id).refines is not None:
                refining.append(step)
            assert world.run(job_id, step).outcome is StepOutcome.FINISHED
    return refining


def written(world: World, song: Path, **said: Any) -> Job:
    job = world.submit(song, said={"separation": "never", **said})
    work(world)
    return world.job(job.id)


def refine(world: World, job: Job, key: str | None = None) -> Job:
    return refine_job(
        world.jobs,
        world.storage,
        world.doorbell,
        world.models,
        world.job(job.id),
        idempotency_key=key,
        trace_context={},
    )


def edit(world: World, job: Job, **changes: Any) -> None:
    asked = ScoreEdit(hits=changes.pop("hits", None), wishes=changes)
    now = world.job(job.id)
    edit_score(world.jobs, world.storage, world.models, now, asked, options(world))


def options(world: World) -> EditOptions:
    return EditOptions(
        engravers=Engravers(pdf_backend="none"), scratch_root=world.folder / "scratch"
    )


def page(world: World, job: Job, kind: ArtifactKind = ArtifactKind.GRID) -> Transcript:
    stored = next(a for a in world.jobs.artifacts(job.id) if a.kind is kind)
    return read_transcript(world.storage, stored)


def document(world: World, job: Job) -> dict[str, Any]:
    found = dict(read_result(world.jobs, world.storage, world.job(job.id)).document)
    found.pop("compute_time_ms")
    return found


def librarys(world: World, song: Path, **said: Any) -> dict[str, Any]:
    with LocalContext() as context:
        run = transcribe(song, Wishes.of(said), world.models, context)
    written = transcript_to_dict(run.transcript, Transcription(run.transcript).score)
    found: dict[str, Any] = json.loads(json.dumps(written))
    found.pop("compute_time_ms")
    return found


def without_ids(document: dict[str, Any]) -> dict[str, Any]:
    """A document by what its strokes say: songs that were refined have numbers of their own."""
    strokes = {stroke["id"]: {**stroke, "id": None} for stroke in document["hits"]}
    offered = {stroke["id"]: {**stroke, "id": None} for stroke in document["candidates"]}
    named = strokes | offered
    groups = [
        {**group, "ids": [named[number] for number in group["ids"]]} for group in document["review"]
    ]
    return document | {
        "hits": list(strokes.values()),
        "candidates": list(offered.values()),
        "review": groups,
    }


def knows_the_drums(song: Path) -> KnowsTheDrums:
    """A separator that finds the beginning of this song."""
    samples, rate = soundfile.read(song, dtype="float32", always_2d=True)
    assert rate == RATE
    mono = samples[:SEGMENT_SAMPLES].mean(axis=1)
    return KnowsTheDrums(np.stack([mono, mono]))

"""A job whose drums are hardly heard in the mix: the drums are taken out of it by themselves."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from drumscribe.domain.artifacts import ArtifactKind
from drumscribe.domain.jobs import JobStatus, Step
from drumscribe.domain.wishes import Wishes
from drumscribe.models.known_models import HTDEMUCS
from drumscribe.pipeline.context import LocalContext
from drumscribe.pipeline.files.codec import transcript_to_dict
from drumscribe.pipeline.run import transcribe
from drumscribe.separation.htdemucs import SEGMENT_SAMPLES
from drumscribe.services.songs.read_job import read_result
from drumscribe.services.steps.run_step import StepOutcome
from job_worlds import World, new_world

RATE = 44_100
STEMS = {ArtifactKind.STEM, ArtifactKind.DRUMS, ArtifactKind.BACKING}


@dataclass
class KnowsTheDrums:
    """Finds the same drums in every segment."""

    drums: NDArray[np.float32]
    calls: int = 0

    def drums_of(self, segment: NDArray[np.float32]) -> NDArray[np.float32]:
        assert segment.shape == (2, SEGMENT_SAMPLES)
        self.calls += 1
        return self.drums


@pytest.fixture
def separator(example_song: Path) -> KnowsTheDrums:
    samples, rate = soundfile.read(example_song, dtype="float32", always_2d=True)
    assert rate == RATE
    mono = samples[:SEGMENT_SAMPLES].mean(axis=1)
    return KnowsTheDrums(np.stack([mono, mono]))


@pytest.fixture
def drone(tmp_path: Path) -> Path:
    """Sixteen seconds in which no drums can be heard."""
    time = np.arange(16 * RATE) / RATE
    path = tmp_path / "drone.wav"
    soundfile.write(path, 0.2 * np.sin(2 * np.pi * 220 * time), RATE)
    return path


@pytest.fixture
def world(tmp_path: Path, separator: KnowsTheDrums) -> Iterator[World]:
    with new_world(tmp_path) as world:
        world.models._separator = separator
        yield world


def test_job_with_hardly_any_drums_in_the_mix_is_refined_like_the_librarys(
    world: World, drone: Path, separator: KnowsTheDrums
) -> None:
    said = {"separation": "auto", "title": "Drone"}
    job = world.submit(drone, said=said, title="Drone")
    for step in Step:
        assert world.run(job.id, step).outcome is StepOutcome.FINISHED
        if step is Step.SEPARATE_DRUMS:
            assert world.kinds(job.id) >= STEMS
    assert world.job(job.id).status is JobStatus.COMPLETED
    assert separator.calls > 0
    document = dict(read_result(world.jobs, world.storage, world.job(job.id)).document)
    with LocalContext() as context:
        run = transcribe(drone, Wishes.of(said), world.models, context)
    expected = json.loads(json.dumps(transcript_to_dict(run.transcript)))
    for one in (document, expected):
        one.pop("compute_time_ms")
    assert document == expected
    assert document["separated"] is True
    assert document["models"][0]["name"] == HTDEMUCS.name


def test_job_whose_drums_are_heard_in_the_mix_is_not_refined(
    world: World, example_song: Path, separator: KnowsTheDrums
) -> None:
    job = world.submit(example_song, said={"separation": "auto"})
    for step in (Step.INGEST_AUDIO, Step.SEPARATE_DRUMS):
        assert world.run(job.id, step).outcome is StepOutcome.FINISHED
    assert not world.kinds(job.id) & STEMS
    assert separator.calls == 0

"""A song that takes seconds does not wait behind a separation that takes minutes."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import numpy as np
import pytest
from numpy.typing import NDArray

from drumscribe.domain.jobs import JobStatus, Step
from drumscribe.services.steps import songs_in_between
from drumscribe.services.steps.run_step import StepOutcome
from drumscribe.services.steps.songs_in_between import SongsInBetween
from job_worlds import World, short_song
from refining import knows_the_drums, refine, written


class HandsSongsIn:
    """A separator in whose first segment other songs are handed in, and read."""

    def __init__(self, world: World, song: Path) -> None:
        self._world = world
        self._song = song
        self._drums = knows_the_drums(song)
        self.songs: dict[str, UUID] = {}

    def drums_of(self, segment: NDArray[np.float32]) -> NDArray[np.float32]:
        for separation in ("auto", "always") if not self.songs else ():
            job = self._world.submit(self._song, said={"separation": separation})
            self._world.run(job.id, Step.INGEST_AUDIO)
            self.songs[separation] = job.id
        return self._drums.drums_of(segment)


@pytest.fixture
def song(example_song: Path, tmp_path: Path) -> Path:
    return short_song(example_song, tmp_path / "song.wav", seconds=20.0)


def test_song_is_heard_in_the_mix_while_another_is_separated(
    world: World, song: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(songs_in_between, "_LOOK_EVERY_SECONDS", 0.0)
    world.models._separator = separator = HandsSongsIn(world, song)
    job = written(world, song)
    refinement = refine(world, job)
    world.run(refinement.id, Step.INGEST_AUDIO)
    passing = SongsInBetween(world.jobs, world.run)
    report = world.run(refinement.id, Step.SEPARATE_DRUMS, in_between=passing)
    assert report.outcome is StepOutcome.FINISHED

    heard = world.job(separator.songs["auto"])
    assert heard.step is Step.TRANSCRIBE_AND_EXPORT
    assert heard.status is JobStatus.QUEUED
    # What takes minutes itself has waited.
    assert world.job(separator.songs["always"]).step is Step.SEPARATE_DRUMS
    own = world.job(refinement.id).facts.step_seconds
    theirs = heard.facts.step_seconds
    assert own is not None
    assert theirs is not None
    assert own["separate_drums"] <= report.seconds - theirs["predict_hits"]


def test_step_that_cannot_be_done_is_not_tried_for_ever(
    world: World, song: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(songs_in_between, "_LOOK_EVERY_SECONDS", 0.0)
    job = world.submit(song)
    world.run(job.id, Step.INGEST_AUDIO)
    tried: list[tuple[UUID, Step]] = []
    SongsInBetween(world.jobs, lambda *what: tried.append(what))()
    assert tried == [(job.id, Step.SEPARATE_DRUMS)]

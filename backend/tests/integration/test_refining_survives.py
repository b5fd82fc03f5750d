"""Hearing a finished song again: killed, cancelled, deleted, swept, refused; nothing is lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from drumscribe.domain.artifacts import ArtifactKind
from drumscribe.domain.jobs import JobStatus, Step
from drumscribe.errors import (
    AlreadyRefined,
    JobNotReady,
    ModelUnavailable,
    RefinementNotFound,
    RefinementRunning,
    ResultExpired,
)
from drumscribe.services.songs.cancel_job import dismiss_job
from drumscribe.services.songs.read_job import view_job
from drumscribe.services.songs.refine_job import (
    cancel_refinement,
    undo_refinement,
)
from drumscribe.services.steps.run_step import StepOutcome
from drumscribe.services.sweep_artifacts import sweep_artifacts
from job_worlds import OWNER, World, after_claim, short_song
from refining import (
    KnowsTheDrums,
    document,
    options,
    refine,
    work,
    written,
)

pytestmark = pytest.mark.usefixtures("separator")


def test_killed_worker_loses_nothing(world: World, example_song: Path, tmp_path: Path) -> None:
    job = written(world, short_song(example_song, tmp_path / "song.wav"))
    before = document(world, job)
    refinement = refine(world, job)
    for step in Step:
        # Claimed, and never heard of again.
        claim = world.jobs.claim(refinement.id, step, lease_seconds=30, max_attempts=3)
        assert claim is not None
        assert document(world, job) == before
        world.clock.advance(31)
        assert world.run(refinement.id, step).outcome is StepOutcome.FINISHED
    assert world.job(refinement.id).status is JobStatus.COMPLETED
    assert document(world, job)["separated"] is True


@pytest.mark.parametrize("step", [None, Step.SEPARATE_DRUMS, Step.TRANSCRIBE_AND_EXPORT])
def test_cancelled_refinement_leaves_the_song_as_it_was(
    world: World, example_song: Path, tmp_path: Path, step: Step | None
) -> None:
    job = written(world, short_song(example_song, tmp_path / "song.wav"))
    sweep_artifacts(world.jobs, world.storage)
    before, files = world.job(job.id), world.stored_files(job.id)
    refinement = refine(world, job)

    def cancel(*_: object) -> None:
        cancel_refinement(world.jobs, world.storage, world.job(job.id))

    if step is None:
        cancel()
    else:
        world.run_until(refinement.id, step)
        report = world.run(refinement.id, step, around=after_claim(cancel))
        assert report.outcome is StepOutcome.CANCELLED
    assert world.job(refinement.id).status is JobStatus.CANCELLED
    assert world.job(job.id) == before
    sweep_artifacts(world.jobs, world.storage)
    assert world.stored_files(job.id) == files
    # And it may be asked for again.
    refine(world, job)
    work(world)
    assert document(world, job)["separated"] is True


@pytest.mark.parametrize("is_running", [False, True])
def test_deleted_song_takes_its_refinement_with_it(
    world: World, example_song: Path, tmp_path: Path, is_running: bool
) -> None:
    job = written(world, short_song(example_song, tmp_path / "song.wav"))
    refinement = refine(world, job)

    def delete(*_: object) -> None:
        dismiss_job(world.jobs, world.storage, job.id, owner=OWNER)

    if is_running:
        world.run(refinement.id, Step.INGEST_AUDIO)
        around = after_claim(delete)
        report = world.run(refinement.id, Step.SEPARATE_DRUMS, around=around)
        assert report.outcome is StepOutcome.CANCELLED
    else:
        delete()
    sweep_artifacts(world.jobs, world.storage)
    sweep_artifacts(world.jobs, world.storage)
    assert world.jobs.due(limit=10) == []
    assert world.jobs.get(refinement.id) is None
    assert world.stored_files(job.id) == set()


def test_song_is_not_swept_while_it_is_refined_and_all_goes_in_time(
    world: World, example_song: Path, tmp_path: Path
) -> None:
    job = written(world, short_song(example_song, tmp_path / "song.wav"))
    refinement = refine(world, job)
    world.clock.advance(25 * 3600)
    sweep_artifacts(world.jobs, world.storage)
    work(world)
    assert world.job(refinement.id).status is JobStatus.COMPLETED
    sweep_artifacts(world.jobs, world.storage)
    assert world.stored_files(job.id) == set()
    with pytest.raises(ResultExpired):
        refine(world, job)


def test_songs_without_a_page_come_before_refinements(
    world: World, example_song: Path, tmp_path: Path
) -> None:
    song = short_song(example_song, tmp_path / "song.wav")
    job = written(world, song)
    refinement = refine(world, job)
    world.clock.advance(10)
    other = world.submit(song)
    assert [job_id for job_id, _ in world.jobs.due(limit=10)] == [other.id, refinement.id]
    assert world.jobs.queue_positions([refinement.id, other.id]) == {other.id: 1, refinement.id: 2}
    # They take nobody's place either.
    world.submit(song, max_active=2)


def test_same_key_begins_one_refinement(world: World, example_song: Path, tmp_path: Path) -> None:
    job = written(world, short_song(example_song, tmp_path / "song.wav"))
    first = refine(world, job, key="once")
    assert refine(world, job, key="once").id == first.id
    with pytest.raises(RefinementRunning):
        refine(world, job, key="twice")
    work(world)
    assert refine(world, job, key="once").id == first.id
    assert work(world) == []


def test_what_cannot_be_refined_says_why(
    world: World, example_song: Path, tmp_path: Path, separator: KnowsTheDrums
) -> None:
    song = short_song(example_song, tmp_path / "song.wav")
    waiting = world.submit(song)
    with pytest.raises(JobNotReady):
        refine(world, waiting)
    with pytest.raises(RefinementNotFound):
        cancel_refinement(world.jobs, world.storage, world.job(waiting.id))
    work(world)
    with pytest.raises(RefinementNotFound):
        undo_refinement(
            world.jobs, world.storage, world.models, world.job(waiting.id), options(world)
        )
    world.models._separator = None
    with pytest.raises(ModelUnavailable, match="drumscribe models download htdemucs"):
        refine(world, waiting)
    world.models._separator = separator
    refine(world, waiting)
    work(world)
    with pytest.raises(AlreadyRefined):
        refine(world, waiting)


def test_failed_refinement_says_why_and_leaves_the_song_alone(
    world: World, example_song: Path, tmp_path: Path
) -> None:
    job = written(world, short_song(example_song, tmp_path / "song.wav"))
    before = document(world, job)
    refinement = refine(world, job)
    source = next(a for a in world.jobs.artifacts(job.id) if a.kind is ArtifactKind.SOURCE)
    world.storage.delete(source.stored.key)
    assert world.run(refinement.id, Step.INGEST_AUDIO).outcome is StepOutcome.FAILED
    view = view_job(world.jobs, world.job(job.id))
    assert view.refinement is not None
    assert view.refinement.error_code == "artifact_missing"
    assert world.job(job.id).status is JobStatus.COMPLETED
    assert document(world, job) == before

"""A finished song heard again with its drums alone: by itself, when asked, whatever happens."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from drumscribe.domain.artifacts import ArtifactKind
from drumscribe.domain.drums import Hit, Instrument
from drumscribe.domain.jobs import Ending, Job, JobStatus, Step
from drumscribe.domain.transcription import Transcript
from drumscribe.domain.wishes import Wishes
from drumscribe.errors import (
    AlreadyRefined,
    EditConflict,
    JobNotReady,
    ModelUnavailable,
    RefinementNotFound,
    RefinementRunning,
    ResultExpired,
)
from drumscribe.models.known_models import HTDEMUCS
from drumscribe.pipeline.context import LocalContext
from drumscribe.pipeline.files.codec import transcript_to_dict
from drumscribe.pipeline.files.formats import Engravers
from drumscribe.pipeline.run import transcribe
from drumscribe.separation.htdemucs import SEGMENT_SAMPLES
from drumscribe.services.songs.cancel_job import cancel_job
from drumscribe.services.songs.edit_score import (
    EditOptions,
    ScoreEdit,
    edit_score,
    read_transcript,
)
from drumscribe.services.songs.read_job import read_result, view_job
from drumscribe.services.songs.refine_job import (
    cancel_refinement,
    is_undoable,
    refine_job,
    undo_refinement,
)
from drumscribe.services.steps.run_step import StepOutcome
from drumscribe.services.sweep_artifacts import sweep_artifacts
from job_worlds import OWNER, World, after_claim, new_world, short_song

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


@pytest.fixture
def separator(example_song: Path) -> KnowsTheDrums:
    samples, rate = soundfile.read(example_song, dtype="float32", always_2d=True)
    assert rate == RATE
    mono = samples[:SEGMENT_SAMPLES].mean(axis=1)
    return KnowsTheDrums(np.stack([mono, mono]))


@pytest.fixture
def world(tmp_path: Path, separator: KnowsTheDrums) -> Iterator[World]:
    with new_world(tmp_path) as world:
        world.models._separator = separator
        yield world


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
    found: dict[str, Any] = json.loads(json.dumps(transcript_to_dict(run.transcript)))
    found.pop("compute_time_ms")
    return found


def without_ids(document: dict[str, Any]) -> dict[str, Any]:
    hits = [{**hit, "id": None} for hit in document["hits"]]
    return document | {"hits": hits}


# --- by itself ---


def test_song_without_a_drum_in_the_mix_is_separated_at_once_like_the_librarys(
    world: World, tmp_path: Path, separator: KnowsTheDrums
) -> None:
    song = drone(tmp_path / "drone.wav")
    said = {"separation": "auto", "title": "Drone"}
    job = world.submit(song, said=said, title="Drone")
    assert work(world) == []
    assert separator.calls > 0
    found = document(world, job)
    assert found == librarys(world, song, **said)
    assert found["separated"] is True
    assert found["models"][0]["name"] == HTDEMUCS.name
    assert world.kinds(job.id) >= STEMS


def test_song_with_hardly_any_drums_in_the_mix_has_a_page_first_and_is_refined_then(
    world: World, tmp_path: Path, example_song: Path, separator: KnowsTheDrums
) -> None:
    song = drone(tmp_path / "drone.wav", drums=example_song)
    said = {"separation": "auto", "title": "Drone"}
    job = world.submit(song, said=said, title="Drone")
    for step in Step:
        assert world.run(job.id, step).outcome is StepOutcome.FINISHED
    assert world.job(job.id).status is JobStatus.COMPLETED
    assert separator.calls == 0
    assert document(world, job)["separated"] is False
    assert not world.kinds(job.id) & STEMS

    assert work(world) == list(Step)
    assert without_ids(document(world, job)) == without_ids(librarys(world, song, **said))
    assert world.kinds(job.id) >= STEMS
    assert not world.job(job.id).edited_at
    assert work(world) == []


def test_song_whose_drums_are_heard_in_the_mix_is_not_refined(
    world: World, example_song: Path, separator: KnowsTheDrums
) -> None:
    job = world.submit(example_song, said={"separation": "auto"})
    work(world)
    assert world.job(job.id).status is JobStatus.COMPLETED
    assert separator.calls == 0


# --- when asked ---


def test_refined_song_is_what_separation_at_once_would_have_made(
    world: World, example_song: Path, tmp_path: Path
) -> None:
    song = short_song(example_song, tmp_path / "song.wav", seconds=8.0)
    job = written(world, song)
    first = page(world, job)
    refinement = refine(world, job)
    assert refinement.refines == job.id
    assert work(world) == list(Step)

    after = world.job(job.id)
    assert after.version == job.version + 1
    expected = librarys(world, song, separation="always", title=first.title)
    assert without_ids(document(world, job)) == without_ids(expected)
    done = world.job(refinement.id).refined
    assert done is not None
    assert done.version == after.version
    ids = {hit.id for hit in first.hits}
    new = [hit for hit in page(world, job).hits if hit.id not in ids]
    assert len(new) == done.added
    assert len(page(world, job).hits) == len(first.hits) + done.added - done.removed
    # Only what the song is made of stays, and every file of it can be had.
    sweep_artifacts(world.jobs, world.storage)
    kept = world.recorded_files(job.id) | world.recorded_files(refinement.id)
    assert world.stored_files(job.id) == kept
    assert world.kinds(refinement.id) == {ArtifactKind.GRID}
    assert ArtifactKind.AUDIO not in world.kinds(job.id)


def test_edits_survive_and_one_undo_gives_the_page_back(
    world: World, example_song: Path, tmp_path: Path
) -> None:
    song = short_song(example_song, tmp_path / "song.wav", seconds=8.0)
    job = written(world, song)
    first = page(world, job).hits
    by_hand = Hit(time=7.31, instrument=Instrument.CRASH, id=9000)
    moved = dataclasses.replace(first[3], time=first[3].time + 0.2, confidence=1.0)
    hits = [*first[1:3], moved, *first[4:], by_hand]
    edit(world, job, hits=hits)
    edit(world, job, title="Ours", section_names="A=Verse", time_signature="2/4", style="one-voice")
    before = page(world, job)
    refine(world, job)
    work(world)

    after = page(world, job)
    known = {hit.id: hit for hit in after.hits}
    assert known[9000] == by_hand
    assert known[moved.id] == moved
    assert not [
        hit
        for hit in after.hits
        if hit.instrument is first[0].instrument and abs(hit.time - first[0].time) < 0.05
    ]
    assert after.grid.has_bars_of(before.grid)
    assert (after.title, after.separated) == ("Ours", True)
    now = world.job(job.id)
    assert now.wishes.page.section_names == "A=Verse"
    assert now.edits == job.edits or now.edits.has_edited_hits

    view = view_job(world.jobs, now)
    assert view.refinement is not None
    assert is_undoable(now, view.refinement)
    undo_refinement(world.jobs, world.storage, world.models, now, options(world))
    back = page(world, job)
    assert back.hits == before.hits
    assert [hit.id for hit in back.hits] == [hit.id for hit in before.hits]
    assert back.grid.has_bars_of(before.grid)
    assert world.kinds(job.id) >= STEMS
    with pytest.raises(EditConflict):
        undo_refinement(world.jobs, world.storage, world.models, world.job(job.id), options(world))


def test_sensitivity_that_was_said_holds_for_what_is_heard_anew(
    world: World, example_song: Path, tmp_path: Path
) -> None:
    song = short_song(example_song, tmp_path / "song.wav", seconds=8.0)
    job = written(world, song)
    edit(world, job, sensitivity=0.8)
    kept = page(world, job).hits
    edit(world, job, hits=kept[1:])
    refine(world, job)
    work(world)
    expected = librarys(world, song, separation="always", sensitivity=0.8)
    times = {(hit["time"], hit["instrument"]) for hit in expected["hits"]}
    found = {(hit.time, hit.instrument.value) for hit in page(world, job).hits}
    assert found <= times
    gone = {
        instrument
        for time, instrument in times - found
        if abs(time - kept[0].time) > 0.051 or instrument == "kick" != kept[0].instrument
    }
    assert gone == set()


def test_song_that_is_edited_while_it_is_brought_in_keeps_that_edit(
    world: World, example_song: Path, tmp_path: Path
) -> None:
    job = written(world, short_song(example_song, tmp_path / "song.wav", seconds=8.0))
    refinement = refine(world, job)
    world.run_until(refinement.id, Step.TRANSCRIBE_AND_EXPORT)

    class EditedInBetween:
        """The store, but somebody edits the song just before the first try to end."""

        tries = 0

        def __getattr__(self, name: str) -> Any:
            return getattr(world.jobs, name)

        def finish_refinement(self, *given: Any, **named: Any) -> Ending:
            self.tries += 1
            if self.tries == 1:
                edit(world, job, title="Meanwhile", hits=page(world, job).hits[:4])
            return world.jobs.finish_refinement(*given, **named)

    store = EditedInBetween()
    report = world.run(refinement.id, Step.TRANSCRIBE_AND_EXPORT, jobs=store)
    assert report.outcome is StepOutcome.FINISHED
    assert store.tries == 2
    after = page(world, job)
    assert after.title == "Meanwhile"
    assert len(after.hits) <= 4 + len(after.hits[4:])
    assert world.job(job.id).edits.has_edited_hits
    sweep_artifacts(world.jobs, world.storage)
    kept = world.recorded_files(job.id) | world.recorded_files(refinement.id)
    assert world.stored_files(job.id) == kept


# --- whatever happens ---


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
        cancel_job(world.jobs, world.storage, job.id, owner=OWNER)

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

"""A finished song heard again with its drums alone: by itself, when asked, whatever happens."""

from __future__ import annotations

import dataclasses
import hashlib
from pathlib import Path
from typing import Any

import pytest

import tiny_onnx
from drumscribe.domain.artifacts import ArtifactKind
from drumscribe.domain.drums import Hit, Instrument
from drumscribe.domain.jobs import Ending, JobStatus, Step
from drumscribe.errors import (
    EditConflict,
)
from drumscribe.models.known_models import HTDEMUCS
from drumscribe.models.registry import ModelStore
from drumscribe.pipeline import models as pipeline_models
from drumscribe.services.songs.read_job import view_job
from drumscribe.services.songs.refine_job import (
    is_undoable,
    undo_refinement,
)
from drumscribe.services.steps.run_step import StepOutcome
from drumscribe.services.steps.step_context import StepContext
from drumscribe.services.sweep_artifacts import sweep_artifacts
from job_worlds import World, short_song
from refining import (
    STEMS,
    KnowsTheDrums,
    document,
    drone,
    edit,
    librarys,
    options,
    page,
    refine,
    without_ids,
    work,
    written,
)

pytestmark = pytest.mark.usefixtures("separator")


def test_download_of_the_separator_moves_the_percentage(
    world: World, tmp_path: Path, example_song: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    origin = tmp_path / "origin.onnx"
    tiny_onnx.write_stand_in(origin)
    spec = dataclasses.replace(
        HTDEMUCS,
        uri=origin.as_uri(),
        sha256=hashlib.sha256(origin.read_bytes()).hexdigest(),
        size_bytes=origin.stat().st_size,
    )
    monkeypatch.setattr(pipeline_models, "HTDEMUCS", spec)
    world.models._separator = None
    world.models.store = ModelStore(tmp_path / "cache", offline=False)
    told: list[tuple[float, int]] = []
    fetched = StepContext.fetched

    def listening(context: StepContext, fraction: float) -> None:
        fetched(context, fraction)
        told.append((fraction, context._keeper.progress))

    monkeypatch.setattr(StepContext, "fetched", listening)
    job = world.submit(
        short_song(example_song, tmp_path / "short.wav"), said={"separation": "always"}
    )
    assert world.run(job.id, Step.INGEST_AUDIO).outcome is StepOutcome.FINISHED
    assert world.run(job.id, Step.SEPARATE_DRUMS).outcome is StepOutcome.FINISHED

    begins, ends = Step.SEPARATE_DRUMS.progress_span
    assert told[0] == (0.0, begins)
    fraction, percent = told[-1]
    assert fraction == 1.0
    assert begins < percent < begins + (ends - begins) / 4
    assert world.job(job.id).progress == ends


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

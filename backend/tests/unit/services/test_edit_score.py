"""Edits of a finished score."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast
from uuid import UUID

import pytest

from drumscribe.domain.artifacts import ArtifactKind, NewArtifact
from drumscribe.domain.jobs import Edits, Job, JobStatus, Step
from drumscribe.errors import (
    EditConflict,
    InvalidHits,
    InvalidOption,
    JobNotFound,
    JobNotReady,
    ResultExpired,
    StoreUnavailable,
)
from drumscribe.pipeline.files.codec import hits_from_json
from drumscribe.pipeline.files.formats import Engravers
from drumscribe.ports import JobStore
from drumscribe.services.songs.cancel_job import cancel_job, dismiss_job
from drumscribe.services.songs.edit_score import EditOptions, ScoreEdit, edit_score, revert_score
from drumscribe.services.songs.read_job import find_job, read_result, view_job
from drumscribe.services.songs.result_files import RENDERINGS
from drumscribe.services.sweep_artifacts import sweep_artifacts
from job_worlds import OWNER, World, new_world, short_song


@pytest.fixture(scope="module")
def heard(example_song: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A world with one finished job: what its models say is good for all tests."""
    folder = tmp_path_factory.mktemp("heard")
    with new_world(folder) as world:
        job = world.submit(short_song(example_song, folder / "clip.wav", seconds=8.0))
        for step in Step:
            world.run(job.id, step)
        yield world


@pytest.fixture
def world(heard: World, tmp_path: Path) -> Iterator[World]:
    """A world of its own for each test, with copies of the files of the finished job."""
    (tmp_path / "clip.wav").write_bytes((heard.folder / "clip.wav").read_bytes())
    with new_world(tmp_path) as world:
        yield world


@pytest.fixture
def job(world: World, heard: World) -> Job:
    """A finished job like the one of `heard`."""
    (known,) = heard.jobs.list_jobs(OWNER, cursor=None, limit=2).jobs
    job = world.submit(world.folder / "clip.wav", title="Original")
    copies = []
    for artifact in heard.jobs.artifacts(known.id):
        with heard.storage.local_path(artifact.stored.key) as path:
            key = f"jobs/{job.id}/copied/{path.name}"
            stored = world.storage.put_file(key, path, media_type=artifact.media_type)
        if artifact.kind is not ArtifactKind.SOURCE:
            copies.append(NewArtifact(artifact.kind, stored, artifact.media_type, path.name))
        else:
            world.storage.delete(key)
    for step in Step:
        claim = world.jobs.claim(job.id, step, lease_seconds=30, max_attempts=3)
        assert claim is not None
        world.jobs.finish_step(
            claim,
            artifacts=copies if step.following is None else (),
            facts=known.facts,
            expires_at=known.expires_at,
        )
    return world.job(job.id)


def edit(world: World, job: Job, **changes: Any) -> dict[str, Any]:
    """Apply an edit; returns the JSON document of the new result."""
    given = changes.pop("hits", None)
    hits = None if given is None else hits_from_json(json.dumps(given).encode())
    asked = ScoreEdit(hits=hits, wishes=changes)
    now = world.job(job.id)
    edit_score(world.jobs, world.storage, world.models, now, asked, edit_options(world))
    return document(world, job)


def edit_options(world: World) -> EditOptions:
    return EditOptions(
        engravers=Engravers(pdf_backend="none"), scratch_root=world.folder / "scratch"
    )


def document(world: World, job: Job) -> dict[str, Any]:
    """The JSON document of the result, but for the time of the step that wrote it."""
    found = dict(read_result(world.jobs, world.storage, world.job(job.id)).document)
    found.pop("compute_time_ms")
    return found


def test_edited_hits_replace_all_hits_and_keep_the_beats(world: World, job: Job) -> None:
    before = document(world, job)
    kept = before["hits"][:5]
    after = edit(world, job, hits=kept)
    assert after["hits"] == kept
    assert after["beats"] == before["beats"]
    facts = world.job(job.id).facts
    assert facts.hit_summary is not None
    assert sum(facts.hit_summary.values()) == 5


def test_stroke_that_was_heard_half_a_frame_after_the_end_locks_no_song(
    world: World, job: Job
) -> None:
    before = document(world, job)
    last = {**before["hits"][-1], "time": before["duration_seconds"] + 0.005}
    assert len(edit(world, job, hits=[*before["hits"], last])["hits"]) == len(before["hits"]) + 1
    last["time"] += 0.02
    with pytest.raises(InvalidHits, match="lies behind the end"):
        edit(world, job, hits=[*before["hits"], last])


def test_edit_draws_what_is_shown_and_the_sweep_takes_all_old_pages(world: World, job: Job) -> None:
    old = {a.kind: a.stored.key for a in world.jobs.artifacts(job.id)}
    edit(world, job, title="Another name")
    new = {a.kind: a for a in world.jobs.artifacts(job.id)}
    shown = {ArtifactKind.SVG, ArtifactKind.TIMEMAP}
    assert set(new) == set(old) - set(RENDERINGS) | (set(old) & shown)
    changed = {kind for kind in new if new[kind].stored.key != old[kind]}
    assert changed == set(old) & {*shown, ArtifactKind.GRID}
    sweep_artifacts(world.jobs, world.storage)
    assert world.stored_files(job.id) == world.recorded_files(job.id)


def test_other_metre_of_the_same_beat_counts_the_same_beats_anew(world: World, job: Job) -> None:
    before = document(world, job)
    after = edit(world, job, time_signature="3/4")
    assert after["time_signature"] == "3/4"
    assert after["beats"] == before["beats"]
    assert after["downbeats"][:2] == [
        before["downbeats"][0],
        before["beats"][before["beats"].index(before["downbeats"][0]) + 3],
    ]


def test_shift_of_bar_one_moves_every_downbeat_by_beats(world: World, job: Job) -> None:
    before = document(world, job)
    after = edit(world, job, shift_beats=1)
    places = [before["beats"].index(time) + 1 for time in before["downbeats"]]
    moved = [before["beats"][place] for place in places if place < len(before["beats"])]
    assert [time for time in after["downbeats"] if time >= moved[0]] == moved


def test_saying_the_same_twice_changes_nothing_more(world: World, job: Job) -> None:
    once = edit(world, job, tempo_factor=2.0, shift_beats=1)
    assert edit(world, job, tempo_factor=2.0, shift_beats=1) == once
    assert len(once["beats"]) > len(edit(world, job, tempo_factor=0.5)["beats"])


def test_change_that_is_taken_back_leaves_what_the_machine_found(world: World, job: Job) -> None:
    before = document(world, job)
    edit(world, job, tempo_factor=2.0, sensitivity=0.9, title="Loud")
    after = edit(world, job, tempo_factor=None, sensitivity=None, title=None)
    assert after == before
    assert world.job(job.id).edited_at is not None


def test_bar_one_lies_where_it_is_said_to_begin(world: World, job: Job) -> None:
    beats = document(world, job)["beats"]
    after = edit(world, job, bar_one_at_seconds=beats[2] + 0.02)
    assert after["beats"] == beats
    assert beats[2] in after["downbeats"]


def test_tempo_and_factor_exclude_each_other_and_the_last_one_holds(world: World, job: Job) -> None:
    with pytest.raises(InvalidOption, match="not both"):
        edit(world, job, bpm=90.0, tempo_factor=2.0)
    edit(world, job, bpm=90.0)
    edit(world, job, tempo_factor=2.0)
    wishes = world.job(job.id).wishes.beats
    assert (wishes.bpm, wishes.tempo_factor) == (None, 2.0)


def test_later_edits_keep_what_was_written_by_hand_and_so_does_another_sensitivity(
    world: World, job: Job
) -> None:
    heard = document(world, job)["hits"]
    mine = [{**heard[0], "time": 0.123456789012345}, *heard[3:6]]
    edit(world, job, hits=mine)
    after = edit(world, job, tempo_factor=2.0, title="Mine")
    assert after["hits"] == mine
    assert world.job(job.id).edits.has_edited_hits
    picked = edit(world, job, sensitivity=0.9)["hits"]
    assert mine[0] in picked
    gone = [heard[0], *heard[1:3], *heard[6:]]
    for hit in picked:
        others = (one for one in gone if one["instrument"] == hit["instrument"])
        assert hit in mine or all(abs(one["time"] - hit["time"]) > 0.05 for one in others)
    assert edit(world, job, sensitivity=None)["hits"] == mine
    assert world.job(job.id).edits.has_edited_hits


def test_sensitivity_of_one_instrument_leaves_the_others(world: World, job: Job) -> None:
    before = document(world, job)["hit_summary"]
    after = edit(world, job, sensitivity_by_instrument={"kick": 0.0})["hit_summary"]
    assert after["kick"] < before["kick"]
    assert after["snare"] == before["snare"]


def test_revert_brings_back_the_very_result_of_the_machine(world: World, job: Job) -> None:
    before = document(world, job)
    kept = {a.kind: a.stored.sha256 for a in world.jobs.artifacts(job.id)}
    edit(world, job, hits=[{"time": 1, "instrument": "kick"}], title="Wrong")
    edit(world, job, bpm=200.0)
    revert_score(world.jobs, world.storage, world.job(job.id), edit_options(world))
    assert document(world, job) == before
    after = {a.kind: a.stored.sha256 for a in world.jobs.artifacts(job.id)}
    assert after[ArtifactKind.SVG] == kept[ArtifactKind.SVG]
    reverted = world.job(job.id)
    assert (reverted.edited_at, reverted.edits, reverted.version) == (None, Edits(), 4)
    assert reverted.facts.title == before["title"]
    assert edit(world, job, tempo_factor=2.0)["hits"] == before["hits"]


def test_revert_of_what_was_never_edited_changes_nothing(world: World, job: Job) -> None:
    before = world.recorded_files(job.id)
    revert_score(world.jobs, world.storage, world.job(job.id), edit_options(world))
    assert world.recorded_files(job.id) == before
    assert world.job(job.id).version == 1


def test_edit_of_an_older_version_is_refused_and_loses_nothing(world: World, job: Job) -> None:
    first = edit(world, job, title="First tab")
    stale = ScoreEdit(wishes={"title": "Second tab"}, if_version=1)
    with pytest.raises(EditConflict, match="version 2"):
        edit_score(
            world.jobs, world.storage, world.models, world.job(job.id), stale, edit_options(world)
        )
    # The same when the other edit comes between reading and writing.
    late = ScoreEdit(wishes={"title": "Second tab"})
    with pytest.raises(EditConflict):
        edit_score(world.jobs, world.storage, world.models, job, late, edit_options(world))
    assert document(world, job) == first
    sweep_artifacts(world.jobs, world.storage)
    assert world.stored_files(job.id) == world.recorded_files(job.id)


class LostAnswers:
    """A store whose database goes away at the commit of an edit, before or after it counts."""

    def __init__(self, jobs: JobStore, *, counts: bool, is_back: bool) -> None:
        self._jobs = jobs
        self._counts = counts
        self._is_back = is_back
        self._was_lost = False

    def replace_results(self, job_id: UUID, **what: Any) -> bool:
        if self._counts:
            assert self._jobs.replace_results(job_id, **what)
        self._was_lost = True
        raise StoreUnavailable("The database does not answer.")

    def artifacts(self, job_id: UUID) -> Any:
        if self._was_lost and not self._is_back:
            raise StoreUnavailable("The database does not answer.")
        return self._jobs.artifacts(job_id)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._jobs, name)


def test_edit_whose_answer_was_lost_counts(world: World, job: Job) -> None:
    jobs = world.jobs
    world.jobs = cast(JobStore, LostAnswers(jobs, counts=True, is_back=True))
    assert edit(world, job, title="New")["title"] == "New"
    world.jobs = jobs
    assert world.job(job.id).version == job.version + 1
    assert world.stored_files(job.id) >= world.recorded_files(job.id)


@pytest.mark.parametrize("counts", [True, False])
def test_edit_of_which_nobody_knows_whether_it_counts_loses_no_files(
    world: World, job: Job, counts: bool
) -> None:
    jobs, before = world.jobs, document(world, job)
    world.jobs = cast(JobStore, LostAnswers(jobs, counts=counts, is_back=False))
    with pytest.raises(StoreUnavailable):
        edit(world, job, title="New")
    world.jobs = jobs
    assert document(world, job)["title"] == ("New" if counts else before["title"])
    assert world.stored_files(job.id) >= world.recorded_files(job.id)
    dismiss_job(world.jobs, world.storage, job.id, owner=OWNER)
    sweep_artifacts(world.jobs, world.storage)
    assert world.stored_files(job.id) == set()


def test_style_of_the_page_is_kept_by_later_edits(world: World, job: Job) -> None:
    edit(world, job, style="weinberg")
    edit(world, job, title="Later")
    assert world.job(job.id).edits.said["style"] == "weinberg"
    with pytest.raises(InvalidOption, match="style"):
        edit(world, job, style="crayons")


def test_tempo_asked_for_is_followed_and_the_one_heard_is_kept(world: World, job: Job) -> None:
    before = document(world, job)
    after = edit(world, job, bpm=50.0)
    assert (after["bpm"], after["detected_bpm"]) == (50.0, before["detected_bpm"])
    assert world.job(job.id).facts.detected_bpm == before["detected_bpm"]


@pytest.mark.parametrize("bpm", [92.0, 120.0, 51.0])
def test_tempo_said_at_creation_gives_what_an_edit_gives(
    world: World, job: Job, bpm: float
) -> None:
    edited = edit(world, job, bpm=bpm)
    created = world.submit(world.folder / "clip.wav", title="Original", said={"bpm": bpm})
    for step in Step:
        world.run(created.id, step)
    at_once = document(world, created)
    for name in ("bpm", "detected_bpm", "beats", "beat_numbers", "warnings", "warning_details"):
        assert at_once[name] == edited[name], name


def test_higher_sensitivity_hears_at_least_as_many_hits(world: World, job: Job) -> None:
    few = edit(world, job, sensitivity=0.1)["hits"]
    many = edit(world, job, sensitivity=0.9)["hits"]
    assert len(many) > len(few) > 0


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"hits": []}, InvalidHits),
        ({"hits": [{"time": 1e9, "instrument": "kick"}]}, InvalidHits),
        ({"hits": [{"time": 1, "instrument": "kick"}] * 581}, InvalidHits),
        ({"bpm": 1000.0}, InvalidOption),
        ({"time_signature": "seven"}, InvalidOption),
        ({"sensitivity": 2.0}, InvalidOption),
    ],
)
def test_edit_that_makes_no_sense_changes_nothing(
    world: World, job: Job, changes: dict[str, Any], error: type[Exception]
) -> None:
    before = world.recorded_files(job.id)
    with pytest.raises(error):
        edit(world, job, **changes)
    assert world.recorded_files(job.id) == before
    sweep_artifacts(world.jobs, world.storage)
    assert world.stored_files(job.id) == before


def test_edit_of_a_job_that_has_not_ended_is_refused(world: World) -> None:
    clip = world.folder / "clip.wav"
    waiting = world.submit(clip)
    with pytest.raises(JobNotReady):
        edit(world, waiting, shift_beats=1)
    cancel_job(world.jobs, world.storage, waiting.id, owner=OWNER)
    with pytest.raises(JobNotReady, match="cancelled"):
        edit(world, world.job(waiting.id), shift_beats=1)


def test_result_after_its_time_is_said_to_be_expired(world: World, job: Job) -> None:
    world.clock.advance(timedelta(hours=25).total_seconds())
    sweep_artifacts(world.jobs, world.storage)
    ended = find_job(world.jobs, job.id, owner="somebody", by_link=True)
    assert ended.status is JobStatus.COMPLETED
    assert view_job(world.jobs, ended).downloads == ()
    with pytest.raises(ResultExpired, match=str(datetime.now(UTC).year)):
        read_result(world.jobs, world.storage, ended)
    with pytest.raises(ResultExpired):
        edit(world, ended, shift_beats=1)


def test_job_is_hidden_from_others_unless_links_are_shared(world: World, job: Job) -> None:
    assert find_job(world.jobs, job.id, owner=OWNER, by_link=False).id == job.id
    assert find_job(world.jobs, job.id, owner="other", by_link=True).id == job.id
    with pytest.raises(JobNotFound):
        find_job(world.jobs, job.id, owner="other", by_link=False)
    with pytest.raises(JobNotFound):
        cancel_job(world.jobs, world.storage, job.id, owner="other")


def test_delete_of_an_ended_job_takes_it_and_its_files_away(world: World, job: Job) -> None:
    assert dismiss_job(world.jobs, world.storage, job.id, owner=OWNER).is_deleted
    with pytest.raises(JobNotFound):
        find_job(world.jobs, job.id, owner=OWNER, by_link=True)
    sweep_artifacts(world.jobs, world.storage)
    assert world.stored_files(job.id) == set()

"""The life of a job when things go wrong, on every store, with the real pipeline."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
import soundfile

from drumscribe.db.engine import create_database_engine
from drumscribe.db.jobs import SqlJobStore
from drumscribe.db.schema import upgrade_schema
from drumscribe.domain.artifacts import ArtifactKind, StoredObject
from drumscribe.domain.jobs import Claim, Job, JobRequest, JobStatus, Step
from drumscribe.domain.retention import Retention
from drumscribe.domain.wishes import Wishes
from drumscribe.errors import (
    IdempotencyConflict,
    NotAudio,
    PayloadTooLarge,
    QuotaExceeded,
    StorageFull,
    StoreUnavailable,
)
from drumscribe.pipeline.codec import transcript_to_dict
from drumscribe.pipeline.context import LocalContext
from drumscribe.pipeline.run import transcribe
from drumscribe.ports import JobStore
from drumscribe.services.cancel_job import cancel_job
from drumscribe.services.read_job import read_result
from drumscribe.services.reconcile import reconcile
from drumscribe.services.run_step import StepOutcome
from drumscribe.services.submit_job import SubmitOptions, submit_job
from drumscribe.services.sweep_artifacts import sweep_artifacts
from drumscribe.storage.local import LocalStorage
from drumscribe.testing import FakeDoorbell, FakeSourceFetcher
from job_worlds import OWNER, World, after_claim, clock_of_today, short_song

STEPS = list(Step)


@pytest.fixture(scope="session")
def clip(example_song: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return short_song(example_song, tmp_path_factory.mktemp("clip") / "clip.wav")


@pytest.fixture(params=["sqlite", "postgres"])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    clock = clock_of_today()
    storage = LocalStorage(tmp_path / "artifacts")
    engine = create_database_engine(request.getfixturevalue(f"{request.param}_url"))
    upgrade_schema(engine)
    yield World(SqlJobStore(engine, clock=clock, retention=Retention(24)), storage, clock, tmp_path)
    engine.dispose()


# --- both drivers ---------------------------------------------------------------------------------


def test_job_of_the_example_song_gives_what_the_library_gives(
    world: World, example_song: Path
) -> None:
    job = world.submit(example_song, title="Funk Rock")
    for step in Step:
        assert world.run(job.id, step).outcome is StepOutcome.FINISHED
    done = world.job(job.id)
    document = dict(read_result(world.jobs, world.storage, done).document)
    options = Wishes.of({"separation": "never", "title": "Funk Rock"})
    with LocalContext() as context:
        run = transcribe(example_song, options, world.models, context)
    expected = json.loads(json.dumps(transcript_to_dict(run.transcript)))
    assert document.pop("compute_time_ms") > 0
    expected.pop("compute_time_ms")
    assert document == expected
    assert done.status is JobStatus.COMPLETED
    assert done.progress == 100
    assert done.facts.hit_summary == expected["hit_summary"]
    assert done.facts.duration_seconds == pytest.approx(26.9, abs=0.1)
    assert world.kinds(job.id) >= {ArtifactKind.MUSICXML, ArtifactKind.TIMEMAP, ArtifactKind.SVG}
    # The decoded recording was for the steps only.
    assert sweep_artifacts(world.jobs, world.storage) == 1
    assert world.stored_files(job.id) == world.recorded_files(job.id)


# --- messages and leases --------------------------------------------------------------------------


def test_message_delivered_twice_is_done_once(world: World, clip: Path) -> None:
    job = world.submit(clip)
    assert world.run(job.id, Step.INGEST_AUDIO).outcome is StepOutcome.FINISHED
    files = world.stored_files(job.id)
    assert world.run(job.id, Step.INGEST_AUDIO).outcome is StepOutcome.NOT_CLAIMED
    assert world.stored_files(job.id) == files == world.recorded_files(job.id)


def test_message_sent_to_eight_workers_is_done_once(world: World, clip: Path) -> None:
    job = world.submit(clip)
    barrier = threading.Barrier(8)

    def worker(_: int) -> StepOutcome:
        barrier.wait()
        return world.run(job.id, Step.INGEST_AUDIO).outcome

    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(worker, range(8)))
    assert sorted(outcomes) == [StepOutcome.FINISHED] + 7 * [StepOutcome.NOT_CLAIMED]
    assert world.stored_files(job.id) == world.recorded_files(job.id)


def test_worker_that_lost_its_lease_leaves_nothing_behind(world: World, clip: Path) -> None:
    job = world.submit(clip)

    def be_overtaken(_: Claim) -> None:
        world.clock.advance(31)
        assert world.run(job.id, Step.INGEST_AUDIO).outcome is StepOutcome.FINISHED

    late = world.run(job.id, Step.INGEST_AUDIO, around=after_claim(be_overtaken))
    assert late.outcome is StepOutcome.LOST
    assert world.job(job.id).step is Step.SEPARATE_DRUMS
    assert world.stored_files(job.id) == world.recorded_files(job.id)


def test_worker_that_dies_again_and_again_fails_its_job(world: World, clip: Path) -> None:
    job = world.submit(clip)

    class Died(BaseException):
        pass

    def die(_: Claim) -> None:
        raise Died

    for _ in range(world.max_attempts):
        with pytest.raises(Died):
            world.run(job.id, Step.INGEST_AUDIO, around=after_claim(die))
        world.clock.advance(31)
    assert world.run(job.id, Step.INGEST_AUDIO).outcome is StepOutcome.NOT_CLAIMED
    ended = world.job(job.id)
    assert (ended.status, ended.error_code) == (JobStatus.FAILED, "worker_lost")


def test_stopping_worker_gives_its_step_back_uncounted(world: World, clip: Path) -> None:
    job = world.submit(clip)
    report = world.run(job.id, Step.INGEST_AUDIO, should_stop=lambda: True)
    assert report.outcome is StepOutcome.RELEASED
    waiting = world.job(job.id)
    assert (waiting.status, waiting.attempt) == (JobStatus.QUEUED, 0)
    assert world.run(job.id, Step.INGEST_AUDIO).outcome is StepOutcome.FINISHED


# --- cancelling -----------------------------------------------------------------------------------


@pytest.mark.parametrize("step", STEPS)
def test_cancel_while_a_step_is_queued_ends_the_job(world: World, clip: Path, step: Step) -> None:
    job = world.submit(clip)
    world.run_until(job.id, step)
    assert cancel_job(world.jobs, world.storage, job.id, owner=OWNER).status is JobStatus.CANCELLED
    assert world.run(job.id, step).outcome is StepOutcome.NOT_CLAIMED
    _assert_all_is_swept(world, job)


@pytest.mark.parametrize("step", STEPS)
def test_cancel_while_a_step_runs_stops_it(world: World, clip: Path, step: Step) -> None:
    job = world.submit(clip)
    world.run_until(job.id, step)
    report = world.run(
        job.id,
        step,
        around=after_claim(lambda _: cancel_job(world.jobs, world.storage, job.id, owner=OWNER)),
    )
    assert report.outcome is StepOutcome.CANCELLED
    assert world.job(job.id).status is JobStatus.CANCELLED
    assert world.stored_files(job.id) == world.recorded_files(job.id)
    _assert_all_is_swept(world, job)


def _assert_all_is_swept(world: World, job: Job) -> None:
    world.clock.advance(60)
    sweep_artifacts(world.jobs, world.storage)
    assert world.stored_files(job.id) == set()


# --- sweeping -------------------------------------------------------------------------------------


def test_sweep_while_a_job_runs_takes_nothing(world: World, clip: Path) -> None:
    job = world.submit(clip)

    def sweep_much_later(_: Claim) -> None:
        world.clock.advance(25)
        assert sweep_artifacts(world.jobs, world.storage) == 0

    for step in STEPS[:2]:
        report = world.run(job.id, step, around=after_claim(sweep_much_later))
        assert report.outcome is StepOutcome.FINISHED
    assert world.stored_files(job.id) == world.recorded_files(job.id) != set()


def test_sweep_after_the_time_of_a_failed_job_takes_all_its_files(world: World, clip: Path) -> None:
    job = world.submit(clip)
    world.run(job.id, Step.INGEST_AUDIO)
    world.jobs.fail_by_operator(
        job.id, message="no", expires_at=datetime.now(UTC) + timedelta(hours=1)
    )
    assert sweep_artifacts(world.jobs, world.storage) == 0
    world.clock.advance(3700)
    assert sweep_artifacts(world.jobs, world.storage) == 3
    assert world.stored_files(job.id) == set()


def test_sweep_takes_what_killed_workers_left_without_a_row(world: World, clip: Path) -> None:
    job, other = world.submit(clip), world.submit(clip)
    left = f"jobs/{job.id}/ingest_audio/a-lost-token/audio.wav"
    world.storage.put_file(left, clip, media_type="audio/wav")
    cancel_job(world.jobs, world.storage, job.id, owner=OWNER)
    world.clock.advance(60)
    sweep_artifacts(world.jobs, world.storage)
    assert world.stored_files(job.id) == set()
    assert world.stored_files(other.id) == world.recorded_files(other.id) != set()


# --- trouble --------------------------------------------------------------------------------------


class FullStorage(LocalStorage):
    """A disk without room for what steps make."""

    def put_file(self, key: str, path: Path, *, media_type: str) -> StoredObject:
        raise StorageFull("There is no room left to store files.")


def test_disk_that_is_full_is_tried_again_until_there_is_room(world: World, clip: Path) -> None:
    job = world.submit(clip)
    full = FullStorage(world.folder / "artifacts")
    report = world.run(job.id, Step.INGEST_AUDIO, storage=full)
    assert (report.outcome, report.error_code) == (StepOutcome.RETRIED, "storage_full")
    assert world.jobs.due(limit=10) == []
    world.clock.advance(10)
    assert world.jobs.due(limit=10) == [(job.id, Step.INGEST_AUDIO)]
    assert world.run(job.id, Step.INGEST_AUDIO).outcome is StepOutcome.FINISHED


def test_disk_that_stays_full_fails_the_job_with_the_reason(world: World, clip: Path) -> None:
    job = world.submit(clip)
    full = FullStorage(world.folder / "artifacts")
    for _ in range(world.max_attempts):
        report = world.run(job.id, Step.INGEST_AUDIO, storage=full)
        world.clock.advance(60)
    assert report.outcome is StepOutcome.FAILED
    assert world.job(job.id).error_code == "storage_full"


def test_error_that_nobody_expected_is_told_without_its_details(
    world: World, clip: Path, caplog: pytest.LogCaptureFixture
) -> None:
    job = world.submit(clip)
    world.run_until(job.id, Step.PREDICT_HITS)
    for _ in range(world.max_attempts):
        world.run(job.id, Step.PREDICT_HITS, models=None)
        world.clock.advance(60)
    ended = world.job(job.id)
    assert (ended.status, ended.error_code) == (JobStatus.FAILED, "internal_error")
    assert ended.error_message is not None
    assert "NoneType" not in ended.error_message
    assert "NoneType" in caplog.text


@pytest.mark.parametrize(
    ("seconds", "amplitude", "code"),
    [(2.0, 0.5, "audio_too_short"), (6.0, 0.0, "silent_audio")],
)
def test_recording_that_cannot_be_used_fails_at_once(
    world: World, tmp_path: Path, seconds: float, amplitude: float, code: str
) -> None:
    path = tmp_path / "my song.wav"
    time = np.arange(int(seconds * 44100)) / 44100
    soundfile.write(path, amplitude * np.sin(2 * np.pi * 220 * time), 44100)
    job = world.submit(path)
    assert world.run(job.id, Step.INGEST_AUDIO).outcome is StepOutcome.FAILED
    ended = world.job(job.id)
    assert ended.error_code == code
    assert ended.error_message is not None
    assert "my song.wav" in ended.error_message


def test_recording_without_drums_fails_with_its_code(world: World, tmp_path: Path) -> None:
    path = tmp_path / "tone.wav"
    fade = np.minimum(1.0, np.minimum(np.arange(264600), np.arange(264600)[::-1]) / 44100)
    soundfile.write(path, 0.3 * fade * np.sin(np.arange(264600) * 2 * np.pi * 220 / 44100), 44100)
    job = world.submit(path)
    world.run_until(job.id, Step.PREDICT_HITS)
    report = world.run(job.id, Step.PREDICT_HITS)
    assert (report.outcome, report.error_code) == (StepOutcome.FAILED, "no_drums_found")


# --- links ----------------------------------------------------------------------------------------


def test_link_is_fetched_and_takes_its_title_from_there(world: World, clip: Path) -> None:
    url = "https://www.youtube.com/watch?v=aaaaaaaaaaa"
    world.fetcher = FakeSourceFetcher({url: clip}, title="A song: live / 1999")
    job = world.submit(None, youtube_url=url, title="")
    assert world.run(job.id, Step.INGEST_AUDIO).outcome is StepOutcome.FINISHED
    assert world.job(job.id).facts.title == "A song: live / 1999"
    assert world.kinds(job.id) == {
        ArtifactKind.SOURCE, ArtifactKind.AUDIO, ArtifactKind.RECORDING
    }  # fmt: skip


def test_link_where_links_are_off_fails(world: World) -> None:
    job = world.submit(None, youtube_url="https://youtu.be/aaaaaaaaaaa")
    report = world.run(job.id, Step.INGEST_AUDIO)
    assert (report.outcome, report.error_code) == (StepOutcome.FAILED, "links_disabled")


# --- submitting -----------------------------------------------------------------------------------


class BrokenCommits:
    """A store whose submit fails like a database that goes away at the commit."""

    def __init__(self, jobs: JobStore, *, after_all: bool) -> None:
        self._jobs = jobs
        self._after_all = after_all

    def submit(
        self, job_id: object, owner: str, request: JobRequest, source: object, *, max_active: int
    ) -> tuple[Job, bool]:
        if self._after_all:
            self._jobs.submit(job_id, owner, request, source, max_active=max_active)  # type: ignore[arg-type]
        raise StoreUnavailable("The database does not answer.")

    def __getattr__(self, name: str) -> object:
        return getattr(self._jobs, name)


def test_commit_failure_on_submit_leaves_no_file(world: World, clip: Path) -> None:
    jobs = world.jobs
    world.jobs = BrokenCommits(jobs, after_all=False)  # type: ignore[assignment]
    with pytest.raises(StoreUnavailable):
        world.submit(clip)
    assert not list((world.folder / "artifacts" / "jobs").rglob("source"))
    assert world.doorbell.rings == []
    assert jobs.due(limit=10) == []


def test_commit_whose_answer_was_lost_still_counts(world: World, clip: Path) -> None:
    jobs = world.jobs
    world.jobs = BrokenCommits(jobs, after_all=True)  # type: ignore[assignment]
    job = world.submit(clip)
    assert world.doorbell.rings == [(Step.INGEST_AUDIO, job.id)]
    world.jobs = jobs
    assert world.run(job.id, Step.INGEST_AUDIO).outcome is StepOutcome.FINISHED


def test_twenty_submits_at_once_at_quota_three_give_three(world: World, clip: Path) -> None:
    barrier = threading.Barrier(20)

    def submit(_: int) -> bool:
        barrier.wait()
        try:
            world.submit(clip, max_active=3)
        except QuotaExceeded:
            return False
        return True

    with ThreadPoolExecutor(20) as pool:
        accepted = list(pool.map(submit, range(20)))
    assert sum(accepted) == 3
    assert len(list((world.folder / "artifacts" / "jobs").rglob("source"))) == 3


def test_same_idempotency_key_gives_the_same_job(world: World, clip: Path) -> None:
    first = world.submit(clip, idempotency_key="k1")
    again = world.submit(clip, idempotency_key="k1")
    assert again.id == first.id
    assert len(list((world.folder / "artifacts" / "jobs").rglob("source"))) == 1
    with pytest.raises(IdempotencyConflict):
        world.submit(clip, idempotency_key="k1", said={"bpm": 90.0})
    assert len(list((world.folder / "artifacts" / "jobs").rglob("source"))) == 1


def test_submit_refuses_what_is_not_audio_and_what_is_too_large(
    world: World, clip: Path, tmp_path: Path
) -> None:
    fake = tmp_path / "song.mp3"
    fake.write_bytes(b"%PDF-1.7 not a song at all")
    with pytest.raises(NotAudio):
        world.submit(fake)
    with clip.open("rb") as upload, pytest.raises(PayloadTooLarge):
        submit_job(
            world.jobs,
            world.storage,
            world.doorbell,
            owner=OWNER,
            request=JobRequest(input_type="upload", title="x"),  # type: ignore[arg-type]
            upload=upload,
            options=SubmitOptions(max_active=1, max_upload_bytes=10_000),
        )
    assert not list((world.folder / "artifacts").rglob("source"))


def test_submit_while_the_queue_is_away_is_made_good_by_the_reconciler(
    world: World, clip: Path
) -> None:
    world.doorbell.is_broken = True
    job = world.submit(clip)
    bell = FakeDoorbell()
    assert reconcile(world.jobs, bell) == 1
    assert bell.rings == [(Step.INGEST_AUDIO, job.id)]


def test_reconcile_does_not_pile_up_messages_of_a_long_queue(world: World, clip: Path) -> None:
    for _ in range(3):
        world.submit(clip)
    assert reconcile(world.jobs, FakeDoorbell(unheard=3)) == 0
    assert reconcile(world.jobs, FakeDoorbell(unheard=2)) == 3


def test_new_artifact_of_a_requeued_job_replaces_the_old_file(world: World, clip: Path) -> None:
    job = world.submit(clip)
    world.run(job.id, Step.INGEST_AUDIO)
    world.jobs.fail_by_operator(
        job.id, message="no", expires_at=datetime.now(UTC) + timedelta(hours=1)
    )
    assert world.jobs.requeue(job.id, Step.INGEST_AUDIO) is not None
    assert world.run(job.id, Step.INGEST_AUDIO).outcome is StepOutcome.FINISHED
    sweep_artifacts(world.jobs, world.storage)
    assert world.stored_files(job.id) == world.recorded_files(job.id)

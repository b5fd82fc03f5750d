"""The steps of a job when things go wrong, on every store, with the real pipeline."""

from __future__ import annotations

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
import soundfile

from drumscribe.domain.artifacts import ArtifactKind, StoredObject
from drumscribe.domain.jobs import Claim, JobStatus, Step
from drumscribe.domain.wishes import Wishes
from drumscribe.errors import (
    StorageFull,
)
from drumscribe.library import Transcription
from drumscribe.pipeline.context import LocalContext
from drumscribe.pipeline.files.codec import transcript_to_dict
from drumscribe.pipeline.run import transcribe
from drumscribe.services.songs.read_job import read_result
from drumscribe.services.steps.run_step import StepOutcome
from drumscribe.services.sweep_artifacts import sweep_artifacts
from drumscribe.storage.local import LocalStorage
from drumscribe.testing import FakeSourceFetcher
from job_worlds import World, after_claim


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
    score = Transcription(run.transcript).score
    expected = json.loads(json.dumps(transcript_to_dict(run.transcript, score)))
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


def test_link_is_fetched_and_takes_its_title_from_there(world: World, clip: Path) -> None:
    url = "https://www.youtube.com/watch?v=aaaaaaaaaaa"
    world.fetcher = FakeSourceFetcher({url: clip}, title="A song: live / 1999")
    job = world.submit(None, link=url, title="")
    assert world.run(job.id, Step.INGEST_AUDIO).outcome is StepOutcome.FINISHED
    assert world.job(job.id).facts.title == "A song: live / 1999"
    assert world.kinds(job.id) == {
        ArtifactKind.SOURCE, ArtifactKind.AUDIO, ArtifactKind.RECORDING
    }  # fmt: skip


def test_link_where_links_are_off_fails(world: World) -> None:
    job = world.submit(None, link="https://youtu.be/aaaaaaaaaaa")
    report = world.run(job.id, Step.INGEST_AUDIO)
    assert (report.outcome, report.error_code) == (StepOutcome.FAILED, "links_disabled")


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

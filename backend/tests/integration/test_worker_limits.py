"""Workers that took much memory or hang in a step make room for others; models are loaded first."""

from __future__ import annotations

import logging
import subprocess
import sys
from pathlib import Path

import pytest

from drumscribe.bootstrap import Service
from drumscribe.domain.jobs import JobStatus
from drumscribe.models.registry import ModelStore
from drumscribe.pipeline.models import ModelSet
from service_processes import Command, current, settings_for, submit

_HANGS = """
import time
from drumscribe.cli.service.worker import _killed_after
from drumscribe.domain.jobs import Step
with _killed_after(0.2, Step.INGEST_AUDIO):
    pass
print("first", flush=True)
with _killed_after(0.2, Step.INGEST_AUDIO):
    time.sleep(60)
print("second", flush=True)
"""


def test_worker_that_hangs_in_a_step_is_ended_and_one_in_time_is_not() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _HANGS], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (1, "first\n")
    assert "ingest_audio takes longer than 0.2 s" in done.stderr


def test_worker_that_took_more_memory_than_it_may_ends_after_its_step(tmp_path: Path) -> None:
    environment = {"DATA_DIR": str(tmp_path / "data"), "WORKER_MAX_MEMORY_MB": "1"}
    service = Service(settings_for(environment))
    service.upgrade_database()
    broken = tmp_path / "broken.wav"
    broken.write_bytes(b"RIFF\x24\x00\x00\x00WAVEfmt " + bytes(200))
    jobs = [submit(service, broken) for _ in range(2)]
    worker = Command("worker", "--queue", "default", environment=environment, log=tmp_path / "log")
    try:
        assert worker.process.wait(120) == 0
    finally:
        worker.kill()
    assert "another one takes its place" in worker.output()
    states = [current(service, job.id).status for job in jobs]
    assert states == [JobStatus.FAILED, JobStatus.QUEUED]
    service.close()


def test_models_are_loaded_and_what_is_missing_is_told(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    models = ModelSet(ModelStore(tmp_path, offline=True), threads=1)
    with caplog.at_level(logging.INFO, logger="drumscribe.pipeline.models"):
        models.prepare()
    told = " ".join(record.getMessage() for record in caplog.records)
    assert "The beat networks are not here" in told
    assert "The separation model is not here" in told

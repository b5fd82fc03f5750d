"""Processes of the service as tests start, watch and kill them."""

from __future__ import annotations

import math
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from uuid import UUID

import numpy as np
import soundfile

from drumscribe.bootstrap import Service
from drumscribe.core.config import Settings, load_settings
from drumscribe.domain.jobs import InputType, Job, JobRequest, JobStatus, Step
from drumscribe.domain.wishes import Wishes
from drumscribe.services.submit_job import SubmitOptions, submit_job

PATIENCE_SECONDS = 240.0
_TRIES = 10


def settings_for(environment: Mapping[str, str]) -> Settings:
    """The settings that a process with this environment has."""
    return load_settings(**{name.lower(): value for name, value in environment.items()})


def wait_for(
    is_so: Callable[[], bool],
    what: str,
    *,
    seconds: float = PATIENCE_SECONDS,
) -> None:
    """Poll until something is so."""
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end, f"waited {seconds:g} s for {what}"
        time.sleep(0.05)


class Command:
    """`drumscribe ...` in a session of its own; its output goes to a file."""

    def __init__(self, *arguments: str, environment: Mapping[str, str], log: Path) -> None:
        self.log = log
        with log.open("ab") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "drumscribe", *arguments],
                env={**os.environ, **environment},
                cwd=log.parent,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def output(self) -> str:
        return self.log.read_text(errors="replace")

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Ask it to stop; returns its exit code."""
        self.process.send_signal(number)
        return self.process.wait(PATIENCE_SECONDS)

    def kill(self) -> None:
        """SIGKILL for it and all of its session."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(PATIENCE_SECONDS)

    def children(self) -> list[int]:
        """Process ids of its children (Linux)."""
        listings = Path(f"/proc/{self.process.pid}/task").glob("*/children")
        return [int(number) for listing in listings for number in listing.read_text().split()]


def is_running(process_id: int) -> bool:
    """Neither gone nor a zombie."""
    try:
        status = Path(f"/proc/{process_id}/stat").read_text()
    except OSError:
        return False
    return status.rpartition(")")[2].split()[0] != "Z"


def processes_below(process_id: int) -> dict[int, str]:
    """Process id -> command line of all descendants of a process (Linux)."""
    found: dict[int, str] = {}
    listings = Path(f"/proc/{process_id}/task").glob("*/children")
    try:
        children = [int(number) for listing in listings for number in listing.read_text().split()]
    except OSError:  # gone meanwhile
        return found
    for child in children:
        with suppress(OSError):
            found[child] = Path(f"/proc/{child}/cmdline").read_text().replace("\0", " ").strip()
            found |= processes_below(child)
    return found


def submit(service: Service, song: Path, *, title: str = "Song") -> Job:
    """Queue a recording as its own owner, so that no quota is met."""
    with song.open("rb") as upload:
        job, _ = submit_job(
            service.jobs,
            service.storage,
            service.doorbell,
            owner=f"session:{title}-{time.monotonic_ns()}",
            request=JobRequest(
                input_type=InputType.UPLOAD,
                title=title,
                original_filename=song.name,
                wishes=Wishes.of({"separation": "never"}),
            ),
            upload=upload,
            options=SubmitOptions(max_active=100, max_upload_bytes=50_000_000),
        )
    return job


def current(service: Service, job_id: UUID) -> Job:
    job = service.jobs.get(job_id)
    assert job is not None
    return job


def submit_and_catch(service: Service, song: Path, step: Step) -> Job:
    """A job that somebody works on right now, in this very step."""
    return catch(service, step, lambda: submit(service, song).id)


def catch(service: Service, step: Step, send: Callable[[], UUID]) -> Job:
    """A job that somebody works on right now, in this very step. send: makes one.

    On a busy machine this process may sleep through a step; then another job is tried.
    """
    end = time.monotonic() + PATIENCE_SECONDS
    for _ in range(_TRIES):
        job_id = send()
        while not (now := current(service, job_id)).status.is_terminal:
            if now.status is JobStatus.RUNNING and now.step is step:
                return now
            assert time.monotonic() < end, f"waited for {step.value}"
            time.sleep(0.01)
    raise AssertionError(f"{_TRIES} jobs went through {step.value} unseen")


def lengthened(song: Path, target: Path, *, seconds: float) -> Path:
    """The song again and again until it lasts so long: steps that can be caught in the middle."""
    samples, rate = soundfile.read(song, dtype="float32", always_2d=True)
    repeats = math.ceil(seconds * rate / len(samples))
    soundfile.write(target, np.tile(samples, (repeats, 1))[: int(seconds * rate)], rate)
    return target


def wait_for_end(service: Service, job_id: UUID) -> Job:
    """The job when it has ended."""
    wait_for(lambda: current(service, job_id).status.is_terminal, "the end of the job")
    return current(service, job_id)


def assert_whole(service: Service, job: Job) -> None:
    """Completed, once, with all files there and as long as their rows say."""
    assert job.status is JobStatus.COMPLETED, job
    artifacts = service.jobs.artifacts(job.id)
    kinds = [artifact.kind for artifact in artifacts]
    assert len(kinds) == len(set(kinds))
    assert {"musicxml", "svg", "timemap"} <= {kind.value for kind in kinds}
    for artifact in artifacts:
        size = sum(len(chunk) for chunk in service.storage.open(artifact.stored.key))
        assert size == artifact.stored.size_bytes
    events = service.jobs.events(job.id, after=0, limit=1000)
    endings = [e for e in events if e.kind == "status" and e.data["status"] == "completed"]
    assert len(endings) == 1

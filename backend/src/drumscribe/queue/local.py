"""The queue of the embedded mode: no broker; child processes look into the database.

A worker polls for due steps. The supervisor keeps the workers alive. Both may be killed at any
moment: the database knows what was under way, and leases bring it back.
"""

from __future__ import annotations

import logging
import subprocess
import threading
import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from drumscribe.domain.jobs import Step
from drumscribe.errors import QueueUnavailable, Unavailable
from drumscribe.ports import JobStore

logger = logging.getLogger(__name__)

_BATCH = 20
_ALIVE_SECONDS = 30.0
_FIRST_PAUSE_SECONDS = 0.5
_LONGEST_PAUSE_SECONDS = 30.0
_STEADY_SECONDS = 60.0
_WATCH_SECONDS = 0.2


class LocalDoorbell:
    """Doorbell of a queue that nobody has to ring: workers look every half second.

    sign_of_life: a file that the supervisor touches while it runs its workers.
    """

    def __init__(self, sign_of_life: Path) -> None:
        self._sign_of_life = sign_of_life

    def ring(self, step: Step, job_id: UUID) -> None:
        """Nobody has to be woken."""

    def ping(self) -> None:
        try:
            age_seconds = time.time() - self._sign_of_life.stat().st_mtime
        except OSError:
            age_seconds = float("inf")
        if age_seconds > _ALIVE_SECONDS:
            raise QueueUnavailable("No local worker is running.")

    def waiting(self, queue: str) -> int | None:
        return None


def work(
    jobs: JobStore,
    steps: Collection[Step],
    do_step: Callable[[UUID, Step], bool],
    *,
    stop: threading.Event,
    poll_seconds: float,
) -> None:
    """Do due steps, oldest first, until stop is set.

    do_step: returns whether it got the step (another worker may have been faster).
    """
    while not stop.is_set():
        try:
            found = _do_one(jobs, steps, do_step, stop)
        except Unavailable as error:
            logger.warning("Nothing can be done for now: %s", error.message)
            found = False
        if not found:
            stop.wait(poll_seconds)


def _do_one(
    jobs: JobStore,
    steps: Collection[Step],
    do_step: Callable[[UUID, Step], bool],
    stop: threading.Event,
) -> bool:
    for job_id, step in jobs.due(limit=_BATCH, steps=steps):
        if stop.is_set():
            return False
        if do_step(job_id, step):
            return True
    return False


@dataclass(slots=True)
class _Child:
    name: str
    command: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    pause_seconds: float = _FIRST_PAUSE_SECONDS
    start_at: float = field(default=0.0)


class Supervisor:
    """Keeps child processes running: a child that ends is started again, after a growing pause.

    commands: (name, command line) of each child. A child gets a pipe as its stdin, which ends when
        this process does, however it dies: the child shall stop then.
    sign_of_life: touched every few seconds.
    """

    def __init__(self, commands: Sequence[tuple[str, Sequence[str]]], sign_of_life: Path) -> None:
        self._children = [_Child(name, command) for name, command in commands]
        self._sign_of_life = sign_of_life
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="supervisor", daemon=True)

    @property
    def process_ids(self) -> dict[str, int]:
        """name -> process id of the children that run."""
        return {c.name: c.process.pid for c in self._children if c.process is not None}

    def start(self) -> None:
        """Start the children and watch over them in a thread."""
        self._sign_of_life.parent.mkdir(parents=True, exist_ok=True)
        self._sign_of_life.touch()
        self._thread.start()

    def stop(self, *, grace_seconds: float) -> None:
        """Ask the children to end (they give their steps back); kill those that do not in time."""
        self._stop.set()
        self._thread.join()
        processes = [c.process for c in self._children if c.process is not None]
        for process in processes:
            process.terminate()
        deadline = time.monotonic() + grace_seconds
        for process in processes:
            try:
                process.wait(max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                logger.warning("A worker (process %d) did not stop in time.", process.pid)
                process.kill()
                process.wait()
            if process.stdin is not None:
                process.stdin.close()
        self._sign_of_life.unlink(missing_ok=True)

    def _watch(self) -> None:
        touched = 0.0
        while not self._stop.wait(_WATCH_SECONDS):
            try:
                for child in self._children:
                    self._keep_running(child)
                if time.monotonic() - touched > _ALIVE_SECONDS / 6:
                    self._sign_of_life.touch()
                    touched = time.monotonic()
            except OSError as error:  # no memory for a process, no room on the disk
                logger.warning("The workers cannot be looked after for now: %s", error)

    def _keep_running(self, child: _Child) -> None:
        now = time.monotonic()
        if child.process is not None:
            code = child.process.poll()
            if code is None:
                return
            if child.process.stdin is not None:
                child.process.stdin.close()
            child.process = None
            if now - child.started_at > _STEADY_SECONDS:
                child.pause_seconds = _FIRST_PAUSE_SECONDS
            child.start_at = now + child.pause_seconds
            logger.warning(
                "The worker %s ended with code %d; it starts again in %.1f s.",
                child.name,
                code,
                child.pause_seconds,
            )
            child.pause_seconds = min(2 * child.pause_seconds, _LONGEST_PAUSE_SECONDS)
        if now >= child.start_at:
            # A session of its own: Ctrl-C in the terminal is for the supervisor, who tells them.
            child.process = subprocess.Popen(
                child.command, stdin=subprocess.PIPE, start_new_session=True
            )
            child.started_at = now

"""The parts of the local queue, each alone."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from drumscribe.domain.jobs import Step
from drumscribe.errors import QueueUnavailable, StoreUnavailable
from drumscribe.queue.housekeeping import Chore, Housekeeping
from drumscribe.queue.local import LocalDoorbell, Supervisor, work


def until(is_so: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.01)


class DueSteps:
    """A job store as far as a worker looks at it."""

    def __init__(self, *due: tuple[UUID, Step], failures: int = 0) -> None:
        self.waiting = list(due)
        self.failures = failures

    def due(self, *, limit: int, steps: list[Step]) -> list[tuple[UUID, Step]]:
        if self.failures:
            self.failures -= 1
            raise StoreUnavailable("The database does not answer.")
        return [entry for entry in self.waiting if entry[1] in steps][:limit]


def test_work_does_due_steps_of_its_queue_until_it_is_stopped() -> None:
    first, second, heavy = uuid4(), uuid4(), uuid4()
    jobs = DueSteps(
        (first, Step.INGEST_AUDIO), (heavy, Step.PREDICT_HITS), (second, Step.INGEST_AUDIO),
        failures=2,
    )  # fmt: skip
    stop = threading.Event()
    done: list[UUID] = []

    def do_step(job_id: UUID, step: Step) -> bool:
        done.append(job_id)
        jobs.waiting.remove((job_id, step))
        if len(done) == 2:
            stop.set()
        return True

    work(jobs, [Step.INGEST_AUDIO], do_step, stop=stop, poll_seconds=0.01)  # type: ignore[arg-type]
    assert done == [first, second]


def test_supervisor_starts_a_child_again_that_ended(tmp_path: Path) -> None:
    log = tmp_path / "starts"
    code = f"open({str(log)!r}, 'a').write('x')"
    supervisor = Supervisor([("child", [sys.executable, "-c", code])], tmp_path / "alive")
    supervisor.start()
    until(lambda: log.exists() and len(log.read_text()) >= 2)
    supervisor.stop(grace_seconds=10)
    assert not (tmp_path / "alive").exists()


def test_supervisor_kills_a_child_that_does_not_stop(tmp_path: Path) -> None:
    ready = tmp_path / "ready"
    code = (
        "import signal, time, pathlib; signal.signal(signal.SIGTERM, signal.SIG_IGN); "
        f"pathlib.Path({str(ready)!r}).touch(); time.sleep(600)"
    )
    supervisor = Supervisor([("child", [sys.executable, "-c", code])], tmp_path / "alive")
    supervisor.start()
    until(ready.exists)
    supervisor.stop(grace_seconds=0.1)
    assert supervisor.process_ids != {}


def test_child_of_a_supervisor_has_a_stdin_that_ends_with_it(tmp_path: Path) -> None:
    ended = tmp_path / "ended"
    code = f"import sys, pathlib; sys.stdin.read(); pathlib.Path({str(ended)!r}).touch()"
    supervisor = Supervisor([("child", [sys.executable, "-c", code])], tmp_path / "alive")
    supervisor.start()
    until(lambda: bool(supervisor.process_ids))
    assert not ended.exists()
    supervisor.stop(grace_seconds=10)


def test_local_doorbell_without_a_supervisor_says_so(tmp_path: Path) -> None:
    bell = LocalDoorbell(tmp_path / "alive")
    with pytest.raises(QueueUnavailable):
        bell.ping()
    (tmp_path / "alive").touch()
    bell.ping()
    bell.ring(Step.INGEST_AUDIO, uuid4())


def test_housekeeping_goes_on_after_a_chore_that_broke(caplog: pytest.LogCaptureFixture) -> None:
    done: list[str] = []

    def break_down() -> None:
        done.append("broken")
        raise RuntimeError("of the test")

    keeping = Housekeeping(
        [Chore("Breaking", break_down, 0.01), Chore("Sweeping", lambda: done.append("swept"), 0.01)]
    )
    keeping.start()
    until(lambda: done.count("broken") >= 2 and done.count("swept") >= 2)
    keeping.stop()
    assert "Breaking broke." in caplog.text

"""drumscribe worker: do due steps."""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from types import FrameType
from typing import TYPE_CHECKING
from uuid import UUID

import click

from drumscribe.cli.common import need_server_extra
from drumscribe.domain.jobs import Step

if TYPE_CHECKING:
    from drumscribe.bootstrap import Service
    from drumscribe.core.config import Settings

logger = logging.getLogger(__name__)

QUEUES = ("default", "heavy-compute")
# After the limit that a step meets at its checkpoints.
_HARD_MARGIN_SECONDS = 120.0


@click.command()
@click.option(
    "--queue",
    "queues",
    type=click.Choice(QUEUES),
    multiple=True,
    help="Which steps to do: default (decode, engrave) or heavy-compute (the networks). "
    "May be given twice; both, unless said.",
)
@click.option(
    "--concurrency",
    type=click.IntRange(1, 64),
    default=1,
    show_default=True,
    help="Celery: processes of this worker. Each process of heavy-compute needs the memory of a "
    "run: add machines instead.",
)
@click.option(
    "--beat",
    is_flag=True,
    help="Celery: run the clock of the periodic work instead (one per installation).",
)
@click.option("--supervised", is_flag=True, hidden=True)
def worker(queues: tuple[str, ...], concurrency: int, beat: bool, supervised: bool) -> None:
    """Do the steps of jobs; `drumscribe serve` starts workers of its own in the local mode.

    Stops on SIGTERM or Ctrl-C: steps that are under way go back to the queue.
    """
    need_server_extra()
    from drumscribe.core.config import load_settings
    from drumscribe.core.logging import set_up_logging

    settings = load_settings()
    chosen = queues or QUEUES
    if "heavy-compute" in chosen and not beat:
        _check_provider(settings)
    if settings.queue_backend == "celery":
        _become_celery(chosen, concurrency, settings, beat=beat)
    if beat:
        raise click.UsageError("--beat is for QUEUE_BACKEND=celery.")
    set_up_logging(settings.log_level, as_json=settings.logs_json, secrets=settings.secrets)
    _work_locally(chosen, settings, supervised=supervised)


def _check_provider(settings: Settings) -> None:
    """Before any job is taken, and in this process: Celery replaces it before it forks."""
    from drumscribe.bootstrap import Service

    Service(settings).models.check_provider()


def _become_celery(
    queues: tuple[str, ...], concurrency: int, settings: Settings, *, beat: bool
) -> None:
    command = [sys.executable, "-m", "celery", "-A", "drumscribe.worker.app"]
    if beat:
        command += ["beat"]
    else:
        # Gossip, mingle and events are chatter between workers that nobody listens to.
        command += ["worker", "-Q", ",".join(queues), "-c", str(concurrency), "-P", "prefork"]
        command += ["-n", f"{'-'.join(queues)}-{os.getpid()}@%h"]
        command += ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    command += ["-l", settings.log_level]
    from drumscribe.queue.celery import QUEUES_VARIABLE

    os.environ[QUEUES_VARIABLE] = ",".join(queues)
    # The same process, so that signals reach Celery and not us.
    os.execv(sys.executable, command)  # noqa: S606


def _work_locally(queues: tuple[str, ...], settings: Settings, *, supervised: bool) -> None:
    from drumscribe.bootstrap import Service
    from drumscribe.core.telemetry import serve_metrics
    from drumscribe.queue.local import work
    from drumscribe.services.steps.scratch import temporary_files_in

    stop = threading.Event()

    def _asked_to_stop(number: int, frame: FrameType | None) -> None:
        if stop.is_set():
            os._exit(1)  # asked twice: somebody is in a hurry
        stop.set()

    signal.signal(signal.SIGTERM, _asked_to_stop)
    signal.signal(signal.SIGINT, _asked_to_stop)
    if supervised:
        threading.Thread(target=_stop_with_parent, args=(stop,), daemon=True).start()
    if settings.prometheus_port and not supervised:
        serve_metrics(settings.prometheus_port)
    service = Service(settings)
    with temporary_files_in(settings.effective_scratch_dir), closing(service):
        if "heavy-compute" in queues:
            service.models.prepare()
        work(
            service.jobs,
            [step for step in Step if step.queue in queues],
            lambda job_id, step: _do_step(service, job_id, step, stop),
            stop=stop,
            poll_seconds=settings.poll_interval_seconds,
        )


def _do_step(service: Service, job_id: UUID, step: Step, stop: threading.Event) -> bool:
    from drumscribe.services.steps.run_step import StepOutcome

    with _killed_after(service.step_options.time_limit_of(step) + _HARD_MARGIN_SECONDS, step):
        report = service.run_step(job_id, step, should_stop=stop.is_set)
    if peak_memory_bytes() > service.settings.worker_max_memory_mb * 1e6:
        logger.warning("This worker has taken much memory; another one takes its place.")
        stop.set()
    return report.outcome is not StepOutcome.NOT_CLAIMED


@contextmanager
def _killed_after(seconds: float, step: Step) -> Iterator[None]:
    """End this process if the context stays open for longer: a step that hangs in a native call
    comes to no checkpoint, and its lease is renewed all the time. The supervisor starts another.
    """

    def kill() -> None:
        logger.critical(
            "%s takes longer than %g s and does not stop; this worker ends.", step.value, seconds
        )
        os._exit(1)

    timer = threading.Timer(seconds, kill)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def peak_memory_bytes() -> int:
    """The most memory that this process has ever taken; 0 where the system does not say."""
    if sys.platform == "win32":
        return 0
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def _stop_with_parent(stop: threading.Event) -> None:
    """The supervisor holds the other end of our stdin: it ends when the supervisor does."""
    os.read(sys.stdin.fileno(), 1)
    stop.set()

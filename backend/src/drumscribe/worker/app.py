"""What `celery -A drumscribe.worker.app` loads; `drumscribe worker` starts it so."""

from __future__ import annotations

import atexit
import multiprocessing
import os
import shutil
import tempfile
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from typing import Any, Final

from celery.signals import (
    after_task_publish,
    beat_init,
    setup_logging,
    task_received,
    worker_process_init,
    worker_process_shutdown,
    worker_ready,
    worker_shutting_down,
)

from drumscribe.bootstrap import Service
from drumscribe.core.config import load_settings
from drumscribe.core.logging import set_up_logging
from drumscribe.core.telemetry import metrics_folder, serve_metrics, share_metrics
from drumscribe.queue.celery import QUEUES_VARIABLE
from drumscribe.services.steps.scratch import scratch_folder, temporary_files_in
from drumscribe.worker.tasks import register_tasks
from drumscribe.worker.watching import Watched, WorkSigns, showing

BEAT_SIGN_OF_LIFE: Final = "drumscribe-beat.alive"

settings = load_settings()
app = Service(settings).celery

if settings.prometheus_port:
    # The children of the pool count in files; the parent shows what they find.
    _at_the_end = ExitStack()
    _own = _at_the_end.enter_context(scratch_folder(settings.effective_scratch_dir))
    _counts = metrics_folder(_own)
    share_metrics(_counts)

    def _clean_up(parent: int = os.getpid()) -> None:
        if os.getpid() == parent:  # and not a child of the pool
            shutil.rmtree(_counts, ignore_errors=True)
            _at_the_end.close()

    atexit.register(_clean_up)

# Made before the pool forks, so that its children hear of the end of the worker (SIGTERM) and give
# their steps back at the next checkpoint: the worker then need not wait for the end of a song.
_stopping = multiprocessing.Event()
_signs = WorkSigns()
_watched = Watched(settings, _signs)


# What a child of the pool has opened for itself.
_of_the_child = ExitStack()


@cache
def service() -> Service:
    """The ports of this process: a child of the pool builds its own, after the fork."""
    return Service(settings)


register_tasks(app, service, should_stop=showing(_signs, _stopping.is_set))


@setup_logging.connect(weak=False)  # type: ignore[untyped-decorator]
def _set_up_logging(**_: Any) -> None:
    set_up_logging(settings.log_level, as_json=settings.logs_json, secrets=settings.secrets)


@worker_shutting_down.connect(weak=False)  # type: ignore[untyped-decorator]
def _announce_stop(**_: Any) -> None:
    _stopping.set()
    _watched.stop()


@worker_ready.connect(weak=False)  # type: ignore[untyped-decorator]
def _show_metrics(sender: Any, **_: Any) -> None:
    _watched.start(sender)
    if settings.prometheus_port:
        serve_metrics(settings.prometheus_port, complaint=_watched.complaint)


@task_received.connect(weak=False)  # type: ignore[untyped-decorator]
def _note_message(**_: Any) -> None:
    _watched.heard()


@beat_init.connect(weak=False)  # type: ignore[untyped-decorator]
def _show_that_the_clock_ticks(**_: Any) -> None:
    """A health check looks at this file's age: it is as new as the last message that was taken."""
    sign = Path(tempfile.gettempdir()) / BEAT_SIGN_OF_LIFE

    def _touch(**_: Any) -> None:
        sign.touch()

    after_task_publish.connect(_touch, weak=False)


@worker_process_init.connect(weak=False)  # type: ignore[untyped-decorator]
def _prepare(**_: Any) -> None:
    _of_the_child.enter_context(temporary_files_in(settings.effective_scratch_dir))
    if "heavy-compute" in os.environ.get(QUEUES_VARIABLE, ""):
        service().models.prepare()


@worker_process_shutdown.connect(weak=False)  # type: ignore[untyped-decorator]
def _close(**_: Any) -> None:
    if service.cache_info().currsize:
        service().close()
    _of_the_child.close()

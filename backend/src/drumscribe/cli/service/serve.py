"""drumscribe serve: the whole service in one command."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import sys
import threading
from contextlib import ExitStack
from importlib import import_module
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any

import click

from drumscribe.cli.common import console, need_server_extra

if TYPE_CHECKING:
    from drumscribe.bootstrap import Service
    from drumscribe.core.config import Settings

_STREAMS_END_SECONDS = 3
# Workers give their steps back at a checkpoint; who starts anew meanwhile need not do it twice.
_STOPS_WITHIN_SECONDS = 15.0


@click.command()
@click.option("--host", help="Address to listen on (API_HOST).")
@click.option("--port", type=click.IntRange(0, 65535), help="Port to listen on (API_PORT).")
@click.option(
    "--data-dir",
    type=click.Path(file_okay=False, path_type=Path),
    help="Where database and files are kept (DATA_DIR).",
)
@click.option("--no-workers", is_flag=True, help="Local queue: take jobs in, but do not do them.")
def serve(host: str | None, port: int | None, data_dir: Path | None, no_workers: bool) -> None:
    """Run the service: API, database, and with QUEUE_BACKEND=local also the workers.

    Everything has a default and nothing else has to run. Ctrl-C stops it; jobs that were under way
    go on at the next start. See docs/reference/configuration.md for the settings.
    """
    need_server_extra()
    from drumscribe.bootstrap import Service
    from drumscribe.core.config import load_settings
    from drumscribe.core.data_lock import data_folder_locked
    from drumscribe.core.logging import set_up_logging
    from drumscribe.core.telemetry import metrics_folder, share_metrics

    # Through the environment, because the workers are processes of their own.
    given = {"API_HOST": host, "API_PORT": port, "DATA_DIR": data_dir}
    os.environ.update({name: str(value) for name, value in given.items() if value is not None})
    settings = load_settings()
    set_up_logging(settings.log_level, as_json=settings.logs_json, secrets=settings.secrets)
    with ExitStack() as at_the_end:
        at_the_end.enter_context(
            data_folder_locked(settings.data_dir, patience_seconds=_STOPS_WITHIN_SECONDS)
        )
        # The workers are processes of their own; /metrics speaks for all.
        counts = metrics_folder(settings.data_dir)
        share_metrics(counts)
        at_the_end.callback(shutil.rmtree, counts, ignore_errors=True)
        listener = listen(settings.api_host, settings.api_port)
        service = Service(settings)
        at_the_end.callback(service.close)
        service.upgrade_database()
        if settings.queue_backend == "local" and not no_workers:
            _start_workers(service, at_the_end)
        _serve(settings, listener)


def listen(host: str, port: int) -> socket.socket:
    """The listening socket, before anything is started that a taken port would waste."""
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        listener = socket.create_server((host, port), family=family)
    except OSError as error:
        raise click.ClickException(
            f"Cannot listen on {host}, port {port}: {error.strerror}. "
            "Another port can be chosen with --port."
        ) from None
    # Connections inherit it. asyncio sets it only on those whose protocol number is known, which
    # create_server leaves at 0; without it each answer but the first of a connection waits 40 ms
    # for the reader's delayed acknowledgement of its head before its body is sent.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


def _start_workers(service: Service, at_the_end: ExitStack) -> None:
    from drumscribe.queue.celery import ORPHANS_EVERY_SECONDS, SWEEP_EVERY_SECONDS
    from drumscribe.queue.housekeeping import Chore, Housekeeping
    from drumscribe.queue.local import Supervisor

    settings = service.settings
    # The workers would say it, too, again and again. (Not with the models of this process, which
    # would keep what they take of an accelerator.)
    type(service)(settings).models.check_provider()
    numbers = {
        "default": settings.local_default_workers,
        "heavy-compute": settings.local_heavy_workers,
    }
    supervisor = Supervisor(
        [
            (f"{queue}-{index + 1}", _worker_command(queue))
            for queue, number in numbers.items()
            for index in range(number)
        ],
        service.sign_of_life,
    )
    supervisor.start()
    at_the_end.callback(supervisor.stop, grace_seconds=settings.shutdown_grace_seconds)
    housekeeping = Housekeeping(
        [
            Chore("Delivering webhooks", service.deliver_webhooks, 1.0),
            Chore("Reconciling", service.reconcile, settings.reconcile_interval_seconds),
            Chore("Sweeping", service.sweep, SWEEP_EVERY_SECONDS),
            Chore("Looking for orphans", service.remove_orphans, ORPHANS_EVERY_SECONDS),
        ]
    )
    housekeeping.start()
    at_the_end.callback(housekeeping.stop)


def _worker_command(queue: str) -> list[str]:
    return [sys.executable, "-m", "drumscribe", "worker", "--queue", queue, "--supervised"]


def _serve(settings: Settings, listener: socket.socket) -> None:
    import uvicorn

    # The layers api and cli do not know each other; this is where they meet.
    app: Any = import_module("drumscribe.api.app").create_app(settings)
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=_STREAMS_END_SECONDS,
    )
    host, port = listener.getsockname()[:2]
    shown = "localhost" if host in ("127.0.0.1", "0.0.0.0", "::", "::1") else host  # noqa: S104
    console.print(
        f"DrumScribe runs on http://{shown}:{port} (API docs: http://{shown}:{port}/docs). "
        "Ctrl-C stops it.",
        style="green",
    )
    # uvicorn raises the signal that stopped it again when it is done; ours then has no effect, and
    # the workers are stopped in peace.
    stopped = threading.Event()

    def _note(number: int, frame: FrameType | None) -> None:
        stopped.set()

    signal.signal(signal.SIGINT, _note)
    signal.signal(signal.SIGTERM, _note)
    uvicorn.Server(config).run(sockets=[listener])
    if stopped.is_set():
        console.print("Stopped. Jobs that were under way go on at the next start.", style="dim")

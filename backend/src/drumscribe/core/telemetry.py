"""Setting up metrics: a folder that processes share, and a port that shows them.

drumscribe.core.metrics has the metrics, drumscribe.core.tracing the traces.
"""

from __future__ import annotations

import hashlib
import logging
import os
import shutil
import stat
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Final

from drumscribe.pipeline.files.folder_lock import locked

logger = logging.getLogger(__name__)

# prometheus_client's own variable; it must be set before the first metric is made.
SHARED_FOLDER_VARIABLE: Final = "PROMETHEUS_MULTIPROC_DIR"
_MEMORY: Final = Path("/dev/shm")  # noqa: S108 - the folder made there is checked


def metrics_folder(data_dir: Path, *, memory: Path = _MEMORY) -> Path:
    """Where the processes of the service of this data folder count: in memory, where there is such.

    The files are written through mappings of them, and a write for which the disk has no room left
    kills the process (SIGBUS): a full disk would take the API and all workers down.
    """
    on_disk = data_dir.absolute() / "metrics"
    if not (hasattr(os, "getuid") and memory.is_dir() and os.access(memory, os.W_OK)):
        return on_disk
    digest = hashlib.sha256(str(data_dir.absolute()).encode()).hexdigest()[:16]
    folder = memory / f"drumscribe-metrics-{os.getuid()}-{digest}"
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        status = folder.lstat()
    except OSError:
        return on_disk
    # Anybody may write there: what somebody else has put in our place is not ours.
    is_ours = stat.S_ISDIR(status.st_mode) and status.st_uid == os.getuid()
    return folder if is_ours else on_disk


def share_metrics(folder: Path) -> None:
    """Let this process and its children count in files of this folder.

    Call it once, in the parent, before drumscribe.core.metrics is imported. What an earlier run
    has left is deleted: counters begin at 0, as Prometheus expects after a restart.
    A folder that the environment names already is left alone.
    """
    if SHARED_FOLDER_VARIABLE in os.environ:
        return
    _remove_orphans(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for left in folder.glob("*.db"):
        left.unlink(missing_ok=True)
    if folder.parent == _MEMORY:
        locked(folder)  # for as long as this process lives
    os.environ[SHARED_FOLDER_VARIABLE] = str(folder)


def _remove_orphans(folder: Path) -> None:
    """Give back the memory of killed services beside ours: nobody holds the locks of theirs."""
    if folder.parent != _MEMORY:
        return
    for other in _MEMORY.glob(f"drumscribe-metrics-{os.getuid()}-*"):
        descriptor = None if other == folder else locked(other)
        if descriptor is not None:
            shutil.rmtree(other, ignore_errors=True)
            os.close(descriptor)


def serve_metrics(
    port: int, *, host: str = "", complaint: Callable[[], str | None] = lambda: None
) -> int:
    """Show the metrics of this worker on /metrics, in a thread; returns the port (0: any).

    complaint: what is wrong with this worker, told by /health (503); None while it is well.
    A port that is taken is no reason not to work: it is logged, and 0 returned.
    """
    from drumscribe.core.metrics import CONTENT_TYPE, exposition

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = self.path.partition("?")[0]
            if path == "/metrics":
                self._send(200, CONTENT_TYPE, exposition(None))
            elif path == "/health":
                wrong = complaint()
                content = f"{wrong or 'ok'}\n".encode()
                self._send(503 if wrong else 200, "text/plain; charset=utf-8", content)
            else:
                self.send_error(404)

        def _send(self, status: int, content_type: str, content: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Scrapes are not worth a line."""

    try:
        server = ThreadingHTTPServer((host, port), Handler)
    except OSError as error:
        logger.warning("Metrics cannot be shown on port %d: %s", port, error)
        return 0
    threading.Thread(target=server.serve_forever, name="metrics", daemon=True).start()
    return server.server_port

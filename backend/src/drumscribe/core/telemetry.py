"""Setting up metrics: a folder that processes share, and a port that shows them.

drumscribe.core.metrics has the metrics, drumscribe.core.tracing the traces.
"""

from __future__ import annotations

import logging
import os
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Final

logger = logging.getLogger(__name__)

# prometheus_client's own variable; it must be set before the first metric is made.
SHARED_FOLDER_VARIABLE: Final = "PROMETHEUS_MULTIPROC_DIR"


def share_metrics(folder: Path) -> None:
    """Let this process and its children count in files of this folder.

    Call it once, in the parent, before drumscribe.core.metrics is imported. What an earlier run
    has left is deleted: counters begin at 0, as Prometheus expects after a restart.
    A folder that the environment names already is left alone.
    """
    if SHARED_FOLDER_VARIABLE in os.environ:
        return
    folder.mkdir(parents=True, exist_ok=True)
    for left in folder.glob("*.db"):
        left.unlink(missing_ok=True)
    os.environ[SHARED_FOLDER_VARIABLE] = str(folder)


def serve_metrics(port: int, *, host: str = "") -> int:
    """Show the metrics of this worker on /metrics, in a thread; returns the port (0: any).

    A port that is taken is no reason not to work: it is logged, and 0 returned.
    """
    from drumscribe.core.metrics import CONTENT_TYPE, exposition

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path.partition("?")[0] != "/metrics":
                self.send_error(404)
                return
            content = exposition(None)
            self.send_response(200)
            self.send_header("Content-Type", CONTENT_TYPE)
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

"""A web server on the loopback that answers as a test tells it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Site:
    """url: where it is; requests: (path, Range header) of each GET so far, in order."""

    url: str
    requests: list[tuple[str, str | None]] = field(default_factory=list)


Answer = Callable[[BaseHTTPRequestHandler, int], None]


@contextmanager
def serving(answer: Answer) -> Iterator[Site]:
    """Answer each GET by answer(handler, number of the request from 0 on)."""
    site = Site("")

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            site.requests.append((self.path, self.headers.get("Range")))
            self.close_connection = True
            answer(self, len(site.requests) - 1)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    site.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def send(
    handler: BaseHTTPRequestHandler,
    content: bytes,
    *,
    status: int = 200,
    announce: int | None = None,
) -> None:
    """Send content; announce another length to break the connection off."""
    handler.send_response(status)
    handler.send_header("Content-Length", str(len(content) if announce is None else announce))
    handler.end_headers()
    handler.wfile.write(content)

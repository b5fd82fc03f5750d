"""A collector of traces (OTLP over HTTP) on the loopback; it takes webhooks, too."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest


class Collector:
    """Takes OTLP/HTTP and, on other paths, webhooks.

    spans: by name, the last of each. received: headers (in lower case) and body of each webhook.
    """

    def __init__(self) -> None:
        self.url = ""
        self.spans: dict[str, Any] = {}
        self.services: set[str] = set()
        self.webhooks = 0
        self.received: list[tuple[dict[str, str], bytes]] = []

    def take(self, content: bytes) -> None:
        for resource in ExportTraceServiceRequest.FromString(content).resource_spans:
            about = {entry.key: entry.value.string_value for entry in resource.resource.attributes}
            self.services.add(about["service.name"])
            for scope in resource.scope_spans:
                self.spans |= {span.name: span for span in scope.spans}


@contextmanager
def collecting() -> Iterator[Collector]:
    collector = Collector()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            content = self.rfile.read(int(self.headers["Content-Length"]))
            if self.path == "/v1/traces":
                collector.take(content)
            else:
                collector.webhooks += 1
                headers = {name.lower(): value for name, value in self.headers.items()}
                collector.received.append((headers, content))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    collector.url = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield collector
    finally:
        server.shutdown()
        server.server_close()
        thread.join()

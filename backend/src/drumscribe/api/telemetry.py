"""Metrics and a span for each request; /metrics."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Response
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from drumscribe.api.v1.deps import ServiceDep
from drumscribe.core.config import Settings
from drumscribe.core.metrics import CONTENT_TYPE, add_in_flight, count_request, exposition
from drumscribe.core.tracing import Tracing

router = APIRouter()

# Under this key of the scope stands a name for what is no route: the files of the web page.
ROUTE_NAME = "drumscribe.route"
_UNMATCHED = "unmatched"
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_TRACE_HEADERS = ("traceparent", "tracestate")
_QUIET = frozenset({"/livez", "/readyz", "/metrics"})


@router.get("/metrics", include_in_schema=False)
def metrics(service: ServiceDep) -> Response:
    """What Prometheus reads. Keep it from the public: see docs/reference/metrics.md."""
    return Response(
        exposition(service.jobs.stats, folders=_volumes(service.settings)),
        media_type=CONTENT_TYPE,
        headers={"Cache-Control": "no-store"},
    )


def _volumes(settings: Settings) -> dict[str, Path]:
    volumes = {"scratch": settings.effective_scratch_dir}
    if settings.storage_backend == "local":
        volumes["artifacts"] = settings.effective_artifacts_dir
    return volumes


class Observed:
    """Counts requests by the template of their route, and opens a span for each."""

    def __init__(self, app: ASGIApp, *, tracing: Tracing) -> None:
        self.app = app
        self.tracing = tracing

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        # Any word may stand in the place of a method, and each would be a time series of its own.
        method = scope["method"] if scope["method"] in _METHODS else "other"
        started = time.perf_counter()
        status: int | None = None

        async def send_noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start" and status is None:
                status = message["status"]
                count_request(method, route_of(scope), status, time.perf_counter() - started)
            await send(message)

        add_in_flight(1)
        try:
            if scope["path"] in _QUIET:
                await self.app(scope, receive, send_noting)
                return
            headers = Headers(scope=scope)
            given = {name: headers[name] for name in _TRACE_HEADERS if name in headers}
            with self.tracing.span(
                method,
                kind="server",
                parent=given,
                attributes={"http.request.method": method, "url.path": scope["path"]},
            ) as span:
                await self.app(scope, receive, send_noting)
                _describe(span, method, route_of(scope), status)
        finally:
            add_in_flight(-1)


def _describe(span: Any, method: str, route: str, status: int | None) -> None:
    span.set_attribute("http.route", route)
    if status is not None:
        span.set_attribute("http.response.status_code", status)
    if hasattr(span, "update_name"):
        span.update_name(f"{method} {route}")


def route_of(scope: Scope) -> str:
    """The template of the route that took the request, such as /api/v1/jobs/{job_id}.

    Made of the path and its parameters; one name for all that no route took.
    """
    if "endpoint" not in scope:
        return str(scope.get(ROUTE_NAME, _UNMATCHED))
    segments = str(scope["path"]).split("/")
    for name, value in scope.get("path_params", {}).items():
        segments = [f"{{{name}}}" if segment == str(value) else segment for segment in segments]
    return "/".join(segments)

"""The application: routes, middleware and error handlers around one Service."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

import drumscribe
from drumscribe.api import api_docs
from drumscribe.api.edits_in_turn import EditsInTurn
from drumscribe.api.errors import Problem, install_error_handlers
from drumscribe.api.lingering import LingeringClose
from drumscribe.api.middleware import BodyLimit, RequestLog, Unexpected
from drumscribe.api.own_site import OwnSite
from drumscribe.api.rate_limits import OpenStreams, RateLimiter
from drumscribe.api.telemetry import Observed
from drumscribe.api.telemetry import router as telemetry_router
from drumscribe.api.v1.routes import health, jobs, refinements, results, set_lists
from drumscribe.api.v1.schemas.common import API_PREFIX
from drumscribe.api.web_page import WebPage, find_web_root, store_origins
from drumscribe.bootstrap import Service
from drumscribe.core.config import Settings, load_settings
from drumscribe.services.steps.scratch import temporary_files_in

_DESCRIPTION = """
A song in, drum sheet music out. Send a recording to `POST /api/v1/jobs`, watch
`GET /api/v1/jobs/{job_id}` (or its events), then fetch `/download/pdf`, `/download/musicxml`, ...

Errors are problem documents (RFC 9457) with a stable `code`.
"""


def create_app(settings: Settings | None = None, *, service: Service | None = None) -> FastAPI:
    """The ASGI application. service: with other ports, for tests."""
    service = service or Service(settings or load_settings())
    settings = service.settings

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        # Uploads are spooled here: /tmp may be memory (see docs/reference/configuration.md).
        with temporary_files_in(settings.effective_scratch_dir):
            yield
        service.close()

    app = FastAPI(
        title="DrumScribe",
        version=drumscribe.__version__,
        description=_DESCRIPTION,
        license_info={"name": "MIT"},
        lifespan=lifespan,
        openapi_url=f"{API_PREFIX}/openapi.json",
        # Served by api_docs, without anybody else's server.
        docs_url=None,
        redoc_url=None,
        # An address with a slash too many is an error, not a redirect that loses the upload.
        redirect_slashes=False,
        responses={500: {"model": Problem, "description": "Internal Server Error"}},
    )
    app.state.service = service
    app.state.rate_limiter = RateLimiter()
    app.state.open_streams = OpenStreams()
    app.state.edits_in_turn = EditsInTurn()
    install_error_handlers(app)
    # The last one added is the outermost.
    app.add_middleware(BodyLimit, max_upload_bytes=settings.max_file_size_bytes)
    app.add_middleware(LingeringClose, most_bytes=settings.max_file_size_bytes)
    app.add_middleware(Unexpected)
    app.add_middleware(
        CORSMiddleware,
        allow_origins=list(settings.cors_origins),
        allow_credentials=True,
        allow_methods=["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"],
        allow_headers=[
            "Authorization",
            "Content-Type",
            "Idempotency-Key",
            "If-Match",
            "If-None-Match",
            "If-Range",
            "Last-Event-ID",
            "Range",
        ],
        expose_headers=[
            "Location",
            "Retry-After",
            "RateLimit-Limit",
            "RateLimit-Remaining",
            "RateLimit-Reset",
            "X-Request-ID",
            "Content-Disposition",
            "Content-Range",
            "ETag",
        ],
    )
    app.add_middleware(OwnSite, settings=settings)
    app.add_middleware(RequestLog)
    app.add_middleware(Observed, tracing=service.tracing)
    app.include_router(jobs.router, prefix=API_PREFIX)
    app.include_router(results.router, prefix=API_PREFIX)
    app.include_router(refinements.router, prefix=API_PREFIX)
    app.include_router(set_lists.router, prefix=API_PREFIX)
    app.include_router(health.router, prefix=API_PREFIX)
    app.include_router(health.root_router)
    app.include_router(telemetry_router)
    app.include_router(api_docs.router)
    # What no route answers. A mount would hide that a path exists with another method.
    app.router.default = WebPage(
        find_web_root(settings.web_root), stores=lambda: store_origins(service)
    )
    return app

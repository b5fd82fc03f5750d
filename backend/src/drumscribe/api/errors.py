"""Errors as problem documents (RFC 9457): one table from the error tree to HTTP."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, ConfigDict, Field
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.routing import Match
from starlette.types import Scope

from drumscribe import errors
from drumscribe.services.steps.scratch import NO_ROOM

logger = logging.getLogger(__name__)

_METHODS: Final = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
# The rest of what is wrong with a request is told when these are mended.
_MOST_FIELD_ERRORS: Final = 20
PROBLEM_TYPE: Final = "application/problem+json"

# The first class that matches decides, so the special stand before the general.
_STATUS: Final[tuple[tuple[type[errors.DrumScribeError], int], ...]] = (
    (errors.NotAuthenticated, 401),
    (errors.OriginNotAllowed, 403),
    (errors.HostNotAllowed, 421),
    (errors.JobNotFound, 404),
    (errors.DeliveryNotFound, 404),
    (errors.SetListNotFound, 404),
    (errors.FormatNotAvailable, 404),
    (errors.RefinementNotFound, 404),
    (errors.JobNotReady, 409),
    (errors.RefinementRunning, 409),
    (errors.AlreadyRefined, 409),
    (errors.IdempotencyConflict, 409),
    (errors.EditConflict, 412),
    (errors.ResultExpired, 410),
    (errors.ArtifactMissing, 410),
    (errors.PayloadTooLarge, 413),
    (errors.NotAudio, 415),
    (errors.NotAScore, 415),
    (errors.ScoreFileTooLarge, 413),
    (errors.RangeNotSatisfiable, 416),
    (errors.QuotaExceeded, 429),
    (errors.RateLimited, 429),
    (errors.StorageFull, 507),
    (errors.Unavailable, 503),
    (errors.ModelUnavailable, 503),
    (errors.LinksDisabled, 403),
    (errors.InvalidRequest, 422),
    (errors.InvalidCursor, 422),
    (errors.UnsupportedLink, 422),
    (errors.FetchError, 422),
    (errors.InvalidOption, 422),
    (errors.InvalidHits, 422),
    (errors.NoDrumsFound, 422),
    (errors.InputError, 422),
    (errors.ScoreFileError, 422),
    (errors.EngravingFailed, 500),
)
# Trying again after so many seconds may help.
_RETRY_AFTER_SECONDS: Final[tuple[tuple[type[errors.DrumScribeError], int], ...]] = (
    (errors.QuotaExceeded, 30),
    (errors.Unavailable, 10),
)


class Problem(BaseModel):
    """A problem document. `code` is stable; `detail` is for people."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "type": "about:blank",
                "title": "Not Found",
                "status": 404,
                "detail": "There is no job 6f1c2a8e-0000-4000-8000-000000000000.",
                "code": "job_not_found",
                "instance": "/api/v1/jobs/6f1c2a8e-0000-4000-8000-000000000000",
            }
        }
    )

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    code: str
    instance: str
    errors: list[dict[str, Any]] | None = Field(
        None, description="Which fields are wrong, for `invalid_request`."
    )


def declared(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The `responses` of a route that may answer with these problems (and the usual ones)."""
    every = sorted({*statuses, 401, 403, 421, 422, 429, 500, 503})
    return {
        status: {
            "description": HTTPStatus(status).phrase,
            "model": Problem,
            "content": {PROBLEM_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
        for status in every
    }


def problem(
    request: Request,
    status: int,
    code: str,
    detail: str,
    *,
    headers: Mapping[str, str] | None = None,
    field_errors: list[dict[str, Any]] | None = None,
) -> JSONResponse:
    """The answer to a request that went wrong."""
    body = Problem(
        title=HTTPStatus(status).phrase,
        status=status,
        detail=detail,
        code=code,
        instance=request.url.path,
        errors=field_errors,
    )
    return JSONResponse(
        body.model_dump(exclude_none=True),
        status,
        headers={
            "Cache-Control": "no-store",
            **getattr(request.state, "rate_limit_headers", {}),
            **(headers or {}),
        },
        media_type=PROBLEM_TYPE,
    )


def status_of(error: errors.DrumScribeError) -> int:
    """The HTTP status of an expected error; 500 for what the table does not know."""
    return next((status for kind, status in _STATUS if isinstance(error, kind)), 500)


def retry_after_seconds(error: errors.DrumScribeError) -> int | None:
    """After how long trying again may help; None if it will not."""
    return next((s for kind, s in _RETRY_AFTER_SECONDS if isinstance(error, kind)), None)


def expected_problem(request: Request, error: errors.DrumScribeError) -> JSONResponse:
    """The answer to an expected error."""
    headers = dict(getattr(error, "headers", {}))
    seconds = retry_after_seconds(error)
    if seconds is not None:
        headers.setdefault("Retry-After", str(seconds))
    if isinstance(error, errors.NotAuthenticated):
        headers["WWW-Authenticate"] = "Bearer"
    status = status_of(error)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        logger.warning("%s %s: %s", request.method, request.url.path, error.message)
    return problem(request, status, error.code, error.message, headers=headers)


async def unexpected_problem(request: Request, error: BaseException) -> JSONResponse:
    """The answer to what nobody expected. Its traceback is drawn in a thread: others wait here."""
    await run_in_threadpool(
        logger.error, "%s %s failed", request.method, request.url.path, exc_info=error
    )
    return problem(request, 500, "internal_error", "Something went wrong here. It has been logged.")


def install_error_handlers(app: FastAPI) -> None:
    """Every error leaves as a problem document; users never see a Python exception.

    (What nobody expected is caught by drumscribe.api.middleware.Unexpected.)
    """

    async def on_expected(request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, errors.DrumScribeError)
        return expected_problem(request, error)

    async def on_invalid(request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, RequestValidationError)
        found = [
            {"field": ".".join(str(part) for part in entry["loc"]), "message": entry["msg"]}
            for entry in error.errors()[:_MOST_FIELD_ERRORS]
        ]
        summary = "; ".join(f"{entry['field']}: {entry['message']}" for entry in found)
        return problem(request, 422, errors.InvalidRequest.code, summary[:2000], field_errors=found)

    async def on_http(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
            # The framework names the methods of the first route only that knows the path.
            allowed = {"Allow": ", ".join(sorted(_methods_of(app, request.scope)))}
            if request.method == "OPTIONS":
                return Response(status_code=204, headers=allowed)
            return problem(request, 405, "method_not_allowed", str(error.detail), headers=allowed)
        code = "not_found" if error.status_code == HTTPStatus.NOT_FOUND else "http_error"
        return problem(
            request, error.status_code, code, str(error.detail), headers=error.headers or {}
        )

    async def on_system(request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, OSError)
        if error.errno in NO_ROOM:  # where uploads are spooled, before they reach the storage
            full = errors.StorageFull("There is no room left to store files.")
            return expected_problem(request, full)
        return await unexpected_problem(request, error)

    app.add_exception_handler(errors.DrumScribeError, on_expected)
    app.add_exception_handler(RequestValidationError, on_invalid)
    app.add_exception_handler(HTTPException, on_http)
    app.add_exception_handler(OSError, on_system)


def _methods_of(app: FastAPI, scope: Scope) -> set[str]:
    """All methods that a path has, over all routes."""
    found = {
        method
        for method in _METHODS
        for route in app.router.routes
        if route.matches({**scope, "method": method})[0] is Match.FULL
    }
    return found | {"OPTIONS"}

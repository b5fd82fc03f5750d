"""What surrounds every request: an id on every log line, limits of the body, safe headers."""

from __future__ import annotations

import json
import logging
import re
import time
from typing import Final
from uuid import uuid4

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from drumscribe.api.content_security import DATA_POLICY
from drumscribe.api.errors import unexpected_problem
from drumscribe.core.logging import log_context
from drumscribe.errors import PayloadTooLarge
from drumscribe.notation.bringing.musicxml.safe_xml import MAX_XML_BYTES

access = logging.getLogger("drumscribe.access")

_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
# Fields, boundaries and headers of a multipart body beside the file itself.
_MULTIPART_EXTRA_BYTES = 256_000
# Any JSON but the hits of a score: the longest is a new job with its 4,000 characters of metadata,
# each written as two escapes. They are checked on the event loop, where everybody waits.
_SMALL_JSON_BYTES = 64_000
# The longest list of hits (50,000) at some 160 bytes each.
_HITS_BYTES: Final = 8_192_000
# In the log only, as nginx writes it: no answer was sent, mostly because nobody waited for one any
# more (an upload that was broken off). What goes wrong here is always answered.
_CLIENT_GONE = 499
_QUIET_PATHS = frozenset({"/livez", "/readyz", "/metrics"})


class RequestLog:
    """Gives each request an id, puts it on every log line, and logs how it went."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        given = Headers(scope=scope).get("x-request-id", "")
        request_id = given if _REQUEST_ID.fullmatch(given) else uuid4().hex
        status = _CLIENT_GONE
        started = time.perf_counter()

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                headers["X-Request-ID"] = request_id
                headers.setdefault("X-Content-Type-Options", "nosniff")
                headers.setdefault("Referrer-Policy", "no-referrer")
                headers.setdefault("Content-Security-Policy", DATA_POLICY)
            await send(message)

        with log_context(request_id=request_id):
            try:
                await self.app(scope, receive, send_with_id)
            finally:
                if scope["path"] not in _QUIET_PATHS:
                    access.info(
                        "%s %s %s",
                        scope["method"],
                        scope["path"],
                        status,
                        extra={"duration_ms": round((time.perf_counter() - started) * 1000, 1)},
                    )


class Unexpected:
    """The end of every error that nobody expected: one line in the log, a problem document.

    Left to the server, each would be answered without the headers of CORS and logged twice. A
    client that went away while it was sending is no error: nobody waits for an answer.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        has_begun = False

        async def send_noting(message: Message) -> None:
            nonlocal has_begun
            has_begun = has_begun or message["type"] == "http.response.start"
            await send(message)

        try:
            await self.app(scope, receive, send_noting)
        except ClientDisconnect:
            return
        except Exception as error:
            answer = await unexpected_problem(Request(scope, receive), error)
            if has_begun:
                # Half an answer must not look like a whole one: the server cuts the line.
                return
            await answer(scope, receive, send)


class BodyLimit:
    """Refuses bodies over the limit, by their announced length and again while they come."""

    def __init__(self, app: ASGIApp, *, max_upload_bytes: int) -> None:
        self.app = app
        self.max_upload_bytes = max_upload_bytes + _MULTIPART_EXTRA_BYTES

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        limit = self._limit(scope, headers)
        announced = headers.get("content-length", "")
        if announced.isdecimal() and int(announced) > limit:
            await _refuse(scope, send, limit)
            return
        received = 0

        async def counted() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > limit:
                raise PayloadTooLarge(_too_large(limit))
            return message

        await self.app(scope, counted, send)

    def _limit(self, scope: Scope, headers: Headers) -> int:
        if headers.get("content-type", "").lower().startswith("multipart/form-data"):
            return self.max_upload_bytes
        if scope["method"] == "PUT" and scope["path"].endswith("/score/file"):
            return MAX_XML_BYTES
        if scope["method"] == "PUT" and scope["path"].endswith("/score"):
            return _HITS_BYTES
        return _SMALL_JSON_BYTES


def _too_large(limit: int) -> str:
    return f"The request is larger than the {limit / 1e6:.3g} MB that are allowed."


async def _refuse(scope: Scope, send: Send, limit: int) -> None:
    body = {
        "type": "about:blank",
        "title": "Content Too Large",
        "status": 413,
        "detail": _too_large(limit),
        "code": PayloadTooLarge.code,
        "instance": scope["path"],
    }
    content = json.dumps(body).encode()
    headers = [
        (b"content-type", b"application/problem+json"),
        (b"content-length", str(len(content)).encode()),
        # The rest of the body is not read.
        (b"connection", b"close"),
    ]
    await send({"type": "http.response.start", "status": 413, "headers": headers})
    await send({"type": "http.response.body", "body": content})

"""Let a client finish sending before the line is closed on it.

A server that answers before it has read the whole upload (a rate limit, a quota, a full disk) and
then closes makes the client's system throw the answer away: its next packet is answered by a reset.
So what still comes is read and dropped for a while, as nginx does (`lingering_close`).
"""

from __future__ import annotations

import asyncio
import time
from typing import Final

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_MOST_SECONDS: Final = 10.0
_QUIET_SECONDS: Final = 3.0


class LingeringClose:
    """Reads the rest of a body that nobody wanted, at most `most_bytes` and for ten seconds."""

    def __init__(self, app: ASGIApp, *, most_bytes: int) -> None:
        self.app = app
        self.most_bytes = most_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not _announces_a_body(Headers(scope=scope)):
            await self.app(scope, receive, send)
            return
        is_over = False

        async def watched() -> Message:
            nonlocal is_over
            message = await receive()
            is_over = is_over or not message.get("more_body", False)
            return message

        async def send_and_linger(message: Message) -> None:
            if message["type"] != "http.response.body" or message.get("more_body") or is_over:
                await send(message)
                return
            # The client gets all of the answer now; only the line stays open.
            await send({**message, "more_body": True})
            await self._drop_the_rest(receive)
            await send({"type": "http.response.body", "body": b"", "more_body": False})

        await self.app(scope, watched, send_and_linger)

    async def _drop_the_rest(self, receive: Receive) -> None:
        end = time.monotonic() + _MOST_SECONDS
        dropped = 0
        while dropped <= self.most_bytes and time.monotonic() < end:
            try:
                message = await asyncio.wait_for(receive(), _QUIET_SECONDS)
            except TimeoutError:
                return
            dropped += len(message.get("body", b""))
            if not message.get("more_body", False):
                return


def _announces_a_body(headers: Headers) -> bool:
    return "transfer-encoding" in headers or headers.get("content-length", "0") != "0"

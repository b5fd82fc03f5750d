"""Few edits at once: each engraves a page, which takes a processor for a second or two.

The others wait without a thread. Otherwise one client that edits in parallel would take all threads
of the process, and nobody's status would be answered.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeVar

from anyio import CapacityLimiter
from anyio.to_thread import run_sync

from drumscribe.api.rate_limits import TooManyRequests

AT_ONCE: Final = 4
WAITING: Final = 32
_RETRY_AFTER_SECONDS: Final = 5

Answer = TypeVar("Answer")


class EditsInTurn:
    """Belongs to one process, and to the event loop's thread only."""

    def __init__(self, *, at_once: int = AT_ONCE, waiting: int = WAITING) -> None:
        self._limiter = CapacityLimiter(at_once)
        self._room = at_once + waiting
        self._present = 0

    async def run(self, edit: Callable[[], Answer]) -> Answer:
        """Do an edit in a thread when its turn has come. Raises TooManyRequests."""
        if self._present >= self._room:
            raise TooManyRequests(
                "Too many scores are being changed at the moment. Try again soon.",
                {"Retry-After": str(_RETRY_AFTER_SECONDS)},
            )
        self._present += 1
        try:
            return await run_sync(edit, limiter=self._limiter)
        finally:
            self._present -= 1

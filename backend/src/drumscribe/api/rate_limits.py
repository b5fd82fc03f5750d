"""How often a caller may call: a fixed window of a minute per caller and kind of request.

Counted per process: with several API processes the limit of the whole is a multiple. The quota of
active jobs, which protects the machines, is exact, because the database keeps it.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from drumscribe.errors import RateLimited

WINDOW_SECONDS = 60
_MANY_CALLERS = 10_000
# A stream lasts as long as its job.
_STREAM_RETRY_AFTER_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Allowance:
    """What is left. reset_seconds: until the window ends."""

    limit: int
    remaining: int
    reset_seconds: int

    @property
    def headers(self) -> dict[str, str]:
        """RateLimit fields (draft-ietf-httpapi-ratelimit-headers, the widespread three)."""
        return {
            "RateLimit-Limit": str(self.limit),
            "RateLimit-Remaining": str(self.remaining),
            "RateLimit-Reset": str(self.reset_seconds),
        }


class TooManyRequests(RateLimited):
    """RateLimited with the headers of its answer."""

    def __init__(self, message: str, headers: dict[str, str]) -> None:
        super().__init__(message)
        self.headers = headers


class OpenStreams:
    """How many event streams each network holds open; of the event loop's thread only."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()

    @contextmanager
    def one_more(self, network: str, limit: int) -> Iterator[None]:
        """Counts as long as this is open. 0: no limit.

        Raises TooManyRequests if the network holds as many as it may. Nothing comes between the
        look and the count, so that a hundred at once are not all let in.
        """
        if limit and self._counts[network] >= limit:
            raise TooManyRequests(
                f"At most {limit} event streams at once. Close one, or poll the job.",
                {"Retry-After": str(_STREAM_RETRY_AFTER_SECONDS)},
            )
        self._counts[network] += 1
        try:
            yield
        finally:
            self._counts[network] -= 1
            if not self._counts[network]:
                del self._counts[network]


class RateLimiter:
    """Counts calls; safe for threads. clock: seconds since 1970."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._window = -1
        self._counts: dict[tuple[str, str], int] = {}

    def count(self, kind: str, caller: str, limit: int) -> Allowance | None:
        """One call more; None where there is no limit.

        Raises TooManyRequests.
        """
        if limit == 0:
            return None
        now = self._clock()
        window = int(now // WINDOW_SECONDS)
        with self._lock:
            if window != self._window or len(self._counts) > _MANY_CALLERS:
                self._window = window
                self._counts.clear()
            used = self._counts.get((kind, caller), 0) + 1
            self._counts[kind, caller] = used
        reset = max(1, round((window + 1) * WINDOW_SECONDS - now))
        allowance = Allowance(limit, max(0, limit - used), reset)
        if used > limit:
            raise TooManyRequests(
                f"At most {limit} such requests per minute. Try again soon.",
                allowance.headers | {"Retry-After": str(reset)},
            )
        return allowance

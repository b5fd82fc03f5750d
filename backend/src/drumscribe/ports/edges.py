"""The edges of the service: who wakes workers, where links lead, who receives webhooks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from uuid import UUID

from drumscribe.domain.jobs import Step, WebhookDelivery


class Doorbell(Protocol):
    """Wakes somebody up for a due step. Losing a ring loses nothing: the reconciler rings again."""

    def ring(self, step: Step, job_id: UUID) -> None: ...

    def ping(self) -> None:
        """Raise QueueUnavailable if nobody can be woken."""
        ...

    def waiting(self, queue: str) -> int | None:
        """How many rings wait in a queue unheard; None where rings do not wait.

        Raises QueueUnavailable.
        """
        ...


@dataclass(frozen=True, slots=True)
class FetchedSource:
    """A recording that was fetched from elsewhere. title: as its page says."""

    path: Path
    title: str | None
    duration_seconds: float | None


class SourceFetcher(Protocol):
    """Fetches the sound of a link."""

    def fetch(self, url: str, folder: Path, *, checkpoint: Callable[[], None]) -> FetchedSource:
        """Download into folder. checkpoint() is polled; it may raise to stop.

        Raises FetchError (each cause has a class and code of its own).
        """
        ...


@dataclass(frozen=True, slots=True)
class DeliveryAttempt:
    """What came of sending one webhook. may_retry: network trouble, 5xx or 429."""

    delivered: bool
    status_code: int | None
    error: str | None
    may_retry: bool


class WebhookTransport(Protocol):
    """Sends signed events to addresses that strangers gave."""

    def send(self, delivery: WebhookDelivery) -> DeliveryAttempt: ...

"""Stand-ins for the clock, the queue, the sources of links and the receivers of webhooks."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from drumscribe.domain.jobs import Step, WebhookDelivery
from drumscribe.errors import QueueUnavailable, SourceNotFound
from drumscribe.ports import DeliveryAttempt, FetchedSource

START = datetime(2030, 1, 1, 12, 0, tzinfo=UTC)


class MovableClock:
    """A clock that stands still until a test moves it."""

    def __init__(self, start: datetime = START) -> None:
        self._now = start
        self._lock = threading.Lock()

    def __call__(self) -> datetime:
        with self._lock:
            return self._now

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        with self._lock:
            self._now += timedelta(seconds=seconds)


class FakeDoorbell:
    """Doorbell that keeps what was rung. is_broken: nobody can be woken."""

    def __init__(self, *, is_broken: bool = False) -> None:
        self.rings: list[tuple[Step, UUID]] = []
        self.is_broken = is_broken

    def ring(self, step: Step, job_id: UUID) -> None:
        """See Doorbell."""
        self.ping()
        self.rings.append((step, job_id))

    def ping(self) -> None:
        """See Doorbell."""
        if self.is_broken:
            raise QueueUnavailable("The message queue does not answer.")


class FakeSourceFetcher:
    """SourceFetcher that knows a few links. recordings: link -> file that is found there."""

    def __init__(self, recordings: Mapping[str, Path], *, title: str | None = None) -> None:
        self._recordings = dict(recordings)
        self._title = title

    def fetch(self, url: str, folder: Path, *, should_stop: Any) -> FetchedSource:
        """See SourceFetcher."""
        should_stop()
        if url not in self._recordings:
            raise SourceNotFound(f"There is nothing at {url}.")
        recording = self._recordings[url]
        target = folder / f"fetched{recording.suffix}"
        shutil.copyfile(recording, target)
        return FetchedSource(target, self._title, None)


class FakeWebhookTransport:
    """WebhookTransport that keeps what was sent. answers: what comes of each, then success."""

    def __init__(self, *answers: DeliveryAttempt) -> None:
        self.sent: list[WebhookDelivery] = []
        self._answers = list(answers)

    def send(self, delivery: WebhookDelivery) -> DeliveryAttempt:
        """See WebhookTransport."""
        self.sent.append(delivery)
        if self._answers:
            return self._answers.pop(0)
        return DeliveryAttempt(delivered=True, status_code=200, error=None, may_retry=False)

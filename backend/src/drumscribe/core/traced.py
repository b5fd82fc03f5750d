"""Ports that leave the house, with a span and a count around each call."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit
from uuid import UUID

from drumscribe.core.tracing import Tracing
from drumscribe.domain.jobs import WebhookDelivery
from drumscribe.ports import DeliveryAttempt, FetchedSource, SourceFetcher, WebhookTransport


@dataclass(frozen=True, slots=True)
class TracedFetcher:
    """SourceFetcher with a span around it."""

    inner: SourceFetcher
    tracing: Tracing

    def fetch(self, url: str, folder: Path, *, checkpoint: Callable[[], None]) -> FetchedSource:
        with self.tracing.span("fetch link", kind="client", attributes={"url.full": url}):
            return self.inner.fetch(url, folder, checkpoint=checkpoint)


@dataclass(frozen=True, slots=True)
class TracedTransport:
    """WebhookTransport with a span and a count around it.

    context_of: the trace headers of the request that made a job.
    """

    inner: WebhookTransport
    tracing: Tracing
    context_of: Callable[[UUID], Mapping[str, str]]

    def send(self, delivery: WebhookDelivery) -> DeliveryAttempt:
        from drumscribe.core.metrics import count_webhook

        with self.tracing.span(
            "send webhook",
            kind="client",
            parent=self.context_of(delivery.job_id),
            attributes={
                "drumscribe.job_id": str(delivery.job_id),
                "drumscribe.webhook_id": str(delivery.id),
                "drumscribe.attempt": delivery.attempts + 1,
                "server.address": urlsplit(delivery.url).hostname,
            },
        ) as span:
            attempt = self.inner.send(delivery)
            if attempt.status_code is not None:
                span.set_attribute("http.response.status_code", attempt.status_code)
            if attempt.error is not None:
                span.set_attribute("error.type", attempt.error)
        again = "retry" if attempt.may_retry else "failed"
        count_webhook("delivered" if attempt.delivered else again)
        return attempt

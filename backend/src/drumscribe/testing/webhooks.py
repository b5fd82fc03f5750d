"""A receiver of webhooks that keeps what it was sent."""

from __future__ import annotations

from drumscribe.domain.jobs import WebhookDelivery
from drumscribe.ports import DeliveryAttempt


class FakeWebhookTransport:
    """WebhookTransport that keeps what was sent. answers: what comes of each, then success."""

    def __init__(self, *answers: DeliveryAttempt) -> None:
        self.sent: list[WebhookDelivery] = []
        self._answers = list(answers)

    def send(self, delivery: WebhookDelivery) -> DeliveryAttempt:
        self.sent.append(delivery)
        if self._answers:
            return self._answers.pop(0)
        return DeliveryAttempt(delivered=True, status_code=200, error=None, may_retry=False)

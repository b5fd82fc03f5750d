"""Sends webhooks, signed as Standard Webhooks wants it."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from typing import Any

import drumscribe
from drumscribe.domain.jobs import WebhookDelivery
from drumscribe.domain.service.webhook_signing import sign, signing_key
from drumscribe.egress.client import Egress
from drumscribe.errors import AddressUnreachable, DrumScribeError
from drumscribe.ports import DeliveryAttempt

_TOO_MANY_REQUESTS = 429


class SignedWebhooks:
    """WebhookTransport over an Egress. secret: `whsec_...`. clock: Unix seconds.

    public_url: what the paths of links begin with; None leaves them as paths.
    Raises InvalidOption if the secret is not one.
    """

    def __init__(
        self,
        egress: Egress,
        *,
        secret: str,
        public_url: str | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._egress = egress
        self._key = signing_key(secret)
        self._clock = clock
        self._public_url = (public_url or "").rstrip("/")

    def send(self, delivery: WebhookDelivery) -> DeliveryAttempt:
        body = encoded(self._with_whole_links(delivery.payload))
        timestamp = int(self._clock())
        webhook_id = str(delivery.id)
        headers = {
            "Content-Type": "application/json",
            "User-Agent": f"DrumScribe-Webhooks/{drumscribe.__version__}",
            "webhook-id": webhook_id,
            "webhook-timestamp": str(timestamp),
            "webhook-signature": sign(self._key, webhook_id, timestamp, body),
        }
        try:
            status = self._egress.post(delivery.url, body=body, headers=headers)
        except AddressUnreachable as error:
            return DeliveryAttempt(False, None, error.message, may_retry=True)
        except DrumScribeError as error:
            return DeliveryAttempt(False, None, error.message, may_retry=False)
        if 200 <= status < 300:
            return DeliveryAttempt(True, status, None, may_retry=False)
        may_retry = status >= 500 or status == _TOO_MANY_REQUESTS
        return DeliveryAttempt(False, status, f"The receiver answered {status}.", may_retry)

    def _with_whole_links(self, payload: Mapping[str, Any]) -> Mapping[str, Any]:
        data = payload.get("data")
        if not self._public_url or not isinstance(data, Mapping) or not data.get("result_url"):
            return payload
        return {**payload, "data": {**data, "result_url": self._public_url + data["result_url"]}}


def encoded(payload: Mapping[str, object]) -> bytes:
    """The body: the same bytes at every attempt."""
    return json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode()

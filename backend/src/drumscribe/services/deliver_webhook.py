"""Send the webhooks whose time has come, and decide when to try again."""

from __future__ import annotations

import logging
import math
import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from drumscribe.domain.jobs import WebhookDelivery
from drumscribe.errors import Unavailable
from drumscribe.ports import DeliveryAttempt, DeliveryStore, WebhookTransport

logger = logging.getLogger(__name__)

# After the first, second, ... attempt, in seconds: over a day, as Standard Webhooks proposes.
RETRY_DELAYS_SECONDS: Final = (5, 300, 1800, 7200, 18_000, 28_800, 36_000)
# A judgement: a slow receiver keeps others waiting, and one that has not answered by then is asked
# again.
ATTEMPT_SECONDS: Final = 10.0
_JITTER = 0.2
_LEASE_MARGIN_SECONDS = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryOptions:
    """max_attempts: over about a day. timeout_seconds: of one. batch: per call. at_once: a slow
    receiver delays few.
    """

    max_attempts: int = 8
    timeout_seconds: float = ATTEMPT_SECONDS
    batch: int = 32
    at_once: int = 8

    @property
    def lease_seconds(self) -> float:
        """Longer than a batch can take, or another process would send the same again."""
        return self.timeout_seconds * math.ceil(self.batch / self.at_once) + _LEASE_MARGIN_SECONDS


def retry_delay_seconds(attempts: int, *, chance: Callable[[], float] = random.random) -> float:
    """The pause after so many attempts (1 or more), up to a fifth longer or shorter by chance.

    The jitter keeps receivers that come back from being met by everybody at once.
    """
    base = RETRY_DELAYS_SECONDS[min(attempts, len(RETRY_DELAYS_SECONDS)) - 1]
    return base * (1 + _JITTER * (2 * chance() - 1))


def deliver_webhooks(
    deliveries: DeliveryStore,
    transport: WebhookTransport,
    *,
    options: DeliveryOptions,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    chance: Callable[[], float] = random.random,
) -> int:
    """Send what is due, once each; returns how many were tried.

    A crash between sending and recording sends again: at least once, with the same webhook-id.

    Raises StoreUnavailable if the database does not answer at the beginning.
    """
    due = deliveries.due_deliveries(limit=options.batch, lease_seconds=options.lease_seconds)
    if not due:
        return 0
    with ThreadPoolExecutor(options.at_once, thread_name_prefix="webhook") as pool:
        under_way = {pool.submit(_attempt, transport, delivery): delivery for delivery in due}
        for future in as_completed(under_way):
            delivery, attempt = under_way[future], future.result()
            next_attempt_at = None
            made = delivery.attempts + 1
            if not attempt.delivered and attempt.may_retry and made < options.max_attempts:
                pause = retry_delay_seconds(made, chance=chance)
                next_attempt_at = clock() + timedelta(seconds=pause)
            _record(deliveries, delivery, attempt, next_attempt_at)
    return len(due)


def _attempt(transport: WebhookTransport, delivery: WebhookDelivery) -> DeliveryAttempt:
    try:
        return transport.send(delivery)
    except Exception:
        # One delivery that breaks us must not hold up the others.
        logger.exception("Webhook %s could not be sent.", delivery.id)
        return DeliveryAttempt(False, None, "Something went wrong on our side.", may_retry=True)


def _record(
    deliveries: DeliveryStore,
    delivery: WebhookDelivery,
    attempt: DeliveryAttempt,
    next_attempt_at: datetime | None,
) -> None:
    outcome = "delivered" if attempt.delivered else f"not delivered: {attempt.error}"
    logger.info("Webhook %s of job %s: %s", delivery.id, delivery.job_id, outcome)
    try:
        deliveries.record_attempt(
            delivery.id,
            delivered=attempt.delivered,
            status_code=attempt.status_code,
            error=attempt.error,
            next_attempt_at=next_attempt_at,
        )
    except Unavailable as error:
        logger.warning("Webhook %s is sent again later: %s", delivery.id, error.message)

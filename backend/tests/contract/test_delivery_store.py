"""Webhook deliveries."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

from drumscribe.domain.jobs import DeliveryStatus, WebhookDelivery
from stores import Stores, complete, submit


def a_delivery(stores: Stores) -> WebhookDelivery:
    job = submit(stores, webhook_url="https://example.org/hook")
    complete(stores, job.id)
    [delivery] = stores.deliveries.deliveries(job.id)
    return delivery


def test_due_delivery_is_leased_to_one_sender(stores: Stores) -> None:
    delivery = a_delivery(stores)
    [leased] = stores.deliveries.due_deliveries(limit=5, lease_seconds=30)
    assert (leased.id, leased.attempts) == (delivery.id, 0)
    assert stores.deliveries.due_deliveries(limit=5, lease_seconds=30) == []
    stores.clock.advance(30)
    assert len(stores.deliveries.due_deliveries(limit=5, lease_seconds=30)) == 1


def test_due_deliveries_come_up_to_the_limit_oldest_first(stores: Stores) -> None:
    made = []
    for _ in range(3):
        made.append(a_delivery(stores).id)
        stores.clock.advance(1)
    first = stores.deliveries.due_deliveries(limit=2, lease_seconds=30)
    assert [delivery.id for delivery in first] == made[:2]
    rest = stores.deliveries.due_deliveries(limit=2, lease_seconds=30)
    assert [delivery.id for delivery in rest] == made[2:]


def test_attempt_that_arrived_ends_the_delivery(stores: Stores) -> None:
    delivery = a_delivery(stores)
    stores.deliveries.record_attempt(
        delivery.id, delivered=True, status_code=204, error=None, next_attempt_at=None
    )
    [after] = stores.deliveries.deliveries(delivery.job_id)
    assert (after.status, after.attempts) == (DeliveryStatus.DELIVERED, 1)
    assert (after.delivered_at, after.last_status_code) == (stores.clock(), 204)
    stores.clock.advance(3600)
    assert stores.deliveries.due_deliveries(limit=5, lease_seconds=30) == []


def test_attempt_that_failed_comes_again_at_its_time(stores: Stores) -> None:
    delivery = a_delivery(stores)
    stores.deliveries.record_attempt(
        delivery.id,
        delivered=False,
        status_code=503,
        error="busy",
        next_attempt_at=stores.clock() + timedelta(seconds=100),
    )
    assert stores.deliveries.due_deliveries(limit=5, lease_seconds=30) == []
    stores.clock.advance(100)
    [again] = stores.deliveries.due_deliveries(limit=5, lease_seconds=30)
    assert again.id == delivery.id
    assert (again.attempts, again.last_status_code, again.last_error) == (1, 503, "busy")


def test_attempt_without_a_next_one_fails_for_good_until_redelivered(stores: Stores) -> None:
    delivery = a_delivery(stores)
    stores.deliveries.record_attempt(
        delivery.id, delivered=False, status_code=410, error="gone", next_attempt_at=None
    )
    [failed] = stores.deliveries.deliveries(delivery.job_id)
    assert failed.status is DeliveryStatus.FAILED
    assert stores.jobs.stats().pending_deliveries == 0
    again = stores.deliveries.redeliver(delivery.id)
    assert again is not None
    assert (again.id, again.status, again.attempts) == (delivery.id, DeliveryStatus.PENDING, 0)
    assert len(stores.deliveries.due_deliveries(limit=5, lease_seconds=30)) == 1


def test_attempt_of_a_delivery_that_is_done_changes_nothing(stores: Stores) -> None:
    delivery = a_delivery(stores)
    for delivered in (True, False):
        stores.deliveries.record_attempt(
            delivery.id, delivered=delivered, status_code=None, error=None, next_attempt_at=None
        )
    [after] = stores.deliveries.deliveries(delivery.job_id)
    assert (after.status, after.attempts) == (DeliveryStatus.DELIVERED, 1)


def test_redeliver_of_an_unknown_delivery_is_none(stores: Stores) -> None:
    assert stores.deliveries.redeliver(uuid4()) is None


def test_job_without_an_address_makes_no_delivery(stores: Stores) -> None:
    job = complete(stores, submit(stores).id)
    assert stores.deliveries.deliveries(job.id) == []

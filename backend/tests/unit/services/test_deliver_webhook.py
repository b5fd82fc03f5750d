"""When webhooks are sent again, and when no more."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from drumscribe.domain.jobs import InputType, JobRequest, WebhookDelivery
from drumscribe.errors import InvalidRequest, StoreUnavailable
from drumscribe.ports import DeliveryAttempt
from drumscribe.services.deliver_webhook import (
    DeliveryOptions,
    deliver_webhooks,
    retry_delay_seconds,
)
from drumscribe.services.submit_job import SubmitOptions, submit_job
from drumscribe.testing import FakeDoorbell, FakeWebhookTransport, MemoryStorage
from stores import Stores, new_stores

OPTIONS = DeliveryOptions(max_attempts=4, timeout_seconds=10)
BUSY = DeliveryAttempt(False, 503, "busy", may_retry=True)
GONE = DeliveryAttempt(False, 404, "not here", may_retry=False)


class World:
    """A store with jobs that have just been cancelled, each with a webhook."""

    def __init__(self, stores: Stores, *, jobs: int = 1) -> None:
        self.clock, self.jobs, self.deliveries = stores.clock, stores.jobs, stores.deliveries
        self.job_ids = [self._ended_job() for _ in range(jobs)]

    def _ended_job(self) -> UUID:
        request = JobRequest(
            input_type=InputType.YOUTUBE, title="Song", webhook_url="https://example.org/hook"
        )
        job, _ = self.jobs.submit(uuid4(), "owner", request, None, max_active=100)
        self.jobs.request_cancel(job.id, expires_at=self.clock())
        return job.id

    def deliver(self, transport: FakeWebhookTransport, *, chance: float = 0.5) -> int:
        return deliver_webhooks(
            self.deliveries, transport, options=OPTIONS, clock=self.clock, chance=lambda: chance
        )

    def only_delivery(self) -> WebhookDelivery:
        [delivery] = self.deliveries.deliveries(self.job_ids[0])
        return delivery


@pytest.fixture
def stores(tmp_path: Path) -> Iterator[Stores]:
    with new_stores(tmp_path) as stores:
        yield stores


def test_delivery_that_arrives_is_sent_once(stores: Stores) -> None:
    world, transport = World(stores), FakeWebhookTransport()
    assert world.deliver(transport) == 1
    world.clock.advance(86_400)
    assert world.deliver(transport) == 0
    assert world.only_delivery().status == "delivered"


def test_delivery_to_a_busy_receiver_is_retried_on_schedule_until_given_up(
    stores: Stores,
) -> None:
    world, transport = World(stores), FakeWebhookTransport(*[BUSY] * 9)
    pauses = []
    world.deliver(transport)
    while (next_at := world.only_delivery().next_attempt_at) is not None:
        pauses.append((next_at - world.clock()).total_seconds())
        world.clock.advance(pauses[-1] - 1)
        assert world.deliver(transport) == 0
        world.clock.advance(1)
        assert world.deliver(transport) == 1
    assert pauses == [5, 300, 1800]
    assert (world.only_delivery().status, world.only_delivery().attempts) == ("failed", 4)
    assert len({delivery.id for delivery in transport.sent}) == 1


def test_delivery_that_cannot_succeed_is_not_retried(stores: Stores) -> None:
    world, transport = World(stores), FakeWebhookTransport(GONE)
    world.deliver(transport)
    delivery = world.only_delivery()
    assert (delivery.status, delivery.next_attempt_at) == ("failed", None)
    assert (delivery.last_status_code, delivery.last_error) == (404, "not here")


def test_delivery_that_breaks_the_sender_holds_up_no_other(stores: Stores) -> None:
    class Broken(FakeWebhookTransport):
        def send(self, delivery: WebhookDelivery) -> DeliveryAttempt:
            if delivery.job_id == world.job_ids[0]:
                raise RuntimeError("broken")
            return super().send(delivery)

    world = World(stores, jobs=3)
    transport = Broken()
    assert world.deliver(transport) == 3
    assert len(transport.sent) == 2
    assert world.only_delivery().next_attempt_at is not None


def test_delivery_that_cannot_be_recorded_comes_again(
    stores: Stores, monkeypatch: pytest.MonkeyPatch
) -> None:
    world, transport = World(stores), FakeWebhookTransport()

    def unavailable(*_: object, **__: object) -> None:
        raise StoreUnavailable("The database does not answer.")

    with monkeypatch.context() as outage:
        outage.setattr(world.deliveries, "record_attempt", unavailable)
        world.deliver(transport)
    assert world.deliver(transport) == 0
    world.clock.advance(OPTIONS.lease_seconds)
    assert world.deliver(transport) == 1
    assert transport.sent[0].id == transport.sent[1].id


def test_retry_delays_span_a_day_and_vary_by_a_fifth() -> None:
    total = sum(retry_delay_seconds(n, chance=lambda: 0.5) for n in range(1, 8))
    assert 24 <= total / 3600 <= 28
    assert retry_delay_seconds(2, chance=lambda: 0.0) == pytest.approx(240)
    assert retry_delay_seconds(2, chance=lambda: 1.0) == pytest.approx(360)
    assert retry_delay_seconds(50, chance=lambda: 0.5) == 36_000


@pytest.mark.parametrize(
    ("url", "allow_http"), [("http://example.org/", False), ("https://a:b@example.org/", True)]
)
def test_submit_with_a_webhook_that_may_not_be_called_is_refused(
    stores: Stores, url: str, allow_http: bool
) -> None:
    request = JobRequest(input_type=InputType.YOUTUBE, title="Song", webhook_url=url)
    with pytest.raises(InvalidRequest):
        submit_job(
            stores.jobs,
            MemoryStorage(),
            FakeDoorbell(),
            owner="owner",
            request=request,
            upload=None,
            options=SubmitOptions(
                max_active=3, max_upload_bytes=1000, allow_http_webhooks=allow_http
            ),
        )
    assert stores.jobs.list_jobs("owner", cursor=None, limit=1).jobs == ()

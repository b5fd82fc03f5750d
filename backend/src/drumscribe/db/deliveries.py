"""The webhook deliveries on SQL."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, select, update

from drumscribe.db.clock import Clock, utc_now
from drumscribe.db.engine import reading, writing
from drumscribe.db.job_store.rows import delivery_from_row
from drumscribe.db.tables import webhook_deliveries
from drumscribe.domain.jobs import DeliveryStatus, WebhookDelivery

_IS_PENDING = webhook_deliveries.c.status == DeliveryStatus.PENDING


class SqlDeliveryStore:
    """DeliveryStore on SQLite or PostgreSQL."""

    def __init__(self, engine: Engine, *, clock: Clock = utc_now) -> None:
        self._engine = engine
        self._clock = clock

    def due_deliveries(self, *, limit: int, lease_seconds: float) -> list[WebhookDelivery]:
        now = self._clock()
        is_due = (_IS_PENDING, webhook_deliveries.c.next_attempt_at <= now)
        with reading(self._engine) as connection:
            if connection.execute(select(webhook_deliveries.c.id).where(*is_due)).first() is None:
                return []
        with writing(self._engine) as connection:
            chosen = (
                select(webhook_deliveries.c.id)
                .where(*is_due)
                .order_by(webhook_deliveries.c.next_attempt_at)
                .limit(limit)
                .with_for_update(skip_locked=True)
            )
            ids = connection.execute(chosen).scalars().all()
            leased = connection.execute(
                update(webhook_deliveries)
                .where(webhook_deliveries.c.id.in_(ids), *is_due)
                .values(next_attempt_at=now + timedelta(seconds=lease_seconds))
                .returning(*webhook_deliveries.c)
            ).mappings()
            deliveries = [delivery_from_row(row) for row in leased]
        return sorted(deliveries, key=lambda delivery: (delivery.created_at, delivery.id))

    def record_attempt(
        self,
        delivery_id: UUID,
        *,
        delivered: bool,
        status_code: int | None,
        error: str | None,
        next_attempt_at: datetime | None,
    ) -> None:
        values: dict[str, Any] = {
            "attempts": webhook_deliveries.c.attempts + 1,
            "last_status_code": status_code,
            "last_error": error,
            "next_attempt_at": None if delivered else next_attempt_at,
        }
        if delivered:
            values |= {"status": DeliveryStatus.DELIVERED.value, "delivered_at": self._clock()}
        elif next_attempt_at is None:
            values |= {"status": DeliveryStatus.FAILED.value}
        with writing(self._engine) as connection:
            connection.execute(
                update(webhook_deliveries)
                .where(webhook_deliveries.c.id == delivery_id, _IS_PENDING)
                .values(**values)
            )

    def deliveries(self, job_id: UUID) -> list[WebhookDelivery]:
        statement = (
            select(webhook_deliveries)
            .where(webhook_deliveries.c.job_id == job_id)
            .order_by(webhook_deliveries.c.created_at, webhook_deliveries.c.id)
        )
        with reading(self._engine) as connection:
            return [delivery_from_row(row) for row in connection.execute(statement).mappings()]

    def redeliver(self, delivery_id: UUID) -> WebhookDelivery | None:
        statement = (
            update(webhook_deliveries)
            .where(webhook_deliveries.c.id == delivery_id)
            .values(
                status=DeliveryStatus.PENDING.value,
                attempts=0,
                next_attempt_at=self._clock(),
                delivered_at=None,
            )
            .returning(*webhook_deliveries.c)
        )
        with writing(self._engine) as connection:
            row = connection.execute(statement).mappings().one_or_none()
        return None if row is None else delivery_from_row(row)

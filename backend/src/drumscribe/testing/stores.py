"""Webhook deliveries and API keys in memory."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from drumscribe.domain.jobs import ApiKey, DeliveryStatus, WebhookDelivery
from drumscribe.testing.memory import MemoryDatabase

USE_IS_NOTED_EVERY = timedelta(minutes=1)


class MemoryDeliveryStore:
    """DeliveryStore over the database of a MemoryJobStore."""

    def __init__(self, database: MemoryDatabase) -> None:
        self._database = database

    def due_deliveries(self, *, limit: int, lease_seconds: float) -> list[WebhookDelivery]:
        """See DeliveryStore."""
        db = self._database
        with db.lock:
            now = db.clock()
            due = [
                (delivery.next_attempt_at, delivery)
                for delivery in db.deliveries.values()
                if delivery.status is DeliveryStatus.PENDING
                and delivery.next_attempt_at is not None
                and delivery.next_attempt_at <= now
            ]
            due.sort(key=lambda pair: pair[0])
            lease = now + timedelta(seconds=lease_seconds)
            leased = [replace(delivery, next_attempt_at=lease) for _, delivery in due[:limit]]
            db.deliveries.update({delivery.id: delivery for delivery in leased})
            return sorted(leased, key=lambda delivery: (delivery.created_at, delivery.id))

    def record_attempt(
        self,
        delivery_id: UUID,
        *,
        delivered: bool,
        status_code: int | None,
        error: str | None,
        next_attempt_at: datetime | None,
    ) -> None:
        """See DeliveryStore."""
        db = self._database
        with db.lock:
            old = db.deliveries.get(delivery_id)
            if old is None or old.status is not DeliveryStatus.PENDING:
                return
            status = DeliveryStatus.PENDING if next_attempt_at else DeliveryStatus.FAILED
            db.deliveries[delivery_id] = replace(
                old,
                attempts=old.attempts + 1,
                last_status_code=status_code,
                last_error=error,
                status=DeliveryStatus.DELIVERED if delivered else status,
                next_attempt_at=None if delivered else next_attempt_at,
                delivered_at=db.clock() if delivered else None,
            )

    def deliveries(self, job_id: UUID) -> list[WebhookDelivery]:
        """See DeliveryStore."""
        with self._database.lock:
            found = [d for d in self._database.deliveries.values() if d.job_id == job_id]
        return sorted(found, key=lambda delivery: (delivery.created_at, delivery.id))

    def redeliver(self, delivery_id: UUID) -> WebhookDelivery | None:
        """See DeliveryStore."""
        db = self._database
        with db.lock:
            old = db.deliveries.get(delivery_id)
            if old is None:
                return None
            db.deliveries[delivery_id] = replace(
                old,
                status=DeliveryStatus.PENDING,
                attempts=0,
                next_attempt_at=db.clock(),
                delivered_at=None,
            )
            return db.deliveries[delivery_id]


class MemoryApiKeyStore:
    """ApiKeyStore in memory."""

    def __init__(self, database: MemoryDatabase | None = None) -> None:
        self._database = database or MemoryDatabase()

    def add_key(self, key: ApiKey) -> None:
        """See ApiKeyStore."""
        with self._database.lock:
            self._database.keys[key.id] = key

    def find_key(self, key_hash: str) -> ApiKey | None:
        """See ApiKeyStore."""
        db = self._database
        with db.lock:
            now = db.clock()
            for key in db.keys.values():
                if key.key_hash == key_hash and key.revoked_at is None:
                    last = key.last_used_at
                    if last is None or now - last >= USE_IS_NOTED_EVERY:
                        db.keys[key.id] = replace(key, last_used_at=now)
                    return db.keys[key.id]
        return None

    def keys(self) -> list[ApiKey]:
        """See ApiKeyStore."""
        with self._database.lock:
            found = list(self._database.keys.values())
        return sorted(found, key=lambda key: (key.created_at, key.id))

    def revoke_key(self, key_id: UUID) -> bool:
        """See ApiKeyStore."""
        db = self._database
        with db.lock:
            key = db.keys.get(key_id)
            if key is None or key.revoked_at is not None:
                return False
            db.keys[key_id] = replace(key, revoked_at=db.clock())
            return True

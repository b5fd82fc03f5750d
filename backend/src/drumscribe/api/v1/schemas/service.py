"""The service itself: its limits, its health, its webhook deliveries."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, Field

from drumscribe.api.v1.schemas.common import example
from drumscribe.domain.jobs import WebhookDelivery


class DeliveryOut(BaseModel):
    """One webhook delivery."""

    model_config = example(
        {
            "id": "0d9e8c7b-6a5f-4e3d-8c2b-1a0f9e8d7c6b", "event": "job.completed",
            "url": "https://example.org/drumscribe", "status": "delivered", "attempts": 1,
            "created_at": "2026-11-21T04:13:30Z", "next_attempt_at": None,
            "delivered_at": "2026-11-21T04:13:31Z", "last_status_code": 204, "last_error": None,
        }
    )  # fmt: skip

    id: UUID
    event: str
    url: str
    status: str
    attempts: int
    created_at: datetime
    next_attempt_at: datetime | None
    delivered_at: datetime | None
    last_status_code: int | None
    last_error: str | None

    @classmethod
    def of(cls, delivery: WebhookDelivery) -> DeliveryOut:
        """The wire form of a delivery."""
        return cls(
            id=delivery.id,
            event=delivery.event,
            url=delivery.url,
            status=delivery.status.value,
            attempts=delivery.attempts,
            created_at=delivery.created_at,
            next_attempt_at=delivery.next_attempt_at,
            delivered_at=delivery.delivered_at,
            last_status_code=delivery.last_status_code,
            last_error=delivery.last_error,
        )


class LimitsOut(BaseModel):
    """What is accepted here, so that a page can say so before anything is uploaded."""

    max_file_size_bytes: int
    min_duration_seconds: float
    max_duration_seconds: float
    max_active_jobs: int = Field(description="Of one owner, at the same time.")
    retention_hours: float = Field(
        description="How long files are kept after a job has ended; 0: until it is deleted."
    )
    share_by_link: bool = Field(description="Whether whoever knows a job's id may read it.")
    links_enabled: bool = Field(description="Whether links to videos are accepted.")
    sound_links_enabled: bool = Field(description="Whether links to sound files are accepted.")
    separation: Literal["ready", "after_download", "off"] = Field(
        description="Whether drums can be taken out of the mix: at once, after the model has been "
        "fetched, or not at all."
    )
    separation_download_bytes: int = Field(description="Size of the model that is fetched for it.")
    separation_licence: str = Field(description="The terms of that model, in a few words.")


class CheckOut(BaseModel):
    """State of one thing that the service stands on."""

    status: Literal["ok", "missing", "failed"]
    detail: str


class HealthOut(BaseModel):
    """State of the whole: ok, degraded (something optional is missing) or failed."""

    status: Literal["ok", "degraded", "failed"]
    version: str
    checks: dict[str, CheckOut]

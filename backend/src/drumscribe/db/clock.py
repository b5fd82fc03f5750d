"""The time that the stores go by."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
"""Gives the present as an aware datetime in UTC."""


def utc_now() -> datetime:
    """The clock of the real world."""
    return datetime.now(UTC)

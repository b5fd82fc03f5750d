"""Opaque cursors of lists: the place of the last row that was seen."""

from __future__ import annotations

import base64
import binascii
from datetime import UTC, datetime, timedelta
from uuid import UUID

from drumscribe.errors import InvalidCursor

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TIME_BYTES = 8
_UUID_BYTES = 16


def encode_cursor(created_at: datetime, job_id: UUID) -> str:
    """The place right after this job in a list that is sorted by creation."""
    microseconds = (created_at - _EPOCH) // timedelta(microseconds=1)
    place = microseconds.to_bytes(_TIME_BYTES) + job_id.bytes
    return base64.urlsafe_b64encode(place).decode()


def decode_cursor(cursor: str) -> tuple[datetime, UUID]:
    """What encode_cursor was given. Raises InvalidCursor."""
    try:
        place = base64.b64decode(cursor.encode("ascii"), altchars=b"-_", validate=True)
        if len(place) != _TIME_BYTES + _UUID_BYTES:
            raise ValueError(f"{len(place)} bytes")
        microseconds = int.from_bytes(place[:_TIME_BYTES])
        created_at = _EPOCH + timedelta(microseconds=microseconds)
        return created_at, UUID(bytes=place[_TIME_BYTES:])
    except (ValueError, OverflowError, binascii.Error) as error:
        raise InvalidCursor("The cursor is not one that a list of jobs gave.") from error

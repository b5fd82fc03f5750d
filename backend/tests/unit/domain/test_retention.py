"""How long files are kept."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from drumscribe.domain.service.retention import FOR_GOOD, Retention

NOW = datetime(2026, 5, 2, 12, tzinfo=UTC)


def test_until_is_hours_after_the_end() -> None:
    assert Retention(36).until(NOW) == NOW + timedelta(hours=36)


def test_until_for_good_is_never() -> None:
    assert FOR_GOOD.is_for_good
    assert FOR_GOOD.until(NOW) is None


def test_negative_hours_are_refused() -> None:
    with pytest.raises(ValueError, match="0 hours"):
        Retention(-1)

"""How long the files of an ended job are kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Retention:
    """hours: after the end of the job; 0 keeps its files until somebody deletes it."""

    hours: float

    def __post_init__(self) -> None:
        if self.hours < 0:
            raise ValueError(f"Files are kept 0 hours (for good) or longer, not {self.hours:g}.")

    @property
    def is_for_good(self) -> bool:
        return self.hours == 0

    def until(self, now: datetime) -> datetime | None:
        """When the files of a job that ends now may go; None: never."""
        return None if self.is_for_good else now + timedelta(hours=self.hours)


FOR_GOOD = Retention(0)

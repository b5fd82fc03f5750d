"""A doorbell that wakes nobody."""

from __future__ import annotations

from uuid import UUID

from drumscribe.domain.jobs import Step
from drumscribe.errors import QueueUnavailable


class FakeDoorbell:
    """Doorbell that keeps what was rung.

    is_broken: nobody can be woken. unheard: rings that wait in each queue.
    """

    def __init__(self, *, is_broken: bool = False, unheard: int | None = None) -> None:
        self.unheard = unheard
        self.rings: list[tuple[Step, UUID]] = []
        self.is_broken = is_broken

    def ring(self, step: Step, job_id: UUID) -> None:
        self.ping()
        self.rings.append((step, job_id))

    def ping(self) -> None:
        if self.is_broken:
            raise QueueUnavailable("The message queue does not answer.")

    def waiting(self, queue: str) -> int | None:
        return self.unheard

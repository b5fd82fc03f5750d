"""Hold a lease while a step runs: renew it, report progress, hear of cancelling."""

from __future__ import annotations

import logging
import threading
import time
from types import TracebackType

from drumscribe.domain.jobs import Claim, Heartbeat
from drumscribe.errors import Cancelled, LeaseLost, Unavailable
from drumscribe.ports import JobWork

logger = logging.getLogger(__name__)

# Shorter than lease/3 where leases are long, so that progress moves and a cancel is heard soon.
_LONGEST_PAUSE_SECONDS = 2.0


class LeaseKeeper:
    """A thread that keeps a claim alive while the context is open.

    progress: percent of the whole job; written by the step, sent with each heartbeat.
    """

    def __init__(self, jobs: JobWork, claim: Claim, *, lease_seconds: float) -> None:
        self._jobs = jobs
        self._claim = claim
        self._lease_seconds = lease_seconds
        self._pause_seconds = min(lease_seconds / 3.0, _LONGEST_PAUSE_SECONDS)
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._keep, name="lease", daemon=True)
        self._state = Heartbeat.HELD
        self.progress = claim.job.progress

    def __enter__(self) -> LeaseKeeper:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._is_over.set()
        self._thread.join()

    def check(self) -> None:
        """Raise Cancelled or LeaseLost if the last heartbeat said so."""
        if self._state is Heartbeat.CANCEL_REQUESTED:
            raise Cancelled("The job was cancelled.")
        if self._state is Heartbeat.LOST:
            raise LeaseLost("Another worker has taken this step over.")

    def _keep(self) -> None:
        ends = time.monotonic() + self._lease_seconds
        while not self._is_over.wait(self._pause_seconds):
            asked = time.monotonic()
            try:
                answer = self._jobs.heartbeat(
                    self._claim, lease_seconds=self._lease_seconds, progress=self.progress
                )
            except Unavailable as error:
                logger.warning("The lease could not be renewed: %s", error.message)
                answer = self._state
                if time.monotonic() >= ends:
                    answer = Heartbeat.LOST
            except Exception:
                # A thread that died silently would let the lease run out while the step goes on.
                logger.exception("The lease could not be renewed.")
                answer = Heartbeat.LOST
            else:
                ends = asked + self._lease_seconds
            self._state = answer
            if answer is Heartbeat.LOST:
                return

"""The RunContext of a step: progress into the job's row, checkpoints that hear of the outside."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Final

from drumscribe.domain.jobs import Step
from drumscribe.errors import OutputError, StepTimeout, WorkerStopping
from drumscribe.services.steps.lease_keeper import LeaseKeeper
from drumscribe.services.steps.scratch import scratch_folder

# Of the part in which a model is fetched, which happens once: htdemucs at 8 MB/s, against what it
# then takes for a song of four minutes on two cores.
_FETCH_SHARE: Final = 0.1


class StepContext:
    """Use as a context manager; the scratch folder is deleted on leaving.

    should_stop: True when this worker is to end; a checkpoint then raises WorkerStopping.
    in_between: called at every checkpoint; may do something else, and returns the seconds that it
        took, which are not counted as this step's.
    """

    def __init__(
        self,
        step: Step,
        keeper: LeaseKeeper,
        *,
        scratch_root: Path,
        time_limit_seconds: float,
        should_stop: Callable[[], bool],
        in_between: Callable[[], float] | None = None,
    ) -> None:
        self._keeper = keeper
        self._scratch_root = scratch_root
        self._scratch: Path | None = None
        self._at_the_end = ExitStack()
        self._time_limit_seconds = time_limit_seconds
        self._deadline = time.monotonic() + time_limit_seconds
        self._should_stop = should_stop
        self._in_between = in_between
        self.other_seconds = 0.0
        self._span = step.progress_span
        self._part = self._whole_part = (0.0, 1.0)

    def __enter__(self) -> StepContext:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._at_the_end.close()

    @property
    def scratch_dir(self) -> Path:
        if self._scratch is None:
            try:
                folder = scratch_folder(self._scratch_root)
                self._scratch = self._at_the_end.enter_context(folder)
            except OSError as error:
                raise OutputError(
                    f"Cannot work in {self._scratch_root}: {error.strerror}."
                ) from error
        return self._scratch

    def begin_part(self, start: float, end: float) -> None:
        """The following progress, 0..1, is the part start..end of the step."""
        self.checkpoint()
        self._part = self._whole_part = (start, end)
        self.progress(0.0)

    def fetched(self, fraction: float) -> None:
        """So much of a missing model is here, 0..1: the beginning of the part that has begun.

        What the part is for is the rest of it. Raises what checkpoint raises.
        """
        self.checkpoint()
        start, end = self._whole_part
        here = start + _FETCH_SHARE * (end - start)
        self._part = (start, here)
        self.progress(fraction)
        self._part = (here, end)

    def progress(self, fraction: float) -> None:
        start, end = self._part
        done = start + (end - start) * min(1.0, max(0.0, fraction))
        low, high = self._span
        self._keeper.progress = max(self._keeper.progress, int(low + (high - low) * done))

    def checkpoint(self) -> None:
        self._keeper.check()
        if self._should_stop():
            raise WorkerStopping("The worker is about to stop.")
        if self._in_between is not None:
            took = self._in_between()
            self.other_seconds += took
            self._deadline += took
        if time.monotonic() > self._deadline:
            raise StepTimeout(f"The step took longer than {self._time_limit_seconds:g} s.")

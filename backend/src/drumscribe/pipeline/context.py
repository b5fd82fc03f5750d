"""Implementations of domain.context.RunContext."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from drumscribe.errors import Cancelled


class LocalContext:
    """A run inside this process: a temporary scratch folder, a callback for progress.

    Use as a context manager; the scratch folder is deleted on leaving.

    on_progress: called as on_progress(stage, fraction) with fraction in 0..1.
    is_cancelled: polled at every checkpoint; True raises Cancelled.
    """

    def __init__(
        self,
        *,
        on_progress: Callable[[str, float], None] | None = None,
        is_cancelled: Callable[[], bool] | None = None,
        scratch_root: Path | None = None,
    ) -> None:
        self._on_progress = on_progress
        self._is_cancelled = is_cancelled
        self._scratch_root = scratch_root
        self._scratch: Path | None = None
        self._stage = ""

    def __enter__(self) -> LocalContext:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._scratch is not None:
            shutil.rmtree(self._scratch, ignore_errors=True)
            self._scratch = None

    @property
    def scratch_dir(self) -> Path:
        if self._scratch is None:
            self._scratch = Path(tempfile.mkdtemp(prefix="drumscribe-", dir=self._scratch_root))
        return self._scratch

    def begin(self, stage: str) -> None:
        """Name the stage that the following progress belongs to."""
        self.checkpoint()
        self._stage = stage
        self.progress(0.0)

    def progress(self, fraction: float) -> None:
        if self._on_progress is not None:
            self._on_progress(self._stage, min(1.0, max(0.0, fraction)))

    def checkpoint(self) -> None:
        if self._is_cancelled is not None and self._is_cancelled():
            raise Cancelled("The run was cancelled.")

"""What a long stage needs from whoever runs it: a way to report, to stop, and a place to work."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol


class RunContext(Protocol):
    """Handed to every stage; pipeline.context has the implementations.

    Stages call checkpoint() at least once per chunk of work (every few seconds) and progress()
    with the share of their own work that is done.
    """

    @property
    def scratch_dir(self) -> Path:
        """A folder for large intermediate files; its owner deletes it."""
        ...

    def progress(self, fraction: float) -> None:
        """Report the share of this stage that is done, 0..1."""
        ...

    def checkpoint(self) -> None:
        """Raise (Cancelled, KeyboardInterrupt, ...) if the run shall not go on."""
        ...

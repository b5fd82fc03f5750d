"""Engravers run under limits: what each may use, and its failures as ours."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from drumscribe.confined import running
from drumscribe.confined.running import Finished, NotStarted, ResourceLimits, TookTooLong
from drumscribe.errors import EngravingFailed

__all__ = ["Finished", "run_confined"]

# Of one engraver; a caller may ask for others.
MEMORY_BYTES: Final = 1 << 30
CPU_SECONDS: Final = 60
FILE_BYTES: Final = 20 << 20


def run_confined(
    command: Sequence[str],
    folder: Path,
    *,
    timeout_seconds: float,
    environment: dict[str, str] | None = None,
    memory_bytes: int = MEMORY_BYTES,
) -> Finished:
    """Run a program in `folder` with 1 GB of memory, 60 s of CPU and files of at most 20 MB.

    command: absolute path of the program and its arguments.
    folder: private to this run; it is the working, home and temporary folder of the program.
    environment: added to the minimal one that the program gets.
    Raises EngravingFailed after timeout_seconds, having killed the program and its children.
    """
    limits = ResourceLimits(
        memory_bytes=memory_bytes, cpu_seconds=CPU_SECONDS, file_bytes=FILE_BYTES
    )
    name = Path(command[0]).stem
    try:
        return running.run_confined(
            command,
            folder,
            limits=limits,
            timeout_seconds=timeout_seconds,
            environment=environment,
            log_name="engraver.log",
        )
    except NotStarted as error:
        raise EngravingFailed(f"{name} cannot be started: {error}.") from None
    except TookTooLong:
        raise EngravingFailed(f"{name} took longer than {timeout_seconds:g} seconds.") from None

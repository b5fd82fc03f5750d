"""Programs of others, run with little: no shell, own session, limits, a private folder.

On systems without resource limits (Windows) the time limit alone holds.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from drumscribe.errors import EngravingFailed

_MEMORY_BYTES = 1 << 30
_CPU_SECONDS = 60
_FILE_BYTES = 20 << 20
_LOG_BYTES = 64 << 10

# Sets the limits in the child itself and becomes the program: preexec_fn is not safe in a process
# that has threads.
_LIMITER = (
    "import os,resource as r,sys;"
    "m,c,f=map(int,sys.argv[1:4]);"
    "r.setrlimit(r.RLIMIT_AS,(m,m));r.setrlimit(r.RLIMIT_CPU,(c,c));"
    "r.setrlimit(r.RLIMIT_FSIZE,(f,f));r.setrlimit(r.RLIMIT_CORE,(0,0));"
    "os.execv(sys.argv[4],sys.argv[4:])"
)


@dataclass(frozen=True, slots=True)
class Finished:
    """exit_code: negative where a signal ended it. log: standard output and error, its end."""

    exit_code: int
    log: str


def run_confined(
    command: Sequence[str],
    folder: Path,
    *,
    timeout_seconds: float,
    environment: dict[str, str] | None = None,
    memory_bytes: int = _MEMORY_BYTES,
) -> Finished:
    """Run a program in `folder` with 1 GB of memory, 60 s of CPU and files of at most 20 MB.

    command: absolute path of the program and its arguments.
    folder: private to this run; it is the working, home and temporary folder of the program.
    environment: added to the minimal one that the program gets.
    Raises EngravingFailed after timeout_seconds, having killed the program and its children.
    """
    limited = list(command)
    if sys.platform != "win32":
        limits = [str(memory_bytes), str(_CPU_SECONDS), str(_FILE_BYTES)]
        limited = [sys.executable, "-I", "-S", "-c", _LIMITER, *limits, *limited]
    log = folder / "engraver.log"
    name = Path(command[0]).stem
    with log.open("wb") as sink:
        try:
            process = subprocess.Popen(
                limited,
                cwd=folder,
                env=_environment(folder) | (environment or {}),
                stdin=subprocess.DEVNULL,
                stdout=sink,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        except OSError as error:
            raise EngravingFailed(f"{name} cannot be started: {error.strerror}.") from None
        try:
            exit_code = process.wait(timeout=timeout_seconds)
        except subprocess.TimeoutExpired:
            raise EngravingFailed(f"{name} took longer than {timeout_seconds:g} seconds.") from None
        finally:
            # Whatever happened (also Ctrl-C here): nothing of the group stays behind.
            _kill_group(process)
    with log.open("rb") as said:
        said.seek(max(0, log.stat().st_size - _LOG_BYTES))
        return Finished(exit_code, said.read().decode("utf-8", "replace"))


def _environment(folder: Path) -> dict[str, str]:
    kept = {k: os.environ[k] for k in ("PATH", "SYSTEMROOT") if k in os.environ}
    return kept | {
        "HOME": str(folder),
        "TMPDIR": str(folder),
        "TEMP": str(folder),
        "TMP": str(folder),
        "LANG": "C.UTF-8",
        "LC_ALL": "C.UTF-8",
    }


def _kill_group(process: subprocess.Popen[bytes]) -> None:
    if sys.platform == "win32":
        process.kill()
    else:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()

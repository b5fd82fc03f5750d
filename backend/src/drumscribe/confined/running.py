"""Programs and children that strangers' input could break, run with little: no shell, own session,
limits, a minimal environment, a private folder.

On systems without resource limits (Windows) the time limit alone holds; macOS knows no limit of
memory.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

LOG_BYTES: Final = 64 << 10
_WATCH_SECONDS: Final = 0.1

# Sets the limits in the child itself and becomes the program: preexec_fn is not safe in a process
# that has threads. What is written in Python runs in the interpreter that is there already. On
# Linux the program also ends with its parent, however that dies (PR_SET_PDEATHSIG = 1), and gains
# no rights by set-uid files (PR_SET_NO_NEW_PRIVS = 38). The limit of CPU time first sends SIGXCPU,
# and SIGKILL a second later to who does not listen.
_LIMITER: Final = """
import os, resource as r, sys
memory, cpu, size = map(int, sys.argv[1:4])
if sys.platform == "linux":
    import ctypes
    prctl = ctypes.CDLL(None).prctl
    prctl(38, 1, 0, 0, 0)
    prctl(1, 9, 0, 0, 0)
if sys.platform != "darwin":
    r.setrlimit(r.RLIMIT_AS, (memory, memory))
r.setrlimit(r.RLIMIT_CPU, (cpu, cpu + 1))
r.setrlimit(r.RLIMIT_FSIZE, (size, size))
r.setrlimit(r.RLIMIT_CORE, (0, 0))
sys.argv = sys.argv[4:]
if not sys.argv[0].endswith(".py"):
    os.execv(sys.argv[0], sys.argv)
with open(sys.argv[0], encoding="utf-8") as file:
    program = compile(file.read(), sys.argv[0], "exec")
exec(program, {"__name__": "__main__"})
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceLimits:
    """memory_bytes: address space. cpu_seconds: of all its threads. file_bytes: of each file."""

    memory_bytes: int
    cpu_seconds: int
    file_bytes: int


@dataclass(frozen=True, slots=True)
class Finished:
    """exit_code: negative where a signal ended it. log: standard output and error, its end."""

    exit_code: int
    log: str


class NotStarted(Exception):
    """The program cannot be started; the message says why."""


class TookTooLong(Exception):
    """The program ran into the time limit and was killed."""


def run_confined(
    command: Sequence[str],
    folder: Path,
    *,
    limits: ResourceLimits,
    timeout_seconds: float | None = None,
    environment: Mapping[str, str] | None = None,
    log_name: str = "program.log",
    while_running: Callable[[], None] = lambda: None,
) -> Finished:
    """Run a program in `folder` and wait for it; nothing of its session is left when this returns.

    command: absolute path of the program and its arguments. A file NAME.py is run by Python without
        the environment's packages; it is told where to find those that it needs.
    folder: private to this run; it is the working, home and temporary folder of the program.
    environment: added to the minimal one that the program gets; no secrets of this process are.
    while_running: called ten times a second; the program is killed if it raises.

    Raises NotStarted, TookTooLong (timeout_seconds), and what while_running raises.
    """
    python = [sys.executable, "-I", "-S"]
    if sys.platform != "win32":
        numbers = [str(limits.memory_bytes), str(limits.cpu_seconds), str(limits.file_bytes)]
        limited = [*python, "-c", _LIMITER, *numbers, *command]
    else:
        limited = [*(python if command[0].endswith(".py") else ()), *command]
    log = folder / log_name
    with log.open("wb") as sink:
        try:
            process = subprocess.Popen(
                limited,
                cwd=folder,
                env=minimal_environment(folder) | dict(environment or {}),
                stdin=subprocess.DEVNULL,
                stdout=sink,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        except OSError as error:
            raise NotStarted(error.strerror or str(error)) from None
        try:
            exit_code = _wait(process, timeout_seconds, while_running)
        finally:
            # Whatever happened (also Ctrl-C here): nothing of the group stays behind.
            _kill_group(process)
    with log.open("rb") as said:
        said.seek(max(0, log.stat().st_size - LOG_BYTES))
        return Finished(exit_code, said.read().decode("utf-8", "replace"))


def _wait(
    process: subprocess.Popen[bytes],
    timeout_seconds: float | None,
    while_running: Callable[[], None],
) -> int:
    deadline = None if timeout_seconds is None else time.monotonic() + timeout_seconds
    while True:
        try:
            return process.wait(timeout=_WATCH_SECONDS)
        except subprocess.TimeoutExpired:
            if deadline is not None and time.monotonic() > deadline:
                raise TookTooLong from None
        while_running()


def minimal_environment(folder: Path) -> dict[str, str]:
    """PATH and a home; nothing else of this process's environment, which may hold secrets."""
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

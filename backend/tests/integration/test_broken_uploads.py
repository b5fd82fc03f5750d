"""Clients that go away while they are sending, and errors that nobody expected: a line each."""

from __future__ import annotations

import logging
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from api_client import JOBS, make_api, problem_of
from service_fixtures import free_port
from service_processes import Command, wait_for

CLIENTS = 60
_HEAD = (
    "POST /api/v1/jobs HTTP/1.1\r\nHost: localhost\r\nContent-Length: 400000\r\n"
    "Content-Type: multipart/form-data; boundary=b\r\n\r\n"
    '--b\r\nContent-Disposition: form-data; name="file"; filename="a.wav"\r\n\r\n'
)


@pytest.fixture(params=["console", "json"])
def serving(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Command, int]]:
    port = free_port()
    environment = {
        "DATA_DIR": str(tmp_path / "data"),
        "WEB_ROOT": str(tmp_path / "no-page"),
        "API_PORT": str(port),
        "LOG_FORMAT": request.param,
        "CREATE_LIMIT_PER_MINUTE": "0",
        "RATE_LIMIT_PER_MINUTE": "0",
    }
    command = Command("serve", "--no-workers", environment=environment, log=tmp_path / "log")
    wait_for(lambda: "DrumScribe runs on" in command.output(), "the API")
    yield command, port
    command.kill()


def test_uploads_that_are_broken_off_are_one_line_each(serving: tuple[Command, int]) -> None:
    command, port = serving
    senders = []
    for _ in range(CLIENTS):
        sender = socket.create_connection(("127.0.0.1", port))
        sender.sendall(_HEAD.encode() + b"x" * 100_000)
        senders.append(sender)
    for sender in senders:
        sender.close()
    wait_for(
        lambda: command.output().count("POST /api/v1/jobs 499") == CLIENTS, "the log", seconds=60
    )
    output = command.output()
    assert "Traceback" not in output
    assert "ClientDisconnect" not in output
    assert len(output) < 500 * (CLIENTS + 10)
    scratch = Path(command.log.parent / "data" / "scratch")
    assert [path for path in scratch.rglob("*") if path.is_file()] == []


def test_unexpected_error_is_one_short_record_and_a_problem_with_headers_of_cors(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    from drumscribe.core.tracebacks import bounded_traceback

    api = make_api(tmp_path)

    class Broken:
        def __getattr__(self, name: str) -> Any:
            huge = {str(number): "s3cret" * 1000 for number in range(10_000)}
            raise RuntimeError(f"broken: {len(huge)}")

    api.service.__dict__["jobs"] = Broken()
    address = f"{JOBS}/6f1c2a8e-0000-4000-8000-000000000000"
    with caplog.at_level(logging.INFO):
        answer = api.client.get(
            address, headers={"Origin": "http://localhost:3000", "Authorization": "Basic s3cret"}
        )
    assert problem_of(answer, 500) == "internal_error"
    assert answer.headers["access-control-allow-origin"] == "http://localhost:3000"
    assert answer.headers["x-request-id"]
    failed = [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert [record.getMessage() for record in failed] == [f"GET {address} failed"]
    (record,) = failed
    assert record.threadName != "MainThread"
    assert record.exc_info is not None
    assert record.exc_info[1] is not None
    text = bounded_traceback(record.exc_info[1])
    assert "RuntimeError: broken: 10000" in text
    assert "s3cret" not in text.replace('"s3cret" * 1000', "")
    assert len(text) < 16_000
    accessed = [r.getMessage() for r in caplog.records if r.name == "drumscribe.access"]
    assert accessed == [f"GET {address} 500"]

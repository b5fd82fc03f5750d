"""Answers that come before the upload is over reach the client all the same."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from service_houses import House, running_house

HEAD = (
    "POST /api/v1/jobs HTTP/1.1\r\nHost: localhost\r\n"
    "Content-Type: multipart/form-data; boundary=b\r\nContent-Length: {length}\r\n\r\n"
)
PART = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.wav"\r\n\r\n'
CHUNK = b"\0" * 65_536


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    changes = {"CREATE_LIMIT_PER_MINUTE": "1", "MAX_FILE_SIZE_MB": "20"}
    folder = tmp_path_factory.mktemp("house")
    with running_house(folder, changes, ("serve", "--no-workers")) as house:
        yield house


def answer_to(house: House, length: int, *, seconds: float) -> tuple[int, dict[str, object], int]:
    """Send an upload slowly, reading nothing before all is sent; status, body, bytes sent."""
    parts = urlsplit(str(house.client.base_url))
    sent = 0
    with socket.create_connection((parts.hostname, parts.port), timeout=60) as line:
        line.sendall(HEAD.format(length=length).encode() + PART)
        sent += len(PART)
        while sent < length:
            with suppress(OSError):
                line.sendall(CHUNK[: length - sent])
            sent += min(len(CHUNK), length - sent)
            time.sleep(seconds / (length / len(CHUNK)))
        received = b""
        while b"\r\n\r\n" not in received or not received.endswith(b"}"):
            more = line.recv(65_536)
            if not more:
                break
            received += more
    head, _, body = received.partition(b"\r\n\r\n")
    return int(head.split()[1]), json.loads(body), sent


def use_up_the_limit(house: House) -> None:
    """From now on, and for a while, no new job is taken."""
    while True:
        answer = house.post(Path(__file__))
        if answer.status_code == 429 and int(answer.headers["ratelimit-reset"]) > 15:
            return
        time.sleep(0.2)


def test_rate_limit_is_told_to_a_client_that_is_still_sending(house: House) -> None:
    use_up_the_limit(house)
    status, body, sent = answer_to(house, 5_000_000, seconds=1.0)
    assert (status, body["code"]) == (429, "rate_limited")
    assert sent == 5_000_000


def test_upload_over_the_limit_is_told_so_while_it_is_still_sending(house: House) -> None:
    status, body, _ = answer_to(house, 21_000_000, seconds=1.0)
    assert (status, body["code"]) == (413, "payload_too_large")


def test_client_that_never_goes_on_sending_does_not_keep_its_line_for_ever(house: House) -> None:
    use_up_the_limit(house)
    parts = urlsplit(str(house.client.base_url))
    with socket.create_connection((parts.hostname, parts.port), timeout=60) as line:
        line.sendall(HEAD.format(length=10_000_000).encode() + PART)
        received = b""
        while more := line.recv(65_536):  # ends when the server closes
            received += more
    assert b" 429 " in received.splitlines()[0]


def test_other_requests_are_answered_while_a_line_lingers(house: House) -> None:
    slow = threading.Thread(target=answer_to, args=(house, 2_000_000), kwargs={"seconds": 2.0})
    slow.start()
    assert house.client.get("/livez").status_code == 200
    slow.join()

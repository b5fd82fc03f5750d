"""Webhooks over real connections, to receivers on the loopback."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from uuid import UUID

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from drumscribe.domain.jobs import DeliveryStatus, WebhookDelivery
from drumscribe.egress.client import Egress, EgressOptions
from drumscribe.ports import DeliveryAttempt
from drumscribe.webhooks.sender import SignedWebhooks

KEY = bytes(range(32))
SECRET = "whsec_" + base64.b64encode(KEY).decode()
NAME = "receiver.test"


@dataclass
class Receiver:
    """requests: (headers in lower case, body) of each POST."""

    port: int
    requests: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    asked_names: list[str | None] = field(default_factory=list)


Respond = Callable[[BaseHTTPRequestHandler], None]


def accept(handler: BaseHTTPRequestHandler) -> None:
    answer(handler, 204)


def answer(handler: BaseHTTPRequestHandler, status: int, **headers: str) -> None:
    handler.send_response(status)
    for name, value in headers.items():
        handler.send_header(name, value)
    handler.send_header("Content-Length", "0")
    handler.end_headers()


@contextmanager
def receiving(
    respond: Respond = accept, *, host: str = "127.0.0.1", port: int = 0, tls: Path | None = None
) -> Iterator[Receiver]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            receiver.requests.append((headers, body))
            try:
                respond(self)
            except OSError:
                self.close_connection = True  # the sender has gone

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer((host, port), Handler)
    receiver = Receiver(server.server_port)
    if tls is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(tls)
        context.sni_callback = lambda _, name, __: receiver.asked_names.append(name)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def delivery(url: str) -> WebhookDelivery:
    return WebhookDelivery(
        id=UUID("6f1c2a8e-0000-4000-8000-000000000001"),
        job_id=UUID("6f1c2a8e-0000-4000-8000-000000000002"),
        event="job.completed",
        url=url,
        payload={"type": "job.completed", "data": {"title": "Über allen Gipfeln"}},
        status=DeliveryStatus.PENDING,
        attempts=0,
        created_at=datetime(2030, 1, 1, tzinfo=UTC),
    )


class Resolver:
    """Gives each question the next answer, then the last one for ever."""

    def __init__(self, *answers: Sequence[str]) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []

    def __call__(self, host: str, port: int) -> Sequence[str]:
        self.asked.append(host)
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


def send(
    url: str,
    *,
    private: bool = True,
    http: bool = True,
    timeout_seconds: float = 10.0,
    resolve: Callable[[str, int], Sequence[str]] | None = None,
    tls: ssl.SSLContext | None = None,
) -> DeliveryAttempt:
    options = EgressOptions(
        timeout_seconds=timeout_seconds, allow_http=http, allow_private_addresses=private
    )
    egress = Egress(options, tls=tls, **({"resolve": resolve} if resolve else {}))
    return SignedWebhooks(egress, secret=SECRET, clock=lambda: 1893456000.7).send(delivery(url))


# --- signing ------------------------------------------------------------------------------------


def test_webhook_signature_is_that_of_standard_webhooks() -> None:
    with receiving() as receiver:
        attempt = send(f"http://127.0.0.1:{receiver.port}/hook")

    assert attempt == DeliveryAttempt(True, 204, None, may_retry=False)
    [(headers, body)] = receiver.requests
    assert headers["webhook-id"] == "6f1c2a8e-0000-4000-8000-000000000001"
    assert headers["webhook-timestamp"] == "1893456000"
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    expected = base64.b64encode(hmac.new(KEY, signed, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{expected}"
    assert headers["content-type"] == "application/json"
    assert json.loads(body)["data"]["title"] == "Über allen Gipfeln"


# --- which answers count ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "may_retry"),
    [(200, False), (299, False), (400, False), (404, False), (429, True), (500, True), (503, True)],
)
def test_webhook_answer_decides_on_success_and_retry(status: int, may_retry: bool) -> None:
    with receiving(lambda handler: answer(handler, status)) as receiver:
        attempt = send(f"http://127.0.0.1:{receiver.port}/")
    assert (attempt.delivered, attempt.status_code) == (status < 300, status)
    assert attempt.may_retry is may_retry


def test_webhook_redirect_is_not_followed() -> None:
    with (
        receiving() as inside,
        receiving(
            lambda handler: answer(handler, 302, Location=f"http://127.0.0.1:{inside.port}/")
        ) as receiver,
    ):
        attempt = send(f"http://127.0.0.1:{receiver.port}/")
    assert (attempt.delivered, attempt.status_code, attempt.may_retry) == (False, 302, False)
    assert inside.requests == []


def test_webhook_to_a_closed_port_is_retried() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    attempt = send(f"http://127.0.0.1:{port}/")
    assert (attempt.delivered, attempt.status_code, attempt.may_retry) == (False, None, True)


# --- time limit ---------------------------------------------------------------------------------


def _drip(handler: BaseHTTPRequestHandler, head: bytes) -> None:
    handler.wfile.write(head)
    while True:
        handler.wfile.write(b"x")
        handler.wfile.flush()
        time.sleep(0.02)


def test_webhook_answer_that_drips_is_cut_off() -> None:
    with receiving(lambda handler: _drip(handler, b"HTTP/1.1 200 ")) as receiver:
        attempt = send(f"http://127.0.0.1:{receiver.port}/", timeout_seconds=0.3)
    assert (attempt.delivered, attempt.may_retry) == (False, True)
    assert attempt.error == "There was no answer within 0.3 s."


def test_webhook_body_without_end_is_cut_off_and_its_status_stands() -> None:
    with receiving(lambda handler: _drip(handler, b"HTTP/1.1 200 OK\r\n\r\n")) as receiver:
        attempt = send(f"http://127.0.0.1:{receiver.port}/", timeout_seconds=0.3)
    assert (attempt.delivered, attempt.status_code) == (True, 200)


def test_webhook_body_of_any_size_is_read_in_part() -> None:
    written = 0

    def flood(handler: BaseHTTPRequestHandler) -> None:
        nonlocal written
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
        for _ in range(1000):
            handler.wfile.write(b"x" * 100_000)
            written += 100_000

    with receiving(flood) as receiver:
        attempt = send(f"http://127.0.0.1:{receiver.port}/")
    assert attempt.delivered
    assert written < 100_000_000


def test_webhook_resolver_that_hangs_is_not_waited_for() -> None:
    release = threading.Event()

    def hang(host: str, port: int) -> Sequence[str]:
        release.wait(30)
        return []

    attempt = send("https://example.org/", resolve=hang, timeout_seconds=0.2)
    release.set()
    assert attempt.error == "There was no answer within 0.2 s."
    assert attempt.may_retry


# --- addresses ----------------------------------------------------------------------------------


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "127.1", "2130706433", "0x7f000001"])
def test_webhook_to_loopback_is_refused_by_default(host: str) -> None:
    with receiving() as receiver:
        attempt = send(f"http://{host}:{receiver.port}/", private=False)
    assert (attempt.delivered, attempt.may_retry) == (False, False)
    assert attempt.error is not None
    assert "not public" in attempt.error
    assert receiver.requests == []


def test_webhook_over_http_is_refused_by_default() -> None:
    with receiving() as receiver:
        attempt = send(f"http://127.0.0.1:{receiver.port}/", http=False)
    assert (attempt.delivered, attempt.may_retry) == (False, False)
    assert receiver.requests == []


def test_webhook_to_a_name_with_one_private_address_is_refused() -> None:
    with receiving() as receiver:
        resolve = Resolver(["1.1.1.1", "127.0.0.1"])
        attempt = send(f"http://{NAME}:{receiver.port}/", private=False, resolve=resolve)
    assert not attempt.may_retry
    assert receiver.requests == []


def test_webhook_to_a_name_that_rebinds_goes_to_the_judged_address() -> None:
    with receiving() as judged, receiving(host="127.0.0.2", port=judged.port) as other:
        resolve = Resolver(["127.0.0.1"], ["127.0.0.2"])
        attempt = send(f"http://{NAME}:{judged.port}/", resolve=resolve)
    assert attempt.delivered
    assert resolve.asked == [NAME]
    assert judged.requests[0][0]["host"] == f"{NAME}:{judged.port}"
    assert other.requests == []


@pytest.mark.parametrize("address", ["169.254.169.254", "0.0.0.0", "::", "fe80::1", "224.0.0.1"])
def test_webhook_to_metadata_addresses_is_refused_even_inside(address: str) -> None:
    attempt = send(f"http://{NAME}/", private=True, resolve=Resolver([address]))
    assert attempt.error is not None
    assert "not public" in attempt.error


def test_webhook_takes_the_next_address_if_one_does_not_answer() -> None:
    with receiving() as receiver:
        resolve = Resolver(["127.0.0.3", "127.0.0.1"])
        attempt = send(f"http://{NAME}:{receiver.port}/", resolve=resolve)
    assert attempt.delivered


def test_webhook_proxy_of_the_environment_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    with receiving() as proxy, receiving() as receiver:
        monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{proxy.port}")
        attempt = send(f"http://127.0.0.1:{receiver.port}/")
    assert attempt.delivered
    assert proxy.requests == []


# --- TLS ----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A key and a certificate of its own for receiver.test, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path = tmp_path_factory.mktemp("tls") / "receiver.pem"
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path


def test_webhook_over_tls_keeps_the_name_while_the_address_is_pinned(certificate: Path) -> None:
    trust = ssl.create_default_context(cafile=str(certificate))
    with receiving(tls=certificate) as receiver:
        url = f"https://{NAME}:{receiver.port}/hook"
        attempt = send(url, http=False, resolve=Resolver(["127.0.0.1"]), tls=trust)
    assert attempt == DeliveryAttempt(True, 204, None, may_retry=False)
    assert receiver.asked_names == [NAME]
    assert receiver.requests[0][0]["host"] == f"{NAME}:{receiver.port}"


@pytest.mark.parametrize("name", ["other.test", NAME])
def test_webhook_over_tls_to_the_wrong_certificate_is_not_sent(
    certificate: Path, name: str
) -> None:
    trusted = name == "other.test"  # trusted, but for another name; or the right name, not trusted
    trust = ssl.create_default_context(cafile=str(certificate) if trusted else None)
    with receiving(tls=certificate) as receiver:
        url = f"https://{name}:{receiver.port}/hook"
        attempt = send(url, resolve=Resolver(["127.0.0.1"]), tls=trust)
    assert (attempt.delivered, attempt.may_retry) == (False, True)
    assert receiver.requests == []

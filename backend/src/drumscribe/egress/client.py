"""Calls that must not become calls to our own neighbours, whatever address was given.

The name is resolved once, every address that it has is judged, and the connection goes to one of
the judged addresses: a name that leads elsewhere a moment later changes nothing. TLS and the Host
header still use the name. Redirects are answers like any other; proxies of the environment are not
used. One time limit covers everything from the resolver to the last byte.
"""

from __future__ import annotations

import http.client
import ipaddress
import queue
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property

from drumscribe.domain.service.outside_urls import OutsideAddress, parse_outside_url
from drumscribe.errors import AddressNotPublic, AddressUnreachable

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolve = Callable[[str, int], Sequence[str]]

_MAX_BODY_BYTES = 16_384
# All that is handed out to the public today (RFC 4291, IANA registry of IPv6 address space). What
# is outside is private, local, or carries an IPv4 address (mapped, NAT64).
_PUBLIC_V6 = ipaddress.IPv6Network("2000::/3")
# Inside it: ways to write an IPv4 address (Teredo, 6to4), and what is_global forgets.
_REFUSED_V6 = tuple(
    ipaddress.IPv6Network(text) for text in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")
)
# Not everywhere known to is_global of Python 3.11: protocol assignments, the relay of 6to4,
# benchmarks, shared carrier addresses, class E.
_REFUSED_V4 = tuple(
    ipaddress.IPv4Network(text)
    for text in (
        "0.0.0.0/8",
        "100.64.0.0/10",
        "192.0.0.0/24",
        "192.88.99.0/24",
        "198.18.0.0/15",
        "240.0.0.0/4",
    )
)
# Where clouds hand out the secrets of a machine, outside of the link-local addresses: Alibaba,
# Oracle, Amazon and Google (IPv6).
_SECRET_KEEPERS = tuple(
    ipaddress.ip_network(text)
    for text in ("100.100.100.200/32", "192.0.0.192/32", "fd00:ec2::/32", "fd20:ce::/32")
)


@dataclass(frozen=True, slots=True, kw_only=True)
class EgressOptions:
    """timeout_seconds: of a whole call. idle_seconds: without a byte; None waits as long."""

    timeout_seconds: float
    idle_seconds: float | None = None
    allow_http: bool = False
    allow_private_addresses: bool = False


def is_public(address: IPAddress) -> bool:
    """Whether an address is on the public internet, and is plainly written."""
    if address.is_multicast or not address.is_global:
        return False
    if isinstance(address, ipaddress.IPv4Address):
        return not any(address in network for network in _REFUSED_V4)
    return (
        address.scope_id is None
        and address in _PUBLIC_V6
        and not any(address in network for network in _REFUSED_V6)
    )


def resolve_all(host: str, port: int) -> list[str]:
    """Every address of a name. Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


@dataclass(frozen=True, slots=True)
class Answer:
    """headers: names in lower case. read: up to so many bytes of the body; none at its end."""

    status: int
    headers: Mapping[str, str]
    read: Callable[[int], bytes]


class Egress:
    """A client for addresses that are not trusted.

    resolve: host and port -> addresses. tls: for https; the system's trust store if not given.
    """

    def __init__(
        self,
        options: EgressOptions,
        *,
        resolve: Resolve = resolve_all,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._options = options
        self._resolve = resolve
        self._given_tls = tls

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        return self._given_tls or ssl.create_default_context()

    def post(self, url: str, *, body: bytes, headers: Mapping[str, str]) -> int:
        """Send body and return the status of the answer; its content is of no interest.

        Raises InvalidRequest (not an address that may be called), AddressNotPublic (the name leads
        to an address that is not public) or AddressUnreachable (network, TLS, time limit).
        """
        with self._answered("POST", url, "webhook_url", body, headers) as answer:
            # Taken in so that the receiver is not cut off while it speaks; the status stands.
            with suppress(AddressUnreachable):
                answer.read(_MAX_BODY_BYTES)
            return answer.status

    @contextmanager
    def get(self, url: str, *, field: str, headers: Mapping[str, str]) -> Iterator[Answer]:
        """The answer to a GET, its body to be read inside the block; redirects are not followed.

        field: what the address was given as, for messages.
        Raises like post; so does reading.
        """
        with self._answered("GET", url, field, None, headers) as answer:
            yield answer

    @contextmanager
    def _answered(
        self, method: str, url: str, field: str, body: bytes | None, headers: Mapping[str, str]
    ) -> Iterator[Answer]:
        deadline = time.monotonic() + self._options.timeout_seconds
        address = parse_outside_url(url, field=field, allow_http=self._options.allow_http)
        pinned = self._vetted(address, deadline)

        def read(size: int) -> bytes:
            with self._troubles_told(address, deadline):
                content = response.read(size)
            if not content and time.monotonic() >= deadline:
                # What was cut off looks like an end, where no length was announced.
                raise self._too_slow()
            return content

        with ExitStack() as open_until_read:
            with self._troubles_told(address, deadline):
                plain = open_until_read.enter_context(_connected(pinned, address.port, deadline))
                open_until_read.enter_context(_cut_off(plain, deadline))
                response = open_until_read.enter_context(
                    self._exchange(plain, address, (method, body), headers, deadline)
                )
            yield Answer(response.status, {k.lower(): v for k, v in response.getheaders()}, read)

    @contextmanager
    def _troubles_told(self, address: OutsideAddress, deadline: float) -> Iterator[None]:
        try:
            yield
        except (OSError, http.client.HTTPException, ValueError) as error:
            if time.monotonic() >= deadline:
                raise self._too_slow() from error
            reason = str(error) or type(error).__name__
            raise AddressUnreachable(f"{address.host} cannot be reached: {reason}.") from error

    def _vetted(self, address: OutsideAddress, deadline: float) -> list[IPAddress]:
        found = [ipaddress.ip_address(text) for text in self._resolved(address, deadline)]
        if not found:
            raise AddressUnreachable(f"{address.host} has no address.")
        for candidate in found:
            allowed = is_public(candidate) or (
                self._options.allow_private_addresses and _is_neighbour(candidate)
            )
            # One bad address condemns the name: which one is used must not be a matter of luck.
            if not allowed:
                raise AddressNotPublic(f"{address.host} leads to an address that is not public.")
        return found

    def _resolved(self, address: OutsideAddress, deadline: float) -> Sequence[str]:
        """The resolver of the system has no time limit: it is asked in a thread."""
        answers: queue.SimpleQueue[Sequence[str] | Exception] = queue.SimpleQueue()

        def ask() -> None:
            try:
                answers.put(self._resolve(address.host, address.port))
            except Exception as error:
                answers.put(error)

        threading.Thread(target=ask, name="resolver", daemon=True).start()
        try:
            answer = answers.get(timeout=max(0.0, deadline - time.monotonic()))
        except queue.Empty:
            raise self._too_slow() from None
        if isinstance(answer, Exception):
            raise AddressUnreachable(f"{address.host} cannot be resolved: {answer}.") from answer
        return answer

    @contextmanager
    def _exchange(
        self,
        plain: socket.socket,
        address: OutsideAddress,
        asked: tuple[str, bytes | None],
        headers: Mapping[str, str],
        deadline: float,
    ) -> Iterator[http.client.HTTPResponse]:
        method, body = asked
        if self._options.idle_seconds is not None:
            left = max(0.001, deadline - time.monotonic())
            plain.settimeout(min(self._options.idle_seconds, left))
        stream = plain
        if address.scheme == "https":
            stream = self._tls.wrap_socket(plain, server_hostname=address.host)
        connection = http.client.HTTPConnection(address.host, address.port)
        connection.sock = stream
        try:
            connection.request(
                method,
                address.target,
                body,
                {**headers, "Host": address.authority, "Connection": "close"},
            )
            # The answer holds the socket open until it is read to its end, or closed.
            with connection.getresponse() as response:
                if time.monotonic() >= deadline:
                    # http.client takes a head that was cut off for a whole one.
                    raise self._too_slow()
                yield response
        finally:
            connection.close()
            stream.close()

    def _too_slow(self) -> AddressUnreachable:
        limit = self._options.timeout_seconds
        return AddressUnreachable(f"There was no answer within {limit:g} s.")


def _is_neighbour(address: IPAddress) -> bool:
    """Private or loopback; never the addresses where clouds keep their secrets."""
    if any(address in network for network in _SECRET_KEEPERS):
        return False
    if address.is_multicast or address.is_unspecified or address.is_link_local:
        return False
    if isinstance(address, ipaddress.IPv6Address):
        return address.is_loopback or address in ipaddress.IPv6Network("fc00::/7")
    return address.is_private or address in ipaddress.IPv4Network("100.64.0.0/10")


@contextmanager
def _connected(
    addresses: Sequence[IPAddress], port: int, deadline: float
) -> Iterator[socket.socket]:
    """A connection to the first address that takes one; each gets its share of the time."""
    failure: OSError = TimeoutError("timed out")
    for index, address in enumerate(addresses):
        remaining = deadline - time.monotonic()
        if remaining <= 0:
            break
        family = socket.AF_INET if address.version == 4 else socket.AF_INET6
        with socket.socket(family, socket.SOCK_STREAM) as connection:
            try:
                connection.settimeout(remaining / (len(addresses) - index))
                connection.connect((str(address), port))
            except OSError as error:
                failure = error
                continue
            connection.settimeout(max(0.001, deadline - time.monotonic()))
            yield connection
            return
    raise failure


@contextmanager
def _cut_off(connection: socket.socket, deadline: float) -> Iterator[None]:
    """End the connection at the deadline, whoever waits for it.

    A timeout of the socket starts again with every byte, so a slow sender would never meet it.
    """
    handle = connection.dup()

    def cut() -> None:
        with suppress(OSError):
            handle.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(max(0.0, deadline - time.monotonic()), cut)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        handle.close()

"""Addresses that strangers want us to call: what they may look like.

Where the name leads is judged again at every call: see drumscribe.egress.client.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from drumscribe.errors import InvalidRequest

_LONGEST_URL = 2048
# No spaces, no control characters (urlsplit would drop some of them silently), ASCII only.
_PRINTABLE = re.compile(r"[\x21-\x7e]+")
_NAME = re.compile(r"(?=.{1,253}$)[a-z0-9_](?:[a-z0-9_-]{0,62})(?:\.[a-z0-9_][a-z0-9_-]{0,62})*")
_DEFAULT_PORTS = {"https": 443, "http": 80}


@dataclass(frozen=True, slots=True)
class OutsideAddress:
    """The parts of a checked address. host: in lower case, IPv6 without brackets."""

    scheme: str
    host: str
    port: int
    target: str

    @property
    def authority(self) -> str:
        """The Host header."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"


def parse_outside_url(text: str, *, field: str, allow_http: bool = False) -> OutsideAddress:
    """Take an address apart: https (or http where allowed), a host, no credentials.

    field: what it was given as, for the message.
    Raises InvalidRequest that says what was expected.
    """
    schemes = ("https", "http") if allow_http else ("https",)
    if len(text) > _LONGEST_URL or not _PRINTABLE.fullmatch(text):
        raise _invalid(field, "at most 2048 printable ASCII characters")
    try:
        parts = urlsplit(text)
        host = (parts.hostname or "").rstrip(".")
        port = _DEFAULT_PORTS.get(parts.scheme) if parts.port is None else parts.port
    except ValueError:
        raise _invalid(field, "an address such as https://example.org/song.mp3") from None
    if parts.scheme not in schemes or port is None:
        raise _invalid(
            field, f"an address that begins with {' or '.join(f'{s}://' for s in schemes)}"
        )
    if "@" in parts.netloc:
        raise _invalid(field, "no user name and no password in it")
    if port == 0 or not (_NAME.fullmatch(host) or _is_ipv6(host)):
        raise _invalid(field, "a host name or an IP address")
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return OutsideAddress(parts.scheme, host, port, target)


def _is_ipv6(host: str) -> bool:
    try:
        return ipaddress.IPv6Address(host).scope_id is None
    except ValueError:
        return False


def _invalid(field: str, expected: str) -> InvalidRequest:
    return InvalidRequest(f"{field}: expected {expected}.")

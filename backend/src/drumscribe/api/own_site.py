"""Who may be spoken to as whom: the names of this server, and the pages that may change things.

A page of a stranger, open in the browser of somebody who runs DrumScribe, can reach it: under a
name of its own that it points at this machine (DNS rebinding), or by a form that it sends here.
The Host header gives the first away, Origin and Sec-Fetch-Site the second; no script forges them.
"""

from __future__ import annotations

import ipaddress
from fnmatch import fnmatchcase
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from drumscribe.api.errors import expected_problem
from drumscribe.core.config import Settings
from drumscribe.errors import HostNotAllowed, OriginNotAllowed

# They tell nothing; those who ask for them use addresses and names of their own.
_PROBES = frozenset({"/livez", "/readyz"})
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
_DEFAULT_PORTS = {"http": 80, "https": 443}


class OwnSite:
    """Refuses requests under names that are not ours, and changes from pages that are not ours."""

    def __init__(self, app: ASGIApp, *, settings: Settings) -> None:
        self.app = app
        public_host = urlsplit(settings.public_url or "").hostname
        self._names = (*settings.allowed_hosts, *([public_host] if public_host else []))
        self._is_on_loopback = _is_local_name(settings.api_host)
        origins = (*settings.cors_origins, *([settings.public_url] if settings.public_url else []))
        self._origins = frozenset(map(_site, origins))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] in _PROBES:
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        refused: HostNotAllowed | OriginNotAllowed | None = None
        host = headers.get("host", "")
        if not self._answers_to(host):
            refused = HostNotAllowed(
                f"This server does not answer to the name {_name_of(host)[:100]!r}. If it should, "
                "name it in PUBLIC_URL or ALLOWED_HOSTS."
            )
        elif scope["method"] not in _SAFE_METHODS and not self._may_change(headers, host):
            refused = OriginNotAllowed(
                "A page of another site must not change anything here. If it should, name its "
                "origin in CORS_ORIGINS."
            )
        if refused is None:
            await self.app(scope, receive, send)
            return
        await expected_problem(Request(scope), refused)(scope, receive, send)

    def _answers_to(self, host: str) -> bool:
        """A server that is reached from outside also answers to bare addresses: no stranger's name
        can stand for one, and probes, scrapers and the home network use them.
        """
        name = _name_of(host)
        if not name or _is_local_name(name):
            return True
        if not self._is_on_loopback and _address(name) is not None:
            return True
        return any(fnmatchcase(name, pattern.lower()) for pattern in self._names)

    def _may_change(self, headers: Headers, host: str) -> bool:
        origin = headers.get("origin")
        if origin is not None and _site(origin) in self._origins:
            return True
        # The browser's own judgement, where it gives one; proxies may have changed the Host.
        relation = headers.get("sec-fetch-site")
        if relation is not None:
            return relation in ("same-origin", "none")
        # Without either it is no browser.
        if origin is None:
            return True
        scheme, name, port = _site(origin)
        return bool(name) and (scheme, name, port) == _site(f"{scheme}://{host}")


def _site(origin: str) -> tuple[str, str, int | None]:
    """Scheme, name and port of an origin; of anything else ("null") what no origin is."""
    try:
        parts = urlsplit(origin)
        return parts.scheme, parts.hostname or "", parts.port or _DEFAULT_PORTS.get(parts.scheme)
    except ValueError:
        return origin, "", None


def _name_of(host: str) -> str:
    """The name in a Host header, without port, brackets and the dot at the end."""
    try:
        return (urlsplit(f"//{host}").hostname or "").rstrip(".").lower()
    except ValueError:
        return host.lower() or "?"


def _is_local_name(name: str) -> bool:
    if name == "localhost" or name.endswith(".localhost"):
        return True
    address = _address(name)
    return address is not None and address.is_loopback


def _address(name: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(name)
    except ValueError:
        return None

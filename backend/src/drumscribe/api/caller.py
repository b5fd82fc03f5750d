"""Who is calling: an API key, else a signed anonymous session, else an address."""

from __future__ import annotations

import ipaddress
import re
import secrets
from typing import Final

from fastapi import Request, Response
from itsdangerous import BadSignature, URLSafeTimedSerializer

from drumscribe.bootstrap import Service
from drumscribe.core.config import Settings
from drumscribe.errors import NotAuthenticated
from drumscribe.services.api_keys import find_key

_ADDRESS = "address:"
SESSION_COOKIE = "drumscribe_session"
# Songs are found again by the session: a year after the first visit.
_SESSION_SECONDS: Final = 365 * 86_400
_BRACKETED = re.compile(r"\[([^\]]*)\](?::[0-9]+)?")


def identify(request: Request, service: Service) -> str:
    """The owner that a request acts for: `key:...`, `session:...` or `address:...`.

    Raises NotAuthenticated for a key that is unknown or revoked, or where one is required.
    """
    scheme, _, secret = request.headers.get("authorization", "").partition(" ")
    # A password that a proxy in front of us asks for is passed on as Basic. It is not meant for us.
    if scheme and scheme.lower() != "basic":
        key = find_key(service.keys, secret.strip()) if scheme.lower() == "bearer" else None
        if key is None:
            raise NotAuthenticated("The API key is unknown or was revoked.")
        return key.owner
    if service.settings.api_key_required:
        raise NotAuthenticated("This server needs an API key: Authorization: Bearer <key>.")
    session = _session(request, service.settings)
    return f"session:{session}" if session else _ADDRESS + network_of(request, service.settings)


def is_nobody(owner: str) -> bool:
    """Whether a caller has neither key nor session: others may come from the same address.

    What it may do with a job it may do because it knows the job's id, which the answer told it that
    made the job. So nothing is listed to it.
    """
    return owner.startswith(_ADDRESS)


def network_of(request: Request, settings: Settings) -> str:
    """The caller's address; for IPv6 its /64 network, of which one customer has all addresses."""
    text = _without_port(client_address(request, settings))
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return text
    if isinstance(address, ipaddress.IPv6Address):
        mapped = address.ipv4_mapped
        if mapped is not None:
            return str(mapped)
        return str(ipaddress.IPv6Network((address, 64), strict=False))
    return str(address)


def _without_port(text: str) -> str:
    """Some proxies write `address:port` or `[address]:port`; the port is new at each connection."""
    bracketed = _BRACKETED.fullmatch(text)
    if bracketed is not None:
        return bracketed[1]
    return text.partition(":")[0] if text.count(":") == 1 else text


def client_address(request: Request, settings: Settings) -> str:
    """The peer, or with N trusted proxies the N-th entry of X-Forwarded-For from the right.

    What stands further left was written by the client and is never believed. A header that is too
    short did not come through our proxies.
    """
    peer = request.client.host if request.client else "unknown"
    hops = settings.trusted_proxy_hops
    if hops == 0:
        return peer
    entries = [
        entry.strip()
        for line in request.headers.getlist("x-forwarded-for")
        for entry in line.split(",")
        if entry.strip()
    ]
    return entries[-hops] if len(entries) >= hops else peer


def start_session(request: Request, response: Response, settings: Settings) -> None:
    """Give the caller a session cookie, unless it has a valid one."""
    if _session(request, settings) is not None:
        return
    response.set_cookie(
        SESSION_COOKIE,
        _signer(settings).dumps(secrets.token_urlsafe(18)),
        max_age=_SESSION_SECONDS,
        httponly=True,
        samesite="lax",
        secure=(settings.public_url or "").startswith("https://"),
        path="/",
    )


def _session(request: Request, settings: Settings) -> str | None:
    cookie = request.cookies.get(SESSION_COOKIE)
    if cookie is None:
        return None
    try:
        value = _signer(settings).loads(cookie, max_age=_SESSION_SECONDS)
    except BadSignature:
        return None
    return value if isinstance(value, str) else None


def _signer(settings: Settings) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(settings.secret_key.get_secret_value(), salt="session")

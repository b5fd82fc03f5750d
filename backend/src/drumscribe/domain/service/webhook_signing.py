"""Signatures of Standard Webhooks.

See https://github.com/standard-webhooks/standard-webhooks (spec, "Webhook headers" and "Signature
scheme").
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac

from drumscribe.errors import InvalidOption

_SECRET_PREFIX = "whsec_"  # noqa: S105
_MIN_KEY_BYTES, _MAX_KEY_BYTES = 24, 64


def signing_key(secret: str) -> bytes:
    """The key in `whsec_<base64>`. Raises InvalidOption, which does not repeat the secret."""
    encoded = secret.removeprefix(_SECRET_PREFIX)
    try:
        key = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if encoded == secret or not _MIN_KEY_BYTES <= len(key) <= _MAX_KEY_BYTES:
        raise InvalidOption(
            f"Expected whsec_ and {_MIN_KEY_BYTES} to {_MAX_KEY_BYTES} bytes in "
            "base64 (echo whsec_$(openssl rand -base64 32))."
        )
    return key


def sign(key: bytes, webhook_id: str, timestamp: int, body: bytes) -> str:
    """The signature v1: base64 of HMAC-SHA256 over `id.timestamp.body`. timestamp: Unix seconds."""
    signed = b".".join([webhook_id.encode(), str(timestamp).encode(), body])
    return "v1," + base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()

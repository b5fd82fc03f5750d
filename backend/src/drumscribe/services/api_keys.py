"""API keys: made once, shown once, kept as a hash."""

from __future__ import annotations

import hashlib
import secrets
from datetime import UTC, datetime
from uuid import uuid4

from drumscribe.domain.jobs import ApiKey
from drumscribe.errors import InvalidOption
from drumscribe.ports import ApiKeyStore

KEY_PREFIX = "ds_"
_SHOWN_CHARACTERS = 9
_LONGEST_NAME = 100


def create_key(keys: ApiKeyStore, *, name: str) -> tuple[ApiKey, str]:
    """A new key of an owner of its own; returns its row and the secret, which nobody sees again.

    name: for people, at most 100 characters. Raises InvalidOption.
    """
    if not 1 <= len(name) <= _LONGEST_NAME or not name.isprintable():
        raise InvalidOption(f"The name of a key has 1 to {_LONGEST_NAME} printable characters.")
    secret = KEY_PREFIX + secrets.token_urlsafe(32)
    key_id = uuid4()
    key = ApiKey(
        id=key_id,
        name=name,
        prefix=secret[:_SHOWN_CHARACTERS],
        key_hash=key_digest(secret),
        owner=f"key:{key_id}",
        created_at=datetime.now(UTC),
    )
    keys.add_key(key)
    return key, secret


def find_key(keys: ApiKeyStore, secret: str) -> ApiKey | None:
    """The key that a secret belongs to, if it is not revoked."""
    return keys.find_key(key_digest(secret)) if secret.startswith(KEY_PREFIX) else None


def key_digest(secret: str) -> str:
    """What is stored. A fast hash is right here: 256 random bits cannot be guessed anyway."""
    return hashlib.sha256(secret.encode()).hexdigest()

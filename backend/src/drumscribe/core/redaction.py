"""Keeps secrets out of log lines, whatever they come in: an address, a header, a message."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Final
from urllib.parse import quote

HIDDEN: Final = "***"
# Shorter ones stand in ordinary words, too; what they guard is not guarded anyway.
_SHORTEST_SECRET: Final = 4

_SEPARATOR: Final = r"""(?:(?:\\?['"])?\s*[:=]|\\?['"]\s*,)\s*(?:b?\\?['"])?"""
# What a secret looks like where nobody has told us which ones there are: those of callers.
_FORMS: Final = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        # The password of an address. One without a password (`user@host`) is left alone.
        r"(?P<before>[a-z][a-z0-9+.-]*://[^\s/?#:@'\"]*:)[^\s'\"/?#]*?(?P<after>@)",
        r"(?P<before>\bbearer )[\w.~+/=-]{8,}",
        # API keys, secrets of webhooks, and the cookie of a session, wherever they stand.
        r"(?P<before>\bds_)[\w-]{8,}",
        r"(?P<before>\bwhsec_)[\w+/=-]{8,}",
        r"(?P<before>\bdrumscribe_session=)[^\s;,'\"]+",
        # `name: value`, `name=value` and `('name', 'value')`, as headers and settings are printed.
        rf"(?P<before>\b(?:cookie|set-cookie){_SEPARATOR})[^'\"\r\n]+",
        r"(?P<before>\b(?:authorization|proxy-authorization|x-api-key|password|passwd|secret_key|"
        r"secret_access_key|access_key_id|x-amz-credential|x-amz-signature|x-amz-security-token)"
        rf"{_SEPARATOR})(?:(?:bearer|basic) )?[^\s'\"&,;)}}\]]+",
    )
)


class Redactor:
    """Replaces secrets in a text. secrets: those of the settings, as they are."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        variants = {
            variant
            for secret in secrets
            if len(secret) >= _SHORTEST_SECRET
            # As it is, in an address, and in a JSON text.
            for variant in (secret, quote(secret, safe=""), json.dumps(secret)[1:-1])
        }
        longest_first = sorted(variants, key=len, reverse=True)
        self._known = re.compile("|".join(map(re.escape, longest_first))) if variants else None

    def __call__(self, text: str) -> str:
        if self._known is not None:
            text = self._known.sub(HIDDEN, text)
        for form in _FORMS:
            text = form.sub(_without_secret, text)
        return text


def _without_secret(found: re.Match[str]) -> str:
    groups = found.groupdict()
    return f"{groups.get('before') or ''}{HIDDEN}{groups.get('after') or ''}"

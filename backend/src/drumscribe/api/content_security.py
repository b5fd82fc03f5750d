"""What browsers may do with what we send: security headers of pages and of everything else.

Content-Security-Policy: https://www.w3.org/TR/CSP3/. Scripts that stand in a page are allowed by
their hash, so that a script that somebody smuggled into it is not run.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable
from html.parser import HTMLParser
from typing import Final

# JSON, sheet music, sound: nothing in them is to be run. A score (SVG) carries its styles along.
DATA_POLICY: Final = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
# The page's service worker: it asks for what the page asks for, and has nothing else to do.
WORKER_FILE: Final = "offline-songs.js"


def worker_policy(*, stores: Iterable[str] = ()) -> str:
    """The policy of the service worker; stores: origins that downloads are redirected to."""
    others = "".join(f" {origin}" for origin in stores)
    return f"default-src 'none'; connect-src 'self'{others}"


PAGE_HEADERS: Final = {
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": (
        "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), "
        "microphone=(), midi=(), payment=(), usb=()"
    ),
}


def page_policy(html: str, *, stores: Iterable[str] = (), has_inline_styles: bool = False) -> str:
    """The policy of a page that is served from here and asks nobody else.

    stores: origins of a file store that downloads are redirected to.
    has_inline_styles: style sheets of the page's scripts are let in, not files only.
    """
    hashes = "".join(f" '{digest}'" for digest in inline_script_hashes(html))
    others = "".join(f" {origin}" for origin in stores)
    inline_styles = " 'unsafe-inline'" if has_inline_styles else ""
    directives = (
        "default-src 'self'",
        # The player's time stretcher is WebAssembly; JavaScript from texts stays forbidden.
        f"script-src 'self' 'wasm-unsafe-eval'{hashes}",
        f"style-src 'self'{inline_styles}",
        # A score that is put into the page brings its style attributes.
        "style-src-attr 'unsafe-inline'",
        f"img-src 'self' data: blob:{others}",
        "font-src 'self' data:",
        f"media-src 'self' blob:{others}",
        f"connect-src 'self'{others}",
        "worker-src 'self' blob:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
    return "; ".join(directives)


def inline_script_hashes(html: str) -> list[str]:
    """`sha256-...` of every script that stands in the page itself, each once, in order."""
    parser = _InlineScripts()
    parser.feed(html)
    digests = (hashlib.sha256(text.encode()).digest() for text in parser.found)
    return list(dict.fromkeys(f"sha256-{base64.b64encode(d).decode()}" for d in digests))


class _InlineScripts(HTMLParser):
    """Collects the texts of scripts without an address."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.found: list[str] = []
        self._is_inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._is_inside = tag == "script" and "src" not in dict(attrs)
        if self._is_inside:
            self.found.append("")

    def handle_endtag(self, tag: str) -> None:
        self._is_inside = False

    def handle_data(self, data: str) -> None:
        if self._is_inside:
            self.found[-1] += data

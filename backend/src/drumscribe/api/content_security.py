"""What browsers may do with what the service makes: data, and the documentation of the API.

Content-Security-Policy: https://www.w3.org/TR/CSP3/. The web page has a policy of its own, which
its build writes (see web_page.py).
"""

from __future__ import annotations

from typing import Final

# JSON, sheet music, sound: nothing in them is to be run. A score (SVG) carries its styles along.
DATA_POLICY: Final = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
# Swagger UI: its scripts are files, its styles and icons stand in its script.
DOCS_POLICY: Final = (
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "font-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)

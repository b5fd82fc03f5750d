"""Write docs/reference/api.md from the service's OpenAPI; a test fails when it is stale.

python docs/reference/generate_api.py
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from drumscribe.api.app import create_app
from drumscribe.core.config import Settings

TARGET = Path(__file__).with_name("api.md")

_HEAD = """# REST API

<!-- Written by docs/reference/generate_api.py; do not edit. -->

Base path `/api/v1`. A running service shows the same interactively at `/docs`; the machine-readable
form is `/api/v1/openapi.json`.

    curl -F file=@song.mp3 http://localhost:8000/api/v1/jobs
    curl http://localhost:8000/api/v1/jobs/$JOB
    curl -N http://localhost:8000/api/v1/jobs/$JOB/events
    curl -OJ http://localhost:8000/api/v1/jobs/$JOB/download/pdf

**Who you are.** `Authorization: Bearer <key>` (made by `drumscribe admin keys create`), else the
session cookie of `POST /session`, else your address. Jobs belong to their maker; whoever knows the
id of a job may read it, unless SHARE_BY_LINK is off.

**Trying again.** `Idempotency-Key` on `POST /jobs` makes a repeated request harmless. `429` and
`503` carry `Retry-After`; `RateLimit-*` headers say what is left of the minute.

**Times** are seconds from the start of the recording; dates are UTC (RFC 3339).
"""

_ERRORS = """## Errors

Errors are problem documents (RFC 9457, `application/problem+json`) with a stable `code`; a job that
failed has one of the same codes in `error.code`. [All codes](errors.md).
"""


def api_page() -> str:
    """The page: every operation, then every error code."""
    document = create_app(Settings(_env_file=None)).openapi()
    parts = [_HEAD]
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            parts.append(_operation(method.upper(), path, operation))
    parts.append(_ERRORS)
    return "\n".join(parts)


def _operation(method: str, path: str, operation: dict[str, Any]) -> str:
    lines = [f"## {method} {path}", "", f"{operation['summary']}.", ""]
    if description := operation.get("description"):
        lines += [description, ""]
    inputs = [
        f"| `{entry['name']}` | {entry['in']} | {entry.get('description', '')} |"
        for entry in operation.get("parameters", [])
    ]
    if inputs:
        lines += ["| parameter | in | meaning |", "|---|---|---|", *inputs, ""]
    answers = []
    for status, answer in sorted(operation["responses"].items()):
        kinds = ", ".join(f"`{kind}`" for kind in answer.get("content", {}))
        answers.append(f"| {status} | {answer['description']} | {kinds} |")
    return "\n".join([*lines, "| status | meaning | content |", "|---|---|---|", *answers, ""])


if __name__ == "__main__":
    TARGET.write_text(api_page())

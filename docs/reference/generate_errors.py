# ruff: noqa: E501 - the lines of tables are long
"""Write docs/reference/errors.md from the tree of errors; a test fails when it is stale.

python docs/reference/generate_errors.py
"""

from __future__ import annotations

import inspect
from pathlib import Path

from drumscribe import errors
from drumscribe.api.errors import retry_after_seconds, status_of
from drumscribe.cli.exit_codes import exit_code_of

TARGET = Path(__file__).with_name("errors.md")

_HEAD = """# Errors

<!-- Written by docs/reference/generate_errors.py; do not edit. -->

Every error has a `code` that never changes; its message is for people and may. The code stands in
the problem documents of the API (RFC 9457), in `error.code` of a job that failed, in webhooks, and
in `--json` of the command line.

HTTP: the status where a request is refused with it. Exit: of a command. Again: trying the same again
later may help; with a number, `Retry-After` says so many seconds.
"""
_GROUPS: tuple[tuple[str, str, type[errors.DrumScribeError]], ...] = (
    ("Links", "Why the sound of a link cannot be had. Uploading the file always works.",
     errors.FetchError),
    ("Recordings", "What is wrong with the recording itself.", errors.InputError),
    ("Models", "", errors.ModelError),
    ("Pages", "", errors.EngravingFailed),
    ("Passing trouble", "What the service stands on does not answer.", errors.Unavailable),
    ("Requests and jobs", "", errors.ServiceError),
    ("Everything else", "", errors.DrumScribeError),
)  # fmt: skip
_WITHOUT_CLASS = """## Without a class of their own

| code | where | meaning |
|---|---|---|
| `worker_lost` | jobs | A step was begun as often as allowed (`MAX_ATTEMPTS`) and never came to an end: its workers died, mostly for want of memory. |
| `internal_error` | jobs, HTTP 500 | Something that nobody expected. The log has it under the id of the job or the request. |
| `failed_by_operator` | jobs | `drumscribe admin fail`. |
| `not_found`, `method_not_allowed`, `http_error` | HTTP 404, 405, others | There is no such address, or not with this method. |
"""
_PASSING = (errors.Unavailable, errors.LinkUnreachable, errors.LinkTimeout, errors.LinkBotCheck)
_PASSING_TOO = (errors.ModelUnavailable, errors.QuotaExceeded, errors.RateLimited)


def errors_page() -> str:
    """The page: a table for each branch of the tree."""
    left = [kind for _, kind in inspect.getmembers(errors, inspect.isclass)]
    parts = [_HEAD]
    for title, words, base in _GROUPS:
        chosen = sorted((kind for kind in left if issubclass(kind, base)), key=_code)
        left = [kind for kind in left if kind not in chosen]
        rows = "".join(_row(kind) for kind in chosen)
        parts.append(
            f"## {title}\n\n{words + chr(10) * 2 if words else ''}"
            f"| code | HTTP | exit | again | meaning |\n|---|---|---|---|---|\n{rows}"
        )
    assert not left
    return "\n".join([*parts, _WITHOUT_CLASS])


def _code(kind: type[errors.DrumScribeError]) -> str:
    return kind.code


def _row(kind: type[errors.DrumScribeError]) -> str:
    error = kind("")
    seconds = retry_after_seconds(error)
    again = "yes" if isinstance(error, (*_PASSING, *_PASSING_TOO)) else ""
    meaning = " ".join((kind.__doc__ or "").split())
    return (
        f"| `{kind.code}` | {status_of(error)} | {exit_code_of(error)} | {seconds or again} | "
        f"{meaning} |\n"
    )


if __name__ == "__main__":
    TARGET.write_text(errors_page())

"""Requests to a service, and its problem documents as the errors that DrumScribe has anyway."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

import httpx

from drumscribe.errors import DrumScribeError, ServiceError, Unavailable

# Of connecting and of each pause in an answer, not of the whole: uploads take their time.
TIMEOUT_SECONDS: Final = 60.0
_CONNECT_ATTEMPTS: Final = 3


def make_connection(url: str, api_key: str | None) -> httpx.Client:
    """A connection that keeps the session's cookie, so that later calls may see earlier jobs."""
    headers = {"User-Agent": "drumscribe"}
    if api_key is not None:
        headers["Authorization"] = f"Bearer {api_key}"
    return httpx.Client(
        base_url=url.rstrip("/"),
        headers=headers,
        timeout=TIMEOUT_SECONDS,
        transport=httpx.HTTPTransport(retries=_CONNECT_ATTEMPTS),
        follow_redirects=True,
    )


@contextmanager
def _reaching(connection: httpx.Client) -> Iterator[None]:
    try:
        yield
    except httpx.HTTPError as error:
        raise Unavailable(
            f"{connection.base_url} cannot be reached: {error or type(error).__name__}."
        ) from error


def ask(connection: httpx.Client, method: str, path: str, **given: Any) -> httpx.Response:
    """One request; its answer is a success.

    given: see httpx.Client.request.
    Raises the error that the service's problem document names; Unavailable if nobody answers.
    """
    with _reaching(connection):
        answer = connection.request(method, path, **given)
    raise_problem(answer)
    return answer


@contextmanager
def streaming(connection: httpx.Client, path: str) -> Iterator[httpx.Response]:
    """The answer to a GET whose body is read block by block. Raises like ask."""
    with _reaching(connection), connection.stream("GET", path) as answer:
        if answer.is_error:
            answer.read()
        raise_problem(answer)
        yield answer


def raise_problem(answer: httpx.Response) -> None:
    """Raise what an answer says went wrong; nothing if it is a success."""
    if not answer.is_error:
        return
    try:
        problem = answer.json()
    except ValueError:
        problem = None
    if not isinstance(problem, Mapping):
        raise ServiceError(
            f"{answer.request.url} answered {answer.status_code} {answer.reason_phrase}; "
            "is it the address of a DrumScribe service?"
        )
    raise error_of(str(problem.get("code", "")), str(problem.get("detail") or problem.get("title")))


def error_of(code: str, message: str) -> DrumScribeError:
    """The error of our tree that has this code; a ServiceError for one that is not known here."""
    return _KINDS.get(code, ServiceError)(message)


def _kinds_below(kind: type[DrumScribeError]) -> Iterator[tuple[str, type[DrumScribeError]]]:
    for below in kind.__subclasses__():
        yield below.code, below
        yield from _kinds_below(below)


_KINDS: Final = dict(_kinds_below(DrumScribeError))

"""Tracebacks as bounded text: where it broke and what was said, never what the variables held.

Drawing the variables of every frame took seconds of the processor for one error, made megabytes of
log, and wrote down whatever passwords and headers happened to be in them.
"""

from __future__ import annotations

import linecache
import sys
from collections.abc import Iterator
from types import FrameType, TracebackType
from typing import Any, Final

_MOST_ERRORS: Final = 6  # of a chain of causes, or of a group
_MOST_FRAMES: Final = 12  # of one error: the outer ones are the server's, the inner ones tell
_MOST_MESSAGE: Final = 1000  # characters
_MOST_LINE: Final = 160  # characters of a line of source

ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None]


def bounded_traceback(error: BaseException) -> str:
    """An error, what caused it, and the innermost frames of each; at most some 16 kB."""
    return "\n".join(line for one in _chain(error) for line in _told(one))


def format_exception(_: Any, __: str, event: dict[str, Any]) -> dict[str, Any]:
    """A processor of structlog: `exc_info` becomes `exception`, a text."""
    given = event.pop("exc_info", None)
    error = sys.exc_info()[1] if given is True else given
    if isinstance(error, tuple):
        error = error[1]
    if isinstance(error, BaseException):
        event["exception"] = bounded_traceback(error)
    return event


def _chain(error: BaseException) -> list[BaseException]:
    """The error, its causes, and the members of groups; each once."""
    found: list[BaseException] = []
    waiting: list[BaseException | None] = [error]
    while waiting and len(found) < _MOST_ERRORS:
        one = waiting.pop(0)
        if one is None or any(one is other for other in found):
            continue
        found.append(one)
        if isinstance(one, BaseExceptionGroup):
            waiting.extend(one.exceptions[:_MOST_ERRORS])
        waiting.append(one.__cause__ or (None if one.__suppress_context__ else one.__context__))
    return found


def _told(error: BaseException) -> Iterator[str]:
    yield f"{type(error).__module__}.{type(error).__qualname__}: {_message(error)}"
    frames = list(_frames(error.__traceback__))
    if len(frames) > _MOST_FRAMES:
        yield f"  ({len(frames) - _MOST_FRAMES} outer frames are left out)"
    for frame, number in frames[-_MOST_FRAMES:]:
        code = frame.f_code
        yield f"  {code.co_filename}:{number} in {code.co_name}"
        source = linecache.getline(code.co_filename, number).strip()
        if source:
            yield f"    {source[:_MOST_LINE]}"


def _frames(trace: TracebackType | None) -> Iterator[tuple[FrameType, int]]:
    while trace is not None:
        yield trace.tb_frame, trace.tb_lineno
        trace = trace.tb_next


def _message(error: BaseException) -> str:
    try:
        text = str(error)
    except Exception:
        return "(its message cannot be read)"
    return text if len(text) <= _MOST_MESSAGE else text[:_MOST_MESSAGE] + " ..."

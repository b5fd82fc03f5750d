"""Log lines of the service: JSON in production, coloured text in development.

The core logs with the standard library and knows nothing of this; here its records are dressed.
Whatever is bound with log_context (job, step, attempt) stands on every line of that thread. Errors
that nobody caught come here too, so that everything that leaves the process has no secrets in it.
"""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Any

import structlog

from drumscribe.core.redaction import Redactor
from drumscribe.core.tracebacks import format_exception

logger = logging.getLogger(__name__)

# Chatty at INFO about every request or message; what matters we say ourselves.
_QUIET = (
    "alembic",
    "boto3",
    "botocore",
    "celery.app.trace",
    "celery.beat",
    "celery.worker.request",
    "celery.worker.strategy",
    "httpcore",
    "httpx",
    "s3transfer",
    "urllib3",
)


def set_up_logging(level: str, *, as_json: bool, secrets: Iterable[str] = ()) -> None:
    """Send all log records of this process to stderr, one line each.

    level: DEBUG, INFO, WARNING or ERROR. secrets: of the settings; no line will contain one.
    """
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
    ]
    last: list[Any]
    if as_json:
        last = [
            structlog.processors.EventRenamer("message"),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ]
    else:
        last = [
            structlog.dev.ConsoleRenderer(
                colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
            )
        ]
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        _Redacting(
            Redactor(secrets),
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                _without_colours,
                format_exception,
                *last,
            ],
        )
    )
    logging.basicConfig(level=level, handlers=[handler], force=True)
    logging.captureWarnings(True)
    sys.excepthook = _log_uncaught
    threading.excepthook = _log_uncaught_in_thread
    for name in _QUIET:
        logging.getLogger(name).setLevel(max(logging.WARNING, logging.getLevelName(level)))
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )


def _without_colours(_: Any, __: str, event: dict[str, Any]) -> dict[str, Any]:
    """uvicorn gives its messages twice, the second time with the signs of a terminal."""
    event.pop("color_message", None)
    return event


class _Redacting(structlog.stdlib.ProcessorFormatter):
    """Looks over the finished line: whatever was logged, and by whom, it has no secrets in it."""

    def __init__(self, redact: Redactor, **chains: Any) -> None:
        super().__init__(**chains)
        self._redact = redact

    def format(self, record: logging.LogRecord) -> str:
        return self._redact(super().format(record))


def _log_uncaught(
    kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    if isinstance(error, KeyboardInterrupt):
        sys.__excepthook__(kind, error, trace)
        return
    logger.critical("The process ends by an error.", exc_info=(kind, error, trace))


def _log_uncaught_in_thread(given: threading.ExceptHookArgs) -> None:
    name = given.thread.name if given.thread is not None else "?"
    if given.exc_value is not None and not isinstance(given.exc_value, SystemExit):
        logger.error("The thread %s ends by an error.", name, exc_info=given.exc_value)


@contextmanager
def log_context(**values: object) -> Iterator[None]:
    """Put values on every log line of this thread (or task) while the context is open."""
    with structlog.contextvars.bound_contextvars(**values):
        yield

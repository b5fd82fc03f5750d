"""Log lines of the service: JSON in production, coloured text in development.

The core logs with the standard library and knows nothing of this; here its records are dressed.
Whatever is bound with log_context (job, step, attempt) stands on every line of that thread.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import structlog

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


def set_up_logging(level: str, *, as_json: bool) -> None:
    """Send all log records of this process to stderr, one line each.

    level: DEBUG, INFO, WARNING or ERROR.
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
            structlog.processors.dict_tracebacks,
            structlog.processors.EventRenamer("message"),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ]
    else:
        last = [structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())]
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
        )
    )
    logging.basicConfig(level=level, handlers=[handler], force=True)
    logging.captureWarnings(True)
    for name in _QUIET:
        logging.getLogger(name).setLevel(max(logging.WARNING, logging.getLevelName(level)))
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )


@contextmanager
def log_context(**values: object) -> Iterator[None]:
    """Put values on every log line of this thread (or task) while the context is open."""
    with structlog.contextvars.bound_contextvars(**values):
        yield

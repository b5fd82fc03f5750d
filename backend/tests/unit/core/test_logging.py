"""Log lines: JSON in production, with what is bound on every one."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from typing import Any

import pytest
from starlette.types import Receive, Scope, Send

from drumscribe.api.middleware import RequestLog

LINES = """
import logging
from drumscribe.core.logging import log_context, set_up_logging
set_up_logging("INFO", as_json=True)
logger = logging.getLogger("drumscribe.services.steps.run_step")
with log_context(job_id="6f1c", stage="prediction", attempt=2):
    logger.info("%s: finished", "predict_hits", extra={"elapsed_ms": 1234, "outcome": "finished"})
    try:
        1 / 0
    except ZeroDivisionError:
        logger.exception("It broke.")
logger.info("Started", extra={"color_message": "\\x1b[36mStarted\\x1b[0m"})
logger.debug("not shown")
logger.warning("Ü: afterwards")
"""


def test_json_lines_carry_what_is_bound_and_only_while_it_is() -> None:
    done = subprocess.run(
        [sys.executable, "-c", LINES], capture_output=True, text=True, check=True, encoding="utf-8"
    )
    assert done.stdout == ""
    finished, broke, started, after = (json.loads(line) for line in done.stderr.splitlines())
    assert finished["message"] == "predict_hits: finished"
    assert finished["level"] == "info"
    assert finished["timestamp"].endswith("Z")
    assert {k: finished[k] for k in ("job_id", "stage", "attempt", "elapsed_ms", "outcome")} == {
        "job_id": "6f1c", "stage": "prediction", "attempt": 2, "elapsed_ms": 1234,
        "outcome": "finished",
    }  # fmt: skip
    assert broke["job_id"] == "6f1c"
    assert broke["exception"].startswith("builtins.ZeroDivisionError: division by zero")
    assert "color_message" not in started
    assert "job_id" not in after
    assert after["message"] == "Ü: afterwards"


def test_request_whose_client_went_away_is_no_error_of_ours(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        """Stops without an answer, as an upload that is broken off does."""

    async def unused(*_: object) -> Any:
        raise AssertionError

    scope = {"type": "http", "method": "POST", "path": "/api/v1/jobs", "headers": []}
    with caplog.at_level("INFO", logger="drumscribe.access"):
        asyncio.run(RequestLog(app)(scope, unused, unused))
    assert [record.getMessage() for record in caplog.records] == ["POST /api/v1/jobs 499"]

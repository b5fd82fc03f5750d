"""The estimate of how long a job may still take."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from drumscribe.domain.jobs import InputType, Job, JobRequest, JobStatus, Step
from drumscribe.domain.service.remaining_time import remaining_seconds

NOW = datetime(2030, 1, 1, tzinfo=UTC)


def job(step: Step, progress: int, elapsed_seconds: float, **changes: Any) -> Job:
    values: dict[str, Any] = {
        "id": uuid4(),
        "owner": "anna",
        "request": JobRequest(input_type=InputType.UPLOAD, title="Song"),
        "status": JobStatus.RUNNING,
        "step": step,
        "progress": progress,
        "created_at": NOW,
        "updated_at": NOW,
        "step_started_at": NOW - timedelta(seconds=elapsed_seconds),
    }
    return Job(**(values | changes))


def test_last_step_goes_on_at_its_own_pace() -> None:
    third = job(Step.TRANSCRIBE_AND_EXPORT, 90, 10.0)
    assert remaining_seconds(third, NOW) == pytest.approx(20.0)
    assert remaining_seconds(job(Step.TRANSCRIBE_AND_EXPORT, 100, 10.0), NOW) == 0.0


def test_steps_that_follow_are_added() -> None:
    half = job(Step.SEPARATE_DRUMS, 35, 30.0)
    alone = 30.0
    found = remaining_seconds(half, NOW)
    assert found is not None
    assert alone < found < 2 * alone


@pytest.mark.parametrize(
    "unknown",
    [
        job(Step.INGEST_AUDIO, 5, 10.0),
        job(Step.SEPARATE_DRUMS, 10, 60.0),
        job(Step.SEPARATE_DRUMS, 50, 0.2),
        job(Step.PREDICT_HITS, 70, 10.0, status=JobStatus.QUEUED),
        job(Step.PREDICT_HITS, 70, 10.0, step_started_at=None),
        job(Step.TRANSCRIBE_AND_EXPORT, 100, 10.0, status=JobStatus.COMPLETED),
    ],
)
def test_where_nothing_is_known_nothing_is_said(unknown: Job) -> None:
    assert remaining_seconds(unknown, NOW) is None

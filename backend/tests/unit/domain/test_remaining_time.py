"""The estimate of how long a job may still take."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from drumscribe.domain.jobs import InputType, Job, JobFacts, JobRequest, JobStatus, Step
from drumscribe.domain.service.remaining_time import remaining_seconds
from drumscribe.domain.wishes import Wishes

NOW = datetime(2030, 1, 1, tzinfo=UTC)
ALONE = JobRequest(
    input_type=InputType.UPLOAD, title="Song", wishes=Wishes.of({"separation": "always"})
)
MIX = JobRequest(input_type=InputType.UPLOAD, title="Song")


def job(step: Step, progress: int, elapsed_seconds: float, **changes: Any) -> Job:
    values: dict[str, Any] = {
        "id": uuid4(),
        "owner": "anna",
        "request": ALONE,
        "status": JobStatus.RUNNING,
        "step": step,
        "progress": progress,
        "created_at": NOW,
        "updated_at": NOW,
        "step_started_at": NOW - timedelta(seconds=elapsed_seconds),
    }
    return Job(**(values | changes))


def test_last_step_goes_on_at_its_own_pace() -> None:
    third = job(Step.TRANSCRIBE_AND_EXPORT, 90, 11.0)
    # Five and a half of 15 percent are done: the one that has begun counts by half.
    assert remaining_seconds(third, NOW) == pytest.approx(19.0)
    assert remaining_seconds(job(Step.TRANSCRIBE_AND_EXPORT, 100, 10.0), NOW) == 0.0


def test_steps_that_follow_are_added() -> None:
    half = job(Step.SEPARATE_DRUMS, 35, 30.0)
    alone = 30.0
    found = remaining_seconds(half, NOW)
    assert found is not None
    assert alone < found < 2 * alone


def test_separation_that_was_not_asked_for_is_not_reckoned_with() -> None:
    start = remaining_seconds(job(Step.PREDICT_HITS, 65, 2.0, request=MIX), NOW)
    assert start is not None
    assert start < 20.0


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


PACES = st.floats(0.5, 2.0)
USUAL = {Step.SEPARATE_DRUMS: 70.0, Step.PREDICT_HITS: 2.0, Step.TRANSCRIBE_AND_EXPORT: 1.0}


@example(machine=3.0, paces=(2.0, 0.5, 1.0))
@example(machine=5.0, paces=(2.0, 0.5, 0.5))
@given(machine=st.floats(0.3, 5.0), paces=st.tuples(PACES, PACES, PACES))
def test_estimates_do_not_jump_where_steps_are_twice_as_slow_or_fast_as_usual(
    machine: float, paces: tuple[float, float, float]
) -> None:
    """Asked every second, until the last quarter of a minute."""
    seconds = dict(
        zip(
            USUAL,
            (a * b * machine for a, b in zip(USUAL.values(), paces, strict=True)),
            strict=True,
        )
    )
    taken: dict[str, float] = {}
    before: float | None = None
    for step, length in seconds.items():
        low, high = step.progress_span
        elapsed = 0.0
        while elapsed < length:
            progress = int(low + (high - low) * elapsed / length)
            now = job(step, progress, elapsed, facts=JobFacts(step_seconds=dict(taken)))
            said = remaining_seconds(now, NOW)
            if before is not None and said is not None and before > 15.0:
                assert 0.7 * before - 1.0 <= said <= 1.3 * before
            before = said if said is not None else before
            elapsed += 1.0
        taken[step.value] = length

"""How long a job may still take, from how long its current step has taken so far."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from drumscribe.domain.jobs import Job, JobStatus, Step

# Before this much of a step, and this time, extrapolating from it says nothing.
_LEAST_FRACTION: Final = 0.08
_LEAST_SECONDS: Final = 1.0
# What the steps cost relative to each other, measured on two cores (docs/explanation/service.md).
# Only their ratios count, and only for the steps that have not begun.
_COST: Final = {
    Step.SEPARATE_DRUMS: 70.0,
    Step.PREDICT_HITS: 10.0,
    Step.TRANSCRIBE_AND_EXPORT: 5.0,
}


def remaining_seconds(job: Job, now: datetime) -> float | None:
    """Seconds until the job is done; None where nothing can be said yet.

    The current step goes on at the pace that it had so far; the steps after it take their usual
    share. Nothing is said of a job that waits, nor during the ingest, before it is known whether
    the drums will be separated.
    """
    if job.status is not JobStatus.RUNNING or job.step_started_at is None or job.step not in _COST:
        return None
    low, high = job.step.progress_span
    done = (job.progress - low) / (high - low)
    elapsed_seconds = (now - job.step_started_at).total_seconds()
    if done < _LEAST_FRACTION or elapsed_seconds < _LEAST_SECONDS:
        return None
    step_seconds = elapsed_seconds / min(done, 1.0)
    steps = list(Step)
    later = sum(_COST[step] for step in steps[steps.index(job.step) + 1 :])
    return step_seconds * (1.0 - min(done, 1.0) + later / _COST[job.step])

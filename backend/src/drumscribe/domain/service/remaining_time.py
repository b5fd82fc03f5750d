"""How long a job may still take, from how long its work has taken so far."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from drumscribe.domain.jobs import Job, JobStatus, Step
from drumscribe.domain.wishes import SeparationMode

# Before this share of all that is counted, and this time, extrapolating from it says nothing.
_LEAST_SHARE: Final = 0.08
_LEAST_SECONDS: Final = 1.0
# What the steps cost relative to each other, measured on two cores (docs/explanation/service.md).
# Only their ratios count. The ingest is not among them: most of it may be a download.
_COST: Final = {
    Step.SEPARATE_DRUMS: 70.0,
    Step.PREDICT_HITS: 2.0,
    Step.TRANSCRIBE_AND_EXPORT: 1.0,
}


def remaining_seconds(job: Job, now: datetime) -> float | None:
    """Seconds until the job is done; None where nothing can be said yet.

    All that is left goes on at the pace of all that is done: what it took, in relation to what it
    usually costs. So the estimate goes on smoothly from one step to the next, whichever of them is
    slower here than elsewhere; waiting between steps is not counted. Nothing is said of a job that
    waits, nor during the ingest.
    """
    if job.status is not JobStatus.RUNNING or job.step_started_at is None or job.step not in _COST:
        return None
    costs = {step: _cost(step, job) for step in Step}
    steps = list(Step)
    place = steps.index(job.step)
    low, high = job.step.progress_span
    # A percent that has begun is half done on average: of a long step it lasts ten seconds.
    share = min(1.0, (job.progress + 0.5 - low) / (high - low))
    taken = job.facts.step_seconds or {}
    # Jobs that were under way when this version came do not know what their steps took.
    before = [step for step in steps[:place] if costs[step] and step.value in taken]
    done = sum(costs[step] for step in before) + costs[job.step] * share
    left = costs[job.step] * (1.0 - share) + sum(costs[step] for step in steps[place + 1 :])
    elapsed_seconds = (now - job.step_started_at).total_seconds()
    seconds = sum(taken[step.value] for step in before) + elapsed_seconds
    if done < _LEAST_SHARE * (done + left) or seconds < _LEAST_SECONDS:
        return None
    return seconds / done * left


def _cost(step: Step, job: Job) -> float:
    is_left_out = (
        step is Step.SEPARATE_DRUMS
        and job.request.wishes.hearing.separation is not SeparationMode.ALWAYS
    )
    return 0.0 if is_left_out else _COST.get(step, 0.0)

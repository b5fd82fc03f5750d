"""The metrics of Prometheus: what a process counts, and what the database knows at the scrape.

Counters live in the process that counts. Where several processes belong together (`drumscribe
serve` and its workers, the pool of a Celery worker) they share a folder of memory-mapped files, and
whichever is asked answers for all: see share_metrics. States (how many jobs wait, run, ...) are
never counted up and down: they are read from the database when somebody asks.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from drumscribe.core.telemetry import SHARED_FOLDER_VARIABLE
from drumscribe.domain.jobs import JobStatus, Step
from drumscribe.errors import Unavailable
from drumscribe.ports import JobStats
from drumscribe.services.steps.run_step import INTERNAL_ERROR, StepOutcome, StepReport

CONTENT_TYPE: Final = CONTENT_TYPE_LATEST

_STEP_BUCKETS_SECONDS = (0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 40, 60, 120, 300, 600, 1200, 2400)
_HTTP_BUCKETS_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)

disable_created_metrics()  # type: ignore[no-untyped-call]
_own = CollectorRegistry()

_jobs_total = Counter(
    "drumscribe_jobs_total", "Jobs that ended in a worker, by status.", ["status"], registry=_own
)
_jobs_failed_total = Counter(
    "drumscribe_jobs_failed_total",
    "Jobs that failed in a worker, by stage and code of the error.",
    ["stage", "code"],
    registry=_own,
)
_step_seconds = Histogram(
    "drumscribe_inference_latency_seconds",
    "Time that a finished step took, by stage; without those that had nothing to do.",
    ["stage"],
    buckets=_STEP_BUCKETS_SECONDS,
    registry=_own,
)
_steps_total = Counter(
    "drumscribe_steps_total",
    "Claimed steps, by stage and outcome.",
    ["stage", "outcome"],
    registry=_own,
)
_audio_seconds = Counter(
    "drumscribe_audio_duration_processed_seconds",
    "Length of the recordings of completed jobs.",
    registry=_own,
)
_webhooks_total = Counter(
    "drumscribe_webhook_attempts_total",
    "Attempts to deliver a webhook, by outcome.",
    ["outcome"],
    registry=_own,
)
_http_seconds = Histogram(
    "drumscribe_http_request_duration_seconds",
    "Time until the answer begins, by method, route and status.",
    ["method", "route", "status"],
    buckets=_HTTP_BUCKETS_SECONDS,
    registry=_own,
)
_http_in_flight = Gauge(
    "drumscribe_http_requests_in_flight",
    "Requests that are being answered, event streams among them.",
    registry=_own,
    multiprocess_mode="livesum",
)


def _begin_at_zero() -> None:
    """Prometheus sees growth, not appearance: of a series that begins at 1 the first event is lost,
    and with few jobs an alert with it.
    """
    for status in (JobStatus.COMPLETED, JobStatus.FAILED, JobStatus.CANCELLED):
        _jobs_total.labels(status.value)
    for stage in (step.stage for step in Step):
        _jobs_failed_total.labels(stage, INTERNAL_ERROR)
        for outcome in StepOutcome:
            if outcome is not StepOutcome.NOT_CLAIMED:
                _steps_total.labels(stage, outcome.value)


_begin_at_zero()


def count_step(report: StepReport) -> None:
    """Count what came of a wake-up call; nothing if there was nothing to claim."""
    if report.outcome is StepOutcome.NOT_CLAIMED:
        return
    stage = report.step.stage
    _steps_total.labels(stage, report.outcome.value).inc()
    if report.outcome is StepOutcome.FINISHED:
        if report.made_files:
            _step_seconds.labels(stage).observe(report.seconds)
        if report.step.following is None:
            _jobs_total.labels(JobStatus.COMPLETED.value).inc()
            _audio_seconds.inc(report.audio_seconds or 0.0)
    elif report.outcome is StepOutcome.FAILED:
        _jobs_total.labels(JobStatus.FAILED.value).inc()
        _jobs_failed_total.labels(stage, report.error_code or "unknown").inc()
    elif report.outcome is StepOutcome.CANCELLED:
        _jobs_total.labels(JobStatus.CANCELLED.value).inc()


def count_webhook(outcome: str) -> None:
    """Count an attempt. outcome: delivered, retry or failed."""
    _webhooks_total.labels(outcome).inc()


def count_request(method: str, route: str, status: int, seconds: float) -> None:
    """Count an answer. route: the template, never the path itself. seconds: until it began."""
    _http_seconds.labels(method, route, str(status)).observe(seconds)


def add_in_flight(change: int) -> None:
    """A request has come (1) or is done (-1)."""
    _http_in_flight.inc(change)


class StatsCollector(Collector):
    """Reads the states of jobs when Prometheus asks."""

    def __init__(self, stats: Callable[[], JobStats]) -> None:
        self._stats = stats

    def collect(self) -> Iterator[Metric]:
        """Only drumscribe_database_up while the database does not answer."""
        up = "Whether the database answered to this scrape."
        try:
            stats = self._stats()
        except Unavailable:
            yield GaugeMetricFamily("drumscribe_database_up", up, value=0)
            return
        yield GaugeMetricFamily("drumscribe_database_up", up, value=1)
        yield from _states(stats)


def _states(stats: JobStats) -> Iterator[Metric]:
    jobs = GaugeMetricFamily("drumscribe_jobs", "Jobs in the database.", labels=["status"])
    for status in JobStatus:
        jobs.add_metric([status.value], stats.by_status.get(status, 0))
    yield jobs
    failed = GaugeMetricFamily(
        "drumscribe_failed_jobs",
        "Failed jobs in the database, by code: those that killed their workers, too.",
        labels=["code"],
    )
    for code, number in sorted(stats.failed_by_code.items()):
        failed.add_metric([code], number)
    yield failed
    yield GaugeMetricFamily(
        "drumscribe_active_jobs",
        "Jobs that a worker has claimed.",
        value=stats.by_status.get(JobStatus.RUNNING, 0),
    )
    depth: dict[str, int] = {}
    for step in Step:
        depth[step.queue] = depth.get(step.queue, 0) + stats.queued_by_step.get(step, 0)
    queues = GaugeMetricFamily(
        "drumscribe_queue_depth", "Steps that wait for a worker.", labels=["queue"]
    )
    for queue, number in depth.items():
        queues.add_metric([queue], number)
    yield queues
    yield GaugeMetricFamily(
        "drumscribe_oldest_queued_seconds",
        "How long the step has waited that waits longest; 0 if none waits.",
        value=stats.oldest_queued_seconds or 0.0,
    )
    yield GaugeMetricFamily(
        "drumscribe_webhooks_pending", "Webhooks to be sent.", value=stats.pending_deliveries
    )


# What the kernel counts for a container (version 2 and 1 of its control groups).
_MEMORY_FILES: Final = (
    Path("/sys/fs/cgroup/memory.current"),
    Path("/sys/fs/cgroup/memory/memory.usage_in_bytes"),
)


class MemoryCollector(Collector):
    """Looks at the memory of the container: of this process, its children and their file caches."""

    def collect(self) -> Iterator[Metric]:
        """No sample where there are no control groups."""
        memory = GaugeMetricFamily(
            "drumscribe_memory_bytes",
            "Memory of the container, with caches, at the scrape.",
            labels=[],
        )
        for path in _MEMORY_FILES:
            try:
                memory.add_metric([], int(path.read_text()))
            except (OSError, ValueError):
                continue
            break
        yield memory


class DiskCollector(Collector):
    """Looks at the room of volumes when Prometheus asks. folders: name of the volume -> folder."""

    def __init__(self, folders: Mapping[str, Path]) -> None:
        self._folders = folders

    def collect(self) -> Iterator[Metric]:
        """Nothing of a folder that cannot be looked at."""
        free = GaugeMetricFamily(
            "drumscribe_disk_free_bytes",
            "Room on the volume of a folder of the API, at the scrape.",
            labels=["volume"],
        )
        size = GaugeMetricFamily(
            "drumscribe_disk_size_bytes", "Size of that volume.", labels=["volume"]
        )
        for name, folder in self._folders.items():
            try:
                usage = shutil.disk_usage(folder)
            except OSError:
                continue
            free.add_metric([name], usage.free)
            size.add_metric([name], usage.total)
        yield free
        yield size


@dataclass(frozen=True, slots=True)
class MetricInfo:
    """What the reference says of a metric.

    kind: counter, gauge or histogram. source: process or database.
    """

    name: str
    kind: str
    labels: tuple[str, ...]
    meaning: str
    source: str


def every_metric() -> list[MetricInfo]:
    """What can be scraped, in the order of this module."""
    counted = [
        _jobs_total, _jobs_failed_total, _step_seconds, _steps_total, _audio_seconds,
        _webhooks_total, _http_seconds, _http_in_flight,
    ]  # fmt: skip
    found = []
    for metric in counted:
        (about,) = metric.describe()
        suffix = "_total" if about.type == "counter" else ""
        labels = tuple(metric._labelnames)
        found.append(
            MetricInfo(about.name + suffix, about.type, labels, about.documentation, "process")
        )
    looked_at = [
        *((family, ("volume",)) for family in DiskCollector({}).collect()),
        *((family, ()) for family in MemoryCollector().collect()),
    ]
    for family, names in looked_at:
        found.append(MetricInfo(family.name, family.type, names, family.documentation, "process"))
    nothing = JobStats({}, {}, None, 0, {"worker_lost": 0})
    for family in StatsCollector(lambda: nothing).collect():
        labels = tuple(dict.fromkeys(name for s in family.samples for name in s.labels))
        found.append(MetricInfo(family.name, family.type, labels, family.documentation, "database"))
    return found


def exposition(
    stats: Callable[[], JobStats] | None, *, folders: Mapping[str, Path] | None = None
) -> bytes:
    """All metrics in Prometheus' text format.

    stats: JobStore.stats, where it is to be asked. folders: volumes whose room is to be told.
    """
    registry = CollectorRegistry()
    if SHARED_FOLDER_VARIABLE in os.environ:
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    else:
        registry.register(_Counted())
    if stats is not None:
        registry.register(StatsCollector(stats))
    registry.register(MemoryCollector())
    if folders:
        registry.register(DiskCollector(folders))
    return generate_latest(registry)


class _Counted(Collector):
    """What this process has counted."""

    def collect(self) -> Iterator[Metric]:
        yield from _own.collect()

    def describe(self) -> list[Metric]:
        """Nothing: a new registry has no names to compare with."""
        return []

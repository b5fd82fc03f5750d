# ruff: noqa: E501 - the lines of tables are long
"""Write docs/reference/metrics.md from the metrics themselves; a test fails when it is stale.

python docs/reference/generate_metrics.py
"""

from __future__ import annotations

from pathlib import Path

from drumscribe.core.metrics import MetricInfo, every_metric

TARGET = Path(__file__).with_name("metrics.md")

_HEAD = """# Metrics

<!-- Written by docs/reference/generate_metrics.py; do not edit. -->

For Prometheus: `GET /metrics` of the API, and `/metrics` on `PROMETHEUS_PORT` of each Celery
worker. In the embedded mode (`drumscribe serve`) the API speaks for its workers too. Keep both from
the public: they say how busy you are.

**Counted where it happens.** These live in the process that counts and begin at 0 with it; sum them
over processes (`sum by (stage) (rate(...))`).

| metric | type | labels | meaning |
|---|---|---|---|
"""
_DATABASE = """
**Read from the database at each scrape**, by the API. They are true whatever has died meanwhile;
take one API's answer (`max`), not the sum.

| metric | type | labels | meaning |
|---|---|---|---|
"""
_TAIL = """
`stage` is one of ingest, separation, prediction, transcription. Jobs that end without a worker (a
cancel while they wait, an operator's `fail`, a step that was begun too often) are not in
`drumscribe_jobs_total`; `drumscribe_jobs` has all of them.

A few questions and their answers:

| question | PromQL |
|---|---|
| How many jobs fail? | `sum(rate(drumscribe_jobs_failed_total[15m])) / sum(rate(drumscribe_jobs_total[15m]))` |
| How long does hearing take (95 of 100)? | `histogram_quantile(0.95, sum by (le) (rate(drumscribe_inference_latency_seconds_bucket{stage="prediction"}[15m])))` |
| Do jobs wait too long? | `max(drumscribe_oldest_queued_seconds)` |
| How fast does the API answer? | `histogram_quantile(0.95, sum by (le, route) (rate(drumscribe_http_request_duration_seconds_bucket[5m])))` |

**Traces** go to `OTEL_EXPORTER_OTLP_ENDPOINT` (OTLP over HTTP): one trace from `POST /api/v1/jobs`
over each step, the download of a link and each webhook. The context is kept in the row of the job.

**Logs** are one JSON object a line in production (`LOG_FORMAT`), with `job_id`, `stage` and `attempt`
on every line of a step, `elapsed_ms` and `outcome` on its last one, and `request_id` (also the
`X-Request-ID` of the answer) on every line of a request.
"""


def metrics_page() -> str:
    """The page."""
    found = every_metric()
    counted = [metric for metric in found if metric.source == "process"]
    read = [metric for metric in found if metric.source == "database"]
    return _HEAD + _rows(counted) + _DATABASE + _rows(read) + _TAIL


def _rows(metrics: list[MetricInfo]) -> str:
    return "".join(
        f"| `{metric.name}` | {metric.kind} | {', '.join(metric.labels)} | {metric.meaning} |\n"
        for metric in metrics
    )


if __name__ == "__main__":
    TARGET.write_text(metrics_page())

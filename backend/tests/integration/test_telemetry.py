"""Metrics of a running API, and one trace from the request over the steps to the webhook."""

from __future__ import annotations

from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from api_client import JOBS, Api, make_api
from drumscribe.domain.jobs import Step
from otlp_collector import collecting


def scraped(api: Api) -> dict[tuple[str, ...], float]:
    answer = api.client.get("/metrics")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain; version=")
    return {
        (sample.name, *(value for _, value in sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def test_metrics_of_the_api_name_routes_by_their_template(tmp_path: Path) -> None:
    api = make_api(tmp_path)
    count = "drumscribe_http_request_duration_seconds_count"
    with api.client:
        before = scraped(api)
        for _ in range(2):
            api.client.get(f"{JOBS}/6f1c2a8e-0000-4000-8000-000000000000")
        api.client.get("/no/such/page")
        api.client.request("BREW", "/coffee")
        after = scraped(api)
    for key, expected in {
        (count, "GET", "/api/v1/jobs/{job_id}", "404"): 2,
        (count, "GET", "unmatched", "404"): 1,
        (count, "other", "unmatched", "404"): 1,
    }.items():
        assert after[key] - before.get(key, 0) == expected
    assert after["drumscribe_http_requests_in_flight",] == 1  # this one
    assert not any("6f1c2a8e" in part for key in after for part in key)


def test_metrics_follow_a_job_from_the_queue_to_its_end(tmp_path: Path, recording: Path) -> None:
    api = make_api(tmp_path)
    with api.client:
        before = scraped(api)
        api.submit(recording)
        queued = scraped(api)
        assert queued["drumscribe_queue_depth", "default"] == 1
        assert queued["drumscribe_jobs", "queued"] == 1
        api.work()
        after = scraped(api)
    assert after["drumscribe_queue_depth", "default"] == 0
    completed = ("drumscribe_jobs_total", "completed")
    assert after[completed] - before.get(completed, 0) == 1
    audio = ("drumscribe_audio_duration_processed_seconds_total",)
    assert after[audio] - before[audio] == pytest.approx(4.0, abs=0.1)


def test_trace_goes_from_the_request_over_the_steps_to_the_webhook(
    tmp_path: Path, recording: Path
) -> None:
    with collecting() as collector:
        api = make_api(
            tmp_path,
            otel_exporter_otlp_endpoint=collector.url,
            otel_service_name="drumscribe-test",
            webhook_allow_http=True,
            webhook_allow_private_addresses=True,
        )
        with api.client:
            job_id = api.completed(recording, webhook_url=f"{collector.url}/hook")
            assert api.service.deliver_webhooks() == 1
        # The client's end is the end of the application: what was left has been sent.
        assert collector.webhooks == 1
        spans = collector.spans
    assert collector.services == {"drumscribe-test"}
    request = spans["POST /api/v1/jobs"]
    assert {a.key: a.value for a in request.attributes}[
        "http.response.status_code"
    ].int_value == 202
    for name in (*(step.value for step in Step), "send webhook"):
        assert spans[name].trace_id == request.trace_id, name
        assert spans[name].parent_span_id == request.span_id, name
        attributes = {a.key: a.value.string_value for a in spans[name].attributes}
        assert attributes["drumscribe.job_id"] == job_id
    assert "GET /metrics" not in spans


def test_trace_of_the_caller_is_continued(tmp_path: Path) -> None:
    with collecting() as collector:
        api = make_api(tmp_path, otel_exporter_otlp_endpoint=collector.url)
        with api.client:
            trace_id = "4bf92f3577b34da6a3ce929d0e0e4736"
            api.client.get(JOBS, headers={"traceparent": f"00-{trace_id}-00f067aa0ba902b7-01"})
        assert collector.spans["GET /api/v1/jobs"].trace_id.hex() == trace_id

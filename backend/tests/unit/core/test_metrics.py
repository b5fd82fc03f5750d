"""Metrics: what is counted, what is read from the database, and sharing between processes."""

from __future__ import annotations

import dataclasses
import os
import subprocess
import sys
import urllib.request
from pathlib import Path
from uuid import uuid4

from prometheus_client.parser import text_string_to_metric_families

from drumscribe.core.metrics import count_request, count_step, count_webhook, exposition
from drumscribe.core.telemetry import metrics_folder, serve_metrics
from drumscribe.domain.jobs import JobStatus, Step
from drumscribe.errors import StoreUnavailable
from drumscribe.ports import JobStats
from drumscribe.services.steps.run_step import StepOutcome, StepReport

STATS = JobStats(
    by_status={JobStatus.RUNNING: 2, JobStatus.QUEUED: 3, JobStatus.COMPLETED: 5},
    queued_by_step={Step.INGEST_AUDIO: 1, Step.SEPARATE_DRUMS: 4, Step.PREDICT_HITS: 2},
    oldest_queued_seconds=12.5,
    pending_deliveries=7,
    failed_by_code={"worker_lost": 3},
)


def samples(text: bytes) -> dict[tuple[str, ...], float]:
    """(name, label values sorted by label name) -> value."""
    return {
        (sample.name, *(value for _, value in sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text.decode())
        for sample in family.samples
    }


def counted() -> dict[tuple[str, ...], float]:
    return samples(exposition(None))


def report(step: Step, outcome: StepOutcome, *, code: str | None = None) -> StepReport:
    return StepReport(
        job_id=uuid4(),
        step=step,
        outcome=outcome,
        seconds=3.0,
        audio_seconds=90.0,
        error_code=code,
        made_files=True,
    )


def grown(before: dict[tuple[str, ...], float], *key: str) -> float:
    return counted().get(key, 0.0) - before.get(key, 0.0)


_FRESH = "from drumscribe.core.metrics import exposition; print(exposition(None).decode())"


def test_first_failure_of_a_process_is_growth_and_no_appearance(tmp_path: Path) -> None:
    shared = {**os.environ, "PROMETHEUS_MULTIPROC_DIR": str(tmp_path)}
    alone = {k: v for k, v in shared.items() if k != "PROMETHEUS_MULTIPROC_DIR"}
    for environment in (alone, shared):
        text = subprocess.check_output([sys.executable, "-c", _FRESH], env=environment)
        found = samples(text)
        assert found["drumscribe_jobs_total", "failed"] == 0
        assert found["drumscribe_jobs_failed_total", "internal_error", "prediction"] == 0
        assert found["drumscribe_steps_total", "retried", "ingest"] == 0
        assert ("drumscribe_steps_total", "not_claimed", "ingest") not in found


def test_finished_last_step_counts_a_completed_job() -> None:
    before = counted()
    for step in Step:
        count_step(report(step, StepOutcome.FINISHED))
    assert grown(before, "drumscribe_jobs_total", "completed") == 1
    assert grown(before, "drumscribe_audio_duration_processed_seconds_total") == 90
    for stage in ("ingest", "separation", "prediction", "transcription"):
        assert grown(before, "drumscribe_inference_latency_seconds_count", stage) == 1
        assert grown(before, "drumscribe_inference_latency_seconds_sum", stage) == 3


def test_separation_that_was_not_needed_is_no_separation_of_no_time() -> None:
    before = counted()
    skipped = report(Step.SEPARATE_DRUMS, StepOutcome.FINISHED)
    count_step(dataclasses.replace(skipped, made_files=False))
    assert grown(before, "drumscribe_inference_latency_seconds_count", "separation") == 0
    assert grown(before, "drumscribe_steps_total", "finished", "separation") == 1


def test_failed_step_counts_a_failed_job_by_stage_and_code() -> None:
    before = counted()
    count_step(report(Step.INGEST_AUDIO, StepOutcome.FAILED, code="silent_audio"))
    assert grown(before, "drumscribe_jobs_total", "failed") == 1
    assert grown(before, "drumscribe_jobs_failed_total", "silent_audio", "ingest") == 1
    assert grown(before, "drumscribe_inference_latency_seconds_count", "ingest") == 0


def test_step_that_was_not_claimed_or_is_tried_again_counts_no_job() -> None:
    before = counted()
    count_step(report(Step.INGEST_AUDIO, StepOutcome.NOT_CLAIMED))
    count_step(report(Step.INGEST_AUDIO, StepOutcome.RETRIED, code="storage_full"))
    assert grown(before, "drumscribe_jobs_total", "failed") == 0
    assert grown(before, "drumscribe_steps_total", "not_claimed", "ingest") == 0
    assert grown(before, "drumscribe_steps_total", "retried", "ingest") == 1


def test_states_are_read_from_the_database_at_the_scrape() -> None:
    found = samples(exposition(lambda: STATS))
    assert found["drumscribe_database_up",] == 1
    assert found["drumscribe_active_jobs",] == 2
    assert found["drumscribe_jobs", "completed"] == 5
    assert found["drumscribe_jobs", "failed"] == 0
    assert found["drumscribe_queue_depth", "default"] == 1
    assert found["drumscribe_queue_depth", "heavy-compute"] == 6
    assert found["drumscribe_oldest_queued_seconds",] == 12.5
    assert found["drumscribe_webhooks_pending",] == 7
    assert found["drumscribe_failed_jobs", "worker_lost"] == 3


def test_scrape_without_a_database_says_so_and_shows_the_rest() -> None:
    def down() -> JobStats:
        raise StoreUnavailable("The database does not answer.")

    count_webhook("delivered")
    found = samples(exposition(down))
    assert found["drumscribe_database_up",] == 0
    assert ("drumscribe_active_jobs",) not in found
    assert found["drumscribe_webhook_attempts_total", "delivered"] >= 1


def test_worker_shows_its_metrics_on_a_port() -> None:
    count_request("GET", "/livez", 200, 0.001)
    port = serve_metrics(0, host="127.0.0.1")
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics") as answer:
        assert answer.headers["Content-Type"].startswith("text/plain")
        found = samples(answer.read())
    key = ("drumscribe_http_request_duration_seconds_count", "GET", "/livez", "200")
    assert found[key] >= 1
    assert serve_metrics(port, host="127.0.0.1") == 0  # taken: work goes on without


SHARING = """
import os, sys
from pathlib import Path
from drumscribe.core.telemetry import share_metrics
share_metrics(Path(sys.argv[1]))
from drumscribe.core.metrics import count_webhook, exposition
for _ in range(3):
    child = os.fork()
    if child == 0:
        count_webhook("delivered")
        os._exit(9)
    os.waitpid(child, 0)
count_webhook("delivered")
sys.stdout.write(exposition(None).decode())
"""


def test_processes_that_share_a_folder_are_counted_together(tmp_path: Path) -> None:
    environment = {k: v for k, v in os.environ.items() if k != "PROMETHEUS_MULTIPROC_DIR"}
    # The second run begins at 0 again.
    for _ in range(2):
        shown = subprocess.run(
            [sys.executable, "-c", SHARING, str(tmp_path / "metrics")],
            env=environment,
            capture_output=True,
            check=True,
        ).stdout
        assert samples(shown)["drumscribe_webhook_attempts_total", "delivered"] == 4


def test_metrics_folder_is_in_memory_and_the_same_for_the_same_data(tmp_path: Path) -> None:
    memory = tmp_path / "memory"
    memory.mkdir()
    folder = metrics_folder(tmp_path / "data", memory=memory)
    assert folder.parent == memory
    assert folder.stat().st_mode & 0o077 == 0
    assert metrics_folder(tmp_path / "data", memory=memory) == folder
    assert metrics_folder(tmp_path / "other", memory=memory) != folder


def test_metrics_folder_without_memory_or_taken_by_a_link_is_in_the_data(tmp_path: Path) -> None:
    on_disk = tmp_path / "data" / "metrics"
    assert metrics_folder(tmp_path / "data", memory=tmp_path / "none") == on_disk
    memory = tmp_path / "memory"
    memory.mkdir()
    folder = metrics_folder(tmp_path / "data", memory=memory)
    folder.rmdir()
    folder.symlink_to(tmp_path)
    assert metrics_folder(tmp_path / "data", memory=memory) == on_disk

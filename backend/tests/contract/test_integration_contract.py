"""The specification's integration contract, one test for each of its lines."""

from __future__ import annotations

import base64
import json
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest

from api_client import JOBS, Api, make_api, problem_of, short_recording
from drumscribe.api.v1.schemas.common import WireStatus
from drumscribe.domain.drums import Instrument
from drumscribe.domain.service.webhook_signing import sign, signing_key
from drumscribe.domain.transcription import WarningCode
from drumscribe.testing import FakeSourceFetcher, FakeWebhookTransport

LINK = "https://www.youtube.com/watch?v=dQw4w9WgXcQ"
PAGE = "http://localhost:3000"


@pytest.fixture(scope="module")
def recording(example_song: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return short_recording(example_song, tmp_path_factory.mktemp("song") / "song.flac", 3.0)


@pytest.fixture(scope="module")
def api(recording: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    """An API that knows one link, with one finished job in it."""
    made = make_api(tmp_path_factory.mktemp("api"))
    # What cached_property would build; the network is not asked.
    made.service.__dict__["fetcher"] = FakeSourceFetcher({LINK: recording}, title="Live")
    with made.client:
        yield made


@pytest.fixture(scope="module")
def done(api: Api, recording: Path) -> str:
    """Address of a finished job."""
    return f"{JOBS}/{api.completed(recording, webhook_url='https://example.org/hook')}"


@pytest.fixture(scope="module")
def result(api: Api, done: str) -> dict[str, Any]:
    found: dict[str, Any] = api.client.get(f"{done}/result").json()
    return found


def test_api_base_url_is_api_v1(api: Api) -> None:
    paths = api.client.get("/api/v1/openapi.json").json()["paths"]
    assert all(path.startswith("/api/v1/") for path in paths)
    assert api.service.settings.api_port == 8000


def test_cors_allows_the_page_on_port_3000(api: Api) -> None:
    answer = api.client.get(JOBS, headers={"Origin": PAGE})
    assert answer.headers["access-control-allow-origin"] == PAGE
    stranger = api.client.get(JOBS, headers={"Origin": "https://example.org"})
    assert "access-control-allow-origin" not in stranger.headers
    preflight = api.client.options(
        JOBS,
        headers={
            "Origin": PAGE,
            "Access-Control-Request-Method": "PUT",
            "Access-Control-Request-Headers": "if-match, content-type, range",
        },
    )
    assert preflight.status_code == 200


def test_job_id_is_a_uuid_of_version_4(done: str) -> None:
    assert uuid.UUID(done.rpartition("/")[2]).version == 4


def test_file_upload_is_multipart_in_the_field_file(api: Api, recording: Path) -> None:
    content = recording.read_bytes()
    accepted = api.client.post(JOBS, files={"file": ("song.flac", content, "audio/flac")})
    assert accepted.status_code == 202
    assert set(accepted.json()) == {"job_id", "status"}
    api.client.delete(accepted.headers["location"])
    refused = api.client.post(JOBS, files={"audio": ("song.flac", content)})
    assert problem_of(refused, 422) == "invalid_request"


def test_youtube_input_is_a_json_body(api: Api) -> None:
    accepted = api.client.post(JOBS, json={"youtube_url": "https://youtu.be/dQw4w9WgXcQ"})
    assert accepted.status_code == 202
    api.work()
    state = api.client.get(accepted.headers["location"]).json()
    assert (state["status"], state["input_type"]) == ("completed", "youtube")
    assert (state["youtube_url"], state["title"]) == (LINK, "Live")
    assert state["source_url"] == LINK
    other = api.client.post(JOBS, json={"youtube_url": "https://example.org/x"})
    assert problem_of(other, 422) == "unsupported_link"


def test_sound_file_may_come_from_anywhere(api: Api, recording: Path) -> None:
    url = "https://band.example.org/demo.flac"
    api.service.__dict__["fetcher"] = FakeSourceFetcher({url: recording}, title="Demo")
    accepted = api.client.post(JOBS, json={"source_url": url})
    assert accepted.status_code == 202
    api.work()
    state = api.client.get(accepted.headers["location"]).json()
    assert (state["status"], state["input_type"], state["title"]) == ("completed", "link", "Demo")
    assert (state["source_url"], state["youtube_url"]) == (url, None)


def test_link_to_a_video_is_known_in_either_field(api: Api) -> None:
    accepted = api.client.post(JOBS, json={"source_url": "https://youtu.be/dQw4w9WgXcQ"})
    assert accepted.status_code == 202
    state = api.client.get(accepted.headers["location"]).json()
    assert (state["input_type"], state["youtube_url"]) == ("youtube", LINK)


def test_status_is_one_of_the_enum_and_takes_them_in_order(api: Api, done: str) -> None:
    enum = [
        "queued", "processing", "separating_drums", "predicting", "transcribing", "completed",
        "failed",
    ]  # fmt: skip
    # `cancelled` is an addition of ours.
    assert list(get_args(WireStatus)) == [*enum, "cancelled"]
    text = api.client.get(f"{done}/events").text
    said = [json.loads(line[6:]) for line in text.splitlines() if line.startswith('data: {"')]
    order = list(dict.fromkeys(entry["status"] for entry in said if "status" in entry))
    assert order == enum[:-1]


def test_hits_have_time_instrument_and_velocity(result: dict[str, Any]) -> None:
    assert result["hits"]
    for hit in result["hits"]:
        assert isinstance(hit["time"], float)
        assert hit["instrument"] in list(Instrument)
        assert 0.0 <= hit["velocity"] <= 1.0


def test_instrument_labels_are_the_nine(result: dict[str, Any]) -> None:
    assert list(result["hit_summary"]) == [
        "kick", "snare", "hihat_closed", "hihat_open", "ride", "crash",
        "tom_high", "tom_mid", "tom_low",
    ]  # fmt: skip


def test_downloads_have_musicxml_and_pdf(api: Api, done: str) -> None:
    score = api.client.get(f"{done}/download/musicxml")
    assert score.headers["content-type"] == "application/vnd.recordare.musicxml+xml"
    assert b"<score-partwise" in score.content
    page = api.client.get(f"{done}/download/pdf")
    assert page.headers["content-type"] == "application/pdf"
    assert page.content.startswith(b"%PDF")


def test_warnings_are_an_array_of_known_words(api: Api, done: str, result: dict[str, Any]) -> None:
    assert {"low_confidence", "bpm_unreliable"} <= set(WarningCode)
    for answer in (result, api.client.get(done).json()):
        assert isinstance(answer["warnings"], list)
        assert set(answer["warnings"]) <= set(WarningCode)
        assert answer["bpm_unreliable"] == ("bpm_unreliable" in answer["warnings"])


def test_confidence_score_lies_in_0_to_1(result: dict[str, Any]) -> None:
    assert 0.0 <= result["confidence_score"] <= 1.0


def test_compute_time_is_whole_milliseconds(api: Api, done: str, result: dict[str, Any]) -> None:
    state = api.client.get(done).json()
    assert isinstance(state["compute_time_ms"], int)
    assert state["compute_time_ms"] == result["compute_time_ms"] > 0


def test_model_version_is_a_string(api: Api, done: str, result: dict[str, Any]) -> None:
    state = api.client.get(done).json()
    assert (
        state["model_version"]
        == result["model_version"]
        == "drumscribe-hearing " + (result["models"][0]["version"])
    )
    assert len(result["models"][0]["sha256"]) == 64


def test_webhook_tells_the_result_on_the_terminal_state(api: Api, done: str) -> None:
    transport = FakeWebhookTransport()
    api.service.__dict__["webhook_transport"] = transport
    assert api.service.deliver_webhooks() == 1
    (sent,) = transport.sent
    state = api.client.get(done).json()
    assert (sent.url, sent.event) == ("https://example.org/hook", "job.completed")
    data = sent.payload["data"]
    assert data["job_id"] == state["job_id"]
    for name in ("status", "hit_summary", "confidence_score", "detected_bpm", "model_version"):
        assert data[name] == state[name]
    assert data["result_url"] == f"{done}/result"
    (logged,) = api.client.get(f"{done}/deliveries").json()
    assert (logged["status"], logged["attempts"]) == ("delivered", 1)


def test_webhook_signature_can_be_checked_by_the_standard_alone() -> None:
    secret = "whsec_" + base64.b64encode(bytes(32)).decode()
    assert sign(signing_key(secret), "msg_1", 1, b"{}").startswith("v1,")


def test_rate_limit_answers_429_with_retry_after(tmp_path: Path) -> None:
    limited = make_api(tmp_path, rate_limit_per_minute=2)
    with limited.client:
        answers = [limited.client.get(JOBS) for _ in range(3)]
    assert problem_of(answers[-1], 429) == "rate_limited"
    assert int(answers[-1].headers["retry-after"]) > 0
    assert answers[0].headers["ratelimit-limit"] == "2"


def test_data_model_of_a_job_is_shown_in_full(api: Api, done: str) -> None:
    state = api.client.get(done).json()
    assert {
        "status", "progress", "created_at", "updated_at", "input_type", "youtube_url",
        "original_filename", "title", "bpm", "detected_bpm", "bpm_unreliable", "duration_seconds",
        "error_message", "hit_summary", "confidence_score", "warnings", "compute_time_ms",
        "model_version",
    } <= set(state)  # fmt: skip


def test_bpm_is_taken_from_40_to_300(api: Api) -> None:
    for bpm in (39.9, 300.1):
        answer = api.client.post(JOBS, json={"youtube_url": LINK, "bpm": bpm})
        assert problem_of(answer, 422) == "invalid_request"


def test_delete_of_a_finished_job_takes_it_away(api: Api, recording: Path) -> None:
    url = f"{JOBS}/{api.completed(recording)}"
    assert api.client.delete(url).json()["deleted"]
    assert problem_of(api.client.get(url), 404) == "job_not_found"


def test_health_and_metrics_are_where_they_were(api: Api) -> None:
    health = api.client.get("/api/v1/health").json()
    assert {"database", "queue", "model"} <= set(health["checks"])
    names = api.client.get("/metrics").text
    for name in (
        "drumscribe_jobs_total",
        "drumscribe_jobs_failed_total",
        "drumscribe_active_jobs",
        "drumscribe_inference_latency_seconds",
        "drumscribe_audio_duration_processed_seconds",
    ):
        assert f"# TYPE {name}" in names

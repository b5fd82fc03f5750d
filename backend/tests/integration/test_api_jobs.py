"""The contract over HTTP: make, watch, read, edit, download, cancel."""

from __future__ import annotations

import json
import math
import uuid
from pathlib import Path
from typing import Any

import pytest

from api_client import JOBS, Api, make_api, problem_of

# Without one, nothing is listed.
SESSION = "/api/v1/session"


def nested(levels: int) -> object:
    """Lists in lists, so many of them."""
    return [nested(levels - 1)] if levels else 1


NINE = (
    "kick", "snare", "hihat_closed", "hihat_open", "ride", "crash",
    "tom_high", "tom_mid", "tom_low",
)  # fmt: skip


def test_job_from_upload_to_download(api: Api, recording: Path) -> None:
    with recording.open("rb") as file:
        answer = api.client.post(
            JOBS,
            files={"file": (recording.name, file)},
            data={"title": "Song", "metadata": '{"set": 3}'},
        )
    assert answer.status_code == 202
    job_id = answer.json()["job_id"]
    assert uuid.UUID(job_id).version == 4
    assert answer.json() == {"job_id": job_id, "status": "queued"}
    assert answer.headers["location"] == f"{JOBS}/{job_id}"

    waiting = api.client.get(f"{JOBS}/{job_id}")
    assert waiting.headers["retry-after"]
    assert waiting.json()["status"] == "queued"
    assert waiting.json()["queue_position"] == 1
    assert problem_of(api.client.get(f"{JOBS}/{job_id}/result"), 409) == "job_not_ready"

    api.work()
    state = api.client.get(f"{JOBS}/{job_id}").json()
    assert (state["status"], state["progress"]) == ("completed", 100)
    assert state["metadata"] == {"set": 3}
    assert state["original_filename"] == "Mein Stück.flac"
    assert isinstance(state["detected_bpm"], int)
    assert isinstance(state["compute_time_ms"], int)
    assert state["model_version"]
    assert state["expires_at"] is None  # songs stay on a machine of one's own

    result = api.client.get(f"{JOBS}/{job_id}/result").json()
    assert result["title"] == "Song"
    assert set(result["hit_summary"]) == set(NINE)
    assert {hit["instrument"] for hit in result["hits"]} <= set(NINE)
    assert all(0 <= hit["velocity"] <= 1 for hit in result["hits"])
    assert 0 <= result["confidence_score"] <= 1
    assert result["hit_summary"]["kick"] == state["hit_summary"]["kick"] > 0

    formats = {entry["format"]: entry for entry in result["downloads"]}
    assert {"musicxml", "pdf", "midi", "midi-performance", "json", "csv"} <= set(formats)
    for name, entry in formats.items():
        file_answer = api.client.get(entry["url"])
        assert file_answer.status_code == 200, name
        # Null until the file is made, which asking for it does.
        assert entry["size_bytes"] in (None, len(file_answer.content))
        kind, said = file_answer.headers["content-type"], entry["media_type"]
        assert kind.partition(";")[0] == said.partition(";")[0]
    assert api.client.get(formats["pdf"]["url"]).content.startswith(b"%PDF")


def test_download_has_a_name_ranges_and_a_tag(api: Api, recording: Path) -> None:
    job_id = api.completed(recording)
    url = f"{JOBS}/{job_id}/download/musicxml"
    whole = api.client.get(url)
    assert "filename*=UTF-8''Mein%20St%C3%BCck.musicxml" in whole.headers["content-disposition"]
    part = api.client.get(url, headers={"Range": "bytes=10-19"})
    assert part.status_code == 206
    assert part.content == whole.content[10:20]
    assert part.headers["content-range"] == f"bytes 10-19/{len(whole.content)}"
    tail = api.client.get(url, headers={"Range": "bytes=-5"})
    assert tail.content == whole.content[-5:]
    beyond = api.client.get(url, headers={"Range": "bytes=999999999-"})
    assert problem_of(beyond, 416) == "range_not_satisfiable"
    senseless = api.client.get(url, headers={"Range": f"bytes=0-{'9' * 5000}"})
    assert (senseless.status_code, senseless.content) == (200, whole.content)
    again = api.client.get(url, headers={"If-None-Match": whole.headers["etag"]})
    assert again.status_code == 304
    assert again.content == b""
    head = api.client.head(url)
    assert head.headers["content-length"] == str(len(whole.content))
    assert head.content == b""
    assert problem_of(api.client.get(f"{JOBS}/{job_id}/download/docx"), 404) == (
        "format_not_available"
    )
    # What the steps keep for themselves is not for clients.
    assert problem_of(api.client.get(f"{JOBS}/{job_id}/download/activations"), 404)


def test_edited_hits_and_options_engrave_again(api: Api, recording: Path) -> None:
    job_id = api.completed(recording)
    url = f"{JOBS}/{job_id}"
    before = api.client.get(f"{url}/result").json()
    tag = api.client.get(f"{url}/download/musicxml").headers["etag"]
    kicks = [hit for hit in before["hits"] if hit["instrument"] == "kick"]
    after = api.client.put(f"{url}/score", json={"hits": kicks}).json()
    assert after["hit_summary"]["snare"] == 0
    assert after["hit_summary"]["kick"] == len(kicks)
    assert after["beats"] == before["beats"]
    assert api.client.get(f"{url}/download/musicxml").headers["etag"] != tag
    changed = api.client.patch(url, json={"time_signature": "3/4", "title": "Waltz"}).json()
    assert (changed["time_signature"], changed["title"]) == ("3/4", "Waltz")
    assert changed["hit_summary"]["kick"] == len(kicks)
    picked = api.client.patch(url, json={"sensitivity": 0.5}).json()
    # What was taken away by hand stays away, whatever is heard.
    assert picked["hit_summary"] == after["hit_summary"]
    assert problem_of(api.client.patch(url, json={}), 422) == "invalid_request"
    assert problem_of(api.client.put(f"{url}/score", json={"hits": []}), 422)
    late = {"hits": [{"time": 500, "instrument": "kick"}]}
    assert problem_of(api.client.put(f"{url}/score", json=late), 422) == "invalid_hits"


def test_list_gives_own_jobs_newest_first_in_pages(tmp_path: Path, recording: Path) -> None:
    api = make_api(tmp_path, max_concurrent_jobs_per_user=10)
    api.client.post(SESSION)
    ids = [api.submit(recording) for _ in range(5)]
    seen: list[str] = []
    cursor = None
    while True:
        page = api.client.get(JOBS, params={"limit": 2} | ({"cursor": cursor} if cursor else {}))
        seen += [job["job_id"] for job in page.json()["jobs"]]
        cursor = page.json()["next_cursor"]
        if cursor is None:
            break
    assert seen == ids[::-1]
    assert problem_of(api.client.get(JOBS, params={"cursor": "x"}), 422) == "invalid_cursor"


def test_quota_answers_429_and_says_when_to_try_again(api: Api, recording: Path) -> None:
    api.client.post(SESSION)
    for _ in range(3):
        api.submit(recording)
    with recording.open("rb") as file:
        answer = api.client.post(JOBS, files={"file": ("x.flac", file)})
    assert problem_of(answer, 429) == "quota_exceeded"
    assert int(answer.headers["retry-after"]) > 0
    assert len(api.client.get(JOBS).json()["jobs"]) == 3


def test_idempotency_key_gives_the_same_job_or_a_conflict(api: Api, recording: Path) -> None:
    def post(**data: str) -> Any:
        with recording.open("rb") as file:
            return api.client.post(
                JOBS,
                files={"file": (recording.name, file)},
                data=data,
                headers={"Idempotency-Key": "abc"},
            )

    first, second, third = post(), post(), post(title="Other")
    assert first.json()["job_id"] == second.json()["job_id"]
    assert problem_of(third, 409) == "idempotency_conflict"


def test_delete_cancels_what_waits_and_removes_what_has_ended(api: Api, recording: Path) -> None:
    waiting = api.submit(recording)
    answer = api.client.delete(f"{JOBS}/{waiting}").json()
    assert answer == {"job_id": waiting, "status": "cancelled", "deleted": False}
    api.work()
    assert api.client.get(f"{JOBS}/{waiting}").json()["status"] == "cancelled"

    done = api.completed(recording)
    assert api.client.delete(f"{JOBS}/{done}").json()["deleted"] is True
    api.service.sweep()
    gone = api.client.get(f"{JOBS}/{done}/download/pdf")
    assert gone.status_code in (404, 410)
    files = [p for p in api.service.settings.effective_artifacts_dir.rglob("*") if p.is_file()]
    assert not [path for path in files if done in str(path)]


def test_cancel_ends_what_waits_and_keeps_what_has_ended(api: Api, recording: Path) -> None:
    waiting = api.submit(recording)
    answer = api.client.post(f"{JOBS}/{waiting}/cancel").json()
    assert (answer["job_id"], answer["status"]) == (waiting, "cancelled")

    done = api.completed(recording)
    before = api.client.get(f"{JOBS}/{done}").json()
    assert api.client.post(f"{JOBS}/{done}/cancel").json() == before
    assert api.client.get(f"{JOBS}/{done}").json() == before
    problem_of(api.client.post(f"{JOBS}/{uuid.uuid4()}/cancel"), 404)


def test_events_tell_the_whole_story_and_go_on_where_they_were_left(
    api: Api, recording: Path
) -> None:
    job_id = api.completed(recording)
    text = api.client.get(f"{JOBS}/{job_id}/events").text
    numbers = [int(line[4:]) for line in text.splitlines() if line.startswith("id: ")]
    assert numbers == sorted(numbers)
    statuses = [
        json.loads(line[6:])["status"]
        for line in text.splitlines()
        if line.startswith("data: ") and "status" in line
    ]
    assert statuses[0] == "queued"
    assert statuses[-1] == "completed"
    assert {"processing", "predicting", "transcribing"} <= set(statuses)
    assert text.rstrip().endswith("event: end\ndata: {}")
    rest = api.client.get(
        f"{JOBS}/{job_id}/events", headers={"Last-Event-ID": str(numbers[-2])}
    ).text
    assert [line for line in rest.splitlines() if line.startswith("id: ")] == [f"id: {numbers[-1]}"]


def test_bad_recording_fails_the_job_with_its_code(api: Api, tmp_path: Path) -> None:
    import numpy as np
    import soundfile

    path = tmp_path / "silence.wav"
    soundfile.write(path, np.zeros(44100 * 3), 44100)
    job_id = api.submit(path)
    api.work()
    state = api.client.get(f"{JOBS}/{job_id}").json()
    assert state["status"] == "failed"
    assert state["error"]["code"] == "silent_audio"
    assert "silent" in state["error_message"]
    assert problem_of(api.client.get(f"{JOBS}/{job_id}/result"), 409) == "job_not_ready"


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [(b"", 415, "not_audio"), (b"hello " * 500, 415, "not_audio")],
)
def test_upload_that_is_no_audio_is_refused_at_the_door(
    api: Api, content: bytes, status: int, code: str
) -> None:
    answer = api.client.post(JOBS, files={"file": ("song.mp3", content)})
    assert problem_of(answer, status) == code
    assert api.client.get(JOBS).json()["jobs"] == []


def test_upload_over_the_limit_is_refused_and_leaves_nothing(
    tmp_path: Path, recording: Path
) -> None:
    api = make_api(tmp_path, max_file_size_mb=0.05)
    with api.client:
        big = b"fLaC" + bytes(400_000)
        answer = api.client.post(JOBS, files={"file": ("x.flac", big)})
        assert problem_of(answer, 413) == "payload_too_large"
        # Just over the limit for the file, but within that for the whole request.
        with recording.open("rb") as file:
            answer = api.client.post(JOBS, files={"file": ("x.flac", file)})
        assert problem_of(answer, 413) == "payload_too_large"
    stored = api.service.settings.effective_artifacts_dir
    assert not [path for path in stored.rglob("*") if path.is_file()]


@pytest.mark.parametrize("links", [{}, {"youtube_url": "x", "source_url": "https://x.org/y"}])
def test_job_has_one_link(api: Api, links: dict[str, str]) -> None:
    answer = api.client.post(JOBS, json=links)
    assert problem_of(answer, 422) == "invalid_request"
    assert "either youtube_url or source_url" in answer.text


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"source_url": "ftp://example.org/x"}, "source_url"),
        ({"source_url": "http://example.org/x"}, "source_url"),
        ({"source_url": "https://me:secret@example.org/x"}, "source_url"),
        ({"youtube_url": "x", "bpm": 20}, "bpm"),
        ({"youtube_url": "x", "time_signature": "4/5"}, "time_signature"),
        ({"youtube_url": "x", "time_signature": "1/32"}, "time_signature"),
        ({"youtube_url": "x", "sensitivity": 2}, "sensitivity"),
        ({"youtube_url": "x", "separation": "maybe"}, "separation"),
        ({"youtube_url": "x", "webhook_url": "ftp://x"}, "webhook_url"),
        ({"youtube_url": "x", "unheard_of": 1}, "unheard_of"),
        ({"youtube_url": "x", "metadata": {"x": "y" * 5000}}, "metadata"),
        ({"youtube_url": "x", "metadata": {"x": "a\x00b"}}, "metadata"),
        ({"youtube_url": "x", "metadata": {"x": "\ud800"}}, "metadata"),
        ({"youtube_url": "x", "metadata": {"\udfff": 1}}, "metadata"),
        ({"youtube_url": "x", "metadata": {"x": math.nan}}, "metadata"),
        ({"youtube_url": "x", "metadata": {"x": nested(20)}}, "metadata"),
    ],
)
def test_wrong_field_is_named(api: Api, body: dict[str, object], field: str) -> None:
    # Written by Python's own module, which lets through what JSON does not know.
    content, headers = json.dumps(body), {"Content-Type": "application/json"}
    answer = api.client.post(JOBS, content=content, headers=headers)
    assert problem_of(answer, 422) == "invalid_request"
    assert field in answer.json()["errors"][0]["field"]


def test_metadata_of_every_kind_comes_back_as_it_was(api: Api) -> None:
    metadata = {"text": "ü 🥁 \\u0000", "list": [1, 2.5, None, True], "deep": nested(18)}
    body = {"youtube_url": "https://youtu.be/dQw4w9WgXcQ", "metadata": metadata}
    api.client.post(SESSION)
    job_id = api.client.post(JOBS, json=body).json()["job_id"]
    assert api.client.get(f"{JOBS}/{job_id}").json()["metadata"] == metadata
    assert api.client.get(JOBS).json()["jobs"][0]["metadata"] == metadata


def test_model_that_does_not_exist_is_refused(api: Api, recording: Path) -> None:
    with recording.open("rb") as file:
        answer = api.client.post(JOBS, files={"file": file}, data={"model": "annoteator"})
    assert problem_of(answer, 422) == "invalid_option"
    assert "drumscribe-hearing" in answer.json()["detail"]


def test_body_that_is_neither_form_nor_json_is_refused(api: Api) -> None:
    plain = api.client.post(JOBS, content=b"x", headers={"Content-Type": "text/plain"})
    assert problem_of(plain, 422) == "invalid_request"
    broken = api.client.post(JOBS, content=b"{", headers={"Content-Type": "application/json"})
    assert problem_of(broken, 422) == "invalid_request"
    digits = b'{"metadata": {"x": 1%s}}' % (b"0" * 5000)
    endless = api.client.post(JOBS, content=digits, headers={"Content-Type": "application/json"})
    assert problem_of(endless, 422) == "invalid_request"
    assert problem_of(api.client.post(JOBS, files={"other": b"x"}), 422) == "invalid_request"


def test_unknown_job_and_unknown_path_are_problems(api: Api) -> None:
    unknown = uuid.uuid4()
    for path in ("", "/result", "/events", "/download/pdf"):
        assert problem_of(api.client.get(f"{JOBS}/{unknown}{path}"), 404) == "job_not_found"
    assert problem_of(api.client.delete(f"{JOBS}/{unknown}"), 404) == "job_not_found"
    assert problem_of(api.client.get("/api/v1/nothing"), 404) == "not_found"
    assert problem_of(api.client.put(JOBS), 405) == "method_not_allowed"
    assert problem_of(api.client.get(f"{JOBS}/no-uuid"), 422) == "invalid_request"

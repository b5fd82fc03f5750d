"""The same recording heard again over HTTP: a new job, nothing uploaded twice."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

import numpy as np
import pytest
import soundfile

from api_client import JOBS, Api, problem_of, short_recording
from drumscribe.domain.artifacts import ArtifactKind


def again(api: Api, job_id: str, **wishes: object) -> str:
    answer = api.client.post(f"{JOBS}/{job_id}/again", json=wishes)
    assert answer.status_code == 202, answer.text
    new: str = answer.json()["job_id"]
    assert answer.headers["location"] == f"{JOBS}/{new}"
    return new


def result_of(api: Api, job_id: str) -> dict[str, Any]:
    answer = api.client.get(f"{JOBS}/{job_id}/result")
    assert answer.status_code == 200, answer.text
    document: dict[str, Any] = answer.json()
    return document


def test_song_heard_again_keeps_what_was_said_and_leaves_the_first_alone(
    api: Api, recording: Path
) -> None:
    first = api.completed(recording, title="Song", sensitivity="0.4")
    api.client.patch(f"{JOBS}/{first}", json={"time_signature": "2/4", "sensitivity": 0.6})
    before = result_of(api, first)

    second = again(api, first, end_seconds=3.0, sensitivity=None)
    api.work()
    after = result_of(api, second)
    assert after["title"] == "Song"
    assert after["duration_seconds"] == pytest.approx(3.0, abs=0.01)
    settings = after["settings"]
    assert isinstance(settings, dict)
    assert (settings["time_signature"], settings["sensitivity"]) == ("2/4", 0.5)
    assert result_of(api, first) == before


def test_damaged_recording_is_heard_as_it_is_when_its_owner_says_so(
    api: Api, example_song: Path, tmp_path: Path
) -> None:
    whole = short_recording(example_song, tmp_path / "whole.flac", 10.0)
    broken = tmp_path / "broken.flac"
    broken.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    refused = api.submit(broken)
    api.work()
    state = api.client.get(f"{JOBS}/{refused}").json()
    assert state["error"]["code"] == "truncated_audio"

    taken = again(api, refused, accept_damaged=True)
    api.work()
    assert "sound_missing" in result_of(api, taken)["warnings"]


def test_other_track_is_named_and_heard(api: Api, example_song: Path, tmp_path: Path) -> None:
    import av

    samples, rate = soundfile.read(example_song, frames=5 * 44100, dtype="float32", always_2d=True)
    path = tmp_path / "two.mka"
    with av.open(str(path), "w") as container:
        streams = [container.add_stream("pcm_s16le", rate=rate, layout="stereo") for _ in range(2)]
        for stream, part in zip(streams, (samples, samples[: 3 * 44100]), strict=True):
            both = np.repeat(part[:, :1], 2, axis=1)
            flat = np.ascontiguousarray((both * 32767).astype(np.int16).reshape(1, -1))
            frame = av.AudioFrame.from_ndarray(flat, format="s16", layout="stereo")
            frame.rate = rate
            for packet in [*stream.encode(frame), *stream.encode(None)]:
                container.mux(packet)
    first = api.completed(path)
    result = result_of(api, first)
    assert "several_tracks" in result["warnings"]
    details = result["warning_details"]
    assert isinstance(details, list)
    assert details[0]["choices"] == [2]

    second = again(api, first, audio_track=2)
    api.work()
    other = result_of(api, second)
    assert "several_tracks" not in other["warnings"]
    assert other["duration_seconds"] == pytest.approx(3.0, abs=0.05)


def test_same_key_gives_the_same_job(api: Api, recording: Path) -> None:
    first = api.completed(recording)
    key = {"Idempotency-Key": "once"}
    answers = [
        api.client.post(f"{JOBS}/{first}/again", json={"end_seconds": 3}, headers=key)
        for _ in range(2)
    ]
    assert len({answer.json()["job_id"] for answer in answers}) == 1
    other = api.client.post(f"{JOBS}/{first}/again", json={"end_seconds": 2}, headers=key)
    assert problem_of(other, 409) == "idempotency_conflict"


def test_what_cannot_be_heard_again_says_why(api: Api, recording: Path) -> None:
    waiting = api.submit(recording)
    assert problem_of(api.client.post(f"{JOBS}/{waiting}/again", json={}), 409) == "job_not_ready"
    api.work()
    wrong = api.client.post(f"{JOBS}/{waiting}/again", json={"start_seconds": 3, "end_seconds": 2})
    assert problem_of(wrong, 422) == "invalid_option"
    unknown = api.client.post(f"{JOBS}/{UUID(int=1)}/again", json={})
    assert problem_of(unknown, 404) == "job_not_found"

    source = next(
        artifact
        for artifact in api.service.jobs.artifacts(UUID(waiting))
        if artifact.kind is ArtifactKind.SOURCE
    )
    api.service.storage.delete(source.stored.key)
    assert problem_of(api.client.post(f"{JOBS}/{waiting}/again", json={}), 410) == "result_expired"


def test_somebody_elses_song_is_not_heard_again(api: Api, recording: Path) -> None:
    api.client.post("/api/v1/session")
    mine = api.completed(recording)
    api.client.cookies.clear()
    api.client.post("/api/v1/session")
    assert problem_of(api.client.post(f"{JOBS}/{mine}/again", json={}), 404) == "job_not_found"


def test_limits_say_whether_the_drums_can_be_taken_out(api: Api) -> None:
    limits = api.client.get("/api/v1/limits").json()
    # Offline, and with an empty cache of models.
    assert limits["separation"] == "off"
    assert limits["separation_download_bytes"] > 100_000_000

"""A finished song heard again with its drums alone, over HTTP."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from api_client import JOBS, Api, problem_of, short_recording
from refining import knows_the_drums


@pytest.fixture
def separating(api: Api, example_song: Path) -> Api:
    """The API with a model that separates."""
    api.service.models._separator = knows_the_drums(example_song)
    return api


def state(api: Api, job_id: str) -> dict[str, Any]:
    found: dict[str, Any] = api.client.get(f"{JOBS}/{job_id}").json()
    return found


def refine(api: Api, job_id: str, **headers: str) -> Any:
    return api.client.post(f"{JOBS}/{job_id}/refinement", headers=headers)


def result(api: Api, job_id: str) -> dict[str, Any]:
    found: dict[str, Any] = api.client.get(f"{JOBS}/{job_id}/result").json()
    return found


def formats(state: dict[str, Any]) -> set[str]:
    return {download["format"] for download in state["downloads"]}


def refinements_told(stream: str) -> list[dict[str, Any]]:
    """The data of all `refinement` events."""
    events = [
        dict(line.split(": ", 1) for line in one.splitlines()) for one in stream.split("\n\n")
    ]
    return [json.loads(event["data"]) for event in events if event.get("event") == "refinement"]


def test_stream_tells_the_owner_how_far_it_is_and_ends_with_it(
    separating: Api, example_song: Path, tmp_path: Path
) -> None:
    api = separating
    api.client.post("/api/v1/session")
    job_id = api.completed(short_recording(example_song, tmp_path / "song.flac", 4.0))
    url = f"{JOBS}/{job_id}/events"
    assert refinements_told(api.client.get(url).text) == []
    begun = refine(api, job_id).json()["refinement"]

    # Who has the link only is told of the job, which has ended.
    cookies = dict(api.client.cookies)
    api.client.cookies.clear()
    assert api.client.post("/api/v1/session").status_code == 204
    assert not state(api, job_id)["is_own"]
    assert refinements_told(api.client.get(url).text) == []
    api.client.cookies.clear()
    api.client.cookies.update(cookies)
    assert state(api, job_id)["is_own"]

    with ThreadPoolExecutor() as threads:
        listening = threads.submit(lambda: api.client.get(url).text)
        try:
            with pytest.raises(TimeoutError):
                listening.result(timeout=1.0)
        finally:
            # Whatever happens, the stream ends with it.
            api.work()
        stream = listening.result()
    told = refinements_told(stream)
    assert told[0] == begun
    assert told[-1] == state(api, job_id)["refinement"]
    assert told[-1]["status"] == "completed"
    assert all(before != after for before, after in pairwise(told))
    assert stream.rstrip().endswith("event: end\ndata: {}")
    # What has ended is not told again.
    assert refinements_told(api.client.get(url).text) == []


def test_song_is_refined_in_place_and_undone(
    separating: Api, example_song: Path, tmp_path: Path
) -> None:
    api = separating
    job_id = api.completed(short_recording(example_song, tmp_path / "song.flac", 8.0), title="Song")
    assert state(api, job_id)["refinement"] is None
    before = result(api, job_id)

    answer = refine(api, job_id)
    assert answer.status_code == 202
    waiting = answer.json()
    assert waiting["status"] == "completed"
    assert waiting["refinement"]["status"] == "queued"
    assert waiting["refinement"]["queue_position"] == 1
    asked = api.client.get(f"{JOBS}/{job_id}")
    assert asked.headers["retry-after"] == "2"
    assert result(api, job_id) == before

    api.work()
    done = state(api, job_id)
    refinement = done["refinement"]
    assert refinement["status"] == "completed"
    assert refinement["can_undo"]
    assert done["version"] == refinement["version"] == before["version"] + 1
    assert formats(done) >= {"drums", "backing"}
    after = result(api, job_id)
    assert after["separated"]
    assert not after["is_edited"]
    ids = {hit["id"] for hit in before["hits"]}
    assert len([hit for hit in after["hits"] if hit["id"] not in ids]) == refinement["added"]
    drums = api.client.get(f"{JOBS}/{job_id}/download/drums")
    assert drums.content.startswith(b"fLaC")
    assert len(api.client.get(JOBS).json()["jobs"]) in (0, 1)

    back = api.client.post(
        f"{JOBS}/{job_id}/refinement/undo", headers={"If-Match": f'"v{done["version"]}"'}
    )
    assert back.status_code == 200
    assert back.json()["hits"] == before["hits"]
    assert back.json()["beats"] == before["beats"]
    assert not state(api, job_id)["refinement"]["can_undo"]
    again = api.client.post(f"{JOBS}/{job_id}/refinement/undo")
    assert problem_of(again, 412) == "edit_conflict"
    assert problem_of(refine(api, job_id), 409) == "already_refined"


def test_bar_of_six_eighths_stays_what_it_is_when_its_song_is_heard_again(
    separating: Api, example_song: Path, tmp_path: Path
) -> None:
    api = separating
    job_id = api.completed(short_recording(example_song, tmp_path / "song.flac", 8.0))
    before = result(api, job_id)
    second = before["beat_numbers"].index(1, 1)
    bars = [
        {"at_seconds": before["beats"][second + later], "time_signature": metre}
        for later, metre in ((0, "6/8"), (3, "4/4"))
    ]
    said = api.client.patch(f"{JOBS}/{job_id}", json={"bars": bars}).json()
    assert said["bar_time_signatures"][:3] == [None, "6/8", None]
    assert refine(api, job_id).status_code == 202
    api.work()
    after = result(api, job_id)
    assert after["separated"]
    assert after["bar_time_signatures"][:3] == [None, "6/8", None]
    assert after["settings"]["bars"] == bars


def test_refinement_that_runs_is_refused_a_second_time_but_not_to_its_own_key(
    separating: Api, recording: Path
) -> None:
    api = separating
    job_id = api.completed(recording)
    first = refine(api, job_id, **{"Idempotency-Key": "one"})
    same = refine(api, job_id, **{"Idempotency-Key": "one"})
    assert same.status_code == 202
    assert same.json()["refinement"]["created_at"] == first.json()["refinement"]["created_at"]
    assert problem_of(refine(api, job_id), 409) == "refinement_running"
    stopped = api.client.delete(f"{JOBS}/{job_id}/refinement")
    assert stopped.json()["refinement"]["status"] == "cancelled"
    assert stopped.json()["status"] == "completed"
    assert refine(api, job_id).status_code == 202


def test_what_cannot_be_refined_says_why(api: Api, recording: Path) -> None:
    waiting = api.submit(recording)
    assert problem_of(refine(api, waiting), 409) == "job_not_ready"
    assert problem_of(api.client.delete(f"{JOBS}/{waiting}/refinement"), 404) == (
        "refinement_not_found"
    )
    api.work()
    # Offline, and with an empty cache of models.
    refused = refine(api, waiting)
    assert problem_of(refused, 503) == "model_unavailable"
    assert "drumscribe models download htdemucs" in refused.json()["detail"]
    assert state(api, waiting)["refinement"] is None
    unknown = api.client.post(f"{JOBS}/{UUID(int=1)}/refinement")
    assert problem_of(unknown, 404) == "job_not_found"


def test_refinement_is_its_owners_and_no_song_of_its_own(separating: Api, recording: Path) -> None:
    api = separating
    api.client.post("/api/v1/session")
    mine = api.completed(recording)
    refine(api, mine)
    assert [job["job_id"] for job in api.client.get(JOBS).json()["jobs"]] == [mine]
    refinement = api.service.jobs.refinements_of([UUID(mine)])[UUID(mine)]
    assert problem_of(api.client.get(f"{JOBS}/{refinement.id}"), 404) == "job_not_found"
    api.client.cookies.clear()
    api.client.post("/api/v1/session")
    assert problem_of(refine(api, mine), 404) == "job_not_found"
    assert state(api, mine)["refinement"] is None


def test_limits_name_the_licence_of_the_model(api: Api) -> None:
    limits = api.client.get("/api/v1/limits").json()
    assert "personal and research use" in limits["separation_licence"]

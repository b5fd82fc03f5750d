"""Corrected scores that come back over HTTP: what they change, and that bad ones change nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from api_client import JOBS, Api, problem_of, short_recording
from drumscribe.notation.bringing.musicxml.safe_xml import MAX_XML_BYTES


@pytest.fixture
def api_settings() -> dict[str, Any]:
    return {"pdf_backend": "none"}


@pytest.fixture
def url(api: Api, example_song: Path, tmp_path: Path) -> str:
    """The address of a finished job."""
    recording = short_recording(example_song, tmp_path / "song.flac", 6.0)
    return f"{JOBS}/{api.completed(recording, title='Song')}"


def without_what_changes(result: dict[str, object]) -> dict[str, object]:
    left_out = ("downloads", "version", "edited_at", "is_edited", "has_edited_hits", "brought")
    return {key: value for key, value in result.items() if key not in left_out}


def test_every_file_of_the_page_comes_back_as_the_same_page(api: Api, url: str) -> None:
    before = api.client.get(f"{url}/result").json()
    for form in ("musicxml", "json", "midi", "midi-performance"):
        content = api.client.get(f"{url}/download/{form}").content
        answer = api.client.put(f"{url}/score/file", content=content)
        assert answer.status_code == 200, form
        after = answer.json()
        assert after["brought"]["added"] == after["brought"]["removed"] == 0, form
        assert after["brought"]["notices"] == [], form
        if form in ("musicxml", "json"):
            assert after["brought"]["changed"] == 0
            assert without_what_changes(after) == without_what_changes(before)
    assert (after["version"], after["has_edited_hits"]) == (5, True)
    assert answer.headers["etag"] == '"v5"'


def test_corrected_page_is_taken_drawn_and_given_back(api: Api, url: str) -> None:
    before = api.client.get(f"{url}/result").json()
    document = api.client.get(f"{url}/download/json").content
    root = ET.fromstring(api.client.get(f"{url}/download/musicxml").content)
    snare = next(n for n in root.iter("note") if n.find("instrument[@id='P1-snare']") is not None)
    number = int(snare.attrib["id"].removeprefix("hit-"))
    head = snare.find("notehead")
    assert head is not None
    head.text = "x"

    after = api.client.put(
        f"{url}/score/file", content=ET.tostring(root), headers={"If-Match": '"v1"'}
    ).json()

    assert {key: after["brought"][key] for key in ("changed", "added", "removed")} == {
        "changed": 1,
        "added": 0,
        "removed": 0,
    }
    assert after["brought"]["aligned_by"] == "bars"
    hits = {hit["id"]: hit for hit in after["hits"]}
    assert hits[number]["articulation"] == "cross-stick"
    assert f'id="hit-{number}"' in api.client.get(f"{url}/download/svg").text
    # The document from before takes it back, beats and all.
    back = api.client.put(f"{url}/score/file", content=document).json()
    assert without_what_changes(back) == without_what_changes(before)


def test_bar_lines_that_came_with_a_score_outlive_later_edits(api: Api, url: str) -> None:
    document = json.loads(api.client.get(f"{url}/download/json").content)
    document["beat_numbers"] = [number % 4 + 1 for number in document["beat_numbers"]]
    brought = api.client.put(f"{url}/score/file", content=json.dumps(document)).json()
    assert brought["beat_numbers"] == document["beat_numbers"]
    kept = api.client.put(f"{url}/score", json={"hits": brought["hits"][1:]}).json()
    assert kept["beat_numbers"] == document["beat_numbers"]
    reverted = api.client.post(f"{url}/score/revert").json()
    assert reverted["beat_numbers"] != document["beat_numbers"]


def test_bad_file_is_refused_and_nothing_is_lost(api: Api, url: str) -> None:
    before = api.client.get(f"{url}/result").json()
    entities = b'<!DOCTYPE x [<!ENTITY a "b">]><score-partwise>&a;</score-partwise>'
    for content, status, code in (
        (b"ID3 a song", 415, "not_a_score"),
        (b"", 415, "not_a_score"),
        (entities, 422, "score_file_unreadable"),
        (b"<score-partwise/>", 422, "no_drum_part"),
        (b"{}", 422, "invalid_hits"),
        (b"MThd", 422, "score_file_unreadable"),
    ):
        answer = api.client.put(f"{url}/score/file", content=content)
        assert problem_of(answer, status) == code
    large = api.client.put(f"{url}/score/file", content=b" " * (MAX_XML_BYTES + 1))
    assert large.status_code == 413
    assert api.client.get(f"{url}/result").json() == before


def test_file_for_another_version_is_refused(api: Api, url: str) -> None:
    content = api.client.get(f"{url}/download/musicxml").content
    api.client.patch(url, json={"title": "Mine"})
    answer = api.client.put(f"{url}/score/file", content=content, headers={"If-Match": '"v1"'})
    assert problem_of(answer, 412) == "edit_conflict"


def test_only_the_owner_may_bring_a_score(api: Api, url: str) -> None:
    content = api.client.get(f"{url}/download/musicxml").content
    api.client.cookies.clear()
    assert api.client.post("/api/v1/session").status_code < 300
    stranger = api.client.put(f"{url}/score/file", content=content)
    assert problem_of(stranger, 404) == "job_not_found"

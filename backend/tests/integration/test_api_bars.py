"""Bar lines that are set by hand over HTTP: what they move, what they leave, how they go again."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from api_client import JOBS, Api, problem_of, short_recording
from drumscribe.library import Transcription


@pytest.fixture
def api_settings() -> dict[str, Any]:
    return {"pdf_backend": "none"}


@pytest.fixture
def url(api: Api, example_song: Path, tmp_path: Path) -> str:
    """The address of a finished job."""
    recording = short_recording(example_song, tmp_path / "song.flac", 8.0)
    return f"{JOBS}/{api.completed(recording, title='Song')}"


def result(api: Api, url: str) -> dict[str, Any]:
    found: dict[str, Any] = api.client.get(f"{url}/result").json()
    return found


def short_bar(before: dict[str, Any]) -> list[dict[str, Any]]:
    """A bar of two quarters in the place of the second bar."""
    second = before["beat_numbers"].index(1, 1)
    return [
        {"at_seconds": before["beats"][second], "time_signature": "2/4"},
        {"at_seconds": before["beats"][second + 2], "time_signature": "4/4"},
    ]


def test_bars_that_are_set_stay_until_they_are_taken_back(api: Api, url: str) -> None:
    before = result(api, url)
    bars = short_bar(before)
    after = api.client.patch(url, json={"bars": bars}).json()
    second = before["beat_numbers"].index(1, 1)
    assert after["beat_numbers"][second : second + 4] == [1, 2, 1, 2]
    assert (after["beats"], after["hits"]) == (before["beats"], before["hits"])
    assert after["settings"]["bars"] == bars
    # A corrected stroke, another title and the same said again move no bar line.
    api.client.put(f"{url}/score", json={"hits": before["hits"][1:]})
    assert (
        api.client.patch(url, json={"title": "B"}).json()["beat_numbers"] == (after["beat_numbers"])
    )
    again = api.client.patch(url, json={"bars": bars}).json()
    assert again["beat_numbers"] == after["beat_numbers"]
    for nothing in ("[]", "null"):
        back = api.client.patch(url, json={"bars": json.loads(nothing)}).json()
        assert back["beat_numbers"] == before["beat_numbers"]
        assert back["settings"]["bars"] == []


def test_bars_that_cannot_stand_are_refused_and_nothing_changes(api: Api, url: str) -> None:
    before = result(api, url)
    for said, says in (
        ([(500.0, "4/4")], "there is no beat at 500 s"),
        ([(2.0, "7/16")], "7/16 cannot stand among"),
        ([(2.0, None), (2.0, None)], "two bar lines lie at the beat"),
    ):
        bars = [{"at_seconds": at, "time_signature": metre} for at, metre in said]
        answer = api.client.patch(url, json={"bars": bars})
        assert problem_of(answer, 422) == "invalid_option"
        assert says in answer.json()["detail"]
    assert result(api, url) == before


def six_eighths(before: dict[str, Any]) -> list[dict[str, Any]]:
    """A bar of 6/8 in the place of the second bar, one of 3/4 after it."""
    second = before["beat_numbers"].index(1, 1)
    return [
        {"at_seconds": before["beats"][second + later], "time_signature": metre}
        for later, metre in ((0, "6/8"), (3, "3/4"), (6, "4/4"))
    ]


def test_six_eighths_and_three_quarters_stay_apart_through_edits(api: Api, url: str) -> None:
    before = result(api, url)
    assert before["bar_time_signatures"] == []
    bars = six_eighths(before)
    after = api.client.patch(url, json={"bars": bars}).json()
    n_bars = len(before["downbeats"])
    assert after["bar_time_signatures"][:4] == [None, "6/8", None, None]
    assert len(after["bar_time_signatures"]) == len(after["downbeats"]) >= n_bars

    def written() -> list[str]:
        measures = api.client.get(f"{url}/download/timemap").json()["measures"]
        return [bar["time_signature"] for bar in measures][:4]

    assert written() == ["4/4", "6/8", "3/4", "4/4"]
    # A corrected stroke and another title leave them.
    api.client.put(f"{url}/score", json={"hits": before["hits"][1:]})
    api.client.patch(url, json={"title": "B"})
    assert written() == ["4/4", "6/8", "3/4", "4/4"]
    chart = api.client.get(f"{url}/download/musicxml").content
    document = api.client.get(f"{url}/download/json").json()
    assert document["bar_time_signatures"] == after["bar_time_signatures"]

    # Taken back, and brought again with the chart.
    assert api.client.patch(url, json={"bars": []}).json()["bar_time_signatures"] == []
    brought = api.client.put(f"{url}/score/file", content=chart).json()
    assert brought["bar_time_signatures"][:4] == [None, "6/8", None, None]
    assert [mark["time_signature"] for mark in brought["settings"]["bars"]] == (
        ["4/4", "6/8", "3/4", "4/4"]
    )
    assert written() == ["4/4", "6/8", "3/4", "4/4"]


def test_bars_of_a_brought_score_can_be_edited_and_counted_anew(api: Api, url: str) -> None:
    before = result(api, url)
    document = api.client.get(f"{url}/download/json").content
    page = Transcription.from_json(document).transcript
    second = before["beat_numbers"].index(1, 1)
    # A bar of two in the place of the second one, and fours after it.
    counted = np.arange(page.grid.beat_times.size - second) - 2
    counted[:2] = [0, 1]
    truth = replace(
        page.grid,
        beat_numbers=np.concatenate([page.grid.beat_numbers[:second], counted % 4 + 1]),
        bar_confidences=(),
    )
    chart = Transcription(replace(page, grid=truth)).to_musicxml()
    brought = api.client.put(f"{url}/score/file", content=chart.encode()).json()
    assert brought["beat_numbers"] == truth.beat_numbers.tolist()
    said = brought["settings"]["bars"]
    assert [mark["time_signature"] for mark in said] == ["4/4", "2/4", "4/4"]

    # The page is counted anew, and the lines of the file stand.
    last = {"at_seconds": brought["beats"][-3], "time_signature": "3/4"}
    edited = api.client.patch(url, json={"bars": [*said, last]}).json()
    assert edited["beat_numbers"] == [*brought["beat_numbers"][:-3], 1, 2, 3]

    # The document from before takes it back, and nothing of the file is left.
    back = api.client.put(f"{url}/score/file", content=document).json()
    assert back["beat_numbers"] == before["beat_numbers"]
    assert back["settings"]["bars"] == []

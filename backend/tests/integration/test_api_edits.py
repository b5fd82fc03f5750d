"""Edits over HTTP: what they change, how two of them meet, and the way back; and the sound."""

from __future__ import annotations

import io
import json
import re
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import guitarpro
import mido
import pytest
import soundfile

from api_client import JOBS, Api, problem_of, short_recording
from drumscribe.api.edits_in_turn import AT_ONCE, WAITING
from drumscribe.api.v1.routes import results
from drumscribe.pipeline.files.formats import FORMATS
from service_processes import wait_for


@pytest.fixture
def api_settings() -> dict[str, Any]:
    return {"pdf_backend": "none"}


@pytest.fixture
def url(api: Api, example_song: Path, tmp_path: Path) -> str:
    """The address of a finished job."""
    recording = short_recording(example_song, tmp_path / "song.flac", 3.0)
    return f"{JOBS}/{api.completed(recording, title='Song')}"


def without_downloads(result: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in result.items() if key not in ("downloads", "version")}


def test_artist_that_is_said_stands_in_the_job_until_it_is_taken_back(api: Api, url: str) -> None:
    assert api.client.get(url).json()["artist"] is None
    api.client.patch(url, json={"artist": "The Nines", "title": "Étude"})
    job = api.client.get(url).json()
    assert (job["artist"], job["title"]) == ("The Nines", "Étude")
    api.client.patch(url, json={"artist": None, "title": None})
    job = api.client.get(url).json()
    assert (job["artist"], job["title"]) == (None, "Song")


def test_upload_comes_back_as_it_was_handed_in(
    api: Api, example_song: Path, tmp_path: Path
) -> None:
    recording = short_recording(example_song, tmp_path / "Lied für Ängstliche.wav", 3.0)
    url = f"{JOBS}/{api.completed(recording, title='Song')}"
    formats = {d["format"]: d for d in api.client.get(f"{url}/result").json()["downloads"]}
    assert "source" not in formats
    for _ in range(2):
        original = formats["original"]
        answer = api.client.get(original["url"])
        assert answer.content == recording.read_bytes()
        assert original["size_bytes"] == len(answer.content)
        assert original["filename"] == recording.name
        assert answer.headers["content-type"] == original["media_type"] == "audio/wav"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "filename*=UTF-8''Lied%20f%C3%BCr" in answer.headers["content-disposition"]
        # An edit changes the page, not what was handed in.
        api.client.patch(url, json={"title": "Another"})
    assert api.client.get(f"{url}/download/source").status_code == 404
    assert api.client.delete(url).status_code == 200
    assert api.client.get(original["url"]).status_code in (404, 410)


def test_recording_can_be_listened_to_in_parts(api: Api, url: str, example_song: Path) -> None:
    formats = {d["format"]: d for d in api.client.get(f"{url}/result").json()["downloads"]}
    assert formats["recording"]["media_type"] == "audio/flac"
    whole = api.client.get(formats["recording"]["url"])
    assert whole.headers["accept-ranges"] == "bytes"
    heard, rate = soundfile.read(io.BytesIO(whole.content))
    song, song_rate = soundfile.read(example_song, frames=len(heard))
    assert rate == song_rate
    assert abs(heard - song).max() < 1e-4
    part = api.client.get(formats["recording"]["url"], headers={"Range": "bytes=100-"})
    assert part.status_code == 206
    assert part.content == whole.content[100:]


def test_edited_hits_keep_their_exact_times_and_order(api: Api, url: str) -> None:
    times = [2.0000000000000004, 0.1 + 0.2, 1.123456789012345]
    answer = api.client.put(
        f"{url}/score", json={"hits": [{"time": time, "instrument": "kick"} for time in times]}
    )
    assert [hit["time"] for hit in answer.json()["hits"]] == sorted(times)
    stored = api.client.get(f"{url}/download/json").json()
    assert [hit["time"] for hit in stored["hits"]] == sorted(times)


def test_sticking_is_kept_by_edits_of_all_kinds_and_goes_with_them(api: Api, url: str) -> None:
    hits = api.client.get(f"{url}/result").json()["hits"]
    assert {hit["sticking"] for hit in hits} == {None}
    hands = {hit["id"]: ("right", "left")[k % 2] for k, hit in enumerate(hits)}
    edited = [{**hit, "sticking": hands[hit["id"]]} for hit in hits]
    assert api.client.put(f"{url}/score", json={"hits": edited}).json()["hits"] == edited
    assert api.client.get(f"{url}/download/json").json()["hits"] == edited
    for change in ({"bpm": 100}, {"sensitivity": 0.6}):
        after = api.client.patch(url, json=change).json()["hits"]
        said = [hands.get(hit["id"]) for hit in after]
        assert [hit["sticking"] for hit in after] == said
        assert said.count(None) < len(said)
    refused = api.client.put(f"{url}/score", json={"hits": [{**hits[0], "sticking": "R"}]})
    problem_of(refused, 422)
    back = api.client.patch(url, json={"revert": True}).json()["hits"]
    assert back == hits


def test_score_and_time_map_number_the_hits_as_the_result_does(api: Api, url: str) -> None:
    hits = api.client.get(f"{url}/result").json()["hits"]
    for _ in range(2):
        time_map = api.client.get(f"{url}/download/timemap").json()
        svg = api.client.get(f"{url}/download/svg").text
        numbers = {int(number) for number in re.findall(r'id="hit-(\d+)"', svg)}
        written = {note["hit"]: note for note in time_map["notes"]}
        assert numbers == set(written)
        by_id = {hit["id"]: hit for hit in hits}
        assert len(by_id) == len(hits)
        assert {entry["hit"] for entry in time_map["merged"]} | numbers == set(by_id)
        for number, note in written.items():
            assert note["id"] == f"hit-{number}"
            assert note["time_seconds"] == pytest.approx(by_id[number]["time"], abs=1e-6)
        # Once more after an edit, which every stroke outlives with its id.
        kept = hits[::2]
        hits = api.client.put(f"{url}/score", json={"hits": kept}).json()["hits"]
        assert hits == kept


def test_edit_says_so_and_reverting_takes_everything_back(api: Api, url: str) -> None:
    before = api.client.get(f"{url}/result").json()
    assert (before["is_edited"], before["edited_at"], before["version"]) == (False, None, 1)
    edited = api.client.patch(
        url, json={"tempo_factor": 2, "sensitivity_by_instrument": {"kick": 0}, "title": "Mine"}
    ).json()
    assert (edited["is_edited"], edited["version"]) == (True, 2)
    assert edited["settings"]["tempo_factor"] == 2
    assert edited["settings"]["sensitivity_by_instrument"] == {"kick": 0}
    assert len(edited["beats"]) == 2 * len(before["beats"]) - 1
    state = api.client.get(url).json()
    assert (state["is_edited"], state["version"], state["title"]) == (True, 2, "Mine")
    assert state["edited_at"] == edited["edited_at"]
    back = api.client.post(f"{url}/score/revert").json()
    assert back["version"] == 3
    assert without_downloads(back) == without_downloads(before)
    assert without_downloads(api.client.get(f"{url}/result").json()) == without_downloads(before)


def test_another_sensitivity_is_tried_first_and_keeps_what_was_written_by_hand(
    api: Api, url: str
) -> None:
    heard = api.client.get(f"{url}/result").json()["hits"]
    mine = {**heard[0], "id": 900, "instrument": "tom_low", "time": 0.2, "confidence": 1.0}
    gone = next(hit for hit in heard if hit["instrument"] == "snare")
    page = [mine, *(hit for hit in heard if hit != gone)]
    before = api.client.put(f"{url}/score", json={"hits": page}).json()
    wish = {"sensitivity_by_instrument": {"kick": 0}}
    tried = api.client.post(f"{url}/score/try", json=wish).json()
    assert tried["added"] == 0
    assert tried["removed"] > 0
    assert api.client.get(f"{url}/result").json()["version"] == before["version"]
    after = api.client.patch(url, json=wish).json()
    assert len(after["hits"]) == len(before["hits"]) - tried["removed"]
    assert mine in after["hits"]
    assert gone not in after["hits"]
    assert after["has_edited_hits"]
    back = api.client.patch(url, json={"sensitivity_by_instrument": None}).json()
    assert len(back["hits"]) == len(before["hits"])
    assert api.client.post(f"{url}/score/try", json={}).status_code == 422
    assert api.client.post(f"{url}/score/try", json={"bpm": 90}).status_code == 422


def test_revert_and_change_in_one_request_starts_from_the_machine(api: Api, url: str) -> None:
    before = api.client.get(f"{url}/result").json()
    api.client.patch(url, json={"tempo_factor": 2, "title": "Mine"})
    after = api.client.patch(url, json={"revert": True, "shift_beats": 1}).json()
    assert (after["title"], after["beats"]) == ("Song", before["beats"])
    assert after["settings"]["shift_beats"] == 1
    again = api.client.patch(url, json={"revert": True}).json()
    assert without_downloads(again) == without_downloads(before)


def test_null_takes_one_change_back(api: Api, url: str) -> None:
    before = api.client.get(f"{url}/result").json()
    api.client.patch(url, json={"time_signature": "3/4", "title": "Waltz"})
    after = api.client.patch(url, json={"time_signature": None}).json()
    assert (after["time_signature"], after["title"]) == (before["time_signature"], "Waltz")


def test_second_tab_cannot_overwrite_the_first_unseen(api: Api, url: str) -> None:
    seen = api.client.get(f"{url}/result").headers["etag"]
    first = api.client.patch(url, json={"title": "First"}, headers={"If-Match": seen})
    assert first.status_code == 200
    assert first.headers["etag"] != seen
    for answer in (
        api.client.patch(url, json={"title": "Second"}, headers={"If-Match": seen}),
        api.client.put(
            f"{url}/score",
            json={"hits": [{"time": 1, "instrument": "kick"}]},
            headers={"If-Match": seen},
        ),
        api.client.post(f"{url}/score/revert", headers={"If-Match": seen}),
    ):
        assert problem_of(answer, 412) == "edit_conflict"
    now = api.client.get(f"{url}/result")
    assert now.json()["title"] == "First"
    assert now.headers["etag"] == first.headers["etag"]
    known = api.client.get(f"{url}/result", headers={"If-None-Match": now.headers["etag"]})
    assert (known.status_code, known.content) == (304, b"")
    again = api.client.patch(
        url, json={"title": "Second"}, headers={"If-Match": now.headers["etag"]}
    )
    assert again.json()["title"] == "Second"


@pytest.mark.parametrize(
    "change",
    [
        {"tempo_factor": 3},
        {"tempo_factor": 2, "bpm": 100},
        {"bar_one_at_seconds": -1},
        {"bar_one_at_seconds": 1e300},
        {"style": "crayons"},
        {"drum_map": "kazoo"},
        {"sensitivity_by_instrument": {"gong": 0.5}},
        {"sensitivity_by_instrument": {"kick": 2}},
    ],
)
def test_change_that_makes_no_sense_is_refused(
    api: Api, url: str, change: dict[str, object]
) -> None:
    assert problem_of(api.client.patch(url, json=change), 422)
    assert api.client.get(f"{url}/result").json()["version"] == 1


def test_wishes_of_the_upload_are_followed_and_shown(
    api: Api, example_song: Path, tmp_path: Path
) -> None:
    recording = short_recording(example_song, tmp_path / "wishes.flac", 3.0)
    plain = api.client.get(f"{JOBS}/{api.completed(recording)}/result").json()
    wishes = {
        "sensitivity_by_instrument": json.dumps({"kick": 0.0}),
        "tempo_factor": "2",
        "bar_one_at_seconds": "1.0",
        "style": "weinberg",
    }
    result = api.client.get(f"{JOBS}/{api.completed(recording, **wishes)}/result").json()
    assert result["hit_summary"]["kick"] < plain["hit_summary"]["kick"]
    assert result["bpm"] == pytest.approx(2 * plain["bpm"], rel=0.05)
    assert result["settings"]["bar_one_at_seconds"] == 1.0
    assert result["settings"]["style"] == "weinberg"
    assert not result["is_edited"]


def test_midi_of_another_drum_map_plays_its_keys(api: Api, url: str) -> None:
    hits = [{"time": 0.5 + 0.5 * k, "instrument": "tom_mid"} for k in range(4)]
    api.client.put(f"{url}/score", json={"hits": hits})

    def keys() -> set[int]:
        content = api.client.get(f"{url}/download/midi").content
        return {m.note for m in mido.MidiFile(file=io.BytesIO(content)) if m.type == "note_on"}

    assert keys() == {47}
    answer = api.client.patch(url, json={"drum_map": "roland-td"})
    assert answer.json()["settings"]["drum_map"] == "roland-td"
    assert keys() == {45}


def test_tablature_and_guitar_pro_can_be_downloaded(api: Api, url: str) -> None:
    tab = api.client.get(f"{url}/download/tab")
    assert tab.headers["content-type"] == "text/plain; charset=utf-8"
    assert tab.text.startswith("Song\n")
    file = api.client.get(f"{url}/download/gp")
    assert 'filename="Song.gp5"' in file.headers["content-disposition"]
    assert guitarpro.parse(io.BytesIO(file.content)).title == "Song"


def test_every_format_that_is_downloaded_after_an_edit_has_the_edit(api: Api, url: str) -> None:
    hits = [{"time": 0.5 + 0.5 * k, "instrument": "tom_low"} for k in range(6)]
    api.client.put(f"{url}/score", json={"hits": hits})
    answer = api.client.patch(url, json={"title": "Edited Song"}).json()
    formats = {entry["format"]: entry for entry in answer["downloads"]}
    assert set(FORMATS) - {"pdf"} == set(formats) - {"original", "recording"}
    files = {}
    for name in set(formats) - {"original", "recording"}:
        file = api.client.get(formats[name]["url"])
        assert file.status_code == 200, file.text
        assert 'filename="Edited Song' in file.headers["content-disposition"]
        files[name] = file.content
    for name in ("svg", "svg-narrow", "timemap"):
        found = set(re.findall(rb"hit-(\d+)", files[name]))
        assert found == {b"%d" % k for k in range(6)}, name
    for name in ("json", "csv"):
        assert files[name].count(b"tom_low") >= 6
        assert b"kick" not in files["csv"]
    assert files["musicxml"].count(b"<unpitched>") == 6
    for name in ("midi", "midi-performance"):
        played = mido.MidiFile(file=io.BytesIO(files[name]))
        keys = [m.note for m in played if m.type == "note_on" and m.velocity]
        assert keys == [43] * 6 or set(keys) == {keys[0]}, name
        assert len(keys) == 6
    assert files["tab"].startswith(b"Edited Song\n")
    assert guitarpro.parse(io.BytesIO(files["gp"])).title == "Edited Song"
    # What was made once lies ready; the next edit takes it away.
    again = api.client.get(url).json()
    assert all(entry["size_bytes"] for entry in again["downloads"])
    after = api.client.patch(url, json={"title": "Another"}).json()
    ready = {entry["format"] for entry in after["downloads"] if entry["size_bytes"]}
    assert ready == {"svg", "timemap", "original", "recording"}
    assert b"Another" in api.client.get(f"{url}/download/musicxml").content


def test_events_say_where_the_job_stands(api: Api, example_song: Path, tmp_path: Path) -> None:
    recording = short_recording(example_song, tmp_path / "events.flac", 3.0)
    job_id = api.completed(recording)
    text = api.client.get(f"{JOBS}/{job_id}/events").text
    said = [json.loads(line[6:]) for line in text.splitlines() if line.startswith('data: {"')]
    assert said
    for entry in said:
        assert {"status", "stage", "progress", "queue_position", "eta_seconds"} <= set(entry)
    assert [entry["status"] for entry in said][-1] == "completed"
    assert "running" not in {entry["status"] for entry in said}


def test_many_edits_at_once_leave_threads_to_everybody_else(
    api: Api, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_end = threading.Event()
    begun: list[str] = []

    def edit_slowly(*_: object) -> None:
        begun.append(threading.current_thread().name)
        assert may_end.wait(60)

    monkeypatch.setattr(results, "edit_score", edit_slowly)
    more_than_threads = 60
    with ThreadPoolExecutor(more_than_threads) as clients:
        edits = [
            clients.submit(api.client.patch, url, json={"title": f"Take {number}"})
            for number in range(more_than_threads)
        ]
        try:
            refused = more_than_threads - AT_ONCE - WAITING
            wait_for(lambda: sum(edit.done() for edit in edits) == refused, "the ones too many")
            assert api.client.get(url).json()["status"] == "completed"
            assert len(begun) == AT_ONCE
        finally:
            may_end.set()
        answers = [edit.result() for edit in edits]
    assert sorted(answer.status_code for answer in answers) == (
        [200] * (AT_ONCE + WAITING) + [429] * refused
    )
    too_many = next(answer for answer in answers if answer.status_code == 429)
    assert problem_of(too_many, 429) == "rate_limited"
    assert int(too_many.headers["retry-after"]) > 0


def test_two_crashes_struck_together_stand_in_every_file(api: Api, url: str) -> None:
    hits = api.client.get(f"{url}/result").json()["hits"]
    time = hits[0]["time"]
    crashes = [
        {"time": time, "instrument": "crash", "articulation": articulation}
        for articulation in (None, "crash-2")
    ]
    kept = [hit for hit in hits if hit["instrument"] != "crash"]
    answer = api.client.put(f"{url}/score", json={"hits": [*kept, *crashes]})
    assert answer.status_code == 200
    xml = api.client.get(f"{url}/download/musicxml").text
    struck = re.findall(r'<instrument id="P1-(crash[^"]*)"', xml)
    assert struck == ["crash", "crash-crash-2"]
    midi = mido.MidiFile(file=io.BytesIO(api.client.get(f"{url}/download/midi").content))
    keys = {message.note for message in midi if message.type == "note_on" and message.velocity}
    assert {49, 57} <= keys
    back = api.client.put(f"{url}/score/file", content=xml.encode()).json()
    assert (back["brought"]["added"], back["brought"]["removed"]) == (0, 0)
    assert {hit["articulation"] for hit in back["hits"] if hit["instrument"] == "crash"} == {
        None,
        "crash-2",
    }

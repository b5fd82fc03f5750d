"""A stranger with the link makes a copy of his own and edits that."""

from __future__ import annotations

from pathlib import Path

from api_client import JOBS, Api, make_api, problem_of, short_recording

KICK = {"hits": [{"time": 0.5, "instrument": "kick"}]}


def become_a_stranger(api: Api) -> None:
    api.client.cookies.clear()
    assert api.client.post("/api/v1/session").status_code == 204


def test_copy_is_edited_and_the_original_stays_as_it_was(
    tmp_path: Path, example_song: Path
) -> None:
    api = make_api(tmp_path, pdf_backend="none")
    song = short_recording(example_song, tmp_path / "song.flac", 3.0)
    api.client.post("/api/v1/session")
    original = f"{JOBS}/{api.completed(song, title='Song')}"
    before = api.client.get(f"{original}/result").json()
    become_a_stranger(api)
    answer = api.client.post(f"{original}/copy")
    assert answer.status_code == 201
    copy = answer.headers["location"]
    assert (answer.json()["is_own"], answer.json()["title"]) == (True, "Song")
    assert api.client.get(f"{copy}/result").json()["hits"] == before["hits"]
    assert api.client.put(f"{copy}/score", json=KICK).status_code == 200
    assert len(api.client.get(f"{copy}/result").json()["hits"]) == 1
    # What the machine heard came along: it can be had back.
    assert api.client.post(f"{copy}/score/revert").json()["hits"] == before["hits"]
    sound = f"{original}/download/original"
    copied_sound = f"{copy}/download/original"
    assert api.client.get(copied_sound).content == api.client.get(sound).content
    assert api.client.get(f"{original}/result").json() == before
    assert api.client.delete(original).status_code == 404
    assert api.client.delete(copy).status_code == 200
    api.service.sweep()
    assert api.client.get(f"{original}/result").status_code == 200
    assert api.client.get(sound).status_code == 200


def test_copy_gives_every_format_before_and_after_an_edit(
    tmp_path: Path, example_song: Path
) -> None:
    api = make_api(tmp_path)
    api.client.post("/api/v1/session")
    job = api.completed(short_recording(example_song, tmp_path / "song.flac", 3.0), title="Song")
    original = f"{JOBS}/{job}"
    assert api.client.get(f"{original}/download/csv").status_code == 200  # made on demand
    become_a_stranger(api)
    answer = api.client.post(f"{original}/copy")
    copy, downloads = answer.headers["location"], answer.json()["downloads"]
    names = {download["format"] for download in api.client.get(original).json()["downloads"]}
    assert {download["format"] for download in downloads} == names
    for name in sorted(names):
        of_both = [api.client.get(f"{song}/download/{name}") for song in (original, copy)]
        assert [answer.status_code for answer in of_both] == [200, 200], name
        if name not in ("pdf", "gp"):
            assert of_both[1].content == of_both[0].content, name
    assert api.client.put(f"{copy}/score", json=KICK).status_code == 200
    for name in sorted(names):
        assert api.client.get(f"{copy}/download/{name}").status_code == 200, name
    assert len(api.client.get(f"{copy}/download/csv").text.splitlines()) == 2


def test_song_that_is_not_finished_or_not_shared_is_not_copied(
    tmp_path: Path, example_song: Path
) -> None:
    api = make_api(tmp_path, pdf_backend="none", share_by_link=False)
    api.client.post("/api/v1/session")
    job = f"{JOBS}/{api.submit(short_recording(example_song, tmp_path / 'song.flac', 2.0))}"
    assert problem_of(api.client.post(f"{job}/copy"), 409) == "job_not_ready"
    become_a_stranger(api)
    assert problem_of(api.client.post(f"{job}/copy"), 404) == "job_not_found"

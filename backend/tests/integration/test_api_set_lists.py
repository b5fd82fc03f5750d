"""Songs that are found by tags and played in the order of a set list, which prints as one PDF."""

from __future__ import annotations

import io
from pathlib import Path
from uuid import uuid4

import pytest
from pypdf import PdfReader
from pypdf.generic import Destination

from api_client import JOBS, Api, problem_of

LISTS = "/api/v1/set-lists"


@pytest.fixture
def api(api: Api) -> Api:
    api.client.post("/api/v1/session")
    return api


def somebody_else(api: Api) -> None:
    api.client.cookies.clear()
    api.client.post("/api/v1/session")


def test_tags_are_tidied_kept_and_seen_by_the_owner_only(api: Api, recording: Path) -> None:
    job = f"{JOBS}/{api.submit(recording)}"
    said = {"tags": ["  gig  in May ", "Easy", "easy", ""]}
    assert api.client.put(f"{job}/tags", json=said).json()["tags"] == ["gig in May", "Easy"]
    api.work()
    assert api.client.get(job).json()["tags"] == ["gig in May", "Easy"]
    assert api.client.get(JOBS).json()["jobs"][0]["tags"] == ["gig in May", "Easy"]
    copy = api.client.post(f"{job}/copy").json()
    assert copy["tags"] == []
    assert api.client.put(f"{job}/tags", json={"tags": ["x" * 41]}).status_code == 422
    somebody_else(api)
    assert api.client.get(job).json()["tags"] == []
    assert problem_of(api.client.put(f"{job}/tags", json=said), 404) == "job_not_found"


def test_set_list_keeps_its_order_and_lets_deleted_songs_go(api: Api, recording: Path) -> None:
    first, second, third = (api.completed(recording, title=name) for name in "ABC")
    made = api.client.post(LISTS, json={"name": " Friday ", "job_ids": [second, first]})
    assert (made.status_code, made.json()["name"]) == (201, "Friday")
    address = f"{LISTS}/{made.json()['id']}"
    changed = {"name": "Saturday", "job_ids": [third, second, first]}
    assert api.client.put(address, json=changed).json()["job_ids"] == [third, second, first]
    api.client.delete(f"{JOBS}/{second}")
    (listed,) = api.client.get(LISTS).json()
    assert (listed["name"], listed["job_ids"]) == ("Saturday", [third, first])
    assert api.client.delete(address).status_code == 204
    assert api.client.get(LISTS).json() == []
    assert problem_of(api.client.delete(address), 404) == "set_list_not_found"
    assert api.client.get(f"{JOBS}/{first}").status_code == 200


def test_set_list_prints_as_one_pdf_with_contents_and_bookmarks(api: Api, recording: Path) -> None:
    titles = ["Zebra", "Ärger & <Größe>", "日本の歌"]
    songs = [api.completed(recording, title=title) for title in titles]
    made = api.client.post(LISTS, json={"name": "Friday, 22 h", "job_ids": songs}).json()
    answer = api.client.get(f"{LISTS}/{made['id']}/pdf")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/pdf"
    assert 'filename="Friday, 22 h.pdf"' in answer.headers["content-disposition"]
    booklet = PdfReader(io.BytesIO(answer.content))
    assert len(booklet.pages) == 4
    contents = booklet.pages[0].extract_text()
    assert "Friday, 22 h" in contents
    for title in titles[:2]:
        assert title in contents
    marks = [
        (mark.title, booklet.get_destination_page_number(mark))
        for mark in booklet.outline
        if isinstance(mark, Destination)
    ]
    assert marks == [(title, page) for page, title in enumerate(titles, start=1)]
    for number, page in enumerate(booklet.pages[1:], start=2):
        assert page.extract_text().rstrip().endswith(str(number))


def test_set_list_of_a_song_without_a_page_says_which(api: Api, recording: Path) -> None:
    done = api.completed(recording, title="Done")
    waits = api.submit(recording, title="Waits")
    made = api.client.post(LISTS, json={"name": "Set", "job_ids": [done, waits]}).json()
    answer = api.client.get(f"{LISTS}/{made['id']}/pdf")
    assert problem_of(answer, 409) == "job_not_ready"
    assert "Waits" in answer.json()["detail"]
    empty = api.client.post(LISTS, json={"name": "Empty", "job_ids": []}).json()
    assert problem_of(api.client.get(f"{LISTS}/{empty['id']}/pdf"), 422) == "invalid_request"


def test_set_lists_are_their_owners(api: Api, recording: Path) -> None:
    song = api.submit(recording)
    made = api.client.post(LISTS, json={"name": "Mine", "job_ids": [song]}).json()
    address = f"{LISTS}/{made['id']}"
    somebody_else(api)
    assert api.client.get(LISTS).json() == []
    theirs = {"name": "Theirs", "job_ids": []}
    for answer in (
        api.client.put(address, json=theirs),
        api.client.delete(address),
        api.client.get(f"{address}/pdf"),
    ):
        assert problem_of(answer, 404) == "set_list_not_found"
    foreign = api.client.post(LISTS, json={"name": "Taken", "job_ids": [song]})
    assert problem_of(foreign, 404) == "job_not_found"
    gone = api.client.post(LISTS, json={"name": "Gone", "job_ids": [str(uuid4())]})
    assert problem_of(gone, 404) == "job_not_found"
    api.client.cookies.clear()
    assert problem_of(api.client.post(LISTS, json=theirs), 401) == "not_authenticated"
    assert api.client.get(LISTS).json() == []

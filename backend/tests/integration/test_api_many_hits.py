"""Edits of very many hits: refused in words before anything is read of them; nobody else waits."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from api_client import JOBS, Api, make_api, problem_of, short_recording
from drumscribe.api.v1.hits_body import hits_of
from drumscribe.errors import InvalidHits
from drumscribe.services.songs.edit_score import MAX_HITS

HIT = {"time": 1.0, "instrument": "kick"}


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    made = make_api(tmp_path_factory.mktemp("hits"), pdf_backend="none", rate_limit_per_minute=0)
    with made.client:
        yield made


@pytest.fixture(scope="module")
def url(api: Api, example_song: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of a finished job of three seconds."""
    folder = tmp_path_factory.mktemp("song")
    return f"{JOBS}/{api.completed(short_recording(example_song, folder / 'song.flac', 3.0))}"


def put(api: Api, url: str, content: str | bytes) -> Any:
    answer: Any = api.client.put(
        f"{url}/score", content=content, headers={"Content-Type": "application/json"}
    )
    return answer


def test_more_hits_than_anybody_plays_are_refused_before_they_are_read(api: Api, url: str) -> None:
    before = api.client.get(f"{url}/result").json()
    # No stroke of these could be read.
    answer = put(api, url, '{"hits": [' + ",".join(["{!}"] * 100_000) + "]}")
    assert problem_of(answer, 422) == "invalid_hits"
    assert answer.json()["detail"] == (
        "Expected at most 280 hits in 3 s of music, got 100000: nobody plays more than 60 a second."
    )
    assert api.client.get(f"{url}/result").json() == before


def test_as_many_hits_as_somebody_could_play_are_engraved(api: Api, url: str) -> None:
    names = ("kick", "snare", "hihat_closed", "crash")
    hits = [{"time": k * 0.01, "instrument": names[k % 4]} for k in range(280)]
    answer = api.client.put(f"{url}/score", json={"hits": hits})
    assert answer.status_code == 200, answer.text
    assert [hit["time"] for hit in answer.json()["hits"]] == [hit["time"] for hit in hits]


@pytest.mark.parametrize(
    ("content", "detail"),
    [
        ("[]", "body: expected a JSON object"),
        ("", "body: expected a JSON object"),
        ('{"strokes": []}', "body: expected a JSON object"),
        ('{"hits": []}', "A score needs at least one hit."),
        ('{"hits": [1]}', "body.hits.0: expected a stroke"),
        ('{"hits": [{"time": 1, "instrument": "kick"}, 7]}', "body.hits.1: expected a stroke"),
        ('{"hits": [{"time": 1, "instrument": "kick"},]}', "body.hits.1: expected a stroke"),
        ('{"hits": [{"time": 1, "instrument": {"a": 1}}]}', "body.hits.0: expected a stroke"),
        ('{"hits": [{"time": 1, "instrument": "kick"}]', "expected the end of the hits"),
        ('{"hits": [{"time": 1, "instrument": "kick"}], "x": 1}', "expected the end of the hits"),
        ('{"hits": [{"time": 1, "instrument": "kick"} {}]}', "expected the end of the hits"),
        ('{"hits": [{"time": 1, "instrument": "gong"}]}', "body.hits.0.instrument: Input should"),
        ('{"hits": [{"time": -1, "instrument": "kick"}]}', "body.hits.0.time: Input should be"),
        ('{"hits": [{"time": NaN, "instrument": "kick"}]}', "body.hits.0.time: Input should be"),
        ('{"hits": [{"time": Infinity, "instrument": "kick"}]}', "body.hits.0.time: Input should"),
        ('{"hits": [{"time": 1, "instrument": "kick", "x": 1}]}', "body.hits.0.x: Extra inputs"),
        ('{"hits": [{"time": 1, "instrument": "kick", "id": -1}]}', "body.hits.0.id: Input should"),
        ('{"hits": [{"time": 9, "instrument": "kick"}]}', "A hit at 9 s lies behind the end"),
        (b'{"hits": [{"time": 1, "instrument": "\xff"}]}', "body.hits.0: Invalid JSON"),
    ],
)
def test_body_that_is_no_list_of_hits_is_refused_in_words(
    api: Api, url: str, content: str | bytes, detail: str
) -> None:
    answer = put(api, url, content)
    assert problem_of(answer, 422) in ("invalid_request", "invalid_hits")
    assert detail in answer.json()["detail"]


def test_body_of_another_kind_is_refused(api: Api, url: str) -> None:
    answer = api.client.put(f"{url}/score", content=json.dumps({"hits": [HIT]}))
    assert problem_of(answer, 422) == "invalid_request"
    assert "application/json" in answer.json()["detail"]


def test_first_wrong_hit_of_many_is_named(api: Api, url: str) -> None:
    answer = api.client.put(f"{url}/score", json={"hits": [HIT] * 7 + [{"time": 1}] * 200})
    assert problem_of(answer, 422) == "invalid_request"
    assert answer.json()["errors"] == [
        {"field": "body.hits.7.instrument", "message": "Field required"}
    ]


def test_spaces_and_what_is_left_out_are_read_as_json_reads_them() -> None:
    text = ' {\n"hits" : [ {"instrument":"ride" , "time":2, "articulation":null} ,\t{"time": 1e0,'
    text += '"instrument":"kick", "id":5, "velocity":0.5} ] }\r\n'
    found = hits_of(text.encode(), None)
    assert [(hit.time, hit.instrument, hit.velocity, hit.id) for hit in found] == [
        (1.0, "kick", 0.5, 5),
        (2.0, "ride", 0.8, None),
    ]


def test_no_score_has_more_than_fifty_thousand_hits() -> None:
    content = json.dumps({"hits": [HIT] * (MAX_HITS + 1)}).encode()
    for duration in (7200.0, None):
        with pytest.raises(InvalidHits, match="at most 50000 hits, got 50001"):
            hits_of(content, duration)
    assert len(hits_of(json.dumps({"hits": [HIT] * MAX_HITS}).encode(), 900.0)) == MAX_HITS


def test_other_requests_are_answered_while_many_hits_are_read(tmp_path: Path) -> None:
    """The last of 50,000 strokes is wrong: all of them are read, none is engraved."""
    api = make_api(tmp_path, rate_limit_per_minute=0)
    hits: list[dict[str, Any]] = [HIT] * (MAX_HITS - 1) + [{"time": 1.0}]
    content = json.dumps({"hits": hits}).encode()

    async def answered_meanwhile() -> int:
        transport = httpx.ASGITransport(app=api.client.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            reading = asyncio.create_task(asyncio.to_thread(hits_of, content, 900.0))
            answers = 0
            while not reading.done():
                assert (await client.get("/livez")).status_code == 200
                answers += 1
                await asyncio.sleep(0)  # a request to an app in the process never waits
            with pytest.raises(Exception, match="Field required"):
                await reading
            return answers

    assert asyncio.run(answered_meanwhile()) >= 3


@pytest.mark.parametrize("method", ["PATCH", "POST"])
def test_other_json_is_refused_where_it_is_long(api: Api, url: str, method: str) -> None:
    address = url if method == "PATCH" else f"{url}/again"
    content = "{" + ",".join(f'"k{number}": 0' for number in range(20_000)) + "}"
    answer = api.client.request(
        method, address, content=content, headers={"Content-Type": "application/json"}
    )
    assert problem_of(answer, 413) == "payload_too_large"
    assert "64" in answer.json()["detail"] or "0.064" in answer.json()["detail"]


def test_answer_to_many_wrong_fields_is_short(api: Api, url: str) -> None:
    answer = api.client.patch(url, json={f"k{number}": 0 for number in range(2000)})
    assert problem_of(answer, 422) == "invalid_request"
    assert len(answer.json()["errors"]) == 20
    assert len(answer.content) < 5_000

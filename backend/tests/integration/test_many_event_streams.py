"""A hundred event streams at once against a limit of thirty: who is refused loses nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest

from service_houses import House, running_house
from service_processes import submit, wait_for

STREAMS = 100


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """With the limit of streams that it has by itself."""
    changes = {"RATE_LIMIT_PER_MINUTE": "0"}
    with running_house(tmp_path, changes, ("serve", "--no-workers")) as house:
        yield house


def test_streams_over_the_limit_are_refused_in_words_and_polling_still_tells_everything(
    house: House, example_song: Path
) -> None:
    most = house.service.settings.max_event_streams
    assert most == 30
    job = submit(house.service, example_song)
    url = f"/api/v1/jobs/{job.id}/events"
    limits = httpx.Limits(max_connections=STREAMS)
    with (
        httpx.Client(base_url=house.client.base_url, timeout=60, limits=limits) as many,
        ExitStack() as streams,
        ThreadPoolExecutor(STREAMS) as threads,
    ):

        def opened(_: int) -> httpx.Response:
            return many.send(many.build_request("GET", url), stream=True)

        answers = list(threads.map(opened, range(STREAMS)))
        for answer in answers:
            streams.callback(answer.close)
        listened = [answer for answer in answers if answer.status_code == 200]
        refused = [answer for answer in answers if answer.status_code == 429]
        assert (len(listened), len(refused)) == (most, STREAMS - most)
        for answer in refused:
            answer.read()
            assert answer.headers["content-type"] == "application/problem+json"
            assert answer.json()["code"] == "rate_limited"
            assert answer.json()["detail"] == (
                "At most 30 event streams at once. Close one, or poll the job."
            )
            assert int(answer.headers["retry-after"]) > 0
        # Everything else is answered as ever, to the refused as to anybody.
        assert house.client.get("/livez").status_code == 200
        assert house.client.get(f"/api/v1/jobs/{job.id}").json()["status"] == "queued"
        assert house.client.get("/api/v1/jobs").status_code == 200
        # The job ends. Who listens is told, and who asks sees it.
        assert house.service.jobs.request_cancel(job.id, expires_at=None)
        for answer in listened:
            text = answer.read().decode()
            assert text.endswith("event: end\ndata: {}\n\n")
            said = [json.loads(line[6:]) for line in text.splitlines() if line[6:7] == "{"]
            assert [entry["status"] for entry in said if entry][-1] == "cancelled"
        assert house.client.get(f"/api/v1/jobs/{job.id}").json()["status"] == "cancelled"

    def late() -> str:
        return house.client.get(url).text

    # All places are free again, and who comes late still gets every event.
    wait_for(lambda: late().endswith("event: end\ndata: {}\n\n"), "a place")
    assert '"status": "cancelled"' in late()

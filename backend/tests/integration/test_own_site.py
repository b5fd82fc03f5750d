"""Strangers' pages: under their own names for this machine, and from their own origins."""

from __future__ import annotations

from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api_client import JOBS, Api, make_api, problem_of


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST:8000", "127.0.0.1:8000", "[::1]:8000", "app.localhost", ""]
)
def test_laptop_answers_to_names_of_itself(api: Api, host: str) -> None:
    assert api.client.get(JOBS, headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host",
    ["evil.example", "localhost.evil.example", "192.168.1.7", "127.0.0.1.evil.example", "a b", "["],
)
def test_laptop_refuses_the_names_of_strangers(api: Api, host: str) -> None:
    for path in (JOBS, "/", "/docs", "/metrics"):
        refused = api.client.get(path, headers={"Host": host})
        assert problem_of(refused, 421) == "host_not_allowed"
    assert api.client.get("/livez", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("drums.example.org", 200),
        ("drums.example.org:443", 200),
        ("DRUMS.example.org.", 200),
        ("box.home.arpa", 200),
        ("any.inside.example", 200),
        ("10.0.0.9:8000", 200),
        ("localhost:8000", 200),
        ("evil.example", 421),
        ("inside.example.evil.example", 421),
    ],
)
def test_server_answers_to_its_names_and_bare_addresses(
    tmp_path: Path, host: str, status: int
) -> None:
    api = make_api(
        tmp_path,
        api_host="0.0.0.0",
        public_url="https://drums.example.org",
        allowed_hosts="box.home.arpa, *.inside.example,",
    )
    assert api.client.get(JOBS, headers={"Host": host}).status_code == status


def _changes(api: Api, recording: Path, headers: dict[str, str]) -> list[int]:
    with recording.open("rb") as file:
        made = api.client.post(JOBS, files={"file": file}, headers=headers)
    job = f"{JOBS}/00000000-0000-4000-8000-000000000000"
    return [
        made.status_code,
        api.client.patch(job, json={"bpm": 100}, headers=headers).status_code,
        api.client.put(f"{job}/score", json={"hits": []}, headers=headers).status_code,
        api.client.delete(job, headers=headers).status_code,
    ]


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost:5173"},
        {"Origin": "http://localhost:5173", "Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Origin": "http://localhost:99999999"},
        {"Origin": "//"},
    ],
)
def test_page_of_another_site_changes_nothing(
    api: Api, recording: Path, headers: dict[str, str]
) -> None:
    given = {"Host": "localhost:8000", **headers}
    assert _changes(api, recording, given) == [403, 403, 403, 403]
    refused = api.client.delete(f"{JOBS}/1", headers=given)
    assert problem_of(refused, 403) == "origin_not_allowed"
    assert api.service.jobs.stats().by_status == dict.fromkeys(
        api.service.jobs.stats().by_status, 0
    )
    # Reading is what the browser's own rules are for.
    assert api.client.get(JOBS, headers=given).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "http://localhost:8000"},
        {"Origin": "http://localhost:8000", "Sec-Fetch-Site": "same-origin"},
        {"Sec-Fetch-Site": "none"},
        # The proxy of the page's server has changed the Host; the browser knows better.
        {"Origin": "http://localhost:4000", "Sec-Fetch-Site": "same-origin"},
        {"Origin": "http://localhost:3000", "Sec-Fetch-Site": "same-site"},
        {"Origin": "https://drums.example", "Sec-Fetch-Site": "cross-site"},
    ],
)
def test_own_pages_configured_ones_and_programs_may_change(
    tmp_path: Path, recording: Path, headers: dict[str, str]
) -> None:
    api = make_api(
        tmp_path, public_url="https://drums.example", cors_origins="http://localhost:3000"
    )
    made, *others = _changes(api, recording, {"Host": "localhost:8000", **headers})
    assert made == 202
    assert 403 not in others


def test_callers_without_a_session_reach_a_job_by_its_id_only(api: Api, recording: Path) -> None:
    job_id = api.submit(recording)
    another = TestClient(api.client.app, base_url="http://localhost")
    # The same address; it does not see the job and so cannot touch it.
    assert another.get(JOBS).json() == {"jobs": [], "next_cursor": None}
    assert api.client.get(JOBS).json()["jobs"] == []
    assert api.client.get(f"{JOBS}/{job_id}").status_code == 200
    assert api.client.delete(f"{JOBS}/{job_id}").json()["status"] == "cancelled"

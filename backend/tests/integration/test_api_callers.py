"""Who may do what: keys, sessions, addresses behind proxies, limits, CORS, health."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

import pytest
from fastapi import FastAPI

from api_client import JOBS, Api, make_api, problem_of
from drumscribe.api.rate_limits import RateLimiter
from drumscribe.models.known_models import HTDEMUCS
from drumscribe.services.api_keys import create_key


def app_of(api: Api) -> FastAPI:
    app = api.client.app
    assert isinstance(app, FastAPI)
    return app


def bearer(secret: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}"}


def test_api_key_identifies_its_owner_until_it_is_revoked(tmp_path: Path, recording: Path) -> None:
    api = make_api(tmp_path)
    key, secret = create_key(api.service.keys, name="band")
    with recording.open("rb") as file:
        answer = api.client.post(JOBS, files={"file": file}, headers=bearer(secret))
    job_id = answer.json()["job_id"]
    assert api.owner_of(job_id) == key.owner
    assert len(api.client.get(JOBS, headers=bearer(secret)).json()["jobs"]) == 1
    assert api.client.get(JOBS).json()["jobs"] == []
    api.service.keys.revoke_key(key.id)
    refused = api.client.get(JOBS, headers=bearer(secret))
    assert problem_of(refused, 401) == "not_authenticated"
    assert refused.headers["www-authenticate"] == "Bearer"
    assert problem_of(api.client.get(JOBS, headers={"Authorization": "Token eA=="}), 401)


def test_password_of_a_proxy_in_front_is_not_taken_for_a_key(tmp_path: Path) -> None:
    basic = {"Authorization": "Basic ZHJ1bW1lcjpzZWNyZXQ="}
    api = make_api(tmp_path)
    assert api.client.get(JOBS, headers=basic).json()["jobs"] == []
    strict = make_api(tmp_path / "strict", api_key_required=True)
    assert problem_of(strict.client.get(JOBS, headers=basic), 401) == "not_authenticated"


def test_api_key_can_be_required(tmp_path: Path) -> None:
    api = make_api(tmp_path, api_key_required=True)
    assert problem_of(api.client.get(JOBS), 401) == "not_authenticated"
    _, secret = create_key(api.service.keys, name="band")
    assert api.client.get(JOBS, headers=bearer(secret)).status_code == 200
    assert api.client.get("/livez").status_code == 200


def test_session_owns_its_jobs_and_a_forged_one_does_not(tmp_path: Path, recording: Path) -> None:
    api = make_api(tmp_path)
    assert api.client.post("/api/v1/session").status_code == 204
    cookie = api.client.cookies["drumscribe_session"]
    job_id = api.submit(recording)
    assert api.owner_of(job_id).startswith("session:")
    assert api.client.post("/api/v1/session").status_code == 204
    assert api.client.cookies["drumscribe_session"] == cookie
    api.client.cookies.clear()
    # Reading by link is on; changing is not.
    assert api.client.get(f"{JOBS}/{job_id}").status_code == 200
    assert problem_of(api.client.delete(f"{JOBS}/{job_id}"), 404) == "job_not_found"
    api.client.cookies.set("drumscribe_session", cookie[:-2] + "xx")
    assert problem_of(api.client.delete(f"{JOBS}/{job_id}"), 404) == "job_not_found"
    api.client.cookies.clear()
    api.client.cookies.set("drumscribe_session", cookie)
    assert api.client.delete(f"{JOBS}/{job_id}").status_code == 200


def test_sharing_by_link_can_be_switched_off(tmp_path: Path, recording: Path) -> None:
    api = make_api(tmp_path, share_by_link=False)
    _, secret = create_key(api.service.keys, name="band")
    with recording.open("rb") as file:
        answer = api.client.post(JOBS, files={"file": file}, headers=bearer(secret))
    url = f"{JOBS}/{answer.json()['job_id']}"
    assert api.client.get(url, headers=bearer(secret)).status_code == 200
    assert problem_of(api.client.get(url), 404) == "job_not_found"


@pytest.mark.parametrize(
    ("hops", "forwarded", "owner"),
    [
        (0, "1.1.1.1", "address:testclient"),
        (1, "9.9.9.9, 1.1.1.1", "address:1.1.1.1"),
        (2, "9.9.9.9, 1.1.1.1, 10.0.0.1", "address:1.1.1.1"),
        (2, "1.1.1.1", "address:testclient"),
        (1, "2001:db8:1:2:3:4:5:6", "address:2001:db8:1:2::/64"),
        (1, "::ffff:1.1.1.1", "address:1.1.1.1"),
        (1, "1.1.1.1:49152", "address:1.1.1.1"),
        (1, "[2001:db8:1:2::6]:49152", "address:2001:db8:1:2::/64"),
    ],
)
def test_owner_without_key_is_the_address_that_trusted_proxies_saw(
    tmp_path: Path, recording: Path, hops: int, forwarded: str, owner: str
) -> None:
    api = make_api(tmp_path, trusted_proxy_hops=hops)
    with recording.open("rb") as file:
        answer = api.client.post(JOBS, files={"file": file}, headers={"X-Forwarded-For": forwarded})
    assert api.owner_of(answer.json()["job_id"]) == owner


def test_rate_limit_counts_down_and_then_refuses(tmp_path: Path) -> None:
    api = make_api(tmp_path, rate_limit_per_minute=3)
    now = 600.0
    app_of(api).state.rate_limiter = RateLimiter(clock=lambda: now)
    left = [api.client.get(JOBS).headers["ratelimit-remaining"] for _ in range(3)]
    assert left == ["2", "1", "0"]
    refused = api.client.get(JOBS)
    assert problem_of(refused, 429) == "rate_limited"
    assert refused.headers["retry-after"] == refused.headers["ratelimit-reset"] == "60"
    assert refused.headers["ratelimit-remaining"] == "0"
    assert api.client.get("/livez").status_code == 200
    now = 660.0
    assert api.client.get(JOBS).headers["ratelimit-remaining"] == "2"


def test_answers_to_what_went_wrong_say_what_is_left(tmp_path: Path) -> None:
    api = make_api(tmp_path, rate_limit_per_minute=9, create_limit_per_minute=3)
    app_of(api).state.rate_limiter = RateLimiter(clock=lambda: 600.0)
    missing = api.client.get(f"{JOBS}/{uuid4()}")
    assert (missing.status_code, missing.headers["ratelimit-remaining"]) == (404, "8")
    wrong = api.client.post(JOBS, json={"youtube_url": "https://example.org"})
    assert (wrong.status_code, wrong.headers["ratelimit-limit"]) == (422, "3")
    assert wrong.headers["ratelimit-remaining"] == "2"


def test_page_of_another_origin_may_call_only_if_it_is_listed(tmp_path: Path) -> None:
    api = make_api(tmp_path, cors_origins="https://page.example")
    headers = {"Origin": "https://page.example", "Access-Control-Request-Method": "PATCH"}
    allowed = api.client.options(JOBS, headers=headers)
    assert allowed.headers["access-control-allow-origin"] == "https://page.example"
    assert allowed.headers["access-control-allow-credentials"] == "true"
    other = api.client.get(JOBS, headers={"Origin": "https://evil.example"})
    assert "access-control-allow-origin" not in other.headers


def test_health_says_what_works(tmp_path: Path) -> None:
    api = make_api(tmp_path)
    (api.service.settings.data_dir / "workers.alive").touch()
    body = api.client.get("/api/v1/health").json()
    assert set(body["checks"]) == {"database", "storage", "disk", "queue", "model", "pdf"}
    assert body["checks"]["model"]["status"] == "ok"
    assert api.client.get("/readyz").json() == {"status": "ok"}


def test_limits_say_what_is_accepted_before_anything_is_sent(tmp_path: Path) -> None:
    api = make_api(tmp_path, max_file_size_mb=7, max_duration_seconds=60, youtube_enabled=False)
    assert api.client.get("/api/v1/limits").json() == {
        "max_file_size_bytes": 7_000_000,
        "min_duration_seconds": api.service.settings.min_duration_seconds,
        "max_duration_seconds": 60.0,
        "max_active_jobs": api.service.settings.max_concurrent_jobs_per_user,
        "retention_hours": 0,
        "share_by_link": True,
        "links_enabled": False,
        "sound_links_enabled": False,
        "separation": "off",
        "separation_download_bytes": HTDEMUCS.size_bytes,
        "separation_licence": HTDEMUCS.licence,
    }


def test_health_without_database_is_503_but_the_process_lives(tmp_path: Path) -> None:
    api = make_api(
        tmp_path, database_timeout_seconds=2, database_url="postgresql://nobody:x@127.0.0.1:1/none"
    )
    answer = api.client.get("/api/v1/health")
    assert answer.status_code == 503
    assert answer.json()["checks"]["database"]["status"] == "failed"
    assert problem_of(api.client.get("/readyz"), 503) == "store_unavailable"
    assert api.client.get("/livez").status_code == 200
    api.client.post("/api/v1/session")
    assert problem_of(api.client.get(JOBS), 503) == "store_unavailable"


def test_every_answer_carries_a_request_id(api: Api) -> None:
    assert (
        api.client.get("/livez", headers={"X-Request-ID": "abc-1"}).headers["x-request-id"]
        == "abc-1"
    )
    odd = api.client.get("/livez", headers={"X-Request-ID": 'a"b'}).headers["x-request-id"]
    assert len(odd) == 32


def test_event_streams_at_once_are_counted_before_they_begin(
    tmp_path: Path, recording: Path
) -> None:
    api = make_api(tmp_path, max_event_streams=3)
    streams = api.client.app.state.open_streams  # type: ignore[attr-defined]
    job_id = api.submit(recording)
    with streams.one_more("testclient", 3), streams.one_more("testclient", 3):
        with streams.one_more("testclient", 3):
            refused = api.client.get(f"{JOBS}/{job_id}/events")
            assert problem_of(refused, 429) == "rate_limited"
        assert api.client.delete(f"{JOBS}/{job_id}").status_code == 200
        answer = api.client.get(f"{JOBS}/{job_id}/events")
        assert answer.status_code == 200
        assert answer.text.endswith("event: end\ndata: {}\n\n")
    assert not streams._counts


def test_options_names_every_method_of_a_path(tmp_path: Path) -> None:
    api = make_api(tmp_path)
    answer = api.client.options(JOBS)
    assert (answer.status_code, answer.headers["allow"]) == (204, "GET, OPTIONS, POST")
    one = api.client.options(f"{JOBS}/00000000-0000-4000-8000-000000000000")
    assert one.headers["allow"] == "DELETE, GET, OPTIONS, PATCH"
    refused = api.client.put(JOBS)
    assert problem_of(refused, 405) == "method_not_allowed"
    assert refused.headers["allow"] == "GET, OPTIONS, POST"


def test_health_fails_where_no_upload_fits_on_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import shutil
    from collections import namedtuple

    api = make_api(tmp_path)
    assert api.client.get("/api/v1/health").json()["checks"]["disk"]["status"] == "ok"
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(10**12, 10**12 - 10**6, 10**6))
    answer = api.client.get("/api/v1/health")
    assert answer.status_code == 503
    assert answer.json()["status"] == "failed"
    assert answer.json()["checks"]["disk"]["status"] == "failed"

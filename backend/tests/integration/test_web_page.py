"""The web page and the API documentation as a browser gets them: addresses, headers, caching."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api_client import make_api, problem_of
from service_fixtures import S3Server

PAGE = "<!doctype html><html><body><p>Start</p><script>start()</script></body></html>"
# As frontend/scripts/write_headers.mjs writes them.
RULES = [
    {
        "paths": ["/*"],
        "headers": {"Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff"},
    },
    {"paths": ["/_next/static/*"], "headers": {"Cache-Control": "immutable"}},
    {
        "paths": ["*/", "*.html"],
        "headers": {
            "Content-Security-Policy": (
                "default-src 'self'; script-src 'self' 'sha256-x'; connect-src 'self' "
                "{$STORE_ORIGINS}; frame-ancestors 'none'"
            ),
            "Referrer-Policy": "same-origin",
        },
    },
    {
        "paths": ["/offline-songs.js"],
        "headers": {"Content-Security-Policy": "connect-src 'self' {$STORE_ORIGINS}"},
    },
]


@pytest.fixture
def export(tmp_path: Path) -> Path:
    """A static export like that of Next.js, with and without trailing slashes."""
    root = tmp_path / "out"
    files = {
        "index.html": PAGE,
        "404.html": "<!doctype html><p>Nothing here</p>",
        "jobs/index.html": "<!doctype html><p>A job</p>",
        "about.html": "<!doctype html><p>About</p>",
        "about/more.txt": "more",
        "_next/static/app.js": "console.log(1)",
        "icon.svg": "<svg xmlns='http://www.w3.org/2000/svg'/>",
        "offline-songs.js": "self.skipWaiting()",
        "headers.json": json.dumps(RULES),
    }
    for name, content in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(content)
    return root


@pytest.fixture
def client(export: Path, tmp_path: Path) -> Iterator[TestClient]:
    with make_api(tmp_path, web_root=export).client as client:
        yield client


def directives(policy: str) -> dict[str, list[str]]:
    return {parts[0]: parts[1:] for parts in (entry.split() for entry in policy.split(";"))}


def test_page_is_served_with_the_headers_that_its_build_wrote(client: TestClient) -> None:
    for address in ("/", "/jobs/", "/about"):
        answer = client.get(address)
        assert answer.status_code == 200
        policy = directives(answer.headers["content-security-policy"])
        assert policy["script-src"] == ["'self'", "'sha256-x'"]
        assert policy["connect-src"] == ["'self'"]
        assert answer.headers["cache-control"] == "no-cache"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "same-origin"
    assert client.get("/").text == PAGE


@pytest.mark.parametrize("address", ["/", "/jobs/", "/about"])
def test_page_that_the_browser_has_already_keeps_its_policy(
    client: TestClient, address: str
) -> None:
    # Browsers take over the headers of a 304: with another policy the kept page would not run.
    first = client.get(address)
    again = client.get(address, headers={"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304
    for name in ("content-security-policy", "referrer-policy", "cache-control"):
        assert again.headers[name] == first.headers[name]


def test_service_worker_may_ask_this_origin_and_is_never_an_old_one(client: TestClient) -> None:
    answer = client.get("/offline-songs.js")
    # With a blank at its end it would be no field of HTTP, and the server would send nothing.
    assert answer.headers["content-security-policy"] == "connect-src 'self'"
    assert "javascript" in answer.headers["content-type"]
    assert answer.headers["cache-control"] == "no-cache"
    again = client.get("/offline-songs.js", headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304
    assert again.headers["content-security-policy"] == answer.headers["content-security-policy"]


def test_deep_links_reach_their_page_with_or_without_a_slash(client: TestClient) -> None:
    assert "A job" in client.get("/jobs/?id=6f1c2a8e").text
    moved = client.get("/jobs?id=6f1c2a8e", follow_redirects=False)
    assert moved.status_code == 307
    assert moved.headers["location"] == "/jobs/?id=6f1c2a8e"
    assert (
        client.get("http://localhost//jobs", follow_redirects=False).headers["location"] == "/jobs/"
    )
    assert "About" in client.get("/about").text


def test_hashed_files_may_be_kept_for_ever_and_others_not(client: TestClient) -> None:
    script = client.get("/_next/static/app.js")
    assert script.headers["cache-control"] == "immutable"
    assert script.headers["content-type"].startswith("text/javascript")
    assert client.get("/icon.svg").headers["cache-control"] == "no-cache"
    missing = client.get("/_next/static/gone.js")
    assert missing.status_code == 404
    assert missing.headers["cache-control"] == "no-cache"


def test_texts_are_packed_for_whoever_takes_that_and_sound_never(
    client: TestClient, export: Path
) -> None:
    script = "console.log('drums');" * 100
    (export / "_next" / "static" / "app.js").write_text(script)
    (export / "song.flac").write_bytes(b"fLaC" * 500)
    packed = client.get("/_next/static/app.js", headers={"Accept-Encoding": "gzip"})
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.text == script
    assert int(packed.headers["content-length"]) < len(script) / 5
    assert "accept-encoding" in packed.headers["vary"].lower()
    plain = client.get("/_next/static/app.js", headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    song = client.get("/song.flac", headers={"Accept-Encoding": "gzip"})
    assert "content-encoding" not in song.headers
    part = client.get("/song.flac", headers={"Accept-Encoding": "gzip", "Range": "bytes=0-3"})
    assert (part.status_code, part.content) == (206, b"fLaC")


def test_unknown_address_gives_the_page_that_says_so(client: TestClient) -> None:
    answer = client.get("/nowhere/at/all")
    assert answer.status_code == 404
    assert "Nothing here" in answer.text
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]


def test_files_of_the_page_are_one_route_in_the_metrics(client: TestClient) -> None:
    client.get("/jobs/?id=1")
    client.get("/nowhere")
    metrics = client.get("/metrics").text
    assert 'method="GET",route="page",status="200"' in metrics
    assert "nowhere" not in metrics


def test_paths_of_the_api_stay_its_own(client: TestClient) -> None:
    assert problem_of(client.get("/api/v1/nothing"), 404) == "not_found"
    assert problem_of(client.put("/api/v1/jobs"), 405) == "method_not_allowed"
    assert problem_of(client.post("/"), 405) == "method_not_allowed"
    health = client.get("/api/v1/health")
    assert "default-src 'none'" in health.headers["content-security-policy"]
    assert health.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    "path", ["/../secret", "/%2e%2e/secret", "/..%2fsecret", "/%00", "/a" * 2000]
)
def test_files_outside_the_page_are_never_served(
    client: TestClient, tmp_path: Path, path: str
) -> None:
    (tmp_path / "secret").write_text("secret")
    answer = client.get(path)
    assert answer.status_code == 404
    assert "secret" not in answer.text


def test_page_that_is_built_anew_while_the_service_runs_gets_its_own_headers(
    client: TestClient, export: Path
) -> None:
    client.get("/")
    rules = [{"paths": ["*.html"], "headers": {"Content-Security-Policy": "script-src 'sha256-y'"}}]
    (export / "headers.json").write_text(json.dumps(rules))
    assert "sha256-y" in client.get("/").headers["content-security-policy"]


def test_page_without_its_headers_has_not_been_built(export: Path, tmp_path: Path) -> None:
    (export / "headers.json").unlink()
    with make_api(tmp_path, web_root=export).client as client:
        assert "has not been built" in client.get("/").text


def test_without_a_page_the_root_says_where_the_api_is(tmp_path: Path) -> None:
    with make_api(tmp_path, web_root=tmp_path / "none").client as client:
        answer = client.get("/")
        assert answer.status_code == 200
        assert 'href="/docs"' in answer.text
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert problem_of(client.get("/jobs/"), 404) == "not_found"


def test_documentation_of_the_api_needs_no_other_server(tmp_path: Path) -> None:
    with make_api(tmp_path, web_root=tmp_path / "none").client as client:
        page = client.get("/docs")
        assert page.status_code == 200
        assert "//" not in page.text.replace("<!doctype", "")
        policy = page.headers["content-security-policy"]
        assert "script-src" not in policy  # files only, from here
        assert "<script>" not in page.text
        for name in ("swagger-ui-bundle.js", "swagger-ui.css", "favicon.png", "start.js"):
            assert f"/docs/{name}" in page.text
            assert client.get(f"/docs/{name}").status_code == 200
        assert problem_of(client.get("/docs/redoc.standalone.js"), 422)
        asked = client.get("/openapi.json", follow_redirects=False)
        assert (asked.status_code, asked.headers["location"]) == (308, "/api/v1/openapi.json")


def test_page_may_fetch_from_the_store_that_downloads_are_redirected_to(
    export: Path, tmp_path: Path, s3: S3Server
) -> None:
    settings = {
        "storage_backend": "s3",
        "s3_bucket": s3.new_bucket(),
        "s3_endpoint_url": s3.endpoint_url,
        "s3_access_key_id": s3.access_key_id,
        "s3_secret_access_key": s3.secret_access_key,
    }
    with make_api(tmp_path, web_root=export, **settings).client as client:
        policy = directives(client.get("/").headers["content-security-policy"])
    assert policy["connect-src"] == ["'self'", s3.endpoint_url]
    assert s3.endpoint_url not in policy["script-src"]

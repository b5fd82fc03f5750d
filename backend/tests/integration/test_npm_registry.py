"""Packages of npm without an npm client: which registry is asked, with what, and what comes."""

from __future__ import annotations

import io
import json
import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from drumscribe.errors import Cancelled, ModelUnavailable
from drumscribe.models.sources.fetch import fetch
from drumscribe.models.sources.npm_registry import NpmRegistry, configured_registry
from drumscribe.models.sources.task import FetchTask
from http_server import Site, send, serving

CONTENT = bytes(range(256)) * 9000


@pytest.fixture(autouse=True)
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine without npm and its settings; returns the home folder."""
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    monkeypatch.setenv("HOME", str(home))
    for name in ("NPM_CONFIG_REGISTRY", "npm_config_registry", "NPM_CONFIG_USERCONFIG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NPM_CONFIG_GLOBALCONFIG", str(tmp_path / "no-npmrc"))
    return home


def task(target: Path, uri: str = "npm:@scope/nets@1.0.0/models/net.onnx") -> FetchTask:
    return FetchTask(uri, target, len(CONTENT), lambda _: None, first_delay_seconds=0.01)


def packed(content: bytes = CONTENT) -> bytes:
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w:gz") as tar:
        entry = tarfile.TarInfo("package/models/net.onnx")
        entry.size = len(content)
        tar.addfile(entry, io.BytesIO(content))
    return archive.getvalue()


@contextmanager
def registry(
    archive: bytes, *, tarball: str = "{url}/files/nets.tgz", where: str = "/files/nets.tgz"
) -> Iterator[tuple[Site, list[str | None]]]:
    """A registry below /npm with @scope/nets 1.0.0.

    tarball: the address that it names. where: the path that has the archive. Also yields the tokens
    that came.
    """
    tokens: list[str | None] = []

    def answer(handler: BaseHTTPRequestHandler, _: int) -> None:
        tokens.append(handler.headers.get("Authorization"))
        if handler.path.lower() == "/npm/@scope%2fnets":
            dist = {"tarball": tarball.format(url=site.url)}
            send(handler, json.dumps({"versions": {"1.0.0": {"dist": dist}}}).encode())
        elif handler.path == where:
            send(handler, archive)
        else:
            send(handler, b"", status=404)

    with serving(answer) as site:
        yield site, tokens


def test_file_of_a_package_comes_from_the_registry_of_the_variable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = tmp_path / "cache"
    cache.mkdir()
    archive = packed()
    with registry(
        archive, tarball="{url}/npm/@scope/nets/-/n.tgz", where="/npm/@scope/nets/-/n.tgz"
    ) as (site, tokens):
        monkeypatch.setenv("NPM_CONFIG_REGISTRY", f"{site.url}/npm/")
        fetch(task(cache / "net"))
    assert (cache / "net").read_bytes() == CONTENT
    assert list(cache.iterdir()) == [cache / "net"]
    assert tokens == [None, None]


def test_mirror_that_names_its_upstream_is_asked_itself_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with registry(
        packed(),
        tarball="http://upstream.invalid/nets.tgz",
        where="/npm/@scope/nets/-/nets-1.0.0.tgz",
    ) as (site, _):
        monkeypatch.setenv("NPM_CONFIG_REGISTRY", f"{site.url}/npm")
        fetch(task(tmp_path / "net"))
    assert (tmp_path / "net").read_bytes() == CONTENT


def test_archive_elsewhere_is_fetched_without_the_token(
    tmp_path: Path, machine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEAM_TOKEN", "s3cret")
    with registry(packed()) as (site, tokens):
        place = site.url.removeprefix("http:")
        (machine / ".npmrc").write_text(
            f"; ours\n@scope:registry = {site.url}/npm/\n{place}/npm/:_authToken=${{TEAM_TOKEN}}\n"
        )
        fetch(task(tmp_path / "net"))
    assert (tmp_path / "net").read_bytes() == CONTENT
    # The package's description, its usual place at the registry, then the address that it names.
    assert tokens == ["Bearer s3cret", "Bearer s3cret", None]


def test_settings_are_read_as_npm_does(
    tmp_path: Path, machine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    system = tmp_path / "npmrc"
    system.write_text("registry=https://system.example/\n@own:registry=https://own.example/npm\n")
    monkeypatch.setenv("NPM_CONFIG_GLOBALCONFIG", str(system))
    assert configured_registry("nets") == NpmRegistry("https://system.example")
    (machine / ".npmrc").write_text(
        "registry='https://user.example/a/b'\n//user.example/:_authToken=t\n"
    )
    assert configured_registry("nets") == NpmRegistry("https://user.example/a/b", "t")
    monkeypatch.setenv("npm_config_registry", "https://variable.example")
    assert configured_registry("nets") == NpmRegistry("https://variable.example")
    assert configured_registry("@own/nets") == NpmRegistry("https://own.example/npm")


def test_machine_without_client_and_registry_says_what_to_set(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable, match="NPM_CONFIG_REGISTRY"):
        fetch(task(tmp_path / "net"))


@pytest.mark.parametrize(
    ("uri", "words"),
    [
        ("npm:@scope/nets@2.0.0/models/net.onnx", "no version 2.0.0"),
        ("npm:@scope/nets@1.0.0/other.onnx", "no file other.onnx"),
        ("npm:absent@1.0.0/net.onnx", "404"),
    ],
)
def test_what_a_registry_does_not_have_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, uri: str, words: str
) -> None:
    with registry(packed()) as (site, _):
        monkeypatch.setenv("NPM_CONFIG_REGISTRY", f"{site.url}/npm")
        with pytest.raises(ModelUnavailable, match=words):
            fetch(task(tmp_path / "net", uri))


@pytest.mark.parametrize("damage", [lambda a: a[:-200_00], lambda a: b"<html>", lambda a: a[:9]])
def test_archive_that_is_damaged_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, damage: Callable[[bytes], bytes]
) -> None:
    with registry(damage(packed())) as (site, _):
        monkeypatch.setenv("NPM_CONFIG_REGISTRY", f"{site.url}/npm")
        with pytest.raises(ModelUnavailable, match="damaged"):
            fetch(task(tmp_path / "net"))
    assert not list(tmp_path.glob("*.work"))


def test_server_that_is_no_registry_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(lambda handler, _: send(handler, b"[]")) as site:
        monkeypatch.setenv("NPM_CONFIG_REGISTRY", site.url)
        with pytest.raises(ModelUnavailable, match="does not answer as an npm registry"):
            fetch(task(tmp_path / "net"))


def test_cancelling_stops_a_slow_download(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(done_bytes: int) -> None:
        if done_bytes:
            raise Cancelled("enough")

    with registry(packed()) as (site, _):
        monkeypatch.setenv("NPM_CONFIG_REGISTRY", f"{site.url}/npm")
        uri = "npm:@scope/nets@1.0.0/models/net.onnx"
        with pytest.raises(Cancelled):
            fetch(FetchTask(uri, tmp_path / "net", len(CONTENT), stop))
    assert not list(tmp_path.glob("*.work"))

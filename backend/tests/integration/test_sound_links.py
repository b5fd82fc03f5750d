"""Sound files by their addresses, over real connections, from servers on the loopback."""

from __future__ import annotations

import ipaddress
import json
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from api_client import short_recording
from drumscribe.cli.main import cli
from drumscribe.egress.client import Egress, EgressOptions
from drumscribe.errors import (
    AddressNotPublic,
    DrumScribeError,
    InvalidRequest,
    LinkPrivate,
    LinkRemoved,
    LinksDisabled,
    LinkTooLarge,
    LinkUnreachable,
    UnsupportedLink,
)
from drumscribe.fetch.links import LinkFetcher
from drumscribe.fetch.sound_file import SoundFileFetcher
from http_server import send, serving

VIDEO = "https://www.youtube.com/watch?v=abcdefghijk"
CONTENT = bytes(range(256)) * 400


def fetcher(
    *, max_bytes: int = 200_000, timeout_seconds: float = 10.0, idle_seconds: float = 5.0
) -> SoundFileFetcher:
    """One that may go to the loopback, over plain HTTP."""
    options = EgressOptions(
        timeout_seconds=timeout_seconds,
        idle_seconds=idle_seconds,
        allow_http=True,
        allow_private_addresses=True,
    )
    return SoundFileFetcher(Egress(options), max_bytes=max_bytes)


def never() -> None:
    """A checkpoint that nobody stops at."""


def with_headers(status: int, content: bytes = CONTENT, **headers: str) -> Callable[..., None]:
    def answer(handler: BaseHTTPRequestHandler, _: int) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(content)

    return answer


def test_file_comes_whole_with_a_title_from_its_address(tmp_path: Path) -> None:
    with serving(lambda handler, _: send(handler, CONTENT)) as site:
        found = fetcher().fetch(
            f"{site.url}/a%20folder/03%20-%20My_song.MP3?token=x", tmp_path, checkpoint=never
        )
    assert found.path.read_bytes() == CONTENT
    assert found.path == tmp_path / "sound.mp3"
    assert found.title == "My song"


def test_name_that_the_server_says_wins_and_never_becomes_a_path(tmp_path: Path) -> None:
    said = 'attachment; filename="../../etc/Take Five.flac"'
    with serving(with_headers(200, Content_Disposition=said)) as site:
        found = fetcher().fetch(f"{site.url}/download?id=7", tmp_path, checkpoint=never)
    assert (found.title, found.path) == ("Take Five", tmp_path / "sound.flac")
    assert found.path.read_bytes() == CONTENT


def test_redirects_are_followed_but_not_for_ever(tmp_path: Path) -> None:
    def lead(handler: BaseHTTPRequestHandler, number: int) -> None:
        if number < 2:
            with_headers(302, b"", Location=f"/step/{number}.ogg")(handler, number)
        else:
            send(handler, CONTENT)

    with serving(lead) as site:
        found = fetcher().fetch(f"{site.url}/start", tmp_path, checkpoint=never)
        assert [path for path, _ in site.requests] == ["/start", "/step/0.ogg", "/step/1.ogg"]
    assert found.path.name == "sound.ogg"
    with (
        serving(with_headers(301, b"", Location="/again")) as site,
        pytest.raises(LinkUnreachable, match="from one address to the next"),
    ):
        fetcher().fetch(site.url, tmp_path, checkpoint=never)


def test_redirect_to_a_neighbour_is_refused(tmp_path: Path) -> None:
    def resolve(host: str, _: int) -> list[str]:
        return ["127.0.0.1"] if host == "public.example.org" else ["10.0.0.7"]

    class AsIfPublic(Egress):
        """Takes the loopback for a public address; all others are judged as ever."""

        def _vetted(self, address: Any, deadline: float) -> list[Any]:
            if address.host == "public.example.org":
                return [ipaddress.ip_address("127.0.0.1")]
            return super()._vetted(address, deadline)

    options = EgressOptions(timeout_seconds=5.0, allow_http=True)
    with serving(with_headers(302, b"", Location="http://router.example.org/secrets")) as site:
        port = site.url.rpartition(":")[2]
        egress = AsIfPublic(options, resolve=resolve)
        with pytest.raises(AddressNotPublic, match=r"router\.example\.org leads to an address"):
            SoundFileFetcher(egress, max_bytes=1).fetch(
                f"http://public.example.org:{port}/song.mp3", tmp_path, checkpoint=never
            )


def test_neighbours_and_other_schemes_are_refused_by_the_service(tmp_path: Path) -> None:
    as_in_production = SoundFileFetcher(Egress(EgressOptions(timeout_seconds=5.0)), max_bytes=1)
    with pytest.raises(AddressNotPublic):
        as_in_production.fetch("https://127.0.0.1/song.mp3", tmp_path, checkpoint=never)
    with pytest.raises(InvalidRequest, match="source_url: expected an address that begins with"):
        as_in_production.fetch("http://example.org/song.mp3", tmp_path, checkpoint=never)


@pytest.mark.parametrize(
    ("answer", "error", "words"),
    [
        (with_headers(404), LinkRemoved, "There is no file at this address"),
        (with_headers(410), LinkRemoved, "There is no file at this address"),
        (with_headers(403), LinkPrivate, "not for everybody"),
        (with_headers(500), LinkUnreachable, "The address answers 500"),
        (with_headers(302, b""), LinkUnreachable, "from one address to the next"),
        (with_headers(200, Content_Type="text/html; charset=utf-8"), UnsupportedLink, "web page"),
        (with_headers(200, Content_Length="200001"), LinkTooLarge, "larger than 0.2 MB"),
        (with_headers(200, bytes(200_001)), LinkTooLarge, "larger than 0.2 MB"),
        (with_headers(200, b"12", Content_Length="4"), LinkUnreachable, "broke off in the file"),
    ],
)
def test_what_is_wrong_is_said_with_a_remedy(
    tmp_path: Path, answer: Callable[..., None], error: type[DrumScribeError], words: str
) -> None:
    with serving(answer) as site, pytest.raises(error) as raised:
        fetcher().fetch(f"{site.url}/song.mp3", tmp_path, checkpoint=never)
    assert words in raised.value.message
    assert raised.value.message.endswith("Upload the file instead.")


@pytest.mark.parametrize(("timeout_seconds", "idle_seconds"), [(0.3, 5.0), (10.0, 0.3)])
def test_server_that_falls_silent_holds_nobody(
    tmp_path: Path, timeout_seconds: float, idle_seconds: float
) -> None:
    def trickle(handler: BaseHTTPRequestHandler, _: int) -> None:
        handler.send_response(200)
        handler.end_headers()
        handler.wfile.write(b"x")
        handler.wfile.flush()
        time.sleep(1.0)

    with serving(trickle) as site, pytest.raises(LinkUnreachable):
        fetcher(timeout_seconds=timeout_seconds, idle_seconds=idle_seconds).fetch(
            f"{site.url}/song.mp3", tmp_path, checkpoint=never
        )


def test_fetching_can_be_stopped(tmp_path: Path) -> None:
    class Stop(Exception):
        """Raised at the second checkpoint: in the middle of the file."""

    calls = iter([None])

    def checkpoint() -> None:
        if next(calls, "stop") == "stop":
            raise Stop

    with serving(lambda handler, _: send(handler, CONTENT)) as site, pytest.raises(Stop):
        fetcher().fetch(f"{site.url}/song.mp3", tmp_path, checkpoint=checkpoint)


def test_command_line_takes_the_address_of_a_sound_file(
    example_song: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = short_recording(example_song, tmp_path / "given.flac", 6.0).read_bytes()
    monkeypatch.chdir(tmp_path)
    with serving(lambda handler, _: send(handler, content)) as site:
        address = f"{site.url}/My%20song.flac"
        done = CliRunner().invoke(cli, ["transcribe", address, "-o", "out", "-f", "json,midi"])
    assert done.exit_code == 0, done.output
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"My song.json", "My song.mid"}
    found = json.loads((tmp_path / "out" / "My song.json").read_text())
    assert (found["title"], found["source"]) == ("My song", address)


def test_links_to_videos_are_refused_where_nobody_can_fetch_them(tmp_path: Path) -> None:
    links = LinkFetcher(None, fetcher())
    with pytest.raises(LinksDisabled, match="Links to videos"):
        links.fetch(VIDEO, tmp_path, checkpoint=never)
    with serving(lambda handler, _: send(handler, CONTENT)) as site:
        assert links.fetch(f"{site.url}/x.mp3", tmp_path, checkpoint=never).title == "x"

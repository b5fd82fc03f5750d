"""Fetching the sound of a link: with a fake extractor, and with yt-dlp itself on the loopback."""

from __future__ import annotations

import json
import os
import sys
import time
from dataclasses import replace
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest

from drumscribe import errors
from drumscribe.fetch.youtube import FetchOptions, VideoFetcher
from http_server import send, serving

LINK = "https://www.youtube.com/watch?v=dQw4w9WgXcQ"
OPTIONS = FetchOptions(timeout_seconds=60, max_bytes=1_000_000, max_duration_seconds=900)
FAKE = Path(__file__).parents[1] / "support" / "fake_extractor.py"


class Stage:
    """A fake extractor and the folders around it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.folder = root / "scratch"
        self.folder.mkdir()

    def fetcher(self, options: FetchOptions = OPTIONS, **plan: Any) -> VideoFetcher:
        path = self.root / "plan.json"
        path.write_text(json.dumps(plan))
        return VideoFetcher(options, command=[sys.executable, str(FAKE), str(path)])

    def arguments(self) -> list[str]:
        given: list[str] = json.loads((self.root / "arguments.json").read_text())
        return given


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return Stage(tmp_path)


def never() -> None:
    """Nobody cancels."""


# --- a fake extractor ---------------------------------------------------------------------------


def test_fetch_of_a_link_gives_file_title_and_duration(stage: Stage) -> None:
    facts = {"title": "A  song\u0007 of\nours", "duration": 212, "is_live": False}
    fetched = stage.fetcher(facts=facts, bytes=5000).fetch(LINK, stage.folder, checkpoint=never)
    assert fetched.path.name == "sound.webm"
    assert fetched.path.stat().st_size == 5000
    assert (fetched.title, fetched.duration_seconds) == ("A song of ours", 212.0)


def test_fetch_hands_the_link_over_behind_two_dashes(stage: Stage) -> None:
    fetcher = stage.fetcher(bytes=1000)
    fetcher.fetch("youtu.be/dQw4w9WgXcQ?x=--exec", stage.folder, checkpoint=never)
    assert stage.arguments()[-2:] == ["--", LINK]
    assert {"--ignore-config", "--no-plugin-dirs", "--no-playlist"} <= set(stage.arguments())


def test_fetch_of_another_site_starts_nothing(stage: Stage) -> None:
    with pytest.raises(errors.UnsupportedLink):
        stage.fetcher(bytes=1000).fetch(
            "https://example.org/song.mp3", stage.folder, checkpoint=never
        )
    assert not (stage.root / "arguments.json").exists()


def test_fetch_uses_a_copy_of_the_cookies_and_the_proxy(stage: Stage) -> None:
    cookies = stage.root / "cookies.txt"
    cookies.write_text("# Netscape HTTP Cookie File\n")
    options = replace(OPTIONS, cookies_file=cookies, proxy="socks5://127.0.0.1:1")
    stage.fetcher(options, bytes=1000).fetch(LINK, stage.folder, checkpoint=never)
    given = stage.arguments()
    used = Path(given[given.index("--cookies") + 1])
    assert used != cookies
    assert used.read_text() == cookies.read_text()
    assert given[given.index("--proxy") + 1] == "socks5://127.0.0.1:1"


def test_fetch_child_sees_no_secrets(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "do-not-tell")
    script = stage.root / "show.py"
    script.write_text("import os, sys; sys.exit('ERROR: ' + ' '.join(sorted(os.environ)))")
    fetcher = VideoFetcher(OPTIONS, command=[sys.executable, str(script)])
    with pytest.raises(errors.FetchError):
        fetcher.fetch(LINK, stage.folder, checkpoint=never)
    said = (stage.folder / "work" / "output.txt").read_text()
    assert "HOME" in said
    assert "SECRET_KEY" not in said


@pytest.mark.parametrize(
    ("plan", "error"),
    [
        ({"code": 1, "says": "ERROR: [youtube] x: Private video."}, errors.LinkPrivate),
        ({"code": 1, "says": "ERROR: [youtube] x: Video unavailable"}, errors.LinkRemoved),
        ({"code": 1, "says": "ERROR: something new"}, errors.FetchError),
        ({"code": 0, "facts": {"is_live": True}}, errors.LinkLive),
        ({"code": 0, "facts": {"live_status": "is_upcoming"}}, errors.LinkLive),
        ({"code": 0, "facts": {"duration": 901}}, errors.LinkTooLong),
        ({"code": 0}, errors.FetchError),
        ({"code": 0, "bytes": 2_000_000}, errors.LinkTooLarge),
        ({"code": 0, "bytes": 2_000_000, "sleep_seconds": 60}, errors.LinkTooLarge),
        (
            {"code": 0, "says": "[download] File is larger than max-filesize (2 > 1). Aborting."},
            errors.LinkTooLarge,
        ),
    ],
)
def test_fetch_that_fails_has_an_error_of_its_own(
    stage: Stage, plan: dict[str, Any], error: type[errors.FetchError]
) -> None:
    with pytest.raises(errors.FetchError) as raised:
        stage.fetcher(**plan).fetch(LINK, stage.folder, checkpoint=never)
    assert type(raised.value) is error
    assert raised.value.message.endswith("Upload the file instead.")


def test_fetch_that_takes_too_long_is_ended_with_its_children(stage: Stage) -> None:
    options = replace(OPTIONS, timeout_seconds=1.5)
    fetcher = stage.fetcher(options, grandchild=True, sleep_seconds=60)
    with pytest.raises(errors.LinkTimeout, match=r"within 1\.5 s"):
        fetcher.fetch(LINK, stage.folder, checkpoint=never)
    assert_ended(int((stage.root / "grandchild.pid").read_text()))


def test_fetch_that_is_cancelled_is_ended_with_its_children(stage: Stage) -> None:
    pid_file = stage.root / "grandchild.pid"

    def cancel_when_it_runs() -> None:
        if pid_file.exists() and pid_file.read_text():
            raise errors.Cancelled("Cancelled.")

    fetcher = stage.fetcher(grandchild=True, sleep_seconds=60)
    with pytest.raises(errors.Cancelled):
        fetcher.fetch(LINK, stage.folder, checkpoint=cancel_when_it_runs)
    assert_ended(int(pid_file.read_text()))


def assert_ended(pid: int) -> None:
    """The process is gone, or dead and waiting to be collected by init."""
    for _ in range(100):
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            try:
                os.kill(pid, 0)
            except ProcessLookupError:
                return
            state = "R"
        if state == "Z":
            return
        time.sleep(0.05)
    pytest.fail(f"process {pid} still runs")


# --- yt-dlp itself, on the loopback -------------------------------------------------------------


def real_fetcher(options: FetchOptions = OPTIONS) -> VideoFetcher:
    """yt-dlp that may also take a plain file of any web server, which ours never does."""
    command = [sys.executable, "-P", "-m", "yt_dlp", "--use-extractors", "generic"]
    return VideoFetcher(options, command=command, checked=lambda url: url)


def test_fetch_with_the_real_downloader_gets_the_file(stage: Stage, example_song: Path) -> None:
    content = example_song.read_bytes()

    def answer(handler: BaseHTTPRequestHandler, number: int) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "audio/flac")
        handler.send_header("Content-Length", str(len(content)))
        handler.end_headers()
        handler.wfile.write(content)

    options = replace(OPTIONS, max_bytes=100_000_000)
    with serving(answer) as site:
        fetched = real_fetcher(options).fetch(
            f"{site.url}/my%20song.flac", stage.folder, checkpoint=never
        )
    assert fetched.path.read_bytes() == content
    assert fetched.title == "my song"


def test_fetch_with_the_real_downloader_refuses_a_large_file(stage: Stage) -> None:
    def answer(handler: BaseHTTPRequestHandler, number: int) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "audio/flac")
        handler.send_header("Content-Length", "2000000")
        handler.end_headers()
        handler.wfile.write(b"fLaC" + b"x" * 1000)

    with serving(answer) as site, pytest.raises(errors.LinkTooLarge):
        real_fetcher().fetch(f"{site.url}/song.flac", stage.folder, checkpoint=never)


def test_fetch_with_the_real_downloader_of_a_missing_file_is_removed(stage: Stage) -> None:
    with (
        serving(lambda handler, _: send(handler, b"no", status=404)) as site,
        pytest.raises(errors.LinkRemoved),
    ):
        real_fetcher().fetch(f"{site.url}/song.flac", stage.folder, checkpoint=never)


def test_fetch_with_the_real_downloader_of_a_closed_port_is_unreachable(stage: Stage) -> None:
    with serving(lambda handler, _: send(handler, b"")) as site:
        url = site.url
    with pytest.raises(errors.LinkUnreachable):
        real_fetcher().fetch(f"{url}/song.flac", stage.folder, checkpoint=never)


def test_fetch_without_the_test_switch_takes_no_other_site(stage: Stage) -> None:
    with serving(lambda handler, _: send(handler, b"x" * 1000)) as site:
        fetcher = VideoFetcher(OPTIONS, checked=lambda url: url)
        with pytest.raises(errors.FetchError):
            fetcher.fetch(f"{site.url}/song.mp3", stage.folder, checkpoint=never)
    assert site.requests == []

"""The API is killed in the middle of an edit: the song opens as it was, or as it was to become."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest

from drumscribe.bootstrap import Service
from drumscribe.domain.jobs import Step
from job_worlds import short_song
from service_fixtures import free_port
from service_processes import Command, settings_for, wait_for

# The API is killed as soon as an edit has stored so many files; the page of this song has three,
# and what says that they count is written after the last of them.
FILES_STORED = (1, 2, 3)


@dataclass
class Home:
    """What outlives the killed processes, and how to start the next ones."""

    environment: dict[str, str]
    folder: Path
    starts: int = 0

    def stored(self) -> set[Path]:
        """All files of jobs, recorded or not."""
        return {path for path in (self.folder / "data").rglob("jobs/**/*") if path.is_file()}

    @contextmanager
    def serving(self, *arguments: str) -> Iterator[tuple[Command, httpx.Client]]:
        self.starts += 1
        port = free_port()
        log = self.folder / f"serve-{self.starts}.log"
        command = Command(
            "serve", *arguments, environment={**self.environment, "API_PORT": str(port)}, log=log
        )
        try:
            wait_for(lambda: "DrumScribe runs on" in command.output(), "the API")
            with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:
                yield command, client
        finally:
            command.kill()


@pytest.fixture
def home(tmp_path: Path) -> Home:
    environment = {
        "DATA_DIR": str(tmp_path / "data"),
        "MODEL_CACHE_DIR": str(tmp_path / "models"),
        "WEB_ROOT": str(tmp_path / "no-page"),
        "DRUMSCRIBE_OFFLINE": "true",
        "PDF_BACKEND": "none",
        "INFERENCE_THREADS": "1",
        "MIN_DURATION_SECONDS": "1",
        "RATE_LIMIT_PER_MINUTE": "0",
    }
    return Home(environment, tmp_path)


def finished_song(client: httpx.Client, service: Service, song: Path) -> str:
    """The address of a finished job of the client; this process does the work of the workers."""
    client.post("/api/v1/session").raise_for_status()
    accepted = client.post(
        "/api/v1/jobs",
        files={"file": ("song.wav", song.read_bytes())},
        data={"separation": "never", "title": "Take 0"},
    )
    for step in Step:
        service.run_step(UUID(accepted.json()["job_id"]), step)
    url: str = accepted.headers["location"]
    assert client.get(url).json()["status"] == "completed"
    return url


def page_of(client: httpx.Client, url: str) -> dict[str, Any]:
    """The result, once every file of it is seen to say the same."""
    result: dict[str, Any] = client.get(f"{url}/result").raise_for_status().json()
    assert client.get(url).json()["version"] == result["version"]
    written = client.get(f"{url}/download/json").raise_for_status().json()
    assert (written["title"], written["hits"]) == (result["title"], result["hits"])
    time_map = client.get(f"{url}/download/timemap").raise_for_status().json()
    drawn = client.get(f"{url}/download/svg").raise_for_status().text
    assert result["title"] in drawn
    engraved = {note["hit"] for note in time_map["notes"] + time_map["merged"]}
    assert engraved == {hit["id"] for hit in result["hits"]}
    sizes = {entry["format"]: entry["size_bytes"] for entry in client.get(url).json()["downloads"]}
    assert sizes["timemap"] == len(client.get(f"{url}/download/timemap").content)
    assert sizes["original"] == len(client.get(f"{url}/download/original").content)
    del result["downloads"]  # more of them have a size now
    return result


def test_song_whose_edit_was_killed_opens_with_the_old_or_the_new_page_and_can_be_edited(
    home: Home, example_song: Path
) -> None:
    song = short_song(example_song, home.folder / "song.wav", seconds=5.0)
    (home.folder / "data").mkdir()
    service = Service(settings_for(home.environment))
    outcomes = []
    url = ""
    old: dict[str, Any] = {}
    cookies: dict[str, str] = {}
    try:
        for number, n_files in enumerate((*FILES_STORED, None), start=1):
            with home.serving("--no-workers") as (command, client):
                client.cookies.update(cookies)
                if not old:
                    url = finished_song(client, service, song)
                    cookies = dict(client.cookies)
                now = page_of(client, url)
                if old:
                    outcomes.append(what_became(old, now, f"Take {number - 1}"))
                if n_files is None:
                    assert client.delete(url).json()["deleted"]
                    break
                # An edit that is left in peace.
                client.put(f"{url}/score", json={"hits": now["hits"][1:]}).raise_for_status()
                old = page_of(client, url)
                before = home.stored()
                sender = threading.Thread(target=send_title, args=(client, url, f"Take {number}"))
                sender.start()
                while len(home.stored() - before) < n_files and sender.is_alive():
                    time.sleep(0.001)
                command.kill()
                sender.join()
                assert home.stored() - before  # or the edit had not begun
        assert len(outcomes) == len(FILES_STORED)
        # What the killed edits had stored has gone with the song.
        assert [name for name, _ in service.storage.folders("jobs")] == []
    finally:
        service.close()


def what_became(old: dict[str, Any], now: dict[str, Any], title: str) -> str:
    """Whether the edit of the title counted: old or new, and nothing else."""
    if now["title"] == old["title"]:
        assert now == old
        return "old"
    assert (now["title"], now["version"]) == (title, old["version"] + 1)
    assert now["hits"] == old["hits"]
    return "new"


def send_title(client: httpx.Client, url: str, title: str) -> None:
    """An edit whose answer may never come."""
    with suppress(httpx.TransportError):
        client.patch(url, json={"title": title})

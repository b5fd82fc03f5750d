"""The sound of a video, through yt-dlp as a process of its own.

yt-dlp runs code of the site (in deno) and changes every few weeks: it gets a folder, a time limit
and as little of our environment as it needs, and is killed with everything that it started.
"""

from __future__ import annotations

import json
import logging
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from drumscribe.domain.service.video_links import canonical_video_url
from drumscribe.errors import FetchError, LinkLive, LinkTimeout, LinkTooLarge, LinkTooLong
from drumscribe.fetch.failures import UPLOAD_HINT, failure, said_errors
from drumscribe.ports import FetchedSource

logger = logging.getLogger(__name__)

_POLL_SECONDS = 0.2
_SOCKET_TIMEOUT_SECONDS = 15
_MAX_TITLE_CHARACTERS = 200
_MAX_OUTPUT_BYTES = 1_000_000
_LIVE = ("is_live", "is_upcoming", "post_live")
_FIELDS = "%(.{title,duration,is_live,live_status})j"
# What the child needs of our environment; the rest holds secrets.
_KEPT_VARIABLES = (
    "LANG",
    "LC_ALL",
    "PATH",
    "PYTHONPATH",
    "REQUESTS_CA_BUNDLE",
    "SSL_CERT_DIR",
    "SSL_CERT_FILE",
    "SYSTEMROOT",
    "http_proxy",
    "https_proxy",
    "no_proxy",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "NO_PROXY",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchOptions:
    """Limits of a download.

    cookies_file: Netscape form; a copy of it is used.
    remedy: what whoever gave the link may do instead; the last sentence of each error.
    """

    timeout_seconds: float
    max_bytes: int
    max_duration_seconds: float
    cookies_file: Path | None = None
    proxy: str | None = None
    remedy: str = UPLOAD_HINT


class VideoFetcher:
    """SourceFetcher for links to videos.

    command: what is run; yt-dlp of this Python if not given.
    checked: makes the link that is fetched of the link that is asked for, or refuses it.
    """

    def __init__(
        self,
        options: FetchOptions,
        *,
        command: Sequence[str] | None = None,
        checked: Callable[[str], str] = canonical_video_url,
    ) -> None:
        self._options = options
        # -P: the folder that the child works in is no place for its modules.
        self._command = list(command or (sys.executable, "-P", "-m", "yt_dlp"))
        self._checked = checked

    def fetch(self, url: str, folder: Path, *, checkpoint: Callable[[], None]) -> FetchedSource:
        """See SourceFetcher. Raises UnsupportedLink, too."""
        link = self._checked(url)
        media, work = folder / "media", folder / "work"
        for made in (media, work):
            made.mkdir(parents=True, exist_ok=True)
        output = work / "output.txt"
        code = self._run(
            [*self._command, *self._arguments(media, work), "--", link], media, work, checkpoint
        )
        said = output.read_bytes()[:_MAX_OUTPUT_BYTES].decode(errors="replace")
        facts = _read_facts(work / "facts.json")
        found = [path for path in media.iterdir() if not path.name.endswith((".part", ".ytdl"))]
        if code == 0 and len(found) == 1:
            _refuse_if(found[0].stat().st_size > self._options.max_bytes, self._too_large)
            return FetchedSource(found[0], _title(facts), _duration_seconds(facts))
        logger.info("The link %s was not fetched (exit code %d): %s", link, code, said_errors(said))
        raise self._reason(facts, said)

    def _reason(self, facts: Mapping[str, Any], said: str) -> FetchError:
        # A filter that does not match is no error for yt-dlp: it just fetches nothing.
        if facts.get("is_live") is True or facts.get("live_status") in _LIVE:
            return LinkLive(f"This is a live stream, not a finished video. {self._options.remedy}")
        duration = _duration_seconds(facts)
        limit = self._options.max_duration_seconds
        if duration is not None and duration > limit:
            return LinkTooLong(
                f"This video lasts {duration / 60:.1f} minutes; at most {limit / 60:.3g} are "
                f"allowed. {self._options.remedy}"
            )
        return failure(said, remedy=self._options.remedy)

    def _arguments(self, media: Path, work: Path) -> list[str]:
        options = self._options
        live = " & ".join(f"live_status!=?{status}" for status in _LIVE)
        arguments = ["--ignore-config", "--no-plugin-dirs", "--no-cache-dir"]
        arguments += ["--no-remote-components", "--use-extractors", "youtube"]
        arguments += ["--no-playlist", "--playlist-items", "1", "--abort-on-error"]
        arguments += ["--format", "bestaudio/best", "--fixup", "never"]
        arguments += ["--max-filesize", str(options.max_bytes)]
        arguments += [
            "--match-filters",
            f"!is_live & {live} & duration<=?{options.max_duration_seconds:g}",
        ]
        arguments += ["--socket-timeout", str(_SOCKET_TIMEOUT_SECONDS)]
        arguments += ["--retries", "3", "--extractor-retries", "2", "--fragment-retries", "3"]
        arguments += ["--no-progress", "--color", "never", "--no-mtime"]
        arguments += ["--print-to-file", f"pre_process:{_FIELDS}", str(work / "facts.json")]
        # Never the title: no name that a stranger chose becomes a path.
        arguments += ["--output", str(media / "sound.%(ext)s")]
        if options.proxy is not None:
            arguments += ["--proxy", options.proxy]
        if options.cookies_file is not None:
            # yt-dlp writes cookies back: several runs at once, or a file that is mounted read-only.
            own = work / "cookies.txt"
            shutil.copyfile(options.cookies_file, own)
            arguments += ["--cookies", str(own)]
        return arguments

    def _run(
        self, command: list[str], media: Path, work: Path, checkpoint: Callable[[], None]
    ) -> int:
        """Run to the end; returns the exit code. Kills the group if it must not go on."""
        deadline = time.monotonic() + self._options.timeout_seconds
        with (work / "output.txt").open("wb") as output:
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=work,
                env=_environment(work),
                start_new_session=True,
            )
            try:
                while True:
                    try:
                        return process.wait(timeout=_POLL_SECONDS)
                    except subprocess.TimeoutExpired:
                        checkpoint()
                        _refuse_if(_bytes_in(media) > self._options.max_bytes, self._too_large)
                        _refuse_if(time.monotonic() > deadline, self._too_slow)
            finally:
                _kill_group(process)

    def _too_large(self) -> FetchError:
        limit = self._options.max_bytes / 1e6
        remedy = self._options.remedy
        return LinkTooLarge(f"The sound of this video is larger than {limit:.3g} MB. {remedy}")

    def _too_slow(self) -> FetchError:
        limit = self._options.timeout_seconds
        remedy = self._options.remedy
        return LinkTimeout(f"The video could not be fetched within {limit:.3g} s. {remedy}")


def _refuse_if(condition: bool, error: Callable[[], FetchError]) -> None:
    if condition:
        raise error()


def _environment(home: Path) -> dict[str, str]:
    kept = {name: os.environ[name] for name in _KEPT_VARIABLES if name in os.environ}
    places = [kept.get("PATH", os.defpath)]
    if (deno := _deno_folder()) is not None:
        places.insert(0, deno)
    own = {"HOME": str(home), "TMPDIR": str(home), "PYTHONUTF8": "1"}
    return {**kept, **own, "PATH": os.pathsep.join(places)}


def _deno_folder() -> str | None:
    """Where the wheel of deno has put its program; None if it is not installed."""
    try:
        from deno import find_deno_bin

        return str(Path(find_deno_bin()).parent)
    except (ImportError, FileNotFoundError):
        return None


def _kill_group(process: subprocess.Popen[bytes]) -> None:
    """End the child and whatever it has left running; no error if nothing is."""
    if sys.platform == "win32":
        process.kill()
    else:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _bytes_in(folder: Path) -> int:
    total = 0
    for path in folder.iterdir():
        try:
            total += path.stat().st_size
        except FileNotFoundError:
            continue  # renamed meanwhile
    return total


def _read_facts(path: Path) -> Mapping[str, Any]:
    """What was found out before the download; empty if it did not come so far."""
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
        facts = json.loads(lines[0])
    except (OSError, IndexError, json.JSONDecodeError):
        return {}
    return facts if isinstance(facts, dict) else {}


def _title(facts: Mapping[str, Any]) -> str | None:
    title = facts.get("title")
    if not isinstance(title, str):
        return None
    printable = "".join(c if c.isprintable() else " " for c in title)
    return " ".join(printable.split())[:_MAX_TITLE_CHARACTERS] or None


def _duration_seconds(facts: Mapping[str, Any]) -> float | None:
    duration = facts.get("duration")
    return float(duration) if isinstance(duration, int | float) else None

"""Links on the command line: the sound is fetched into a folder that vanishes again."""

from __future__ import annotations

import dataclasses
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from drumscribe.cli.progress import Reporter
from drumscribe.cli.recordings.job import Job, LinkOptions
from drumscribe.domain.service.video_links import video_in
from drumscribe.domain.wishes import Wishes, said_over
from drumscribe.errors import InvalidOption

_TIMEOUT_SECONDS = 300.0
_MOST_BYTES = 200_000_000
_FILE_HINT = "Give the file instead."


def check_links_work(links: Sequence[str], *, offline: bool) -> None:
    """Raise InvalidOption where one of the links cannot be fetched at all."""
    if offline and links:
        raise InvalidOption("A link needs the network; leave --offline out, or give the file.")
    if any(map(video_in, links)) and find_spec("yt_dlp") is None:
        raise InvalidOption(
            "Videos need a downloader that is not installed: pip install 'drumscribe[youtube]'. "
            "Or give the file."
        )


@contextmanager
def fetched(job: Job, report: Reporter) -> Iterator[Job]:
    """The job of a link as one of a file, named after a video; the file goes at the end.

    Raises FetchError, UnsupportedLink.
    """
    from drumscribe.egress.client import Egress, EgressOptions
    from drumscribe.fetch.links import LinkFetcher
    from drumscribe.fetch.sound_file import IDLE_SECONDS, SoundFileFetcher
    from drumscribe.fetch.youtube import FetchOptions, VideoFetcher
    from drumscribe.services.songs.result_files import download_name

    assert job.link is not None
    wanted = job.fetching or LinkOptions()
    videos = VideoFetcher(
        FetchOptions(
            timeout_seconds=_TIMEOUT_SECONDS,
            max_bytes=_MOST_BYTES,
            max_duration_seconds=job.limits.max_seconds,
            cookies_file=wanted.cookies_file,
            proxy=wanted.proxy,
            remedy=_FILE_HINT,
        )
    )
    # Who types an address into a shell of their own may go wherever they can go anyway.
    egress = Egress(
        EgressOptions(
            timeout_seconds=_TIMEOUT_SECONDS,
            idle_seconds=IDLE_SECONDS,
            allow_http=True,
            allow_private_addresses=True,
        )
    )
    fetcher = LinkFetcher(
        videos, SoundFileFetcher(egress, max_bytes=_MOST_BYTES, remedy=_FILE_HINT)
    )
    report.stage("fetch", 0.0)
    with tempfile.TemporaryDirectory(prefix="drumscribe-") as folder:
        source = fetcher.fetch(job.link, Path(folder), checkpoint=lambda: None)
        title = job.wishes.page.title or source.title
        stem = job.output_stem.name
        if video_in(job.link) is not None and not job.is_named:
            stem = download_name(title, f" {stem}")
        yield dataclasses.replace(
            job,
            source=source.path,
            output_stem=job.output_stem.with_name(stem),
            wishes=Wishes.of(said_over({"title": title}, job.wishes.said())),
        )

"""Any link that a job may have: a video's, or that of a sound file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from drumscribe.domain.service.video_links import video_in
from drumscribe.errors import LinksDisabled
from drumscribe.ports import FetchedSource, SourceFetcher


@dataclass(frozen=True, slots=True)
class LinkFetcher:
    """SourceFetcher. videos: None where no downloader is installed."""

    videos: SourceFetcher | None
    sound_files: SourceFetcher

    def fetch(self, url: str, folder: Path, *, checkpoint: Callable[[], None]) -> FetchedSource:
        """See SourceFetcher. Raises LinksDisabled and UnsupportedLink, too."""
        if video_in(url) is None:
            return self.sound_files.fetch(url, folder, checkpoint=checkpoint)
        if self.videos is None:
            raise LinksDisabled("Links to videos are not accepted here; upload the file instead.")
        return self.videos.fetch(url, folder, checkpoint=checkpoint)

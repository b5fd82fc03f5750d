"""A source of links that asks no network."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

from drumscribe.errors import SourceNotFound
from drumscribe.ports import FetchedSource


class FakeSourceFetcher:
    """SourceFetcher that knows a few links. recordings: link -> file that is found there."""

    def __init__(self, recordings: Mapping[str, Path], *, title: str | None = None) -> None:
        self._recordings = dict(recordings)
        self._title = title

    def fetch(self, url: str, folder: Path, *, checkpoint: Callable[[], None]) -> FetchedSource:
        checkpoint()
        if url not in self._recordings:
            raise SourceNotFound(f"There is nothing at {url}.")
        recording = self._recordings[url]
        target = folder / f"fetched{recording.suffix}"
        shutil.copyfile(recording, target)
        return FetchedSource(target, self._title, None)

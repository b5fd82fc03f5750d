"""A sound file from anywhere on the public internet, by its https address."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from email.message import Message
from pathlib import Path, PurePosixPath
from typing import Final
from urllib.parse import unquote, urljoin, urlsplit

import drumscribe
from drumscribe.domain.titles import title_of_name
from drumscribe.egress.client import Answer, Egress
from drumscribe.errors import (
    AddressUnreachable,
    FetchError,
    LinkPrivate,
    LinkRemoved,
    LinkTooLarge,
    LinkUnreachable,
    UnsupportedLink,
)
from drumscribe.fetch.failures import UPLOAD_HINT
from drumscribe.ports import FetchedSource

# What a store of files needs to lead to one of its servers; a judgement.
_MOST_REDIRECTS: Final = 5
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_GONE: Final = frozenset({404, 410})
_LOCKED: Final = frozenset({401, 402, 403, 407, 451})
# A server that says nothing for so long says nothing more; a judgement.
IDLE_SECONDS: Final = 30.0
_CHUNK_BYTES: Final = 1 << 16
_SUFFIX: Final = re.compile(r"\.[A-Za-z0-9]{1,5}")
_MAX_TITLE_CHARACTERS: Final = 200


class SoundFileFetcher:
    """SourceFetcher for addresses of sound files. Every address on the way is judged by the egress.

    max_bytes: of the file. remedy: what whoever gave the link may do instead.
    """

    def __init__(self, egress: Egress, *, max_bytes: int, remedy: str = UPLOAD_HINT) -> None:
        self._egress = egress
        self._max_bytes = max_bytes
        self._remedy = remedy

    def fetch(self, url: str, folder: Path, *, checkpoint: Callable[[], None]) -> FetchedSource:
        """See SourceFetcher. Raises InvalidRequest, AddressNotPublic and UnsupportedLink, too."""
        headers = {"User-Agent": f"DrumScribe/{drumscribe.__version__}", "Accept": "audio/*, */*"}
        try:
            for _ in range(_MOST_REDIRECTS + 1):
                checkpoint()
                with self._egress.get(url, field="source_url", headers=headers) as answer:
                    if answer.status not in _REDIRECTS:
                        return self._taken(answer, url, folder, checkpoint)
                    url = urljoin(url, answer.headers.get("location", ""))
        except AddressUnreachable as error:
            raise LinkUnreachable(f"{error.message} {self._remedy}") from error
        raise LinkUnreachable(f"The link leads from one address to the next. {self._remedy}")

    def _taken(
        self, answer: Answer, url: str, folder: Path, checkpoint: Callable[[], None]
    ) -> FetchedSource:
        self._refuse_others(answer)
        announced = answer.headers.get("content-length", "")
        if announced.isdecimal() and int(announced) > self._max_bytes:
            raise self._too_large()
        name = PurePosixPath(_name(answer.headers, url))
        suffix = name.suffix if _SUFFIX.fullmatch(name.suffix) else ""
        # Never the name that a stranger chose as a path.
        path = folder / f"sound{suffix.lower()}"
        size = 0
        with path.open("wb") as file:
            while chunk := answer.read(_CHUNK_BYTES):
                checkpoint()
                size += len(chunk)
                if size > self._max_bytes:
                    raise self._too_large()
                file.write(chunk)
        if announced.isdecimal() and size < int(announced):
            raise LinkUnreachable(f"The connection broke off in the file. {self._remedy}")
        title = title_of_name(name.stem if suffix else name.name)[:_MAX_TITLE_CHARACTERS].strip()
        return FetchedSource(path, title or None, None)

    def _refuse_others(self, answer: Answer) -> None:
        if answer.status in _GONE:
            raise LinkRemoved(f"There is no file at this address. {self._remedy}")
        if answer.status in _LOCKED:
            raise LinkPrivate(f"The file at this address is not for everybody. {self._remedy}")
        if answer.status != 200:
            raise LinkUnreachable(f"The address answers {answer.status}. {self._remedy}")
        kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind in ("text/html", "application/xhtml+xml"):
            raise UnsupportedLink(
                f"The link leads to a web page, not to a sound file. {self._remedy}"
            )

    def _too_large(self) -> FetchError:
        limit = self._max_bytes / 1e6
        return LinkTooLarge(f"The file is larger than {limit:.3g} MB. {self._remedy}")


def _name(headers: Mapping[str, str], url: str) -> str:
    """The name that the server gives the file, else the last part of its address."""
    said = Message()
    said["content-disposition"] = headers.get("content-disposition", "")
    name = said.get_filename() or unquote(urlsplit(url).path)
    return "".join(c for c in name.replace("\\", "/").rpartition("/")[2] if c.isprintable())

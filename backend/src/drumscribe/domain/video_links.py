"""Links to videos: the id is taken out and the link rebuilt, so that nothing else gets through."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

from drumscribe.errors import UnsupportedLink

_ID = re.compile(r"[A-Za-z0-9_-]{11}")
_HOSTS = frozenset(
    {"youtube.com", "www.youtube.com", "m.youtube.com", "music.youtube.com", "youtu.be"}
)
_PATH_KINDS = frozenset({"shorts", "embed", "live", "v"})
_LONGEST_LINK = 2048


def canonical_video_url(text: str) -> str:
    """Any usual form of a YouTube link -> https://www.youtube.com/watch?v=<id>.

    Raises UnsupportedLink for anything else, playlists without a video among them.
    """
    video_id = _video_id(text.strip()) if len(text) <= _LONGEST_LINK else None
    if video_id is None or not _ID.fullmatch(video_id):
        raise UnsupportedLink(
            "Expected a link to one YouTube video, such as https://www.youtube.com/watch?v=... "
            "For other sources, upload the file instead."
        )
    return f"https://www.youtube.com/watch?v={video_id}"


def _video_id(text: str) -> str | None:
    try:
        parts = urlsplit(text if "://" in text else f"https://{text}")
        host = (parts.hostname or "").lower()
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or host not in _HOSTS:
        return None
    segments = [segment for segment in parts.path.split("/") if segment]
    if host == "youtu.be":
        return segments[0] if segments else None
    if segments == ["watch"]:
        return next(iter(parse_qs(parts.query).get("v", [])), None)
    if len(segments) == 2 and segments[0] in _PATH_KINDS:
        return segments[1]
    return None

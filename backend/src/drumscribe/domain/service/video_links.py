"""Links to videos: the id is taken out and the link rebuilt, so that nothing else gets through."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

from drumscribe.errors import UnsupportedLink

_ID = re.compile(r"[A-Za-z0-9_-]{11}")
_HOSTS = frozenset(
    {
        "youtube.com",
        "www.youtube.com",
        "m.youtube.com",
        "music.youtube.com",
        "youtu.be",
        "www.youtu.be",
        "youtube-nocookie.com",
        "www.youtube-nocookie.com",
    }
)
_PATH_KINDS = frozenset({"shorts", "embed", "live", "v", "e", "watch"})
# What stands around a link that is copied out of a sentence, a mail or a chat.
_AROUND = " \t\r\n<>()[]{}\"'`*_,;:.!?\u201c\u201d\u201e\u2018\u2019\u00ab\u00bb\u2026"
_LONGEST_LINK = 2048


def canonical_video_url(text: str) -> str:
    """Any usual form of a YouTube link -> https://www.youtube.com/watch?v=<id>.

    Raises UnsupportedLink for anything else, playlists without a video among them.
    """
    video_id = None
    if len(text) <= _LONGEST_LINK:
        # An underscore may be the end of the id; what stands around a link never is.
        for link in (text.strip(), text.strip(_AROUND.replace("_", "")), text.strip(_AROUND)):
            video_id = _video_id(link)
            if video_id is not None and _ID.fullmatch(video_id):
                break
    if video_id is None or not _ID.fullmatch(video_id):
        raise UnsupportedLink(
            "Expected a link to one YouTube video, such as https://www.youtube.com/watch?v=... "
            "For other sources, upload the file instead."
        )
    return f"https://www.youtube.com/watch?v={video_id}"


def video_in(text: str) -> str | None:
    """A link to one video as canonical_video_url gives it; None for one to another site.

    Raises UnsupportedLink for a link to YouTube that is not to one video.
    """
    try:
        return canonical_video_url(text)
    except UnsupportedLink:
        if _host(text) in _HOSTS:
            raise
        return None


def _host(text: str) -> str | None:
    try:
        return urlsplit(text.strip()).hostname
    except ValueError:
        return None


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

"""What went wrong with a link, read from what yt-dlp says."""

from __future__ import annotations

import re
from typing import Final

from drumscribe import errors

UPLOAD_HINT: Final = "Upload the file instead."

# In order: the first that matches decides. The words are those of YouTube and of yt-dlp; the
# apostrophe of "you're" comes in two forms.
_CAUSES: Final[tuple[tuple[str, type[errors.FetchError], str], ...]] = (
    (
        r"confirm your age|age.restricted|inappropriate for some users",
        errors.LinkAgeRestricted,
        "This video is for adults only, and the site wants a login.",
    ),
    (
        r"private video|video is private|members.only|join this channel|"
        r"requires payment|available to (?:music premium|this channel)",
        errors.LinkPrivate,
        "This video is private.",
    ),
    (
        r"live event will begin|premieres in|premiere will begin|live stream recording is not|"
        r"is offline|this live event has ended",
        errors.LinkLive,
        "This is a live stream, or a video that has not begun yet.",
    ),
    (
        r"in your country|in your location|your location due to geo|geo.?restrict|"
        r"blocked it (?:in|on copyright)",
        errors.LinkGeoBlocked,
        "This video cannot be seen from where this server stands.",
    ),
    (
        r"not a bot|sign in to|login required|log in|--cookies|HTTP Error 429|too many requests|"
        r"HTTP Error 403|captcha|rate.limited",
        errors.LinkBotCheck,
        "The site does not serve videos to this server at the moment; it asks for a login.",
    ),
    (
        r"video (?:has been|was) removed|no longer available|account .{0,80}terminated|"
        r"does not exist|video unavailable|video is unavailable|video is not available|"
        r"HTTP Error 404|HTTP Error 410|incomplete youtube id",
        errors.LinkRemoved,
        "There is no such video any more.",
    ),
    (
        r"larger than max-filesize",
        errors.LinkTooLarge,
        "The sound of this video is larger than allowed.",
    ),
    (
        r"urlopen error|name or service not known|name resolution|connection (?:refused|reset|"
        r"aborted|broken)|remote end closed|timed out|unable to connect|failed to resolve|"
        r"network is unreachable|no route to host|incompleteread|transporterror|ssl:|"
        r"certificate verify|HTTP Error 5\d\d|unable to download (?:webpage|api page|video data)|"
        r"proxy",
        errors.LinkUnreachable,
        "The site of the video could not be reached.",
    ),
)
_UNKNOWN: Final = "The sound of this video could not be fetched."
_LOG_CHARACTERS: Final = 500


def failure(output: str, *, remedy: str = UPLOAD_HINT) -> errors.FetchError:
    """The error that the output of a failed run means; FetchError itself where nobody knows.

    remedy: what whoever gave the link may do instead, as a sentence.
    """
    said = said_errors(output)
    for pattern, kind, message in _CAUSES:
        if re.search(pattern, said, re.IGNORECASE):
            return kind(f"{message} {remedy}")
    return errors.FetchError(f"{_UNKNOWN} {remedy}")


def said_errors(output: str) -> str:
    """The lines that tell of errors; all of them if none says so. Short enough for a log."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    chosen = [line for line in lines if line.startswith("ERROR:") or "max-filesize" in line]
    return " / ".join(chosen or lines)[-_LOG_CHARACTERS:]

"""What yt-dlp says, and which error it becomes."""

import pytest

from drumscribe import errors
from drumscribe.fetch.failures import failure

SAID = {
    "Private video. Sign in if you've been granted access to this video": errors.LinkPrivate,
    "Join this channel to get access to members-only content like this video": errors.LinkPrivate,
    "Video unavailable. This video has been removed by the uploader": errors.LinkRemoved,
    "This video is no longer available because the YouTube account associated with this video "
    "has been terminated.": errors.LinkRemoved,
    "Video unavailable": errors.LinkRemoved,
    "Video unavailable. The uploader has not made this video available in your country": (
        errors.LinkGeoBlocked
    ),
    "This video is not available from your location due to geo restriction": errors.LinkGeoBlocked,
    "Video unavailable. This video contains content from SME, who has blocked it in your country "
    "on copyright grounds": errors.LinkGeoBlocked,
    "Sign in to confirm you\u2019re not a bot. Use --cookies-from-browser or --cookies": (
        errors.LinkBotCheck
    ),
    "Unable to download API page: HTTP Error 429: Too Many Requests": errors.LinkBotCheck,
    "unable to download video data: HTTP Error 403: Forbidden": errors.LinkBotCheck,
    "Sign in to confirm your age. This video may be inappropriate for some users.": (
        errors.LinkAgeRestricted
    ),
    "This live event will begin in 3 hours.": errors.LinkLive,
    "Premieres in 20 minutes": errors.LinkLive,
    "Unable to download webpage: <urlopen error [Errno -2] Name or service not known>": (
        errors.LinkUnreachable
    ),
    "Unable to download API page: The read operation timed out": errors.LinkUnreachable,
    "Unable to download webpage: HTTP Error 503: Service Unavailable": errors.LinkUnreachable,
    "Requested format is not available": errors.FetchError,
}


@pytest.mark.parametrize("said", SAID)
def test_failure_becomes_the_error_of_its_cause(said: str) -> None:
    output = f"[youtube] dQw4w9WgXcQ: Downloading webpage\nERROR: [youtube] dQw4w9WgXcQ: {said}\n"
    error = failure(output)
    assert type(error) is SAID[said]
    assert error.message.endswith("Upload the file instead.")
    assert "youtube" not in error.message.lower()


def test_failure_with_too_large_a_file_is_read_from_the_notice() -> None:
    output = "[download] File is larger than max-filesize (9000 bytes > 100 bytes). Aborting.\n"
    assert type(failure(output)) is errors.LinkTooLarge


def test_failure_without_words_is_unknown() -> None:
    assert type(failure("")) is errors.FetchError

"""The command line's answer to each error: one table."""

from __future__ import annotations

from typing import Final

from drumscribe import errors

OK: Final = 0
RUNTIME_ERROR: Final = 1
USAGE: Final = 2
BAD_INPUT: Final = 3
NO_DRUMS: Final = 4
BATCH_PARTLY_FAILED: Final = 5
INTERRUPTED: Final = 130

# The first class that matches decides, so the special stand before the general.
_TABLE: Final[tuple[tuple[type[errors.DrumScribeError], int], ...]] = (
    (errors.InvalidOption, USAGE),
    (errors.InvalidHits, BAD_INPUT),
    (errors.InputError, BAD_INPUT),
    (errors.ScoreFileError, BAD_INPUT),
    (errors.NoDrumsFound, NO_DRUMS),
    # What may pass is told apart from what is so with this video.
    (errors.LinkUnreachable, RUNTIME_ERROR),
    (errors.LinkTimeout, RUNTIME_ERROR),
    (errors.LinkBotCheck, RUNTIME_ERROR),
    (errors.FetchError, BAD_INPUT),
    (errors.UnsupportedLink, BAD_INPUT),
    (errors.Cancelled, INTERRUPTED),
    (errors.DrumScribeError, RUNTIME_ERROR),
)


def exit_code_of(error: errors.DrumScribeError) -> int:
    """The process exit code for an expected error."""
    return next(code for kind, code in _TABLE if isinstance(error, kind))

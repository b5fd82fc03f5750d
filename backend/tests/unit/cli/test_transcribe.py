"""The one line that says what was heard."""

import pytest

from drumscribe.cli.recordings.transcribe import in_words

HEARD = {
    "hit_summary": {"kick": 2, "snare": 1},
    "bpm": 119.6,
    "bpm_unreliable": False,
    "time_signature": "4/4",
    "review": [],
    "compute_time_ms": 1240,
}


@pytest.mark.parametrize(
    ("said", "metre"),
    [
        ({"written_time_signature": "12/8"}, "12/8"),
        ({"written_time_signature": "4/4"}, "4/4"),
        ({"written_time_signature": None}, "4/4"),
        ({}, "4/4"),
    ],
)
def test_metre_of_the_line_is_that_of_the_page(said: dict[str, str | None], metre: str) -> None:
    words = f"3 hits, 120 BPM in {metre}, 0 to check, heard in 1.2 s"
    assert in_words(HEARD | said) == words

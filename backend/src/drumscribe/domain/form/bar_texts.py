"""Words over bars, as a user writes them: 12.5=Watch the stop; 47=Half time."""

from __future__ import annotations

import math

from drumscribe.errors import InvalidOption


def parse_bar_texts(texts: str) -> dict[float, str]:
    """Second at which a bar begins -> the words over it. Raises InvalidOption for anything else."""
    found: dict[float, str] = {}
    for entry in filter(str.strip, texts.split(";")):
        place, sign, words = (part.strip() for part in entry.partition("="))
        second = read_second(place)
        if not sign or not words or second is None:
            raise InvalidOption(
                f"{entry.strip()[:60]!r} is no text over a bar; write 12.5=Watch the stop; "
                "47=Half time with the seconds at which the bars begin."
            )
        found[second] = words
    return found


def read_second(text: str) -> float | None:
    """A moment of a recording, in seconds >= 0; None where a text is none."""
    try:
        second = float(text)
    except ValueError:
        return None
    return second if math.isfinite(second) and second >= 0.0 else None

"""A bar line that somebody set."""

from __future__ import annotations

from dataclasses import dataclass

from drumscribe.domain.rhythm import Metre


@dataclass(frozen=True, slots=True)
class BarMark:
    """A bar begins here, and from here on bars are counted in this metre, up to the next mark.

    at_seconds: the beat nearest to it, or halfway between two beats if it lies there.
    metre: None: from here on bars lie where they lie without marks.
    """

    at_seconds: float
    metre: Metre | None = None

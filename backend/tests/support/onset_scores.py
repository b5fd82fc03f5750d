"""Onset F-measure of hits against a reference, as docs/reference/model-card.md defines it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from mir_eval.util import match_events

FIVE = {
    "kick": "kick",
    "snare": "snare",
    "hihat_closed": "hihat",
    "hihat_open": "hihat",
    "tom_high": "tom",
    "tom_mid": "tom",
    "tom_low": "tom",
    "ride": "cymbal",
    "crash": "cymbal",
}

Strokes = list[tuple[float, str]]


@dataclass(frozen=True, slots=True)
class Score:
    """Matched pairs, strokes that were found and strokes that were played."""

    matched: int = 0
    found: int = 0
    played: int = 0

    def __add__(self, other: Score) -> Score:
        return Score(
            self.matched + other.matched, self.found + other.found, self.played + other.played
        )

    @property
    def f(self) -> float:
        return 2 * self.matched / max(1, self.found + self.played)


def merged(strokes: Iterable[tuple[float, str]]) -> Strokes:
    """The same strokes in five classes."""
    return [(time, FIVE[name]) for time, name in strokes]


def scores(played: Strokes, found: Strokes, tolerance_seconds: float = 0.05) -> dict[str, Score]:
    """Per class, with one-to-one matching."""
    result = {}
    for name in sorted({name for _, name in (*played, *found)}):
        true = np.array(sorted(time for time, of in played if of == name))
        said = np.array(sorted(time for time, of in found if of == name))
        both = len(true) > 0 and len(said) > 0
        matched = len(match_events(true, said, tolerance_seconds + 1e-6)) if both else 0
        result[name] = Score(matched, len(said), len(true))
    return result


def pooled(per_class: Iterable[Score]) -> Score:
    """All classes together."""
    return sum(per_class, start=Score())

"""Onset F-measure per class, for training's own eyes; the product's `evaluate` is the protocol."""

from __future__ import annotations

import numpy as np

from drumscribe.domain.comparing.matching import match
from drumscribe.evaluation.labels import LABEL_SETS

_TOLERANCE_SECONDS = 0.05
# Strokes of one class that follow sooner are one, as in `drumscribe evaluate`: programmed songs
# strike up to six cymbals at once, and nobody hears, or writes, more than one.
_DOUBLE_SECONDS = 0.020

FIVE = LABEL_SETS["5"].class_of

Strokes = list[tuple[float, str]]


def counts(
    true: Strokes, found: Strokes, tolerance: float = _TOLERANCE_SECONDS
) -> dict[str, tuple[int, int, int]]:
    """Per class: matched pairs, found strokes, true strokes. One-to-one matching, doubles once."""
    result = {}
    for name in sorted({name for _, name in (*true, *found)}):
        a = without_doubles(sorted(time for time, of in true if of == name))
        b = without_doubles(sorted(time for time, of in found if of == name))
        matched = len(match(a, b, tolerance))
        result[name] = (matched, len(b), len(a))
    return result


def without_doubles(times: list[float]) -> list[float]:
    """The times, of a class and sorted, without those that follow another too closely."""
    kept: list[float] = []
    for time in times:
        if not kept or time - kept[-1] >= _DOUBLE_SECONDS:
            kept.append(time)
    return kept


def f_measure(true: Strokes, found: Strokes) -> dict[str, float]:
    """F per class, pooled over all (nine) and with classes merged (five)."""

    def score(per_class: dict[str, tuple[int, int, int]]) -> float:
        matched, n_found, n_true = np.sum(list(per_class.values()), axis=0)
        return round(float(2 * matched / max(1, n_found + n_true)), 4)

    nine = counts(true, found)
    if not nine:
        return {"nine": 0.0, "five": 0.0}
    five = counts([(t, FIVE[n]) for t, n in true], [(t, FIVE[n]) for t, n in found])
    each = {
        name: round(2 * matched / max(1, n_found + n_true), 3)
        for name, (matched, n_found, n_true) in nine.items()
    }
    return {"nine": score(nine), "five": score(five), **each}

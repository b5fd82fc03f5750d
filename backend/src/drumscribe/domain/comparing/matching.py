"""Which estimated onset stands for which reference onset: one to one, within a tolerance."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from enum import Enum
from itertools import pairwise

# So that a difference of exactly the tolerance counts, whatever the last bit of a decimal is.
SLACK_SECONDS = 1e-6


class _Step(Enum):
    """What the best alignment of a row and a column does last."""

    SKIP_REFERENCE = 0
    SKIP_ESTIMATE = 1
    PAIR = 2


def match(
    reference: Sequence[float], estimate: Sequence[float], tolerance_seconds: float
) -> list[tuple[int, int]]:
    """Pairs (index of reference, index of estimate) with |difference| <= tolerance, ascending.

    reference, estimate: seconds, ascending. No index occurs twice. There are as many pairs as can
    be (a maximum bipartite matching, so counts equal those of mir_eval.util.match_events), and of
    all such matchings this is one with the least sum of |difference|. On a line neither count nor
    sum gets worse if crossing pairs are uncrossed, so it is enough to look at matchings in order,
    which dynamic programming does in time proportional to the number of possible pairs.

    Raises ValueError if times do not ascend.
    """
    for name, times in (("reference", reference), ("estimate", estimate)):
        if any(later < earlier for earlier, later in pairwise(times)):
            raise ValueError(f"{name} times must ascend")
    reach = tolerance_seconds + SLACK_SECONDS
    bounds = [
        (bisect_left(estimate, t - reach), bisect_right(estimate, t + reach)) for t in reference
    ]
    steps = _best_steps(reference, estimate, bounds)
    return _trace_back(bounds, steps)


def f_measure(
    reference: Sequence[float], estimate: Sequence[float], tolerance_seconds: float
) -> float:
    """F of two rows of times (seconds, ascending), matched one to one; 1 if both are empty."""
    total = len(reference) + len(estimate)
    return 2.0 * len(match(reference, estimate, tolerance_seconds)) / total if total else 1.0


def _best_steps(
    reference: Sequence[float], estimate: Sequence[float], bounds: list[tuple[int, int]]
) -> list[list[_Step]]:
    """The last step, for each reference onset, of the best alignment with each prefix of estimates.

    Row i, entry k speaks of the first i + 1 reference onsets and the first low_i + k + 1
    estimates. The value of an alignment is (pairs, -sum of |difference|). Outside of its bounds a
    row adds nothing: below, the row before holds; above, its own last value.
    """
    steps: list[list[_Step]] = []
    before_low, before = 0, [(0, 0.0)]
    for time, (low, high) in zip(reference, bounds, strict=True):
        last = len(before) - 1
        row = [before[min(low - before_low, last)]]
        row_steps = []
        for j in range(low, high):
            best, step = before[min(j + 1 - before_low, last)], _Step.SKIP_REFERENCE
            if row[-1] > best:
                best, step = row[-1], _Step.SKIP_ESTIMATE
            n_pairs, minus_sum = before[min(j - before_low, last)]
            paired = (n_pairs + 1, minus_sum - abs(estimate[j] - time))
            if paired > best:
                best, step = paired, _Step.PAIR
            row.append(best)
            row_steps.append(step)
        steps.append(row_steps)
        before_low, before = low, row
    return steps


def _trace_back(bounds: list[tuple[int, int]], steps: list[list[_Step]]) -> list[tuple[int, int]]:
    pairs = []
    i = len(bounds) - 1
    n_estimates = bounds[-1][1] if bounds else 0
    while i >= 0:
        low, high = bounds[i]
        n_estimates = min(n_estimates, high)
        step = steps[i][n_estimates - low - 1] if n_estimates > low else _Step.SKIP_REFERENCE
        if step is _Step.PAIR:
            pairs.append((i, n_estimates - 1))
        if step is not _Step.SKIP_REFERENCE:
            n_estimates -= 1
        if step is not _Step.SKIP_ESTIMATE:
            i -= 1
    pairs.reverse()
    return pairs

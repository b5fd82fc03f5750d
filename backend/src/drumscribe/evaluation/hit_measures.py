"""What can be said of matched strokes beyond their number: time, loudness, confidence, chords."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np

from drumscribe.domain.comparing.matching import SLACK_SECONDS, match
from drumscribe.evaluation.hits_report import (
    Calibration,
    ConfidenceBin,
    Counts,
    Share,
    Timing,
    VelocityAgreement,
)
from drumscribe.evaluation.labels import TOMS
from drumscribe.evaluation.strokes import Stroke, without_doubles

TOGETHER_SECONDS: Final = 0.030
SOFT_VELOCITY: Final = 40 / 127
FLAM_SECONDS: Final = (0.015, 0.060)
FLAM_DRUMS: Final = ("snare", *TOMS)
N_CONFIDENCE_BINS: Final = 10
N_RESAMPLES: Final = 2000


@dataclass(frozen=True, slots=True)
class Matched:
    """Strokes of one class of one track, both sides in the order of time, and who stands for whom.

    pairs: (index of reference, index of estimate), ascending.
    found: indices of references that have a partner; right: of estimates that have one.
    """

    reference: Sequence[Stroke]
    estimate: Sequence[Stroke]
    pairs: Sequence[tuple[int, int]]
    found: frozenset[int]
    right: frozenset[int]

    @property
    def counts(self) -> Counts:
        n = len(self.pairs)
        return Counts(n, len(self.estimate) - n, len(self.reference) - n)

    @property
    def missed(self) -> list[Stroke]:
        return [stroke for i, stroke in enumerate(self.reference) if i not in self.found]

    @property
    def inserted(self) -> list[Stroke]:
        return [stroke for j, stroke in enumerate(self.estimate) if j not in self.right]

    def stroke_pairs(self) -> list[tuple[Stroke, Stroke]]:
        """The pairs as strokes: (reference, estimate)."""
        return [(self.reference[i], self.estimate[j]) for i, j in self.pairs]


def matched(
    reference: Sequence[Stroke], estimate: Sequence[Stroke], tolerance_seconds: float
) -> Matched:
    """Pair the strokes of one class."""
    pairs = match([s.time for s in reference], [s.time for s in estimate], tolerance_seconds)
    found = frozenset(i for i, _ in pairs)
    return Matched(reference, estimate, pairs, found, frozenset(j for _, j in pairs))


@dataclass(frozen=True, slots=True)
class Mistakes:
    """confused: (missed class, class heard instead); then what is only missed, only inserted."""

    confused: Counter[tuple[str, str]]
    missed: Counter[str]
    inserted: Counter[str]


def mistakes(tracks: Iterable[Mapping[str, Matched]], tolerance_seconds: float) -> Mistakes:
    """What became of strokes without a partner in their own class.

    Per track they are matched across classes, once more one to one.
    """
    found = Mistakes(Counter(), Counter(), Counter())
    for classes in tracks:
        missed = _in_order((s, cls) for cls, one in classes.items() for s in one.missed)
        inserted = _in_order((s, cls) for cls, one in classes.items() for s in one.inserted)
        pairs = match([s.time for s, _ in missed], [s.time for s, _ in inserted], tolerance_seconds)
        explained = {i for i, _ in pairs}, {j for _, j in pairs}
        found.confused.update((missed[i][1], inserted[j][1]) for i, j in pairs)
        found.missed.update(c for i, (_, c) in enumerate(missed) if i not in explained[0])
        found.inserted.update(c for j, (_, c) in enumerate(inserted) if j not in explained[1])
    return found


def _in_order(strokes: Iterable[tuple[Stroke, str]]) -> list[tuple[Stroke, str]]:
    return sorted(strokes, key=lambda pair: pair[0].time)


def bootstrap_interval(per_track: Sequence[Counts]) -> tuple[float, float] | None:
    """Where 95 % of the pooled F lie if the tracks are drawn anew, with replacement (Efron 1979).

    2,000 resamples, seed 0, so that the same tracks in the same order give the same interval.
    """
    if len(per_track) < 2:
        return None
    counts = np.array([(c.true_positives, c.n_reference + c.n_estimate) for c in per_track])
    drawn = np.random.default_rng(0).integers(0, len(counts), (N_RESAMPLES, len(counts)))
    pairs, strokes = counts[drawn].sum(axis=1).T
    if not strokes.any():
        return None
    f = 2 * pairs[strokes > 0] / strokes[strokes > 0]
    low, high = np.percentile(f, [2.5, 97.5])
    return float(low), float(high)


def timing(pairs: Iterable[tuple[Stroke, Stroke]]) -> Timing | None:
    """Median and quartiles of estimated minus reference time."""
    late = [estimate.time - reference.time for reference, estimate in pairs]
    if not late:
        return None
    low, middle, high = (float(v) for v in np.percentile(late, [25, 50, 75]))
    return Timing(low, middle, high, len(late))


def velocity_agreement(pairs: Iterable[tuple[Stroke, Stroke]]) -> VelocityAgreement | None:
    """How well the estimate says how hard each stroke was; None if no pair has both velocities."""
    both = np.array(
        [
            (reference.velocity, estimate.velocity)
            for reference, estimate in pairs
            if reference.velocity is not None and estimate.velocity is not None
        ]
    )
    if not both.size:
        return None
    true, said = both.T
    varies = len(true) > 2 and np.ptp(true) > 0 and np.ptp(said) > 0
    return VelocityAgreement(
        mean_absolute_error=float(np.mean(np.abs(said - true))),
        bias=float(np.mean(said - true)),
        correlation=float(np.corrcoef(true, said)[0, 1]) if varies else None,
        n=len(true),
    )


def soft_recall(matches: Iterable[Matched]) -> Share | None:
    """References below SOFT_VELOCITY that were found; None if no reference has a velocity."""
    known = [
        (stroke.velocity, i in one.found)
        for one in matches
        for i, stroke in enumerate(one.reference)
        if stroke.velocity is not None
    ]
    if not known:
        return None
    soft = [was_found for velocity, was_found in known if velocity < SOFT_VELOCITY]
    return Share(sum(soft), len(soft))


def calibration(matches: Iterable[Matched]) -> Calibration | None:
    """Expected calibration error in ten bins of equal width (Guo et al. 2017).

    None if no estimate has a confidence.
    """
    known = np.array(
        [
            (stroke.confidence, j in one.right)
            for one in matches
            for j, stroke in enumerate(one.estimate)
            if stroke.confidence is not None
        ],
        dtype=np.float64,
    )
    if not known.size:
        return None
    promised, right = known.T
    # The last bin takes a confidence of exactly 1.
    index = np.minimum((promised * N_CONFIDENCE_BINS).astype(int), N_CONFIDENCE_BINS - 1)
    bins = [
        ConfidenceBin(
            low=b / N_CONFIDENCE_BINS,
            high=(b + 1) / N_CONFIDENCE_BINS,
            n=int(np.sum(index == b)),
            mean_confidence=float(promised[index == b].mean()),
            precision=float(right[index == b].mean()),
        )
        for b in sorted(set(index.tolist()))
    ]
    error = sum(b.n * abs(b.mean_confidence - b.precision) for b in bins) / len(promised)
    return Calibration(error, tuple(bins), len(promised))


def simultaneous(classes: Mapping[str, Matched], tolerance_seconds: float) -> Counts:
    """Counts only where the reference has two or more classes within TOGETHER_SECONDS.

    An estimate without a partner counts against them if it lies within the tolerance of such a
    stroke, whatever its class.
    """
    times = {cls: [s.time for s in one.reference] for cls, one in classes.items()}
    found = missed = 0
    chord_times: list[float] = []
    for cls, one in classes.items():
        others = [times[other] for other in classes if other != cls]
        for i, stroke in enumerate(one.reference):
            if any(_has_one_near(other, stroke.time, TOGETHER_SECONDS) for other in others):
                chord_times.append(stroke.time)
                found += i in one.found
                missed += i not in one.found
    chord_times.sort()
    inserted = sum(
        j not in one.right and _has_one_near(chord_times, stroke.time, tolerance_seconds)
        for one in classes.values()
        for j, stroke in enumerate(one.estimate)
    )
    return Counts(found, inserted, missed)


def _has_one_near(times: Sequence[float], time: float, radius: float) -> bool:
    reach = radius + SLACK_SECONDS
    return bisect_left(times, time - reach) < bisect_right(times, time + reach)


def flams(
    reference: Sequence[Stroke], estimate: Sequence[Stroke], tolerance_seconds: float
) -> Share:
    """Two strokes on one drum (snare, toms) FLAM_SECONDS apart of which both were found.

    reference, estimate: one track in the order of time, before doubles are removed: what counts
    as a double elsewhere may be a tight flam here.
    """
    shortest, longest = FLAM_SECONDS
    found = total = 0
    for drum in FLAM_DRUMS:
        one = matched(
            without_doubles([s for s in reference if s.name == drum], shortest),
            without_doubles([s for s in estimate if s.name == drum], shortest),
            tolerance_seconds,
        )
        for i, (grace, main) in enumerate(pairwise(one.reference)):
            if main.time - grace.time <= longest + SLACK_SECONDS:
                total += 1
                found += {i, i + 1} <= one.found
    return Share(found, total)

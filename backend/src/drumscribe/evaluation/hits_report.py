"""What a comparison of hits finds: counts, and everything that is derived from them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Counts:
    """true_positives: pairs; false_positives: estimates alone; false_negatives: references alone.

    A share with nothing in its denominator is None: undefined, neither good nor bad.
    """

    true_positives: int = 0
    false_positives: int = 0
    false_negatives: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            self.true_positives + other.true_positives,
            self.false_positives + other.false_positives,
            self.false_negatives + other.false_negatives,
        )

    @property
    def n_reference(self) -> int:
        return self.true_positives + self.false_negatives

    @property
    def n_estimate(self) -> int:
        return self.true_positives + self.false_positives

    @property
    def precision(self) -> float | None:
        return self.true_positives / self.n_estimate if self.n_estimate else None

    @property
    def recall(self) -> float | None:
        return self.true_positives / self.n_reference if self.n_reference else None

    @property
    def f(self) -> float | None:
        """2 TP / (2 TP + FP + FN), the harmonic mean of precision and recall."""
        total = self.n_reference + self.n_estimate
        return 2 * self.true_positives / total if total else None


def pooled(counts: Iterable[Counts]) -> Counts:
    """All counts together."""
    return sum(counts, start=Counts())


@dataclass(frozen=True, slots=True)
class Share:
    """found of total, such as soft notes that were heard."""

    found: int
    total: int

    @property
    def value(self) -> float | None:
        return self.found / self.total if self.total else None


@dataclass(frozen=True, slots=True)
class ClassScore:
    """One class, or all of them together.

    counts: pooled over tracks. mean_f: mean of the tracks' own F over the n_tracks where it is
    defined; None if there is no such track.
    """

    counts: Counts
    mean_f: float | None
    n_tracks: int


@dataclass(frozen=True, slots=True)
class TrackScore:
    """One track: all classes pooled, and each."""

    counts: Counts
    classes: Mapping[str, Counts]


@dataclass(frozen=True, slots=True)
class Timing:
    """Estimated minus reference time of pairs, in seconds: negative is early."""

    lower_quartile: float
    median: float
    upper_quartile: float
    n: int


@dataclass(frozen=True, slots=True)
class VelocityAgreement:
    """Velocities of pairs, where both sides have one; all in 0..1.

    mean_absolute_error; bias: mean of estimate minus reference; correlation: Pearson's, None where
    it is not defined (fewer than three pairs, or one side constant).
    """

    mean_absolute_error: float
    bias: float
    correlation: float | None
    n: int


@dataclass(frozen=True, slots=True)
class ConfidenceBin:
    """Estimates with a confidence in low..high: what they promised and what became of them."""

    low: float
    high: float
    n: int
    mean_confidence: float
    precision: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """Whether a confidence of 0.8 means that 8 of 10 such estimates are right.

    expected_error: ECE, the mean gap of promise and precision, weighted by the size of the bins.
    bins: those with estimates in them.
    """

    expected_error: float
    bins: tuple[ConfidenceBin, ...]
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SetScore:
    """One label set at one tolerance.

    classes: in the order of the set. macro_f: mean of pooled F over classes that the reference
    has. interval: of the pooled F of all classes, 95 % of bootstrap resamples of tracks; None
    with fewer than two tracks.
    confusions: (reference class, estimated class) -> how often a reference that was missed has an
    estimate of another class within the tolerance. missed, inserted: the rest, per class.
    recall_by_label: as the reference's own labels have it.
    simultaneous: only where two or more instruments of the reference sound together.
    soft_recall: references with a low velocity; None where no reference has a velocity.
    velocity, calibration: None where one side does not say.
    """

    label_set: str
    tolerance_seconds: float
    classes: Mapping[str, ClassScore]
    all: ClassScore
    macro_f: float | None
    interval: tuple[float, float] | None
    tracks: Mapping[str, TrackScore]
    confusions: Mapping[tuple[str, str], int]
    missed: Mapping[str, int]
    inserted: Mapping[str, int]
    recall_by_label: Mapping[str, Share]
    timing: Timing | None
    simultaneous: Counts
    soft_recall: Share | None
    velocity: VelocityAgreement | None
    velocity_by_class: Mapping[str, VelocityAgreement]
    calibration: Calibration | None


@dataclass(frozen=True, slots=True, kw_only=True)
class HitsReport:
    """Everything.

    tracks: scored, sorted. without_estimate: left out, unless the options count them as empty.
    without_reference: estimates that nothing is known about.
    flams: two strokes on one drum in quick succession, both of them found, at the widest tolerance.
    scores: one per label set and tolerance.
    """

    tracks: tuple[str, ...]
    without_estimate: tuple[str, ...]
    without_reference: tuple[str, ...]
    flams: Share
    scores: tuple[SetScore, ...]

    def score(self, label_set: str, tolerance_seconds: float = 0.05) -> SetScore:
        """The score of one label set; raises KeyError if it was not asked for."""
        for score in self.scores:
            if (score.label_set, score.tolerance_seconds) == (label_set, tolerance_seconds):
                return score
        raise KeyError((label_set, tolerance_seconds))

"""Every number by which a run is judged and budgeted: its unit, and where it comes from."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class DoubtTuning:
    """When a song was hardly heard.

    Measured on 934 drum parts of whole songs: two have fewer than 100 strokes a minute (the median
    is 489), one in a hundred has fewer cymbals or kicks than this, one in eighty fewer snares.

    least_per_minute: strokes.
    least_kicks, least_snares, least_cymbals: shares of all strokes.
    least_seconds, least_strokes: a few bars, or a handful of strokes, say nothing about a song.
    low_confidence: below this mean confidence a page needs a listener's eye: see
        docs/explanation/confidence.md.
    """

    least_per_minute: float = 100.0
    least_kicks: float = 0.02
    least_snares: float = 0.02
    least_cymbals: float = 0.05
    least_seconds: float = 15.0
    least_strokes: int = 100
    low_confidence: float = 0.6


@dataclass(frozen=True, slots=True)
class ReviewTuning:
    """Which strokes a reader is asked to check, and which nearly heard ones are offered.

    The chance that a stroke is real is sigmoid(slope * logit(confidence) + support_weight * support
    + intercept); support is the share of the bars around that have the same drum at the same place.
    Fitted by `python -m lab.measure.doubt` on four annotated recordings, mixes and their drums
    alone (figures: lab/LOG.md), once for hits, once for peaks
    that are none.

    doubtful_below: a hit that is likelier wrong than one in three is doubtful.
    offered_from: so that no more than one false offer comes with a bar.
    bars_around: which bars speak for a stroke; same_place_seconds: how near the place must be.
    surest: confidences count as this at most; a curve has no more to say beyond.
    parts_of_beat: places that strokes are grouped by.
    fewest_together: strokes of a drum at one place that make a group of their own.
    """

    hit_slope: float = 1.048
    hit_support_weight: float = 1.093
    hit_intercept: float = -0.839
    offer_slope: float = 1.071
    offer_support_weight: float = 2.834
    offer_intercept: float = -1.957
    doubtful_below: float = 2 / 3
    offered_from: float = 0.2
    bars_around: tuple[int, ...] = (-4, -2, -1, 1, 2, 4)
    same_place_seconds: float = 0.045
    surest: float = 0.999
    parts_of_beat: tuple[Fraction, ...] = (
        Fraction(0),
        Fraction(1, 4),
        Fraction(1, 3),
        Fraction(1, 2),
        Fraction(2, 3),
        Fraction(3, 4),
        Fraction(1),
    )
    fewest_together: int = 4


@dataclass(frozen=True, slots=True)
class DecodingBudget:
    """What the child that decodes a recording may use.

    base_memory_bytes: interpreter, NumPy, decoders, blocks under way; as address space, of which
        most is never touched.
    growth: a header that lies about the length makes the array grow, old and new one side by side.
    base_cpu_seconds: for the start, on a slow machine; cpu_share: CPU-seconds per second of sound:
        decoders run at a hundred times real time and more.
    """

    base_memory_bytes: int = 1 << 30
    growth: float = 2.5
    base_cpu_seconds: float = 60
    cpu_share: float = 0.5


@dataclass(frozen=True, slots=True)
class RefiningTuning:
    """When two hearings speak of the same stroke.

    same_stroke_seconds: apart at most; the tolerance by which hits are judged (50 ms, as in
        mir_eval), within which no drummer strikes the same drum twice but for flams.
    """

    same_stroke_seconds: float = 0.05


DOUBTS = DoubtTuning()
REFINING = RefiningTuning()
REVIEW = ReviewTuning()
DECODING = DecodingBudget()

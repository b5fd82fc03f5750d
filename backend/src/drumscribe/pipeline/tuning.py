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
class RevisionTuning:
    """When the strokes of a page are no longer those of the song that was read first.

    least_known: of the strokes of a page so many must stand in what it was first written from. A
        judgement: below it most are of another hand, and they say best how they are played.
    """

    least_known: float = 0.5


@dataclass(frozen=True, slots=True)
class ReviewTuning:
    """Which strokes a reader is asked to check, and which nearly heard ones are offered.

    The chance that a hit is real is sigmoid(slope * logit(confidence) + support_weight * support
    + intercept); support is the share of the bars like its own that have the same drum at the same
    place. Of an offer two things more are asked: whether the stroke is written under another name,
    and how doubtful the piece is as a whole.

    The weights were fitted by `python -m lab.measure.doubt --cache` on minutes of our own renders,
    with drummers, kits and bands that the network never heard; the intercept of the hits so that as
    many are right as are said to be on four annotated recordings, mixes and their drums alone.
    Figures, and how flat the other numbers are: lab/LOG.md.

    doubtful_below: a hit that is likelier wrong than one in three is doubtful.
    offered_from: a nearly heard stroke less likely than this is not worth a look.
    false_a_bar: of the others the likeliest are offered until so many false ones are expected.
    bars_around: bars so far away speak for a stroke; repeated_seconds: how near the place must be.
    slots_a_bar, likeness_power: bars are compared by what is struck in so many slots, and their
        likeness raised to this counts. likeness_wanted: with less of it in all, the bars around
        say more than those alike.
    same_place_seconds: nearer strokes of one drum are the same.
    surest: confidences count as this at most; a curve has no more to say beyond.
    parts_of_beat: places that strokes are grouped by.
    fewest_together: strokes of a drum at one place that make a group of their own.
    """

    hit_slope: float = 0.83
    hit_support_weight: float = 2.063
    hit_intercept: float = -1.268
    offer_slope: float = 0.672
    offer_support_weight: float = 3.797
    offer_written_weight: float = -0.644
    offer_doubt_weight: float = 0.698
    offer_intercept: float = -0.124
    doubtful_below: float = 2 / 3
    offered_from: float = 0.25
    false_a_bar: float = 1.0
    bars_around: int = 32
    repeated_seconds: float = 0.035
    slots_a_bar: int = 24
    likeness_power: int = 3
    likeness_wanted: float = 0.1
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
class SettlingTuning:
    """When what was nearly heard is written because the bars like its own have it.

    written_from: its chance. At .7 every class of every set gains or stays; below .65 more of it is
        false on recordings than the curve says, which was fitted on renders (lab/LOG.md, "Written
        because it is repeated").
    fewest_bars: bar lines without which nothing repeats itself.
    """

    written_from: float = 0.7
    fewest_bars: int = 4


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
REVISION = RevisionTuning()
SETTLING = SettlingTuning()
DECODING = DecodingBudget()

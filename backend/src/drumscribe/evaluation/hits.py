"""How well hits are heard: onsets compared with known truth, class by class.

The protocol is described in docs/explanation/accuracy.md. Training, tests and the command line
all measure through evaluate_hits.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from drumscribe.domain.drums import Hit
from drumscribe.errors import InvalidOption
from drumscribe.evaluation import hit_measures as measures
from drumscribe.evaluation.hit_measures import Matched
from drumscribe.evaluation.hits_report import (
    ClassScore,
    Counts,
    HitsReport,
    SetScore,
    Share,
    TrackScore,
    pooled,
)
from drumscribe.evaluation.labels import LABEL_SETS, LabelSet
from drumscribe.evaluation.strokes import SideStick, Stroke, as_strokes, by_class, is_any

Tracks = Mapping[str, Sequence[Hit | Stroke]]
_Sides = tuple[list[Stroke], list[Stroke]]


@dataclass(frozen=True, slots=True, kw_only=True)
class HitsOptions:
    """The protocol's numbers; the defaults are the protocol.

    label_sets: names of LABEL_SETS. tolerances_seconds: largest |estimate - reference| of a pair.
    side_stick: whether cross-sticks are snares, or left out on both sides.
    coarse_has_a_place: read an estimate's hihat, cymbal and tom as closed hat, crash and middle
        tom in nine classes, where they have no place otherwise.
    double_seconds, double_any_seconds: strokes of one class that follow sooner than this are one
        stroke; the second holds in the set that does not tell instruments apart.
    offset_seconds: added to the time of every estimate.
    missing_is_empty: a reference without an estimate counts as an estimate without hits.
    """

    label_sets: tuple[str, ...] = tuple(LABEL_SETS)
    tolerances_seconds: tuple[float, ...] = (0.05, 0.025)
    side_stick: SideStick = SideStick.SNARE
    coarse_has_a_place: bool = False
    double_seconds: float = 0.020
    double_any_seconds: float = 0.030
    offset_seconds: float = 0.0
    missing_is_empty: bool = False

    def __post_init__(self) -> None:
        unknown = [name for name in self.label_sets if name not in LABEL_SETS]
        if unknown or not self.label_sets:
            raise InvalidOption(
                f"Unknown label set {', '.join(unknown) or 'none'}; "
                f"choose from {', '.join(LABEL_SETS)}."
            )
        if not self.tolerances_seconds or not all(0 < t <= 1 for t in self.tolerances_seconds):
            raise InvalidOption("Tolerances must lie above 0 and not above 1 second.")
        if self.double_seconds < 0 or self.double_any_seconds < 0:
            raise InvalidOption("The gap of doubles must not be negative.")


def evaluate_hits(
    reference: Tracks, estimate: Tracks, options: HitsOptions | None = None
) -> HitsReport:
    """Compare estimated hits with the reference, track by track.

    reference, estimate: track name -> hits (or strokes, where a source knows less than a hit), in
    any order. Only tracks of both sides are scored; the report names the others.

    Raises InvalidOption if no track is left to score.
    """
    options = options or HitsOptions()
    scored = sorted(reference if options.missing_is_empty else set(reference) & set(estimate))
    if not scored:
        raise InvalidOption("No track is present on both sides.")
    sides: dict[str, _Sides] = {
        track: (
            as_strokes(reference[track], options.side_stick),
            _moved(as_strokes(estimate.get(track, ()), options.side_stick), options.offset_seconds),
        )
        for track in scored
    }
    flams = [
        measures.flams(true, said, max(options.tolerances_seconds)) for true, said in sides.values()
    ]
    return HitsReport(
        tracks=tuple(scored),
        without_estimate=tuple(sorted(set(reference) - set(estimate))),
        without_reference=tuple(sorted(set(estimate) - set(reference))),
        flams=Share(sum(f.found for f in flams), sum(f.total for f in flams)),
        scores=tuple(
            _score(
                {t: _matches(s, LABEL_SETS[name], tolerance, options) for t, s in sides.items()},
                LABEL_SETS[name],
                tolerance,
            )
            for name in options.label_sets
            for tolerance in options.tolerances_seconds
        ),
    )


def _moved(strokes: list[Stroke], seconds: float) -> list[Stroke]:
    return [replace(stroke, time=stroke.time + seconds) for stroke in strokes]


def _matches(
    sides: _Sides, label_set: LabelSet, tolerance_seconds: float, options: HitsOptions
) -> dict[str, Matched]:
    """One track in the classes of one set, each class matched."""
    true, said = sides
    gap = options.double_any_seconds if is_any(label_set) else options.double_seconds
    reads_coarse = options.coarse_has_a_place and label_set.name == "9"
    reference = by_class(true, label_set, least_gap_seconds=gap)
    estimate = by_class(said, label_set, least_gap_seconds=gap, coarse_has_a_place=reads_coarse)
    return {
        cls: measures.matched(reference[cls], estimate[cls], tolerance_seconds)
        for cls in label_set.classes
    }


def _score(
    tracks: Mapping[str, Mapping[str, Matched]], label_set: LabelSet, tolerance_seconds: float
) -> SetScore:
    track_scores = {
        track: TrackScore(
            counts=pooled(one.counts for one in classes.values()),
            classes={cls: one.counts for cls, one in classes.items()},
        )
        for track, classes in tracks.items()
    }
    totals = [track.counts for track in track_scores.values()]
    class_scores = {
        cls: _class_score([track.classes[cls] for track in track_scores.values()])
        for cls in label_set.classes
    }
    in_reference = [
        s.counts.f for s in class_scores.values() if s.counts.n_reference and s.counts.f is not None
    ]
    every = [one for classes in tracks.values() for one in classes.values()]
    pairs = [pair for one in every for pair in one.stroke_pairs()]
    by_name = {
        cls: measures.velocity_agreement(
            pair for classes in tracks.values() for pair in classes[cls].stroke_pairs()
        )
        for cls in label_set.classes
    }
    mistakes = measures.mistakes(tracks.values(), tolerance_seconds)
    return SetScore(
        label_set=label_set.name,
        tolerance_seconds=tolerance_seconds,
        classes=class_scores,
        all=_class_score(totals),
        macro_f=float(np.mean(in_reference)) if in_reference else None,
        interval=measures.bootstrap_interval(totals),
        tracks=track_scores,
        confusions=dict(mistakes.confused.most_common()),
        missed=dict(mistakes.missed.most_common()),
        inserted=dict(mistakes.inserted.most_common()),
        recall_by_label=_recall_by_label(every),
        timing=measures.timing(pairs),
        simultaneous=pooled(
            measures.simultaneous(classes, tolerance_seconds) for classes in tracks.values()
        ),
        soft_recall=measures.soft_recall(every),
        velocity=measures.velocity_agreement(pairs),
        velocity_by_class={cls: found for cls, found in by_name.items() if found},
        calibration=measures.calibration(every),
    )


def _class_score(per_track: Sequence[Counts]) -> ClassScore:
    defined = [counts.f for counts in per_track if counts.f is not None]
    mean_f = float(np.mean(defined)) if defined else None
    return ClassScore(pooled(per_track), mean_f, len(defined))


def _recall_by_label(matches: Sequence[Matched]) -> dict[str, Share]:
    total: Counter[str] = Counter()
    found: Counter[str] = Counter()
    for one in matches:
        total.update(stroke.label or stroke.name for stroke in one.reference)
        found.update(one.reference[i].label or one.reference[i].name for i in one.found)
    return {label: Share(found[label], n) for label, n in total.most_common()}

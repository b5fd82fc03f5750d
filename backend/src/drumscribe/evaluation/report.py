"""A comparison of hits as a table for people and as a document for programs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from textwrap import wrap
from typing import Any

from drumscribe.evaluation.hits_report import (
    ClassScore,
    Counts,
    HitsReport,
    SetScore,
    Share,
    TrackScore,
)

_LONGEST_LIST = 6
_WIDTH = 100


def to_dict(report: HitsReport) -> dict[str, Any]:
    """Everything as plain values, in full precision; seconds, and shares of 1.

    What is not defined is null.
    """
    return {
        "tracks": list(report.tracks),
        "without_estimate": list(report.without_estimate),
        "without_reference": list(report.without_reference),
        "flams": _share(report.flams),
        "scores": [_score_dict(score) for score in report.scores],
    }


def _score_dict(score: SetScore) -> dict[str, Any]:
    return {
        "label_set": score.label_set,
        "tolerance_seconds": score.tolerance_seconds,
        "all": _class_dict(score.all),
        "interval_95": list(score.interval) if score.interval else None,
        "macro_f": score.macro_f,
        "classes": {name: _class_dict(one) for name, one in score.classes.items()},
        "tracks": {name: _track_dict(one) for name, one in score.tracks.items()},
        "timing_seconds": asdict(score.timing) if score.timing else None,
        "simultaneous": _counts_dict(score.simultaneous),
        "soft_recall": _share(score.soft_recall) if score.soft_recall else None,
        "velocity": asdict(score.velocity) if score.velocity else None,
        "velocity_by_class": {name: asdict(v) for name, v in score.velocity_by_class.items()},
        "calibration": asdict(score.calibration) if score.calibration else None,
        "confusions": [
            {"reference": reference, "estimate": estimate, "n": n}
            for (reference, estimate), n in score.confusions.items()
        ],
        "missed": dict(score.missed),
        "inserted": dict(score.inserted),
        "recall_by_label": {label: _share(one) for label, one in score.recall_by_label.items()},
    }


def _counts_dict(counts: Counts) -> dict[str, Any]:
    return {
        "reference": counts.n_reference,
        "estimate": counts.n_estimate,
        **asdict(counts),
        "precision": counts.precision,
        "recall": counts.recall,
        "f": counts.f,
    }


def _class_dict(score: ClassScore) -> dict[str, Any]:
    return {**_counts_dict(score.counts), "mean_f": score.mean_f, "mean_tracks": score.n_tracks}


def _track_dict(score: TrackScore) -> dict[str, Any]:
    return {
        **_counts_dict(score.counts),
        "f_by_class": {name: counts.f for name, counts in score.classes.items()},
    }


def _share(share: Share) -> dict[str, Any]:
    return {**asdict(share), "share": share.value}


def to_text(report: HitsReport, *, shows_tracks: bool = False) -> str:
    """Tables of percentages, one per label set and tolerance; what is not defined is a dash.

    What goes beyond counts is said once per label set, at the widest tolerance.
    """
    return "\n".join(_lines(report, shows_tracks=shows_tracks)) + "\n"


def _lines(report: HitsReport, *, shows_tracks: bool) -> Iterator[str]:
    n = len(report.tracks)
    yield f"{n} track{'' if n == 1 else 's'}: {' '.join(report.tracks)}"
    if report.without_estimate:
        yield f"no estimate: {' '.join(report.without_estimate)}"
    if report.without_reference:
        yield f"no reference: {' '.join(report.without_reference)}"
    widest = max(score.tolerance_seconds for score in report.scores)
    for score in report.scores:
        yield ""
        yield from _table(score)
        if shows_tracks:
            yield from _track_lines(score)
        if score.tolerance_seconds == widest:
            for line in _details(score):
                yield from wrap(line, _WIDTH, initial_indent="  ", subsequent_indent="    ")
    if report.flams.total:
        yield ""
        yield f"flams with both strokes found: {_found(report.flams)}"


def _table(score: SetScore) -> Iterator[str]:
    n = len(score.classes)
    interval = (
        f" (95 % of resamples: {_percent(score.interval[0])} to {_percent(score.interval[1])})"
        if score.interval
        else ""
    )
    yield (
        f"{n} class{'' if n == 1 else 'es'}, within {1000 * score.tolerance_seconds:g} ms: "
        f"F {_percent(score.all.counts.f)}{interval}, mean over tracks "
        f"{_percent(score.all.mean_f)}, macro {_percent(score.macro_f)}"
    )
    heads = "".join(f"{head:>6}" for head in ("ref", "est", "TP", "FP", "FN"))
    yield f"  {'':13}{heads}{'P':>7}{'R':>7}{'F':>7}{'mean F':>8}"
    rows = {**score.classes, "all": score.all} if n > 1 else score.classes
    for name, one in rows.items():
        counts = one.counts
        numbers = (
            counts.n_reference,
            counts.n_estimate,
            counts.true_positives,
            counts.false_positives,
            counts.false_negatives,
        )
        shares = "".join(f"{_percent(v):>7}" for v in (counts.precision, counts.recall, counts.f))
        yield (
            f"  {name:13}{''.join(f'{v:6d}' for v in numbers)}{shares}{_percent(one.mean_f):>8}"
            f" ({one.n_tracks})"
        )


def _track_lines(score: SetScore) -> Iterator[str]:
    for name, track in score.tracks.items():
        classes = " ".join(f"{cls} {_percent(c.f)}" for cls, c in track.classes.items())
        yield f"  {name}: F {_percent(track.counts.f)}; {classes}"


def _details(score: SetScore) -> Iterator[str]:
    if score.timing:
        early = "early" if score.timing.median < 0 else "late"
        yield (
            f"timing: {abs(1000 * score.timing.median):.1f} ms {early} (median; half of the pairs "
            f"{1000 * score.timing.lower_quartile:+.1f} to "
            f"{1000 * score.timing.upper_quartile:+.1f} ms)"
        )
    if score.simultaneous.n_reference:
        yield (
            f"instruments together: F {_percent(score.simultaneous.f)} of "
            f"{score.simultaneous.n_reference} strokes"
        )
    if score.soft_recall and score.soft_recall.total:
        yield f"soft strokes found (velocity below 40 of 127): {_found(score.soft_recall)}"
    if score.velocity:
        correlation = score.velocity.correlation
        yield (
            f"velocity: off by {127 * score.velocity.mean_absolute_error:.1f} of 127 on average "
            f"(bias {127 * score.velocity.bias:+.1f}), correlation "
            f"{'-' if correlation is None else f'{correlation:.2f}'}, {score.velocity.n} pairs"
        )
    if score.calibration:
        yield f"confidence: expected calibration error {score.calibration.expected_error:.3f}"
    if score.confusions:
        words = {f"{a} as {b}": n for (a, b), n in score.confusions.items()}
        yield f"heard as another: {_most(words)}"
    if score.missed:
        yield f"missed: {_most(score.missed)}"
    if score.inserted:
        yield f"inserted: {_most(score.inserted)}"
    if len(score.recall_by_label) > 1 and len(score.classes) > 1:
        found = {k: f"{v.found}/{v.total}" for k, v in score.recall_by_label.items()}
        yield f"found of each label: {', '.join(f'{k} {v}' for k, v in found.items())}"


def _most(counts: Mapping[str, int]) -> str:
    parts = [f"{name} {n}" for name, n in counts.items()]
    rest = len(parts) - _LONGEST_LIST
    return ", ".join(parts[:_LONGEST_LIST]) + (f" and {rest} more kinds" if rest > 0 else "")


def _found(share: Share) -> str:
    value = f" ({_percent(share.value)} %)" if share.total else ""
    return f"{share.found} of {share.total}{value}"


def _percent(value: float | None) -> str:
    return "-" if value is None else f"{100 * value:.1f}"

"""Fits and judges what a reader is asked to check, and what is offered to him.

    python -m lab.measure.doubt --free FOLDER --annotated FOLDER [--cache runs/cache]

Judged on two origins that nothing was trained on: free pieces with MIDI by others (audio, ref) and
annotated recordings (mix_proxy and drum_stem, annotations/subclass). With --cache the curves of
`drumscribe.pipeline.reviewing` are fitted anew on rendered minutes (lab/measure/minutes.py), the
level of the hits' curve on the annotated recordings, and printed; they are released by being
written into `ReviewTuning`. (How doubtful a piece is, which the offers ask, is said by the released
curve of the hits: where that is new, fit again.) The free pieces are for judging only. Each piece
has the say of the square root of its strokes. Printed per origin:

- strokes: F-measure in nine classes by height alone, and with the bars asked (pipeline/settle.py);
- flags: how many hits are flagged, how many of those are wrong (precision), and how many of the
  wrong ones are flagged (recall): by confidence alone as at first (below .75), and as released;
- offers: what share of the missed strokes is offered, false offers a bar, and what becomes of the
  others; what share would be held at half a false offer a bar, one and two, were all pieces one;
- actions: what it takes to go through a piece, group by group (one press where all are right or all
  are wrong, else one for each exception and one for the rest), scaled to four minutes.

Strokes of one drum within 20 ms are one, as in `lab.measure.onsets`, and what the truth has after
the recording is over counts for nothing.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq, minimize

from drumscribe.beats import track_beats
from drumscribe.domain.comparing.matching import match
from drumscribe.domain.drums import Activations, Hit, Listening, numbered
from drumscribe.domain.rhythm import BeatGrid
from drumscribe.domain.transcription import Transcript
from drumscribe.domain.wishes import BeatWishes, HearingWishes
from drumscribe.hearing.detection import Detector, detect, load_detector
from drumscribe.hearing.nearly import nearly_heard
from drumscribe.hearing.picking import pick
from drumscribe.pipeline.context import LocalContext
from drumscribe.pipeline.reviewing.chances import (
    chances_of_hits,
    chances_of_offers,
    features_of_hits,
    features_of_offers,
)
from drumscribe.pipeline.reviewing.review import ReviewKind, offered, review
from drumscribe.pipeline.settle import settled
from drumscribe.pipeline.tuning import REVIEW
from lab.measure.evaluate import read_audio, read_reference
from lab.measure.minutes import COUNT, minutes
from lab.measure.onsets import Strokes, without_doubles

_TOLERANCE_SECONDS = 0.05
_BEFORE = 0.75
_MINUTES = 4.0
_FALSE_A_BAR = (0.5, 1.0, 2.0)

Mask = NDArray[np.bool_]


class Judged(NamedTuple):
    """Strokes of a piece by their features, and which are real."""

    features: NDArray[np.float64]
    real: Mask


class Piece(NamedTuple):
    """A piece as heard, against the truth.

    hits: as they stand on the page; nearly: what was nearly heard and does not. real, real_nearly:
        which of both were played. picked, traces: what thresholds let in and what they did not,
        before the bars were asked.
    missed: strokes that are no hits; no_peak: those of them that are not among the nearly heard.
    """

    name: str
    origin: str
    hits: tuple[Hit, ...]
    nearly: tuple[Hit, ...]
    grid: BeatGrid
    real: Mask
    real_nearly: Mask
    picked: Judged
    traces: Judged
    missed: Strokes
    no_peak: Strokes
    seconds: float


class Curve(NamedTuple):
    """A chance is sigmoid(features @ weights + intercept)."""

    weights: tuple[float, ...]
    intercept: float

    def __call__(self, features: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.asarray(1 / (1 + np.exp(-(features @ np.array(self.weights) + self.intercept))))


def real_among(strokes: Sequence[Hit], true: Strokes) -> tuple[Mask, Strokes]:
    """Which strokes were played, and those that were played beside them; doubles once."""
    real = np.zeros(len(strokes), bool)
    left: Strokes = []
    for name in sorted({hit.instrument.value for hit in strokes} | {name for _, name in true}):
        own = [i for i, hit in enumerate(strokes) if hit.instrument.value == name]
        times = without_doubles(sorted(time for time, of in true if of == name))
        pairs = match(times, [strokes[i].time for i in own], _TOLERANCE_SECONDS)
        for _, found in pairs:
            real[own[found]] = True
        met = {of for of, _ in pairs}
        left += [(time, name) for i, time in enumerate(times) if i not in met]
    return real, left


def judged(
    name: str, origin: str, said: Activations, true: Strokes, detector: Detector,
    *, drowned: Sequence[tuple[float, str]] = (),
) -> Piece:  # fmt: skip
    """What a detector makes of activations.

    drowned: those of the strokes that nobody hears; they are missed by nobody.
    """
    options = detector.picking_for(said.listening)
    picked = numbered(pick(said, options))
    with LocalContext() as context:
        grid = track_beats(None, None, picked, networks=None, options=BeatWishes(), context=context)
    seconds = len(said.onsets) / said.fps
    true = [stroke for stroke in true if stroke[0] < seconds]
    traces = nearly_heard(said, options, picked)
    traces = [one for one, is_one in zip(traces, _near(traces, drowned), strict=True) if not is_one]
    strokes = settled(picked, traces, grid, HearingWishes())
    hits, nearly = numbered(strokes.hits), strokes.left

    def missed_by(found: Sequence[Hit]) -> tuple[Mask, Strokes]:
        real, missed = real_among(found, true)
        return real, [stroke for stroke in missed if stroke not in drowned]

    real_picked, missed_by_height = missed_by(picked)
    real_traces, _ = real_among(traces, missed_by_height)
    real, missed = missed_by(hits)
    real_nearly, no_peak = real_among(nearly, missed)
    return Piece(
        name,
        origin,
        hits,
        nearly,
        grid,
        real,
        real_nearly,
        picked=Judged(features_of_hits(picked, grid), real_picked),
        traces=Judged(features_of_offers(traces, picked, grid), real_traces),
        missed=missed,
        no_peak=no_peak,
        seconds=seconds,
    )


def _near(strokes: Sequence[Hit], others: Sequence[tuple[float, str]]) -> list[bool]:
    times: dict[str, list[float]] = {}
    for time, name in others:
        times.setdefault(name, []).append(time)
    return [
        any(abs(time - one.time) < _TOLERANCE_SECONDS for time in times.get(one.instrument, ()))
        for one in strokes
    ]


def hear(path: Path, reference: Path, origin: str, listening: Listening) -> Piece:
    """What the released weights hear of a recording."""
    detector = load_detector()
    with LocalContext() as context:
        said = detect(read_audio(path), detector, context, listening=listening)
    true = read_reference(reference / f"{path.stem}.txt")
    return judged(path.stem, origin, said, true, detector)


def recordings(free: Path, annotated: Path) -> Iterator[Piece]:
    """Both origins; the annotated ones as mixes and as their drums alone."""
    subclass = annotated / "annotations" / "subclass"
    for origin, folder, reference, listening in (
        ("free", free / "audio", free / "ref", Listening.MIX),
        ("annotated", annotated / "mix_proxy", subclass, Listening.MIX),
        ("annotated stems", annotated / "drum_stem", subclass, Listening.STEM),
    ):
        for path in sorted(folder.iterdir()):
            yield hear(path, reference, origin, listening)


def fitted(sets: Sequence[Judged]) -> Curve:
    """The likeliest curve; a piece has the say of the square root of its strokes."""
    sets = [one for one in sets if len(one.real)]
    features = np.concatenate([one.features for one in sets])
    real = np.concatenate([one.real for one in sets]).astype(float)
    weights = np.concatenate([np.full(len(one.real), len(one.real) ** -0.5) for one in sets])
    design = np.column_stack([features, np.ones(len(features))])

    def loss(parameters: NDArray[np.float64]) -> float:
        z = design @ parameters
        return float((weights * (np.logaddexp(0, z) - real * z)).sum() / weights.sum())

    *found, intercept = minimize(loss, np.zeros(design.shape[1])).x
    return Curve(tuple(round(float(value), 3) for value in found), round(float(intercept), 3))


def levelled(curve: Curve, sets: Sequence[Judged]) -> Curve:
    """The curve with the intercept by which as many strokes are real as it says."""
    features = np.concatenate([one.features for one in sets])
    real = float(np.concatenate([one.real for one in sets]).mean())

    def too_many(intercept: float) -> float:
        return float(curve._replace(intercept=intercept)(features).mean()) - real

    return curve._replace(intercept=round(float(brentq(too_many, -9.0, 9.0)), 3))


def print_strokes(pieces: Sequence[Piece]) -> None:
    """F-measure before and after the bars are asked."""
    true = sum(int(piece.real.sum()) + len(piece.missed) for piece in pieces)

    def f_of(said: Sequence[Mask]) -> float:
        return 2 * sum(int(one.sum()) for one in said) / (sum(map(len, said)) + true)

    print(
        f"  F in nine classes: {f_of([piece.picked.real for piece in pieces]):.4f} by height, "
        f"{f_of([piece.real for piece in pieces]):.4f} with the bars asked"
    )


def print_flags(pieces: Sequence[Piece]) -> None:
    """Precision and recall of the flag, at first and now."""
    real = np.concatenate([piece.real for piece in pieces])
    confidences = np.array([hit.confidence for piece in pieces for hit in piece.hits])
    chances = np.concatenate([chances_of_hits(piece.hits, piece.grid) for piece in pieces])
    before = confidences < _BEFORE
    for name, flags in (("at first", before), ("released", chances < REVIEW.doubtful_below)):
        wrong = int((flags & ~real).sum())
        print(
            f"  {name}: {len(real)} hits, {int((~real).sum())} wrong; flagged {int(flags.sum())}, "
            f"precision {wrong / max(1, flags.sum()):.3f}, "
            f"recall {wrong / max(1, (~real).sum()):.3f}"
        )
    # As many wrong ones as at first, for a comparison at the same recall.
    wanted = int((before & ~real).sum())
    n = int(np.searchsorted(np.cumsum(~real[np.argsort(chances)]), wanted)) + 1
    print(f"  released, at the recall at first: {n} flagged, {wanted / n:.2f} of them wrong")


def shown(piece: Piece) -> Mask:
    """Which of the nearly heard strokes are offered."""
    kept = {(one.time, one.instrument) for one in offered(piece.nearly, piece.hits, piece.grid)}
    return np.array([(one.time, one.instrument) in kept for one in piece.nearly], bool)


def print_offers(pieces: Sequence[Piece]) -> None:
    """What is offered of what was missed, and where the rest is lost."""
    chances = np.concatenate([
        chances_of_offers(piece.nearly, piece.hits, piece.grid) for piece in pieces
    ])  # fmt: skip
    heights = np.array([one.confidence for piece in pieces for one in piece.nearly])
    real = np.concatenate([piece.real_nearly for piece in pieces])
    offers = np.concatenate([shown(piece) for piece in pieces])
    missed = max(1, sum(len(piece.missed) for piece in pieces))
    bars = sum(piece.grid.downbeat_times.size for piece in pieces)
    print(
        f"  {missed} missed in {bars} bars; offered {int(offers.sum())}, right "
        f"{int((offers & real).sum())} ({(offers & real).sum() / missed:.2f} of the missed), "
        f"{(offers & ~real).sum() / bars:.2f} false a bar"
    )
    unlikely = real & (chances < REVIEW.offered_from)
    print(
        f"  of the others {sum(len(piece.no_peak) for piece in pieces)} leave no peak, "
        f"{int(unlikely.sum())} are too unlikely, {int((real & ~unlikely & ~offers).sum())} come "
        f"after the likelier ones; {sum(map(written_otherwise, pieces))} of all are written under "
        "another name"
    )
    for name, scores in (("chance", chances), ("height alone", heights)):
        order = np.argsort(-scores)
        false, right = np.cumsum(~real[order]), np.cumsum(real[order])
        held = {
            share: right[:n][-1:].sum() / missed
            for share in _FALSE_A_BAR
            for n in [int(np.searchsorted(false, share * bars, side="right"))]
        }
        said = ", ".join(f"{share:.2f} at {at:g}" for at, share in held.items())
        print(f"  by {name}, all pieces as one: {said} false a bar")


def written_otherwise(piece: Piece) -> int:
    """How many of the missed strokes have a wrong hit of another cymbal or tom at their place."""
    wrong = [
        hit
        for hit, is_real in zip(piece.hits, piece.real, strict=True)
        if not is_real and hit.instrument.value not in ("kick", "snare")
    ]
    times = np.array([hit.time for hit in wrong])
    return sum(
        name not in ("kick", "snare") and bool((np.abs(times - time) < _TOLERANCE_SECONDS).any())
        for time, name in piece.missed
    )


def actions(piece: Piece) -> float:
    """Presses that a reader who knows the truth needs, for four minutes of the piece."""
    candidates = offered(piece.nearly, piece.hits, piece.grid)
    transcript = Transcript(piece.hits, piece.grid, piece.seconds, 1.0, candidates=candidates)
    real_hits = dict(zip((hit.id for hit in piece.hits), piece.real, strict=True))
    times = {
        (s.time, s.instrument): bool(r)
        for s, r in zip(piece.nearly, piece.real_nearly, strict=True)
    }
    real_offers = {one.id: times[one.time, one.instrument] for one in candidates}
    presses = 0
    for group in review(transcript):
        known = real_hits if group.kind is ReviewKind.DOUBTFUL else real_offers
        right = sum(bool(known[i]) for i in group.ids)
        presses += 1 + min(right, len(group.ids) - right)
    return presses * _MINUTES * 60 / piece.seconds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--free", type=Path, required=True, help="audio/*.opus, ref/*.txt")
    parser.add_argument("--annotated", type=Path, required=True, help="mix_proxy, drum_stem, ...")
    parser.add_argument("--cache", type=Path, help="to fit anew: packed by lab.material.prepare")
    parser.add_argument("--keep", type=Path, default=Path("runs/doubt"), help="kept between calls")
    parser.add_argument("--minutes", type=int, default=COUNT, help="of renders, to fit on")
    args = parser.parse_args()
    detector = load_detector()
    pieces = list(recordings(args.free, args.annotated))
    if args.cache:
        pieces += [
            judged(str(i), "renders", said, true, detector, drowned=drowned)
            for i, (said, true, drowned) in enumerate(
                minutes(args.cache, detector, args.keep, args.minutes)
            )
        ]
    for origin in dict.fromkeys(piece.origin for piece in pieces):
        own = [piece for piece in pieces if piece.origin == origin]
        print(origin)
        print_strokes(own)
        print_flags(own)
        print_offers(own)
        if origin != "renders":
            for piece in own:
                print(f"  {piece.name}: {actions(piece):.0f} actions in {_MINUTES:.0f} min")
    if args.cache:
        renders = [piece for piece in pieces if piece.origin == "renders"]
        annotated = [piece for piece in pieces if piece.origin.startswith("annotated")]
        on_renders = fitted([piece.picked for piece in renders])
        print("to be released: hits", levelled(on_renders, [piece.picked for piece in annotated]))
        print("to be released: offers", fitted([piece.traces for piece in renders]))


if __name__ == "__main__":
    main()

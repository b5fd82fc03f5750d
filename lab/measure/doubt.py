"""Fits and judges what a reader is asked to check, and what is offered to him.

    python -m lab.measure.doubt --free FOLDER --annotated FOLDER

Two origins, none trained on: free pieces with MIDI by others (audio, ref) and annotated recordings
(mix_proxy and drum_stem, annotations/subclass). Curves of `drumscribe.pipeline.review` are fitted
on one origin and judged on the other; those of the annotated recordings are released, so that the
free pieces, which are for judging only, stay unseen. Each piece has the say of the square root of
its strokes. Printed per origin:

- flags: how many hits are flagged, how many of those are wrong (precision), and how many of the
  wrong ones are flagged (recall): by confidence alone as before (below .75), and by each curve;
- offers: what share of the missed strokes is offered, and false offers a bar;
- actions: what it takes to go through a piece, group by group (one press where all are right or all
  are wrong, else one for each exception and one for the rest), scaled to four minutes.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from drumscribe.beats import track_beats
from drumscribe.domain.comparing.matching import match
from drumscribe.domain.drums import Hit, Listening, numbered
from drumscribe.domain.rhythm import BeatGrid
from drumscribe.domain.transcription import Transcript
from drumscribe.domain.wishes import BeatWishes
from drumscribe.hearing.detection import detect, load_detector
from drumscribe.hearing.nearly import nearly_heard
from drumscribe.hearing.picking import pick
from drumscribe.pipeline.context import LocalContext
from drumscribe.pipeline.review import ReviewKind, offered, review, support
from drumscribe.pipeline.tuning import REVIEW
from lab.measure.evaluate import read_audio, read_reference
from lab.measure.onsets import Strokes

_TOLERANCE_SECONDS = 0.05
_BEFORE = 0.75
_MINUTES = 4.0


class Judged(NamedTuple):
    """Strokes by their features (strokes, 2): logit of confidence, support; and which are real."""

    features: NDArray[np.float64]
    real: NDArray[np.bool_]


class Piece(NamedTuple):
    """A piece as heard, against the truth."""

    name: str
    origin: str
    hits: tuple[Hit, ...]
    nearly: tuple[Hit, ...]
    grid: BeatGrid
    of_hits: Judged
    of_nearly: Judged
    missed: int
    seconds: float


class Curve(NamedTuple):
    """A chance is sigmoid(slope * logit(confidence) + support_weight * support + intercept)."""

    slope: float
    support_weight: float
    intercept: float

    def __call__(self, features: NDArray[np.float64]) -> NDArray[np.float64]:
        z = features @ np.array([self.slope, self.support_weight]) + self.intercept
        return np.asarray(1 / (1 + np.exp(-z)))


def real_among(strokes: Sequence[Hit], true: Strokes) -> tuple[NDArray[np.bool_], Strokes]:
    """Which strokes were played, and those that were played beside them."""
    real = np.zeros(len(strokes), bool)
    left: Strokes = []
    for name in {hit.instrument.value for hit in strokes} | {name for _, name in true}:
        own = [i for i, hit in enumerate(strokes) if hit.instrument.value == name]
        times = sorted(time for time, of in true if of == name)
        pairs = match(times, [strokes[i].time for i in own], _TOLERANCE_SECONDS)
        for _, found in pairs:
            real[own[found]] = True
        met = {of for of, _ in pairs}
        left += [(time, name) for i, time in enumerate(times) if i not in met]
    return real, left


def _features(strokes: Sequence[Hit], hits: Sequence[Hit], grid: BeatGrid) -> NDArray[np.float64]:
    sure = np.clip([s.confidence for s in strokes], 1 - REVIEW.surest, REVIEW.surest)
    return np.stack([np.log(sure / (1 - sure)), support(strokes, hits, grid)], axis=1)


def hear(path: Path, reference: Path, origin: str, listening: Listening) -> Piece:
    """What the released weights hear of a recording."""
    detector = load_detector()
    audio = read_audio(path)
    with LocalContext() as context:
        said = detect(audio, detector, context, listening=listening)
        options = detector.picking_for(said.listening)
        hits = numbered(pick(said, options))
        grid = track_beats(None, None, hits, networks=None, options=BeatWishes(), context=context)
    nearly = tuple(nearly_heard(said, options, hits))
    real, missed = real_among(hits, read_reference(reference / f"{path.stem}.txt"))
    of_nearly = real_among(nearly, missed)[0]
    return Piece(
        path.stem,
        origin,
        hits,
        nearly,
        grid,
        Judged(_features(hits, hits, grid), real),
        Judged(_features(nearly, hits, grid), of_nearly),
        len(missed),
        audio.duration_seconds,
    )


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

    return Curve(*(round(float(value), 3) for value in minimize(loss, np.array([1.0, 1, 0])).x))


def print_flags(name: str, pieces: Sequence[Piece], curve: Curve | None) -> None:
    """Precision and recall of the flag."""
    real = np.concatenate([piece.of_hits.real for piece in pieces])
    if curve is None:
        confidences = [hit.confidence for piece in pieces for hit in piece.hits]
        flags = np.array(confidences) < _BEFORE
    else:
        chances = np.concatenate([curve(piece.of_hits.features) for piece in pieces])
        flags = chances < REVIEW.doubtful_below
        # As many wrong ones as before, for a comparison at the same recall.
        before = np.array([h.confidence for p in pieces for h in p.hits]) < _BEFORE
        wanted = int((before & ~real).sum())
        order = np.argsort(chances)
        n = int(np.searchsorted(np.cumsum(~real[order]), wanted)) + 1
        print(f"  {name}: at the recall of before {n} flagged, {wanted / n:.2f} of them wrong")
    wrong = int((flags & ~real).sum())
    print(
        f"  {name}: {len(real)} hits, {int((~real).sum())} wrong; flagged {int(flags.sum())}, "
        f"precision {wrong / max(1, flags.sum()):.2f}, recall {wrong / max(1, (~real).sum()):.2f}"
    )


def print_offers(name: str, pieces: Sequence[Piece], curve: Curve) -> None:
    """What is offered of what was missed, and false offers a bar."""
    chances = np.concatenate([curve(piece.of_nearly.features) for piece in pieces])
    real = np.concatenate([piece.of_nearly.real for piece in pieces])
    missed = sum(piece.missed for piece in pieces)
    bars = sum(piece.grid.downbeat_times.size for piece in pieces)
    shown = chances >= REVIEW.offered_from
    order = np.argsort(-chances)
    within = int(np.searchsorted(np.cumsum(~real[order]), bars, side="right"))
    print(
        f"  {name}: {missed} missed in {bars} bars, {int(real.sum())} of them among "
        f"{len(real)} peaks; offered {int(shown.sum())}, right {int((shown & real).sum())} "
        f"({(shown & real).sum() / max(1, missed):.2f} of the missed), "
        f"{(shown & ~real).sum() / bars:.2f} false a bar; at one false a bar "
        f"{real[order[:within]].sum() / max(1, missed):.2f}"
    )


def actions(piece: Piece) -> float:
    """Presses that a reader who knows the truth needs, for four minutes of the piece."""
    candidates = offered(piece.nearly, piece.hits, piece.grid)
    transcript = Transcript(piece.hits, piece.grid, piece.seconds, 1.0, candidates=candidates)
    real_hits = dict(zip((hit.id for hit in piece.hits), piece.of_hits.real, strict=True))
    times = {
        (s.time, s.instrument): bool(r)
        for s, r in zip(piece.nearly, piece.of_nearly.real, strict=True)
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
    args = parser.parse_args()
    subclass = args.annotated / "annotations" / "subclass"
    folders = (
        ("free", args.free / "audio", args.free / "ref", Listening.MIX),
        ("annotated", args.annotated / "mix_proxy", subclass, Listening.MIX),
        ("annotated stems", args.annotated / "drum_stem", subclass, Listening.STEM),
    )
    pieces = [
        hear(path, reference, origin, listening)
        for origin, folder, reference, listening in folders
        for path in sorted(folder.iterdir())
    ]
    free = [piece for piece in pieces if piece.origin == "free"]
    annotated = [piece for piece in pieces if piece.origin != "free"]
    foreign = {"free": annotated, "annotated": free, "annotated stems": free}
    for origin, others in foreign.items():
        own = [piece for piece in pieces if piece.origin == origin]
        print(f"{origin}, before, by a curve of the other origin, by the released curve")
        print_flags("before", own, None)
        print_flags("other", own, fitted([piece.of_hits for piece in others]))
        released = Curve(REVIEW.hit_slope, REVIEW.hit_support_weight, REVIEW.hit_intercept)
        print_flags("released", own, released)
        print_offers("other", own, fitted([piece.of_nearly for piece in others]))
        print_offers(
            "released",
            own,
            Curve(REVIEW.offer_slope, REVIEW.offer_support_weight, REVIEW.offer_intercept),
        )
    print("to be released: hits", fitted([p.of_hits for p in annotated]))
    print("to be released: offers", fitted([p.of_nearly for p in annotated]))
    for piece in pieces:
        print(f"{piece.origin} {piece.name}: {actions(piece):.0f} actions in {_MINUTES:.0f} min")


if __name__ == "__main__":
    main()

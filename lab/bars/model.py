"""Makes drumscribe/beats/reading/bar_model.json: what the evidence for bars weighs.

    python -m lab.bars.model SONGS_FOLDER [--folds 1] [--cuts 3] [--made 2] [--others 2 3 4 5]
        [--near-shipped] [--without NAMES.txt] [--keep FOLDER]

By maximum likelihood of the right readings among all that are tried (a conditional logit), over
cuts of songs whose bars are known (lab/bars/songs.py), as they are and made into other metres
(lab/bars/made_metres.py), half of them as a listener would hear them, and composed pieces. The
network of strokes has to be there already. In two steps, because what it says of the songs that it
has learnt from is too good: first everything but the network's terms over all songs, then all of it
over the folds that the network has not seen, near what the first gave; or, with --near-shipped, the
second step alone, near the weights that are shipped; or, with --keep-weights, neither.
The weights of the walk through changes of metre stay as they are in the file: fitted like this they
choose whole pages better and find changes less well (lab/LOG.md, "Bars, two networks").
Then the curves of doubt, by logistic regression over the pages of pieces that the weights were not
fitted on: the folds are halved, and each half is read with weights of the other. A page is doubted
below the chance at which most of those doubted are wrong, judged by the curve of the other half.
"""

from __future__ import annotations

import argparse
import json
import pickle
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

import drumscribe.beats.reading as reading_room
from drumscribe.beats.doubt import bar_evidence, page_evidence
from drumscribe.beats.reading.evidence import FEATURES
from drumscribe.beats.reading.model import MODEL_FILE, feature_weights, model_data
from lab.bars.cases import Case, bar_lines, case_of, counted
from lab.bars.composed_songs import composed
from lab.bars.made_metres import Bars, any_making, whole_in
from lab.bars.songs import Floats, cut, read_songs
from lab.notation_study.judging.parts import RIGHT_PAGE_F, downbeat_f
from lab.notation_study.known_parts import KnownPart, as_heard

TARGET = Path(next(iter(reading_room.__path__))) / MODEL_FILE
MADE = "made"  # the group of songs made into other metres
_SECONDS = 45.0
_MADE_SEED = 77
_STRETCHED = 0.5  # octaves of tempo up and down, of songs made into other metres
_MOST_ODD = 0.3  # of the bars; songs with more are not made into anything
_SAME_LINE_SECONDS = 0.07
_MOST_LOSS = 6.0  # nats; beyond it a piece counts by the logarithm: some have no right reading
_SCALE = 2.0  # weights are pulled towards the start in units of it
_PULL = 0.006
# Songs alone cannot say what sound weighs; and a beat at half time over quarters is custom.
_BY_HAND = tuple(name.startswith(("heard", "half-time over")) for name in FEATURES)
# What is usual can only speak for a reading: our own pieces come at all tempi alike, and would have
# the unusual preferred.
_USUAL = ("tempo", "dotted tempo", "fast", "slow", "bar length", "off eighths", "off sixteenths")
_FITTING = ("finer", "likelihood", "likelihood against the best", "lone crashes")
_NEVER_NEGATIVE = tuple(
    name in (*_USUAL, *_FITTING) or name.startswith("learnt") for name in FEATURES
)
_LEARNT = tuple(name.startswith("learnt") for name in FEATURES)
# Of the pages doubted, so many have to be wrong: .7 is wanted, and other songs differ a little.
_WRONG_OF_DOUBTED = 0.72
_LEVELS = np.arange(0.30, 0.80, 0.01)


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """One piece: features of its readings, which are right, and how much the piece counts."""

    features: Floats
    right: NDArray[np.bool_]
    counts: float


@dataclass(frozen=True, slots=True)
class Counts:
    """How much a piece counts: our own, songs made into other metres, songs in other metres than
    4/4; songs in 4/4 count once.
    """

    composed: float
    made: float
    odd: float

    def of(self, piece: KnownPart) -> float:
        """How much this one counts."""
        if piece.group in ("composed", MADE):
            return self.made if piece.group == MADE else self.composed
        return self.odd if str(piece.metre) != "4/4" else 1.0


def rows_of(cases: Sequence[Case], counts: Counts) -> list[Row]:
    """What can be learnt from; pieces without a right reading teach nothing."""
    return [
        Row(case.features.astype(np.float64), case.right, counts.of(case.piece))
        for case in cases
        if case.right.any()
    ]


def fit(rows: Sequence[Row], start: Floats, free: NDArray[np.bool_], pull: float = _PULL) -> Floats:
    """Weights of largest likelihood near `start`."""
    n = sum(row.counts for row in rows)

    def loss(weights: Floats) -> tuple[float, Floats]:
        total, slope = 0.0, np.zeros_like(weights)
        for row in rows:
            scores = row.features @ weights
            chances = np.exp(scores - scores.max())
            right = chances * row.right
            lost = float(np.log(chances.sum()) - np.log(right.sum() + 1e-300))
            gradient = (chances / chances.sum() - right / (right.sum() + 1e-300)) @ row.features
            if lost > _MOST_LOSS:
                gradient = gradient * (_MOST_LOSS / lost)
                lost = _MOST_LOSS * (1.0 + float(np.log(lost / _MOST_LOSS)))
            total, slope = total + row.counts * lost, slope + row.counts * gradient
        away = (weights - start) / _SCALE
        gradient = slope / n + 2.0 * pull * away / _SCALE
        return total / n + pull * float((away**2).sum()), np.where(free, gradient, 0.0)

    bounds = [(0.0 if bounded else None, None) for bounded in _NEVER_NEGATIVE]
    return np.asarray(minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds).x)


@dataclass(frozen=True, slots=True, eq=False)
class Doubts:
    """page: (pages, evidence) and whether each is right; bar: the same of bars, the odds of their
    page left out.
    """

    page: Floats
    page_right: NDArray[np.bool_]
    bar_local: tuple[Floats, ...]
    bar_right: tuple[NDArray[np.bool_], ...]


def doubts(cases: Sequence[Case], weights: Floats) -> Doubts:
    """Evidence of the page that wins for each piece, and whether it and its bars are right."""
    evidence, right, local, bars_right = [], [], [], []
    for case in cases:
        pages = case.pages(weights)
        walk = case.walk(pages[0], weights)
        evidence.append(page_evidence(pages, walk, case.strokes))
        right.append(downbeat_f(case.piece, bar_lines(counted(pages[0], walk))) >= RIGHT_PAGE_F)
        lines = pages[0].best.grid.time_at(walk.starts[:-1].astype(np.float64))
        inside = (lines >= 0.0) & (lines <= case.piece.hits[-1].time)
        local.append(bar_evidence(0.0, walk)[inside, 2])
        away = np.abs(lines[inside, None] - case.piece.bars).min(axis=1)
        bars_right.append(away <= _SAME_LINE_SECONDS)
    return Doubts(np.array(evidence), np.array(right), tuple(local), tuple(bars_right))


def logistic(evidence: Floats, right: NDArray[np.bool_], pull: float = 0.02) -> Floats:
    """Weights of a logistic regression."""
    spread = evidence.std(axis=0) + 1e-6

    def loss(weights: Floats) -> tuple[float, Floats]:
        odds = evidence @ weights
        lost = np.logaddexp(0.0, np.where(right, -odds, odds)).mean()
        slope = (1.0 / (1.0 + np.exp(-odds)) - right) @ evidence / right.size
        inside = weights * spread
        return float(lost + pull * (inside[1:] ** 2).sum()), slope + 2.0 * pull * np.append(
            0.0, (inside * spread)[1:]
        )

    return np.asarray(minimize(loss, np.zeros(evidence.shape[1]), jac=True, method="L-BFGS-B").x)


def curves(found: Sequence[Doubts]) -> tuple[Floats, Floats]:
    """Weights of doubt in a page, and in a bar."""
    evidence = np.concatenate([each.page for each in found])
    page = logistic(evidence, np.concatenate([each.page_right for each in found]))
    rows, right = [], []
    for each in found:
        for odds, local, is_right in zip(
            each.page @ page, each.bar_local, each.bar_right, strict=True
        ):
            rows.append(np.stack([np.ones(local.size), np.full(local.size, odds), local], axis=1))
            right.append(is_right)
    return page, logistic(np.concatenate(rows), np.concatenate(right), pull=0.001)


def doubted_below(found: Sequence[Doubts], wrong_share: float = _WRONG_OF_DOUBTED) -> float:
    """The highest chance below which pages can be doubted so that `wrong_share` of them are wrong.

    found: lots of pages; each is judged by the curve that fits the others. Where no level will do,
    the lowest one.
    """
    chances = []
    for k, judged in enumerate(found):
        others = [each for j, each in enumerate(found) if j != k] or [judged]
        curve = logistic(
            np.concatenate([each.page for each in others]),
            np.concatenate([each.page_right for each in others]),
        )
        chances.append(1.0 / (1.0 + np.exp(-judged.page @ curve)))
    chance = np.concatenate(chances)
    is_wrong = ~np.concatenate([each.page_right for each in found])
    for level in np.round(_LEVELS[::-1], 2).tolist():
        doubted = chance < level
        if doubted.any() and is_wrong[doubted].mean() >= wrong_share:
            return float(level)
    return float(round(_LEVELS[0], 2))


def cuts(folder: Path, folds: Sequence[int], each: int, without: frozenset[str]) -> list[KnownPart]:
    """So many cuts of every song, about half of them as heard; the same ones every time."""
    pieces = []
    for song in read_songs(folder, folds):
        for number in range(0 if song.name in without else each):
            rng = np.random.default_rng(zlib.crc32(song.name.encode()) + 1000 * number)
            piece = cut(song, _SECONDS, rng)
            if piece is not None:
                pieces.append(as_heard(piece, rng) if rng.random() < 0.5 else piece)
    return pieces


def made_cuts(
    folder: Path, folds: Sequence[int], each: int, without: frozenset[str]
) -> list[KnownPart]:
    """So many cuts of every song in 4/4, each made into another metre at another tempo, about half
    of them as heard; the same ones every time.
    """
    pieces = []
    for song in read_songs(folder, folds):
        bars = Bars.of(song)
        if song.name in without or bars.odd_share > _MOST_ODD:
            continue
        for number in range(each):
            rng = np.random.default_rng([_MADE_SEED, number, zlib.crc32(song.name.encode())])
            changed = whole_in(any_making(rng), bars)
            stretch = 2.0 ** rng.uniform(-_STRETCHED, _STRETCHED)
            changed = replace(changed, seconds=changed.seconds * stretch)
            piece = cut(changed.as_part(song.name, MADE, song.fold), _SECONDS, rng)
            if piece is not None:
                pieces.append(as_heard(piece, rng) if rng.random() < 0.5 else piece)
    return pieces


def read_all(pieces: Sequence[KnownPart], kept: Path | None) -> list[Case]:
    """Every piece read; kept: a file to keep that in, or to take it from."""
    if kept is not None and kept.exists():
        found: list[Case] = pickle.loads(kept.read_bytes())
        return found
    shipped, rng = feature_weights(), np.random.default_rng(0)
    without_network = np.where(_LEARNT, 0.0, shipped)
    cases = []
    for number, piece in enumerate(pieces, 1):
        case = case_of(piece, [shipped, without_network], rng)
        if case is not None:
            cases.append(case)
        if number % 50 == 0:
            print(f"{number} of {len(pieces)} pieces read", flush=True)
    if kept is not None:
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_bytes(pickle.dumps(cases))
    return cases


def fit_in_two_steps(unseen: Sequence[Case], others: Sequence[Case], counts: Counts) -> Floats:
    """unseen: pieces that the network has not learnt from; others: pieces that it may have."""
    by_hand, learnt = np.array(_BY_HAND), np.array(_LEARNT)
    start = np.where(by_hand, feature_weights(), 0.0)
    if others:
        deaf = [
            replace(case, features=np.where(learnt, 0.0, case.features).astype(np.float32))
            for case in (*unseen, *others)
        ]
        start = fit(rows_of(deaf, counts), start, ~(by_hand | learnt))
    start = np.where(learnt, _learnt_start(), start)
    return fit(rows_of(unseen, counts), start, ~by_hand)


def fit_near_shipped(unseen: Sequence[Case], counts: Counts) -> Floats:
    """Near the weights that are shipped, over pieces that the network has not learnt from."""
    return fit(rows_of(unseen, counts), feature_weights(), ~np.array(_BY_HAND))


def _learnt_start() -> Floats:
    """One nat for each nat that the network tells by comparing; nothing for its levels."""
    return np.array(
        [float(learnt and ", not" in name) for name, learnt in zip(FEATURES, _LEARNT, strict=True)]
    )


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("songs", type=Path)
    parser.add_argument("--folds", type=int, nargs="+", default=[1], help="not the network's")
    parser.add_argument("--others", type=int, nargs="*", default=[2, 3, 4, 5])
    parser.add_argument("--cuts", type=int, default=3, help="of each song of --folds")
    parser.add_argument("--made", type=int, default=2, help="cuts of each in another metre")
    parser.add_argument("--near-shipped", action="store_true", help="start from what is shipped")
    parser.add_argument("--keep-weights", action="store_true", help="fit the curves of doubt alone")
    parser.add_argument("--composed", type=int, default=6, help="pieces per condition")
    parser.add_argument("--without", type=Path, help="names of songs to leave out, one a line")
    parser.add_argument("--odd-counts", type=float, default=2.0, help="of pieces not in 4/4")
    parser.add_argument("--made-counts", type=float, default=1.0, help="of those cuts")
    parser.add_argument("--composed-count", type=float, default=2.0)
    parser.add_argument("--keep", type=Path, help="keep what was read in this folder, and use it")
    parser.add_argument("--out", type=Path, default=TARGET)
    given = parser.parse_args(arguments)
    without = frozenset(given.without.read_text().split()) if given.without else frozenset()

    def read(name: str, pieces: list[KnownPart]) -> list[Case]:
        return read_all(pieces, given.keep / f"{name}.pickle" if given.keep else None)

    unseen = read("unseen", cuts(given.songs, given.folds, given.cuts, without))
    others: list[Case] = []
    if given.others and not given.near_shipped:
        others = read("others", cuts(given.songs, given.others, 1, without))
    made = read("made", made_cuts(given.songs, given.folds, given.made, without))
    own = read("composed", composed(given.composed))
    counts = Counts(given.composed_count, given.made_counts, given.odd_counts)

    def fitted(cases: Sequence[Case]) -> Floats:
        if given.keep_weights:
            return feature_weights()
        if given.near_shipped:
            return fit_near_shipped(cases, counts)
        return fit_in_two_steps(cases, others, counts)

    weights = fitted([*unseen, *made, *own])
    right = [bool(case.right[int((case.features @ weights).argmax())]) for case in unseen]
    print(f"{len(unseen)} cuts; {np.mean(right):.3f} read rightly by the weights fitted on them")
    found = []
    for half in (0, 1):
        learnt_from = [case for case in (*unseen, *made) if _half_of(case) != half]
        judged = [case for case in (*unseen, *made) if _half_of(case) == half]
        if judged and learnt_from:
            found.append(doubts(judged, fitted([*learnt_from, *own])))
    page, bar = curves(found)
    is_right = np.concatenate([each.page_right for each in found])
    print(f"pages right, read by the other half's weights: {is_right.mean():.3f}")
    document = dict(model_data())
    document["weights"] = dict(zip(FEATURES, np.round(weights, 3).tolist(), strict=True))
    document["doubt"] = {
        **document["doubt"],
        "page": np.round(page, 3).tolist(),
        "bar": np.round(bar, 3).tolist(),
        "least_chance": doubted_below(found),
    }
    given.out.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")


def _half_of(case: Case) -> int:
    return zlib.crc32(case.piece.name.encode()) % 2


if __name__ == "__main__":
    main()

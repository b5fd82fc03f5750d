"""Makes drumscribe/beats/reading/bar_model.json: what the evidence for bars weighs.

    python -m training.bar_model SONGS_FOLDER [--folds 1] [--rows FILE]

By maximum likelihood of the right readings among all that are tried (a conditional logit), over
cuts of songs whose bars are known (training/songs.py), half of them as a listener would hear them.
The network of strokes has to be there already, and the folds must be ones it has not learnt from:
what it says of its own songs is too good. Then the curves of doubt, by logistic regression over the
pages that come of those weights.
"""

from __future__ import annotations

import argparse
import json
import pickle
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

import drumscribe.beats.reading as reading_room
from drumscribe.beats.doubt import page_evidence
from drumscribe.beats.grids import find_grids
from drumscribe.beats.reading.changes import walk_through
from drumscribe.beats.reading.evidence import FEATURES, Readings, all_readings
from drumscribe.beats.reading.learnt import listen_to_strokes
from drumscribe.beats.reading.model import MODEL_FILE, feature_weights, model_data
from drumscribe.beats.reading.pages import ranked_pages
from drumscribe.beats.reading.steps import steps_of
from drumscribe.beats.strokes import Strokes
from drumscribe.evaluation.notation.judging_beats import f_measure
from training.songs import Floats, Piece, as_heard, cut, read_songs

TARGET = Path(next(iter(reading_room.__path__))) / MODEL_FILE
_SECONDS = 45.0
_RIGHT_F = 0.85
_WRONG_PAGE_F = 0.9
_KEPT, _AT_RANDOM = 200, 40
_MOST_LOSS = 6.0  # nats; beyond it a piece counts by the logarithm: some have no right reading
_PULL = 0.01  # towards the start, per squared weight over its scale


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """One piece: features of its likeliest readings and some others, and which are right."""

    name: str
    is_odd: bool
    features: NDArray[np.float32]
    right: NDArray[np.bool_]


def row_of(piece: Piece, weights: Floats, rng: np.random.Generator) -> Row | None:
    """None where nothing can be read, or no reading is right."""
    strokes = Strokes.of(piece.hits)
    learnt = listen_to_strokes(strokes)
    grids = find_grids(strokes)
    found: list[tuple[Floats, Floats, NDArray[np.float64]]] = []
    for grid in grids:
        steps = steps_of(strokes, grid, learnt=learnt)
        for tried in all_readings(steps, grids[0].log_likelihood):
            right = np.array([_is_right(tried, place, piece) for place in _places(tried, piece)])
            right = right if right.size else np.zeros(tried.steps_per_bar)
            found.append((tried.features, right, tried.features @ weights))
    if not found:
        return None
    features, right, scores = (np.concatenate(column) for column in zip(*found, strict=True))
    likely = np.argsort(-scores)[:_KEPT]
    others = rng.choice(scores.size, min(_AT_RANDOM, scores.size), replace=False)
    kept = np.unique(np.concatenate([likely, others, np.flatnonzero(right)]))
    if not right.any():
        return None
    is_odd = str(piece.metre) != "4/4"
    return Row(piece.name, is_odd, features[kept].astype(np.float32), right[kept] > 0)


def _places(tried: Readings, piece: Piece) -> range:
    """Where bars may begin for a reading to be right; empty where it cannot be."""
    lengths = np.diff(piece.bars)[[metre == piece.metre for metre in piece.metres]]
    bar = tried.steps_per_bar * tried.grid.step_seconds
    same = tried.kind.metre == piece.metre and abs(np.log(bar / np.median(lengths))) < 0.06
    return range(tried.steps_per_bar) if same else range(0)


def _is_right(tried: Readings, place: int, piece: Piece) -> bool:
    length = tried.steps_per_bar
    lines = tried.grid.time_at(
        place + length * np.arange(-2.0, tried.grid.times.size // length + 2.0)
    )
    return downbeat_f(piece, lines) >= _RIGHT_F


def downbeat_f(piece: Piece, lines: Floats) -> float:
    """F-measure of bar lines within 70 ms, over the time in which something is played."""
    end = piece.hits[-1].time + 0.07
    true = piece.bars[:-1]
    return f_measure(
        true[(true >= -0.07) & (true <= end)], lines[(lines >= -0.07) & (lines <= end)]
    )


def fit(rows: Sequence[Row], start: Floats, free: NDArray[np.bool_], odd_weight: float) -> Floats:
    """Weights of largest likelihood near `start`."""
    scale = 0.5 * np.abs(start) + 1.0

    def loss(weights: Floats) -> tuple[float, Floats]:
        total, slope, n = 0.0, np.zeros_like(weights), 0.0
        for row in rows:
            scores = row.features @ weights
            chances = np.exp(scores - scores.max())
            right = chances * row.right
            lost = float(np.log(chances.sum()) - np.log(right.sum() + 1e-300))
            gradient = (chances / chances.sum() - right / (right.sum() + 1e-300)) @ row.features
            if lost > _MOST_LOSS:
                gradient = gradient * (_MOST_LOSS / lost)
                lost = _MOST_LOSS * (1.0 + float(np.log(lost / _MOST_LOSS)))
            counts = odd_weight if row.is_odd else 1.0
            total, slope, n = total + counts * lost, slope + counts * gradient, n + counts
        away = (weights - start) / scale
        gradient = slope / n + 2.0 * _PULL * away / scale
        return total / n + _PULL * float((away**2).sum()), np.where(free, gradient, 0.0)

    return np.asarray(minimize(loss, start, jac=True, method="L-BFGS-B").x)


def doubts(pieces: Sequence[Piece], weights: Floats) -> tuple[Floats, NDArray[np.bool_]]:
    """Evidence of the page that wins for each piece, and whether it is right."""
    evidence, right = [], []
    for piece in pieces:
        strokes = Strokes.of(piece.hits)
        learnt = listen_to_strokes(strokes)
        steps = [steps_of(strokes, grid, learnt=learnt) for grid in find_grids(strokes)]
        pages = ranked_pages(steps, weights)
        if not pages:
            continue
        best = pages[0].best
        walk = walk_through(next(s for s in steps if s.grid is best.grid), best, weights)
        evidence.append(page_evidence(pages, walk, strokes))
        lines = best.grid.time_at(walk.starts.astype(np.float64))
        right.append(downbeat_f(piece, lines) >= _WRONG_PAGE_F)
    return np.array(evidence), np.array(right)


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


def cuts(folder: Path, folds: Sequence[int]) -> list[Piece]:
    """One cut per song, half of them as heard; the same ones every time."""
    pieces = []
    for song in read_songs(folder, folds):
        rng = np.random.default_rng(zlib.crc32(song.name.encode()))
        piece = cut(song, _SECONDS, rng)
        if piece is not None:
            pieces.append(as_heard(piece, rng) if rng.random() < 0.5 else piece)
    return pieces


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("songs", type=Path)
    parser.add_argument("--folds", type=int, nargs="+", default=[1])
    parser.add_argument("--odd-weight", type=float, default=2.0, help="of pieces not in 4/4")
    parser.add_argument("--rows", type=Path, help="keep the features here, or read them from here")
    given = parser.parse_args()
    pieces = cuts(given.songs, given.folds)
    start = feature_weights()
    if given.rows and given.rows.exists():
        rows = pickle.loads(given.rows.read_bytes())
    else:
        rng = np.random.default_rng(0)
        rows = [row for piece in pieces if (row := row_of(piece, start, rng)) is not None]
        if given.rows:
            given.rows.write_bytes(pickle.dumps(rows))
    # Songs alone cannot say what sound weighs; what is customary is set by hand, and so is how far
    # the network of strokes is trusted beyond the few songs that it has not seen.
    by_hand = ("heard", "learnt", "half-time over")
    free = np.array([not name.startswith(by_hand) for name in FEATURES])
    weights = fit(rows, start, free, given.odd_weight)
    right = [bool(row.right[int((row.features @ weights).argmax())]) for row in rows]
    print(f"{len(rows)} of {len(pieces)} pieces; {np.mean(right):.3f} read rightly")
    evidence, is_right = doubts(pieces, weights)
    page = logistic(evidence, is_right)
    print(f"pages right: {is_right.mean():.3f}; doubt: {np.round(page, 2).tolist()}")
    document = dict(model_data())
    document["weights"] = dict(zip(FEATURES, np.round(weights, 3).tolist(), strict=True))
    document["doubt"] = {**document["doubt"], "page": np.round(page, 3).tolist()}
    TARGET.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

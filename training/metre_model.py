"""Makes drumscribe/beats/metre_model.json: what the metre of hits is told by.

    python -m training.metre_model [--bundle FOLDER]

Two things are learnt. First a table: which share of the strokes of kick, snare, crash, toms and
timekeepers falls on a downbeat, a backbeat and the strong beat between, and on the parts of each,
in the 4/4 performances of Groove MIDI's training drummers, straight and in triplets. Then the
weights of the features of drumscribe.beats.metre_reading, which reads this table: by maximum
likelihood of the right readings among all that are tried, over composed pieces (other seeds than
those that are measured), the same drummers and full-band MIDI files.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

import drumscribe.beats.metre_templates as templates_module
from drumscribe.beats.by_hits import Bars, bars_of, pulses
from drumscribe.beats.grid_building import fitted_to_hits
from drumscribe.beats.hit_evidence import hit_activations
from drumscribe.beats.metre_reading import FEATURES, Reading, candidates
from drumscribe.beats.metre_templates import GROUP_NAMES
from drumscribe.beats.stroke_patterns import Strokes
from drumscribe.domain.rhythm import Metre
from drumscribe.evaluation.notation.judging_beats import f_measure
from drumscribe.pipeline.context import LocalContext
from training.bundle import default_bundle
from training.metre_music import KnownMusic, composed, full_band, performances

Floats = NDArray[np.float64]
Table = dict[str, dict[str, dict[str, list[float]]]]

TARGET = Path(templates_module.__file__).with_name("metre_model.json")
# How much a piece of each source counts: there are few composed pieces of each kind, but they
# have every metre; the others are nearly all in 4/4.
SOURCE_WEIGHTS = {"composed": 1.5, "groove": 0.8, "full band": 0.4}
# Who hears the snare on three alone counts twice as slow: a convention, not for data to settle.
FIXED = {"half-time": -5.0}
# Where the fit begins, and what it stays near to: an earlier fit.
START = {
    "kick": 3.435, "snare": 2.038, "crash": 2.968, "toms": 0.941, "time": 4.242,
    "repeats": 7.474, "repeats most": 2.522, "odd": 2.295, "thirds": 2.295,
    "halves differ": 1.173, "next bar differs": -5.537, "half-bar phrases": -9.717,
    "tempo": 2.561, "slow": 2.613, "fast": 3.891, "half-time": -5.0, "one drop": -1.138,
    "latin": -1.45, "swung": 0.453, "opening drum": 1.645, "opening": 1.391, "2/4": -0.377,
    "3/4": -2.397, "4/4": 1.512, "5/4": -4.4, "6/8": -1.8, "7/8": -2.681, "12/8": -2.115,
}  # fmt: skip
_RIGHT_DOWNBEAT_F = 0.85
_KEPT = 150
_KEPT_PER_TEMPLATE = 2
_MOST_LOSS = 6.0  # nats; pieces that no weights explain must not rule
# Strong: performances that were not learnt from are read worse by weights that stray farther.
_PULL = 0.1
_SOFT_SNARE = 0.35


class Row(NamedTuple):
    """One piece: its readings' features, and which of them are right."""

    source: str
    name: str
    features: Floats
    right: NDArray[np.bool_]


def strokes_table(music: Iterable[KnownMusic]) -> Table:
    """Shares of strokes per feel, group, kind of beat and part of the beat, weighted by force."""
    counts = {"straight": np.zeros((5, 4, 4)), "thirds": np.zeros((5, 4, 3))}
    for piece in music:
        if piece.grid.metre != Metre(4, 4):
            continue
        strokes = Strokes.along(piece.hits, piece.grid.beat_times)
        place = strokes.position - _offset(strokes.position)
        away = {parts: np.abs(place * parts - np.round(place * parts)) / parts for parts in (3, 4)}
        feel, parts = ("thirds", 3) if away[3].mean() < away[4].mean() else ("straight", 4)
        velocity = np.array([hit.velocity for hit in piece.hits])
        is_soft = (strokes.group == GROUP_NAMES.index("snare")) & (velocity < _SOFT_SNARE)
        slot = np.round(place * parts).astype(np.int64) % (4 * parts)
        np.add.at(
            counts[feel],
            (strokes.group, slot // parts, slot % parts),
            np.where(is_soft, 0.0, velocity**2),
        )
    table: Table = {}
    for feel, count in counts.items():
        shares = count / count.sum(axis=(1, 2), keepdims=True)
        roles = {
            "downbeat": shares[:, 0],
            "backbeat": (shares[:, 1] + shares[:, 3]) / 2.0,
            "strong": shares[:, 2],
        }
        table[feel] = {
            group: {role: np.round(of[g], 4).tolist() for role, of in roles.items()}
            for g, group in enumerate(GROUP_NAMES)
        }
    return table


def _offset(place: Floats) -> float:
    """How late the player is, in beats."""
    return float(np.median(place * 4 - np.round(place * 4)) / 4)


def rows_of(music: Sequence[KnownMusic], table: Table, weights: Floats, *, jobs: int) -> list[Row]:
    """The best readings of every piece by these weights, and all right ones."""
    with ProcessPoolExecutor(jobs, initializer=_use, initargs=(table,)) as pool:
        found = pool.map(partial(_row, weights), music, chunksize=4)
        return [row for row in found if row is not None]


def _use(table: Table) -> None:
    """Read this table instead of the shipped one, which stays as it is until the end."""
    templates_module.model_data = lambda: {"strokes": table}  # type: ignore[assignment]


def _row(weights: Floats, piece: KnownMusic) -> Row | None:
    features: list[Floats] = []
    right: list[bool] = []
    n_frames = int(np.ceil(piece.hits[-1].time * 50)) + 1
    with LocalContext() as context:
        heard = pulses(hit_activations(piece.hits, n_frames), None, context)

    def look(pulse: Floats) -> tuple[float, Bars | None]:
        """Adds the readings over a pulse; the score and the bars of the best."""
        top: tuple[float, Bars | None] = (-np.inf, None)
        for tried in candidates(piece.hits, pulse):
            scores = tried.features @ weights
            for place in np.argsort(-scores)[:_KEPT_PER_TEMPLATE]:
                start = float(tried.bar_starts[place])
                metre, name = tried.template.metre, tried.template.name
                rate = tried.beats_per_minute
                bars = bars_of(
                    Reading(metre, name, tried.pulse_per_beat, start, rate, 0.0, 0.0), pulse
                )
                features.append(tried.features[place])
                right.append(_is_right(bars, piece))
                top = max(top, (float(scores[place]), bars), key=lambda pair: pair[0])
        return top

    best = max((look(pulse) for pulse in heard), key=lambda pair: pair[0], default=(0.0, None))
    if best[1] is not None:
        # As in by_hits: the last word is had over beats that are fitted to the strokes.
        features.clear()
        right.clear()
        look(fitted_to_hits(best[1].beat_times, piece.hits))
    if not features:
        return None
    table, is_right = np.array(features), np.array(right)
    order = np.argsort(-(table @ weights))
    kept = order[(np.arange(order.size) < _KEPT) | is_right[order]]
    return Row(piece.source, piece.name, table[kept], is_right[kept])


def _is_right(bars: Bars, piece: KnownMusic) -> bool:
    if bars.metre != piece.grid.metre and bars.metre not in piece.also:
        return False
    first, last = piece.hits[0].time - 0.07, piece.hits[-1].time
    true, found = (
        times[(times >= first) & (times <= last)]
        for times in (piece.grid.downbeat_times, bars.beat_times[bars.beat_numbers == 1])
    )
    return f_measure(true, found) > _RIGHT_DOWNBEAT_F


def fit(rows: Sequence[Row], start: Floats) -> tuple[Floats, float]:
    """Weights of largest likelihood, and the loss per piece in nats."""
    usable = [row for row in rows if row.right.any()]
    scale = np.abs(start) + 1.0
    free = np.array([name not in FIXED for name in FEATURES])

    def loss(weights: Floats) -> tuple[float, Floats]:
        total, slope = 0.0, np.zeros_like(weights)
        for row in usable:
            scores = row.features @ weights
            chances = np.exp(scores - scores.max())
            right = chances * row.right
            lost = float(np.log(chances.sum()) - np.log(right.sum() + 1e-300))
            counts = SOURCE_WEIGHTS[row.source]
            gradient = (chances / chances.sum() - right / (right.sum() + 1e-300)) @ row.features
            if lost > _MOST_LOSS:
                gradient *= 0.5 * _MOST_LOSS / lost
                lost = _MOST_LOSS + 0.5 * _MOST_LOSS * float(np.log(lost / _MOST_LOSS))
            total += counts * lost
            slope += counts * gradient
        away = (weights - start) / scale
        slope = slope / len(usable) + 2.0 * _PULL * away / scale
        return total / len(usable) + _PULL * float((away**2).sum()), np.where(free, slope, 0.0)

    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 300})
    return np.asarray(found.x), float(found.fun)


def report(rows: Sequence[Row], weights: Floats) -> str:
    """How many pieces of each source are read rightly."""
    right: Counter[str] = Counter()
    for row in rows:
        right[row.source] += bool(row.right[int((row.features @ weights).argmax())])
    totals = Counter(row.source for row in rows)
    return ", ".join(f"{source} {right[source]} of {n}" for source, n in totals.items())


def write(table: Table, weights: Floats) -> None:
    """What ships."""
    named = dict(zip(FEATURES, np.round(weights, 3).tolist(), strict=True))
    document = {"made_by": "training/metre_model.py", "strokes": table, "weights": named}
    TARGET.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bundle", type=Path, default=default_bundle())
    parser.add_argument("--scores", type=int, default=9, help="composed pieces per condition")
    parser.add_argument("--seed", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2)
    given = parser.parse_args()
    played = list(performances(given.bundle / "midi/groove"))
    # Every third and every sixth: their neighbours are by the same hands and styles.
    music = [
        *composed(given.scores, given.seed),
        *played[::3],
        *list(full_band(given.bundle / "midi/mma_fullband"))[::6],
    ]
    table = strokes_table(played)
    weights = start = np.array([START[name] for name in FEATURES])
    for number in range(given.rounds):
        rows = rows_of(music, table, weights, jobs=given.jobs)
        print(f"round {number}, before: {report(rows, weights)}", flush=True)
        weights, loss = fit(rows, start)
        print(f"loss {loss:.3f} nats; after: {report(rows, weights)}", flush=True)
        print(dict(zip(FEATURES, np.round(weights, 2).tolist(), strict=True)), flush=True)
    write(table, weights)


if __name__ == "__main__":
    main()

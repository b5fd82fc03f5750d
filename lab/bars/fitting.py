"""Fits: what evidence weighs so that the pages chosen are worth most, and curves of chance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from lab.bars.pieces.songs import Floats

_SCALE = 2.0  # weights are pulled towards the start in units of it
_TEMPERATURE = 1.5  # nats of score per nat of chance, in fitting
_STEPS = 200


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """One piece: features and worth of its readings, and how much the piece counts."""

    features: Floats
    worth: Floats
    counts: float


def fit_by_worth(
    rows: Sequence[Row],
    start: Floats,
    free: NDArray[np.bool_],
    never_negative: NDArray[np.bool_],
    pull: float,
) -> Floats:
    """Weights near `start` by which what is read is worth most.

    A reading is drawn by its chance, and what it is worth on average is made as large as can be.
    Likelihood of the right readings instead pays as much for 12/8 in place of 6/8 as for wrong bar
    lines.
    """
    n = sum(row.counts for row in rows)

    def loss(weights: Floats) -> tuple[float, Floats]:
        total, slope = 0.0, np.zeros_like(weights)
        for row in rows:
            scores = row.features @ weights / _TEMPERATURE
            chances = np.exp(scores - scores.max())
            chances /= chances.sum()
            expected = float(chances @ row.worth)
            total -= row.counts * expected
            better = chances * (row.worth - expected)
            slope -= row.counts / _TEMPERATURE * (better @ row.features)
        away = (weights - start) / _SCALE
        slope = slope / n + 2.0 * pull * away / _SCALE
        return total / n + pull * float((away**2).sum()), np.where(free, slope, 0.0)

    bounds = [(0.0 if bounded else None, None) for bounded in never_negative]
    found = minimize(
        loss,
        start,
        jac=True,
        method="L-BFGS-B",
        bounds=bounds,
        options={"maxiter": _STEPS, "ftol": 1e-9},
    )
    return np.asarray(found.x)


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

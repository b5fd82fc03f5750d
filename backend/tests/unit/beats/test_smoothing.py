"""The steady pulse near given times."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.linalg import solveh_banded

from drumscribe.beats.smoothing import steadied


@given(
    n_values=st.integers(3, 150),
    even=st.floats(1e-3, 1e6),
    share_known=st.floats(0.0, 1.0),
    seed=st.integers(0, 10_000),
)
def test_it_solves_the_normal_equations(
    n_values: int, even: float, share_known: float, seed: int
) -> None:
    chance = np.random.default_rng(seed)
    values = np.asarray(np.cumsum(chance.uniform(0.4, 0.6, n_values)), dtype=np.float64)
    near = np.full(n_values, 1e-6)
    is_known = chance.random(n_values) < share_known
    near[is_known] = chance.uniform(1, 1000, int(is_known.sum()))
    near[[0, -1]] = 1000.0
    differences = np.diff(np.eye(n_values), 2, axis=0)
    bands = np.zeros((3, n_values))
    normal = np.diag(near) + even * differences.T @ differences
    for offset in range(3):
        bands[offset, : n_values - offset] = np.diagonal(normal, offset)
    expected = solveh_banded(bands, near * values, lower=True)
    found = steadied(values, near, even)
    # How far both may be from the truth grows with the condition of the equations.
    assert found == pytest.approx(expected, abs=1e-12 * np.linalg.cond(normal))


def test_even_values_stay_where_they_are() -> None:
    values = np.linspace(0.0, 99.5, 200)
    assert steadied(values, np.ones(200), 1e4) == pytest.approx(values, abs=1e-9)


def test_values_without_weight_follow_a_straight_line_between_their_neighbours() -> None:
    values = np.zeros(50)
    values[[0, -1]] = 0.0, 49.0
    near = np.full(50, 1e-12)
    near[[0, -1]] = 1.0
    assert steadied(values, near, 1.0) == pytest.approx(np.arange(50.0), abs=1e-3)

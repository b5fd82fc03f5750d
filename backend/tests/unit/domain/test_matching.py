"""One-to-one matching of onsets, checked by mir_eval and by trying everything."""

from itertools import combinations, permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mir_eval.util import match_events

from drumscribe.domain.comparing.matching import SLACK_SECONDS, match

# A coarse raster makes ties and exact tolerances common.
times = st.lists(st.integers(0, 60).map(lambda n: n / 100), max_size=24).map(sorted)
few_times = st.lists(st.integers(0, 20).map(lambda n: n / 100), max_size=5).map(sorted)


@settings(deadline=None)
@given(reference=times, estimate=times, tolerance=st.sampled_from([0.0, 0.01, 0.025, 0.05, 0.2]))
def test_match_has_as_many_pairs_as_mir_eval(
    reference: list[float], estimate: list[float], tolerance: float
) -> None:
    pairs = match(reference, estimate, tolerance)
    expected = (
        match_events(np.array(reference), np.array(estimate), tolerance + SLACK_SECONDS)
        if reference and estimate
        else []
    )
    assert len(pairs) == len(expected)
    assert pairs == sorted(pairs)
    for side in zip(*pairs, strict=True):
        assert len(set(side)) == len(side)
    for i, j in pairs:
        assert abs(reference[i] - estimate[j]) <= tolerance + 2 * SLACK_SECONDS


@settings(deadline=None)
@given(reference=few_times, estimate=few_times)
def test_match_of_all_largest_matchings_has_the_least_deviation(
    reference: list[float], estimate: list[float]
) -> None:
    pairs = match(reference, estimate, 0.05)
    deviation = sum(abs(reference[i] - estimate[j]) for i, j in pairs)
    size = len(pairs)
    others = (
        list(zip(chosen, order, strict=True))
        for chosen in combinations(range(len(reference)), size)
        for order in permutations(range(len(estimate)), size)
    )
    least = min(
        sum(abs(reference[i] - estimate[j]) for i, j in other)
        for other in others
        if all(abs(reference[i] - estimate[j]) <= 0.05 + SLACK_SECONDS for i, j in other)
    )
    assert deviation == pytest.approx(least, abs=1e-9)


def test_match_gives_up_the_nearest_pair_where_that_makes_two() -> None:
    assert match([1.0, 1.06], [1.045, 1.09], 0.05) == [(0, 0), (1, 1)]


def test_match_of_dense_onsets_ends_soon() -> None:
    dense = [n / 100 for n in range(5000)]
    assert len(match(dense, dense, 0.05)) == 5000


def test_match_of_times_out_of_order_is_refused() -> None:
    with pytest.raises(ValueError, match="estimate times must ascend"):
        match([1.0], [2.0, 1.0], 0.05)

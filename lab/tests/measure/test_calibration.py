"""The rule that fits certainty."""

from __future__ import annotations

import numpy as np
import pytest

from drumscribe.domain.drums import Activations
from drumscribe.hearing.picking import PickingOptions
from lab.measure.calibration import Curve, Verdicts, chosen, confidences, fitted, verdicts
from lab.measure.heard import Recording
from lab.render.performances import CLASSES

BEFORE = Curve(1.0, -0.5)


def of_truth(slope: float, intercept: float, seed: int, n: int = 4_000) -> Verdicts:
    """Hits that are right as often as a curve says."""
    rng = np.random.default_rng(seed)
    heights = rng.normal(1.0, 2.0, n)
    return Verdicts(heights, rng.random(n) < confidences(Curve(slope, intercept), heights))


def test_fitted_finds_the_curve_and_small_sets_have_the_same_say() -> None:
    curve = fitted([of_truth(1.3, 0.4, seed) for seed in range(3)])
    assert curve.slope == pytest.approx(1.3, abs=0.1)
    assert curve.intercept == pytest.approx(0.4, abs=0.1)
    many, few = of_truth(1.0, -1.0, 4, 20_000), of_truth(1.0, 1.0, 5, 2_000)
    assert fitted([many, few]).intercept == pytest.approx(0.0, abs=0.2)


def test_a_curve_is_taken_where_each_origin_is_better_off_with_the_other() -> None:
    alike = [[of_truth(1.2, 0.6, 1)], [of_truth(1.2, 0.6, 2), of_truth(1.2, 0.7, 3)]]
    taken = chosen(BEFORE, alike)
    assert taken.intercept == pytest.approx(0.65, abs=0.15)


def test_it_stays_where_one_origin_would_be_worse_off() -> None:
    unlike = [[of_truth(1.0, 1.5, 1)], [of_truth(1.0, -0.5, 2)]]
    assert chosen(BEFORE, unlike) == BEFORE


def test_verdicts_match_strokes_one_to_one_and_keep_heights_as_they_are() -> None:
    onsets = np.zeros((200, len(CLASSES)), np.float32)
    onsets[[50, 120], CLASSES.index("kick")] = 0.9, 0.6
    said = Activations(onsets, onsets, 100.0, CLASSES)
    options = PickingOptions(
        dict.fromkeys(CLASSES, 0.5), calibration_slope=3.0, calibration_intercept=-2.0
    )
    found = verdicts([Recording("one", said, [(0.51, "kick"), (1.8, "kick")])], options)
    assert found.real.tolist() == [True, False]
    np.testing.assert_allclose(confidences(Curve(1.0, 0.0), found.heights), [0.9, 0.6], atol=1e-3)

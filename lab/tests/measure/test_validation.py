"""The measures on strokes whose verdict is known."""

from __future__ import annotations

import numpy as np
import pytest

from drumscribe.domain.drums import Hit, Instrument
from lab.measure.onsets import f_measure
from lab.measure.validation import Verdict, calibration_error, fit_calibration, judge
from lab.render.labels import Label

KICK, SNARE = Instrument.KICK, Instrument.SNARE


def test_judge_counts_matches_phantoms_and_misses() -> None:
    labels = [Label(1.0, "kick", 100, 0.0), Label(2.0, "kick", 90, 0.0)]
    hits = [Hit(1.02, KICK, 0.8), Hit(1.5, KICK, 0.5)]
    found, played = judge(hits, [0.9, 0.6], labels)
    assert [v.real for v in sorted(found, key=lambda v: v.activation)] == [False, True]
    assert sorted(stroke.found for stroke in played) == [False, True]


def test_judge_drowned_strokes_count_on_neither_side() -> None:
    labels = [Label(1.0, "snare", 30, -25.0)]
    assert judge([Hit(1.0, SNARE, 0.3)], [0.8], labels) == ([], [])


def test_judge_side_stick_is_a_snare() -> None:
    found, _ = judge([Hit(1.0, SNARE, 0.3)], [0.8], [Label(1.0, "sidestick", 60, 0.0)])
    assert found[0].real


def test_fit_calibration_recovers_slope_and_intercept() -> None:
    rng = np.random.default_rng(0)
    z = rng.normal(0, 2, 20000)
    real = rng.random(20000) < 1 / (1 + np.exp(-(0.7 * z - 0.4)))
    activations = 1 / (1 + np.exp(-z))
    found = [
        Verdict("kick", bool(r), float(a), 0.0, 0.0) for r, a in zip(real, activations, strict=True)
    ]
    fitted = fit_calibration(found)
    assert fitted["slope"] == pytest.approx(0.7, abs=0.05)
    assert fitted["intercept"] == pytest.approx(-0.4, abs=0.05)


def test_calibration_error_of_honest_confidence_is_small() -> None:
    rng = np.random.default_rng(1)
    confidence = rng.random(20000)
    assert calibration_error(confidence, rng.random(20000) < confidence) < 0.02
    assert calibration_error(np.full(100, 0.9), np.zeros(100, dtype=bool)) == pytest.approx(0.9)


def test_f_measure_pools_and_merges_classes() -> None:
    true = [(1.0, "hihat_closed"), (2.0, "kick")]
    found = [(1.0, "hihat_open"), (2.0, "kick")]
    scores = f_measure(true, found)
    assert scores["five"] == 1.0
    assert scores["nine"] == 0.5

"""The measure of what a reader is asked to check."""

from __future__ import annotations

import numpy as np
import pytest

from drumscribe.domain.drums import Activations, Hit, Instrument, numbered
from drumscribe.domain.rhythm import BeatGrid, Metre
from drumscribe.hearing.detection import load_detector
from drumscribe.pipeline.tuning import REVIEW
from lab.measure.doubt import (
    Curve,
    Judged,
    Piece,
    actions,
    fitted,
    judged,
    levelled,
    real_among,
    shown,
    written_otherwise,
)

NOBODY = np.zeros(0, bool)
NOTHING = Judged(np.zeros((0, 2)), NOBODY)
GRID = BeatGrid(0.5 * np.arange(48.0), np.tile([1, 2, 3, 4], 12), Metre(4, 4))


def test_fitted_finds_the_curve_that_made_the_truth() -> None:
    rng = np.random.default_rng(1)
    made = Curve((1.2, 2.0), -0.5)
    sets = []
    for _ in range(3):
        features = np.stack([rng.normal(0.5, 1.5, 4_000), rng.random(4_000)], axis=1)
        sets.append(Judged(features, rng.random(4_000) < made(features)))
    found = fitted(sets)
    assert found.weights == pytest.approx(made.weights, abs=0.2)
    assert found.intercept == pytest.approx(made.intercept, abs=0.2)


def test_levelled_says_as_many_as_there_are() -> None:
    features = np.linspace(-2, 2, 400)[:, None]
    sets = [Judged(features, np.arange(400) % 10 == 0)]
    curve = levelled(Curve((1.5,), 0.0), sets)
    assert curve.weights == (1.5,)
    assert curve(features).mean() == pytest.approx(0.1, abs=0.001)


def test_real_among_names_what_was_played_and_what_was_missed() -> None:
    hits = [Hit(1.0, Instrument.KICK), Hit(2.0, Instrument.SNARE)]
    real, missed = real_among(hits, [(1.01, "kick"), (3.0, "snare")])
    assert real.tolist() == [True, False]
    assert missed == [(3.0, "snare")]


def test_real_among_takes_a_cymbal_struck_twice_at_once_for_one() -> None:
    hits = [Hit(1.0, Instrument.CRASH)]
    assert real_among(hits, [(1.0, "crash"), (1.005, "crash")])[1] == []


def test_actions_are_one_a_group_and_one_for_each_exception() -> None:
    # Doubtful rides at one place, of which one is right: it is kept, the others go at once.
    count = REVIEW.fewest_together
    hits = numbered([Hit(2.0 * bar + 0.25, Instrument.RIDE, 0.5, 0.02) for bar in range(count)])
    real = np.array([True, *[False] * (count - 1)])
    piece = Piece("", "free", hits, (), GRID, real, NOBODY, NOTHING, NOTHING, [], [], 240.0)
    assert actions(piece) == pytest.approx(2.0)


def test_written_otherwise_counts_open_hats_heard_as_closed() -> None:
    hits = numbered([Hit(1.0, Instrument.HIHAT_CLOSED), Hit(2.0, Instrument.HIHAT_CLOSED)])
    missed = [(1.01, "hihat_open"), (2.0, "hihat_open"), (3.0, "hihat_open"), (1.0, "snare")]
    real = np.array([False, True])
    piece = Piece("", "free", hits, (), GRID, real, NOBODY, NOTHING, NOTHING, missed, missed, 24.0)
    assert written_otherwise(piece) == 1


def test_judged_knows_what_was_nearly_heard_and_what_drowned() -> None:
    detector = load_detector()
    onsets = np.zeros((2_400, len(detector.manifest.classes)), np.float32)
    snare = detector.manifest.classes.index("snare")
    for beat in range(48):
        onsets[round(50 * beat), snare] = 0.95
    # One snare is only a trace, one drowns, and a noise is none.
    onsets[600, snare], onsets[1_200, snare], onsets[1_230, snare] = 0.1, 0.02, 0.1
    said = Activations(onsets, onsets, 100.0, detector.manifest.classes)
    true = [(0.5 * beat, "snare") for beat in range(48)]
    piece = judged(
        "", "renders", said, [*true, (30.0, "snare")], detector, drowned=[(12.0, "snare")]
    )
    assert piece.missed == [(6.0, "snare")]
    assert [round(one.time, 1) for one in piece.nearly] == [6.0, 12.3]
    assert piece.real_nearly.tolist() == [True, False]
    assert shown(piece).tolist() == [True, False]
    assert piece.traces.features.shape == (2, 4)


def test_judged_asks_the_bars_as_the_product_does() -> None:
    detector = load_detector()
    onsets = np.zeros((2_400, len(detector.manifest.classes)), np.float32)
    snare = detector.manifest.classes.index("snare")
    onsets[::50, snare] = 0.6
    onsets[600, snare] = 0.25
    said = Activations(onsets, onsets, 100.0, detector.manifest.classes)
    piece = judged("", "renders", said, [(0.5 * beat, "snare") for beat in range(48)], detector)
    assert len(piece.hits) == 48
    assert piece.missed == []
    assert len(piece.picked.real) == 47
    assert piece.traces.real.tolist() == [True]

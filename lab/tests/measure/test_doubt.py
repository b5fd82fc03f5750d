"""The measure of what a reader is asked to check."""

from __future__ import annotations

import numpy as np
import pytest

from drumscribe.domain.drums import Hit, Instrument, numbered
from drumscribe.domain.rhythm import BeatGrid, Metre
from lab.measure.doubt import Curve, Judged, Piece, actions, fitted, real_among


def test_fitted_finds_the_curve_that_made_the_truth() -> None:
    rng = np.random.default_rng(1)
    made = Curve(1.2, 2.0, -0.5)
    sets = []
    for _ in range(3):
        features = np.stack([rng.normal(0.5, 1.5, 4_000), rng.random(4_000)], axis=1)
        sets.append(Judged(features, rng.random(4_000) < made(features)))
    assert fitted(sets) == pytest.approx(made, abs=0.2)


def test_real_among_names_what_was_played_and_what_was_missed() -> None:
    hits = [Hit(1.0, Instrument.KICK), Hit(2.0, Instrument.SNARE)]
    real, missed = real_among(hits, [(1.01, "kick"), (3.0, "snare")])
    assert real.tolist() == [True, False]
    assert missed == [(3.0, "snare")]


def test_actions_are_one_a_group_and_one_for_each_exception() -> None:
    grid = BeatGrid(0.5 * np.arange(48.0), np.tile([1, 2, 3, 4], 12), Metre(4, 4))
    # Six doubtful rides at one place, of which one is right: it is kept, the others go at once.
    hits = numbered([Hit(2.0 * bar + 0.25, Instrument.RIDE, 0.5, 0.05) for bar in range(0, 12, 2)])
    real = np.array([True, *[False] * 5])
    none = Judged(np.zeros((0, 2)), np.zeros(0, bool))
    piece = Piece("", "free", hits, (), grid, Judged(np.zeros((6, 2)), real), none, 0, 240.0)
    assert actions(piece) == pytest.approx(2.0)

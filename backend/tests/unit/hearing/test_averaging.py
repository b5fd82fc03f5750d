"""A recording and its drum stem heard as one."""

from __future__ import annotations

import numpy as np
import pytest

from drumscribe.domain.drums import Activations, Listening
from drumscribe.hearing.averaging import averaged

CLASSES = ("kick", "snare")


def said(onsets: list[list[float]], pitches: list[float] | None = None) -> Activations:
    values = np.array(onsets, dtype=np.float32)
    heard = None if pitches is None else np.array(pitches, dtype=np.float32)
    return Activations(values, values / np.float32(2), 100.0, CLASSES, heard)


def test_averaged_is_the_mean_of_the_logits() -> None:
    both = averaged(said([[0.9, 0.5]]), said([[0.5, 0.5]]))
    # Odds 9 and 1: their geometric mean is 3.
    np.testing.assert_allclose(both.onsets, [[0.75, 0.5]], atol=1e-6)
    np.testing.assert_allclose(both.velocities, [[0.35, 0.25]], atol=1e-6)
    assert both.listening is Listening.BOTH
    assert both.onsets.dtype == both.velocities.dtype == np.float32


def test_averaged_of_the_same_is_the_same() -> None:
    one = said([[0.11, 1.0], [0.3, 0.7]])
    np.testing.assert_allclose(averaged(one, one).onsets, one.onsets, atol=2e-6)


def test_averaged_silence_of_the_mix_is_no_evidence_and_that_of_the_stem_is() -> None:
    both = averaged(said([[0.0, 0.99]]), said([[0.99, 0.0]]))
    assert both.onsets[0, 0] > 0.7
    assert both.onsets[0, 1] < 0.05


def test_averaged_takes_the_pitch_of_the_stem_where_it_has_one() -> None:
    both = averaged(
        said([[0.5, 0.5]] * 3, [80.0, 90.0, 0.0]), said([[0.5, 0.5]] * 3, [100.0, 0.0, 0.0])
    )
    assert both.tom_pitches is not None
    np.testing.assert_array_equal(both.tom_pitches, [100.0, 90.0, 0.0])


def test_averaged_without_pitches_on_one_side_takes_the_others() -> None:
    with_pitches, without = said([[0.5, 0.5]], [80.0]), said([[0.5, 0.5]])
    for both in (averaged(with_pitches, without), averaged(without, with_pitches)):
        assert both.tom_pitches is not None
        np.testing.assert_array_equal(both.tom_pitches, [80.0])
    assert averaged(without, without).tom_pitches is None


def test_averaged_of_different_lengths_is_as_long_as_the_shorter() -> None:
    both = averaged(said([[0.5, 0.5]] * 3, [1.0] * 3), said([[0.5, 0.5]] * 2, [0.0] * 2))
    assert both.onsets.shape == (2, 2)
    assert both.tom_pitches is not None
    assert both.tom_pitches.shape == (2,)


def test_averaged_of_two_networks_is_refused() -> None:
    other = Activations(
        np.zeros((1, 1), np.float32), np.zeros((1, 1), np.float32), 100.0, ("kick",)
    )
    with pytest.raises(ValueError, match="same network"):
        averaged(said([[0.5, 0.5]]), other)

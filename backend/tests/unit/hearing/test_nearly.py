"""What is offered of the peaks that no threshold lets in."""

from __future__ import annotations

import numpy as np
import pytest

from drumscribe.domain.drums import Activations, Articulation, Instrument
from drumscribe.hearing.nearly import nearly_heard
from drumscribe.hearing.picking import SIDE_STICK, PickingOptions, pick

CLASSES = (*(instrument.value for instrument in Instrument), SIDE_STICK)
OPTIONS = PickingOptions(thresholds=dict.fromkeys(CLASSES, 0.5))


def heard(peaks: dict[tuple[int, str], float]) -> Activations:
    onsets = np.zeros((100, len(CLASSES)), dtype=np.float32)
    for (frame, name), height in peaks.items():
        onsets[frame, CLASSES.index(name)] = height
    return Activations(onsets, np.full_like(onsets, 0.7), 100.0, CLASSES)


def test_nearly_heard_has_the_peaks_below_the_threshold_and_none_of_the_hits() -> None:
    said = heard({(10, "kick"): 0.9, (30, "kick"): 0.3, (50, "ride"): 0.2, (70, "snare"): 0.005})
    found = nearly_heard(said, OPTIONS, pick(said, OPTIONS))
    assert [(one.instrument.value, round(one.time, 2)) for one in found] == [
        ("kick", 0.3),
        ("ride", 0.5),
    ]
    assert found[0].confidence == pytest.approx(0.3)
    assert found[0].velocity == pytest.approx(0.7)


def test_nearly_heard_at_the_very_end_lies_in_the_recording() -> None:
    (found,) = nearly_heard(heard({(98, "kick"): 0.29, (99, "kick"): 0.3}), OPTIONS, [])
    assert found.time == 0.99


def test_nearly_heard_leaves_the_flank_of_a_hit_alone() -> None:
    said = heard({(10, "kick"): 0.9, (14, "kick"): 0.3})
    assert nearly_heard(said, OPTIONS, pick(said, OPTIONS)) == []


def test_nearly_heard_cross_stick_is_a_snare_that_says_so() -> None:
    (found,) = nearly_heard(heard({(40, SIDE_STICK): 0.3}), OPTIONS, [])
    assert found.instrument is Instrument.SNARE
    assert found.articulation is Articulation.CROSS_STICK

"""Cymbals that no column is sure of, and their names by the groove around them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from drumscribe.domain.drums import Activations, Hit, Instrument
from drumscribe.hearing.cymbals import named_by_groove
from drumscribe.hearing.picking import PickingOptions, pick

CLASSES = (*(instrument.value for instrument in Instrument), "sidestick")
CLOSED, OPEN = Instrument.HIHAT_CLOSED, Instrument.HIHAT_OPEN
RIDE, CRASH, KICK = Instrument.RIDE, Instrument.CRASH, Instrument.KICK
# The groove is left out where it is not what is tested.
ALONE = PickingOptions(dict.fromkeys(CLASSES, 0.6), cymbal_threshold=0.5, groove_share=0.0)
Said = dict[Instrument, float]


def heard(strokes: list[Said], gap_frames: int = 25) -> Activations:
    """What a network says of strokes a quarter of a second apart, from 0.25 s on."""
    frames = gap_frames * (len(strokes) + 2)
    onsets = np.zeros((frames, len(CLASSES)), dtype=np.float32)
    for index, said in enumerate(strokes, start=1):
        for instrument, height in said.items():
            for offset, part in ((-1, 0.4), (0, 1.0), (1, 0.4)):
                at = index * gap_frames + offset
                onsets[at, CLASSES.index(instrument.value)] = height * part
    return Activations(onsets, np.full_like(onsets, 0.7), 100.0, CLASSES)


def names(activations: Activations, options: PickingOptions, **wishes: Any) -> list[Instrument]:
    return [hit.instrument for hit in pick(activations, options, **wishes)]


def test_a_cymbal_that_four_columns_share_is_heard_under_the_likeliest_name() -> None:
    (hit,) = pick(heard([{CLOSED: 0.15, OPEN: 0.1, RIDE: 0.3, CRASH: 0.05}]), ALONE)
    assert hit.instrument is RIDE
    assert hit.time == pytest.approx(0.25, abs=0.005)
    assert hit.velocity == pytest.approx(0.7)
    # How sure it was that it was this very cymbal, as with toms.
    assert hit.confidence == pytest.approx(0.3, abs=1e-3)


def test_a_cymbal_in_the_last_frame_lies_in_the_recording() -> None:
    said = heard([{CLOSED: 0.15, OPEN: 0.1, RIDE: 0.3, CRASH: 0.05}])
    cut = replace(said, onsets=said.onsets[:26], velocities=said.velocities[:26])
    (hit,) = pick(cut, ALONE)
    assert 0.245 < hit.time <= 0.25


def test_a_cymbal_that_all_columns_doubt_is_none() -> None:
    assert names(heard([{CLOSED: 0.2, RIDE: 0.25}]), ALONE) == []


def test_a_cymbal_that_one_column_is_sure_of_is_heard_once() -> None:
    assert names(heard([{CLOSED: 0.3, RIDE: 0.8, CRASH: 0.2}]), ALONE) == [RIDE]


def test_two_cymbals_that_both_are_sure_stay_two() -> None:
    assert names(heard([{CLOSED: 0.7, CRASH: 0.9}]), ALONE) == [CRASH, CLOSED]


def test_other_drums_do_not_add_to_a_cymbal() -> None:
    assert names(heard([{KICK: 0.4, Instrument.SNARE: 0.5, CLOSED: 0.3}]), ALONE) == []


def test_sensitivity_moves_what_all_cymbals_must_say_together() -> None:
    doubtful = heard([{CLOSED: 0.15, RIDE: 0.2}])
    assert names(doubtful, ALONE, sensitivity=0.5) == []
    assert names(doubtful, ALONE, sensitivity=0.7) == [RIDE]
    assert names(heard([{CLOSED: 0.3, RIDE: 0.35}]), ALONE, sensitivity=0.3) == []


def test_sensitivity_of_one_cymbal_moves_strokes_of_its_name_only() -> None:
    both = heard([{CLOSED: 0.15, RIDE: 0.2}, {CLOSED: 0.2, RIDE: 0.15}])
    found = pick(both, ALONE, sensitivity_by_instrument={RIDE: 0.7})
    assert [hit.instrument for hit in found] == [RIDE]


def test_a_network_without_all_four_columns_is_heard_as_before() -> None:
    activations = heard([{CLOSED: 0.35, OPEN: 0.35}])
    kept = [CLASSES.index(name.value) for name in (KICK, CLOSED, OPEN)]
    fewer = Activations(
        activations.onsets[:, kept], activations.velocities[:, kept], 100.0,
        (KICK.value, CLOSED.value, OPEN.value),
    )  # fmt: skip
    assert names(fewer, ALONE) == []


SURE_RIDE, SURE_HAT = {RIDE: 0.9, CLOSED: 0.05}, {CLOSED: 0.9, RIDE: 0.05}
HALF_HAT, HALF_RIDE = {CLOSED: 0.45, RIDE: 0.35}, {RIDE: 0.45, CLOSED: 0.35}
GROOVE = replace(ALONE, groove_share=0.4, groove_seconds=2.0)


@pytest.mark.parametrize(
    ("sure", "half", "name"), [(SURE_RIDE, HALF_HAT, RIDE), (SURE_HAT, HALF_RIDE, CLOSED)]
)
def test_a_doubtful_stroke_has_the_name_of_what_keeps_time_around_it(
    sure: Said, half: Said, name: Instrument
) -> None:
    strokes = [sure] * 4 + [half] + [sure] * 4
    assert names(heard(strokes), GROOVE) == [name] * 9
    assert names(heard(strokes), ALONE) != [name] * 9


@pytest.mark.parametrize(("most", "other"), [(SURE_RIDE, SURE_HAT), (SURE_HAT, SURE_RIDE)])
def test_a_sure_stroke_keeps_its_name_among_others(most: Said, other: Said) -> None:
    strokes = [most] * 4 + [other] + [most] * 4
    assert names(heard(strokes), GROOVE) == names(heard(strokes), ALONE)


def test_sections_on_hats_and_on_the_ride_keep_their_names() -> None:
    strokes = [SURE_HAT] * 16 + [SURE_RIDE] * 16
    assert names(heard(strokes), GROOVE) == [CLOSED] * 16 + [RIDE] * 16


@pytest.mark.parametrize("crash", [{CRASH: 0.65, RIDE: 0.3}, {CRASH: 0.3, RIDE: 0.25}])
def test_a_crash_on_a_ride_pattern_stays_a_crash(crash: Said) -> None:
    strokes = [SURE_RIDE] * 4 + [{**crash, KICK: 0.9}] + [SURE_RIDE] * 4
    found = [name for name in names(heard(strokes), GROOVE) if name is not KICK]
    assert found == [RIDE] * 4 + [CRASH] + [RIDE] * 4


def test_ridden_crashes_do_not_become_rides() -> None:
    strokes = [SURE_RIDE] * 4 + [{CRASH: 0.7, RIDE: 0.4}] * 8 + [SURE_RIDE] * 4
    assert names(heard(strokes), GROOVE).count(CRASH) == 8


def test_cymbals_at_once_keep_their_names() -> None:
    both = {RIDE: 0.7, CLOSED: 0.9}
    found = names(heard([SURE_RIDE] * 4 + [both] + [SURE_RIDE] * 4), GROOVE)
    assert found.count(CLOSED) == 1
    assert found.count(RIDE) == 9


def test_an_open_hat_among_closed_ones_stays_open() -> None:
    strokes = [SURE_HAT] * 4 + [{OPEN: 0.7, CLOSED: 0.2}] + [SURE_HAT] * 4
    assert names(heard(strokes), GROOVE) == [CLOSED] * 4 + [OPEN] + [CLOSED] * 4


def test_a_stroke_without_neighbours_keeps_its_name() -> None:
    assert names(heard([HALF_HAT] * 2, gap_frames=900), GROOVE) == [CLOSED] * 2


def test_naming_changes_nothing_but_names() -> None:
    activations = heard([SURE_RIDE] * 4 + [HALF_HAT] + [SURE_RIDE] * 4)
    before = pick(activations, ALONE)
    after = named_by_groove(before, activations, share=0.4, seconds=2.0)
    assert [replace(hit, instrument=RIDE) for hit in before] == after
    assert named_by_groove([], activations, share=0.4, seconds=2.0) == []


def test_naming_ten_thousand_strokes_compares_neighbours_only() -> None:
    hits = [Hit(0.05 * i, RIDE) for i in range(10_000)]
    onsets = np.full((50_100, len(CLASSES)), 0.3, np.float32)
    activations = Activations(onsets, onsets, 100.0, CLASSES)
    # Closed and open hats together outweigh the ride everywhere.
    found = named_by_groove(hits, activations, share=0.4, seconds=2.0)
    assert {hit.instrument for hit in found} == {CLOSED}

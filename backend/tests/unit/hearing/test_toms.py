"""Toms named by their pitch: struck drums of known pitch, under a network that cannot tell."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from drumscribe.domain.drums import TOMS, Activations, Hit, Instrument
from drumscribe.hearing.picking import PickingOptions, pick
from drumscribe.hearing.toms.naming import name_strokes, named_toms
from drumscribe.hearing.toms.pitch import NOT_HEARD, pitch_near, stroke_pitch, tom_pitches
from drumscribe.pipeline.files import arrays

RATE = 44100
CLASSES = (*(instrument.value for instrument in Instrument), "sidestick")
OPTIONS = PickingOptions(thresholds=dict.fromkeys(CLASSES, 0.5))
HIGH, MID, LOW = Instrument.TOM_HIGH, Instrument.TOM_MID, Instrument.TOM_LOW


def struck(times_and_hz: list[tuple[float, float]], seconds: float) -> NDArray[np.float32]:
    """Drums that ring at a pitch, with a click of noise at the attack; (1, n)."""
    sound = np.zeros(int(seconds * RATE), dtype=np.float32)
    noise = np.random.default_rng(0).normal(0, 0.1, 400)
    for time, hz in times_and_hz:
        start = int(time * RATE)
        t = np.arange(min(int(0.5 * RATE), sound.size - start)) / RATE
        sound[start : start + t.size] += np.sin(2 * np.pi * hz * t) * np.exp(-t / 0.12)
        sound[start : start + 400] += noise[: sound.size - start]
    return sound[None]


def heard(
    strokes: list[tuple[float, float]],
    said: tuple[float, float, float] = (0.3, 0.31, 0.3),
    others: tuple[tuple[float, Instrument], ...] = (),
) -> Activations:
    """What a network says that hears toms at the right times, but the same tom every time."""
    seconds = max(time for time, _ in [*strokes, *others]) + 1.0
    onsets = np.zeros((int(seconds * 100), len(CLASSES)), dtype=np.float32)
    columns = [CLASSES.index(tom.value) for tom in TOMS]
    for time, _ in strokes:
        onsets[round(time * 100), columns] = said
    for time, instrument in others:
        onsets[round(time * 100), CLASSES.index(instrument.value)] = 0.9
    pitches = tom_pitches(struck(strokes, seconds), RATE, onsets, CLASSES, 100.0)
    return Activations(onsets, np.full_like(onsets, 0.7), 100.0, CLASSES, pitches)


def played(*pitches_hz: float, rounds: int = 4) -> list[tuple[float, float]]:
    return [(0.5 + 0.25 * i, hz) for i, hz in enumerate(pitches_hz * rounds)]


def names(activations: Activations) -> list[Instrument]:
    return [hit.instrument for hit in pick(activations, OPTIONS)]


@pytest.mark.parametrize("hz", [62.0, 85.0, 120.0, 190.0, 280.0])
def test_stroke_pitch_of_a_ringing_drum_is_its_pitch(hz: float) -> None:
    found = stroke_pitch(struck([(0.3, hz)], 1.0), RATE, 0.3)
    assert abs(12 * np.log2(found / hz)) < 1.2


def test_stroke_pitch_over_a_louder_bass_is_the_drum() -> None:
    t = np.arange(RATE) / RATE
    bass = 2 * np.sin(2 * np.pi * 70 * t).astype(np.float32)
    found = stroke_pitch(struck([(0.5, 160.0)], 1.0) + bass, RATE, 0.5)
    assert abs(12 * np.log2(found / 160.0)) < 1.2


def test_stroke_pitch_of_silence_is_not_heard() -> None:
    assert stroke_pitch(np.zeros((2, RATE), np.float32), RATE, 0.5) == NOT_HEARD


@pytest.mark.parametrize("time", [0.0, 0.99, 3.0])
def test_stroke_pitch_at_the_edges_of_the_recording_is_a_number(time: float) -> None:
    assert np.isfinite(stroke_pitch(struck([(0.0, 100.0)], 1.0), RATE, time))


def test_tom_pitches_where_no_tom_is_heard_are_none() -> None:
    onsets = np.zeros((100, len(CLASSES)), dtype=np.float32)
    onsets[50, CLASSES.index("kick")] = 0.9
    found = tom_pitches(struck([(0.5, 60.0)], 1.0), RATE, onsets, CLASSES, 100.0)
    assert not found.any()


def test_pitch_near_a_frame_is_the_nearest_and_no_farther_than_two() -> None:
    pitches = np.zeros(10, dtype=np.float32)
    pitches[[4, 7]] = 100.0, 200.0
    assert [pitch_near(pitches, frame) for frame in (1, 2, 5, 6, 7, 9)] == [
        NOT_HEARD, 100.0, 100.0, 200.0, 200.0, 200.0,
    ]  # fmt: skip


def test_three_toms_are_named_by_their_pitch() -> None:
    assert names(heard(played(170.0, 120.0, 80.0))) == [HIGH, MID, LOW] * 4


def test_three_toms_of_a_kit_tuned_high_keep_their_order() -> None:
    assert names(heard(played(230.0, 165.0, 115.0))) == [HIGH, MID, LOW] * 4


def test_two_toms_an_octave_apart_are_high_and_low() -> None:
    assert names(heard(played(160.0, 80.0, rounds=6))) == [HIGH, LOW] * 6


@pytest.mark.parametrize(("hz", "tom"), [(75.0, LOW), (190.0, HIGH)])
def test_one_tom_has_one_name_that_fits_its_pitch(hz: float, tom: Instrument) -> None:
    assert names(heard(played(hz, rounds=8))) == [tom] * 8


def test_the_network_decides_where_the_pitch_does_not() -> None:
    strokes = played(112.0, rounds=8)
    assert names(heard(strokes, (0.05, 0.05, 0.8))) == [LOW] * 8
    assert names(heard(strokes, (0.8, 0.05, 0.05))) == [HIGH] * 8


def test_a_misheard_pitch_does_not_move_the_others() -> None:
    strokes = played(170.0, 120.0, 80.0)
    activations = heard(strokes)
    assert activations.tom_pitches is not None
    activations.tom_pitches[round(strokes[4][0] * 100)] = 320.0
    found = names(activations)
    assert [name for i, name in enumerate(found) if i != 4] == [
        name for i, name in enumerate([HIGH, MID, LOW] * 4) if i != 4
    ]


def test_few_strokes_keep_the_networks_names() -> None:
    assert names(heard(played(170.0, 80.0, rounds=2))) == [MID] * 4


def test_without_pitches_the_networks_names_stay() -> None:
    activations = dataclasses.replace(heard(played(170.0, 80.0, rounds=6)), tom_pitches=None)
    assert names(activations) == [MID] * 12


def test_other_instruments_and_all_but_the_name_stay_as_they_were() -> None:
    others = tuple((0.5 + 0.25 * i, (Instrument.KICK, Instrument.CRASH)[i % 2]) for i in range(12))
    activations = heard(played(170.0, 120.0, 80.0), others=others)
    before = pick(dataclasses.replace(activations, tom_pitches=None), OPTIONS)
    after = pick(activations, OPTIONS)
    assert len(after) == len(before)
    assert [h for h in after if h.instrument not in TOMS] == [
        h for h in before if h.instrument not in TOMS
    ]
    key = lambda h: (h.time, h.velocity, h.confidence)  # noqa: E731
    assert sorted(map(key, after)) == sorted(map(key, before))
    assert after == sorted(after, key=lambda h: (h.time, h.instrument.value))


def test_hits_without_toms_are_the_same() -> None:
    activations = heard([(0.5, 100.0)])
    hits = [Hit(0.1 * i, Instrument.SNARE) for i in range(20)]
    assert named_toms(hits, activations) == hits


def test_one_stroke_under_two_names_becomes_one() -> None:
    activations = heard(played(80.0, rounds=8))
    hits = [
        Hit(time + shift, tom, confidence=confidence)
        for time, _ in played(80.0, rounds=8)
        for shift, tom, confidence in ((0.0, LOW, 0.6), (0.02, MID, 0.9))
    ]
    found = named_toms(hits, activations)
    assert len(found) == 8
    assert {hit.confidence for hit in found} == {0.9}


def test_naming_the_same_strokes_twice_is_the_same() -> None:
    activations = heard(played(150.0, 118.0, 90.0, 105.0))
    assert pick(activations, OPTIONS) == pick(activations, OPTIONS)


def test_strokes_without_any_pitch_keep_the_networks_names() -> None:
    strokes = played(170.0, 80.0, rounds=6)
    activations = heard(strokes)
    silent = np.full_like(activations.onsets[:, 0], NOT_HEARD)
    assert names(dataclasses.replace(activations, tom_pitches=silent)) == [MID] * 12


def test_a_stroke_without_pitch_is_named_by_the_network_among_the_drums_of_the_rest() -> None:
    pitches = np.array([170.0, 80.0] * 6 + [np.nan, np.nan])
    said = np.full((14, 3), 0.3)
    said[12:] = (0.9, 0.05, 0.05), (0.05, 0.05, 0.9)
    assert name_strokes(pitches, said) == [0, 2] * 7


def test_stored_activations_name_the_same_toms_at_any_sensitivity(tmp_path: Path) -> None:
    activations = heard(played(170.0, 120.0, 80.0), said=(0.2, 0.25, 0.2))
    arrays.write_activations(tmp_path / "activations.npz", activations)
    stored = arrays.read_activations(tmp_path / "activations.npz")
    for sensitivity in (0.2, 0.5, 0.8, 1.0):
        again = pick(stored, OPTIONS, sensitivity=sensitivity)
        assert again == pick(activations, OPTIONS, sensitivity=sensitivity)
    assert [hit.instrument for hit in again] == [HIGH, MID, LOW] * 4


def test_activations_with_pitches_of_another_length_are_refused() -> None:
    onsets = np.zeros((5, len(CLASSES)), np.float32)
    with pytest.raises(ValueError, match="tom_pitches must have shape"):
        Activations(onsets, onsets, 100.0, CLASSES, np.zeros(4, np.float32))

"""The domain types validate once, and convert exactly."""

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from drumscribe.domain.audio import Audio
from drumscribe.domain.drums import Activations, Articulation, Hit, Instrument
from drumscribe.domain.rhythm import LONGEST_BAR_BEATS, BeatGrid, Metre


def grid_of(intervals: list[float]) -> BeatGrid:
    metre = Metre(4, 4)
    times = 0.5 + np.concatenate([[0.0], np.cumsum(intervals)])
    numbers = np.arange(times.size, dtype=np.int64) % metre.beats_per_bar + 1
    return BeatGrid(times, numbers, metre)


def test_audio_of_wrong_shape_or_type_is_refused() -> None:
    with pytest.raises(ValueError, match="shape"):
        Audio(np.zeros(10, np.float32), 44100)
    with pytest.raises(ValueError, match="float32"):
        Audio(np.zeros((1, 10)), 44100)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="positive"):
        Audio(np.zeros((1, 10), np.float32), 0)


def test_audio_mono_is_the_mean_of_the_channels() -> None:
    audio = Audio(np.array([[1.0, 0.0], [0.0, 0.5]], np.float32), 2)
    assert audio.mono().tolist() == [0.5, 0.25]
    assert audio.mono().dtype == np.float32
    assert audio.duration_seconds == 1.0


def test_audio_resampled_keeps_duration_and_pitch() -> None:
    rate = 48000
    t = np.arange(rate) / rate
    audio = Audio(np.sin(2 * np.pi * 1000 * t, dtype=np.float64).astype(np.float32)[None], rate)
    out = audio.resampled(22050)
    assert out.sample_rate == 22050
    assert abs(out.duration_seconds - 1.0) < 1e-3
    peak = int(np.argmax(np.abs(np.fft.rfft(out.samples[0]))))
    assert abs(peak * 22050 / out.n_samples - 1000) < 2
    assert audio.resampled(rate) is audio


@pytest.mark.parametrize(
    ("field", "value"),
    [("time", -0.1), ("time", float("nan")), ("velocity", 1.1), ("confidence", -0.1)],
)
def test_hit_with_impossible_value_is_refused(field: str, value: float) -> None:
    values: dict[str, Any] = {"time": 1.0, "velocity": 0.5, "confidence": 0.5}
    values[field] = value
    with pytest.raises(ValueError, match=field):
        Hit(instrument=Instrument.KICK, **values)


def test_hits_that_differ_in_articulation_only_can_be_sorted() -> None:
    plain = Hit(1.0, Instrument.SNARE)
    ghost = Hit(1.0, Instrument.SNARE, articulation=Articulation.GHOST)
    assert sorted([ghost, plain]) == [plain, ghost]


def test_activations_with_mismatched_classes_are_refused() -> None:
    with pytest.raises(ValueError, match="shape"):
        Activations(np.zeros((3, 2), np.float32), np.zeros((3, 2), np.float32), 100.0, ("kick",))


@pytest.mark.parametrize(
    ("text", "beats", "beat_length", "bar_length"),
    [
        ("4/4", 4, Fraction(1), Fraction(4)),
        ("3/4", 3, Fraction(1), Fraction(3)),
        ("6/8", 2, Fraction(3, 2), Fraction(3)),
        ("12/8", 4, Fraction(3, 2), Fraction(6)),
        ("7/8", 7, Fraction(1, 2), Fraction(7, 2)),
        ("3/8", 3, Fraction(1, 2), Fraction(3, 2)),
        ("2/2", 2, Fraction(2), Fraction(4)),
    ],
)
def test_metre_divides_the_bar_into_its_beats(
    text: str, beats: int, beat_length: Fraction, bar_length: Fraction
) -> None:
    metre = Metre.parse(text)
    assert (metre.beats_per_bar, metre.beat_length) == (beats, beat_length)
    assert metre.bar_length == bar_length == beats * beat_length
    assert str(metre) == text


@pytest.mark.parametrize(
    "text", ["", "4", "4/", "/4", "4/5", "0/4", "33/4", "-3/4", "a/b", "4/4/4"]
)
def test_metre_that_makes_no_sense_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"metre|numerator|denominator"):
        Metre.parse(text)


def test_beat_grid_that_runs_backwards_is_refused() -> None:
    with pytest.raises(ValueError, match="increasing"):
        BeatGrid(np.array([1.0, 0.5]), np.array([1, 2]), Metre(4, 4))
    with pytest.raises(ValueError, match="two beats"):
        BeatGrid(np.array([1.0]), np.array([1]), Metre(4, 4))
    with pytest.raises(ValueError, match="beat_numbers"):
        BeatGrid(np.array([1.0, 2.0]), np.array([1, LONGEST_BAR_BEATS + 1]), Metre(4, 4))


def test_beat_grid_bpm_is_the_median_tempo() -> None:
    assert grid_of([0.5, 0.5, 0.5, 2.0]).bpm == pytest.approx(120.0)


@given(
    intervals=st.lists(st.floats(0.2, 1.5), min_size=1, max_size=20),
    position=st.floats(-8.0, 30.0),
)
def test_beat_grid_position_and_time_are_inverse(intervals: list[float], position: float) -> None:
    grid = grid_of(intervals)
    assert float(grid.beat_position(grid.time_at(position))) == pytest.approx(position, abs=1e-6)


def test_beat_grid_beats_have_whole_positions() -> None:
    grid = grid_of([0.5, 0.6, 0.4])
    assert grid.beat_position(grid.beat_times).tolist() == [0.0, 1.0, 2.0, 3.0]
    assert float(grid.time_at(Fraction(1, 2))) == pytest.approx(0.75)

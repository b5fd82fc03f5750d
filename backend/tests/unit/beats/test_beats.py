"""Beats from hits, and everything about the grid that does not depend on who listened."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from drum_patterns import (
    ROCK,
    WALTZ,
    H,
    K,
    S,
    played,
    silence,
    sounding,
    steady_beats,
)
from drumscribe.beats import track_beats
from drumscribe.domain.audio import Audio
from drumscribe.domain.drums import Articulation, Hit, Instrument
from drumscribe.domain.rhythm import BeatGrid, Metre
from drumscribe.domain.wishes import BeatWishes
from drumscribe.errors import Cancelled, InvalidOption
from drumscribe.pipeline.context import LocalContext


def track(
    hits: list[Hit],
    *,
    mix: Audio | None = None,
    bpm: float | None = None,
    metre: str | None = None,
) -> BeatGrid:
    options = BeatWishes(bpm=bpm, metre=Metre.parse(metre) if metre else None)
    with LocalContext() as context:
        return track_beats(mix, None, hits, networks=None, options=options, context=context)


def worst_miss(grid: BeatGrid, beats: NDArray[np.float64]) -> float:
    """The farthest that any of these beats is from the nearest beat of the grid, in seconds."""
    return float(np.abs(grid.beat_times[:, None] - beats).min(axis=0).max())


def numbers_at(grid: BeatGrid, beats: NDArray[np.float64]) -> list[int]:
    nearest = np.abs(grid.beat_times[:, None] - beats).argmin(axis=0)
    return [int(number) for number in grid.beat_numbers[nearest]]


def assert_covers(grid: BeatGrid, end_seconds: float) -> None:
    """From before one beat has passed to the end, without gaps, counting through the bars."""
    periods = np.diff(grid.beat_times)
    assert grid.beat_times[0] >= 0.0
    assert grid.beat_times[0] <= 1.3 * periods.max()
    assert grid.beat_times[-1] >= end_seconds
    assert np.all(periods > 0)
    assert periods.max() < 2.0 * np.median(periods)
    steps = np.diff(grid.beat_numbers) % grid.metre.beats_per_bar
    assert np.all(steps == 1 % grid.metre.beats_per_bar)


@pytest.mark.parametrize("bpm", [60.0, 66.0, 72.0, 90.0, 100.5, 138.0, 160.0, 180.0, 200.0])
def test_track_beats_rock_from_hits_finds_beats_and_bars(bpm: float) -> None:
    beats = steady_beats(bpm, 48, start=0.4)
    hits = played(ROCK, beats, jitter_seconds=0.008)
    grid = track(hits)
    assert str(grid.metre) == "4/4"
    assert grid.bpm == pytest.approx(bpm, rel=0.01)
    assert worst_miss(grid, beats) < 0.03
    assert numbers_at(grid, beats[:8]) == [1, 2, 3, 4, 1, 2, 3, 4]
    assert grid.reliable
    assert_covers(grid, hits[-1].time)


@pytest.mark.parametrize("drift", [-0.12, 0.12])
def test_track_beats_drifting_tempo_is_followed(drift: float) -> None:
    beats = steady_beats(110, 96, start=0.2, drift=drift)
    grid = track(played(ROCK, beats, jitter_seconds=0.005))
    assert worst_miss(grid, beats) < 0.03
    first, last = 60.0 / np.diff(grid.beat_times)[[4, -6]]
    assert first == pytest.approx(110, rel=0.03)
    assert last == pytest.approx(110 * (1 + drift), rel=0.03)


def test_track_beats_waltz_is_found_without_being_told() -> None:
    beats = steady_beats(130, 72)
    grid = track(played(WALTZ, beats, crash_every_bars=8))
    assert str(grid.metre) == "3/4"
    assert numbers_at(grid, beats[:6]) == [1, 2, 3, 1, 2, 3]


def test_track_beats_pickup_counts_into_the_first_bar() -> None:
    beats = steady_beats(120, 50, start=0.25)
    grid = track(played(ROCK, beats, first_number=4))
    assert numbers_at(grid, beats[:5]) == [4, 1, 2, 3, 4]


@pytest.mark.parametrize("bpm", [60.0, 75.0, 150.0])
def test_track_beats_users_tempo_wins(bpm: float) -> None:
    beats = steady_beats(150, 64)
    grid = track(played(ROCK, beats), bpm=bpm)
    assert grid.bpm == pytest.approx(bpm, rel=0.08)


def test_track_beats_users_tempo_still_follows_drift() -> None:
    beats = steady_beats(150, 64, drift=0.06)
    grid = track(played(ROCK, beats), bpm=152)
    assert worst_miss(grid, beats) < 0.03


@pytest.mark.parametrize(
    ("metre", "bpm", "beats_per_minute"),
    [
        ("4/4", 90, 90.0),
        ("3/4", 90, 90.0),
        ("6/8", 90, 60.0),
        ("7/8", 90, 180.0),
        ("2/2", 90, 45.0),
    ],
)
def test_track_beats_users_tempo_counts_quarters_in_any_metre(
    metre: str, bpm: float, beats_per_minute: float
) -> None:
    eighths = steady_beats(2 * bpm, 120)
    hits = [Hit(float(time), H) for time in eighths]
    grid = track(hits, bpm=bpm, metre=metre)
    assert str(grid.metre) == metre
    assert grid.bpm == pytest.approx(beats_per_minute, rel=0.08)
    assert_covers(grid, hits[-1].time)


def test_track_beats_users_metre_wins_and_bars_fit_the_pattern() -> None:
    # 7/8 as 2 + 2 + 3: kick on 1, snare on 3 and 5, hats on all.
    pattern = (7, [(0.0, K), (2.0, S), (4.0, S), *((float(e), H) for e in range(7))])
    eighths = steady_beats(240, 7 * 24, start=0.3)
    grid = track(played(pattern, eighths, crash_every_bars=4), metre="7/8", bpm=120)
    assert worst_miss(grid, eighths) < 0.04
    assert numbers_at(grid, eighths[7:14]) == [1, 2, 3, 4, 5, 6, 7]


@pytest.mark.parametrize(
    "metre",
    ["1/4", "2/4", "5/4", "6/8", "12/8", "7/8", "5/8", "2/2", "4/2", "9/16", "32/16", "1/1"],
)
def test_track_beats_every_metre_gives_a_whole_grid(metre: str) -> None:
    hits = played(ROCK, steady_beats(120, 32))
    grid = track(hits, metre=metre)
    assert str(grid.metre) == metre
    assert_covers(grid, hits[-1].time)


@pytest.mark.parametrize("bpm", [40.0, 300.0])
def test_track_beats_extreme_tempo_gives_a_whole_grid(bpm: float) -> None:
    hits = played(ROCK, steady_beats(120, 32))
    grid = track(hits, bpm=bpm)
    assert grid.bpm == pytest.approx(bpm, rel=0.09)
    assert_covers(grid, hits[-1].time)


def test_beat_options_impossible_tempo_is_refused() -> None:
    with pytest.raises(InvalidOption, match="bpm"):
        BeatWishes(bpm=0.0)
    with pytest.raises(InvalidOption, match="bpm"):
        BeatWishes(bpm=float("nan"))


@pytest.mark.parametrize("n_hits", [0, 1, 2, 3])
def test_track_beats_few_hits_give_a_steady_unreliable_grid(n_hits: int) -> None:
    hits = [Hit(1.0 + 0.37 * k, K) for k in range(n_hits)]
    for bpm, expected in ((None, 120.0), (93.0, 93.0)):
        grid = track(hits, bpm=bpm)
        assert not grid.reliable
        assert grid.bpm == pytest.approx(expected)
        assert_covers(grid, hits[-1].time if hits else 0.0)
    if hits:
        assert numbers_at(track(hits), np.array([1.0])) == [1]


def test_track_beats_random_hits_are_unreliable() -> None:
    generator = np.random.default_rng(3)
    pieces = list(Instrument)
    hits = [
        Hit(float(time), pieces[generator.integers(len(pieces))], float(generator.random()))
        for time in generator.uniform(0, 60, 150)
    ]
    assert not track(hits).reliable


def test_track_beats_silent_recording_is_as_good_as_none() -> None:
    hits = played(ROCK, steady_beats(100, 32, start=0.5))
    grid = track(hits, mix=silence(30.0))
    np.testing.assert_allclose(grid.beat_times[:32], track(hits).beat_times[:32])
    assert_covers(grid, 30.0)
    assert not track([], mix=silence(5.0)).reliable
    assert_covers(track([], mix=silence(5.0)), 5.0)


def test_track_beats_long_pauses_have_no_gaps() -> None:
    beats = steady_beats(120, 120)
    hits = [hit for hit in played(ROCK, beats) if 10 < hit.time < 20 or 40 < hit.time < 50]
    grid = track(hits, mix=sounding(hits, 60.0))
    assert_covers(grid, 60.0)
    assert worst_miss(grid, beats[22:98]) < 0.04


def test_track_beats_no_hits_beats_come_from_the_attacks() -> None:
    beats = steady_beats(110, 40, start=0.5)
    sound = sounding([Hit(float(time), S) for time in beats], 23.0)
    grid = track([], mix=sound)
    assert grid.bpm == pytest.approx(110, rel=0.01)
    assert worst_miss(grid, beats) < 0.04
    assert not grid.reliable


def test_track_beats_hit_at_the_very_start_has_its_beat() -> None:
    beats = steady_beats(120, 32)
    grid = track(played(ROCK, beats, jitter_seconds=0.004, seed=5))
    assert grid.beat_times[0] < 0.02
    assert grid.beat_numbers[0] == 1


def test_track_beats_stem_at_another_rate_is_refused() -> None:
    mix = silence(1.0)
    stem = Audio(np.zeros((1, 22_050), np.float32), 22_050)
    with LocalContext() as context, pytest.raises(ValueError, match="one sample rate"):
        track_beats(mix, stem, [], networks=None, options=BeatWishes(), context=context)


def test_track_beats_hits_in_any_order_give_the_same_grid() -> None:
    hits = played(ROCK, steady_beats(100, 32))
    # Two strokes that differ in nothing but the articulation cannot be ordered by themselves.
    twins = [Hit(0.0, K), Hit(0.0, K, articulation=Articulation.ACCENT)]
    ordered, mixed = track([*twins, *hits]), track([*reversed(hits), *reversed(twins)])
    np.testing.assert_allclose(ordered.beat_times, mixed.beat_times)


def test_track_beats_cancelled_stops() -> None:
    calls = 0

    def is_cancelled() -> bool:
        nonlocal calls
        calls += 1
        return calls > 1

    hits = played(ROCK, steady_beats(120, 32))
    with LocalContext(is_cancelled=is_cancelled) as context, pytest.raises(Cancelled):
        track_beats(None, None, hits, networks=None, options=BeatWishes(), context=context)


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.tuples(st.floats(0, 12), st.sampled_from(list(Instrument)), st.floats(0, 1)),
        max_size=30,
    ),
    st.sampled_from(["4/4", "6/8", None]),
)
def test_track_beats_any_hits_give_a_whole_grid(
    strokes: list[tuple[float, Instrument, float]], metre: str | None
) -> None:
    hits = [Hit(time, piece, velocity) for time, piece, velocity in strokes]
    grid = track(hits, metre=metre)
    assert_covers(grid, max((hit.time for hit in hits), default=0.0))

"""Bars of another length among the others."""

from __future__ import annotations

import numpy as np
import pytest

from drum_patterns import ROCK, WALTZ, H, K, S, played
from drumscribe.beats import track_beats
from drumscribe.beats.bar_changes import with_changes
from drumscribe.beats.by_hits import Bars
from drumscribe.domain.drums import Hit
from drumscribe.domain.rhythm import Metre
from drumscribe.domain.wishes import BeatWishes
from drumscribe.pipeline.context import LocalContext

PERIOD = 0.5
# Beats one and three differ, as in most music; in ROCK hardly.
SONG = (
    4,
    [(0.0, K), (0.5, K), (1.0, S), (2.5, K), (3.0, S), *((e / 2, H) for e in range(8))],
)
HALF = (2, [(0.0, K), (1.0, S), (0.5, H), (1.5, H)])


def regular(n_beats: int, metre: str = "4/4", first: int = 1) -> Bars:
    parsed = Metre.parse(metre)
    numbers = (np.arange(n_beats) + first - 1) % parsed.beats_per_bar + 1
    return Bars(PERIOD * np.arange(n_beats, dtype=np.float64), numbers, parsed)


def bars_of(*parts: tuple[tuple[int, list[tuple[float, object]]], int]) -> list[Hit]:
    """So many beats of each pattern, one after the other, at 120 BPM."""
    hits: list[Hit] = []
    start = 0
    for pattern, n_beats in parts:
        beats = PERIOD * (start + np.arange(n_beats + 1, dtype=np.float64))
        hits += [hit for hit in played(pattern, beats, crash_every_bars=0) if hit.time < beats[-1]]
        start += n_beats
    return hits


def downbeats(bars: Bars) -> list[int]:
    return np.flatnonzero(bars.beat_numbers == 1).tolist()


@pytest.mark.parametrize("seed", range(3))
def test_with_changes_regular_bars_stay(seed: int) -> None:
    bars = regular(65)
    hits = played(ROCK, bars.beat_times, jitter_seconds=0.012, seed=seed)
    assert with_changes(bars, hits).beat_numbers.tolist() == bars.beat_numbers.tolist()


def test_with_changes_inserted_half_bar_moves_what_follows() -> None:
    hits = bars_of((SONG, 32), (HALF, 2), (SONG, 32))
    found = downbeats(with_changes(regular(67), hits))
    assert found == [*range(0, 33, 4), *range(34, 67, 4)]


def test_with_changes_section_in_three_has_bars_of_three() -> None:
    hits = bars_of((ROCK, 32), (WALTZ, 24), (ROCK, 32))
    found = downbeats(with_changes(regular(89), hits))
    assert found == [*range(0, 33, 4), *range(35, 57, 3), *range(60, 89, 4)]


def test_with_changes_one_odd_fill_changes_nothing() -> None:
    fill = (4, [(e / 4, S) for e in range(16)])
    hits = bars_of((ROCK, 32), (fill, 4), (ROCK, 28))
    bars = regular(65)
    assert with_changes(bars, hits).beat_numbers.tolist() == bars.beat_numbers.tolist()


@pytest.mark.parametrize("metre", ["3/4", "6/8", "7/8", "12/8"])
def test_with_changes_other_metres_are_left_alone(metre: str) -> None:
    bars = regular(90, metre)
    assert with_changes(bars, played(ROCK, bars.beat_times)) is bars


def test_with_changes_short_pieces_are_left_alone() -> None:
    bars = regular(20)
    assert with_changes(bars, played(ROCK, bars.beat_times)) is bars


def test_track_beats_finds_an_inserted_bar_of_two() -> None:
    hits = bars_of((SONG, 48), (HALF, 2), (SONG, 32))
    with LocalContext() as context:
        grid = track_beats(None, None, hits, networks=None, options=BeatWishes(), context=context)
    assert grid.metre == Metre(4, 4)
    after = grid.downbeat_times[grid.downbeat_times > 48.5 * PERIOD]
    np.testing.assert_allclose(after[:4], PERIOD * (50 + 4 * np.arange(4)), atol=0.05)

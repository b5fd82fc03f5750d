"""Bars of another length among the others."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from drum_patterns import WALTZ, C, H, K, S, played
from drumscribe.beats import track_beats
from drumscribe.domain.drums import Hit, Instrument
from drumscribe.domain.rhythm import BeatGrid, Metre
from drumscribe.domain.wishes import BeatWishes
from drumscribe.pipeline.context import LocalContext

PERIOD = 0.5
# Beats one and three differ, as in most music; in ROCK hardly.
SONG = (
    4,
    [(0.0, K), (0.5, K), (1.0, S), (2.5, K), (3.0, S), *((e / 2, H) for e in range(8))],
)
HALF = (2, [(0.0, K), (1.0, S), (0.5, H), (1.5, H)])
# The same in both halves of the bar, on a crash.
CHORUS = (
    4,
    [
        (half + beat, drum)
        for half in (0.0, 2.0)
        for beat, drum in (
            *((beat, C) for beat in (0.0, 1.0)),
            *((beat, K) for beat in (0.0, 0.5, 1.5)),
            (1.0, S),
        )
    ],
)
FIVE = (
    5,
    [(0.0, K), (1.0, S), (2.5, K), (3.0, K), (4.0, S), *((e / 2, H) for e in range(10))],
)


def hits_of(*parts: tuple[tuple[int, list[tuple[float, Instrument]]], int]) -> list[Hit]:
    """So many beats of each pattern, one after the other, at 120 BPM, each begun by a crash."""
    hits: list[Hit] = []
    start = 0
    for pattern, n_beats in parts:
        beats = PERIOD * (start + np.arange(n_beats + 1, dtype=np.float64))
        hits += [hit for hit in played(pattern, beats, crash_every_bars=8) if hit.time < beats[-1]]
        start += n_beats
    return hits


def found(hits: list[Hit], options: BeatWishes | None = None) -> BeatGrid:
    with LocalContext() as context:
        return track_beats(
            None, None, hits, networks=None, options=options or BeatWishes(), context=context
        )


def lines(grid: BeatGrid, last_beat: int) -> list[int]:
    """Bar lines in beats of 120 BPM."""
    beats = np.round(grid.downbeat_times / PERIOD)
    np.testing.assert_allclose(grid.downbeat_times, beats * PERIOD, atol=0.05)
    return [int(beat) for beat in beats if beat <= last_beat]


@pytest.mark.parametrize("seed", range(2))
def test_track_beats_regular_bars_stay(seed: int) -> None:
    beats = PERIOD * np.arange(97, dtype=np.float64)
    grid = found(played(SONG, beats, jitter_seconds=0.012, seed=seed))
    assert lines(grid, 92) == list(range(0, 93, 4))


def test_track_beats_one_odd_fill_changes_nothing() -> None:
    fill = (4, [(e / 4, S) for e in range(16)])
    grid = found(hits_of((SONG, 48), (fill, 4), (SONG, 44)))
    assert lines(grid, 92) == list(range(0, 93, 4))


def test_track_beats_finds_an_inserted_bar_of_two() -> None:
    grid = found(hits_of((SONG, 48), (HALF, 2), (SONG, 48)))
    assert grid.metre == Metre(4, 4)
    assert lines(grid, 94) == [*range(0, 49, 4), *range(50, 95, 4)]


def test_track_beats_finds_a_section_in_three() -> None:
    grid = found(hits_of((SONG, 64), (WALTZ, 36), (SONG, 64)))
    assert grid.metre == Metre(4, 4)
    assert lines(grid, 160) == [*range(0, 65, 4), *range(67, 101, 3), *range(104, 161, 4)]


def test_track_beats_finds_a_section_of_longer_bars() -> None:
    grid = found(hits_of((SONG, 64), (FIVE, 40), (SONG, 64)))
    assert grid.metre == Metre(4, 4)
    assert lines(grid, 160) == [*range(0, 65, 4), *range(69, 105, 5), *range(108, 161, 4)]
    assert grid.beat_numbers.max() == 5


def test_track_beats_finds_bars_of_seven_eighths_among_fours() -> None:
    """The last eighth of two bars is missing; from then on all is an eighth early."""
    early, missing = 0.5 * PERIOD, (44 * PERIOD, 92 * PERIOD)
    hits = [
        replace(hit, time=hit.time - early * sum(hit.time > gap - 0.02 for gap in missing))
        for hit in hits_of((SONG, 44), (SONG, 48), (SONG, 68))
        if not any(gap - early - 0.02 < hit.time < gap - 0.02 for gap in missing)
    ]
    grid = found(hits)
    assert grid.written_metre == Metre(4, 4)
    lengths = np.diff(np.flatnonzero(grid.beat_numbers == 1)).tolist()
    assert [k for k, length in enumerate(lengths) if length == 7] == [10, 22]
    assert set(lengths) == {7, 8}


def test_track_beats_threes_that_come_out_even_change_nothing_in_a_long_song() -> None:
    grid = found(hits_of((SONG, 240), (WALTZ, 24), (SONG, 240)))
    assert lines(grid, 500) == list(range(0, 501, 4))


def test_track_beats_a_chorus_that_repeats_every_half_bar_keeps_its_bars() -> None:
    grid = found(hits_of((SONG, 96), (CHORUS, 64), (SONG, 96), (CHORUS, 64), (SONG, 64)))
    assert lines(grid, 380) == list(range(0, 381, 4))


def test_track_beats_users_metre_has_no_changes() -> None:
    hits = hits_of((SONG, 48), (HALF, 2), (SONG, 48))
    grid = found(hits, BeatWishes(metre=Metre(4, 4)))
    assert set(np.diff(np.flatnonzero(grid.beat_numbers == 1)).tolist()) == {4}

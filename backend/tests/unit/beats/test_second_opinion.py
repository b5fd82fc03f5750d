"""Other metres over the beats that networks gave in four."""

from __future__ import annotations

import numpy as np

from drum_patterns import ROCK, WALTZ, H, K, S, played, steady_beats
from drumscribe.beats.by_hits import Bars
from drumscribe.beats.second_opinion import other_metre
from drumscribe.domain.rhythm import Metre

BEATS = steady_beats(120, 121, start=0.2)
IN_FOUR = Bars(BEATS, np.arange(BEATS.size) % 4 + 1, Metre(4, 4))
FIVE = (5, [(0.0, K), (1.5, K), (2.0, S), (3.0, K), (4.0, S), *((e / 2, H) for e in range(10))])
SIX = (2, [(0.0, K), (2 / 3, K), (1.0, S), *((e / 3, H) for e in range(6))])


def test_other_metre_rock_stays_in_four() -> None:
    assert other_metre(played(ROCK, BEATS), IN_FOUR) is None


def test_other_metre_pattern_of_five_beats_is_five_four() -> None:
    found = other_metre(played(FIVE, BEATS), IN_FOUR)
    assert found is not None
    assert found.metre == Metre(5, 4)
    ones = found.beat_times[found.beat_numbers == 1]
    assert np.abs(ones[:, None] - BEATS[::5]).min(axis=1).max() < 0.03


def test_other_metre_eighths_counted_in_four_are_six_eight() -> None:
    eighths = steady_beats(192, 241, start=0.2)
    given = Bars(eighths, np.arange(eighths.size) % 4 + 1, Metre(4, 4))
    found = other_metre(played(SIX, eighths[::3], crash_every_bars=8), given)
    assert found is not None
    assert found.metre == Metre(6, 8)


def test_other_metre_few_hits_say_nothing() -> None:
    assert other_metre(played(WALTZ, BEATS)[:30], IN_FOUR) is None

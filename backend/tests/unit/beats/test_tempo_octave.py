from __future__ import annotations

import numpy as np
import pytest

from drum_patterns import ROCK, WALTZ, H, K, S, played, steady_beats
from drumscribe.beats.tempo_octave import counted_speed
from drumscribe.domain.drums import Articulation, Hit

BEATS = steady_beats(100, 64)
NUMBERS = np.arange(64) % 4 + 1
HITS = played(ROCK, BEATS)


def test_counted_speed_right_beats_stay() -> None:
    assert counted_speed(HITS, BEATS, NUMBERS) == 1.0


@pytest.mark.parametrize("first", [0, 1])
def test_counted_speed_every_other_beat_is_doubled(first: int) -> None:
    slow = BEATS[first::2]
    assert counted_speed(HITS, slow, NUMBERS[: slow.size]) == 2.0


def test_counted_speed_beats_between_the_beats_are_halved() -> None:
    fast = steady_beats(200, 127)
    assert counted_speed(HITS, fast, np.arange(127) % 4 + 1) == 0.5


def test_counted_speed_half_time_feel_with_eighths_is_left_open() -> None:
    half_time = (4, [(0.0, K), (2.0, S), *((e / 2, H) for e in range(8))])
    assert counted_speed(played(half_time, BEATS), BEATS, NUMBERS) is None


def test_counted_speed_little_evidence_says_nothing() -> None:
    slow = BEATS[::2]
    few = [hit for hit in HITS if hit.time < 4.0]
    ghosts = [Hit(h.time, h.instrument, h.velocity, articulation=Articulation.GHOST) for h in HITS]
    assert counted_speed(few, slow, NUMBERS[:32]) is None
    assert counted_speed(ghosts, slow, NUMBERS[:32]) is None
    assert counted_speed([], slow, NUMBERS[:32]) is None
    assert counted_speed(HITS, BEATS[:1], NUMBERS[:1]) is None


def test_counted_speed_other_metres_are_left_alone() -> None:
    hits = played(WALTZ, BEATS)
    assert counted_speed(hits, BEATS, np.arange(64) % 3 + 1) is None

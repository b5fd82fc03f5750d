from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from drum_patterns import ROCK, H, played, steady_beats
from drumscribe.beats.reliability import (
    agreement,
    chance_of_right_beats,
    grid_is_reliable,
    off_grid_share,
    read_grid_is_reliable,
)
from drumscribe.domain.drums import Hit, Instrument

BEATS = steady_beats(120, 32, start=0.5)
HITS = played(ROCK, BEATS)


def judge(
    beats: NDArray[np.float64] = BEATS,
    *,
    hits: list[Hit] = HITS,
    strength: float = 0.8,
    second: NDArray[np.float64] | None = BEATS,
) -> bool:
    return grid_is_reliable(beats, np.full(beats.size, strength), hits, second_opinion=second)


def test_grid_is_reliable_clear_music_is_trusted() -> None:
    assert judge()
    assert judge(second=None)
    assert judge(second=None, strength=0.3)


def test_grid_is_reliable_every_doubt_counts_alone() -> None:
    generator = np.random.default_rng(0)
    stumbling = BEATS + generator.uniform(-0.06, 0.06, BEATS.size)
    scattered = [Hit(float(t), H) for t in generator.uniform(0.5, 16.0, 100)]
    assert not judge(hits=HITS[:7])
    assert not judge(BEATS[:3], second=BEATS[:3])
    assert not judge(stumbling)
    assert not judge(strength=0.1)
    assert not judge(hits=scattered)
    assert not judge(second=BEATS + 0.25)
    assert not judge(second=np.empty(0))
    assert not judge(hits=[Hit(hit.time + 100.0, hit.instrument) for hit in HITS])


def test_off_grid_share_counts_sixteenths_and_triplets_as_on_the_grid() -> None:
    on = np.concatenate(
        [BEATS[:-1] + 0.5 * part for part in (0, 1 / 4, 1 / 3, 1 / 2, 2 / 3, 3 / 4)]
    )
    assert off_grid_share(BEATS, on) == 0.0
    assert off_grid_share(BEATS, BEATS[:-1] + 0.5 * 0.42) == 1.0
    assert off_grid_share(BEATS, np.array([100.0])) == 1.0


def test_agreement_is_an_f_measure() -> None:
    assert agreement(BEATS, BEATS + 0.05) == pytest.approx(1.0)
    assert agreement(BEATS, BEATS[::2]) == pytest.approx(2 / 3)
    assert agreement(BEATS, BEATS + 0.2) == 0.0
    assert agreement(np.empty(0), BEATS) == 0.0


def test_chance_of_right_beats_rises_with_every_piece_of_evidence() -> None:
    middling = chance_of_right_beats(0.8, 12.0, 0.1)
    assert 0.0 < middling < 1.0
    assert chance_of_right_beats(0.99, 12.0, 0.1) > middling
    assert chance_of_right_beats(0.8, 20.0, 0.1) > middling
    assert chance_of_right_beats(0.8, 12.0, 0.4) < middling
    assert chance_of_right_beats(1.0, 30.0, 0.0) > 0.95


def test_read_grid_is_reliable_good_reading_of_a_steady_pattern_is_trusted() -> None:
    beats = np.arange(0.0, 20.0, 0.5)
    hits = [Hit(float(time), Instrument.KICK, 0.8) for time in beats]
    assert read_grid_is_reliable(beats, hits, pulse_chance=0.99, score=22.0)
    assert not read_grid_is_reliable(beats, hits, pulse_chance=0.3, score=5.0)
    assert not read_grid_is_reliable(beats, hits[:7], pulse_chance=0.99, score=22.0)

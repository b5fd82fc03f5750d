from __future__ import annotations

import numpy as np
import pytest

from drum_patterns import ROCK, WALTZ, C, H, K, S, played, steady_beats
from drumscribe.beats.hit_evidence import beat_patterns, hit_activations, repetition
from drumscribe.domain.drums import Articulation, Hit


def test_hit_activations_are_probabilities_and_rise_at_hits() -> None:
    hits = played(ROCK, steady_beats(120, 16))
    activations = hit_activations(hits, 400)
    assert activations.shape == (400, 2)
    assert activations.dtype == np.float32
    assert activations.min() >= 0.0
    assert activations.sum(axis=1).max() <= 1.0
    total = activations.sum(axis=1)
    assert total[25] > 5 * total[18]


def test_hit_activations_kick_speaks_for_a_downbeat_and_snare_against() -> None:
    # Something else opens the playing.
    hits = [Hit(0.0, H), Hit(1.0, K), Hit(2.0, S), Hit(3.0, K), Hit(3.0, C)]
    activations = hit_activations(hits, 200)
    share = activations[:, 1] / activations.sum(axis=1)
    assert share[100] < share[50] < share[150]


def test_hit_activations_opening_kick_is_taken_for_a_downbeat() -> None:
    activations = hit_activations([Hit(1.0, K), Hit(2.0, K)], 150)
    assert activations[50, 1] > 1.5 * activations[100, 1]
    assert activations[50].sum() == pytest.approx(activations[100].sum(), abs=0.01)


def test_hit_activations_soft_doubtful_and_ghost_hits_tell_less() -> None:
    def strength(hit: Hit) -> float:
        return float(hit_activations([Hit(0.0, H), hit], 100)[50].sum())

    plain = strength(Hit(1.0, S, 0.8))
    assert strength(Hit(1.0, S, 0.2)) < plain
    assert strength(Hit(1.0, S, 0.8, confidence=0.4)) < plain
    assert strength(Hit(1.0, S, 0.8, articulation=Articulation.GHOST)) < plain


@pytest.mark.parametrize(("pattern", "per_bar"), [(ROCK, 4), (WALTZ, 3)])
def test_repetition_is_complete_at_the_bar_only(
    pattern: tuple[int, list[tuple[float, object]]], per_bar: int
) -> None:
    beats = steady_beats(120, 48)
    patterns = beat_patterns(played(pattern, beats, crash_every_bars=0), beats)  # type: ignore[arg-type]
    assert repetition(patterns, per_bar) == pytest.approx(1.0)
    assert repetition(patterns, 7 - per_bar) < 0.9


def test_repetition_without_hits_or_beats_is_nothing() -> None:
    beats = steady_beats(120, 8)
    assert repetition(beat_patterns([], beats), 4) == 0.0
    assert repetition(beat_patterns([Hit(0.1, K)], beats[:3]), 4) == 0.0

"""The rule by which one set of weights is better than another."""

from lab.measure.onsets import counts
from lab.measure.selection import NOISE, objections

BASE = dict.fromkeys(("A mean", "B F5", "C loud F5", "C dry F5", "C stems F5", "D agreement"), 0.8)


def test_gain_on_renders_and_on_one_real_set_wins() -> None:
    assert objections({**BASE, "A mean": 0.85, "D agreement": 0.85}, BASE) == []
    assert objections({**BASE, "A mean": 0.85, "B F5": 0.85}, BASE) == []


def test_gain_on_renders_alone_does_not_win() -> None:
    assert objections({**BASE, "A mean": 0.9}, BASE)


def test_loss_beyond_noise_anywhere_does_not_win() -> None:
    better = {**BASE, "A mean": 0.9, "B F5": 0.9}
    assert objections({**better, "C dry F5": 0.8 - NOISE / 2}, BASE) == []
    assert objections({**better, "C dry F5": 0.8 - 2 * NOISE}, BASE) == ["C dry F5 -0.016"]


def test_cymbals_struck_at_once_by_a_programmed_song_are_one_stroke() -> None:
    true = [(1.0, "crash"), (1.0, "crash"), (1.019, "crash"), (1.03, "crash"), (1.0, "kick")]
    assert counts(true, [(1.0, "crash"), (1.0, "kick")]) == {"crash": (1, 1, 2), "kick": (1, 1, 1)}

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from drum_patterns import steady_beats
from drumscribe.beats.sound.bar_tracking import BarPath, track_bars
from drumscribe.errors import Cancelled

FPS = 50


def activations(
    beats: NDArray[np.float64], per_bar: int, *, seed: int = 0, seconds: float | None = None
) -> NDArray[np.float32]:
    """What networks would give: noisy peaks on the beats, every per_bar-th as downbeat."""
    generator = np.random.default_rng(seed)
    n_frames = round(((beats[-1] + 1.0) if seconds is None else seconds) * FPS)
    out = 0.02 + 0.02 * generator.random((n_frames, 2))
    for number, time in enumerate(beats):
        frame = round(time * FPS)
        height = generator.uniform(0.4, 0.9)
        for offset, share in ((-1, 0.4), (0, 1.0), (1, 0.5)):
            if 0 <= frame + offset < n_frames:
                out[frame + offset, int(number % per_bar == 0)] = height * share
    return out.astype(np.float32)


def track(acts: NDArray[np.float32], per_bar: int, low: float = 55, high: float = 215) -> BarPath:
    return track_bars(
        acts,
        beats_per_bar=per_bar,
        shortest_beat_frames=60 * FPS / high,
        longest_beat_frames=60 * FPS / low,
        checkpoint=lambda: None,
    )


@pytest.mark.parametrize(("per_bar", "bpm"), [(3, 90.0), (4, 120.0), (5, 171.0)])
def test_track_bars_gives_the_path_of_madmom_infer(per_bar: int, bpm: float) -> None:
    from madmom_infer.features.downbeats import DBNDownBeatTrackingProcessor

    acts = activations(steady_beats(bpm, 24, start=0.3, drift=0.05), per_bar)
    reference = DBNDownBeatTrackingProcessor([per_bar], fps=FPS, num_tempi=None)
    states, log_probability = reference.hmms[0].viterbi(acts)
    positions = reference.hmms[0].transition_model.state_space.state_positions[states]
    begins = np.flatnonzero(np.diff(positions.astype(int))) + 1
    ours = track(acts, per_bar)
    # The reference names no beat that began before the first frame.
    later = ours.beat_frames > 0
    np.testing.assert_array_equal(ours.beat_frames[later], begins)
    np.testing.assert_array_equal(ours.beat_numbers[later], positions[begins].astype(int) + 1)
    assert ours.log_likelihood == pytest.approx(log_probability / len(acts), abs=1e-6)


@pytest.mark.parametrize("bpm", [66.0, 97.3, 140.0, 175.0])
@pytest.mark.parametrize("drift", [-0.1, 0.0, 0.1])
def test_track_bars_finds_beats_and_downbeats_under_drift(bpm: float, drift: float) -> None:
    beats = steady_beats(bpm, 48, start=0.5, drift=drift)
    path = track(activations(beats, 4), 4)
    found = path.beat_frames / FPS
    for number, time in enumerate(beats[4:], start=4):
        nearest = int(np.abs(found - time).argmin())
        assert found[nearest] == pytest.approx(time, abs=0.05)
        assert path.beat_numbers[nearest] == number % 4 + 1


def test_track_bars_pause_is_bridged_at_the_same_tempo() -> None:
    beats = steady_beats(120, 64)
    played = np.concatenate([beats[:24], beats[40:]])
    acts = np.full((round((beats[-1] + 1) * FPS), 2), 0.01, np.float32)
    for time in played:
        acts[round(time * FPS), int(round(time * 2) % 4 == 0)] = 0.8
    found = track(acts, 4).beat_frames / FPS
    assert np.abs(found[:, None] - beats).min(axis=0).max() < 0.06


def test_track_bars_right_metre_is_more_likely() -> None:
    waltz = activations(steady_beats(120, 48), 3)
    assert track(waltz, 3).log_likelihood > track(waltz, 4).log_likelihood
    common = activations(steady_beats(120, 48), 4)
    assert track(common, 4).log_likelihood > track(common, 3).log_likelihood


def test_track_bars_preferred_period_decides_where_octaves_fit_alike() -> None:
    # Nothing is ever heard: any tempo fits.
    acts = np.full((1200, 2), 0.2, np.float32)

    def period(preferred: float) -> float:
        path = track_bars(
            acts,
            beats_per_bar=4,
            shortest_beat_frames=14,
            longest_beat_frames=55,
            preferred_beat_frames=preferred,
            checkpoint=lambda: None,
        )
        return float(np.median(np.diff(path.beat_frames)))

    assert period(20.0) < 25.0 < period(45.0)


@pytest.mark.parametrize("n_frames", [1, 2, 10, 60])
def test_track_bars_short_input_gives_increasing_beats(n_frames: int) -> None:
    path = track(np.full((n_frames, 2), 0.1, np.float32), 4)
    assert np.all(np.diff(path.beat_frames) > 0)
    assert path.beat_frames.size == path.beat_numbers.size


def test_track_bars_extreme_activations_stay_finite() -> None:
    acts = np.zeros((500, 2), np.float32)
    acts[::25, 0] = 1.0
    acts[::100] = (0.0, 1.0)
    path = track(acts, 4)
    assert np.isfinite(path.log_likelihood)
    np.testing.assert_array_equal(np.diff(path.beat_frames), 25)


def test_track_bars_cancelled_stops() -> None:
    def checkpoint() -> None:
        raise Cancelled("stop")

    with pytest.raises(Cancelled):
        track_bars(
            np.full((100, 2), 0.1, np.float32),
            beats_per_bar=4,
            shortest_beat_frames=14,
            longest_beat_frames=55,
            checkpoint=checkpoint,
        )

from __future__ import annotations

import numpy as np
import pytest

from drum_patterns import ROCK, SAMPLE_RATE, played, silence, sounding, steady_beats
from drumscribe.beats.sound.features import (
    attack_activations,
    feature_chunks,
    is_silent,
    level_gain,
    n_feature_frames,
)
from drumscribe.domain.audio import Audio


@pytest.fixture(scope="module")
def song() -> Audio:
    """23.4 seconds: three chunks, the last one short."""
    return sounding(played(ROCK, steady_beats(120, 47)), 23.4)


def test_feature_chunks_agree_with_madmom_infer(song: Audio) -> None:
    from madmom_infer.audio.signal import FramedSignalProcessor, Signal
    from madmom_infer.audio.spectrogram import (
        FilteredSpectrogramProcessor,
        LogarithmicSpectrogramProcessor,
        SpectrogramDifferenceProcessor,
    )
    from madmom_infer.audio.stft import ShortTimeFourierTransformProcessor
    from madmom_infer.processors import SequentialProcessor

    front_end = SequentialProcessor(
        [
            FramedSignalProcessor(frame_size=1411, hop_size=441),
            ShortTimeFourierTransformProcessor(),
            FilteredSpectrogramProcessor(num_bands=24, fmin=30, fmax=17000, norm_filters=True),
            LogarithmicSpectrogramProcessor(mul=1, add=1),
            SpectrogramDifferenceProcessor(
                diff_ratio=0.5, positive_diffs=True, stack_diffs=np.hstack
            ),
        ]
    )
    samples = song.resampled(22_050).mono()
    expected = front_end(Signal(samples, sample_rate=22_050))
    chunks = list(feature_chunks(song))
    assert len(chunks) == 3
    ours = np.concatenate(chunks)
    assert ours.shape == expected.shape == (n_feature_frames(song), 272)
    np.testing.assert_allclose(ours, expected, atol=1e-4)


@pytest.mark.parametrize("n_samples", [0, 1, 881, 882, 883, 44_100, 441_000, 441_001])
@pytest.mark.parametrize("sample_rate", [22_050, 44_100, 48_000])
def test_feature_chunks_any_length_cover_the_recording(n_samples: int, sample_rate: int) -> None:
    generator = np.random.default_rng(0)
    samples = (0.1 * generator.standard_normal((2, n_samples))).astype(np.float32)
    audio = Audio(samples, sample_rate)
    chunks = list(feature_chunks(audio))
    n_frames = sum(len(chunk) for chunk in chunks)
    assert all(chunk.shape[0] > 0 and chunk.dtype == np.float32 for chunk in chunks)
    assert abs(n_frames - n_feature_frames(audio)) <= 1


def test_level_gain_makes_quiet_and_loud_recordings_equal(song: Audio) -> None:
    quiet = Audio(song.samples * np.float32(0.01), SAMPLE_RATE)
    assert level_gain(quiet) == pytest.approx(100 * level_gain(song), rel=1e-3)
    padded = Audio(np.pad(song.samples, ((0, 0), (0, 60 * SAMPLE_RATE))), SAMPLE_RATE)
    assert level_gain(padded) == pytest.approx(level_gain(song), rel=0.1)
    assert level_gain(silence(2.0)) == 1.0
    assert is_silent(silence(2.0))
    assert is_silent(silence(0.0))
    assert not is_silent(quiet)


def test_attack_activations_rise_where_something_is_struck(song: Audio) -> None:
    activations = attack_activations(song).sum(axis=1)
    beats = np.round(steady_beats(120, 40) * 50).astype(int)
    on_beats = np.array([activations[max(0, b - 1) : b + 2].max() for b in beats[1:]])
    between = np.array([activations[b + 6 : b + 10].max() for b in beats[1:]])
    assert np.median(on_beats) > 5 * np.median(between)
    assert activations.max() <= 0.5

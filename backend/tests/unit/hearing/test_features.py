import numpy as np
import pytest

from drumscribe.hearing.features import (
    FeatureParams,
    filterbank,
    frame_count,
    gated_rms,
    log_spectrogram,
)

PARAMS = FeatureParams()


def tone(frequency: float, seconds: float, amplitude: float = 0.1) -> np.ndarray:
    t = np.arange(int(seconds * PARAMS.sample_rate)) / PARAMS.sample_rate
    return (amplitude * np.sin(2 * np.pi * frequency * t)).astype(np.float32)


def test_filterbank_every_band_sums_to_one() -> None:
    bank = filterbank(PARAMS)
    assert bank.shape == (1025, 84)
    np.testing.assert_allclose(bank.sum(axis=0), 1.0, rtol=1e-5)
    assert (bank >= 0).all()


def test_filterbank_centres_rise() -> None:
    centres = filterbank(PARAMS).argmax(axis=0)
    assert (np.diff(centres) >= 0).all()
    assert centres[-1] * PARAMS.sample_rate / PARAMS.window_samples < PARAMS.high_hz


@pytest.mark.parametrize("frequency", [60.0, 200.0, 1000.0, 8000.0])
def test_log_spectrogram_tone_is_loudest_in_its_band(frequency: float) -> None:
    spectrogram = log_spectrogram(tone(frequency, 0.5)[None], PARAMS)
    band = int(spectrogram[25].argmax())
    bank = filterbank(PARAMS)[:, band]
    bins = np.flatnonzero(bank) * PARAMS.sample_rate / PARAMS.window_samples
    width = PARAMS.sample_rate / PARAMS.window_samples
    assert bins.min() - width <= frequency <= bins.max() + width


def test_log_spectrogram_click_is_loudest_in_the_frame_of_its_time() -> None:
    samples = np.zeros((1, 44100), dtype=np.float32)
    samples[0, 30 * PARAMS.hop_samples] = 1.0
    energy = log_spectrogram(samples, PARAMS).sum(axis=1)
    assert int(energy.argmax()) == 30


def test_log_spectrogram_part_equals_that_part_of_the_whole() -> None:
    samples = np.random.default_rng(0).standard_normal((2, 60000)).astype(np.float32)
    whole = log_spectrogram(samples, PARAMS)
    part = log_spectrogram(samples, PARAMS, first_frame=37, n_frames=50)
    assert whole.shape == (frame_count(60000, PARAMS), PARAMS.bands)
    np.testing.assert_array_equal(part, whole[37:87])


def test_log_spectrogram_before_start_and_after_end_is_silence() -> None:
    samples = np.ones((1, 4410), dtype=np.float32)
    spectrogram = log_spectrogram(samples, PARAMS, first_frame=-20, n_frames=60)
    assert not spectrogram[:17].any()
    assert not spectrogram[34:].any()
    assert spectrogram[22:28].any()


def test_log_spectrogram_stereo_is_the_fold_of_its_channels() -> None:
    left, right = np.random.default_rng(1).standard_normal((2, 8820)).astype(np.float32)
    stereo = log_spectrogram(np.stack([left, right]), PARAMS)
    mono = log_spectrogram(((left + right) / 2)[None], PARAMS)
    np.testing.assert_allclose(stereo, mono, atol=1e-5)


def test_gated_rms_of_a_tone_is_its_level() -> None:
    assert gated_rms(tone(440, 3.0)[None], PARAMS) == pytest.approx(0.1 / np.sqrt(2), rel=1e-3)


def test_gated_rms_ignores_rests() -> None:
    sound = tone(440, 2.0)
    with_rest = np.concatenate([sound, np.zeros(20 * 44100, dtype=np.float32)])
    assert gated_rms(with_rest[None], PARAMS) == pytest.approx(
        gated_rms(sound[None], PARAMS), rel=0.02
    )


def test_gated_rms_silence_and_nothing_are_zero() -> None:
    assert gated_rms(np.zeros((2, 44100), dtype=np.float32), PARAMS) == 0.0
    assert gated_rms(np.zeros((1, 0), dtype=np.float32), PARAMS) == 0.0

"""Separation streams segment by segment without seams, whatever the network says."""

from __future__ import annotations

import resource

import numpy as np
import pytest
from numpy.typing import NDArray

from drumscribe.domain.audio import Audio
from drumscribe.errors import Cancelled, OutputError
from drumscribe.pipeline.context import LocalContext
from drumscribe.separation.htdemucs import SEGMENT_SAMPLES, spectrum, waveform
from drumscribe.separation.stems import segment_starts, separate

SAMPLE_RATE = 44_100


class Everything:
    """Takes the whole mix for drums."""

    def __init__(self) -> None:
        self.calls = 0

    def drums_of(self, segment: NDArray[np.float32]) -> NDArray[np.float32]:
        self.calls += 1
        return segment


class LeftOnly:
    """Hears drums on the left only."""

    def drums_of(self, segment: NDArray[np.float32]) -> NDArray[np.float32]:
        return segment * np.array([[1.0], [0.0]], dtype=np.float32)


class ChangingMind:
    """Says something else of every segment: 0, 1, 0, 1, ..."""

    def __init__(self) -> None:
        self.calls = 0

    def drums_of(self, segment: NDArray[np.float32]) -> NDArray[np.float32]:
        self.calls += 1
        return np.full_like(segment, (self.calls - 1) % 2)


def noise(seconds: float, channels: int = 2) -> Audio:
    generator = np.random.default_rng(0)
    n = round(seconds * SAMPLE_RATE)
    return Audio(generator.uniform(-0.9, 0.9, (channels, n)).astype(np.float32), SAMPLE_RATE)


def test_separate_without_room_for_the_stems_says_so() -> None:
    unlimited = resource.getrlimit(resource.RLIMIT_FSIZE)
    with LocalContext() as context:
        resource.setrlimit(resource.RLIMIT_FSIZE, (5_000_000, unlimited[1]))
        try:
            with pytest.raises(OutputError, match="TMPDIR"):
                separate(noise(20.0), separator=Everything(), context=context)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, unlimited)


@pytest.mark.parametrize("seconds", [0.5, 7.8, 7.9, 13.0, 20.0, 31.0])
@pytest.mark.parametrize("channels", [1, 2])
def test_separate_everything_gives_the_mix_again(seconds: float, channels: int) -> None:
    mix = noise(seconds, channels)

    with LocalContext() as context:
        parts = separate(mix, separator=Everything(), context=context)
        np.testing.assert_allclose(parts.drums.samples, mix.samples, atol=2e-7)
        np.testing.assert_allclose(parts.backing.samples, 0.0, atol=2e-7)
        assert parts.drums.sample_rate == parts.backing.sample_rate == SAMPLE_RATE


@pytest.mark.parametrize("overlap", [0.0, 0.1, 0.25, 0.5, 0.9])
def test_separate_any_overlap_covers_every_sample_once(overlap: float) -> None:
    mix = noise(16.0, 1)

    with LocalContext() as context:
        parts = separate(mix, separator=Everything(), context=context, overlap=overlap)
        np.testing.assert_allclose(parts.drums.samples, mix.samples, atol=5e-7)


def test_separate_backing_is_the_mix_minus_the_drums() -> None:
    mix = noise(12.0)

    with LocalContext() as context:
        parts = separate(mix, separator=LeftOnly(), context=context)
        drums, backing = np.array(parts.drums.samples), np.array(parts.backing.samples)

    np.testing.assert_array_equal(backing, mix.samples - drums)
    np.testing.assert_allclose(drums + backing, mix.samples, atol=6e-8)
    np.testing.assert_array_equal(drums[1], 0.0)


def test_separate_mono_is_heard_on_both_sides_and_averaged() -> None:
    mix = noise(3.0, channels=1)

    with LocalContext() as context:
        parts = separate(mix, separator=LeftOnly(), context=context)
        assert parts.drums.channels == parts.backing.channels == 1
        np.testing.assert_allclose(parts.drums.samples, mix.samples / 2, atol=1e-7)


def test_separate_segments_that_disagree_are_cross_faded() -> None:
    mix = noise(20.0)

    with LocalContext() as context:
        parts = separate(mix, separator=ChangingMind(), context=context)
        steps = np.abs(np.diff(parts.drums.samples[0]))

    # From 0 to 1 over the 1.95 s that two segments share: no step that could be heard.
    assert steps.max() < 1e-4
    assert parts.drums.samples[0].min() == 0.0
    assert parts.drums.samples[0].max() == 1.0


@pytest.mark.parametrize(
    ("n_samples", "overlap", "expected"),
    [
        (1, 0.25, [0]),
        (SEGMENT_SAMPLES, 0.25, [0]),
        (SEGMENT_SAMPLES + 1, 0.25, [0, 1]),
        (SEGMENT_SAMPLES * 2, 0.0, [0, SEGMENT_SAMPLES]),
        (SEGMENT_SAMPLES * 2, 0.25, [0, 257_985, SEGMENT_SAMPLES]),
    ],
)
def test_segment_starts_cover_the_sound_and_end_with_it(
    n_samples: int, overlap: float, expected: list[int]
) -> None:
    assert segment_starts(n_samples, overlap=overlap) == expected


@pytest.mark.parametrize("overlap", [-0.1, 1.0])
def test_segment_starts_impossible_overlap_is_refused(overlap: float) -> None:
    with pytest.raises(ValueError, match="overlap"):
        segment_starts(1000, overlap=overlap)


def test_separate_other_sample_rate_or_channels_is_refused() -> None:
    with LocalContext() as context:
        for shape, rate in (((2, 1000), 48_000), ((3, 1000), SAMPLE_RATE)):
            with pytest.raises(ValueError, match="hears"):
                separate(
                    Audio(np.zeros(shape, np.float32), rate),
                    separator=Everything(),
                    context=context,
                )


def test_separate_cancelled_midway_stops_before_the_next_segment() -> None:
    separator = Everything()

    with (
        LocalContext(is_cancelled=lambda: separator.calls == 2) as context,
        pytest.raises(Cancelled),
    ):
        separate(noise(40.0), separator=separator, context=context)

    assert separator.calls == 2


def test_separate_reports_progress_per_segment() -> None:
    fractions: list[float] = []

    with LocalContext(on_progress=lambda _, fraction: fractions.append(fraction)) as context:
        separate(noise(20.0), separator=Everything(), context=context)

    assert fractions == pytest.approx([1 / 4, 2 / 4, 3 / 4, 1.0])


def test_separate_twice_in_one_run_keeps_both_results() -> None:
    mix = noise(2.0)

    with LocalContext() as context:
        first = separate(mix, separator=Everything(), context=context)
        second = separate(mix, separator=LeftOnly(), context=context)
        assert first.drums.samples[1].any()
        assert not second.drums.samples[1].any()


# --- the spectrogram that the network hears -----------------------------------------------------


def band_limited_noise() -> NDArray[np.float32]:
    """Stereo noise below 20 kHz: the topmost bin is not kept."""
    generator = np.random.default_rng(1)
    bins = np.fft.rfft(generator.uniform(-1, 1, (2, SEGMENT_SAMPLES)), axis=1)
    bins[:, int(bins.shape[1] * 20_000 / 22_050) :] = 0
    return np.fft.irfft(bins, n=SEGMENT_SAMPLES, axis=1).astype(np.float32)


def test_waveform_of_spectrum_is_the_sound_except_for_its_edges() -> None:
    sound = band_limited_noise()

    again = waveform(spectrum(sound))

    assert again.shape == sound.shape
    assert again.dtype == np.float32
    np.testing.assert_allclose(again[:, 4096:-4096], sound[:, 4096:-4096], atol=2e-6)
    # Fewer than four frames overlap at the very edges; the frames that reach over the reflected
    # edge also lose a little to the bin that is left out.
    np.testing.assert_allclose(again[:, 1536:-1536], sound[:, 1536:-1536], atol=1e-3)


def test_spectrum_tone_stands_in_its_bin_with_its_power() -> None:
    bin_index, amplitude = 93, 0.5
    t = np.arange(SEGMENT_SAMPLES)
    tone = amplitude * np.cos(2 * np.pi * bin_index * t / 4096)

    bins = spectrum(np.stack([tone, 0 * tone]).astype(np.float32))

    assert bins.shape == (2, 2048, 336)
    middle = np.abs(bins[0, :, 168])
    assert middle.argmax() == bin_index
    # A Hann window halves the amplitude; the orthonormal transform divides by 64.
    assert middle[bin_index] == pytest.approx(amplitude / 2 * 4096 / 2 / 64, rel=1e-4)
    assert not bins[1].any()


def test_spectrum_click_stands_in_the_frame_that_is_centred_on_it() -> None:
    sound = np.zeros((2, SEGMENT_SAMPLES), dtype=np.float32)
    frame = 100
    sound[:, frame * 1024 + 512] = 1.0

    loudness = np.abs(spectrum(sound)[0]).sum(axis=0)

    assert loudness.argmax() == frame
    assert np.flatnonzero(loudness > 1e-6).tolist() == [frame - 1, frame, frame + 1]

"""The network behind ONNX Runtime.

Everything here holds for a small stand-in network, which is always tried, and for the real
htdemucs, which is tried too where it is in the model cache already, or fetched on
DRUMSCRIBE_TEST_MODELS=1.
"""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from drumscribe.domain.audio import Audio
from drumscribe.errors import ModelCorrupt
from drumscribe.models.known_models import HTDEMUCS
from drumscribe.models.registry import ModelStore
from drumscribe.pipeline.context import LocalContext
from drumscribe.separation.htdemucs import SEGMENT_SAMPLES, HtDemucs, waveform
from drumscribe.separation.htdemucs import spectrum as spectrum_of
from drumscribe.separation.stems import load_separator, separate
from tiny_onnx import write_stand_in


def model_store() -> ModelStore:
    folder = os.environ.get("MODEL_CACHE_DIR")
    return ModelStore(Path(folder) if folder else None)


def networks() -> list[str]:
    wanted = os.environ.get("DRUMSCRIBE_TEST_MODELS") == "1"
    is_here = model_store().path_if_cached(HTDEMUCS) is not None
    return ["stand-in", *(["htdemucs"] if wanted or is_here else [])]


@pytest.fixture(scope="module", params=networks())
def network(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> HtDemucs:
    if request.param == "htdemucs":
        path = model_store().ensure(HTDEMUCS)
    else:
        path = write_stand_in(tmp_path_factory.mktemp("network") / "stand-in.onnx")
    return load_separator(path)


@pytest.fixture(scope="module")
def segment(example_song: Path) -> NDArray[np.float32]:
    """The first 7.8 seconds of the example song, stereo."""
    samples, rate = soundfile.read(example_song, dtype="float32", always_2d=True)
    assert rate == 44_100
    stereo = np.repeat(samples, 2, axis=1) if samples.shape[1] == 1 else samples
    return np.ascontiguousarray(stereo[:SEGMENT_SAMPLES].T)


def agreement_db(reference: NDArray[np.float32], found: NDArray[np.float32]) -> float:
    error = np.square(reference - found, dtype=np.float64).sum()
    return float(10 * np.log10(np.square(reference, dtype=np.float64).sum() / max(error, 1e-20)))


@pytest.fixture(scope="module")
def stems(network: HtDemucs, segment: NDArray[np.float32]) -> NDArray[np.float32]:
    return network.stems_of(segment)


def test_stems_of_a_song_add_up_to_it(
    stems: NDArray[np.float32], segment: NDArray[np.float32]
) -> None:
    assert stems.shape == (4, 2, SEGMENT_SAMPLES)
    # The network promises no exact sum; a wrong spectrogram gives less than 5 dB.
    assert agreement_db(segment, stems.sum(axis=0)) > 15


def test_drums_of_a_song_are_the_first_stem(
    network: HtDemucs, stems: NDArray[np.float32], segment: NDArray[np.float32]
) -> None:
    np.testing.assert_allclose(network.drums_of(segment), stems[0], atol=1e-6)


def test_stems_of_silence_are_silent(network: HtDemucs) -> None:
    stems = network.stems_of(np.zeros((2, SEGMENT_SAMPLES), dtype=np.float32))

    np.testing.assert_array_equal(stems, 0.0)


def test_separate_short_mono_song_through_the_network(
    network: HtDemucs, segment: NDArray[np.float32]
) -> None:
    mix = Audio(np.ascontiguousarray(segment[:1, : 44_100 * 3]), 44_100)

    with LocalContext() as context:
        parts = separate(mix, separator=network, context=context)
        drums, backing = np.array(parts.drums.samples), np.array(parts.backing.samples)

    assert drums.shape == mix.samples.shape
    assert np.isfinite(drums).all()
    assert drums.any()
    np.testing.assert_array_equal(backing, mix.samples - drums)


def test_stand_in_answers_stand_where_they_belong(
    tmp_path: Path, segment: NDArray[np.float32]
) -> None:
    stems = load_separator(write_stand_in(tmp_path / "n.onnx")).stems_of(segment)

    # Real and imaginary parts of both sides went in and came out in the same order.
    np.testing.assert_allclose(stems[0], waveform(spectrum_of(segment)), atol=1e-6)
    np.testing.assert_allclose(stems[1], segment * np.float32(0.1), atol=1e-7)
    np.testing.assert_array_equal(stems[2:], 0.0)


def test_load_what_is_not_the_network_is_refused(tmp_path: Path) -> None:
    rubbish = tmp_path / "rubbish.onnx"
    rubbish.write_bytes(b"no network at all")
    with pytest.raises(ModelCorrupt, match="cannot be read"):
        load_separator(rubbish)

    other = write_stand_in(tmp_path / "other.onnx", segment_samples=1000)
    with pytest.raises(ModelCorrupt, match="not the htdemucs network"):
        load_separator(other)


def test_drums_of_a_segment_of_another_length_is_refused(network: HtDemucs) -> None:
    with pytest.raises(ValueError, match="segment must have shape"):
        network.drums_of(np.zeros((2, 1000), dtype=np.float32))

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile

from drumscribe.domain.audio import Audio
from drumscribe.domain.drums import Hit, Instrument, Listening
from drumscribe.errors import Cancelled, ModelCorrupt, ModelUnavailable
from drumscribe.hearing.detection import Detector, detect, load_detector, shipped_model
from drumscribe.hearing.manifest import (
    RELEASED,
    STAGES,
    DetectorManifest,
    released_manifest,
    released_weights,
)
from drumscribe.hearing.picking import PickingOptions, pick
from drumscribe.pipeline.context import LocalContext

FIRST_KICK_SECONDS = 0.5088


@pytest.fixture(scope="module")
def detector() -> Detector:
    return load_detector(threads=1)


@pytest.fixture(scope="module")
def song() -> Audio:
    path = Path(__file__).resolve().parents[4] / "examples" / "funk-rock.flac"
    samples, rate = soundfile.read(path, dtype="float32", always_2d=True)
    return Audio(np.ascontiguousarray(samples[: 8 * rate].T), rate)


def hear(audio: Audio, detector: Detector) -> list[Hit]:
    with LocalContext() as context:
        return pick(detect(audio, detector, context), detector.picking)


def test_detect_any_chunk_length_gives_the_same_as_one_pass(
    song: Audio, detector: Detector
) -> None:
    with LocalContext() as context:
        whole = detect(song, detector, context, chunk_frames=100_000)
        for length in (100, 332, 800):
            parts = detect(song, detector, context, chunk_frames=length)
            assert np.abs(parts.onsets - whole.onsets).max() < 1e-5
            assert np.abs(parts.velocities - whole.velocities).max() < 1e-5
            found, expected = (pick(heard, detector.picking) for heard in (parts, whole))
            assert [hit.instrument for hit in found] == [hit.instrument for hit in expected]
            np.testing.assert_allclose(
                [hit.time for hit in found], [hit.time for hit in expected], atol=1e-6
            )
            assert len(found) > 20


def test_detect_stroke_at_zero_is_found(song: Audio, detector: Detector) -> None:
    start = int(FIRST_KICK_SECONDS * song.sample_rate)
    cut = Audio(np.ascontiguousarray(song.samples[:, start:]), song.sample_rate)
    first = [hit for hit in hear(cut, detector) if hit.time < 0.05]
    assert Instrument.KICK in {hit.instrument for hit in first}


def test_detect_quiet_copy_gives_the_same_hits(song: Audio, detector: Detector) -> None:
    quiet = Audio(song.samples * np.float32(0.01), song.sample_rate)
    loud_hits, quiet_hits = hear(song, detector), hear(quiet, detector)
    assert [hit.instrument for hit in quiet_hits] == [hit.instrument for hit in loud_hits]
    np.testing.assert_allclose(
        [hit.time for hit in quiet_hits], [hit.time for hit in loud_hits], atol=1e-3
    )


def test_detect_two_equal_channels_are_heard_like_one(song: Audio, detector: Detector) -> None:
    stereo = Audio(np.repeat(song.samples, 2, axis=0), song.sample_rate)
    assert [hit.instrument for hit in hear(stereo, detector)] == [
        hit.instrument for hit in hear(song, detector)
    ]


@pytest.mark.parametrize("n_samples", [0, 1, 44100])
def test_detect_silence_has_frames_and_no_hits(n_samples: int, detector: Detector) -> None:
    audio = Audio(np.zeros((2, n_samples), dtype=np.float32), 44100)
    with LocalContext() as context:
        heard = detect(audio, detector, context)
    assert heard.onsets.shape == (n_samples // 441 + 1, len(detector.manifest.classes))
    assert not heard.onsets.any()
    assert pick(heard, detector.picking) == []


def test_detect_noise_one_frame_long_is_survived(detector: Detector) -> None:
    noise = np.random.default_rng(0).standard_normal((1, 300)).astype(np.float32)
    with LocalContext() as context:
        assert detect(Audio(noise, 44100), detector, context).onsets.shape[0] == 1


def test_detect_other_sample_rate_is_refused(detector: Detector) -> None:
    audio = Audio(np.zeros((1, 48000), dtype=np.float32), 48000)
    with LocalContext() as context, pytest.raises(ValueError, match="44100"):
        detect(audio, detector, context)


def test_detect_reports_progress_and_stops_when_cancelled(song: Audio, detector: Detector) -> None:
    said: list[float] = []
    with LocalContext(on_progress=lambda _, share: said.append(share)) as context:
        detect(song, detector, context, chunk_frames=200)
    assert said == sorted(said)
    assert len(said) >= 8
    assert said[-1] == 1.0
    with LocalContext(is_cancelled=lambda: len(said) > 0) as context, pytest.raises(Cancelled):
        detect(song, detector, context)


def test_shipped_model_is_named_by_its_manifest(detector: Detector) -> None:
    assert shipped_model() == detector.model
    assert detector.model.name == RELEASED
    assert len(detector.model.sha256) == 64
    assert {instrument.value for instrument in Instrument} <= set(detector.manifest.classes)


def test_shipped_weights_are_small() -> None:
    weights = released_weights(released_manifest())
    assert tuple(weights) == STAGES
    assert sum(map(len, weights.values())) < 10_000_000


def test_shipped_manifest_names_no_non_commercial_licence() -> None:
    licences = released_manifest().training["licences"]
    assert licences
    assert not [text for text in licences if "NC" in text or "non-commercial" in text.lower()]


def test_manifest_survives_json() -> None:
    manifest = released_manifest()
    assert DetectorManifest.from_json(manifest.to_json()) == manifest


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"name": 1}'])
def test_manifest_unreadable_is_model_corrupt(text: str) -> None:
    with pytest.raises(ModelCorrupt):
        DetectorManifest.from_json(text)


def test_detector_from_a_folder_hears_like_the_shipped_one(song: Audio, tmp_path: Path) -> None:
    manifest = released_manifest()
    for stage, content in released_weights(manifest).items():
        (tmp_path / manifest.files[stage]).write_bytes(content)
    path = tmp_path / "manifest.json"
    path.write_text(manifest.to_json())
    assert hear(song, load_detector(path)) == hear(song, load_detector())


def test_detector_other_weights_than_promised_are_model_corrupt(
    song: Audio, tmp_path: Path
) -> None:
    manifest = replace(released_manifest(), sha256="0" * 64)
    for stage, content in released_weights(manifest).items():
        (tmp_path / manifest.files[stage]).write_bytes(content)
    path = tmp_path / "manifest.json"
    path.write_text(manifest.to_json())
    with pytest.raises(ModelCorrupt, match="sha256"):
        hear(song, load_detector(path))


def test_detector_missing_files_are_model_unavailable(song: Audio, tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable):
        load_detector(tmp_path / "none.json")
    path = tmp_path / "manifest.json"
    path.write_text(json.dumps(json.loads(released_manifest().to_json())))
    with pytest.raises(ModelUnavailable):
        hear(song, load_detector(path))


def test_rules_of_another_way_of_listening_come_from_the_manifest() -> None:
    released = released_manifest()
    stricter = replace(released.picking, cymbal_threshold=0.7)
    manifest = replace(released, picking_by_listening={"both": stricter})
    read = DetectorManifest.from_json(manifest.to_json())
    assert read.picking_for(Listening.BOTH) == stricter
    assert read.picking_for(Listening.STEM) == read.picking_for(Listening.MIX) == released.picking


def test_a_manifest_from_before_the_rules_of_cymbals_is_read_with_their_defaults() -> None:
    content = json.loads(released_manifest().to_json())
    del content["picking_by_listening"]
    for name in ("cymbal_threshold", "tom_with_kick_threshold", "groove_share", "groove_seconds"):
        del content["picking"][name]
    read = DetectorManifest.from_json(json.dumps(content))
    assert read.picking == PickingOptions(
        read.picking.thresholds,
        read.picking.refractory_seconds,
        read.picking.calibration_slope,
        read.picking.calibration_intercept,
    )
    assert read.picking_for(Listening.BOTH) == read.picking


def test_a_manifest_with_an_unknown_way_of_listening_is_refused() -> None:
    content = json.loads(released_manifest().to_json())
    content["picking_by_listening"] = {"headphones": content["picking"]}
    with pytest.raises(ModelCorrupt, match="headphones"):
        DetectorManifest.from_json(json.dumps(content))

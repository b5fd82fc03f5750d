"""The real beat networks: fetched through the model store, then asked about music.

The weights (three files of 1.6 MB) come from their authors' package on PyPI the first time and
from the model cache afterwards. Without either these tests fail, and say so: what the product
does at run time with networks is not known otherwise.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from drum_patterns import ROCK, WALTZ, played, sounding, steady_beats
from drumscribe.beats import hear_beats, track_beats
from drumscribe.beats.sound.networks import BeatNetworks
from drumscribe.domain.audio import Audio
from drumscribe.domain.comparing import matching
from drumscribe.domain.drums import Hit, Instrument
from drumscribe.domain.rhythm import BeatGrid
from drumscribe.domain.wishes import BeatWishes
from drumscribe.errors import Cancelled, ModelUnavailable
from drumscribe.models.known_models import BEATNET
from drumscribe.models.registry import ModelStore
from drumscribe.pipeline.context import LocalContext


@pytest.fixture(scope="module")
def networks() -> BeatNetworks:
    folder = os.environ.get("MODEL_CACHE_DIR")
    store = ModelStore(Path(folder) if folder else None)
    try:
        return BeatNetworks.load([store.ensure(spec) for spec in BEATNET])
    except ModelUnavailable as error:
        pytest.fail(
            "The BeatNet weights are neither in the model cache nor to be had from PyPI; run "
            f"`drumscribe models download beats` while online. {error.message}"
        )


def track(
    mix: Audio,
    hits: list[Hit],
    networks: BeatNetworks,
    *,
    drums: Audio | None = None,
    bpm: float | None = None,
) -> BeatGrid:
    with LocalContext() as context:
        return track_beats(
            mix, drums, hits, networks=networks, options=BeatWishes(bpm=bpm), context=context
        )


def f_measure(reference: NDArray[np.float64], estimate: NDArray[np.float64]) -> float:
    inside = estimate[estimate <= reference[-1] + 0.2]
    return matching.f_measure(reference.tolist(), inside.tolist(), 0.07)


@pytest.fixture(scope="module")
def example(example_song: Path, example_hits: list[dict[str, object]]) -> tuple[Audio, list[Hit]]:
    samples, rate = soundfile.read(example_song, dtype="float32", always_2d=True)
    hits = [
        Hit(float(str(h["time"])), Instrument(str(h["instrument"])), float(str(h["velocity"])))
        for h in example_hits
    ]
    return Audio(np.ascontiguousarray(samples.T), rate), hits


@pytest.fixture(scope="module")
def example_beats(example_song: Path) -> NDArray[np.float64]:
    """(beats, 2): seconds, number in the bar."""
    known = json.loads(example_song.with_name("funk-rock.beats.json").read_text())
    times = np.array(known["beats"], dtype=np.float64)
    first = int(np.abs(times - known["first_downbeat"]).argmin())
    return np.stack([times, (np.arange(times.size) - first) % 4 + 1], axis=1)


@pytest.mark.parametrize("knows_hits", [True, False])
def test_track_beats_example_song_finds_every_beat_and_bar(
    networks: BeatNetworks,
    example: tuple[Audio, list[Hit]],
    example_beats: NDArray[np.float64],
    knows_hits: bool,
) -> None:
    mix, hits = example
    grid = track(mix, hits if knows_hits else [], networks)
    assert str(grid.metre) == "4/4"
    assert grid.bpm == pytest.approx(100, rel=0.01)
    assert f_measure(example_beats[:, 0], grid.beat_times) >= 0.95
    assert f_measure(example_beats[example_beats[:, 1] == 1, 0], grid.downbeat_times) >= 0.95
    assert grid.reliable is knows_hits


def test_track_beats_level_of_the_recording_does_not_matter(
    networks: BeatNetworks, example: tuple[Audio, list[Hit]]
) -> None:
    mix, hits = example
    quiet = Audio(mix.samples * np.float32(0.003), mix.sample_rate)
    np.testing.assert_allclose(
        track(quiet, hits, networks).beat_times, track(mix, hits, networks).beat_times, atol=0.005
    )


@pytest.mark.parametrize("bpm", [84.0, 120.0, 156.0])
def test_track_beats_synthetic_drums_are_followed_through_drift(
    networks: BeatNetworks, bpm: float
) -> None:
    beats = steady_beats(bpm, 48, start=0.6, drift=0.06)
    hits = played(ROCK, beats, jitter_seconds=0.006)
    sound = sounding(hits, beats[-1] + 0.5)
    grid = track(sound, hits, networks, drums=sound)
    assert f_measure(beats, grid.beat_times) >= 0.97
    assert grid.metre.beats_per_bar == 4


def test_track_beats_synthetic_waltz_has_three_beats(networks: BeatNetworks) -> None:
    beats = steady_beats(126, 72, start=0.3)
    hits = played(WALTZ, beats, crash_every_bars=8)
    grid = track(sounding(hits, beats[-1] + 0.5), hits, networks)
    assert str(grid.metre) == "3/4"
    assert f_measure(beats[::3], grid.downbeat_times) >= 0.9


def test_track_beats_users_tempo_wins_over_the_networks(
    networks: BeatNetworks, example: tuple[Audio, list[Hit]]
) -> None:
    mix, hits = example
    assert track(mix, hits, networks, bpm=200).bpm == pytest.approx(200, rel=0.08)


def test_hear_beats_gives_probabilities_for_each_recording(
    networks: BeatNetworks, example: tuple[Audio, list[Hit]]
) -> None:
    mix, _ = example
    stem = Audio(np.ascontiguousarray(mix.samples[:, :-100]), mix.sample_rate)
    with LocalContext() as context:
        heard = hear_beats(mix, stem, networks, context)
    assert heard.shape[0] == 2
    assert heard.shape[1] == pytest.approx(mix.duration_seconds * 50, abs=2)
    assert heard.min() >= 0.0
    assert heard.sum(axis=-1).max() <= 1.0 + 1e-5
    assert heard.max() > 0.5


def test_track_beats_cancelled_while_listening_stops(
    networks: BeatNetworks, example: tuple[Audio, list[Hit]]
) -> None:
    seen: list[float] = []

    def report(_: str, fraction: float) -> None:
        seen.append(fraction)

    mix, hits = example
    with (
        LocalContext(on_progress=report, is_cancelled=lambda: bool(seen)) as context,
        pytest.raises(Cancelled),
    ):
        track_beats(mix, None, hits, networks=networks, options=BeatWishes(), context=context)
    assert len(seen) == 1
    assert 0.0 < seen[0] < 0.9

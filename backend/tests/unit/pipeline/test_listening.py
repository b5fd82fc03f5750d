"""What is listened to: the mix, and its drums where that is wanted or needed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from drumscribe.domain.audio import Audio
from drumscribe.domain.drums import Listening
from drumscribe.domain.wishes import HearingWishes, SeparationMode
from drumscribe.errors import InvalidOption
from drumscribe.hearing.averaging import averaged
from drumscribe.hearing.detection import detect
from drumscribe.models.registry import ModelStore
from drumscribe.pipeline import stages
from drumscribe.pipeline.context import LocalContext
from drumscribe.pipeline.listening import listen
from drumscribe.pipeline.models import ModelSet
from drumscribe.separation.htdemucs import SEGMENT_SAMPLES

RATE = 44_100
CLIP = Path(__file__).parents[2] / "regression" / "clips" / "soul-ghosts.ogg"


class HalfAsLoud:
    """Takes half of everything for drums."""

    def drums_of(self, segment: NDArray[np.float32]) -> NDArray[np.float32]:
        assert segment.shape == (2, SEGMENT_SAMPLES)
        return segment / np.float32(2)


class Models(ModelSet):
    """The shipped detector, and a separator that is there or not."""

    def __init__(self, folder: Path, *, separator: bool) -> None:
        super().__init__(ModelStore(folder, offline=True), threads=1)
        if separator:
            self._separator = HalfAsLoud()


@pytest.fixture(scope="module")
def drums() -> Audio:
    samples, rate = soundfile.read(CLIP, dtype="float32", always_2d=True)
    clip = Audio(np.ascontiguousarray(samples.T), rate).resampled(RATE).samples
    times = -(-16 * RATE // clip.shape[1])
    return Audio(np.tile(clip, times)[:, : 16 * RATE], RATE)


@pytest.fixture
def drone() -> Audio:
    """Sixteen seconds in which nobody plays drums."""
    time = np.arange(16 * RATE) / RATE
    return Audio((0.2 * np.sin(2 * np.pi * 220 * time)).astype(np.float32)[None], RATE)


def begun(
    audio: Audio, models: ModelSet, mode: SeparationMode, *, keeps_stems: bool = False
) -> tuple[Listening, bool, list[str]]:
    """In what it was heard, whether there are stems, and the stages in order."""
    begun: list[str] = []

    def note(stage: str, fraction: float) -> None:
        assert 0.0 <= fraction <= 1.0
        if not begun or begun[-1] != stage:
            begun.append(stage)

    with LocalContext(on_progress=note) as context:
        wishes = HearingWishes(separation=mode)
        heard = listen(audio, wishes, models, context, keeps_stems=keeps_stems)
    return heard.activations.listening, heard.drums is not None, begun


def test_auto_hears_a_clear_song_in_the_mix(drums: Audio, tmp_path: Path) -> None:
    models = Models(tmp_path, separator=True)
    assert begun(drums, models, SeparationMode.AUTO) == (Listening.MIX, False, ["detect"])


def test_auto_refines_where_hardly_anything_is_heard(drone: Audio, tmp_path: Path) -> None:
    models = Models(tmp_path, separator=True)
    found = begun(drone, models, SeparationMode.AUTO)
    assert found == (Listening.BOTH, True, ["detect", "separate", "detect"])


def test_auto_without_the_model_stays_with_the_mix(drone: Audio, tmp_path: Path) -> None:
    models = Models(tmp_path, separator=False)
    assert begun(drone, models, SeparationMode.AUTO) == (Listening.MIX, False, ["detect"])


def test_never_does_not_refine(drone: Audio, tmp_path: Path) -> None:
    models = Models(tmp_path, separator=True)
    assert begun(drone, models, SeparationMode.NEVER) == (Listening.MIX, False, ["detect"])


@pytest.mark.parametrize(
    ("mode", "keeps_stems"), [(SeparationMode.ALWAYS, False), (SeparationMode.AUTO, True)]
)
def test_separation_that_is_wanted_comes_first(
    drone: Audio, tmp_path: Path, mode: SeparationMode, keeps_stems: bool
) -> None:
    models = Models(tmp_path, separator=True)
    found = begun(drone, models, mode, keeps_stems=keeps_stems)
    assert found == (Listening.BOTH, True, ["separate", "detect"])


def test_stems_that_cannot_be_had_are_refused() -> None:
    with pytest.raises(InvalidOption, match="never"):
        stages.check_stems(HearingWishes(separation=SeparationMode.NEVER))


def test_mix_and_drums_are_heard_and_averaged(drums: Audio, tmp_path: Path) -> None:
    short = Audio(drums.samples[:, : 4 * RATE], RATE)
    half = Audio(short.samples[:, ::-1].copy(), RATE)
    models = Models(tmp_path, separator=False)
    fractions: list[float] = []
    with LocalContext(on_progress=lambda _, fraction: fractions.append(fraction)) as context:
        both = stages.predict_activations(short, half, models, context)
        expected = averaged(
            detect(short, models.detector(), context), detect(half, models.detector(), context)
        )
    np.testing.assert_array_equal(both.onsets, expected.onsets)
    assert fractions[: len(fractions) // 2] == sorted(fractions[: len(fractions) // 2])

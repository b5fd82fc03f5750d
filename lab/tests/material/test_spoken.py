"""Spoken layers: whose sounds they are, and what is made of them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import soundfile

from lab.material import spoken
from lab.material.backings import SAMPLE_RATE


def a_word(rate: int) -> np.ndarray:
    """Half a second of noise in a second of silence."""
    samples = np.zeros(rate, np.float32)
    samples[rate // 4 : 3 * rate // 4] = np.random.default_rng(0).uniform(-0.5, 0.5, rate // 2)
    return samples


def packages(folder: Path) -> dict[str, Path]:
    """A package of two who say enough, one who says too little, one without treble."""
    for tongue, count, rate in (("da", 12, 44100), ("fr", 12, 48000), ("it", 3, 44100)):
        (folder / tongue / "syllab").mkdir(parents=True)
        for i in range(count):
            soundfile.write(folder / tongue / "syllab" / f"{i:02}.ogg", a_word(rate), rate)
    (folder / "fi").mkdir()
    for i in range(12):
        soundfile.write(folder / "fi" / f"{i}.ogg", a_word(8000), 8000)
    return {"words-data": folder}


def test_speakers_are_those_with_enough_treble_and_enough_to_say(tmp_path: Path) -> None:
    found = spoken.speakers(packages(tmp_path))
    assert [(one.name, one.split, len(one.files)) for one in found] == [
        ("words-data/da", "val", 12), ("words-data/fr", "train", 12),
    ]  # fmt: skip


def test_speakers_without_the_packages_there_are_none(tmp_path: Path) -> None:
    assert spoken.speakers({"words-data": tmp_path / "missing"}) == []
    assert all(package in spoken.MISSING for package in spoken.PACKAGES)


def test_sources_name_the_licence_of_every_speaker(tmp_path: Path) -> None:
    first, second = spoken.sources(spoken.speakers(packages(tmp_path)))
    assert (first.kind, first.name, first.split) == ("speaker", "words-data/da", "val")
    assert first.licence.startswith("GPL-2+")
    assert first.sha256 != second.sha256


def test_trimmed_takes_the_silence_away_and_says_when_there_is_nothing_else() -> None:
    word = spoken.trimmed(a_word(SAMPLE_RATE))
    assert SAMPLE_RATE // 2 <= len(word) < 0.53 * SAMPLE_RATE
    assert word[0] == 0.0
    assert len(spoken.trimmed(np.zeros(SAMPLE_RATE, np.float32))) == 0


def test_layer_has_its_length_and_level_and_its_seed_decides_it(tmp_path: Path) -> None:
    (_, french) = spoken.speakers(packages(tmp_path))
    first, again, other = (spoken.layer(french.files, seed, 4.0) for seed in (1, 1, 2))
    assert first is not None
    assert again is not None
    assert other is not None
    assert first.shape == (4 * SAMPLE_RATE,)
    assert first.dtype == np.float32
    assert 0.1 < first.std() < 0.3
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)


def test_layer_of_one_who_is_silent_is_none(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "hush.ogg", np.zeros(SAMPLE_RATE), SAMPLE_RATE)
    assert spoken.layer([tmp_path / "hush.ogg"], 0, 2.0) is None

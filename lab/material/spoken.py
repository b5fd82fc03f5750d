"""Spoken letters, syllables and words of many tongues as layers, in a singer's rhythm.

A singer's s, t and k are taken for hats and snares. The made-up singers of `backings.py` hiss
noise; these are people. They come from two Debian packages (`PACKAGES`) and are never committed;
without the packages there are none. Whole speakers are held out for validation.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import soundfile
import soxr
from numpy.typing import NDArray
from scipy.signal import butter, sosfilt

from lab.material.backings import SAMPLE_RATE
from lab.material.bundle import Source, digest

KIND = "spoken"
PACKAGES = {
    "klettres-data": Path("/usr/share/klettres"),
    "ktuberling-data": Path("/usr/share/ktuberling/sounds"),
}
MISSING = f"no spoken layers: apt-get install {' '.join(PACKAGES)}"
LICENCE = "GPL-2+ (sounds of KDE's KLettres and KTuberling)"
# A recording of a lower rate has no consonants.
_LOWEST_RATE = 44100
_FEWEST_SOUNDS = 12
_HELD_OUT_OF = 5
_SILENT = 0.02  # of a sound's peak
_FADE = 300
_LEVEL = 0.2

Samples = NDArray[np.float32]


class Speaker(NamedTuple):
    """Whoever speaks one tongue in one package."""

    name: str
    split: str
    files: tuple[Path, ...]


def files_of(name: str, packages: Mapping[str, Path] = PACKAGES) -> tuple[Path, ...]:
    """The sounds of a speaker that have treble."""
    package, tongue = name.split("/")
    return tuple(
        file for file in sorted((packages[package] / tongue).rglob("*.ogg"))
        if soundfile.info(file).samplerate >= _LOWEST_RATE
    )  # fmt: skip


def speakers(packages: Mapping[str, Path] = PACKAGES) -> list[Speaker]:
    """Everybody with enough sounds, by name; every fifth is for validation."""
    names = [
        f"{package}/{tongue.name}"
        for package, folder in packages.items()
        for tongue in sorted(folder.glob("*"))
        if tongue.is_dir()
    ]
    all_files = ((name, files_of(name, packages)) for name in names)
    found = [(name, files) for name, files in all_files if len(files) >= _FEWEST_SOUNDS]
    return [
        Speaker(name, "val" if i % _HELD_OUT_OF == 0 else "train", files)
        for i, (name, files) in enumerate(found)
    ]


def sources(speaking: list[Speaker]) -> list[Source]:
    """Their entries of the data manifest."""
    return [
        Source("speaker", one.name, LICENCE, one.split, digest(list(one.files))) for one in speaking
    ]


def trimmed(samples: Samples) -> Samples:
    """Without the silence around it, faded at both ends, peak 1; empty if it is silent."""
    peak = float(np.abs(samples).max(initial=0.0))
    loud = np.flatnonzero(np.abs(samples) > _SILENT * peak)
    if peak < 1e-4 or len(loud) < 2 * _FADE:
        return np.zeros(0, np.float32)
    cut = samples[max(0, loud[0] - _FADE) : loud[-1] + _FADE] / np.float32(peak)
    ramp = np.linspace(0, 1, _FADE, dtype=np.float32)
    cut[:_FADE] *= ramp
    cut[-_FADE:] *= ramp[::-1]
    return cut


def _read(path: Path) -> Samples:
    samples, rate = soundfile.read(path, dtype="float32", always_2d=True)
    return trimmed(np.asarray(soxr.resample(samples.mean(axis=1), rate, SAMPLE_RATE), np.float32))


def sung(sounds: list[Samples], rng: random.Random, seconds: float) -> Samples:
    """The sounds one after another in a steady unit of time, pauses between the phrases.

    A later sound cuts an earlier one short, as syllables do. Consonants are raised, as they are in
    what is compressed and brightened for a record.
    """
    out = np.zeros(int(seconds * SAMPLE_RATE), np.float32)
    unit = rng.uniform(0.11, 0.3)
    start = 0.0
    while start < seconds:
        if rng.random() < 0.12:
            start += unit * rng.randint(2, 8)
            continue
        length = unit * rng.choice([1, 1, 1, 2, 2, 3, 4])
        at = int(start * SAMPLE_RATE)
        sound = rng.choice(sounds)[: min(len(out) - at, int(length * SAMPLE_RATE))].copy()
        fade = min(_FADE, len(sound))
        sound[len(sound) - fade :] *= np.linspace(1, 0, fade, dtype=np.float32)
        out[at : at + len(sound)] += sound * np.float32(rng.uniform(0.4, 1))
        start += length
    treble = butter(2, rng.uniform(2500, 5500), "high", fs=SAMPLE_RATE, output="sos")
    bright = out + np.float32(rng.uniform(0, 4)) * sosfilt(treble, out)
    return np.asarray(_LEVEL * bright / (bright.std() + 1e-9), np.float32)


def layer(files: Sequence[Path], seed: int, seconds: float) -> Samples | None:
    """A made-up song of one speaker; None if nothing is to be heard."""
    sounds = [sound for sound in map(_read, files) if len(sound)]
    return sung(sounds, random.Random(seed), seconds) if sounds else None

"""Excerpts that were taken apart elsewhere, made a pack."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import soundfile

from drumscribe.hearing.detection import load_detector
from drumscribe.pipeline.context import LocalContext
from lab.material import real_bands
from lab.material.separated import entries

RATE = 44100
SECONDS = 12


def strokes(level: float) -> np.ndarray:
    """A snare four times a second: noise on a tone that die away."""
    t = np.arange(RATE // 4) / RATE
    noise = np.random.default_rng(1).normal(0, 0.4, len(t)) * np.exp(-t * 22)
    one = noise + 0.5 * np.sin(2 * np.pi * 190 * t) * np.exp(-t * 28)
    return np.tile(level * one, 4 * SECONDS).astype(np.float32)


def pad(level: float) -> np.ndarray:
    t = np.arange(SECONDS * RATE) / RATE
    return (level * np.sin(2 * np.pi * 330 * t)).astype(np.float32)


def written(
    folder: Path, name: str, back: np.ndarray, drums: np.ndarray | None
) -> dict[str, object]:
    for part, samples in (("back", back), ("drums", drums)):
        if samples is not None:
            (folder / part).mkdir(exist_ok=True)
            soundfile.write(folder / part / f"{name}.flac", np.stack([samples, samples], 1), RATE)
    return {
        "id": name, "title": name, "author": "Nobody", "licence": "CC0-1.0", "has_drums": None,
    }  # fmt: skip


def test_only_drums_that_somebody_plays_are_packed_and_what_is_left_is_counted(
    tmp_path: Path,
) -> None:
    played, faint, silent = strokes(0.5), strokes(0.002), np.zeros(SECONDS * RATE, np.float32)
    index = [
        written(tmp_path, "201", pad(0.1), played),
        written(tmp_path, "202", pad(0.1) + strokes(0.3), played),
        written(tmp_path, "203", pad(0.3), faint),
        written(tmp_path, "204", pad(0.0001), silent),
        written(tmp_path, "205", pad(0.1), None),
    ]
    (tmp_path / "index.json").write_text(json.dumps(index))

    with LocalContext() as context:
        found = {one["id"]: one for one in entries(tmp_path, load_detector(), context)}

    assert set(found) == {"201", "202"}
    assert sum(found["201"]["hits_drums"].values()) >= 20
    assert real_bands.is_trusted(found["201"])
    assert not real_bands.is_trusted(found["202"])

    out = tmp_path / "out"
    out.mkdir()
    (out / "index.json").write_text(json.dumps(list(found.values())))
    samples, packed = real_bands.pack([out])
    start, length = packed[0]["drums"]
    assert np.abs(samples[start : start + length] / 32767 - played).max() < 0.01

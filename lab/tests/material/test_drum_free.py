"""Music that is said to have no drums: examined, packed, left out."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import mido
import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from drumscribe.pipeline.context import LocalContext
from lab.material import drum_free, real_bands
from lab.material.backings import without_drums

RATE = 44100
SECONDS = 2


def band() -> NDArray[np.float32]:
    """A low tone for two seconds, stereo."""
    t = np.arange(SECONDS * RATE) / RATE
    return np.tile(0.2 * np.sin(2 * np.pi * 220 * t), (2, 1)).astype(np.float32)


def strokes(level: float) -> NDArray[np.float32]:
    """Four bursts of noise."""
    out = np.zeros((2, SECONDS * RATE), np.float32)
    noise = np.random.default_rng(1).normal(0, level, 4000).astype(np.float32)
    for start in range(0, SECONDS * RATE, RATE // 2):
        out[:, start : start + 4000] += noise
    return out


class Subtracting:
    """A separator that knows the band: what is not the band is drums."""

    def drums_of(self, mix: NDArray[np.float32]) -> NDArray[np.float32]:
        known = np.zeros_like(mix)
        known[:, : SECONDS * RATE] = band()
        return mix - known


def entry(name: str, evidence: str = "nothing or next to nothing heard", **more: Any) -> Any:
    return {
        "id": name, "title": f"Piece {name}", "author": "Nobody", "licence": "CC0-1.0",
        "has_drums": False, "drum_free_evidence": evidence, "hits_back": {}, "hits_mix": {},
        "files": {"back": f"{name}.back.flac"},
    } | more  # fmt: skip


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """101 has strokes in it and 102 none; 107 is a guitar alone; 001 has known drums."""
    folder = tmp_path / "pack"
    folder.mkdir()
    for name, level in (("101", 0.1), ("102", 0.0001), ("107", 0.1)):
        soundfile.write(folder / f"{name}.back.flac", (band() + strokes(level)).T, RATE)
    soundfile.write(folder / "001.back.flac", band().T, RATE)
    soundfile.write(folder / "001.drums.flac", strokes(0.1).T, RATE)
    known = {"back": "001.back.flac", "drums": "001.drums.flac"}
    entries = [
        entry("101"), entry("102"), entry("107", "the guitar track of the game song alone"),
        entry("001", has_drums=True, files=known),
    ]  # fmt: skip
    (folder / "index.json").write_text(json.dumps(entries))
    return folder


def test_drums_that_a_separator_finds_become_a_pack_of_their_own(
    pack: Path, tmp_path: Path
) -> None:
    with LocalContext() as context:
        said = {one.source["id"]: one for one in drum_free.examined(pack, Subtracting(), context)}
    assert set(said) == {"101", "102"}
    assert said["101"].drums_db > drum_free.DRUMS_FROM_DB > said["102"].drums_db

    found = drum_free.write(tmp_path, said["101"])
    assert found["has_drums"]
    assert found["title"] == "Piece 101"
    read = {part: real_bands.read_mono(tmp_path / name) for part, name in found["files"].items()}
    assert np.abs(read["back"] - band()[0]).max() < 0.01
    assert np.abs(read["drums"] - strokes(0.1)[0]).max() < 0.01


def test_music_with_unlabelled_drums_is_never_packed_as_silence(pack: Path) -> None:
    _, entries = real_bands.pack([pack])
    assert {one["id"] for one in entries} == {"102", "107", "001"}


def test_what_was_found_is_packed_with_its_drums(pack: Path, tmp_path: Path) -> None:
    out = tmp_path / "found"
    out.mkdir()
    with LocalContext() as context:
        first = next(drum_free.examined(pack, Subtracting(), context))
    (out / "index.json").write_text(json.dumps([drum_free.write(out, first)]))

    samples, entries = real_bands.pack([pack, out])

    one = next(entry for entry in entries if entry["id"] == "101")
    assert one["has_drums"]
    start, length = one["drums"]
    assert np.abs(samples[start : start + length] / 32767 - strokes(0.1)[0]).max() < 0.01


@pytest.mark.parametrize(
    ("source", "trusted"),
    [
        ({"id": "002", "has_drums": True, "hits_back": {"snare": 3}}, True),
        ({"id": "002", "has_drums": True, "hits_back": {"snare": 13}}, False),
        ({"id": "062", "has_drums": True, "hits_back": {}}, False),
        ({"id": "102", "has_drums": False}, True),
    ],
)
def test_bands_in_which_drums_are_left_are_not_mixed_under_others(
    source: dict[str, Any], trusted: bool
) -> None:
    assert real_bands.is_trusted(source) is trusted


def test_drums_on_another_channel_are_no_backing(tmp_path: Path) -> None:
    piano, taiko, synth_drum = 0, 116, 118
    file = mido.MidiFile()
    track = mido.MidiTrack()
    file.tracks.append(track)
    for channel, program in enumerate((piano, taiko, synth_drum)):
        track.append(mido.Message("program_change", channel=channel, program=program))
    for channel in range(3):
        track.append(mido.Message("note_on", channel=channel, note=60, velocity=90, time=100))
        track.append(mido.Message("note_off", channel=channel, note=60, time=100))
    track.append(mido.Message("program_change", channel=1, program=piano))
    track.append(mido.Message("note_on", channel=1, note=60, velocity=90, time=100))
    path = tmp_path / "song.mid"
    file.save(path)

    for seed in range(20):
        out = without_drums(path, random.Random(seed), 10.0)
        time, struck = 0, []
        for message in out.tracks[0]:
            time += message.time
            if message.type == "note_on":
                struck.append((message.channel, time))
        assert set(struck) <= {(0, 100), (1, 700)}

"""Accuracy floors of the shipped weights: what DrumScribe hears must not get worse.

The rendered recordings are always there. Real recordings with annotations may not be passed on;
where DRUMSCRIBE_DEV_DATA (or the folder that developers have beside the checkout) holds them,
they are measured too.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
import soundfile

from drumscribe.domain.audio import Audio
from drumscribe.domain.drums import Hit
from drumscribe.evaluation.hit_files import read_strokes
from drumscribe.evaluation.hits import HitsOptions, evaluate_hits
from drumscribe.hearing.detection import Detector, detect, load_detector
from drumscribe.hearing.picking import pick
from drumscribe.pipeline.context import LocalContext

ROOT = Path(__file__).resolve().parents[3]
CLIPS = Path(__file__).parent / "clips"
DEV = Path(os.environ.get("DRUMSCRIBE_DEV_DATA", ROOT.parent / "shared" / "data" / "mdb-dev"))
# Every stroke counts, doubles too.
PROTOCOL = HitsOptions(label_sets=("5", "9"), tolerances_seconds=(0.05,), double_seconds=0.0)


@dataclass(frozen=True)
class Recording:
    audio: Path
    hits: Path


@dataclass(frozen=True)
class Case:
    """A set of recordings and the least F that is accepted, pooled and per class."""

    name: str
    recordings: tuple[Recording, ...]
    five: float
    nine: float
    per_class: tuple[tuple[str, float], ...] = ()


def rendered(folder: Path, name: str, suffix: str) -> Recording:
    return Recording(folder / f"{name}{suffix}", folder / f"{name}.hits.json")


def real(folder: str) -> tuple[Recording, ...]:
    return tuple(
        Recording(audio, DEV / "annotations" / "subclass" / f"{audio.stem}.txt")
        for audio in sorted((DEV / folder).glob("*.flac"))
    )


# Floors lie about two points below what the released weights reach (see the model card).
CASES = (
    Case(
        "example song",
        (rendered(ROOT / "examples", "funk-rock", ".flac"),),
        five=0.95,
        nine=0.95,
        per_class=(("kick", 0.97), ("snare", 0.90), ("hihat_closed", 0.92), ("ride", 0.95)),
    ),
    Case("soul, ghost notes", (rendered(CLIPS, "soul-ghosts", ".ogg"),), 0.94, 0.94),
    Case(
        "funk, open hats",
        (rendered(CLIPS, "funk-open-hats", ".ogg"),),
        five=0.92,
        nine=0.92,
        per_class=(("hihat_open", 0.85),),
    ),
    Case("fast ride", (rendered(CLIPS, "fast-ride", ".ogg"),), 0.83, 0.83, (("ride", 0.96),)),
    Case(
        "samba on toms",
        (rendered(CLIPS, "samba-toms", ".ogg"),),
        five=0.84,
        nine=0.84,
        per_class=(("tom_high", 0.92), ("tom_mid", 0.90), ("tom_low", 0.94)),
    ),
    Case("real mixes", real("mix_proxy"), five=0.92, nine=0.917),
    Case("real drum stems", real("drum_stem"), five=0.955, nine=0.95),
)


@pytest.fixture(scope="module")
def detector() -> Detector:
    return load_detector(threads=1)


def hear(detector: Detector, path: Path) -> list[Hit]:
    samples, rate = soundfile.read(path, dtype="float32", always_2d=True)
    audio = Audio(np.ascontiguousarray(samples.T), rate).resampled(44100)
    with LocalContext() as context:
        return pick(detect(audio, detector, context), detector.picking)


@pytest.mark.parametrize(
    "case", [case for case in CASES if case.recordings], ids=lambda case: case.name
)
def test_shipped_weights_hear_at_least_as_well_as_released(case: Case, detector: Detector) -> None:
    names = [str(recording.audio) for recording in case.recordings]
    played = [read_strokes(recording.hits) for recording in case.recordings]
    found = [hear(detector, recording.audio) for recording in case.recordings]
    report = evaluate_hits(
        dict(zip(names, played, strict=True)), dict(zip(names, found, strict=True)), PROTOCOL
    )
    five, nine = report.scores
    f_of = {name: one.counts.f for name, one in nine.classes.items() if one.counts.f is not None}
    assert (five.all.counts.f or 0) >= case.five, f_of
    assert (nine.all.counts.f or 0) >= case.nine, f_of
    for name, least in case.per_class:
        assert f_of[name] >= least, f_of

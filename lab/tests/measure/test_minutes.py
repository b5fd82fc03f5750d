"""Rendered minutes are kept between calls."""

from __future__ import annotations

import pickle
from pathlib import Path

import numpy as np

from drumscribe.domain.drums import Activations
from drumscribe.hearing.detection import load_detector
from lab.measure.minutes import Minute, minutes


def test_minutes_that_a_detector_has_heard_are_not_rendered_again(tmp_path: Path) -> None:
    detector = load_detector()
    silence = np.zeros((10, len(detector.manifest.classes)), np.float32)
    said = Activations(silence, silence, 100.0, detector.manifest.classes)
    heard = [Minute(said, [(0.5, "kick")], [])]
    with (tmp_path / f"{detector.manifest.sha256[:12]}_1.pickle").open("wb") as file:
        pickle.dump(heard, file)
    (kept,) = minutes(tmp_path / "no cache", detector, tmp_path, count=1)
    assert kept.true == [(0.5, "kick")]
    assert kept.said.onsets.shape == (10, len(detector.manifest.classes))

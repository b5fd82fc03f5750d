"""What an export writes beside the weights."""

from __future__ import annotations

import json
from pathlib import Path

from lab.network.described import real_recordings, rules, sources_of


def test_thresholds_of_each_way_of_listening_become_its_rules() -> None:
    ways = {"mix": {"kick": 0.3, "cymbal_threshold": 0.45}, "both": {"kick": 0.4}}
    mix, others = rules(None, ways, {"mix": {"slope": 1.2, "intercept": -0.1}})
    assert mix.thresholds["kick"] == 0.3
    assert mix.cymbal_threshold == 0.45
    assert others["both"].thresholds["kick"] == 0.4
    assert others["both"].calibration_slope == mix.calibration_slope == 1.2
    assert "stem" not in others


def test_ways_of_listening_may_be_sure_in_ways_of_their_own() -> None:
    mix, others = rules(
        None, {"both": {"kick": 0.5}},
        {"mix": {"slope": 1.2, "intercept": -0.1}, "stem": {"slope": 1.3, "intercept": 0.4}},
    )  # fmt: skip
    assert (others["stem"].calibration_slope, others["stem"].calibration_intercept) == (1.3, 0.4)
    assert others["stem"].thresholds == mix.thresholds
    assert others["both"].calibration_intercept == mix.calibration_intercept == -0.1


def test_real_records_and_their_licences_are_named(tmp_path: Path) -> None:
    (tmp_path / "data-manifest.json").write_text('[{"name": "kit", "licence": "MIT"}]')
    assert real_recordings(tmp_path) == "none"
    assert sources_of(tmp_path)[1] == ["MIT"]
    entries = [
        {"id": "001", "licence": "CC-BY-4.0", "split": "train", "has_drums": True},
        {"id": "002", "licence": "CC0-1.0", "split": "val", "has_drums": False},
        {"id": "103", "licence": "CC0-1.0", "split": "train", "has_drums": True},
    ]
    (tmp_path / "real.json").write_text(json.dumps(entries))
    said = real_recordings(tmp_path)
    assert "2 excerpts of 30 s of free music, 1 of them with drums" in said
    assert "1 more in which htdemucs finds what may be drums" in said
    assert sources_of(tmp_path)[1] == ["CC-BY-4.0", "CC0-1.0", "MIT"]

"""`drumscribe render`, `doctor` and `models` as a user types them."""

import json
from pathlib import Path

import pytest

from command_line import drumscribe
from engraving_readers import musicxml_schema


def test_render_of_edited_hits_needs_no_audio_and_keeps_the_beats(
    song: Path, tmp_path: Path, empty_cache: Path
) -> None:
    out = tmp_path / "out"
    assert drumscribe("transcribe", song, "-o", out, "-f", "json", "--offline") == 0
    document = json.loads((out / "My Song.json").read_text())
    document["hits"] = [hit for hit in document["hits"] if hit["instrument"] == "kick"]
    edited = tmp_path / "edited.json"
    edited.write_text(json.dumps(document))
    assert drumscribe("render", edited, "-o", out, "-f", "json,musicxml") == 0
    again = json.loads((out / "edited.json").read_text())
    assert again["beats"] == document["beats"]
    assert again["hit_summary"]["snare"] == 0
    assert again["hit_summary"]["kick"] == len(document["hits"])
    assert drumscribe("render", edited, "-o", tmp_path / "kicks.mid") == 0
    assert [path.name for path in tmp_path.glob("kicks*")] == ["kicks.mid"]
    assert drumscribe("render", edited, "-o", tmp_path / "kicks.mid", "--name", "x") == 2


def test_tempo_that_the_drums_contradict_is_told_by_transcribe_and_render(
    song: Path, tmp_path: Path, empty_cache: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    asked = ("-o", out, "-f", "json", "--bpm", 92)
    said = "the drums seem to be played at 100"
    assert drumscribe("transcribe", song, *asked, "--offline") == 0
    assert capsys.readouterr().err.count(said) == 1
    assert drumscribe("render", out / "My Song.json", *asked, "--name", "again") == 0
    assert capsys.readouterr().err.count(said) == 1


def test_render_of_a_bare_list_finds_the_beat_from_the_hits(tmp_path: Path) -> None:
    hits = []
    for eighth in range(64):
        time_seconds = 0.4 + eighth * 0.25
        hits.append({"time": time_seconds, "instrument": "hihat_closed"})
        if eighth % 8 in (0, 4):
            hits.append({"time": time_seconds, "instrument": "kick"})
        if eighth % 4 == 2:
            hits.append({"time": time_seconds, "instrument": "snare"})
    path = tmp_path / "beat.json"
    path.write_text(json.dumps(hits))
    assert drumscribe("render", path, "-o", tmp_path, "-f", "json,musicxml", "--name", "page") == 0
    document = json.loads((tmp_path / "page.json").read_text())
    assert document["detected_bpm"] == 120
    musicxml_schema().validate(tmp_path / "page.musicxml")


def test_doctor_finds_the_essentials_well(
    empty_cache: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert drumscribe("doctor", "--json") == 0
    findings = {entry["what"]: entry for entry in json.loads(capsys.readouterr().out)}
    assert findings["drum detector"]["state"] == "ok"
    assert findings["model beats"]["state"] == "missing"
    assert "models download beats" in findings["model beats"]["advice"]


def test_models_list_names_state_and_licence(
    empty_cache: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert drumscribe("models", "list", "--json") == 0
    rows = {row["name"]: row for row in json.loads(capsys.readouterr().out)}
    assert rows["htdemucs"]["state"] == "missing"
    assert "personal" in rows["htdemucs"]["licence"]
    assert all(len(row["sha256"]) == 64 for row in rows.values())

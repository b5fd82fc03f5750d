"""drumscribe evaluate hits: the table, the document, the exit codes."""

import json
from pathlib import Path

import pytest

import hit_tracks
from drumscribe.cli import exit_codes
from drumscribe.cli.main import invoke


def evaluate(*arguments: object) -> int:
    return invoke(["evaluate", "hits", *(str(argument) for argument in arguments)])


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    return hit_tracks.write(tmp_path)


def test_evaluate_hits_prints_a_table_per_set_and_tolerance(
    folders: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    assert evaluate(*folders) == exit_codes.OK
    text = capsys.readouterr().out
    assert text.startswith("3 tracks: Funk Jazz Pop\n")
    assert text.count(" ms: F ") == 10
    assert (
        "9 classes, within 50 ms: F 70.0 (95 % of resamples: 60.0 to 77.4), "
        "mean over tracks 68.0, macro 58.0"
    ) in text
    lines = [line.split() for line in text.splitlines()]
    assert ["crash", "3", "2", "1", "1", "2", "50.0", "33.3", "40.0", "25.0", "(2)"] in lines
    assert ["tom_high", "1", "0", "0", "0", "1", "-", "0.0", "0.0", "0.0", "(1)"] in lines
    assert "heard as another: " in text
    assert max(len(line) for line in text.splitlines()) < 140


def test_evaluate_hits_as_json_has_every_figure_in_full(
    folders: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    assert evaluate(*folders, "--json", "--sets", "9", "--tolerance", "50") == exit_codes.OK
    document = json.loads(capsys.readouterr().out)
    assert document["tracks"] == ["Funk", "Jazz", "Pop"]
    (score,) = document["scores"]
    assert score["macro_f"] == 0.5797816562522445
    assert score["interval_95"] == [0.6, 0.7741935483870968]
    assert score["all"]["true_positives"] == 21
    assert score["classes"]["tom_high"]["precision"] is None
    assert score["tracks"]["Jazz"]["f"] == 0.6
    assert {"reference": "ride", "estimate": "crash", "n": 1} in score["confusions"]
    assert score["velocity"] is score["soft_recall"] is score["calibration"] is None
    assert score["recall_by_label"]["KD"] == {"found": 7, "total": 9, "share": 7 / 9}


def test_evaluate_hits_with_options_uses_them(
    folders: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    options = ["--tracks", "Funk,Pop", "--sidestick", "drop", "--coarse", "--dedupe", "60"]
    options += ["--dedupe-any", "60", "--offset", "-10", "--missing", "empty", "--per-track"]
    assert evaluate(*folders, *options, "--sets", "3,9") == exit_codes.OK
    text = capsys.readouterr().out
    assert text.startswith("2 tracks: Funk Pop\n")
    assert "  Pop: F " in text
    assert text.count(" ms: F ") == 4


def test_evaluate_hits_of_velocities_and_confidences_speaks_of_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [
        {"time": t, "instrument": "snare", "velocity": v, "confidence": 0.9}
        for t, v in ((1.0, 0.2), (1.03, 0.9), (2.0, 0.6))
    ]
    path = tmp_path / "a.json"
    path.write_text(json.dumps(rows))
    assert evaluate(path, path, "--sets", "9") == exit_codes.OK
    text = capsys.readouterr().out
    assert "velocity: off by 0.0 of 127 on average (bias +0.0), correlation 1.00, 3 pairs" in text
    assert "soft strokes found (velocity below 40 of 127): 1 of 1 (100.0 %)" in text
    assert "confidence: expected calibration error 0.100" in text
    assert "flams with both strokes found: 1 of 1 (100.0 %)" in text


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--sets", "4"], exit_codes.USAGE),
        (["--tolerance", "soon"], exit_codes.USAGE),
        (["--tolerance", "0"], exit_codes.USAGE),
        (["--tracks", "Polka"], exit_codes.USAGE),
    ],
)
def test_evaluate_hits_with_a_wrong_option_is_a_usage_error(
    arguments: list[str],
    code: int,
    folders: tuple[Path, Path],
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert evaluate(*folders, *arguments) == code
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err


def test_evaluate_hits_of_files_that_are_bad_or_missing_is_bad_input(
    folders: tuple[Path, Path], tmp_path: Path
) -> None:
    assert evaluate(tmp_path / "none", folders[1]) == exit_codes.BAD_INPUT
    (folders[1] / "Pop.json").write_text("no")
    assert evaluate(*folders) == exit_codes.BAD_INPUT

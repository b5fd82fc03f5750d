"""Groove MIDI, the report and the command of the study."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import mido
import numpy as np
import pytest
from click.testing import CliRunner, Result

from drumscribe.errors import SourceNotFound
from lab.notation_study import __main__ as command
from lab.notation_study.composed.conditions import conditions
from lab.notation_study.groove_midi import (
    GroovePerformance,
    judge_groove,
    read_performance,
    true_slots,
    validation_files,
)
from lab.notation_study.reports.lines import Line
from lab.notation_study.reports.report import Report, build_report
from lab.notation_study.reports.tables import as_text, worst_pieces
from lab.notation_study.study import Task, run_study


def run(*arguments: str) -> Result:
    return CliRunner().invoke(command.notation_study, arguments)


@pytest.fixture
def groove(tmp_path: Path) -> Path:
    """A folder like Groove MIDI's with one performance: rock at 120, 8 bars, a little loose."""
    rng = np.random.default_rng(0)
    file, track = mido.MidiFile(ticks_per_beat=480), mido.MidiTrack()
    file.tracks.append(track)
    strokes = []
    for bar in range(8):
        for eighth in range(8):
            keys = [42, *([36] if eighth in (0, 4, 5) else []), *([38] if eighth in (2, 6) else [])]
            at = (bar * 4 + eighth / 2) * 480 + 5 * rng.standard_normal() + 10
            strokes += [(max(0, round(at)), key) for key in keys]
    # Between slots, nobody can say what was meant.
    strokes.append((round(480 * (4 + 0.125)), 38))
    now = 0
    for ticks, key in sorted(strokes):
        track.append(mido.Message("note_on", note=key, velocity=90, time=ticks - now))
        now = ticks
    folder = tmp_path / "drummer5" / "session1"
    folder.mkdir(parents=True)
    file.save(folder / "1_rock_120_beat_4-4.mid")
    (tmp_path / "info.csv").write_text(
        "drummer,session,id,style,bpm,beat_type,time_signature,midi_filename\n"
        "drummer5,s,drummer5/session1/1,rock,120,beat,4-4,drummer5/session1/1_rock_120_beat_4-4.mid\n"
        "drummer5,s,drummer5/session1/2,rock,120,fill,4-4,drummer5/session1/1_rock_120_beat_4-4.mid\n"
        "drummer1,s,drummer1/session1/1,rock,120,beat,4-4,drummer5/session1/1_rock_120_beat_4-4.mid\n"
        "drummer6,s,drummer6/session1/1,rock,120,beat,4-4,drummer6/gone.mid\n"
    )
    return tmp_path


def test_validation_files_are_beats_of_validation_drummers_that_are_there(groove: Path) -> None:
    assert [row["id"] for row in validation_files(groove, limit=9, seed=0)] == [
        "drummer5/session1/1"
    ]
    with pytest.raises(SourceNotFound):
        validation_files(groove / "drummer5", limit=9, seed=0)


def the_performance(groove: Path) -> GroovePerformance:
    found = read_performance(groove, validation_files(groove, limit=9, seed=0)[0])
    assert found is not None
    return found


def test_true_slots_takes_the_offset_off_and_leaves_doubtful_strokes_out(groove: Path) -> None:
    performance = the_performance(groove)
    slots = true_slots(performance)
    assert slots.count(None) == 1
    assert {slot % 1 for slot in slots if slot is not None} == {Fraction(0), Fraction(1, 2)}
    assert max(slot for slot in slots if slot is not None) == Fraction(63, 2)


def test_judge_groove_of_an_easy_performance_is_right(groove: Path) -> None:
    result = judge_groove(the_performance(groove))
    assert result.usable
    assert result.known_right == result.known_aligned == result.clear
    assert result.doubtful == 1
    assert result.beats.metre_right


@pytest.fixture(scope="module")
def small_report() -> Report:
    chosen = [c for c in conditions() if c.name in ("clean 4/4", "straight, 15 ms")]
    tasks = [Task(condition=c, index=0, seed=1) for c in chosen]
    return build_report(list(run_study(tasks, jobs=1)), [])


def test_report_has_a_row_per_condition_and_plain_values(small_report: Report) -> None:
    assert [row.condition for row in small_report.known] == ["clean 4/4", "straight, 15 ms"]
    assert len(small_report.tracked) == len(small_report.beats_in_metre) == 2
    document = json.loads(json.dumps(small_report.to_dict(), allow_nan=False))
    assert document["pieces"][0]["metre"] == "4/4"
    # A slow shuffle: in 6/4 its bar lines are the same.
    assert document["pieces"][0]["beats"]["metre"] in ("4/4", "3/4", "2/4", "6/4")
    assert {line["passes"] for line in document["lines"]} <= {True, False, None}


def test_report_as_text_names_every_line_that_was_measured(small_report: Report) -> None:
    text = as_text(small_report)
    for line in small_report.lines:
        assert (line.measure in text) == (line.value is not None)
    assert isinstance(worst_pieces(small_report.pieces, 3), str)


@pytest.mark.parametrize(
    ("line", "passes"),
    [
        (Line("a", 0.99, at_least=0.99), True),
        (Line("a", 0.98, at_least=0.99), False),
        (Line("a", 1.0, at_most=0), False),
        (Line("a", 0.0, at_most=0), True),
        (Line("a", 0.5), None),
        (Line("a", None, at_least=0.99), None),
    ],
)
def test_line_passes_at_its_bar(line: Line, passes: bool | None) -> None:
    assert line.passes is passes


def test_run_study_in_two_processes_gives_the_same() -> None:
    condition = next(c for c in conditions() if c.name == "clean 3/4")
    tasks = [Task(condition=condition, index=k, seed=0, tracked=False) for k in range(2)]
    assert list(run_study(tasks, jobs=2)) == list(run_study(tasks, jobs=1))


def test_command_prints_json_and_the_same_again() -> None:
    arguments = [
        "--scores",
        "1",
        "--condition",
        "clean 5/4",
        "--beats",
        "known",
        "--json",
        "-j",
        "1",
    ]
    documents = [json.loads(run(*arguments).stdout) for _ in range(2)]
    assert documents[0] == documents[1]
    assert documents[0]["known"][0]["aligned"] >= 0.99
    assert documents[0]["tracked"] == []


def test_check_fails_where_a_bar_is_not_reached(monkeypatch: pytest.MonkeyPatch) -> None:
    real = build_report
    failing = Line("impossible", 0.0, at_least=1.0)
    monkeypatch.setattr(command, "build_report", lambda *a: replace(real(*a), lines=(failing,)))
    arguments = ["--scores", "1", "--condition", "clean 4/4", "-j", "1", "--beats", "known"]
    assert run(*arguments).exit_code == 0
    checked = run(*arguments, "--check")
    assert checked.exit_code == 1
    assert "FAIL" in checked.stdout


def test_command_unknown_condition_is_a_usage_error() -> None:
    said = run("--condition", "nonsense")
    assert said.exit_code == 2
    assert "nonsense" in said.stderr

"""Parts that others wrote: read, changed, judged, and the command that does it."""

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

from drum_patterns import ROCK, WALTZ, played, steady_beats
from drumscribe.domain.drums import Instrument
from drumscribe.domain.rhythm import BeatGrid, Metre
from drumscribe.errors import InvalidHits, SourceNotFound
from lab.notation_study.__main__ import notation_study
from lab.notation_study.judging.parts import (
    downbeat_f,
    judge_part,
    parts_row,
    slot_share,
)
from lab.notation_study.known_parts import (
    KnownPart,
    as_heard,
    begun_later,
    read_known_parts,
)


def document(
    pattern: tuple[int, list[tuple[float, Instrument]]], beats_per_bar: int, group: str
) -> dict[str, Any]:
    """A part of 16 bars at 120 beats per minute."""
    beats = steady_beats(120, 16 * beats_per_bar + 1, start=0.4)
    hits = played(pattern, beats)
    lines = beats[::beats_per_bar].tolist()
    return {
        "group": group,
        "hits": [
            {"time": hit.time, "instrument": hit.instrument.value, "velocity": hit.velocity}
            for hit in hits
            if hit.time < lines[-1]
        ],
        "bars": [
            {"start": start, "end": end, "num": beats_per_bar, "den": 4}
            for start, end in pairwise(lines)
        ],
    }


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "rock.json").write_text(json.dumps(document(ROCK, 4, "rock")))
    (tmp_path / "waltz.json").write_text(json.dumps(document(WALTZ, 3, "waltz")))
    return tmp_path


def rock(folder: Path) -> KnownPart:
    return read_known_parts(folder)[0]


def test_parts_are_read_in_the_order_of_their_names(folder: Path) -> None:
    parts = read_known_parts(folder)
    assert [(part.name, part.metre, part.group) for part in parts] == [
        ("rock", Metre(4, 4), "rock"),
        ("waltz", Metre(3, 4), "waltz"),
    ]
    assert parts[0].bars.size == 17


def test_folder_without_parts_says_so(tmp_path: Path) -> None:
    with pytest.raises(SourceNotFound, match="no parts"):
        read_known_parts(tmp_path)


@pytest.mark.parametrize(
    "change",
    [{"bars": []}, {"hits": []}, {"hits": [{"time": 1.0}]}, {"bars": [{"start": 0, "end": 1}]}],
)
def test_file_that_is_no_part_is_named(folder: Path, change: dict[str, Any]) -> None:
    path = folder / "rock.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **change}))
    with pytest.raises(InvalidHits, match=r"rock\.json"):
        read_known_parts(folder)


def test_begun_later_moves_hits_and_bars_together(folder: Path) -> None:
    part = rock(folder)
    later = begun_later(part, np.random.default_rng(4))
    assert len(later.hits) < len(part.hits)
    moved = later.hits[-1].time - part.hits[-1].time
    assert later.bars == pytest.approx(part.bars + moved)
    assert later.hits[0].time == pytest.approx(0.4)


def test_as_heard_loses_adds_and_moves(folder: Path) -> None:
    part = rock(folder)
    heard = as_heard(part, np.random.default_rng(1))
    assert 0.85 < len(heard.hits) / len(part.hits) < 1.05
    times = [hit.time for hit in heard.hits]
    assert times == sorted(times)
    assert not set(times) <= {hit.time for hit in part.hits}


def test_bars_of_plain_parts_are_found(folder: Path) -> None:
    judged = [judge_part(part) for part in read_known_parts(folder)]
    assert [each.found for each in judged] == [Metre(4, 4), Metre(3, 4)]
    assert all(each.downbeat_f == each.first_three_f == 1.0 for each in judged)
    assert all(each.slots == 1.0 and not each.warned for each in judged)


def test_slots_are_counted_in_quarters_and_not_as_shares_of_the_bar(folder: Path) -> None:
    # The waltz with its bar lines, counted in four: every beat but the first is somewhere else.
    waltz = read_known_parts(folder)[1]
    lines = waltz.bars
    in_four = np.interp(np.arange(4 * 16 + 1) / 4.0, np.arange(17), lines)
    grid = BeatGrid(in_four, np.arange(in_four.size) % 4 + 1, Metre(4, 4))
    assert downbeat_f(waltz, grid.downbeat_times) == 1.0
    assert slot_share(waltz, grid) < 0.6


def test_slots_allow_one_shift_by_whole_bars(folder: Path) -> None:
    part = rock(folder)
    beats = steady_beats(120, 17 * 4 + 1, start=0.4 - 2.0)
    grid = BeatGrid(beats, np.arange(beats.size) % 4 + 1, Metre(4, 4))
    assert slot_share(part, grid) == 1.0


def test_row_says_what_the_warning_is_worth(folder: Path) -> None:
    right, _ = (judge_part(part) for part in read_known_parts(folder))
    row = parts_row("all", [right, right])
    assert (row.n, row.right, row.warned_if_wrong, row.wrong_if_warned) == (2, 1.0, None, None)


@pytest.mark.parametrize("written_as", ["written", "heard"])
def test_command_prints_a_row_for_each_group(folder: Path, written_as: str) -> None:
    command = ["--parts", str(folder), "--parts-as", written_as, "-j", "1"]
    printed = CliRunner().invoke(notation_study, command, catch_exceptions=False).stdout
    assert all(name in printed for name in ("rock", "waltz", "in 4/4", "in other metres", "all"))
    said = CliRunner().invoke(notation_study, [*command, "--json"], catch_exceptions=False)
    found = json.loads(said.stdout)
    assert [part["name"] for part in found["parts"]] == ["rock", "waltz"]
    assert found["groups"][-1]["n"] == 2

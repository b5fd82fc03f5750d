"""Studies of numbers: what a copyist makes of a page comes back, and a table says what moved."""

from __future__ import annotations

import random

from drumscribe.notation.quantize import tuning
from lab.sweeps.bringing import files_of, measured
from lab.sweeps.pages import known_songs
from lab.sweeps.turning import knobs_of, swept


def test_swept_has_a_row_for_each_number_and_says_what_it_moves() -> None:
    knobs = [k for k in knobs_of({"quantize": tuning}) if "SLOTS.together_seconds" in k.name]
    written = swept(knobs, lambda: {"twice": 2 * tuning.SLOTS.together_seconds, "still": 1.0})
    head, _, as_it_is, row = written.splitlines()
    assert head.split() == ["number", "is", "twice", "still"]
    assert as_it_is.split()[-2:] == ["0.06", "1"]
    assert row.split()[-4:] == ["-0.012", "+0.012", ".", "."]


def test_what_a_copyist_writes_comes_back() -> None:
    hits, grid = known_songs()[0]
    files = list(files_of(hits, grid, random.Random(1)))
    assert [file.kind for file in files] == ["xml", "cut", "midi", "played", "later"]
    assert all(file.untouched and len(file.wanted) != len(file.transcript.hits) for file in files)
    found = measured([file for file in files if file.kind in ("xml", "played")])
    assert found["xml F"] > 0.95
    assert found["played same"] == 1.0

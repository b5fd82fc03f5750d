"""A song whose bars were found wrong is repaired by a script, and all its files say the same."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import mido
import numpy as np
import pymupdf
import pytest

from brought_pages import H, K, S, transcript_of
from command_line import drumscribe
from drumscribe.domain.rhythm import BeatGrid
from drumscribe.library import Transcription
from drumscribe.pipeline.files import codec
from engraving_pieces import Writer, steady_grid
from engraving_readers import read_musicxml

TRUE_BARS = (4, 4, 2, 4, 4, 4, 4, 4)
# Nobody heard the bar of two; and in the middle a bar line came a beat late.
FOUND_BARS = (4, 4, 4, 4, 5, 4, 4)
BPM = 100.0


def counted(grid: BeatGrid, bars: Sequence[int]) -> BeatGrid:
    numbers = [number for bar in bars for number in range(1, bar + 1)]
    numbers += [k % 4 + 1 for k in range(grid.beat_times.size - len(numbers))]
    return replace(grid, beat_numbers=np.array(numbers, dtype=np.int64))


@pytest.fixture
def song(tmp_path: Path) -> tuple[Path, BeatGrid]:
    """A rock beat over the true bars, as a document with the bars that were found."""
    grid = steady_grid("4/4", 8, bpm=BPM)
    writer, start = Writer(grid), 0
    for bar in TRUE_BARS:
        for beat in range(bar):
            writer.add(K if beat % 2 == 0 else S, start + beat)
            writer.add(H, start + beat, start + beat + 0.5)
        start += bar
    found = replace(transcript_of(writer.piece()), grid=counted(grid, FOUND_BARS))
    path = tmp_path / "song.json"
    path.write_text(json.dumps(codec.transcript_to_dict(found)), encoding="utf-8")
    return path, counted(grid, TRUE_BARS)


def metres_of_midi(path: Path) -> list[tuple[float, str]]:
    """(quarter notes from the start, metre) of every signature, those that say nothing new left
    out.
    """
    file, now = mido.MidiFile(path), 0
    found: list[tuple[float, str]] = []
    for message in mido.merge_tracks(file.tracks):
        now += message.time
        if message.type == "time_signature":
            metre = f"{message.numerator}/{message.denominator}"
            if not found or found[-1][1] != metre:
                found.append((now / file.ticks_per_beat, metre))
    return found


def test_script_repairs_a_short_bar_and_a_bar_line_and_all_files_agree(
    song: tuple[Path, BeatGrid], tmp_path: Path
) -> None:
    path, truth = song
    out = tmp_path / "out"
    formats = "json,musicxml,midi,midi-performance,pdf"
    short, after = truth.downbeat_times[2:4]
    said = ("--bar-at", f"{short:.2f}=2/4", "--bar-at", f"{after:.2f}=4/4")
    assert drumscribe("render", path, "-o", out, "-f", formats, *said) == 0

    document = json.loads((out / "song.json").read_text())
    assert document["beat_numbers"] == truth.beat_numbers.tolist()
    before = json.loads(path.read_text())
    assert (document["hits"], document["beats"]) == (before["hits"], before["beats"])

    meant = Transcription(replace(codec.transcript_from_json(path.read_bytes()), grid=truth))
    written = (out / "song.musicxml").read_bytes()
    assert read_musicxml(written) == read_musicxml(meant.to_musicxml().encode())
    assert [str(m.metre) for m in meant.score.measures] == [f"{n}/4" for n in TRUE_BARS]
    assert written.count(b"<beats>") == 3
    assert metres_of_midi(out / "song.mid") == [(0, "4/4"), (8, "2/4"), (10, "4/4")]
    played = metres_of_midi(out / "song.performance.mid")
    assert [metre for _, metre in played][-3:] == ["4/4", "2/4", "4/4"]

    words = pymupdf.open(out / "song.pdf")[0].get_text("words")
    drawn = sorted((x, text) for x, *_, text, _, _, _ in words if text in ("24", "44"))
    assert [text for _, text in drawn] == ["44", "24", "44"]

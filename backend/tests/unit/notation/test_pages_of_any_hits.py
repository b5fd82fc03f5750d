"""Hits as no drummer plays them: every writer still says all of them, in bars that are full."""

import io
from fractions import Fraction

import guitarpro
import numpy as np
import pytest

from drumscribe.domain.bars.laying import with_bars
from drumscribe.domain.bars.marks import BarMark
from drumscribe.domain.drums import Articulation, Hit, Instrument
from drumscribe.domain.rhythm import BeatGrid, Metre
from drumscribe.domain.score import Score
from drumscribe.notation.measures.one_voice import in_style
from drumscribe.notation.quantize import quantize
from drumscribe.notation.styles.drum_styles import ONE_VOICE
from drumscribe.notation.writers.guitar_pro import write_guitar_pro
from drumscribe.notation.writers.tab import write_tab
from drumscribe.notation.writers.timemap import time_map
from engraving_pieces import Piece, steady_grid
from engraving_readers import hits_on_page

METRES = ("2/4", "3/4", "4/4", "5/4", "2/2", "3/8", "6/8", "7/8", "9/8", "12/8", "7/16")
# Metres said of bars that would be others by their lengths, one after the other from bar 2 on.
SAID = {"4/4": ("6/8", "12/8", "2/2"), "6/8": ("3/4", "6/4"), "7/8": ("6/8",), "12/8": ("6/4",)}
SONGS = [
    (metre, said, pickup_beats)
    for pickup_beats in (0, 1)
    for metre, said in (*((metre, ()) for metre in METRES), *SAID.items())
]


def with_said_bars(grid: BeatGrid, pickup_beats: int, metres: tuple[str, ...]) -> BeatGrid:
    marks, beat = [], Fraction(pickup_beats + grid.metre.beats_per_bar)
    for metre in [Metre.parse(text) for text in (*metres, str(grid.metre))]:
        marks.append(BarMark(float(grid.time_at(beat)), metre))
        beat += metre.bar_length / grid.metre.beat_length
    laid = with_bars(grid, marks)
    assert [str(metre) for metre in laid.bar_metres if metre] == list(metres)
    return laid


@pytest.fixture(params=range(len(SONGS)))
def piece(request: pytest.FixtureRequest) -> Piece:
    """A hundred strokes anywhere, of anything, with or without a pickup."""
    random = np.random.default_rng(request.param)
    metre, said, pickup = SONGS[request.param]
    grid = steady_grid(metre, 8, bpm=float(random.uniform(50, 200)), pickup_beats=pickup)
    if said:
        grid = with_said_bars(grid, pickup, said)
    drums, marks = list(Instrument), [*[None] * 6, *Articulation]
    hits = sorted(
        Hit(
            float(time),
            drums[random.integers(len(drums))],
            float(random.random()),
            1.0,
            marks[random.integers(len(marks))],
        )
        for time in random.uniform(0.0, float(grid.beat_times[-1]), 100)
    )
    return Piece(tuple(hits), (), grid)


def written_notes(score: Score) -> int:
    return sum(len(e.notes) for m in score.measures for v in m.voices for e in v.events)


def test_one_voice_has_every_note_in_full_bars(piece: Piece) -> None:
    score = quantize(piece.hits, piece.grid)
    merged = in_style(score, ONE_VOICE)
    assert hits_on_page(merged) == hits_on_page(score)
    assert [m.length for m in merged.measures] == [m.length for m in score.measures]


def test_guitar_pro_file_has_every_note_in_full_bars(piece: Piece) -> None:
    score = quantize(piece.hits, piece.grid)
    for page in (score, in_style(score, ONE_VOICE)):
        song = guitarpro.parse(io.BytesIO(write_guitar_pro(page)))
        n_notes = 0
        for read, measure in zip(song.tracks[0].measures, page.measures, strict=True):
            for voice in read.voices:
                sounding = [b for b in voice.beats if b.status is not guitarpro.BeatStatus.empty]
                length = sum(Fraction(beat.duration.time) for beat in sounding)
                assert length in (0, measure.length * guitarpro.Duration.quarterTime)
                n_notes += sum(len(beat.notes) for beat in sounding)
        assert n_notes == written_notes(page)


def test_rows_of_a_tab_are_as_long_as_their_counts(piece: Piece) -> None:
    text = write_tab(quantize(piece.hits, piece.grid))
    for system in text.split("\n\n"):
        rows = [line for line in system.splitlines() if line.endswith("|")]
        assert len({tuple(len(bar) for bar in row.split("|")) for row in rows}) <= 1


def test_time_map_has_every_hit_and_every_beat(piece: Piece) -> None:
    score = quantize(piece.hits, piece.grid)
    made = time_map(score, piece.hits, piece.grid, duration_seconds=60.0)
    assert len(made.notes) + len(made.merged) == len(piece.hits)
    beats = [beat for bar in made.measures for beat in bar.beats]
    assert beats == sorted(beats)
    assert all(bar.start_seconds <= bar.beats[0] < bar.end_seconds for bar in made.measures)

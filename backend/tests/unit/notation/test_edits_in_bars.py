"""Who corrects one bar finds the notes of all others where they were: any strokes, any edit."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bars_compared import bars_of, changed_elsewhere
from drumscribe.domain.drums import Articulation, Hit, Instrument, Sticking, numbered
from drumscribe.notation.quantize import quantize
from engraving_pieces import Piece, Writer, steady_grid

METRES = ("2/4", "3/4", "4/4", "5/4", "2/2", "3/8", "6/8", "7/8", "9/8", "12/8", "7/16")
SECONDS = 8.0
STROKES = st.builds(
    Hit,
    st.floats(0.0, SECONDS),
    st.sampled_from(Instrument),
    st.floats(0.0, 1.0),
    st.just(1.0),
    st.sampled_from([*[None] * 6, *Articulation]),
)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    metre=st.sampled_from(METRES),
    strokes=st.lists(STROKES, min_size=12, max_size=80),
    new=st.none() | STROKES,
    number=st.none() | st.integers(0, 11),
)
def test_edit_of_a_bar_leaves_the_other_bars_as_they_were(
    metre: str, strokes: list[Hit], new: Hit | None, number: int | None
) -> None:
    """number: of the stroke that is taken out; new: one that is put in, with both it is moved."""
    grid = steady_grid(metre, 12, pickup_beats=1)
    first = numbered(strokes)
    edited, times = list(first), []
    if number is not None:
        times.append(edited.pop(number).time)
    if new is not None:
        times.append(new.time)
        edited.append(dataclasses.replace(new, id=len(first)))

    before = quantize(first, grid)
    after = quantize(edited, grid, first=first)

    assert changed_elsewhere(before, after, times) == []
    assert bars_of(quantize(first, grid, first=tuple(reversed(first)))) == bars_of(before)


def straight_bars() -> Piece:
    """Eight bars of eighths on the hats with kick and snare, a little loose."""
    writer = Writer(steady_grid("4/4", 8, bpm=100), jitter_seconds=0.008)
    for eighth in range(64):
        writer.add(Instrument.HIHAT_CLOSED, eighth / 2)
        if eighth % 4 == 0:
            writer.add(Instrument.SNARE if eighth % 8 else Instrument.KICK, eighth / 2)
    return writer.piece()


@pytest.mark.parametrize("away_seconds", [-0.02, 0.0, 0.02])
def test_stroke_put_in_is_written_where_it_was_put(away_seconds: float) -> None:
    piece = straight_bars()
    first = numbered(piece.hits)
    for position in (8.0, 8.25, 8.5, 9.75, 11.75, 12.0, 31.5):
        time = float(piece.grid.time_at(position)) + away_seconds
        new = Hit(time, Instrument.TOM_LOW, id=1000)
        score = quantize([*first, new], piece.grid, first=first)
        placement = next(p for p in score.placements if p.hit == new.id)
        assert 4 * placement.measure + placement.onset == position


def test_bar_of_triplets_put_in_by_hand_is_written_in_triplets() -> None:
    piece = straight_bars()
    first = numbered(piece.hits)
    start, end = piece.grid.time_at(np.array([11.9, 15.9]))
    kept = [hit for hit in first if not start <= hit.time < end]
    toms = [
        Hit(float(piece.grid.time_at(12 + third / 3)), Instrument.TOM_HIGH, id=1000 + third)
        for third in range(12)
    ]
    score = quantize([*kept, *toms], piece.grid, first=first)
    written = sorted(p.onset for p in score.placements if p.hit >= 1000)
    assert [3 * onset for onset in written] == list(range(12))


def test_hands_that_are_said_of_the_first_strokes_are_written() -> None:
    piece = straight_bars()
    first = numbered(piece.hits)
    said = [dataclasses.replace(hit, sticking=Sticking.LEFT) for hit in first]
    score = quantize(said, piece.grid, first=first)
    assert bars_of(score) == bars_of(quantize(said, piece.grid))
    events = [e for m in score.measures for voice in m.voices for e in voice.events]
    assert {note.sticking for event in events for note in event.notes} == {Sticking.LEFT}

"""The time map: where notes and bars lie in the recording."""

import json
from dataclasses import replace
from fractions import Fraction

import pytest

import engraving_pieces as pieces
from drumscribe.domain.drums import Hit, Instrument
from drumscribe.notation.quantize import quantize
from drumscribe.notation.writers.timemap import TimeMap, time_map


def map_of(piece: pieces.Piece) -> TimeMap:
    score = quantize(piece.hits, piece.grid)
    return time_map(score, piece.hits, piece.grid, duration_seconds=60.0)


def test_time_map_of_any_piece_lists_every_hit_once() -> None:
    for make in pieces.PIECES.values():
        piece = make()
        made = map_of(piece)
        listed = [note.hit for note in made.notes] + [gone.hit for gone in made.merged]
        assert sorted(listed) == list(range(len(piece.hits)))
        for note in made.notes:
            assert note.id == f"hit-{note.hit}"
            assert note.time_seconds == pytest.approx(piece.hits[note.hit].time, abs=1e-6)
            assert note.instrument == piece.hits[note.hit].instrument.value


def test_page_seconds_of_hits_off_the_grid_are_those_of_the_grid() -> None:
    piece = pieces.song(8, jitter_seconds=0.012)
    made = map_of(piece)
    beat_seconds = 60.0 / 118
    for note in made.notes:
        meant = float(piece.at[note.hit]) * beat_seconds + 0.5
        assert note.page_seconds == pytest.approx(meant, abs=1e-5)
    assert any(abs(note.time_seconds - note.page_seconds) > 0.005 for note in made.notes)


def test_page_seconds_of_swung_eighths_are_where_they_sound() -> None:
    piece = pieces.shuffle()
    made = map_of(piece)
    late = next(n for n in made.notes if n.measure == 1 and n.position == "1/2")
    assert late.page_seconds == pytest.approx(0.5 + 2 / 3 * 60 / 96, abs=1e-5)


def test_positions_are_exact_fractions_from_the_start_of_the_bar() -> None:
    made = map_of(pieces.tom_fill())
    for note in made.notes:
        position = Fraction(note.position)
        assert 0 <= position < 4
        assert position.denominator <= 4
    graces = [note for note in made.notes if note.is_grace]
    assert [(note.measure, note.position) for note in graces] == [(2, "0"), (2, "7/2")]


def test_bars_follow_each_other_and_hold_their_beats() -> None:
    made = map_of(pieces.waltz_with_pickup())
    assert [bar.number for bar in made.measures] == [0, 1, 2, 3, 4]
    assert [len(bar.beats) for bar in made.measures] == [1, 3, 3, 3, 3]
    for bar, after in zip(made.measures, made.measures[1:], strict=False):
        assert bar.end_seconds == after.start_seconds
    for bar in made.measures:
        assert bar.beats[0] == bar.start_seconds
        assert bar.beats[-1] < bar.end_seconds
        assert bar.time_signature == "3/4"


def test_beats_of_a_drifting_tempo_are_those_of_the_grid() -> None:
    piece = pieces.rock_beat()
    times = piece.grid.beat_times**1.05
    grid = replace(piece.grid, beat_times=times)
    hits = [Hit(float(t), Instrument.KICK) for t in times[:-1]]
    made = time_map(quantize(hits, grid), hits, grid, duration_seconds=30.0)
    beats = [beat for bar in made.measures for beat in bar.beats]
    assert beats == pytest.approx(times[: len(beats)], abs=1e-6)


def test_bars_of_rest_under_one_sign_share_its_element() -> None:
    piece = pieces.song(8)
    made = map_of(piece)
    ids = [bar.svg_id for bar in made.measures]
    # Two bars of rest; the first has the tempo mark and stands alone.
    assert ids[:3] == ["bar-1", "bar-2", "bar-3"]
    grid = pieces.steady_grid("4/4", 8)
    late = [Hit(0.5 + 5 * 2.0 + k * 0.5, Instrument.SNARE) for k in range(8)]
    resting = time_map(quantize(late, grid), late, grid, duration_seconds=20.0)
    assert [bar.svg_id for bar in resting.measures][:6] == ["bar-1", *["bar-2"] * 4, "bar-6"]


def test_hit_merged_into_another_is_listed_with_the_note_that_stands_for_it() -> None:
    grid = pieces.steady_grid("4/4", 2)
    hits = [Hit(0.5 + k * 0.5, Instrument.SNARE, 0.8) for k in range(8)]
    hits.append(Hit(0.504, Instrument.SNARE, 0.3))
    made = time_map(quantize(hits, grid), hits, grid, duration_seconds=5.0)
    assert [(gone.hit, gone.id) for gone in made.merged] == [(8, "hit-0")]


def test_json_of_a_time_map_has_the_documented_fields() -> None:
    document = json.loads(map_of(pieces.rock_beat()).to_json())
    assert document["schema_version"] == 1
    assert set(document) == {"schema_version", "duration_seconds", "measures", "notes", "merged"}
    assert set(document["measures"][0]) == {
        "number",
        "start_seconds",
        "end_seconds",
        "beats",
        "time_signature",
        "svg_id",
    }
    assert set(document["notes"][0]) == {
        "id",
        "hit",
        "time_seconds",
        "page_seconds",
        "measure",
        "position",
        "instrument",
        "is_grace",
    }

"""Composed scores and how they are played."""

from collections import Counter
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from drumscribe.domain.drums import Instrument
from drumscribe.domain.rhythm import Metre
from lab.notation_study.composed.conditions import METRES, conditions
from lab.notation_study.composed.grooves import FILLS, GROOVES, Feel, Fill, Groove, rows_of
from lab.notation_study.composed.performing import Performance, Playing, perform
from lab.notation_study.composed.pieces import Piece, PieceWish, compose
from lab.notation_study.study import Task, piece_of

SHUFFLE = PieceWish(metre=Metre(4, 4), feels=(Feel.SWUNG,), bpm=(100, 120))


def composed(wish: PieceWish, seed: int = 0) -> Piece:
    return compose(wish, np.random.default_rng(seed))


def played(piece: Piece, seed: int = 0, **playing: Any) -> Performance:
    return perform(piece, replace(Playing(), **playing), np.random.default_rng(seed))


@pytest.mark.parametrize("groove", GROOVES, ids=lambda groove: groove.name)
def test_grooves_every_row_fills_whole_slots_of_the_bar(groove: Groove) -> None:
    for bar in groove.bars:
        slots = {len(row) for row in rows_of(bar).values()}
        assert len(slots) == 1
        slot = groove.metre.bar_length / slots.pop()
        beat = groove.metre.beat_length
        triplet = groove.feel in (Feel.TRIPLET, Feel.COMPOUND)
        assert (beat / slot).denominator == 1
        assert ((beat / slot) % 3 == 0) == triplet


@pytest.mark.parametrize("fill", FILLS, ids=lambda fill: fill.name)
def test_fills_divide_their_beats_evenly(fill: Fill) -> None:
    assert len(next(iter(rows_of(fill.bar).values()))) % fill.beats == 0


@pytest.mark.parametrize("metre", METRES, ids=str)
def test_compose_in_each_metre_fills_its_bars_and_no_more(metre: Metre) -> None:
    piece = composed(PieceWish(metre=metre))
    assert piece.metre == metre
    assert {note.bar for note in piece.notes} == set(range(1, 17))
    assert all(0 <= note.onset < metre.bar_length for note in piece.notes)
    places = Counter((n.bar, n.onset, n.instrument, n.articulation) for n in piece.notes)
    assert max(places.values()) == 1


def test_compose_with_a_pickup_plays_before_bar_one_only_at_its_end() -> None:
    pickups = [composed(PieceWish(metre=Metre(4, 4), pickup=True), seed) for seed in range(5)]
    for piece in pickups:
        onsets = [note.onset for note in piece.notes if note.bar == 0]
        assert piece.has_pickup
        assert min(onsets) >= 2


def test_compose_songs_repeat_their_bars() -> None:
    piece = composed(PieceWish(metre=Metre(4, 4), feels=(Feel.STRAIGHT,)))
    bars = Counter(
        tuple((n.onset, n.instrument) for n in piece.notes if n.bar == number)
        for number in range(1, 17)
    )
    assert max(bars.values()) >= 4
    assert any(n.instrument is Instrument.CRASH and n.onset == 0 for n in piece.notes)


def test_compose_at_a_tempo_nobody_plays_says_so() -> None:
    with pytest.raises(ValueError, match="no groove fits"):
        composed(PieceWish(metre=Metre(4, 4), bpm=(400, 500)))


def test_piece_of_the_same_seed_is_the_same_and_of_another_is_not() -> None:
    condition = next(c for c in conditions() if c.name == "all at once")
    task = Task(condition=condition, index=3, seed=7)
    (piece, performance), (again, performed_again) = piece_of(task), piece_of(task)
    assert piece == again
    assert performance.hits == performed_again.hits
    assert piece_of(replace(task, seed=8))[1].hits != performance.hits


def test_conditions_have_names_of_their_own() -> None:
    names = [condition.name for condition in conditions()]
    assert len(set(names)) == len(names)


def test_perform_exactly_puts_every_stroke_on_its_place_in_the_grid() -> None:
    piece = composed(PieceWish(metre=Metre(7, 8)))
    performance = played(piece)
    assert len(performance.hits) == len(piece.notes) + sum(n.n_graces for n in piece.notes)
    for hit, heard in zip(performance.hits, performance.truth, strict=True):
        if heard is None or heard.is_grace:
            continue
        beat = (heard.note.bar - 1) * 7 + heard.note.onset / Fraction(1, 2)
        assert performance.grid.beat_position(hit.time) == pytest.approx(float(beat), abs=1e-6)


def test_perform_grid_counts_its_bars_from_the_pickup() -> None:
    piece = composed(PieceWish(metre=Metre(4, 4), pickup=True))
    grid = played(piece).grid
    assert grid.beat_numbers[0] in (3, 4)
    assert grid.downbeat_times.size == piece.n_bars + 1


@pytest.mark.parametrize("ratio", [1.5, 2.0, 3.0])
def test_perform_swung_off_beats_come_late_by_the_ratio(ratio: float) -> None:
    piece = composed(SHUFFLE)
    performance = played(piece, swing=(ratio, ratio))
    phases = {
        round(float(performance.grid.beat_position(hit.time)) % 1, 4)
        for hit, heard in zip(performance.hits, performance.truth, strict=True)
        if heard and heard.note.is_swung and not heard.is_grace
    }
    assert phases == {round(ratio / (ratio + 1), 4)}


def test_perform_drift_stays_within_its_bound_and_reaches_it() -> None:
    piece = composed(PieceWish(metre=Metre(4, 4)))
    for seed in range(6):
        tempo = 60 / np.diff(played(piece, seed, drift=0.06).grid.beat_times) / piece.bpm
        assert np.abs(tempo - 1).max() == pytest.approx(0.06, abs=0.01)


def test_perform_jitter_has_the_spread_that_was_asked_for() -> None:
    piece = composed(PieceWish(metre=Metre(4, 4)))
    exact = played(piece, 1)
    loose = played(piece, 1, jitter_seconds=0.015)
    place = {id(h.note): t.time for t, h in zip(exact.hits, exact.truth, strict=True) if h}
    away = [
        t.time - place[id(h.note)]
        for t, h in zip(loose.hits, loose.truth, strict=True)
        if h and not h.is_grace
    ]
    assert np.std(away) == pytest.approx(0.015, rel=0.15)


def test_perform_missing_and_extra_hits_have_their_shares() -> None:
    piece = composed(PieceWish(metre=Metre(4, 4)))
    performance = played(piece, missing=0.1, extra=0.1)
    real = sum(heard is not None for heard in performance.truth)
    assert real / len(piece.notes) == pytest.approx(0.9, abs=0.04)
    assert performance.truth.count(None) == round(0.1 * real)


def test_perform_graces_come_shortly_before_their_stroke_and_softer() -> None:
    piece = composed(PieceWish(metre=Metre(4, 4), ornaments=1.0))
    performance = played(piece)
    pairs = list(zip(performance.hits, performance.truth, strict=True))
    mains = {id(heard.note): hit for hit, heard in pairs if heard and not heard.is_grace}
    graces = [(hit, mains[id(h.note)]) for hit, h in pairs if h and h.is_grace]
    assert graces
    for grace, main in graces:
        assert 0.015 < main.time - grace.time < 0.07
        assert grace.velocity < 0.7 * main.velocity

"""Known rhythms must come back exactly; whatever is played, every hit is accounted for."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drumscribe.domain.drums import Articulation, Hit, Instrument
from drumscribe.domain.rhythm import BeatGrid, Metre
from drumscribe.domain.score import VoiceRole
from drumscribe.notation.quantize import QuantizeOptions, constant_offset, quantize
from drumscribe.notation.writers.musicxml import write_musicxml
from engraving_pieces import PIECES, H, K, S, Writer, eighths, song, steady_grid
from engraving_readers import absolute, hits_on_page, read_musicxml


@pytest.mark.parametrize("name", sorted(PIECES))
def test_quantize_played_exactly_gives_the_written_rhythm(name: str) -> None:
    piece = PIECES[name]()
    score = quantize(piece.hits, piece.grid)
    assert (score.swing is not None) == (name == "shuffle")
    written = piece.swung if score.swing else piece.at
    assert [absolute(score, i) for i in range(len(piece.hits))] == list(written)
    assert all(p.merged_into is None for p in score.placements)
    in_time = [p.deviation_seconds for p in score.placements if not p.is_grace]
    assert max(map(abs, in_time)) < (0.05 if name == "song" else 1e-6)
    assert hits_on_page(score) == list(range(len(piece.hits)))


def test_quantize_song_with_human_timing_stays_right() -> None:
    piece = song(60, jitter_seconds=0.015)
    score = quantize(piece.hits, piece.grid)
    right = [absolute(score, i) == at for i, at in enumerate(piece.at)]
    assert np.mean(right) >= 0.99


@pytest.mark.parametrize("metre", ["2/4", "3/4", "4/4", "5/4", "3/8", "5/8", "6/8", "7/8", "9/8",
                                   "12/8", "2/2", "3/2", "7/16", "6/16", "4/8"])  # fmt: skip
def test_quantize_every_metre_fills_its_bars(metre: str) -> None:
    m = Metre.parse(metre)
    w = Writer(steady_grid(metre, 4, bpm=120 if m.beat_length >= 1 else 240))
    step = m.beat_length / (3 if m.is_compound else 2)
    for bar in range(4):
        w.add(K, 0, bar=bar)
        w.add(H, *[k * step for k in range(int(m.bar_length / step))], bar=bar)
    piece = w.piece()
    score = quantize(piece.hits, piece.grid)
    assert len(score.measures) == 4
    assert all(measure.metre == m and measure.length == m.bar_length for measure in score.measures)
    assert [absolute(score, i) for i in range(len(piece.hits))] == list(piece.at)
    assert all(event.tuplet is None for x in score.measures for v in x.voices for event in v.events)


def test_quantize_constant_late_player_is_put_on_the_beat() -> None:
    piece = song(16, jitter_seconds=0.0)
    late = [Hit(h.time + 0.03, h.instrument, h.velocity) for h in piece.hits]
    assert constant_offset(np.array([h.time for h in late]), piece.grid) == pytest.approx(0.03)
    score = quantize(late, piece.grid)
    assert score.offset_seconds == pytest.approx(0.03)
    assert max(abs(p.deviation_seconds) for p in score.placements) < 1e-6
    assert [absolute(score, i) for i in range(len(late))] == list(piece.at)


def test_quantize_drifting_tempo_follows_the_beats() -> None:
    n = 65
    lengths = 0.5 * (1 + 0.06 * np.sin(np.arange(n - 1) / 9.0))
    grid = BeatGrid(
        1.0 + np.concatenate([[0], np.cumsum(lengths)]), np.arange(n) % 4 + 1, Metre(4, 4)
    )
    w = Writer(grid)
    for bar in range(16):
        w.add(H, *eighths(), bar=bar)
        w.add(S, 1, 3, 3.75, bar=bar)
    piece = w.piece()
    score = quantize(piece.hits, grid)
    assert [absolute(score, i) for i in range(len(piece.hits))] == list(piece.at)
    measure = score.measures[5]
    assert measure.start_seconds == pytest.approx(float(grid.beat_times[20]))
    assert measure.quarters_per_minute == pytest.approx(
        240 / float(grid.beat_times[24] - grid.beat_times[20])
    )


def test_quantize_hit_just_before_the_first_beat_stays_in_the_first_bar() -> None:
    grid = steady_grid("4/4", 2)
    hits = [Hit(0.48, K), *[Hit(0.5 + 0.25 * k, H) for k in range(16)]]
    score = quantize(hits, grid)
    assert score.measures[0].number == 1
    assert (score.placements[0].measure, score.placements[0].onset) == (0, 0)
    assert score.placements[0].deviation_seconds == pytest.approx(-0.02)


def test_quantize_hits_before_the_first_beat_become_a_pickup() -> None:
    grid = steady_grid("4/4", 2, start=2.0)
    hits = [Hit(1.5, S), Hit(1.75, S), *[Hit(2.0 + 0.5 * k, K) for k in range(8)]]
    score = quantize(hits, grid)
    first, second = score.measures[:2]
    assert (first.number, first.is_pickup, first.length) == (0, True, 1)
    assert (second.number, second.is_pickup) == (1, False)
    assert [v.role for v in first.voices] == [VoiceRole.HANDS]
    assert first.start_seconds == pytest.approx(1.5)


def test_quantize_grid_with_upbeat_that_nobody_plays_begins_with_a_full_bar() -> None:
    w = Writer(steady_grid("3/4", 2, pickup_beats=2))
    w.add(K, 2, 5)
    piece = w.piece()
    score = quantize(piece.hits, piece.grid)
    assert [m.number for m in score.measures] == [1, 2]
    assert not any(m.is_pickup for m in score.measures)


def test_quantize_late_entry_keeps_or_drops_the_rests_before() -> None:
    w = Writer(steady_grid("4/4", 8))
    w.add(K, 0, 2, bar=5)
    piece = w.piece()
    assert len(quantize(piece.hits, piece.grid).measures) == 6
    short = quantize(piece.hits, piece.grid, options=QuantizeOptions(leading_rests=False))
    assert [m.number for m in short.measures] == [1]


def test_quantize_bar_that_the_grid_makes_shorter_gets_its_own_metre() -> None:
    numbers = np.array([1, 2, 3, 4, 1, 2, 1, 2, 3, 4, 1])
    grid = BeatGrid(np.arange(numbers.size, dtype=np.float64) * 0.5, numbers, Metre(4, 4))
    hits = [Hit(0.5 * k, K) for k in range(numbers.size - 1)]
    score = quantize(hits, grid)
    assert [str(m.metre) for m in score.measures] == ["4/4", "2/4", "4/4"]
    assert [m.number for m in score.measures] == [1, 2, 3]


def test_quantize_bar_that_the_grid_makes_longer_is_one_bar() -> None:
    numbers = np.array([1, 2, 3, 4, 1, 2, 3, 4, 5, 1, 2, 3, 4, 1])
    grid = BeatGrid(np.arange(numbers.size, dtype=np.float64) * 0.5, numbers, Metre(4, 4))
    hits = [Hit(k * 0.5, K) for k in range(13)]
    score = quantize(hits, grid)
    assert [str(m.metre) for m in score.measures] == ["4/4", "5/4", "4/4"]
    assert [m.length for m in score.measures] == [4, 5, 4]


def test_quantize_bar_of_eight_among_bars_of_seven_eighths_is_common_time() -> None:
    numbers = np.array([*range(1, 8), *range(1, 9), *range(1, 8), 1])
    grid = BeatGrid(np.arange(numbers.size, dtype=np.float64) * 0.25, numbers, Metre(7, 8))
    hits = [Hit(k * 0.25, H) for k in range(22)]
    score = quantize(hits, grid)
    assert [str(m.metre) for m in score.measures] == ["7/8", "4/4", "7/8"]


@pytest.mark.parametrize(
    ("n_before", "metre"),
    [(2, "4/4"), (6, "4/4"), (4, "7/8")],
    ids=["into_fours", "long_into_fours", "too_long_for_a_bar_of_two"],
)
def test_quantize_pickup_is_in_the_metre_that_it_leads_into(n_before: int, metre: str) -> None:
    first = range(1, 9) if metre == "4/4" else range(1, 5)
    numbers = np.array([*range(8 - n_before, 8), *first, *range(1, 8), *range(1, 8), 1])
    grid = BeatGrid(np.arange(numbers.size, dtype=np.float64) * 0.25, numbers, Metre(7, 8))
    score = quantize([Hit(k * 0.25, H) for k in range(numbers.size - 1)], grid)
    pickup, following = score.measures[:2]
    assert (pickup.is_pickup, pickup.length) == (True, Fraction(n_before, 2))
    assert str(pickup.metre) == metre
    assert str(following.metre) == ("4/4" if metre == "4/4" else "2/4")


def fours_and_a_seven(*, is_said: bool = False) -> BeatGrid:
    """Three eighths, then bars of eight, seven and eight eighths, at 120 quarters a minute."""
    numbers = np.array([6, 7, 8, *range(1, 9), *range(1, 8), *range(1, 9), 1])
    times = 0.5 + np.arange(numbers.size, dtype=np.float64) * 0.25
    return BeatGrid(times, numbers, Metre(8, 8), metre_is_said=is_said)


def test_quantize_common_time_counted_in_eighths_is_written_as_such() -> None:
    grid = fours_and_a_seven()
    score = quantize([Hit(float(time), H) for time in grid.beat_times[:-1]], grid)
    pickup, *bars = score.measures
    assert (str(pickup.metre), pickup.is_pickup, pickup.length) == ("4/4", True, Fraction(3, 2))
    assert [str(m.metre) for m in bars] == ["4/4", "7/8", "4/4"]
    assert [m.groups for m in bars[:2]] == [(1, 1, 1, 1), (1, 1, Fraction(3, 2))]
    assert [m.tempo_mark for m in score.measures] == [120, None, None, None]


def test_quantize_eight_eighths_that_somebody_said_stay() -> None:
    grid = fours_and_a_seven(is_said=True)
    score = quantize([Hit(float(time), H) for time in grid.beat_times[3:-1]], grid)
    assert [str(m.metre) for m in score.measures] == ["8/8", "7/8", "8/8"]


def test_quantize_hits_long_after_the_grid_are_still_written() -> None:
    grid = steady_grid("4/4", 1)
    score = quantize([Hit(0.5, K), Hit(30.5, K)], grid)
    assert score.placements[1].measure == len(score.measures) - 1
    assert len(score.measures) == 16


def test_quantize_over_beats_without_a_one_begins_a_bar_with_the_first() -> None:
    grid = BeatGrid(np.arange(9) / 2.0, np.full(9, 2), Metre(4, 4))
    score = quantize([Hit(0.5, K), Hit(3.0, S)], grid)
    assert [(p.measure, p.onset) for p in score.placements] == [(0, 1), (1, 2)]


def test_quantize_without_hits_gives_one_bar_of_rest() -> None:
    score = quantize([], steady_grid("7/8", 3))
    assert len(score.measures) == 1
    assert score.measures[0].is_empty
    assert score.placements == ()


def test_quantize_tempo_is_marked_once_unless_it_stays_different() -> None:
    steady = quantize(*_beats([0.5] * 32))
    assert [m.tempo_mark is not None for m in steady.measures] == [True] + [False] * 7
    changed = quantize(*_beats([0.5] * 32 + [0.4] * 32))
    marks = {m.number: m.tempo_mark for m in changed.measures if m.tempo_mark}
    assert marks == {1: pytest.approx(120), 9: pytest.approx(150)}


def _beats(lengths: list[float]) -> tuple[list[Hit], BeatGrid]:
    times = np.concatenate([[0.0], np.cumsum(lengths)])
    grid = BeatGrid(times, np.arange(times.size) % 4 + 1, Metre(4, 4))
    return [Hit(float(t), K) for t in times[:-1]], grid


@pytest.mark.parametrize(("seconds", "message"), [(0.0, "spread_seconds"), (1.0, "spread_seconds")])
def test_quantize_options_out_of_range_are_refused(seconds: float, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        QuantizeOptions(spread_seconds=seconds)


HITS = st.lists(
    st.builds(
        Hit,
        st.floats(0, 12),
        st.sampled_from(Instrument),
        st.floats(0, 1),
        st.floats(0, 1),
        st.sampled_from([None, *Articulation]),
    ),
    max_size=60,
)


@st.composite
def grids(draw: st.DrawFn) -> BeatGrid:
    metre = Metre.parse(draw(st.sampled_from(["4/4", "3/4", "6/8", "7/8", "5/4", "12/8", "2/2"])))
    n = draw(st.integers(2, 24))
    lengths = draw(st.lists(st.floats(0.15, 1.2), min_size=n, max_size=n))
    first = draw(st.integers(0, metre.beats_per_bar - 1))
    start = draw(st.floats(0, 3))
    times = start + np.concatenate([[0.0], np.cumsum(lengths)])
    numbers = (np.arange(n + 1) + first) % metre.beats_per_bar + 1
    if draw(st.booleans()):  # a tracker that stumbles
        numbers[draw(st.integers(0, n))] = 1
    return BeatGrid(times, numbers, metre)


@settings(max_examples=150, deadline=None)
@given(HITS, grids())
def test_quantize_anything_accounts_for_every_hit_and_survives_musicxml(
    hits: list[Hit], grid: BeatGrid
) -> None:
    score = quantize(hits, grid)
    assert [p.hit for p in score.placements] == list(range(len(hits)))
    merged = {p.hit for p in score.placements if p.merged_into is not None}
    assert hits_on_page(score) == [i for i in range(len(hits)) if i not in merged]
    for p in score.placements:
        assert (p.merged_into is None) == (p.reason is None)
        assert p.merged_into not in merged
        measure = score.measures[p.measure]
        assert 0 <= p.onset < measure.length
        if score.swing is None:  # a swung eighth is meant later than it is written
            start = round(float(grid.beat_position(measure.start_seconds)))
            meant = float(grid.time_at(start + p.onset / grid.metre.beat_length))
            played = hits[p.hit].time - score.offset_seconds
            assert p.deviation_seconds == pytest.approx(played - meant, abs=1e-6)
    read = {note.hit: note for note in read_musicxml(write_musicxml(score)) if note.hit >= 0}
    assert sorted(read) == hits_on_page(score)
    for i, note in read.items():
        placement = score.placements[i]
        assert (note.measure, note.onset) == (placement.measure, placement.onset)
        assert note.is_grace == placement.is_grace

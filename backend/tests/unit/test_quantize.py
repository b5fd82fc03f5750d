"""Known rhythms must come back exactly; whatever is played, every hit is accounted for."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drumscribe.domain.drums import Articulation, Hit, Instrument
from drumscribe.domain.rhythm import BeatGrid, Metre
from drumscribe.domain.score import MergeReason, Swing, TupletEdge, VoiceRole
from drumscribe.notation.musicxml import write_musicxml
from drumscribe.notation.quantize import QuantizeOptions, constant_offset, quantize
from engraving_pieces import OH, PIECES, T1, H, K, R, S, Writer, eighths, song, steady_grid
from engraving_readers import hits_on_page, read_musicxml


def absolute(score, hit):
    """Quarter notes from the start of the score."""
    placement = score.placements[hit]
    return sum((m.length for m in score.measures[: placement.measure]), placement.onset)


def of_role(measure, role):
    return next(v for v in measure.voices if v.role is role)


@pytest.mark.parametrize("name", sorted(PIECES))
def test_quantize_played_exactly_gives_the_written_rhythm(name):
    piece = PIECES[name]()
    score = quantize(piece.hits, piece.grid)
    assert (score.swing is not None) == (name == "shuffle")
    written = piece.swung if score.swing else piece.at
    assert [absolute(score, i) for i in range(len(piece.hits))] == list(written)
    assert all(p.merged_into is None for p in score.placements)
    in_time = [p.deviation_seconds for p in score.placements if not p.is_grace]
    assert max(map(abs, in_time)) < (0.05 if name == "song" else 1e-6)
    assert hits_on_page(score) == list(range(len(piece.hits)))


def test_quantize_song_with_human_timing_stays_right():
    piece = song(60, jitter_seconds=0.015)
    score = quantize(piece.hits, piece.grid)
    right = [absolute(score, i) == at for i, at in enumerate(piece.at)]
    assert np.mean(right) >= 0.99


@pytest.mark.parametrize("metre", ["2/4", "3/4", "4/4", "5/4", "3/8", "5/8", "6/8", "7/8", "9/8",
                                   "12/8", "2/2", "3/2", "7/16", "6/16", "4/8"])  # fmt: skip
def test_quantize_every_metre_fills_its_bars(metre):
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


def test_quantize_constant_late_player_is_put_on_the_beat():
    piece = song(16, jitter_seconds=0.0)
    late = [Hit(h.time + 0.03, h.instrument, h.velocity) for h in piece.hits]
    assert constant_offset(np.array([h.time for h in late]), piece.grid) == pytest.approx(0.03)
    score = quantize(late, piece.grid)
    assert score.offset_seconds == pytest.approx(0.03)
    assert max(abs(p.deviation_seconds) for p in score.placements) < 1e-6
    assert [absolute(score, i) for i in range(len(late))] == list(piece.at)


def test_quantize_drifting_tempo_follows_the_beats():
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


def test_quantize_shuffle_without_swing_mark_writes_triplets_with_edges():
    piece = PIECES["shuffle"]()
    score = quantize(piece.hits, piece.grid, options=QuantizeOptions(allow_swing=False))
    assert score.swing is None
    assert [absolute(score, i) for i in range(len(piece.hits))] == list(piece.at)
    hands = of_role(score.measures[0], VoiceRole.HANDS).events
    assert [e.tuplet_edge for e in hands] == [TupletEdge.START, TupletEdge.STOP] * 4
    assert [e.duration for e in hands[:2]] == [Fraction(2, 3), Fraction(1, 3)]


def test_quantize_shuffle_writes_eighths_and_keeps_the_triplets_of_the_fill():
    piece = PIECES["shuffle"]()
    score = quantize(piece.hits, piece.grid)
    hands = of_role(score.measures[0], VoiceRole.HANDS).events
    assert [e.duration for e in hands] == [Fraction(1, 2)] * 8
    fill = of_role(score.measures[4], VoiceRole.HANDS).events
    assert [e.tuplet is not None for e in fill] == [False, False] + [True] * 6


def test_quantize_music_full_of_triplets_does_not_swing():
    w = Writer(steady_grid("4/4", 4, bpm=70))
    for bar in range(4):
        w.add(H, *[Fraction(k, 3) for k in range(12)], bar=bar)
        w.add(K, 0, 2 + Fraction(2, 3), bar=bar)
    piece = w.piece()
    score = quantize(piece.hits, piece.grid)
    assert score.swing is None
    assert [absolute(score, i) for i in range(len(piece.hits))] == list(piece.at)


@pytest.mark.parametrize("bpm", [80, 130, 200])
@pytest.mark.parametrize(("first", "second"), [(3, 2), (7, 4), (2, 1)])
def test_quantize_swing_of_any_ratio_is_written_straight(first, second, bpm):
    offbeat = first / (first + second)
    grid = steady_grid("4/4", 8, bpm=bpm)
    random = np.random.default_rng(5)
    positions = [p for beat in range(32) for p in (beat, beat + offbeat)]
    times = grid.time_at(np.array(positions)) + random.normal(0, 0.01, len(positions))
    score = quantize([Hit(float(t), R) for t in times], grid)
    assert score.swing == Swing(first, second)
    assert [absolute(score, i) for i in range(64)] == [Fraction(k, 2) for k in range(64)]
    assert max(abs(p.deviation_seconds) for p in score.placements) < 0.04


@pytest.mark.parametrize("bpm", [80, 110, 140])
def test_quantize_dotted_eighths_do_not_swing(bpm):
    w = Writer(steady_grid("4/4", 8, bpm=bpm), jitter_seconds=0.005)
    for bar in range(8):
        w.add(H, *[beat + p for beat in range(4) for p in (0, 0.75)], bar=bar)
    piece = w.piece()
    score = quantize(piece.hits, piece.grid)
    assert score.swing is None
    assert [absolute(score, i) for i in range(len(piece.hits))] == list(piece.at)


def test_quantize_three_to_one_in_short_beats_is_a_hard_shuffle():
    w = Writer(steady_grid("4/4", 8, bpm=200), jitter_seconds=0.005)
    for bar in range(8):
        w.add(H, *[beat + p for beat in range(4) for p in (0, 0.75)], bar=bar)
    piece = w.piece()
    score = quantize(piece.hits, piece.grid)
    assert score.swing is not None
    assert {absolute(score, i) % 1 for i in range(len(piece.hits))} == {0, Fraction(1, 2)}


@pytest.mark.parametrize("jitter", [0.0, 0.012])
@pytest.mark.parametrize("parts", ["sw", "ws", "wsw"])
def test_quantize_piece_that_swings_in_parts_is_marked_in_parts(parts, jitter):
    w = Writer(steady_grid("4/4", 8 * len(parts), bpm=120), jitter_seconds=jitter)
    for bar in range(8 * len(parts)):
        late = Fraction(2, 3) if parts[bar // 8] == "w" else Fraction(1, 2)
        w.add(R, *[beat + p for beat in range(4) for p in (0, late)], velocity=0.6, bar=bar)
        w.add(K, 0, 2, 2 + late, bar=bar)
        w.add(S, 1, 3, bar=bar)
    piece = w.piece()
    score = quantize(piece.hits, piece.grid)
    assert score.swing == Swing(2, 1)
    written = "".join("s" if m.is_straight else "w" for m in score.measures)
    assert written == "".join(part * 8 for part in parts)
    assert {absolute(score, i) % 1 for i in range(len(piece.hits))} == {0, Fraction(1, 2)}
    # In swung parts the late eighth is meant late: it does not count as a deviation.
    assert max(abs(p.deviation_seconds) for p in score.placements) < 0.05


def test_quantize_same_bar_is_written_the_same_way_though_a_stroke_comes_early():
    """A ghost that comes early once is no thirty-second: the other bars say where it belongs."""
    w = Writer(steady_grid("4/4", 8, bpm=100))
    for bar in range(8):
        w.add(H, *[Fraction(k, 2) for k in range(8)], velocity=0.6, bar=bar)
        w.add(K, 0, 2.5, bar=bar)
        w.add(S, 1, 3, bar=bar)
        early = 0.055 if bar == 5 else 0.0
        w.add(S, 1.75, velocity=0.2, bar=bar, seconds_before=early)
    piece = w.piece()
    score = quantize(piece.hits, piece.grid)
    ghosts = [i for i, hit in enumerate(piece.hits) if hit.velocity == 0.2]
    assert {absolute(score, i) % 4 for i in ghosts} == {Fraction(7, 4)}
    late = min(score.placements[i].deviation_seconds for i in ghosts)
    assert late == pytest.approx(-0.055, abs=0.005)


def test_quantize_thirty_seconds_that_are_meant_are_written():
    w = Writer(steady_grid("4/4", 4, bpm=80))
    for bar in range(4):
        w.add(K, 0, 2, bar=bar)
        w.add(S, *[3 + Fraction(k, 8) for k in range(8)], bar=bar)
    piece = w.piece()
    score = quantize(piece.hits, piece.grid)
    assert [absolute(score, i) for i in range(len(piece.hits))] == list(piece.at)


@pytest.mark.parametrize("bpm", [70, 100, 140, 200])
def test_quantize_straight_eighths_never_swing(bpm):
    w = Writer(steady_grid("4/4", 16, bpm=bpm), jitter_seconds=0.012)
    for bar in range(16):
        w.add(H, *eighths(), bar=bar)
        w.add(S, 1, 3, bar=bar)
    piece = w.piece()
    assert quantize(piece.hits, piece.grid).swing is None


def test_quantize_one_late_stroke_in_straight_music_makes_no_triplet():
    w = Writer(steady_grid("4/4", 8))
    for bar in range(8):
        w.add(H, *eighths(), bar=bar)
    piece = w.piece()
    hits = list(piece.hits)
    hits[21] = Hit(hits[21].time + 0.045, H)
    score = quantize(hits, piece.grid)
    assert all(e.tuplet is None for m in score.measures for v in m.voices for e in v.events)


def test_quantize_sextuplets_and_thirty_seconds_are_found_when_clear():
    w = Writer(steady_grid("4/4", 2, bpm=60))
    w.add(S, *[Fraction(k, 6) for k in range(6)], *[1 + Fraction(k, 8) for k in range(8)], 2, 3)
    piece = w.piece()
    score = quantize(piece.hits, piece.grid)
    assert [absolute(score, i) for i in range(len(piece.hits))] == list(piece.at)


def test_quantize_without_triplets_keeps_to_straight_grids():
    piece = PIECES["shuffle"]()
    score = quantize(piece.hits, piece.grid, options=QuantizeOptions(allow_triplets=False))
    assert all(e.tuplet is None for m in score.measures for v in m.voices for e in v.events)
    assert len(hits_on_page(score)) + sum(
        p.merged_into is not None for p in score.placements
    ) == len(piece.hits)


def test_quantize_hit_just_before_the_first_beat_stays_in_the_first_bar():
    grid = steady_grid("4/4", 2)
    hits = [Hit(0.48, K), *[Hit(0.5 + 0.25 * k, H) for k in range(16)]]
    score = quantize(hits, grid)
    assert score.measures[0].number == 1
    assert (score.placements[0].measure, score.placements[0].onset) == (0, 0)
    assert score.placements[0].deviation_seconds == pytest.approx(-0.02)


def test_quantize_hits_before_the_first_beat_become_a_pickup():
    grid = steady_grid("4/4", 2, start=2.0)
    hits = [Hit(1.5, S), Hit(1.75, S), *[Hit(2.0 + 0.5 * k, K) for k in range(8)]]
    score = quantize(hits, grid)
    first, second = score.measures[:2]
    assert (first.number, first.is_pickup, first.length) == (0, True, 1)
    assert (second.number, second.is_pickup) == (1, False)
    assert [v.role for v in first.voices] == [VoiceRole.HANDS]
    assert first.start_seconds == pytest.approx(1.5)


def test_quantize_grid_with_upbeat_that_nobody_plays_begins_with_a_full_bar():
    w = Writer(steady_grid("3/4", 2, pickup_beats=2))
    w.add(K, 2, 5)
    piece = w.piece()
    score = quantize(piece.hits, piece.grid)
    assert [m.number for m in score.measures] == [1, 2]
    assert not any(m.is_pickup for m in score.measures)


def test_quantize_late_entry_keeps_or_drops_the_rests_before():
    w = Writer(steady_grid("4/4", 8))
    w.add(K, 0, 2, bar=5)
    piece = w.piece()
    assert len(quantize(piece.hits, piece.grid).measures) == 6
    short = quantize(piece.hits, piece.grid, options=QuantizeOptions(leading_rests=False))
    assert [m.number for m in short.measures] == [1]


def test_quantize_bar_that_the_grid_makes_shorter_gets_its_own_metre():
    numbers = np.array([1, 2, 3, 4, 1, 2, 1, 2, 3, 4, 1])
    grid = BeatGrid(np.arange(numbers.size) * 0.5, numbers, Metre(4, 4))
    hits = [Hit(0.5 * k, K) for k in range(numbers.size - 1)]
    score = quantize(hits, grid)
    assert [str(m.metre) for m in score.measures] == ["4/4", "2/4", "4/4"]
    assert [m.number for m in score.measures] == [1, 2, 3]


def test_quantize_hits_long_after_the_grid_are_still_written():
    grid = steady_grid("4/4", 1)
    score = quantize([Hit(0.5, K), Hit(30.5, K)], grid)
    assert score.placements[1].measure == len(score.measures) - 1
    assert len(score.measures) == 16


def test_quantize_over_beats_without_a_one_begins_a_bar_with_the_first():
    grid = BeatGrid(np.arange(9) / 2.0, np.full(9, 2), Metre(4, 4))
    score = quantize([Hit(0.5, K), Hit(3.0, S)], grid)
    assert [(p.measure, p.onset) for p in score.placements] == [(0, 1), (1, 2)]


def test_quantize_without_hits_gives_one_bar_of_rest():
    score = quantize([], steady_grid("7/8", 3))
    assert len(score.measures) == 1
    assert score.measures[0].is_empty
    assert score.placements == ()


def test_quantize_simultaneous_hits_stand_in_one_chord():
    grid = steady_grid("4/4", 1)
    hits = [Hit(1.0, S), Hit(1.012, H), Hit(0.995, R)]
    score = quantize(hits, grid)
    events = [e for e in of_role(score.measures[0], VoiceRole.HANDS).events if e.notes]
    assert [[n.instrument for n in e.notes] for e in events] == [[S, R, H]]


def test_quantize_soft_stroke_before_a_loud_one_is_a_flam():
    grid = steady_grid("4/4", 1)
    hits = [Hit(0.97, S, 0.3), Hit(1.0, S, 0.8), Hit(1.5, T1, 0.8)]
    score = quantize(hits, grid)
    event = next(e for e in of_role(score.measures[0], VoiceRole.HANDS).events if e.notes)
    assert [g.hit for g in event.graces] == [0]
    assert [n.hit for n in event.notes] == [1]
    assert score.placements[0].is_grace
    assert score.placements[0].onset == score.placements[1].onset == 1
    assert score.placements[0].deviation_seconds == pytest.approx(-0.03)


def test_quantize_two_soft_strokes_before_a_loud_one_are_a_drag():
    grid = steady_grid("4/4", 1)
    hits = [Hit(0.92, S, 0.3), Hit(0.96, S, 0.3), Hit(1.0, S, 0.8)]
    score = quantize(hits, grid)
    event = next(e for e in of_role(score.measures[0], VoiceRole.HANDS).events if e.notes)
    assert [g.hit for g in event.graces] == [0, 1]


@pytest.mark.parametrize(("said", "n_graces"), [(Articulation.FLAM, 1), (Articulation.DRAG, 2)])
def test_quantize_lone_stroke_that_is_said_to_be_an_ornament_gets_its_small_notes(said, n_graces):
    hits = [Hit(1.0, S, 0.8, articulation=said), Hit(1.0, H, 0.5), Hit(1.5, S, 0.8)]
    score = quantize(hits, steady_grid("4/4", 1))
    event = next(e for e in of_role(score.measures[0], VoiceRole.HANDS).events if e.notes)
    assert [(g.instrument, g.hit) for g in event.graces] == [(S, None)] * n_graces
    assert all(0 < g.velocity < 0.5 for g in event.graces)
    assert hits_on_page(score) == [0, 1, 2]


def test_quantize_flam_that_was_heard_and_is_said_has_one_small_note():
    hits = [Hit(0.97, S, 0.7), Hit(1.0, S, 0.8, articulation=Articulation.FLAM)]
    score = quantize(hits, steady_grid("4/4", 1))
    event = next(e for e in of_role(score.measures[0], VoiceRole.HANDS).events if e.notes)
    assert [g.hit for g in event.graces] == [0]


def test_quantize_kick_heard_twice_is_merged_and_says_so():
    grid = steady_grid("4/4", 1)
    hits = [Hit(0.5, K, 0.5, 0.9), Hit(0.52, K, 0.8, 0.6)]
    score = quantize(hits, grid)
    assert score.placements[1].merged_into == 0
    assert score.placements[1].reason is MergeReason.DUPLICATE
    assert hits_on_page(score) == [0]


def test_quantize_open_and_closed_hat_at_once_keep_the_surer():
    grid = steady_grid("4/4", 1)
    score = quantize([Hit(0.5, H, 0.8, 0.4), Hit(0.505, OH, 0.8, 0.9)], grid)
    assert score.placements[0].merged_into == 1
    assert score.placements[0].reason is MergeReason.SAME_DRUM


def test_quantize_hits_in_any_order_place_each_by_its_own_index():
    piece = PIECES["tom-fill"]()
    order = np.random.default_rng(3).permutation(len(piece.hits))
    score = quantize([piece.hits[i] for i in order], piece.grid)
    assert [absolute(score, k) for k in range(len(order))] == [piece.at[i] for i in order]


def test_quantize_ghosts_and_accents_are_relative_to_the_drum():
    piece = PIECES["rock-beat"]()
    score = quantize(piece.hits, piece.grid)
    notes = [n for m in score.measures for v in m.voices for e in v.events for n in e.notes]
    ghosts = {n.hit for n in notes if n.is_ghost}
    accents = {n.hit for n in notes if n.is_accent}
    assert ghosts == {i for i, h in enumerate(piece.hits) if h.velocity == 0.18}
    assert accents == {i for i, h in enumerate(piece.hits) if h.velocity == 0.95}


def test_quantize_equal_velocities_make_neither_ghosts_nor_accents():
    w = Writer(steady_grid("4/4", 4))
    w.add(S, *eighths(), velocity=0.2)
    w.add(H, *eighths(), velocity=0.9)
    piece = w.piece()
    score = quantize(piece.hits, piece.grid)
    notes = [n for m in score.measures for v in m.voices for e in v.events for n in e.notes]
    assert not any(n.is_ghost or n.is_accent for n in notes)


def test_quantize_closed_hat_after_an_open_one_is_marked():
    w = Writer(steady_grid("4/4", 1))
    w.add(OH, 0.5)
    w.add(H, 0, 1, 1.5)
    piece = w.piece()
    score = quantize(piece.hits, piece.grid)
    notes = [n for v in score.measures[0].voices for e in v.events for n in e.notes]
    assert [n.hit for n in notes if n.is_closing] == [2]


def test_quantize_feet_and_hands_go_to_their_voices():
    w = Writer(steady_grid("4/4", 1))
    w.add(K, 0)
    w.add(H, 1, articulation=Articulation.PEDAL)
    w.add(S, 2)
    piece = w.piece()
    score = quantize(piece.hits, piece.grid)
    feet = of_role(score.measures[0], VoiceRole.FEET)
    assert [n.hit for e in feet.events for n in e.notes] == [0, 1]


def test_quantize_seven_eight_groups_follow_the_drums():
    for grouping in ((2, 2, 3), (3, 2, 2), (2, 3, 2)):
        w = Writer(steady_grid("7/8", 4, bpm=280))
        for bar in range(4):
            w.add(H, *eighths(7), bar=bar)
            w.add(K, 0, Fraction(grouping[0], 2), bar=bar)
            w.add(S, Fraction(grouping[0] + grouping[1], 2), bar=bar)
        piece = w.piece()
        score = quantize(piece.hits, piece.grid)
        assert score.measures[0].groups == tuple(Fraction(g, 2) for g in grouping)


def test_quantize_tempo_is_marked_once_unless_it_stays_different():
    steady = quantize(*_beats([0.5] * 32))
    assert [m.tempo_mark is not None for m in steady.measures] == [True] + [False] * 7
    changed = quantize(*_beats([0.5] * 32 + [0.4] * 32))
    marks = {m.number: m.tempo_mark for m in changed.measures if m.tempo_mark}
    assert marks == {1: pytest.approx(120), 9: pytest.approx(150)}


def _beats(lengths):
    times = np.concatenate([[0.0], np.cumsum(lengths)])
    grid = BeatGrid(times, np.arange(times.size) % 4 + 1, Metre(4, 4))
    return [Hit(float(t), K) for t in times[:-1]], grid


@pytest.mark.parametrize(("seconds", "message"), [(0.0, "spread_seconds"), (1.0, "spread_seconds")])
def test_quantize_options_out_of_range_are_refused(seconds, message):
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
def grids(draw):
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
def test_quantize_anything_accounts_for_every_hit_and_survives_musicxml(hits, grid):
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

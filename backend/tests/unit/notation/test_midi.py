import io
from collections.abc import Sequence

import mido
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drumscribe.domain.drums import Articulation, Hit, Instrument
from drumscribe.domain.rhythm import BeatGrid, Metre
from drumscribe.errors import InvalidOption
from drumscribe.notation.quantize import quantize
from drumscribe.notation.styles.drum_maps import GENERAL_MIDI
from drumscribe.notation.writers.midi import TICKS_PER_QUARTER, performance_midi, score_midi
from engraving_pieces import PIECES, H, K, S, song, steady_grid
from engraving_readers import strokes_of_midi


def drifting_grid(
    n: int = 40, start: float = 0.7, first_number: int = 1, metre: str = "4/4"
) -> BeatGrid:
    m = Metre.parse(metre)
    lengths = 0.5 * (1 + 0.05 * np.sin(np.arange(n) / 5.0))
    times = start + np.concatenate([[0.0], np.cumsum(lengths)])
    numbers = (np.arange(n + 1) + first_number - 1) % m.beats_per_bar + 1
    return BeatGrid(times, numbers, m)


def n_said_graces(hits: Sequence[Hit]) -> int:
    """Small notes of flams and drags of which the piece has the main stroke only."""
    said = [hit.articulation for hit in hits]
    return said.count(Articulation.FLAM) + 2 * said.count(Articulation.DRAG)


def bar_lines(content: bytes) -> list[float]:
    """Seconds of every bar line that a sequencer would draw."""
    midi = mido.MidiFile(file=io.BytesIO(content))
    changes = []  # (tick, message)
    tick = 0
    for message in midi.tracks[0]:
        tick += message.time
        if message.type in {"time_signature", "set_tempo"}:
            changes.append((tick, message))
    end = tick
    signatures = [(t, m) for t, m in changes if m.type == "time_signature"]
    lines: list[int] = []
    for k, (start, m) in enumerate(signatures):
        stop = signatures[k + 1][0] if k + 1 < len(signatures) else end + 1
        bar = m.numerator * 4 * TICKS_PER_QUARTER // m.denominator
        lines += range(start, stop, bar)
        assert k + 1 == len(signatures) or (stop - start) % bar == 0, "a signature inside a bar"
    tempi = [(t, m.tempo) for t, m in changes if m.type == "set_tempo"]
    return [_seconds(tick, tempi) for tick in lines]


def _seconds(tick: int, tempi: list[tuple[int, int]]) -> float:
    total = 0.0
    for k, (start, tempo) in enumerate(tempi):
        stop = tempi[k + 1][0] if k + 1 < len(tempi) else tick
        if tick > start:
            total += (min(tick, max(stop, start)) - start) * tempo / 1e6 / TICKS_PER_QUARTER
            if k + 1 == len(tempi) and tick > stop:
                total += (tick - stop) * tempo / 1e6 / TICKS_PER_QUARTER
    return total


@pytest.mark.parametrize("name", sorted(PIECES))
def test_performance_midi_plays_every_hit_when_it_was_played(name: str) -> None:
    piece = PIECES[name]()
    strokes = strokes_of_midi(performance_midi(piece.hits, piece.grid, title=name))
    assert len(strokes) == len(piece.hits) + n_said_graces(piece.hits)
    played = [seconds for seconds, _, _ in strokes]
    tick = 60.0 / 50.0 / TICKS_PER_QUARTER
    for hit in piece.hits:
        nearest = min(played, key=lambda seconds: abs(seconds - hit.time))
        assert nearest == pytest.approx(hit.time, abs=tick)
        played.remove(nearest)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.floats(0, 25), min_size=1, max_size=30),
    st.floats(0, 12),
    st.integers(1, 4),
)
def test_performance_midi_any_start_and_drift_is_exact_within_a_tick(
    times: list[float], start: float, number: int
) -> None:
    grid = drifting_grid(start=start, first_number=number)
    hits = [Hit(t, K) for t in sorted(times)]
    strokes = strokes_of_midi(performance_midi(hits, grid))
    tick = 0.6 / TICKS_PER_QUARTER
    assert [s[0] for s in strokes] == pytest.approx([h.time for h in hits], abs=2 * tick)


@pytest.mark.parametrize("start", [0.0, 0.013, 0.7, 3.3, 40.0])
@pytest.mark.parametrize("first_number", [1, 3])
@pytest.mark.parametrize("metre", ["4/4", "6/8", "7/8"])
def test_performance_midi_bars_lie_on_the_downbeats(
    start: float, first_number: int, metre: str
) -> None:
    grid = drifting_grid(
        start=start, metre=metre, first_number=min(first_number, Metre.parse(metre).beats_per_bar)
    )
    hits = [Hit(float(t) + 0.01, H) for t in grid.beat_times]
    lines = np.array(bar_lines(performance_midi(hits, grid)))
    for downbeat in grid.downbeat_times:
        assert np.min(np.abs(lines - downbeat)) < 0.001


def test_performance_midi_bar_of_another_length_gets_its_signature() -> None:
    numbers = np.array([1, 2, 3, 4, 1, 2, 1, 2, 3, 4, 1])
    grid = BeatGrid(np.arange(numbers.size, dtype=np.float64) * 0.5, numbers, Metre(4, 4))
    lines = bar_lines(performance_midi([Hit(5.2, K)], grid))
    assert lines == pytest.approx([0.0, 2.0, 3.0, 5.0], abs=1e-3)


def test_midi_of_common_time_counted_in_eighths_says_what_the_page_says() -> None:
    numbers = np.array([6, 7, 8, *range(1, 9), *range(1, 8), *range(1, 9), 1])
    grid = BeatGrid(np.arange(numbers.size, dtype=np.float64) * 0.25, numbers, Metre(8, 8))
    hits = [Hit(float(time), H) for time in grid.beat_times[:-1]]
    for content in (performance_midi(hits, grid), score_midi(quantize(hits, grid))):
        said = [
            f"{message.numerator}/{message.denominator}"
            for message in mido.MidiFile(file=io.BytesIO(content)).tracks[0]
            if message.type == "time_signature"
        ]
        assert said[-3:] == ["4/4", "7/8", "4/4"]


def test_performance_midi_over_a_grid_that_lacks_downbeats_has_bars_of_its_metre() -> None:
    beats = 1.0 + np.arange(301) / 2.0
    grid = BeatGrid(beats, np.array([1, *[2] * 298, 1, 2]), Metre(4, 4))
    lines = bar_lines(performance_midi([Hit(150.0, K)], grid))
    assert np.allclose(np.diff(lines[1:-2]), 2.0, atol=0.01)


def test_performance_midi_velocities_and_keys_are_general_midi() -> None:
    hits = [
        Hit(1.0, S, 1.0),
        Hit(2.0, S, 0.0, 1.0, Articulation.CROSS_STICK),
        Hit(3.0, Instrument.HIHAT_OPEN, 0.5),
        Hit(4.0, H, 0.5, 1.0, Articulation.PEDAL),
    ]
    strokes = strokes_of_midi(performance_midi(hits, steady_grid("4/4", 3)))
    assert [(key, velocity) for _, key, velocity in strokes] == [
        (38, 127), (37, 1), (46, 64), (44, 64),
    ]  # fmt: skip


def test_midi_flam_that_is_said_sounds_as_two_strokes_and_a_drag_as_three() -> None:
    hits = [
        Hit(1.0, S, 0.8, articulation=Articulation.FLAM),
        Hit(2.0, S, 0.8, articulation=Articulation.DRAG),
    ]
    grid = steady_grid("4/4", 2)
    for content in (performance_midi(hits, grid), score_midi(quantize(hits, grid))):
        times, _, velocities = zip(*strokes_of_midi(content), strict=True)
        assert [velocity > 64 for velocity in velocities] == [False, True, False, False, True]
        gaps = np.diff(times)
        assert all(0.015 < gap < 0.06 for gap in gaps[[0, 2, 3]])


def test_performance_midi_repeated_key_is_let_go_before_it_is_struck_again() -> None:
    hits = [Hit(0.5 + 0.02 * k, S) for k in range(10)]
    midi = mido.MidiFile(file=io.BytesIO(performance_midi(hits, steady_grid("4/4", 1))))
    sounding = 0
    for message in midi.tracks[0]:
        if message.type in {"note_on", "note_off"}:
            starts = message.type == "note_on" and message.velocity > 0
            sounding += 1 if starts else -1
            assert sounding in {0, 1}
    assert sounding == 0


@pytest.mark.parametrize("name", sorted(PIECES))
def test_score_midi_has_every_note_at_its_written_place(name: str) -> None:
    piece = PIECES[name]()
    score = quantize(piece.hits, piece.grid)
    strokes = strokes_of_midi(score_midi(score))
    assert len(strokes) == len(piece.hits) + n_said_graces(piece.hits)
    start = score.measures[0].start_seconds
    written = sorted(
        float(piece.grid.time_at(float(at / piece.grid.metre.beat_length))) - start
        for at, p in zip(piece.at, score.placements, strict=True)
        if not p.is_grace
    )
    played = [seconds for seconds, _, _ in strokes]
    for seconds in written:
        assert min(abs(seconds - p) for p in played) < 1e-3


def test_score_midi_bars_lie_where_the_recording_has_them() -> None:
    piece = song(16)
    score = quantize(piece.hits, piece.grid)
    lines = bar_lines(score_midi(score))
    starts = [m.start_seconds - score.measures[0].start_seconds for m in score.measures]
    assert lines[: len(starts)] == pytest.approx(starts, abs=1e-3)


def test_score_midi_flam_sounds_before_its_note() -> None:
    hits = [Hit(0.97, S, 0.3), Hit(1.0, S, 0.8)]
    strokes = strokes_of_midi(score_midi(quantize(hits, steady_grid("4/4", 1))))
    assert [velocity for _, _, velocity in strokes] == [38, 102]
    assert 0.01 < strokes[1][0] - strokes[0][0] < 0.06


@pytest.mark.parametrize("title", ["\u2028 \x00", "日本 \U0001f941", "x" * 500, 'a "b" \\', None])
def test_midi_with_nasty_title_can_be_read(title: str) -> None:
    piece = PIECES["rock-beat"]()
    score = quantize(piece.hits, piece.grid, title=title)
    for content in (score_midi(score), performance_midi(piece.hits, piece.grid, title=title)):
        assert len(strokes_of_midi(content)) == len(piece.hits)


def test_midi_without_hits_is_a_valid_file() -> None:
    assert strokes_of_midi(performance_midi([], steady_grid("4/4", 1))) == []
    assert strokes_of_midi(score_midi(quantize([], steady_grid("4/4", 1)))) == []


def test_midi_unknown_map_is_refused() -> None:
    with pytest.raises(InvalidOption, match="general-midi"):
        performance_midi([], steady_grid("4/4", 1), drum_map="theremin")


def test_general_midi_every_sound_has_a_key_and_articulations_fall_back() -> None:
    for instrument in Instrument:
        for articulation in (None, *Articulation):
            assert 35 <= GENERAL_MIDI.key_of(instrument, articulation) <= 57
    assert GENERAL_MIDI.key_of(K, Articulation.GHOST) == 36

"""Learning bars: songs are read and cut, excerpts are made, and the weights are fitted anew."""

import json
import lzma
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from drumscribe.beats.doubt import PAGE_EVIDENCE
from drumscribe.beats.reading.bar_kinds import METRES
from drumscribe.beats.reading.evidence import FEATURES
from drumscribe.beats.reading.model import model_data
from drumscribe.domain.rhythm import Metre
from lab.bars.cases import case_of
from lab.bars.fitting import Row, fit_by_worth
from lab.bars.model import Doubts, doubted_below, main
from lab.bars.pieces.composed_songs import composed
from lab.bars.pieces.made_metres import MAKINGS, Bars, Making, in_other_metres, whole_in
from lab.bars.pieces.made_up_songs import write_songs
from lab.bars.pieces.plain_pieces import plain_pieces
from lab.bars.pieces.ruled_songs import ruled_song
from lab.bars.pieces.songs import SONGS_FILE, Floats, cut, read_songs
from lab.bars.stroke_examples import N_TEMPI, UNKNOWN, excerpt, tempo_places
from lab.notation_study.judging.parts import downbeat_f, judge_part
from lab.notation_study.known_parts import KnownPart, as_heard, begun_later


@pytest.fixture(scope="module")
def songs() -> list[KnownPart]:
    """One of each of our own metres, two folds of them."""
    return [replace(piece, name=f"song {k}", fold=1 + k % 2) for k, piece in enumerate(composed(1))]


@pytest.fixture(scope="module")
def folder(songs: list[KnownPart], tmp_path_factory: pytest.TempPathFactory) -> Path:
    where = tmp_path_factory.mktemp("songs")
    write_songs(where, songs)
    return where


def test_songs_come_back_as_they_were_written(folder: Path, songs: list[KnownPart]) -> None:
    found = list(read_songs(folder, [1, 2]))
    assert [song.name for song in found] == [song.name for song in songs]
    assert [song.metre for song in found] == [song.metre for song in songs]
    assert np.allclose(found[0].bars, songs[0].bars)
    assert [song.name for song in read_songs(folder, [2])] == [s.name for s in songs[1::2]]


def test_song_with_a_bar_that_no_metre_can_write_is_left_out(
    tmp_path: Path, songs: list[KnownPart]
) -> None:
    write_songs(tmp_path, songs[:2])
    file = tmp_path / SONGS_FILE
    lines = lzma.decompress(file.read_bytes()).decode().splitlines()
    free = json.loads(lines[0])
    free["bars"][0][1:3] = [43, 8]
    file.write_bytes(lzma.compress("\n".join([json.dumps(free), lines[1]]).encode()))
    assert [song.name for song in read_songs(tmp_path, [1, 2])] == [songs[1].name]


def test_cuts_and_later_beginnings_keep_bars_under_their_strokes(songs: list[KnownPart]) -> None:
    rng = np.random.default_rng(3)
    song = next(song for song in songs if song.metre == Metre(4, 4))
    whole = _shares_of_bars(song)
    for piece in (cut(song, 12.0, rng), begun_later(song, rng)):
        assert piece is not None
        assert piece.hits[0].time == pytest.approx(0.4)
        shares = _shares_of_bars(piece)
        begins = range(whole.size - shares.size + 1)
        assert any(np.allclose(whole[k : k + shares.size], shares) for k in begins)


def _shares_of_bars(piece: KnownPart) -> Floats:
    """How far into its bar each stroke stands, 0..1."""
    times = np.array([hit.time for hit in piece.hits])
    return np.asarray(np.interp(times, piece.bars, np.arange(piece.bars.size)) % 1.0)


def test_excerpt_has_a_target_at_every_bar_line_that_counts(songs: list[KnownPart]) -> None:
    song = next(song for song in songs if song.metre == Metre(3, 4))
    made = excerpt(Bars.of(song), np.random.default_rng(0), changed=False)
    assert made.frames.max() > 0.5
    first, second = np.flatnonzero(made.targets[0] == 1.0)[:2]
    bar = float(np.median(np.diff(song.bars)))
    assert (second - first) / 25.0 == pytest.approx(bar, abs=0.05)
    assert made.counts[first] == 1.0


def test_excerpt_says_metre_and_tempo_where_something_is_played(songs: list[KnownPart]) -> None:
    song = next(song for song in songs if song.metre == Metre(7, 8))
    made = excerpt(Bars.of(song), np.random.default_rng(0), changed=False)
    played = made.counts > 0.0
    inside = np.flatnonzero(played)[40:-40]
    assert {METRES[k] for k in made.metres[inside].tolist()} == {Metre(7, 8)}
    quarter = float(np.median(np.diff(song.bars))) / 3.5
    assert np.allclose(made.tempi[inside], tempo_places(np.array([60.0 / quarter])), atol=0.5)
    assert (made.metres[~played] == UNKNOWN).all()
    assert (made.tempi[~played] == UNKNOWN).all()


def test_tempi_are_told_apart_a_sixth_of_an_octave_from_each_other() -> None:
    places = tempo_places(np.array([38.0, 76.0, 152.0, 20.0, 400.0]))
    assert np.allclose(places, [0.0, 6.0, 12.0, UNKNOWN, UNKNOWN])
    assert tempo_places(np.array([345.0])).max() < N_TEMPI - 1


def test_heard_copy_loses_some_and_gains_some(songs: list[KnownPart]) -> None:
    heard = as_heard(songs[0], np.random.default_rng(1))
    assert 0.8 < len(heard.hits) / len(songs[0].hits) < 1.0


def test_case_knows_which_readings_are_right(songs: list[KnownPart]) -> None:
    song = next(song for song in songs if song.metre == Metre(7, 8))
    weights = np.zeros(len(FEATURES))
    case = case_of(song, [weights], np.random.default_rng(0))
    assert case is not None
    assert case.right.any()
    k = int(np.flatnonzero(case.right)[0])
    number, kind, per_quarter, start = case.what[k]
    assert kind.metre == Metre(7, 8)
    grid = case.grids[number].grid
    length = int(kind.quarters * per_quarter)
    assert downbeat_f(song, grid.time_at(start + length * np.arange(-2.0, 80.0))) > 0.85


def test_weights_are_fitted_from_a_folder_of_songs(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "model.json"
    keep = tmp_path / "kept"
    command = [str(folder), "--folds", "1", "--cuts", "1", "--made", "1", "--composed", "0",
               "--ruled", "2", "--keep", str(keep), "--out", str(out)]  # fmt: skip
    main(command)
    model, shipped = json.loads(out.read_text()), model_data()
    assert list(model["weights"]) == list(FEATURES)
    moved = [model["weights"][name] - shipped["weights"][name] for name in FEATURES]
    assert np.abs(moved).mean() > 0.0
    assert model["weights"]["heard beats"] == shipped["weights"]["heard beats"]
    assert len(model["doubt"]["page"]) == len(PAGE_EVIDENCE)
    out.unlink()
    main(command)  # from what was kept
    assert json.loads(out.read_text()) == model
    main([*command, "--keep-weights"])
    assert json.loads(out.read_text())["weights"] == pytest.approx(shipped["weights"], abs=5e-4)


def test_weights_are_fitted_so_that_what_is_chosen_is_worth_most() -> None:
    """Two kinds of pieces: the first number speaks for what is worth more, the second against."""
    rng = np.random.default_rng(0)
    features = rng.random((40, 30, 2))
    rows = [Row(each, each[:, 0] - 0.5 * each[:, 1], 1.0) for each in features]
    free, bounded = np.array([True, True]), np.array([False, False])
    weights = fit_by_worth(rows, np.zeros(2), free, bounded, 0.0001)
    assert weights[0] > 1.0
    assert weights[1] < -0.5
    held = fit_by_worth(rows, np.zeros(2), np.array([True, False]), bounded, 0.0001)
    assert held[1] == 0.0
    bounds = np.array([False, True])
    assert fit_by_worth(rows, np.zeros(2), free, bounds, 0.0001)[1] == 0.0


def test_plain_pieces_are_read_in_four_and_doubted() -> None:
    pieces = plain_pieces()
    assert len({piece.name for piece in pieces}) == len(pieces) == 28
    for piece in pieces[::9]:
        judged = judge_part(piece)
        assert judged.found == Metre(4, 4), piece.name
        assert judged.warned, piece.name


def test_bars_go_back_into_a_song(songs: list[KnownPart]) -> None:
    song = next(song for song in songs if song.metre == Metre(7, 8))
    again = Bars.of(song).as_part("again")
    assert again.metres == song.metres
    assert np.allclose(np.diff(again.bars), np.diff(song.bars))
    moved = again.bars[0] - song.bars[0]
    assert np.allclose([h.time - moved for h in again.hits], [h.time for h in song.hits], atol=1e-6)
    assert [h.instrument for h in again.hits] == [h.instrument for h in song.hits]


@pytest.mark.parametrize("making", [way for ways, _ in MAKINGS for way in ways], ids=str)
def test_song_made_into_another_metre_keeps_its_tempo_and_its_patterns(
    making: Making, songs: list[KnownPart]
) -> None:
    song = next(song for song in songs if song.metre == Metre(4, 4))
    bars = Bars.of(song)
    made = whole_in(making, bars)
    assert set(made.metres) == {making.metre}
    assert len(made.metres) == len(making.bars) * len(bars.metres)
    quarter = made.seconds / made.quarters
    assert np.allclose(quarter, np.repeat(bars.seconds / 4.0, len(making.bars)))
    for bar, strokes in enumerate(made.strokes):
        source, stretches = divmod(bar, len(making.bars))
        first, end = making.bars[stretches][0]
        opening = strokes[strokes[:, 0] < end - first - 0.02]
        at = bars.strokes[source][:, 0]
        known = bars.strokes[source][(at >= first - 0.02) & (at < end - 0.02)]
        assert np.allclose(opening[:, 0] + first, known[:, 0])
        assert (opening[:, 1] == known[:, 1]).all()
        assert (strokes[:, 0] < made.quarters[bar]).all()


def test_crash_is_struck_once_in_a_bar_that_repeats_its_beginning() -> None:
    crash, kick = 5.0, 0.0
    strokes = np.array([[0.0, crash, 1.0], [0.0, kick, 1.0]])
    bars = Bars((Metre(4, 4),), np.array([2.0]), np.array([4.0]), (strokes,))
    five = next(way for ways, _ in MAKINGS for way in ways if way.bars == (((0, 4), (0, 1)),))
    made = whole_in(five, bars).strokes[0]
    assert made[:, :2].tolist() == [[0.0, crash], [0.0, kick], [4.0, kick]]


def test_songs_by_rule_can_be_played_and_have_the_metre_of_their_rule() -> None:
    rng = np.random.default_rng(2)
    songs = [ruled_song(rng, 40.0) for _ in range(60)]
    assert {Metre(6, 4), Metre(5, 8), Metre(3, 4)} <= {song.metres[0] for song in songs}
    for song in songs:
        assert song.seconds.sum() >= 40.0
        assert np.allclose(song.quarters, [float(metre.bar_length) for metre in song.metres])
        for strokes, quarters in zip(song.strokes, song.quarters.tolist(), strict=True):
            assert (strokes[:, 0] >= 0.0).all()
            assert (strokes[:, 0] < quarters).all()
            places = [tuple(stroke) for stroke in strokes[:, :2].tolist()]
            assert len(set(places)) == len(places)  # nobody strikes a drum twice at once


def test_songs_made_otherwise_change_metre_now_and_then(songs: list[KnownPart]) -> None:
    bars = Bars.of(next(song for song in songs if song.metre == Metre(4, 4)))
    rng = np.random.default_rng(0)
    metres = [set(in_other_metres(bars, rng).metres) for _ in range(40)]
    assert any(len(each) == 1 for each in metres)
    assert any(len(each) > 1 and Metre(4, 4) in each for each in metres)


def test_page_is_doubted_from_where_so_many_of_the_doubted_are_wrong() -> None:
    rng = np.random.default_rng(1)
    chance = rng.uniform(0.02, 0.98, 6000)
    right = rng.random(chance.size) < chance
    odds = np.log(chance / (1.0 - chance))
    pages = np.stack([np.ones_like(odds), odds], axis=1)
    of_song = np.ones(right.size // 2, dtype=np.bool_)
    halves = [Doubts(pages[half::2], right[half::2], of_song, (), ()) for half in (0, 1)]
    found = {share: doubted_below(halves, share) for share in (0.7, 0.8)}
    # Below a chance of x, 1 - x / 2 of evenly spread pages are wrong.
    assert found[0.7] == pytest.approx(0.6, abs=0.05)
    assert found[0.8] == pytest.approx(0.4, abs=0.05)

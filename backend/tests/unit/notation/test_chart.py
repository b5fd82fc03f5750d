"""Charts for the stand: what is written once, and that reading them aloud gives the full score."""

from xml.etree import ElementTree as ET

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drumscribe.domain.drums import Hit
from drumscribe.domain.form.section_names import parse_section_names
from drumscribe.domain.rhythm import BeatGrid, Metre
from drumscribe.domain.score import Score
from drumscribe.domain.wishes import Form, PageWishes, Wishes
from drumscribe.errors import InvalidOption
from drumscribe.notation.chart import chart_of, expand, in_order
from drumscribe.notation.chart.tuning import CHART
from drumscribe.notation.quantize import QuantizeOptions, quantize
from drumscribe.notation.structure import name_sections
from drumscribe.notation.structure.bar_patterns import bar_distances
from drumscribe.notation.writers.lilypond import head_count, write_lilypond
from drumscribe.notation.writers.musicxml import write_musicxml
from drumscribe.notation.writers.timemap import time_map
from engraving_pieces import PIECES, T1, T3, C, H, K, R, S, Writer, eighths, steady_grid
from engraving_readers import musicxml_schema

SIXTEENTHS = [k / 4 for k in range(16)]


def song_of(parts: str) -> Score:
    """Eight bars per letter: v verse, c chorus on the ride, t toms, b verse in half-time. The last
    bar of each is a fill on the snare, or on the toms where the letter is a capital."""
    n_bars = 8 * len(parts) + 1
    w = Writer(steady_grid("4/4", n_bars, bpm=118))
    kicks: dict[str, list[float]] = {
        "v": [0, 2.5],
        "b": [0, 3.5],
        "c": [0, 0.5, 1.5, 2],
        "t": [0, 1, 2, 3],
    }
    for index, part in enumerate(parts):
        for k in range(8):
            bar = 8 * index + k
            kind = part.lower()
            if k == 0:
                w.add(C, 0, bar=bar)
            if k == 7:
                drum = T1 if part.isupper() else S
                w.add(drum, *SIXTEENTHS[:8], bar=bar)
                w.add(T3, *SIXTEENTHS[8:], bar=bar)
                continue
            keeper = {"v": H, "b": H, "c": R, "t": T3}[kind]
            w.add(keeper, *[p for p in eighths() if p or k], bar=bar, velocity=0.6)
            w.add(K, *kicks[kind], bar=bar)
            w.add(S, *{"v": [1, 3], "b": [2], "c": [1, 3], "t": [3]}[kind], bar=bar)
    w.add(C, 0, bar=n_bars - 1)
    w.add(K, 0, bar=n_bars - 1)
    piece = w.piece()
    return quantize(piece.hits, piece.grid)


def says(chart: Score) -> list[str]:
    """Letters, slashes and signs of a chart, in order."""
    said = []
    for measure in chart.measures:
        words = [measure.rehearsal or ""]
        if road := measure.road:
            words += ["|:"] if road.begins_repeat else []
            words += ["segno"] if road.has_segno else []
            words += ["coda"] if road.begins_coda else []
            words += [f"[{road.ending[0]}"] if road.begins_ending else []
            words += [road.slashes.words or "/"] if road.slashes else []
            words += [f":|{road.ends_repeat}"] if road.ends_repeat else []
            words += [road.at_end] if road.at_end else []
        said.append(" ".join(filter(None, words)))
    return [word for word in said if word]


def distances_when_read_aloud(score: Score, chart: Score) -> list[float]:
    read = expand(chart)
    assert [m.number for m in read.measures] == [m.number for m in score.measures]
    n = len(score.measures)
    distances = bar_distances([*score.measures, *read.measures])
    return [float(distances[k, n + k]) for k in range(n)]


def test_chart_writes_a_groove_once_and_fills_out() -> None:
    chart = chart_of(song_of("vCt"))
    assert says(chart) == ["A", "play 6 more", "B", "play 6 more", "C", "play 6 more"]
    words = [m.words for m in chart.measures if m.rehearsal]
    assert words == ["Straight 8ths, hats", "ride", "toms"]


def test_chart_writes_a_fill_out_that_hides_under_the_hats() -> None:
    w = Writer(steady_grid("4/4", 16))
    for bar in range(16):
        w.add(H, *eighths(), bar=bar)
        w.add(K, 0, 2, bar=bar)
        w.add(S, 1, 3, bar=bar)
        w.add(T3, *([3.5, 3.75] if bar % 8 == 7 else []), bar=bar)
    piece = w.piece()
    assert says(chart_of(quantize(piece.hits, piece.grid))) == ["play 6 more", "play 7"]


def test_chart_keeps_slashes_within_one_metre() -> None:
    """Bars of 7/8 and 4/4 in turn: no bar of slashes stands for bars of both."""
    beats = np.array([n for _ in range(10) for n in (*range(1, 8), *range(1, 9))])
    grid = BeatGrid(0.5 + 0.2 * np.arange(beats.size, dtype=np.float64), beats, Metre.parse("8/8"))
    hits = [Hit(float(t), H, 0.6, 1.0) for t in grid.beat_times]
    hits += [Hit(float(t), K, 0.8, 1.0) for t in grid.beat_times[beats == 1]]
    hits += [Hit(float(t), S, 0.8, 1.0) for t in grid.beat_times[beats == 5]]
    score = quantize(hits, grid)
    chart = chart_of(score)
    assert [m.metre for m in expand(chart).measures] == [m.metre for m in score.measures]
    for printed in chart.measures:
        if printed.road and printed.road.slashes:
            first = printed.number - 1
            stands_for = score.measures[first : first + printed.road.slashes.n_bars]
            assert {m.metre for m in stands_for} == {printed.metre}


def test_chart_says_a_groove_that_returns_by_its_letter() -> None:
    chart = chart_of(song_of("vcVtV"))
    assert "A2 as A, play 7" in says(chart)
    assert "A3 as A, play 7" in says(chart)


def grooves_in_turn(n_bars: int) -> Score:
    """Two grooves in turn, four bars of each, without sections, each with a fill in its fourth."""
    w = Writer(steady_grid("4/4", n_bars, bpm=72))
    for bar in range(n_bars):
        w.add(K, 0, *([2.5, 3.5] if bar % 8 >= 4 else []), bar=bar)
        w.add(S, 2, *([3.5, 3.75] if bar % 4 == 3 else []), bar=bar)
    piece = w.piece()
    return quantize(piece.hits, piece.grid, options=QuantizeOptions(mark_form=False))


def test_chart_writes_a_second_groove_of_a_section_once_and_says_which_bar_slashes_mean() -> None:
    chart = chart_of(grooves_in_turn(16))
    assert says(chart) == ["play 2 more", "play 2 more", "as bar 1, play 3", "as bar 5, play 3"]
    assert [m.number for m in chart.measures] == [1, 2, 4, 5, 6, 8, 9, 12, 13, 16]


def test_chart_never_sends_a_reader_back_for_a_single_bar() -> None:
    """A groove that comes back as one bar between others is written out."""
    w = Writer(steady_grid("4/4", 14, bpm=100))
    kicks: list[list[float]] = [
        [0, 2],
        [0, 0.5, 1, 1.5],
        [2, 2.5, 3, 3.5],
        [0.5, 1.5, 2.5, 3.5],
        [0, 0.5, 2.5, 3],
    ]
    for bar, kind in enumerate([0] * 8 + [1, 2, 3, 0, 4, 2]):
        w.add(H, *eighths(), bar=bar)
        w.add(K, *kicks[kind], bar=bar)
        w.add(S, 1, 3, bar=bar)
    piece = w.piece()
    chart = chart_of(quantize(piece.hits, piece.grid, options=QuantizeOptions(mark_form=False)))
    assert says(chart) == ["play 7 more"]
    assert [m.number for m in chart.measures] == [1, 2, 9, 10, 11, 12, 13, 14]


def test_chart_says_which_groove_returns_behind_a_first_bar_of_its_own() -> None:
    """A section that begins with a stop and goes on as an earlier one says so at its slashes."""
    w = Writer(steady_grid("4/4", 33, bpm=118))
    for bar in range(33):
        keeper = R if 8 <= bar < 16 or bar >= 24 else H
        if bar == 16:
            w.add(C, 0, 2, bar=bar)
            w.add(K, 0, 2, bar=bar)
            continue
        w.add(C, *([0] if bar % 8 == 0 else []), bar=bar)
        w.add(keeper, *[p for p in eighths() if p or bar % 8], bar=bar)
        w.add(K, *([0, 2.5] if keeper is H else [0, 0.5, 2, 3.5]), bar=bar)
        w.add(S, 1, 3, bar=bar)
    piece = w.piece()
    said = says(chart_of(quantize(piece.hits, piece.grid)))
    assert any("as A, play 7" in words for words in said)


def test_chart_names_the_section_of_a_groove_rather_than_a_bar() -> None:
    """The verse begins with three bars of nearly its groove; what returns is like both: it is A."""
    w = Writer(steady_grid("4/4", 33, bpm=118))
    for bar in range(32):
        begins = bar in (0, 16, 24)
        kicks = [0, 2] if bar < 3 else [0, 2.5, 3.5]
        if bar >= 16:
            kicks = [0, 0.5, 2, 2.5] if bar < 24 else [0, 2.5]
        w.add(C, *([0] if begins else []), bar=bar)
        w.add(R if 16 <= bar < 24 else H, *eighths()[begins:], bar=bar)
        w.add(K, *kicks, bar=bar)
        w.add(S, 1, 3, bar=bar)
    piece = w.piece()
    said = says(chart_of(quantize(piece.hits, piece.grid)))
    assert "A2 as A, play 8" in said
    assert not any("as bar" in words for words in said)


def test_chart_repeats_what_comes_again_and_gives_it_two_endings() -> None:
    assert says(chart_of(song_of("vcvct"))) == [
        "A |:", "play 6 more", "B", "play 6 more", ":|2", "C", "play 6 more",
    ]  # fmt: skip
    assert says(chart_of(song_of("vcvCt"))) == [
        "A |:", "play 6 more", "B", "play 6 more", "[1 :|2", "[2", "C", "play 6 more",
    ]  # fmt: skip


def test_chart_goes_back_to_the_segno_once_where_that_says_many_bars() -> None:
    said = says(chart_of(song_of("vctvcb")))
    assert said[0] == "A segno"
    assert "To Coda" in said
    assert "D.S. al Coda" in said
    assert said.index("To Coda") < said.index("D.S. al Coda") < said.index("D coda")


@settings(deadline=None, max_examples=40)
@given(st.text(alphabet="vcbtVCBT", min_size=1, max_size=8))
def test_chart_read_aloud_is_the_full_score(parts: str) -> None:
    score = song_of(parts)
    chart = chart_of(score)
    assert max(distances_when_read_aloud(score, chart)) <= CHART.tolerance
    assert len(chart.measures) <= len(score.measures)


@pytest.mark.parametrize("name", sorted(PIECES))
def test_chart_of_every_piece_reads_back_and_is_valid(name: str) -> None:
    piece = PIECES[name]()
    score = quantize(piece.hits, piece.grid)
    chart = chart_of(score)
    assert max(distances_when_read_aloud(score, chart)) <= CHART.tolerance
    musicxml_schema().validate(write_musicxml(chart).decode().partition("\n")[2])


def test_chart_stands_in_musicxml_with_its_signs() -> None:
    document = write_musicxml(chart_of(song_of("vcvCtvcb")))
    musicxml_schema().validate(document.decode().partition("\n")[2])
    root = ET.fromstring(document)
    assert [r.get("direction") for r in root.iter("repeat")] == ["forward", "backward"]
    endings = [(e.get("number"), e.get("type")) for e in root.iter("ending")]
    assert endings == [("1", "start"), ("1", "stop"), ("2", "start"), ("2", "discontinue")]
    slashes = [n for n in root.iter("note") if n.findtext("notehead") == "slash"]
    assert len(slashes) % 4 == 0
    assert all(n.get("dynamics") == "0" for n in slashes)


def test_chart_stands_in_lilypond_with_its_signs() -> None:
    chart = chart_of(song_of("vcvCt"))
    source = write_lilypond(chart)
    assert '(volta "1.")' in source
    assert "end-repeat" in source
    assert '"play 6 more"' in source
    assert source.count("<slashbeat>4") == 4 * sum(
        m.road is not None and m.road.slashes is not None for m in chart.measures
    )
    assert head_count(chart) < head_count(expand(chart))


def test_time_map_of_a_chart_finds_every_bar_on_it() -> None:
    piece = PIECES["song-with-form"]()
    score = quantize(piece.hits, piece.grid)
    chart = chart_of(score)
    entries = time_map(score, piece.hits, piece.grid, duration_seconds=120.0, chart=chart)
    page = write_musicxml(chart).decode()
    assert [m.number for m in entries.measures] == [m.number for m in score.measures]
    assert all(f'id="{measure.svg_id}"' in page for measure in entries.measures)
    assert len(in_order(chart)) == len(score.measures)


def test_sections_get_the_names_that_were_given() -> None:
    score = name_sections(song_of("vcVtV"), "A=Verse, b = Chorus, A3=Last verse")
    assert [s.label for s in score.sections] == ["Verse", "Chorus", "Verse 2", "C", "Last verse"]
    assert any(
        m.road and m.road.slashes and m.road.slashes.words == "as Verse, play 7"
        for m in chart_of(score).measures
    )
    assert name_sections(score, None) == score


@pytest.mark.parametrize("names", ["Verse", "A=", "-1=Verse", "1e999=Verse", "A:Verse"])
def test_section_names_that_name_nothing_are_refused(names: str) -> None:
    with pytest.raises(InvalidOption):
        parse_section_names(names)
    with pytest.raises(InvalidOption):
        PageWishes(section_names=names)


def test_form_is_a_wish() -> None:
    assert Wishes.of({"form": "chart"}).page.form is Form.CHART
    with pytest.raises(InvalidOption):
        Wishes.of({"form": "sketch"})

"""SVG pages as a web page needs them: ids for the time map, nothing that asks for more."""

import re
import sys
from dataclasses import replace
from statistics import median
from xml.etree import ElementTree as ET

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import engraving_pieces as pieces
from drumscribe.domain.drums import Hit, Instrument, numbered
from drumscribe.domain.score import Score
from drumscribe.errors import EngravingFailed
from drumscribe.notation.drawn_bars import bar_id
from drumscribe.notation.engravers.svg import render_svg
from drumscribe.notation.engravers.svg_stack import stack_pages
from drumscribe.notation.layout import A4, NARROW, lay_out
from drumscribe.notation.quantize import quantize
from drumscribe.notation.writers.timemap import time_map

SVG = "{http://www.w3.org/2000/svg}"


def score_of(piece: pieces.Piece) -> Score:
    return quantize(piece.hits, piece.grid, title="Fish & <Chips>")


def stacked(score: Score, *, is_narrow: bool = False) -> ET.Element:
    pages = render_svg(score, is_narrow=is_narrow)
    return ET.fromstring(stack_pages([page.encode() for page in pages]))


@pytest.mark.parametrize("is_narrow", [False, True])
@pytest.mark.parametrize("name", ["song-with-form", "song", "waltz-with-pickup", "every-sound"])
def test_svg_of_a_piece_has_every_id_of_its_time_map_once(name: str, is_narrow: bool) -> None:
    piece = pieces.PIECES[name]()
    score = score_of(piece)
    root = stacked(score, is_narrow=is_narrow)
    ids = [element.get("id") for element in root.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    made = time_map(score, piece.hits, piece.grid, duration_seconds=120.0)
    notes = [e.get("id") for e in root.iter(f"{SVG}g") if "note" in e.get("class", "").split()]
    assert {note.id for note in made.notes} == {name for name in notes if name}
    # The small notes of a flam and of a drag that nobody was heard to play.
    assert notes.count(None) == (3 if name == "every-sound" else 0)
    bars = {e.get("id") for e in root.iter(f"{SVG}g") if e.get("class") == "measure"}
    assert {bar.svg_id for bar in made.measures} <= bars
    assert len(bars) == len({bar.svg_id for bar in made.measures})


@pytest.mark.parametrize("name", ["song-with-form", "waltz-with-pickup", "phrases", "tom-fill"])
def test_svg_breaks_lines_where_the_layout_does(name: str) -> None:
    score = score_of(pieces.PIECES[name]())
    for paper, is_narrow in ((A4, False), (NARROW, True)):
        blocks = lay_out(score, paper)
        starts = [0, *(block.first for block in blocks if block.starts_system)]
        lines = [
            next(g.get("id") for g in line.iter(f"{SVG}g") if g.get("class") == "measure")
            for line in stacked(score, is_narrow=is_narrow).iter(f"{SVG}g")
            if line.get("class") == "system"
        ]
        assert lines == [bar_id(score.measures[index].number) for index in starts]


def test_svg_says_which_cymbals_are_choked() -> None:
    text = " ".join(stacked(score_of(pieces.every_sound())).itertext())
    assert text.count("choke") == 1


@pytest.mark.parametrize("is_narrow", [False, True])
def test_svg_says_what_each_head_means_between_title_and_music(is_narrow: bool) -> None:
    score = score_of(pieces.every_sound())
    pages = [ET.fromstring(page) for page in render_svg(score, is_narrow=is_narrow)]
    words = [part.strip() for part in pages[0].itertext() if part.strip()]
    for name in ("Bass drum", "Cross-stick", "Half-open hi-hat", "China", "Ride bell"):
        assert words.count(name) == 1
        assert all(name not in " ".join(page.itertext()) for page in pages[1:])
    heights = [y for group in pages[0].iter(f"{SVG}g") for y in _height_of(group)]
    assert heights == sorted(heights)
    assert heights[1] > heights[0]


def _height_of(group: ET.Element) -> list[float]:
    """How far down its page the key or a strip of music stands."""
    if group.get("class") not in {"key", "strip"}:
        return []
    return [float((group.get("transform") or "").removeprefix("translate(0, ").rstrip(")"))]


def test_svg_for_a_phone_has_two_bars_a_line_and_no_title() -> None:
    pages = [ET.fromstring(page) for page in render_svg(score_of(pieces.song()), is_narrow=True)]
    bars: list[int] = []
    for page in pages:
        assert (page.get("viewBox") or "").split()[2] == "900"
        systems = [g for g in page.iter(f"{SVG}g") if g.get("class") == "system"]
        bars += [sum(g.get("class") == "measure" for g in system.iter()) for system in systems]
    # A rest may lead in on the first line, and a bar join it that would stand alone at the end.
    assert median(bars) == 2
    assert max(bars) <= 4
    text = " ".join(part for page in pages for part in page.itertext())
    assert "Chips" not in text


def test_svg_of_a_long_piece_keeps_each_page_in_an_element_of_its_own() -> None:
    root = stacked(score_of(pieces.song_with_form()), is_narrow=True)
    assert root.get("data-pages") == "3"
    inner = list(root)
    assert [page.tag for page in inner] == [f"{SVG}svg"] * 3
    assert [page.get("class") for page in inner] == ["page"] * 3
    assert [page.get("data-page") for page in inner] == ["1", "2", "3"]
    assert [page.get("id") for page in inner] == ["page-1", "page-2", "page-3"]


def test_svg_of_any_piece_asks_for_nothing_and_takes_the_colour_around_it() -> None:
    for name in ("shuffle", "six-eight", "song-with-form"):
        for page in render_svg(score_of(pieces.PIECES[name]())):
            assert "<style" not in page
            assert "font-face" not in page
            assert "Leipzig" not in page
            assert not re.search(r"url\(|<image|<script|@import", page)
            assert set(re.findall(r'https?://[^"]+', page)) <= {
                "http://www.w3.org/2000/svg",
                "http://www.w3.org/1999/xlink",
            }
            colours = set(re.findall(r'\b(?:fill|stroke|color)="([^"]*)"', page))
            assert colours <= {"currentColor", "none"}


def test_svg_uses_only_glyphs_that_its_own_page_defines() -> None:
    for page in render_svg(score_of(pieces.song_with_form())):
        defined = set(re.findall(r'\bid="([^"]+)"', page))
        assert set(re.findall(r'href="#([^"]+)"', page)) <= defined


def test_tempo_mark_of_a_swung_piece_says_its_words_and_draws_its_note() -> None:
    (page,) = render_svg(score_of(pieces.shuffle()))
    mark = re.search(r'class="tempo".*?</g>\s*</g>', page, re.DOTALL)
    assert mark is not None
    texts = re.findall(r"<text [^>]*>([^<]+)</text>", mark[0])
    assert "".join(texts).replace("\xa0", " ") == "Shuffle = 96"
    assert "<path" in mark[0]
    places = [float(x) for x in re.findall(r'<text [^>]*x="([0-9.]+)"', mark[0])]
    assert places == sorted(places)


@pytest.mark.parametrize(("style", "drum"), [("weinberg", "rimshot"), ("musescore", "cross-stick")])
def test_slashed_heads_have_their_slash(style: str, drum: str) -> None:
    piece = pieces.every_sound()
    (page,) = render_svg(score_of(piece), style=style)
    struck = next(
        k for k, hit in enumerate(piece.hits) if hit.articulation and hit.articulation == drum
    )
    note = re.search(
        rf'<g id="hit-{struck}" class="note">\s*<g class="notehead">(.*?)</g>', page, re.S
    )
    assert note is not None
    assert note[1].count("<path") == 1
    assert len(re.findall(r'class="notehead">\s*<use[^>]*/><path', page)) == 1


@st.composite
def edited_songs(draw: st.DrawFn) -> tuple[Score, Score]:
    """A song before and after some of its strokes were taken away, added, moved or made louder."""
    piece = pieces.PIECES[draw(st.sampled_from(["song-with-form", "waltz-with-pickup", "shuffle"]))]
    song = piece()
    hits = list(numbered(song.hits))
    for _ in range(draw(st.integers(0, 3))):
        k = draw(st.integers(0, len(hits) - 1))
        match draw(st.sampled_from(["away", "new", "moved", "louder"])):
            case "away":
                del hits[k]
            case "new":
                hits.append(Hit(hits[k].time, draw(st.sampled_from(Instrument))))
            case "moved":
                hits[k] = replace(hits[k], time=hits[k].time + draw(st.sampled_from([0.1, 0.25])))
            case "louder":
                hits[k] = replace(hits[k], velocity=draw(st.sampled_from([0.15, 1.0])))
    before = quantize(numbered(song.hits), song.grid, title="Song")
    title = draw(st.sampled_from(["Song", "Another"]))
    return before, quantize(numbered(sorted(hits)), song.grid, title=title)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(songs=edited_songs(), is_narrow=st.booleans())
def test_pages_drawn_over_an_earlier_state_are_those_drawn_anew(
    songs: tuple[Score, Score], is_narrow: bool
) -> None:
    before, after = songs
    earlier = stack_pages([page.encode() for page in render_svg(before, is_narrow=is_narrow)])
    over = render_svg(after, is_narrow=is_narrow, before=earlier.decode())
    assert over == render_svg(after, is_narrow=is_narrow)


def test_a_page_of_which_nothing_changed_starts_no_engraver(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    score = score_of(pieces.song_with_form())
    drawn = render_svg(score)
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    assert render_svg(score, before="".join(drawn)) == drawn
    # Drawn for another paper, it says nothing about this one.
    with pytest.raises(EngravingFailed):
        render_svg(score, is_narrow=True, before="".join(drawn))

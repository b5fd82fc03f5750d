"""Names of sections and words over bars: where they go, and that every format has them."""

from __future__ import annotations

import dataclasses
from xml.etree import ElementTree as ET

import pytest

from drumscribe.domain.form.bar_texts import parse_bar_texts
from drumscribe.domain.score import Score
from drumscribe.domain.wishes import PageWishes
from drumscribe.errors import InvalidOption
from drumscribe.notation.chart import chart_of, expand
from drumscribe.notation.quantize import quantize
from drumscribe.notation.structure import name_sections, with_similes, write_over_bars
from drumscribe.notation.writers.lilypond import write_lilypond
from drumscribe.notation.writers.musicxml import write_musicxml
from drumscribe.notation.writers.tab import write_tab
from engraving_pieces import H, K, S, Writer, eighths, steady_grid
from engraving_readers import musicxml_schema


@pytest.fixture(scope="module")
def groove() -> Score:
    """Sixteen bars that are all alike, two seconds each."""
    w = Writer(steady_grid("4/4", 16))
    for bar in range(16):
        w.add(H, *eighths(), bar=bar)
        w.add(K, 0, 2, bar=bar)
        w.add(S, 1, 3, bar=bar)
    piece = w.piece()
    return quantize(piece.hits, piece.grid)


def starts(score: Score) -> list[float]:
    return [measure.start_seconds for measure in score.measures]


def test_section_at_a_second_begins_at_the_nearest_bar(groove: Score) -> None:
    begin = starts(groove)
    named = name_sections(groove, f"{begin[4] + 0.9}=Chorus, {begin[8] - 0.3}=Bridge")
    assert [(s.label, s.first) for s in named.sections] == [("Chorus", 4), ("Bridge", 8)]


def test_name_at_a_second_takes_the_place_of_a_letter(groove: Score) -> None:
    measures = list(groove.measures)
    measures[2] = dataclasses.replace(measures[2], rehearsal="B")
    lettered = dataclasses.replace(groove, measures=tuple(measures))
    named = name_sections(lettered, f"B=Verse, {starts(groove)[2]}=Chorus")
    assert [s.label for s in named.sections] == ["Chorus"]


def test_texts_that_fall_on_one_bar_stand_side_by_side(groove: Score) -> None:
    begin = starts(groove)[3]
    written = write_over_bars(groove, f"{begin}=Watch, the stop; {begin + 0.1}=louder")
    assert [m.text for m in written.measures if m.text] == ["Watch, the stop, louder"]
    assert written.measures[3].text
    assert write_over_bars(groove, None) == groove


@pytest.mark.parametrize("texts", ["Stop", "12=", "-1=Stop", "inf=Stop", "A=Stop", "3=a; 4"])
def test_texts_that_stand_nowhere_are_refused(texts: str) -> None:
    with pytest.raises(InvalidOption):
        parse_bar_texts(texts)
    with pytest.raises(InvalidOption):
        PageWishes(bar_texts=texts)


def test_text_is_never_hidden_by_repeat_signs_or_slashes(groove: Score) -> None:
    written = write_over_bars(groove, f"{starts(groove)[5]}=Watch the stop")
    assert with_similes(written).measures[5].simile is None
    chart = chart_of(written)
    assert len(chart.measures) < len(written.measures)
    assert [m.text for m in expand(chart).measures] == [m.text for m in written.measures]


def test_text_stands_in_every_format(groove: Score) -> None:
    words = 'Watch the "stop" & <go>'
    written = name_sections(
        write_over_bars(groove, f"{starts(groove)[5]}={words}"), f"{starts(groove)[5]}=Chorus"
    )
    content = write_musicxml(written)
    musicxml_schema().validate(content.decode())
    bar = ET.fromstring(content).findall("part/measure")[5]
    assert [w.text for w in bar.findall("direction/direction-type/words")] == [words]
    assert bar.findtext("direction/direction-type/rehearsal") == "Chorus"
    assert '"Watch the \\"stop\\" & <go>"' in write_lilypond(written)
    tab = write_tab(written)
    assert f"[Chorus] {words}" in tab

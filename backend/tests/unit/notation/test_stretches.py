"""Scores are cut where lines can be drawn apart, and nowhere else."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

import pytest

from drumscribe.domain.form.road_signs import RoadSigns
from drumscribe.domain.rhythm import Metre
from drumscribe.domain.score import (
    Event,
    Hairpin,
    HairpinKind,
    Measure,
    Score,
    Voice,
    VoiceRole,
)
from drumscribe.notation.layout import A4, NARROW, Block, Paper
from drumscribe.notation.quantize import quantize
from drumscribe.notation.writers.musicxml import write_musicxml, write_stretches
from drumscribe.notation.writers.musicxml.stretches import cut_between_lines
from engraving_pieces import PIECES
from engraving_readers import read_musicxml

WHOLE_REST = Voice(VoiceRole.HANDS, (Event(Fraction(0), Fraction(4), None),))
# Lines of two bars.
BLOCKS = [Block(first, 1, starts_system=first > 0 and first % 2 == 0) for first in range(8)]


def score_of(**changes: Measure) -> Score:
    """Eight empty bars; changes: bar_<index> -> the measure there."""
    measures = [bar(number) for number in range(1, 9)]
    for name, measure in changes.items():
        measures[int(name[4:])] = measure
    return Score(measures=tuple(measures), placements=())


def bar(number: int, **said: object) -> Measure:
    made = Measure(
        number=number,
        metre=Metre(4, 4),
        length=Fraction(4),
        voices=(WHOLE_REST,),
        groups=(Fraction(4),),
        start_seconds=2.0 * number,
        end_seconds=2.0 * number + 2.0,
    )
    return replace(made, **said)  # type: ignore[arg-type]


def cuts(score: Score) -> list[int]:
    return [stretch.start for stretch in cut_between_lines(score, BLOCKS)][1:]


def test_plain_lines_are_cut_at_every_line() -> None:
    assert cuts(score_of()) == [2, 4, 6]


def test_a_hairpin_holds_the_lines_together_that_it_goes_over_or_ends_in() -> None:
    grows = Hairpin(HairpinKind.CRESCENDO, 3)
    assert cuts(score_of(bar_1=bar(2, hairpin=grows))) == [6]


def test_an_ending_holds_the_lines_together_that_its_bracket_goes_over() -> None:
    begins = RoadSigns(ending=(1,), begins_ending=True)
    ends = RoadSigns(ending=(1,), ends_ending=True, ends_repeat=2)
    score = score_of(bar_3=bar(4, road=begins), bar_4=bar(5, road=ends))
    assert cuts(score) == [2, 6]


def test_a_change_of_metre_stays_beside_the_line_that_announces_it() -> None:
    waltz = replace(
        bar(5),
        metre=Metre(3, 4),
        length=Fraction(3),
        voices=(Voice(VoiceRole.HANDS, (Event(Fraction(0), Fraction(3), None),)),),
        groups=(Fraction(3),),
    )
    assert cuts(score_of(bar_4=waltz)) == [2, 6]


@pytest.mark.parametrize("paper", [A4, NARROW], ids=["A4", "narrow"])
@pytest.mark.parametrize("name", sorted(PIECES))
def test_stretches_say_what_the_whole_document_says(name: str, paper: Paper) -> None:
    piece = PIECES[name]()
    score = quantize(piece.hits, piece.grid, title=name)
    stretches = write_stretches(score, style="weinberg", paper=paper)
    assert all(a.measures.stop == b.measures.start for a, b in pairwise(stretches))
    apart = [
        replace(note, measure=stretch.measures[note.measure])
        for stretch in stretches
        for note in read_musicxml(stretch.musicxml)
    ]
    assert apart == read_musicxml(write_musicxml(score, style="weinberg", paper=paper))
    assert [name.encode() in stretch.musicxml for stretch in stretches].count(True) == 1

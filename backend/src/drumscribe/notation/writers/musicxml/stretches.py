"""A score cut into parts that can be drawn one by one and stacked: between lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from drumscribe.domain.score import Score
from drumscribe.notation.layout import Block, Paper, lay_out
from drumscribe.notation.measures.one_voice import in_style
from drumscribe.notation.styles.drum_maps import GENERAL_MIDI
from drumscribe.notation.styles.drum_styles import DrumStyle, find_style
from drumscribe.notation.writers.musicxml.writer import MusicXmlWriter


@dataclass(frozen=True, slots=True)
class Stretch:
    """measures: of the score, by their indices. musicxml: a document of them alone."""

    measures: range
    musicxml: bytes


def write_stretches(score: Score, *, style: str | DrumStyle, paper: Paper) -> list[Stretch]:
    """The document of write_musicxml in parts, for an engraver that draws them apart.

    What stands in a stretch depends on its own bars alone, as far as it can be seen: where one
    stroke is edited, the documents of the other stretches stay as they were.
    """
    table = find_style(style)
    shown = in_style(score, table)
    blocks = lay_out(shown, paper)
    writer = MusicXmlWriter(shown, table, GENERAL_MIDI, blocks)
    return [
        Stretch(part, writer.document(part, is_part=True))
        for part in cut_between_lines(shown, blocks)
    ]


def cut_between_lines(score: Score, blocks: Sequence[Block]) -> list[range]:
    """Measures of each stretch, in order: a line, or as many as hang together.

    Lines hang together where a hairpin or the bracket of an ending goes on from one to the next,
    and where the metre changes: the end of a line says the metre of the next one.

    blocks: as lay_out gives them for the score.
    """
    held = _held_together(score)
    cuts = [
        block.first
        for block in blocks
        if block.starts_system
        and block.first not in held
        and score.measures[block.first - 1].metre == score.measures[block.first].metre
    ]
    edges = [0, *cuts, len(score.measures)]
    return [range(begin, end) for begin, end in pairwise(edges)]


def _held_together(score: Score) -> set[int]:
    """Measures that something goes on into from the measure before, or ends at the start of."""
    held: set[int] = set()
    is_in_ending = False
    for index, measure in enumerate(score.measures):
        if measure.hairpin is not None:
            held.update(range(index + 1, index + measure.hairpin.n_measures + 1))
        if is_in_ending:
            held.add(index)
        road = measure.road
        if road is not None:
            is_in_ending = (is_in_ending or road.begins_ending) and not road.ends_ending
    return held

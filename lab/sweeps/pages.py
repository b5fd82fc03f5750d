"""What a fifth more or less of each number of notation costs, on the study of pages.

    python -m lab.sweeps.pages [--pieces 1] [--only WORD]

Pieces of every condition (seed 0) are written over their true beats, with each number as it is and
with it turned. A line says how many main strokes stand in their bar and slot, and how ornaments,
ghosts and accents agree (F), both as differences in per cent of what the product has, and how many
of all pages came out otherwise: those of the study and those of the tests that look at pages.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass

from drumscribe.domain.drums import Hit
from drumscribe.domain.rhythm import BeatGrid
from drumscribe.evaluation.text_tables import table
from drumscribe.notation import tuning as notation
from drumscribe.notation.chart import tuning as chart
from drumscribe.notation.chart.writing import chart_of
from drumscribe.notation.layout import lay_out
from drumscribe.notation.quantize import quantize
from drumscribe.notation.quantize import tuning as quantizing
from drumscribe.notation.structure import tuning as structure
from engraving_pieces import PIECES
from lab.notation_study.composed.conditions import conditions
from lab.notation_study.composed.performing import Performance
from lab.notation_study.composed.pieces import Piece
from lab.notation_study.judging.slots import judge_marks, judge_slots
from lab.notation_study.study import Task, piece_of
from lab.sweeps.turning import FACTORS, Knob, knobs_of, turned

TUNINGS = {"notation": notation, "quantize": quantizing, "structure": structure, "chart": chart}


@dataclass(frozen=True, slots=True)
class Result:
    """Shares over all pieces, and every page."""

    slots: float
    ornaments: float
    ghosts: float
    accents: float
    pages: tuple[object, ...]


Song = tuple[Sequence[Hit], BeatGrid]


def measured(pieces: Sequence[tuple[Piece, Performance]], songs: Sequence[Song]) -> Result:
    """Write everything and judge what can be judged."""
    pages: list[object] = []
    slots, marks = [], []
    for piece, performance in pieces:
        score = quantize(performance.hits, performance.grid)
        slots.append(judge_slots(piece, performance, score))
        marks.append(judge_marks(performance, score))
        pages.append((score, lay_out(score)))
    for hits, grid in songs:
        score = quantize(hits, grid)
        pages.append((score, lay_out(score), chart_of(score)))
    return Result(
        slots=sum(s.in_time for s in slots) / sum(s.strokes for s in slots),
        ornaments=_f(
            sum(s.graces_right for s in slots),
            sum(s.graces + s.written_graces for s in slots),
        ),
        ghosts=_f(
            sum(m.ghosts_right for m in marks), sum(m.ghosts_true + m.ghosts_written for m in marks)
        ),
        accents=_f(
            sum(m.accents_right for m in marks),
            sum(m.accents_true + m.accents_written for m in marks),
        ),
        pages=tuple(pages),
    )


def _f(right: int, true_and_written: int) -> float:
    return 2 * right / true_and_written if true_and_written else 1.0


def row(knob: Knob, before: Result, after: Sequence[Result | None]) -> tuple[str, ...]:
    """How much better or worse each measure is, less first, and pages that changed."""

    def gained(name: str) -> str:
        return " ".join(
            _signed(getattr(one, name) - getattr(before, name)) if one else "refused"
            for one in after
        )

    otherwise = [
        sum(a != b for a, b in zip(one.pages, before.pages, strict=True)) if one else "refused"
        for one in after
    ]
    return (
        knob.name,
        f"{knob.value:g}",
        *(gained(name) for name in ("slots", "ornaments", "ghosts", "accents")),
        " ".join(map(str, otherwise)),
    )


def _signed(share: float) -> str:
    return "." if abs(share) < 0.00005 else f"{100 * share:+.2f}"


def known_songs() -> list[Song]:
    """The pieces of the tests that look at pages."""
    made = [make() for make in PIECES.values()]
    return [(piece.hits, piece.grid) for piece in made]


def _turned(
    knob: Knob, factor: float, pieces: Sequence[tuple[Piece, Performance]], songs: Sequence[Song]
) -> Result | None:
    """None where no number so large or small can be worked with (101 per cent)."""
    with turned(knob, factor):
        try:
            return measured(pieces, songs)
        except ValueError:
            return None


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pieces", type=int, default=1, help="of each condition")
    parser.add_argument("--only", default="", help="numbers whose name has this word")
    args = parser.parse_args()
    pieces = [
        piece_of(Task(condition=condition, index=index, seed=0))
        for condition in conditions()
        for index in range(args.pieces)
    ]
    songs = known_songs()
    before = measured(pieces, songs)
    print(
        f"{len(pieces)} pieces, {len(before.pages)} pages: slots {before.slots:.2%}, ornaments "
        f"{before.ornaments:.2%}, ghosts {before.ghosts:.2%}, accents {before.accents:.2%}"
    )
    rows = []
    for knob in knobs_of(TUNINGS):
        if args.only not in knob.name:
            continue
        after = [_turned(knob, factor, pieces, songs) for factor in FACTORS]
        rows.append(row(knob, before, after))
        print("  ".join(rows[-1]), file=sys.stderr, flush=True)
    head = ("number", "is", "slots", "ornaments", "ghosts", "accents", "pages otherwise")
    print(table(head, rows))


if __name__ == "__main__":
    main()

"""The ids by which notes and bars are found on a page, and which bar stands for which."""

from __future__ import annotations

from drumscribe.domain.score import Score
from drumscribe.notation.layout import rest_runs


def note_id(hit: int) -> str:
    """The id of the note that stands for a hit, in MusicXML and on SVG pages."""
    return f"hit-{hit}"


def bar_id(number: int) -> str:
    """The id of the bar of that number, in MusicXML and on SVG pages."""
    return f"bar-{number}"


def drawn_bars(score: Score) -> list[int]:
    """Per measure the index of the one that is drawn for it.

    That is the measure itself, but for bars of rest that are gathered under one sign: there it is
    the first of them. A bar with a tempo mark stands before such a sign, not under it: Verovio
    drops what belongs to the sign's first bar.
    """
    drawn: list[int] = []
    for first, count in rest_runs(score):
        sign, under_sign = first, count
        if count > 1 and score.measures[first].tempo_mark is not None:
            drawn.append(first)
            sign, under_sign = first + 1, count - 1
        drawn += [sign] * under_sign
    return drawn

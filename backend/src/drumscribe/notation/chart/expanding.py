"""A chart read aloud, sign for sign, as a player does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from drumscribe.domain.form.road_signs import RoadSigns
from drumscribe.domain.score import Measure, Score


def expand(chart: Score) -> Score:
    """Every bar that a chart says, in the order in which it is played.

    Slashes become the groove that they stand for. Numbers and times are counted through; letters,
    tempi and words stand where the chart has them first.
    """
    bars: list[Measure] = []
    said: set[int] = set()
    for at_hand, played in in_order(chart):
        measure, above = chart.measures[played], chart.measures[at_hand]
        begin = bars[-1].end_seconds if bars else measure.start_seconds
        is_new = at_hand not in said
        said.add(at_hand)
        bars.append(
            replace(
                measure,
                number=bars[-1].number + 1 if bars else measure.number,
                start_seconds=begin,
                end_seconds=begin + measure.end_seconds - measure.start_seconds,
                is_pickup=measure.is_pickup and not bars,
                rehearsal=above.rehearsal if is_new else None,
                words=above.words if is_new else None,
                text=above.text if is_new else None,
                tempo_mark=above.tempo_mark if is_new else None,
                dynamic=above.dynamic if is_new else None,
                hairpin=above.hairpin if is_new else None,
                road=None,
            )
        )
    return replace(chart, measures=tuple(bars))


def in_order(chart: Score) -> list[tuple[int, int]]:
    """(the printed bar that is at hand, the printed bar whose notes are played), bar for bar."""
    signs = [measure.road or RoadSigns() for measure in chart.measures]
    order = playing_order(signs)
    assert order is not None
    return [pair for at in order for pair in _bars_of(signs[at], at)]


def playing_order(signs: Sequence[RoadSigns], *, at_most: int | None = None) -> list[int] | None:
    """The printed bars in the order in which their signs lead a player; None beyond at_most bars.

    A sign that leads nowhere is passed over.
    """
    order: list[int] = []
    at, begin, pass_number, has_jumped = 0, 0, 1, False
    segno = next((k for k, sign in enumerate(signs) if sign.has_segno), None)
    coda = next((k for k, sign in enumerate(signs) if sign.begins_coda), None)
    while at < len(signs):
        here = signs[at]
        if here.begins_repeat and begin != at:
            begin, pass_number = at, 1
        if here.ending and pass_number not in here.ending:
            at += 1
            continue
        order.append(at)
        if at_most is not None and len(order) > at_most:
            return None
        if here.ends_repeat > pass_number:
            at, pass_number = begin, pass_number + 1
        elif has_jumped and here.goes_to_coda and coda is not None:
            at, coda = coda, None
        elif has_jumped and here.is_fine:
            break
        elif here.jump is not None and not has_jumped and segno is not None:
            has_jumped = True
            at = segno
        else:
            at += 1
            is_over = here.ends_repeat > 0 or bool(here.ending)
            if is_over and at < len(signs) and not signs[at].ending:
                begin, pass_number = at, 1
    return order


def _bars_of(signs: RoadSigns, at: int) -> list[tuple[int, int]]:
    if signs.slashes is None:
        return [(at, at)]
    return [(at, signs.slashes.bar(index)) for index in range(signs.slashes.n_bars)]

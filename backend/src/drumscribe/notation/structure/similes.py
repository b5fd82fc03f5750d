"""Similes: bars that look the same as those before them become repeat signs.

A sign repeats one bar, two or four. It never leaves its section, and signs of two and four bars
begin where phrases of two and four bars begin, counted from the start of the section, so that
lines of four bars never tear one apart. A sign refers to bars that are written out or under signs
as long as itself or shorter, never to the end of a longer sign: nobody could tell which bar that
is. A line begins with a sign only where nothing else stands on it: whoever looks up finds the
groove on every other line.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import replace
from typing import Final

from drumscribe.domain.score import SIMILE_SPANS, Measure, Score, Simile

# Bars under repeat signs are counted every four, and stand four to a line.
COUNT_EVERY_BARS: Final = 4
LINE_BARS: Final = 4


def with_similes(score: Score) -> Score:
    """The score with repeat signs set on bars that look like the bars before them.

    Velocity and timing do not count, what is printed does: heads, marks, rhythm, hands. The voices
    stay as they are. Over every fourth bar of a section a number says which one it is, so that
    nobody loses count; signs of several bars bear the number of their bars instead.
    """
    measures = score.measures
    looks = [_look(measure) for measure in measures]
    signs: list[Simile | None] = [None] * len(measures)
    for start, end in _stretches(measures):
        _mark(looks, signs, start, end)
    if not any(signs):
        return score
    return replace(
        score,
        measures=tuple(replace(m, simile=s) for m, s in zip(measures, signs, strict=True)),
    )


def without_similes(score: Score) -> Score:
    """The score with every bar written out."""
    if not any(measure.simile for measure in score.measures):
        return score
    return replace(
        score, measures=tuple(replace(measure, simile=None) for measure in score.measures)
    )


def _look(measure: Measure) -> Hashable:
    """What is printed between the bar lines; equal looks, equal bars."""
    return (
        measure.metre,
        measure.length,
        tuple(
            (
                voice.role,
                tuple(
                    (
                        event.onset,
                        event.value,
                        event.tuplet,
                        tuple(n.sticking for n in event.graces),
                        tuple(
                            (
                                n.instrument,
                                n.articulation,
                                n.is_ghost,
                                n.is_accent,
                                n.is_closing,
                                n.sticking,
                            )
                            for n in event.notes
                        ),
                    )
                    for event in voice.events
                ),
            )
            for voice in measure.voices
        ),
    )


def _stretches(measures: Sequence[Measure]) -> list[tuple[int, int]]:
    """[start, end) of bars over which phrases are counted: sections, cut at every new mark."""
    starts = [
        k
        for k, m in enumerate(measures)
        if k == 0
        or m.rehearsal is not None
        or m.text is not None
        or m.tempo_mark is not None
        or m.dynamic is not None
        or m.hairpin is not None
        or m.metre != measures[k - 1].metre
        or m.is_straight != measures[k - 1].is_straight
        or measures[k - 1].is_pickup
        or m.is_empty != measures[k - 1].is_empty
    ]
    return [
        (a, b)
        for a, b in zip(starts, [*starts[1:], len(measures)], strict=True)
        if not measures[a].is_empty and not measures[a].is_pickup
    ]


def _mark(looks: Sequence[Hashable], signs: list[Simile | None], start: int, end: int) -> None:
    k = start
    while k < end:
        span = _span_at(looks, signs, k, start, end)
        if span is None:
            k += 1
            continue
        bar = k - start + 1
        counts = span == 1 and bar % COUNT_EVERY_BARS == 0
        for index in range(span):
            signs[k + index] = Simile(span, index, bar if counts else None)
        k += span


def _span_at(
    looks: Sequence[Hashable], signs: Sequence[Simile | None], k: int, start: int, end: int
) -> int | None:
    """How many bars a sign at bar k repeats; None where the bar is written out."""
    for span in SIMILE_SPANS:
        if (k - start) % span or k - span < start or k + span > end:
            continue
        if any(sign is not None and sign.span > span for sign in signs[k - span : k]):
            continue
        # What the sign must stand for: itself, at the start of a line the whole line.
        reach = k + span if (k - start) % LINE_BARS else min(k + LINE_BARS, end)
        if all(looks[bar] == looks[bar - span] for bar in range(k, reach)):
            return span
    return None

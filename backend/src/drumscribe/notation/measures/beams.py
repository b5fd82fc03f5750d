"""Beams, decided in one place for every writer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from drumscribe.domain.rhythm import Metre
from drumscribe.domain.score import Beam, Event, NoteValue

_EIGHTH = NoteValue(Fraction(1, 2))


def beam_events(
    events: Sequence[Event], groups: Sequence[Fraction], metre: Metre, length: Fraction
) -> tuple[Event, ...]:
    """The events of one voice of one measure with their beams set.

    Notes are beamed within their rhythmic group, over a short rest inside it too; plain eighths
    join per half bar in 4/4 and per bar in 2/4.
    """
    beamed = list(events)
    for start, end in _beam_spans(events, groups, metre, length):
        inside = [i for i, e in enumerate(events) if start <= e.onset < end]
        for run in _runs(inside, events):
            _set_beams(beamed, run)
    return tuple(beamed)


def _beam_spans(
    events: Sequence[Event], groups: Sequence[Fraction], metre: Metre, length: Fraction
) -> list[tuple[Fraction, Fraction]]:
    spans: list[tuple[Fraction, Fraction]] = []
    joins = metre.denominator == 4 and metre.numerator in (2, 4)
    upbeat = metre.bar_length - length
    position = Fraction(0)
    for group in groups:
        start, end = position, position + group
        position = end
        on_second_beat = (upbeat + start) % 2 == 1
        if joins and on_second_beat and spans and _only_eighths(events, spans[-1][0], end):
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
    return spans


def _only_eighths(events: Sequence[Event], start: Fraction, end: Fraction) -> bool:
    inside = [e for e in events if start <= e.onset < end]
    return all(e.value == _EIGHTH and e.tuplet is None and not e.is_rest for e in inside)


def _runs(indices: Sequence[int], events: Sequence[Event]) -> list[list[int]]:
    """Maximal runs of at least two notes with flags, rests in between left out."""
    runs: list[list[int]] = [[]]
    for i in indices:
        value = events[i].value
        if value is None or value.beam_count == 0:
            runs.append([])
        elif not events[i].is_rest:
            runs[-1].append(i)
    return [run for run in runs if len(run) > 1]


def _set_beams(events: list[Event], run: Sequence[int]) -> None:
    counts = []
    for i in run:
        value = events[i].value
        assert value is not None
        counts.append(value.beam_count)
    for k, i in enumerate(run):
        levels: list[Beam] = []
        for level in range(1, counts[k] + 1):
            before = k > 0 and counts[k - 1] >= level
            after = k + 1 < len(run) and counts[k + 1] >= level
            if before and after:
                levels.append(Beam.CONTINUE)
            elif after:
                levels.append(Beam.BEGIN)
            elif before:
                levels.append(Beam.END)
            else:
                levels.append(_hook(events, run, k))
        events[i] = replace(events[i], beams=tuple(levels))


def _hook(events: Sequence[Event], run: Sequence[int], k: int) -> Beam:
    """A short note leans towards the dotted note that it completes."""
    if k == 0:
        return Beam.FORWARD_HOOK
    before = events[run[k - 1]].value
    if k + 1 == len(run) or (before is not None and before.dots):
        return Beam.BACKWARD_HOOK
    return Beam.FORWARD_HOOK

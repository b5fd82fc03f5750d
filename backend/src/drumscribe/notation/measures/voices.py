"""From positions to written values: the events of one voice of one measure.

A drum note lasts to the next event of its voice, at most to the end of its rhythmic group, so
that no rests stand on the page that only come from short sustain.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache, lru_cache
from itertools import pairwise

from drumscribe.domain.drums import Articulation, Instrument
from drumscribe.domain.rhythm import Metre
from drumscribe.domain.score import (
    Event,
    NoteValue,
    ScoreNote,
    Tuplet,
    TupletEdge,
    Voice,
    VoiceRole,
)
from drumscribe.notation.measures.beams import beam_events

_SHORTEST = Fraction(1, 8)
_SIXTEENTH = Fraction(1, 4)
_EIGHTH = Fraction(1, 2)
_TUPLETS = (3, 6, 12, 24)


@dataclass(frozen=True, slots=True)
class Chord:
    """What is struck at one position in one voice."""

    notes: tuple[ScoreNote, ...]
    graces: tuple[ScoreNote, ...] = ()


_STAND_IN = ScoreNote(Instrument.SNARE)


def role_of(instrument: Instrument, articulation: Articulation | None) -> VoiceRole:
    """The bass drum and the foot on the hi-hat are feet; everything else is hands."""
    by_foot = instrument is Instrument.KICK or articulation is Articulation.PEDAL
    hat_splash = instrument is Instrument.HIHAT_OPEN and articulation is Articulation.SPLASH
    return VoiceRole.FEET if by_foot or hat_splash else VoiceRole.HANDS


def write_voice(
    role: VoiceRole,
    chords: Mapping[Fraction, Chord],
    *,
    groups: Sequence[Fraction],
    beat_length: Fraction,
    metre: Metre,
) -> Voice:
    """One voice of one measure, values, tuplets, rests and beams decided.

    chords: by position in quarter notes from the start of the measure.
    groups: lengths of the rhythmic groups; they fill the measure.
    beat_length: the beats within which tuplets stand.
    """
    onsets = tuple(sorted(chords))
    rhythm = _rhythm(onsets, tuple(groups), beat_length, metre)
    in_order = map(chords.__getitem__, onsets)
    events = [event if event.is_rest else _struck(event, next(in_order)) for event in rhythm]
    return Voice(role, tuple(events))


def _struck(event: Event, chord: Chord) -> Event:
    """The event with a chord in the place of its stand-in."""
    # Not by replace, which takes longer than all the rest of a voice.
    return Event(
        onset=event.onset,
        duration=event.duration,
        value=event.value,
        notes=chord.notes,
        graces=chord.graces,
        beams=event.beams,
        tuplet=event.tuplet,
        tuplet_edge=event.tuplet_edge,
    )


@lru_cache(maxsize=4096)
def _rhythm(
    onsets: tuple[Fraction, ...], groups: tuple[Fraction, ...], beat_length: Fraction, metre: Metre
) -> tuple[Event, ...]:
    """The events of a voice, one stand-in note per chord. Bars repeat, so this is remembered."""
    length = sum(groups, Fraction(0))
    if not onsets:
        return (Event(Fraction(0), length, None),)
    chords = dict.fromkeys(onsets, Chord((_STAND_IN,)))
    events: list[Event] = []
    for start, end in _merged_silences(chords, groups, metre, length):
        span = {p: c for p, c in chords.items() if start <= p < end}
        if _is_straight(start, span):
            events += _straight_span(start, end, span)
            continue
        for cell in _cells(start, end, beat_length):
            inside = {p: c for p, c in span.items() if cell[0] <= p < cell[1]}
            straight = _is_straight(cell[0], inside)
            events += (_straight_span if straight else _tuplet_span)(*cell, inside)
    return beam_events(events, groups, metre, length)


def _merged_silences(
    chords: Mapping[Fraction, Chord], groups: Sequence[Fraction], metre: Metre, length: Fraction
) -> list[tuple[Fraction, Fraction]]:
    """Groups as (start, end); two silent beats become one where a half bar is silent.

    Only in 4/4 and 12/8 (and multiples), where the half bar is a unit that players read.
    """
    joins = (metre.denominator == 4 and metre.numerator == 4) or (
        metre.is_compound and metre.beats_per_bar == 4
    )
    upbeat = metre.bar_length - length
    half = metre.bar_length / 2
    spans: list[tuple[Fraction, Fraction]] = []
    silent_before = False
    position = Fraction(0)
    for group in groups:
        start, end = position, position + group
        position = end
        silent = not any(start <= p < end for p in chords)
        if joins and silent and silent_before and (upbeat + start) % half == group:
            spans[-1] = (spans[-1][0], end)
            silent_before = False
        else:
            spans.append((start, end))
            silent_before = silent
    return spans


def _cells(start: Fraction, end: Fraction, length: Fraction) -> list[tuple[Fraction, Fraction]]:
    n = int((end - start) / length)
    return [(start + k * length, start + (k + 1) * length) for k in range(n)]


def _is_straight(start: Fraction, chords: Mapping[Fraction, Chord]) -> bool:
    return all(((p - start) / _SHORTEST).denominator == 1 for p in chords)


def _straight_span(start: Fraction, end: Fraction, chords: Mapping[Fraction, Chord]) -> list[Event]:
    events: list[Event] = []
    onsets = sorted(chords)
    events += _rests(start, start, onsets[0] if onsets else end)
    for onset, after in pairwise([*onsets, end]):
        value = _value_within(onset - start, after - onset)
        chord = chords[onset]
        events.append(Event(onset, value.length, value, chord.notes, chord.graces))
        events += _rests(start, onset + value.length, after)
    return events


@cache
def _value_within(offset: Fraction, available: Fraction) -> NoteValue:
    """The longest readable single value: notes off the eighths do not reach far."""
    if offset % _EIGHTH == 0:
        limit = available
    elif offset % _SIXTEENTH == 0:
        limit = min(available, 3 * _SIXTEENTH)
    else:
        limit = min(available, _SHORTEST)
    return _longest_value(limit)


def _longest_value(limit: Fraction) -> NoteValue:
    step = min(_SHORTEST, limit)
    length = limit
    while (value := NoteValue.of_length(length, max_dots=1)) is None:
        length -= step
    return value


def _rests(origin: Fraction, start: Fraction, end: Fraction) -> list[Event]:
    """Rests from start to end: one where a single value does, else split at the subdivisions.

    origin: the start of the group, from which subdivisions count.
    """
    events: list[Event] = []
    while start < end:
        offset = start - origin
        value = NoteValue.of_length(end - start, max_dots=1)
        if value is None or (offset and offset % value.base):
            base = Fraction(4)
            while base > end - start or offset % base:
                base /= 2
            value = NoteValue(base)
        events.append(Event(start, value.length, value))
        start += value.length
    return events


def _tuplet_span(start: Fraction, end: Fraction, chords: Mapping[Fraction, Chord]) -> list[Event]:
    """One beat as a tuplet: three, six or twelve in the time of two, four or eight."""
    length = end - start
    actual = next(
        n for n in _TUPLETS if all(((p - start) * n / length).denominator == 1 for p in chords)
    )
    tuplet = Tuplet(actual, actual * 2 // 3)
    written = length / tuplet.normal  # the written value of one slot
    sounding = length / actual

    def event(slot: int, n_slots: int, chord: Chord | None) -> Event:
        value = NoteValue.of_length(written * n_slots, max_dots=1)
        assert value is not None
        onset = start + slot * sounding
        notes, graces = (chord.notes, chord.graces) if chord else ((), ())
        return Event(onset, sounding * n_slots, value, notes, graces, tuplet=tuplet)

    def fill(slot: int, stop: int) -> list[Event]:
        rests: list[Event] = []
        while slot < stop:
            n = stop - slot
            while NoteValue.of_length(written * n, max_dots=1) is None or (slot and slot % n):
                n -= 1
            rests.append(event(slot, n, None))
            slot += n
        return rests

    slots = {int((p - start) / sounding): chord for p, chord in sorted(chords.items())}
    onsets = list(slots)
    events = fill(0, onsets[0])
    for slot, after in pairwise([*onsets, actual]):
        n = after - slot
        while NoteValue.of_length(written * n, max_dots=1) is None:
            n -= 1
        events.append(event(slot, n, slots[slot]))
        events += fill(slot + n, after)
    return _with_edges(events)


def _with_edges(events: Sequence[Event]) -> list[Event]:
    first, *inner, last = events
    return [
        replace(first, tuplet_edge=TupletEdge.START),
        *inner,
        replace(last, tuplet_edge=TupletEdge.STOP),
    ]

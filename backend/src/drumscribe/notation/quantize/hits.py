"""Hits and beats become a score: slots, ornaments, bars, voices, dynamics."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from operator import itemgetter

import numpy as np
from numpy.typing import NDArray

from drumscribe.domain.drums import Articulation, Hit, Instrument
from drumscribe.domain.placements import MergeReason, Placement
from drumscribe.domain.rhythm import BeatGrid, Metre
from drumscribe.domain.score import Measure, Score
from drumscribe.notation.dynamics import Dynamics, judge_dynamics
from drumscribe.notation.measures.assemble import Placed, beat_weights, write_measures
from drumscribe.notation.measures.bars import Bar, lay_bars
from drumscribe.notation.quantize.collisions import resolve_collisions
from drumscribe.notation.quantize.divisions import BEAT
from drumscribe.notation.quantize.ghost_pairs import fold_ghost_pairs
from drumscribe.notation.quantize.reading.options import QuantizeOptions
from drumscribe.notation.quantize.reading.song import Reading, Slots, read_song
from drumscribe.notation.quantize.same_places import settle_dynamics
from drumscribe.notation.quantize.swung import straighten
from drumscribe.notation.structure import mark_feel, mark_loudness, mark_sections
from drumscribe.notation.text import clean_text


def quantize(
    hits: Sequence[Hit],
    grid: BeatGrid,
    *,
    first: Sequence[Hit] = (),
    options: QuantizeOptions | None = None,
    title: str | None = None,
    artist: str | None = None,
    source: str | None = None,
) -> Score:
    """Write hits as music over a beat grid.

    hits: in any order; Score.placements says for each of them, in the order given, where it went;
        it names them by their ids, or by their indices where they have none.
    first: the strokes that the page was first written from; none: these hits. How the song is
        played is judged from them, and what stands on the page as it did then is written as it was
        then: correcting one bar writes no other anew.
    Every hit becomes a note, a grace note, or is listed as merged into another hit.
    """
    options = options or QuantizeOptions()
    order = sorted(range(len(hits)), key=lambda i: _in_time(hits[i]))
    ordered = [hits[i] for i in order]
    named = [_name_of(hits[i], i) for i in order]
    begun_with = sorted(first, key=_in_time) if first else ordered
    if begun_with == ordered:
        # Alike but for what is said of strokes beside their sound: ids, hands.
        begun_with = ordered
    reading = read_song(begun_with, grid, options)
    page = _decide(begun_with, reading.first, reading, options)
    weights = _beat_weights(page, reading)
    if begun_with is not ordered:
        marks = _marks_of(begun_with, page)
        page = _decide(ordered, reading.of_page(ordered), reading, options, marks)
    placed = Placed(page.hits, named, page.placements, page.graces, page.dynamics)
    measures = write_measures(placed, page.bars, reading.grid, weights)
    score = Score(
        measures=_with_feels(measures, page.bars, page.straight_beats),
        placements=_in_given_order(page.placements, order, named),
        offset_seconds=reading.offset_seconds,
        swing=reading.swing,
        title=clean_text(title),
        artist=clean_text(artist),
        source=clean_text(source),
    )
    return mark_feel(mark_loudness(mark_sections(score))) if options.mark_form else score


# A stroke by what says how it is marked.
_Stroke = tuple[float, Instrument, float, Articulation | None]


@dataclass(frozen=True, slots=True, eq=False)
class _Page:
    """All that is decided of strokes in the order of time, before it is written in values.

    hits: some of them rolls now. judged: ghosts and accents by loudness alone; dynamics: as the
    bars around have them, too.
    """

    hits: Sequence[Hit]
    graces: Mapping[int, Sequence[int]]
    placements: Sequence[Placement]
    bars: Sequence[Bar]
    straight_beats: Collection[int]
    judged: Sequence[Dynamics]
    dynamics: Sequence[Dynamics]


@dataclass(frozen=True, slots=True, eq=False)
class _Marks:
    """Ghosts and accents of the strokes of the first page; see _Page."""

    judged: Mapping[_Stroke, Dynamics]
    dynamics: Mapping[_Stroke, Dynamics]


def _marks_of(hits: Sequence[Hit], page: _Page) -> _Marks:
    strokes = [_stroke(hit) for hit in hits]
    return _Marks(
        dict(zip(strokes, page.judged, strict=True)), dict(zip(strokes, page.dynamics, strict=True))
    )


def _stroke(hit: Hit) -> _Stroke:
    return hit.time, hit.instrument, hit.velocity, hit.articulation


def _as_known(
    hits: Sequence[Hit], dynamics: Sequence[Dynamics], known: Mapping[_Stroke, Dynamics]
) -> list[Dynamics]:
    return [known.get(_stroke(hit), own) for hit, own in zip(hits, dynamics, strict=True)]


def _decide(
    hits: Sequence[Hit],
    stand: Slots,
    reading: Reading,
    options: QuantizeOptions,
    marks: _Marks | None = None,
) -> _Page:
    """hits: in the order of time. marks: those of the first page, where this is a later one."""
    ordered, slots, graces = list(hits), stand.slots, stand.graces
    grid, swing = reading.grid, reading.swing
    judged = judge_dynamics(ordered, options.dynamics)
    if marks is not None:
        judged = _as_known(hits, judged, marks.judged)
    buzzed = fold_ghost_pairs(ordered, slots, graces, judged, grid.metre.beat_length)
    for note, _ in buzzed.values():
        ordered[note] = replace(ordered[note], articulation=Articulation.ROLL)
    for stroke in buzzed:
        slots[stroke] = None
    collided = resolve_collisions(ordered, slots, graces)
    merged = collided | {
        stroke: collided.get(into, (into, reason)) for stroke, (into, reason) in buzzed.items()
    }

    beats_struck = [slot // BEAT for slot in slots if slot is not None]
    written = straighten(slots, swing, stand.straight_beats) if swing else slots
    bars = lay_bars(
        grid,
        min(beats_struck, default=None),
        max(beats_struck, default=None),
        leading_rests=options.leading_rests,
    )
    times = np.array([hit.time for hit in hits], dtype=np.float64) - reading.offset_seconds
    placements = _place(times, _Decided(slots, written, graces, merged), bars, grid)
    dynamics = settle_dynamics(ordered, placements, judged, [bar.n_beats for bar in bars])
    if marks is not None:
        dynamics = _as_known(hits, dynamics, marks.dynamics)
    return _Page(ordered, graces, placements, bars, stand.straight_beats, judged, dynamics)


def _beat_weights(page: _Page, reading: Reading) -> Callable[[], list[float]]:
    return lambda: beat_weights(page.hits, page.placements, page.bars, reading.grid)


def _in_time(hit: Hit) -> tuple[float, str]:
    return hit.time, hit.instrument.value


def _name_of(hit: Hit, index: int) -> int:
    return index if hit.id is None else hit.id


@dataclass(frozen=True, slots=True, eq=False)
class _Decided:
    """slots: as meant, in ticks, per hit, None for a grace; written: as they stand on the page.

    graces: per main hit; merged: into which hit, and why.
    """

    slots: Sequence[int | None]
    written: Sequence[int | None]
    graces: Mapping[int, Sequence[int]]
    merged: Mapping[int, tuple[int, MergeReason]]


def _with_feels(
    measures: Sequence[Measure], bars: Sequence[Bar], straight_beats: Collection[int]
) -> tuple[Measure, ...]:
    """Measures of parts that do not swing, marked so; empty ones go on as before."""
    marked: list[Measure] = []
    is_straight = bool(straight_beats) and min(straight_beats) < bars[0].end_beat
    for measure, bar in zip(measures, bars, strict=True):
        if straight_beats and not measure.is_empty:
            beats = range(bar.first_beat, bar.end_beat)
            is_straight = any(beat in straight_beats for beat in beats)
        marked.append(replace(measure, is_straight=True) if is_straight else measure)
    return tuple(marked)


def _place(
    times: NDArray[np.float64], decided: _Decided, bars: Sequence[Bar], grid: BeatGrid
) -> list[Placement]:
    main_of = {g: main for main, chain in decided.graces.items() for g in chain}
    starts = [bar.first_beat for bar in bars]
    mains: list[tuple[int, int]] = []
    for i in range(times.size):
        stands_for, _ = decided.merged.get(i, (i, None))
        main = main_of.get(stands_for, stands_for)
        slot, written = decided.slots[main], decided.written[main]
        assert slot is not None
        assert written is not None
        mains.append((slot, written))
    deviations = (times - grid.time_at(np.array([slot for slot, _ in mains]) / BEAT)).tolist()
    placements: list[Placement] = []
    for i, (_, written) in enumerate(mains):
        into, reason = decided.merged.get(i, (None, None))
        measure = bisect_right(starts, written // BEAT) - 1
        placements.append(
            Placement(
                hit=i,
                measure=measure,
                onset=_quarters(written - BEAT * bars[measure].first_beat, grid.metre),
                deviation_seconds=deviations[i],
                is_grace=into is None and i in main_of,
                merged_into=into,
                reason=reason,
            )
        )
    return placements


@lru_cache(maxsize=4096)
def _quarters(ticks: int, metre: Metre) -> Fraction:
    """Ticks of the beat in quarter notes. Bars repeat, so this is remembered."""
    return Fraction(ticks, BEAT) * metre.beat_length


def _in_given_order(
    placements: Sequence[Placement], order: Sequence[int], named: Sequence[int]
) -> tuple[Placement, ...]:
    """Placements speak of sorted hits; say the same of the hits as they were given and named."""
    given = [
        p
        if named[p.hit] == p.hit and p.merged_into is None
        else replace(
            p,
            hit=named[p.hit],
            merged_into=None if p.merged_into is None else named[p.merged_into],
        )
        for p in placements
    ]
    return tuple(
        placement for _, placement in sorted(zip(order, given, strict=True), key=itemgetter(0))
    )

"""Hits and beats become a score: constant offset, ornaments, slots, bars, voices, dynamics."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import pairwise
from operator import itemgetter

import numpy as np
from numpy.typing import NDArray

from drumscribe.domain.drums import Articulation, Hit
from drumscribe.domain.rhythm import BeatGrid
from drumscribe.domain.score import Measure, MergeReason, Placement, Score
from drumscribe.notation.dynamics import DynamicsOptions, judge_dynamics
from drumscribe.notation.measures.assemble import Placed, write_measures
from drumscribe.notation.measures.bars import Bar, lay_bars
from drumscribe.notation.quantize.beat_costs import Strokes
from drumscribe.notation.quantize.collisions import drum_of, resolve_collisions
from drumscribe.notation.quantize.ghost_pairs import fold_ghost_pairs
from drumscribe.notation.quantize.ornaments import find_ornaments
from drumscribe.notation.quantize.rhythm_grid import Assigned, assign_slots, estimate_spread
from drumscribe.notation.quantize.same_places import settle_dynamics
from drumscribe.notation.quantize.ternary import in_compound_time
from drumscribe.notation.quantize.tuning import ORNAMENTS, SLOTS
from drumscribe.notation.structure import mark_feel, mark_loudness, mark_sections
from drumscribe.notation.swing import straighten
from drumscribe.notation.text import clean_text


@dataclass(frozen=True, slots=True)
class QuantizeOptions:
    """How hits are brought onto the grid.

    spread_seconds: standard deviation of players and beats around the grid (measured on human
        performances: median 15 ms, 90th percentile 21 ms); None estimates it from the hits.
    leading_rests: write the bars before the drums enter as rests.
    allow_compound: write music whose beats are thirds in 12/8 (9/8, 6/8) instead of in triplets,
        unless a user gave the metre.
    allow_swing: write music that swings as straight eighths under a mark.
    mark_form: find sections, long changes of loudness and the feel, and mark them.
    """

    spread_seconds: float | None = None
    allow_triplets: bool = True
    leading_rests: bool = True
    allow_compound: bool = True
    allow_swing: bool = True
    mark_form: bool = True
    dynamics: DynamicsOptions = field(default_factory=DynamicsOptions)

    def __post_init__(self) -> None:
        if self.spread_seconds is not None and not 0.001 <= self.spread_seconds <= 0.2:
            raise ValueError(f"spread_seconds must lie in 0.001..0.2, got {self.spread_seconds}")


def quantize(
    hits: Sequence[Hit],
    grid: BeatGrid,
    *,
    options: QuantizeOptions | None = None,
    title: str | None = None,
    artist: str | None = None,
    source: str | None = None,
) -> Score:
    """Write hits as music over a beat grid.

    hits: in any order; Score.placements says for each of them, in the order given, where it went;
        it names them by their ids, or by their indices where they have none.
    Every hit becomes a note, a grace note, or is listed as merged into another hit.
    """
    options = options or QuantizeOptions()
    order = sorted(range(len(hits)), key=lambda i: (hits[i].time, hits[i].instrument.value, i))
    ordered = [hits[i] for i in order]
    named = [_name_of(hits[i], i) for i in order]
    times = np.array([hit.time for hit in ordered], dtype=np.float64)
    offset = constant_offset(times, grid)
    assigned, slots, graces = _slots_and_graces(ordered, times - offset, grid, options)
    if options.allow_compound and not grid.metre_is_said and assigned.swing is None:
        compound = in_compound_time(grid, [slot for slot in slots if slot is not None])
        if compound is not None:
            grid = compound
            assigned, slots, graces = _slots_and_graces(ordered, times - offset, grid, options)
    swing = assigned.swing
    dynamics = judge_dynamics(ordered, options.dynamics)
    buzzed = fold_ghost_pairs(ordered, slots, graces, dynamics, grid.metre.beat_length)
    for note, _ in buzzed.values():
        ordered[note] = replace(ordered[note], articulation=Articulation.ROLL)
    for stroke in buzzed:
        slots[stroke] = None
    collided = resolve_collisions(ordered, slots, graces)
    merged = collided | {
        stroke: collided.get(into, (into, reason)) for stroke, (into, reason) in buzzed.items()
    }

    main_slots = [s for s in slots if s is not None]
    written = straighten(slots, swing, assigned.straight_beats) if swing else slots
    bars = lay_bars(
        grid,
        min(main_slots, default=None),
        max(main_slots, default=None),
        leading_rests=options.leading_rests,
    )
    placements = _place(times - offset, _Decided(slots, written, graces, merged), bars, grid)
    dynamics = settle_dynamics(ordered, placements, dynamics, [bar.n_beats for bar in bars])
    placed = Placed(ordered, named, placements, graces, dynamics)
    score = Score(
        measures=_with_feels(write_measures(placed, bars, grid), bars, assigned.straight_beats),
        placements=_in_given_order(placements, order, named),
        offset_seconds=offset,
        swing=swing,
        title=clean_text(title),
        artist=clean_text(artist),
        source=clean_text(source),
    )
    return mark_feel(mark_loudness(mark_sections(score))) if options.mark_form else score


def _name_of(hit: Hit, index: int) -> int:
    return index if hit.id is None else hit.id


@dataclass(frozen=True, slots=True, eq=False)
class _Decided:
    """slots: as meant, in beats, per hit, None for a grace; written: as they stand on the page.

    graces: per main hit; merged: into which hit, and why.
    """

    slots: Sequence[Fraction | None]
    written: Sequence[Fraction | None]
    graces: Mapping[int, Sequence[int]]
    merged: Mapping[int, tuple[int, MergeReason]]


def constant_offset(times: NDArray[np.float64], grid: BeatGrid) -> float:
    """How much later than the beats the player is, in seconds: the median over on-beat strokes.

    Only strokes within 60 ms (and an eighth of the beat) of a beat count, so that swung and
    syncopated strokes do not pull; 0 where there are too few of them.
    """
    if times.size == 0:
        return 0.0
    positions = grid.beat_position(times)
    nearest = np.round(positions)
    away = times - grid.time_at(nearest)
    near = (np.abs(away) <= SLOTS.on_beat_seconds) & (
        np.abs(positions - nearest) <= SLOTS.on_beat_share
    )
    if int(near.sum()) < SLOTS.enough_on_beat:
        return 0.0
    return float(
        np.clip(np.median(away[near]), -SLOTS.most_offset_seconds, SLOTS.most_offset_seconds)
    )


def _slots_and_graces(
    hits: Sequence[Hit], times: NDArray[np.float64], grid: BeatGrid, options: QuantizeOptions
) -> tuple[Assigned, list[Fraction | None], dict[int, list[int]]]:
    """What was decided of strokes, slot in beats per hit (None for a grace), graces per main."""
    graces = {o.main: list(o.graces) for o in find_ornaments(hits)}
    is_grace = {g for chain in graces.values() for g in chain}
    clusters = _clusters(hits, times, is_grace)
    centres = np.array([float(np.mean(times[c])) for c in clusters], dtype=np.float64)
    positions = grid.beat_position(centres) if clusters else centres
    beats = np.floor(positions)
    seconds = grid.time_at(beats + 1) - grid.time_at(beats) if clusters else centres
    strokes = Strokes(
        positions,
        seconds,
        _must_stand_apart(hits, centres, clusters),
        bar_beats=_bar_beats(beats.astype(np.int64), grid),
        drums=_numbered([frozenset(drum_of(hits[i]) for i in cluster) for cluster in clusters]),
        downbeats=np.flatnonzero(grid.beat_numbers == 1),
    )
    spread = options.spread_seconds
    if spread is None:
        spread = estimate_spread(strokes, grid.metre, allow_triplets=options.allow_triplets)
    assigned = assign_slots(
        strokes,
        grid.metre,
        spread_seconds=spread,
        allow_triplets=options.allow_triplets,
        allow_swing=options.allow_swing,
    )
    slots: list[Fraction | None] = [None] * len(hits)
    for cluster, slot in zip(clusters, assigned.slots, strict=True):
        for i in cluster:
            slots[i] = slot
    return assigned, slots, graces


def _bar_beats(beats: NDArray[np.int64], grid: BeatGrid) -> NDArray[np.int64]:
    """Which beat of its bar each beat of the grid is, from 0; bars go on before and after it."""
    per_bar, last = grid.metre.beats_per_bar, grid.beat_numbers.size - 1
    inside = np.clip(beats, 0, last)
    return np.asarray((grid.beat_numbers[inside] - 1 + beats - inside) % per_bar)


def _numbered(things: Sequence[Hashable]) -> NDArray[np.int64]:
    numbers: dict[Hashable, int] = {}
    return np.array([numbers.setdefault(thing, len(numbers)) for thing in things], dtype=np.int64)


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


def _must_stand_apart(
    hits: Sequence[Hit], centres: NDArray[np.float64], clusters: Sequence[Sequence[int]]
) -> NDArray[np.bool_]:
    """Clusters with a drum of the cluster before, too late after it to be its flam."""
    drums = [{drum_of(hits[i]) for i in cluster} for cluster in clusters]
    late = np.diff(centres, prepend=-np.inf) > ORNAMENTS.flam_seconds[1]
    shared = [False, *(bool(a & b) for a, b in pairwise(drums))][: len(clusters)]
    return np.asarray(late & np.array(shared, dtype=np.bool_))


def _clusters(
    hits: Sequence[Hit], times: NDArray[np.float64], left_out: set[int]
) -> list[list[int]]:
    """Strokes of different drums that were meant together, at most 30 ms apart."""
    clusters: list[list[int]] = []
    for i in range(len(hits)):
        if i in left_out:
            continue
        if clusters:
            current = clusters[-1]
            together = times[i] - times[current[0]] <= SLOTS.together_seconds
            if together and all(drum_of(hits[j]) != drum_of(hits[i]) for j in current):
                current.append(i)
                continue
        clusters.append([i])
    return clusters


def _place(
    times: NDArray[np.float64], decided: _Decided, bars: Sequence[Bar], grid: BeatGrid
) -> list[Placement]:
    main_of = {g: main for main, chain in decided.graces.items() for g in chain}
    starts = [bar.first_beat for bar in bars]
    mains: list[tuple[Fraction, Fraction]] = []
    for i in range(times.size):
        stands_for, _ = decided.merged.get(i, (i, None))
        main = main_of.get(stands_for, stands_for)
        slot, written = decided.slots[main], decided.written[main]
        assert slot is not None
        assert written is not None
        mains.append((slot, written))
    meant = grid.time_at(np.array([float(slot) for slot, _ in mains]))
    placements: list[Placement] = []
    for i, (_, written) in enumerate(mains):
        into, reason = decided.merged.get(i, (None, None))
        measure = bisect_right(starts, float(written)) - 1
        placements.append(
            Placement(
                hit=i,
                measure=measure,
                onset=(written - bars[measure].first_beat) * grid.metre.beat_length,
                deviation_seconds=float(times[i] - meant[i]),
                is_grace=into is None and i in main_of,
                merged_into=into,
                reason=reason,
            )
        )
    return placements


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

"""How a song is read: judged from the strokes that its page was first written from.

How late and how loosely it is played, whether it swings, which slots are usual, where each stroke
stands: all that is asked of the whole song is asked of those strokes. Who then corrects a bar
changes how this bar is read, and no other.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from drumscribe.domain.drums import Hit
from drumscribe.domain.rhythm import BeatGrid
from drumscribe.domain.score import Swing
from drumscribe.notation.quantize.beat_costs import BeatCosts
from drumscribe.notation.quantize.collisions import Drum, drum_of
from drumscribe.notation.quantize.divisions import BEAT
from drumscribe.notation.quantize.reading.clusters import Clusters, Numbers, strokes_at
from drumscribe.notation.quantize.reading.options import QuantizeOptions
from drumscribe.notation.quantize.rhythm_grid import (
    Assigned,
    assign_slots,
    cheapest_path,
    costs_of_families,
    estimate_spread,
)
from drumscribe.notation.quantize.ternary import in_compound_time
from drumscribe.notation.quantize.tuning import SLOTS

# A stroke as it sounds; a cluster of them, and how many such stand before it.
_Sound = tuple[float, Drum]
_Cluster = tuple[tuple[_Sound, ...], int]


@dataclass(frozen=True, slots=True, eq=False)
class Slots:
    """Where hits stand. slots: in ticks per hit, None for a grace; graces: per main hit.

    straight_beats: beats with strokes in parts that do not swing though others do.
    """

    slots: list[int | None]
    graces: dict[int, list[int]]
    straight_beats: frozenset[int]


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """A song as it was read first.

    grid: its beats, in the metre in which they are written.
    offset_seconds: how much later than the beats the player is; see constant_offset.
    spread_seconds: how far he strays from the grid.
    first: where the strokes stand that were read.
    """

    grid: BeatGrid
    offset_seconds: float
    spread_seconds: float
    first: Slots
    _assigned: Assigned
    _numbers: Numbers
    _in_beats: Mapping[int, list[_Cluster]]
    _slot_of: Mapping[_Cluster, int]
    _slot_of_sound: Mapping[_Sound, int]
    _allow_triplets: bool

    @property
    def swing(self) -> Swing | None:
        return self._assigned.swing

    def of_page(self, hits: Sequence[Hit]) -> Slots:
        """Where the strokes of the page stand as it is now. hits: in the order of time.

        Beats whose strokes are those of the first page are written as they were. What is struck
        in the others is read anew, bar by bar, by what is usual in the song.
        """
        times = np.array([hit.time for hit in hits], dtype=np.float64) - self.offset_seconds
        clusters = Clusters.of(hits, times)
        positions = self.grid.beat_position(clusters.centres)
        named = _named(hits, clusters)
        known = [self._known_slot(cluster) for cluster in named]
        beats = [
            _beat_of(slot, position)
            for slot, position in zip(known, positions.tolist(), strict=True)
        ]
        in_beats = _by_beat(named, beats)
        changed = {b for b, here in in_beats.items() if self._in_beats.get(b) != here}
        slots = [self._slot_of.get(cluster, 0) for cluster in named]
        anew = sorted(
            (i for i, beat in enumerate(beats) if beat in changed),
            key=lambda i: (beats[i], positions[i]),
        )
        straight = self._straight_among(changed) | self._assigned.straight_beats
        if anew:
            of_anew = np.array([beats[i] for i in anew], dtype=np.float64)
            inside = np.clip(positions[anew], of_anew, np.nextafter(of_anew + 1, of_anew))
            struck = [clusters.struck[i] for i in anew]
            found = self._read(inside, struck, clusters.centres[anew], straight, in_beats.keys())
            for i, slot in zip(anew, found.tolist(), strict=True):
                before = known[i]
                leaves = before is not None and not self._are_in_one_bar(beats[i], slot // BEAT)
                slots[i] = before if before is not None and leaves else slot
        return Slots(clusters.slots_of_hits(slots, len(hits)), clusters.graces, straight)

    def _known_slot(self, cluster: _Cluster) -> int | None:
        """Where the first page has a stroke of the cluster; None where all of them are new."""
        sounds, _ = cluster
        return next((self._slot_of_sound[s] for s in sounds if s in self._slot_of_sound), None)

    def _are_in_one_bar(self, beat: int, other: int) -> bool:
        downbeats = np.flatnonzero(self.grid.beat_numbers == 1)
        first, second = np.searchsorted(downbeats, [beat, other], side="right")
        return bool(first == second)

    def _straight_among(self, beats: Collection[int]) -> frozenset[int]:
        """Those of the beats that lie in parts that do not swing."""
        straight = self._assigned.straight_beats
        if not straight:
            return frozenset()
        known = sorted(self._assigned.families)
        return frozenset(
            beat for beat in beats if known[max(bisect_right(known, beat) - 1, 0)] in straight
        )

    def _read(
        self,
        positions: NDArray[np.float64],
        struck: Sequence[frozenset[Drum]],
        centres: NDArray[np.float64],
        straight: Collection[int],
        beats_struck: Collection[int],
    ) -> NDArray[np.int64]:
        """The slots of strokes in beats that are read anew."""
        habits = self._assigned.habits
        assert habits is not None  # there were strokes on the first page
        strokes = strokes_at(positions, struck, centres, self.grid, self._numbers)
        beats = BeatCosts(strokes, self.spread_seconds, habits.of_others(strokes))
        costs = costs_of_families(
            beats,
            self.grid.metre,
            swing=self.swing,
            straight_beats=straight,
            allow_triplets=self._allow_triplets,
        )
        row_of = {beat: k for k, beat in enumerate(beats.beats.tolist())}
        family_of: dict[int, int] = {}
        bar_of = np.searchsorted(strokes.downbeats, beats.beats, side="right").tolist()
        for bar, numbered in groupby(zip(bar_of, row_of, strict=True), key=lambda one: one[0]):
            anew = [beat for _, beat in numbered]
            around = self._around(bar, anew, strokes.downbeats.tolist(), beats_struck)
            path = sorted({*anew, *around})
            nats = [
                [
                    _settled_nats(around[beat] == family)
                    if beat in around
                    else row[row_of[beat]][0]
                    for beat in path
                ]
                for family, row in enumerate(costs)
            ]
            families, _ = cheapest_path(nats, path)
            found = dict(zip(path, families, strict=True))
            family_of.update((beat, found[beat]) for beat in anew)
        return beats.slots_of([costs[family_of[beat]][k][1] for beat, k in row_of.items()])

    def _around(
        self, bar: int, anew: Collection[int], downbeats: Sequence[int], struck: Collection[int]
    ) -> dict[int, int]:
        """Families that are settled: of the bar's other beats, and of the beats next to the bar.

        Those outside the bar are the first page's, whatever stands there now. bar: so many
        downbeats lie before its end.
        """
        families = self._assigned.families
        known = sorted(families)
        first = bisect_left(known, downbeats[bar - 1]) if bar else 0
        end = bisect_left(known, downbeats[bar]) if bar < len(downbeats) else len(known)
        inside = [beat for beat in known[first:end] if beat in struck and beat not in anew]
        outside = [*known[max(first - 1, 0) : first], *known[end : end + 1]]
        return {beat: families[beat] for beat in (*inside, *outside)}


def read_song(hits: Sequence[Hit], grid: BeatGrid, options: QuantizeOptions) -> Reading:
    """How a song is read whose strokes are these. hits: in the order of time."""
    times = np.array([hit.time for hit in hits], dtype=np.float64)
    offset = constant_offset(times, grid)
    clusters = Clusters.of(hits, times - offset)
    reading = _read_over(grid, hits, clusters, offset, options)
    is_counted = grid.metre_is_said or bool(grid.bar_metres)
    if options.allow_compound and not is_counted and reading.swing is None:
        slots = [slot for slot in reading.first.slots if slot is not None]
        compound = in_compound_time(grid, slots)
        if compound is not None:
            return _read_over(compound, hits, clusters, offset, options)
    return reading


def _read_over(
    grid: BeatGrid,
    hits: Sequence[Hit],
    clusters: Clusters,
    offset: float,
    options: QuantizeOptions,
) -> Reading:
    """offset: already taken off the clusters."""
    numbers = Numbers()
    positions = grid.beat_position(clusters.centres)
    strokes = strokes_at(positions, clusters.struck, clusters.centres, grid, numbers)
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
    slots = assigned.slots.tolist()
    named = _named(hits, clusters)
    beats = [slot // BEAT for slot in slots]
    return Reading(
        grid=grid,
        offset_seconds=offset,
        spread_seconds=spread,
        first=Slots(
            clusters.slots_of_hits(slots, len(hits)),
            {main: list(chain) for main, chain in clusters.graces.items()},
            assigned.straight_beats,
        ),
        _assigned=assigned,
        _numbers=numbers,
        _in_beats=_by_beat(named, beats),
        _slot_of=dict(zip(named, slots, strict=True)),
        _slot_of_sound={
            sound: slot for (sounds, _), slot in zip(named, slots, strict=True) for sound in sounds
        },
        _allow_triplets=options.allow_triplets,
    )


def _beat_of(known_slot: int | None, position: float) -> int:
    """The beat that a cluster belongs to: that in which it is written, if it is known.

    A new one belongs to the next beat where it is just before it: who puts a stroke on a bar line
    means the bar that begins there.
    """
    if known_slot is not None:
        return known_slot // BEAT
    return int(np.floor(position + SLOTS.just_before_share))


def _named(hits: Sequence[Hit], clusters: Clusters) -> list[_Cluster]:
    """The clusters by what sounds in them, so that they are known again on another page."""
    seen: Counter[tuple[_Sound, ...]] = Counter()
    named = []
    for members in clusters.members:
        sounds = tuple((hits[i].time, drum_of(hits[i])) for i in members)
        named.append((sounds, seen[sounds]))
        seen[sounds] += 1
    return named


def _by_beat(named: Sequence[_Cluster], beats: Sequence[int]) -> dict[int, list[_Cluster]]:
    in_beats: dict[int, list[_Cluster]] = defaultdict(list)
    for cluster, beat in zip(named, beats, strict=True):
        in_beats[beat].append(cluster)
    return dict(in_beats)


def _settled_nats(is_the_one: bool) -> float:
    return 0.0 if is_the_one else math.inf


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

"""Placed hits become measures: voices, notes with their marks, groups, tempo."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

import numpy as np

from drumscribe.domain.drums import Articulation, Hit, Instrument
from drumscribe.domain.placements import Placement
from drumscribe.domain.rhythm import BeatGrid
from drumscribe.domain.score import Measure, ScoreNote, Voice, VoiceRole
from drumscribe.notation.dynamics import Dynamics
from drumscribe.notation.measures.bars import Bar, choose_grouping, groups_of, tuplet_beat
from drumscribe.notation.measures.voices import Chord, role_of, write_voice
from drumscribe.notation.said_ornaments import grace_velocity, unheard_graces
from drumscribe.notation.tempo import tempo_marks

_SAID_ELSEWHERE = frozenset(
    {Articulation.GHOST, Articulation.ACCENT, Articulation.FLAM, Articulation.DRAG}
)
_MARKING_BEATS = frozenset({Instrument.KICK, Instrument.SNARE, Instrument.CRASH})
# From low to high, as heads stand in a chord.
HEIGHTS: Final = {
    instrument: rank
    for rank, instrument in enumerate(
        (
            Instrument.KICK,
            Instrument.TOM_LOW,
            Instrument.SNARE,
            Instrument.TOM_MID,
            Instrument.TOM_HIGH,
            Instrument.RIDE,
            Instrument.HIHAT_CLOSED,
            Instrument.HIHAT_OPEN,
            Instrument.CRASH,
        )
    )
}


@dataclass(frozen=True, slots=True, eq=False)
class Placed:
    """Hits in the order of time with what became of them.

    given: for each hit its id, or where it has none its index in the caller's order.
    graces: main hit -> its grace hits in playing order.
    """

    hits: Sequence[Hit]
    given: Sequence[int]
    placements: Sequence[Placement]
    graces: Mapping[int, Sequence[int]]
    dynamics: Sequence[Dynamics]


def write_measures(
    placed: Placed, bars: Sequence[Bar], grid: BeatGrid, weigh: Callable[[], list[float]]
) -> tuple[Measure, ...]:
    """One measure per bar: the voices that the piece has, with written values and marks.

    weigh: see choose_grouping.
    """
    struck = _struck(placed, len(bars))
    closing = _closing_hats(placed)
    roles = [role for role in VoiceRole if any(role in bar for bar in struck)] or [VoiceRole.HANDS]
    beat_length = grid.metre.beat_length
    grouping = choose_grouping(grid, weigh)
    edges = grid.time_at(
        np.array([*(bar.first_beat for bar in bars), bars[-1].end_beat], dtype=np.float64)
    )
    measures: list[Measure] = []
    for k, bar in enumerate(bars):
        groups = groups_of(bar, beat_length, grouping)
        voices: list[Voice] = []
        for role in _roles_in(roles, struck[k].keys()):
            chords = {
                onset: _chord(placed, indices, closing)
                for onset, indices in struck[k].get(role, {}).items()
            }
            cell = tuplet_beat(bar.metre) if bar.is_said else beat_length
            voices.append(
                write_voice(role, chords, groups=groups, beat_length=cell, metre=bar.metre)
            )
        measures.append(
            Measure(
                number=bar.number,
                metre=bar.metre,
                length=bar.n_beats * beat_length,
                voices=tuple(voices),
                groups=groups,
                start_seconds=float(edges[k]),
                end_seconds=float(edges[k + 1]),
                is_pickup=bar.is_pickup,
            )
        )
    return tempo_marks(measures, said=grid.said_quarters_per_minute)


def _roles_in(roles: Sequence[VoiceRole], playing: Collection[VoiceRole]) -> Sequence[VoiceRole]:
    """Who plays in a bar; where nobody does, one voice has the rest."""
    return [role for role in roles if role in playing] or roles[:1]


def _struck(placed: Placed, n_bars: int) -> list[dict[VoiceRole, dict[Fraction, list[int]]]]:
    """Per bar, voice and position: the hits that have a head of full size there."""
    struck: list[dict[VoiceRole, dict[Fraction, list[int]]]] = [{} for _ in range(n_bars)]
    for p in placed.placements:
        if p.merged_into is None and not p.is_grace:
            hit = placed.hits[p.hit]
            role = role_of(hit.instrument, hit.articulation)
            struck[p.measure].setdefault(role, {}).setdefault(p.onset, []).append(p.hit)
    return struck


def _chord(placed: Placed, indices: Sequence[int], closing: set[int]) -> Chord:
    def note(i: int, *, is_grace: bool = False) -> ScoreNote:
        hit = placed.hits[i]
        said_elsewhere = hit.articulation in _SAID_ELSEWHERE
        return ScoreNote(
            instrument=hit.instrument,
            velocity=hit.velocity,
            articulation=None if said_elsewhere else hit.articulation,
            # A grace note is soft by nature.
            is_ghost=placed.dynamics[i].is_ghost and not is_grace,
            is_accent=placed.dynamics[i].is_accent and not is_grace,
            is_closing=i in closing,
            hit=placed.given[i],
            sticking=hit.sticking,
        )

    def from_low_to_high(i: int) -> tuple[int, str]:
        hit = placed.hits[i]
        return HEIGHTS[hit.instrument], hit.articulation or ""

    def unheard(i: int) -> list[ScoreNote]:
        hit = placed.hits[i]
        grace = ScoreNote(hit.instrument, grace_velocity(hit))
        return [grace] * unheard_graces(hit, len(placed.graces.get(i, ())))

    from_low = sorted(indices, key=from_low_to_high)
    graces = sorted(g for i in indices for g in placed.graces.get(i, ()))
    return Chord(
        tuple(note(i) for i in from_low),
        (
            *(grace for i in from_low for grace in unheard(i)),
            *(note(g, is_grace=True) for g in graces),
        ),
    )


def _closing_hats(placed: Placed) -> set[int]:
    """Closed hats whose last stroke before, by hand or foot, left the hat open."""
    closing: set[int] = set()
    is_open = False
    for i, hit in enumerate(placed.hits):
        if placed.placements[i].merged_into is not None:
            continue
        if hit.instrument is Instrument.HIHAT_OPEN:
            is_open = True
        elif hit.instrument is Instrument.HIHAT_CLOSED:
            if is_open and hit.articulation is not Articulation.PEDAL:
                closing.add(i)
            is_open = False
    return closing


def beat_weights(
    hits: Sequence[Hit], placements: Sequence[Placement], bars: Sequence[Bar], grid: BeatGrid
) -> list[float]:
    """How strongly each beat of the bar is struck: kick, snare and crash count four times.

    hits: by their numbers in the placements.
    """
    weights: Counter[int] = Counter()
    for p in placements:
        beat = p.onset / grid.metre.beat_length
        if beat.denominator == 1 and not bars[p.measure].is_pickup:
            weights[int(beat)] += 4 if hits[p.hit].instrument in _MARKING_BEATS else 1
    return [float(weights[beat]) for beat in range(grid.metre.beats_per_bar)]

"""Beats and bars where nothing but the hits is known."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from drumscribe.beats.features import FRAMES_PER_SECOND
from drumscribe.beats.grid_building import fitted_to_hits
from drumscribe.beats.metre_reading import Reading, readings
from drumscribe.beats.metre_templates import METRES
from drumscribe.beats.pulse import smoothed, walk_beats
from drumscribe.beats.stroke_patterns import times_at
from drumscribe.domain.context import RunContext
from drumscribe.domain.drums import Hit
from drumscribe.domain.rhythm import Metre
from drumscribe.domain.wishes import BeatWishes

_DRIFT = 1.08
# Two ways to look for a pulse: as a drummer counts, and finer.
_COUNTED_RATES, _USUAL_COUNT, _COUNTED_IN = (55.0, 215.0), 115.0, 4
_FINE_RATES, _USUAL_FINE = (80.0, 330.0), 180.0
_SAME_TEMPO = 0.04  # of log2
_SAME_PLACE = 0.12  # of a beat

_Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Bars:
    """Beats and bars, and what they were read with.

    beat_times: seconds, strictly increasing; beat_numbers: from 1 in each bar.
    pulse_chance: how probable the pulse is among all that were tried, score: nats for the best
    reading; None where the bars were decoded, not read from the hits.
    """

    beat_times: _Floats
    beat_numbers: NDArray[np.int64]
    metre: Metre
    pulse_chance: float | None = None
    score: float | None = None


def bars_by_hits(
    hits: Sequence[Hit],
    activations: NDArray[np.float32],
    seconds_before: float,
    options: BeatWishes,
    context: RunContext,
) -> Bars | None:
    """Beats and bars from the first to the last moment of `activations`; None: cannot tell.

    hits: in the order of time, at least one.
    activations: (frames, 2) of hit_evidence.hit_activations, 50 per second, from
        `seconds_before` on.
    """
    if options.metre is not None and options.metre not in METRES:
        return None
    metres: Collection[Metre] = METRES if options.metre is None else (options.metre,)
    if options.bpm is not None and not _COUNTED_RATES[0] <= options.bpm <= _COUNTED_RATES[1]:
        # Who asks for such a tempo means beats of a quarter, unless a metre is asked for as well.
        metres = [metre for metre in metres if metre.beat_length == 1] or metres
    best: tuple[list[Reading], _Floats] | None = None
    for heard in pulses(activations, options.bpm, context):
        pulse = heard + seconds_before
        found = readings(hits, pulse, metres=metres, quarter_bpm=options.bpm)
        if found and (best is None or found[0].score > best[0][0].score):
            best = found, pulse
    if best is None:
        return None
    found, pulse = best
    # A second look, over beats that are fitted to the strokes: finer differences show there. (At a
    # tempo that was asked for, beats and strokes need have nothing to do with each other.)
    if options.bpm is None:
        fitted = fitted_to_hits(bars_of(found[0], pulse).beat_times, hits)
        again = readings(hits, fitted, metres=metres)
        if again and again[0].score >= found[0].score:
            found, pulse = again, fitted
    return dataclasses.replace(
        bars_of(found[0], pulse), pulse_chance=chance_of_pulse(found), score=found[0].score
    )


def pulses(
    activations: NDArray[np.float32], quarter_bpm: float | None, context: RunContext
) -> list[_Floats]:
    """Rows of beats to read the music by, in seconds from the first frame, at whatever level."""
    ways: list[tuple[int, tuple[float, float], float | None]] = [
        (_COUNTED_IN, _COUNTED_RATES, _USUAL_COUNT),
        (1, _FINE_RATES, _USUAL_FINE),
    ]
    if quarter_bpm is not None:
        ways = [(_COUNTED_IN, (quarter_bpm / _DRIFT, quarter_bpm * _DRIFT), None)]
    found = []
    for beats_per_bar, rates, usual in ways:
        path = walk_beats(
            activations,
            beats_per_bar,
            rates,
            preferred_rate=usual,
            checkpoint=context.checkpoint,
        )
        if path.beat_frames.size >= 2:
            found.append(smoothed(path.beat_frames / FRAMES_PER_SECOND))
    return found


def bars_of(reading: Reading, pulse: _Floats) -> Bars:
    """The beats of a reading over the whole of its pulse."""
    step = reading.pulse_per_beat
    first = int(np.ceil((0.0 - reading.bar_start) / step - _SAME_PLACE))
    last = int(np.floor((pulse.size - 1 - reading.bar_start) / step + _SAME_PLACE))
    counted = np.arange(first, max(last, first + 1) + 1)
    places = np.asarray(reading.bar_start + step * counted, dtype=np.float64)
    times = times_at(places, pulse)
    return Bars(times, counted % reading.metre.beats_per_bar + 1, reading.metre)


def chance_of_pulse(found: Sequence[Reading]) -> float:
    """How probable the pulse of the best reading is, whatever its metre and bar lines."""
    best = found[0]
    return sum(reading.chance for reading in found if _same_pulse(best, reading))


def _same_pulse(one: Reading, other: Reading) -> bool:
    if abs(np.log2(one.beats_per_minute / other.beats_per_minute)) > _SAME_TEMPO:
        return False
    apart = (one.bar_start - other.bar_start) / one.pulse_per_beat
    return bool(abs(apart - round(apart)) < _SAME_PLACE)

"""Beats and bars where nothing but the hits is known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from drumscribe.domain.context import RunContext
from drumscribe.domain.drums import Hit
from drumscribe.domain.rhythm import Metre
from drumscribe.ml.beats.features import FRAMES_PER_SECOND
from drumscribe.ml.beats.metre_reading import Reading, readings
from drumscribe.ml.beats.metre_templates import METRES
from drumscribe.ml.beats.options import BeatOptions
from drumscribe.ml.beats.pulse import smoothed, walk_beats
from drumscribe.ml.beats.stroke_patterns import times_at

_DRIFT = 1.08
# Two ways to look for a pulse: as a drummer counts, and finer.
_COUNTED_RATES, _USUAL_COUNT, _COUNTED_IN = (55.0, 215.0), 115.0, 4
_FINE_RATES, _USUAL_FINE = (80.0, 330.0), 180.0
_SURE = 0.8
_SAME_TEMPO = 0.04  # of log2
_SAME_PLACE = 0.12  # of a beat

_Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Bars:
    """beat_times: seconds, strictly increasing; beat_numbers: from 1 in each bar."""

    beat_times: _Floats
    beat_numbers: NDArray[np.int64]
    metre: Metre


def bars_by_hits(
    hits: Sequence[Hit],
    activations: NDArray[np.float32],
    seconds_before: float,
    options: BeatOptions,
    context: RunContext,
) -> Bars | None:
    """Beats and bars from the first to the last moment of `activations`; None: cannot tell.

    hits: in the order of time, at least one.
    activations: (frames, 2) of hit_evidence.hit_activations, 50 per second, from
        `seconds_before` on.
    """
    if options.metre is not None and options.metre not in METRES:
        return None
    metres = METRES if options.metre is None else (options.metre,)

    def tried(
        beats_per_bar: int, rates: tuple[float, float], usual: float | None
    ) -> tuple[list[Reading], _Floats]:
        path = walk_beats(
            activations,
            beats_per_bar,
            rates,
            preferred_rate=usual,
            checkpoint=context.checkpoint,
        )
        pulse = smoothed(path.beat_frames / FRAMES_PER_SECOND + seconds_before)
        return readings(hits, pulse, metres=metres, quarter_bpm=options.bpm), pulse

    if options.bpm is not None:
        found, pulse = tried(_COUNTED_IN, (options.bpm / _DRIFT, options.bpm * _DRIFT), None)
    else:
        found, pulse = tried(_COUNTED_IN, _COUNTED_RATES, _USUAL_COUNT)
        if not found or chance_of_pulse(found) < _SURE:
            finer, fine_pulse = tried(1, _FINE_RATES, _USUAL_FINE)
            if finer and (not found or finer[0].score > found[0].score):
                found, pulse = finer, fine_pulse
    if not found:
        return None
    return bars_of(found[0], pulse)


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

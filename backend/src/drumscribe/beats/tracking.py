"""Where the beats and bars lie: from sound and hits to a beat grid.

One decision from all evidence. Grids of steps are laid under the strokes and, where there is sound,
under the beats that the networks hear. Every way to count each grid is scored by what strokes,
repetition, the network of strokes and the networks of sound say at its beats and bar lines. The
likeliest page wins, changes of metre are looked for inside it, and what came next is kept beside.

What the user says wins: a metre is used as it is; a tempo, always in quarter notes per minute,
leaves 4 % on either side, so that drift is still followed. Beats are beats of the metre: with 6/8
and a tempo of 90 the grid has 60 beats (dotted quarters) per minute, two per bar; with 7/8 and 90
it has 180 (eighths), seven per bar.
"""

from __future__ import annotations

import dataclasses
import logging
from collections.abc import Collection, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from drumscribe.beats.counting import Counted, counted_along, counted_evenly
from drumscribe.beats.doubt import Doubt, doubt_of
from drumscribe.beats.grid_building import fitted_to_hits, grid_covering, steady_grid
from drumscribe.beats.grids import StepGrid, find_grids, grid_along
from drumscribe.beats.overrides import recounted
from drumscribe.beats.reading.bar_kinds import METRES
from drumscribe.beats.reading.changes import Walk, walk_through
from drumscribe.beats.reading.learnt import listen_to_strokes
from drumscribe.beats.reading.model import feature_weights, walk_weights
from drumscribe.beats.reading.pages import Page, Reading, ranked_pages
from drumscribe.beats.reading.steps import Listening, Steps, steps_of
from drumscribe.beats.sound.features import FRAMES_PER_SECOND, is_silent
from drumscribe.beats.sound.listening import listen, pulse_of
from drumscribe.beats.sound.networks import BeatNetworks
from drumscribe.beats.sound.tuning import SOUND
from drumscribe.beats.strokes import Strokes
from drumscribe.beats.tuning import READINGS, SAME_TEMPO
from drumscribe.domain.audio import Audio
from drumscribe.domain.context import RunContext
from drumscribe.domain.drums import Hit
from drumscribe.domain.rhythm import COMMON_TIME, BeatGrid, Metre
from drumscribe.domain.wishes import BeatWishes

DEFAULT_BPM: Final = 120.0
_PARTS_OF_A_QUARTER = (2, 4, 3)
# Steps in a beat that the networks hear: enough for sixteenths, and for triplets.
_STEPS_OF_A_BEAT = (4, 3)

_log = logging.getLogger(__name__)
_Floats = NDArray[np.float64]


def track_beats(
    mix: Audio | None,
    drums: Audio | None,
    hits: Sequence[Hit],
    *,
    networks: BeatNetworks | None,
    options: BeatWishes,
    context: RunContext,
) -> BeatGrid:
    """Find the beats of a recording.

    mix: the recording; None where only hits are known.
    drums: its separated drums, if there are any; same sample rate and length as the mix.
    hits: what was struck, in any order.
    networks: BeatNetworks.load(...), or None to do without.
    The grid starts at the first beat at or after 0 and ends at the first beat at or after the end
    of the recording (or of the last hit), without gaps. It carries how sure its bars are and what
    else they may be; see doubt.py.
    Raises what context.checkpoint() raises, and ValueError if the sample rates differ.
    """
    if mix is not None and drums is not None and mix.sample_rate != drums.sample_rate:
        raise ValueError(
            f"mix and drums must have one sample rate, got {mix.sample_rate} and "
            f"{drums.sample_rate}"
        )
    in_order = sorted(hits, key=lambda hit: hit.time)
    found = _found(mix, drums, in_order, networks, options, context)
    # The metre that somebody said was looked for.
    return recounted(found, dataclasses.replace(options, metre=None))


def _found(
    mix: Audio | None,
    drums: Audio | None,
    hits: Sequence[Hit],
    networks: BeatNetworks | None,
    options: BeatWishes,
    context: RunContext,
) -> BeatGrid:
    """The grid before the user's factor and bar line; hits in the order of time."""
    last_hit = hits[-1].time if hits else 0.0
    end_seconds = max(mix.duration_seconds if mix is not None else 0.0, last_hit)
    if mix is not None and is_silent(mix):
        mix = None
    activations = None if mix is None else listen(mix, drums, networks, context)
    context.checkpoint()
    strokes = Strokes.of(hits)
    grids = _grids(strokes, activations, options, context)
    context.checkpoint()
    on_steps = _on_steps(strokes, grids, activations if networks is not None else None)
    pages = _pages(on_steps, options)
    context.checkpoint()
    if not pages:
        return _guessed_grid(strokes, options, end_seconds)
    best = pages[0].best
    steps = _steps_of_page(on_steps, best)
    walk = walk_through(steps, best, walk_weights(), page_weights=feature_weights())
    counted = _counted(best, walk, options)
    doubt = doubt_of(pages, walk, strokes, steps, counted, has_sound=activations is not None)
    context.progress(1.0)
    return _grid(counted, doubt, hits, end_seconds)


def _grids(
    strokes: Strokes,
    activations: NDArray[np.float32] | None,
    options: BeatWishes,
    context: RunContext,
) -> list[StepGrid]:
    """Every ladder of steps that is tried."""
    periods = [60.0 / options.bpm / parts for parts in _PARTS_OF_A_QUARTER] if options.bpm else []
    grids = find_grids(strokes, periods_seconds=periods)
    if activations is not None and (not grids or strokes.size < SOUND.fewest_strokes):
        rates = SOUND.beats_per_minute
        if options.bpm is not None:
            rates = _near(options.bpm)
        beats = pulse_of(activations, rates, context)
        for parts in _STEPS_OF_A_BEAT if beats.size else ():
            grids.append(grid_along(beats, parts, strokes))
    return grids


def _on_steps(
    strokes: Strokes, grids: Sequence[StepGrid], activations: NDArray[np.float32] | None
) -> list[Steps]:
    heard = None
    if activations is not None and activations.size:
        beat, downbeat = activations.astype(np.float64).T
        heard = Listening(_log_odds(downbeat), _log_odds(beat + downbeat), float(FRAMES_PER_SECOND))
    learnt = listen_to_strokes(strokes) if strokes.size else None
    return [steps_of(strokes, grid, learnt=learnt, heard=heard) for grid in grids]


def _log_odds(chance: _Floats) -> _Floats:
    low = SOUND.least_chance
    clipped = np.clip(chance, low, 1.0 - low)
    return np.asarray(np.log(clipped / (1.0 - clipped)))


def _pages(grids: Sequence[Steps], options: BeatWishes) -> list[Page]:
    """Ways to write the music that the user's metre and tempo allow, the likeliest first."""
    metres: Collection[Metre] = METRES
    if options.metre in METRES:
        metres = [options.metre]
    elif options.metre is not None:
        # A metre that is not looked for: its beats, and where its bars begin, are those of others.
        unit = options.metre.beat_length
        metres = [metre for metre in METRES if metre.beat_length == unit] or METRES
    rates = READINGS.quarters_per_minute
    if options.bpm is not None:
        rates = _near(options.bpm)
        if options.metre is None:
            # Who says a tempo and no metre means beats of a quarter.
            metres = [metre for metre in metres if metre.beat_length == 1]
    return ranked_pages(grids, feature_weights(), metres=metres, quarters_per_minute=rates)


def _near(bpm: float) -> tuple[float, float]:
    """The slowest and the fastest tempo that somebody may mean who says this one."""
    return bpm / (1.0 + SAME_TEMPO), bpm * (1.0 + SAME_TEMPO)


def _steps_of_page(grids: Sequence[Steps], reading: Reading) -> Steps:
    return next(steps for steps in grids if steps.grid is reading.grid)


def _counted(best: Reading, walk: Walk, options: BeatWishes) -> Counted:
    if options.metre is not None:
        return counted_evenly(best, options.metre)
    if len({kind.metre for kind in walk.kinds}) == 1:
        return counted_evenly(best, best.kind.metre)
    return counted_along(walk, best)


def _grid(counted: Counted, doubt: Doubt, hits: Sequence[Hit], end_seconds: float) -> BeatGrid:
    beat_times = fitted_to_hits(counted.beat_times, hits)
    grid = grid_covering(
        beat_times,
        counted.beat_numbers,
        counted.metre,
        end_seconds=end_seconds,
        reliable=doubt.is_reliable,
    )
    _log.debug(
        "beats: %s at %.1f beats per minute, chance %.2f", grid.metre, grid.bpm, doubt.chance
    )
    return doubt.said_of(grid)


def _guessed_grid(strokes: Strokes, options: BeatWishes, end_seconds: float) -> BeatGrid:
    """Nothing to go by: the user's tempo or the default one, a downbeat on the first hit."""
    metre = options.metre or COMMON_TIME
    bpm = options.bpm or DEFAULT_BPM
    return steady_grid(
        metre,
        bpm / float(metre.beat_length),
        first_beat=float(strokes.times[0]) if strokes.size else 0.0,
        end_seconds=end_seconds,
        reliable=False,
    )

"""From what was heard and what was said to a transcript, without any model.

The first run, `drumscribe render` and every edit come through here, so that the same wishes give
the same page.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from drumscribe.beats import fits_tempo, recount_or_find, track_beats
from drumscribe.domain.bars.laying import with_bars
from drumscribe.domain.drums import Hit, numbered
from drumscribe.domain.rhythm import BeatGrid, Metre
from drumscribe.domain.transcription import Notice, Transcript, WarningCode
from drumscribe.domain.wishes import BeatWishes, Wishes
from drumscribe.errors import InvalidHits, InvalidOption
from drumscribe.notation.quantize import quantize
from drumscribe.pipeline.context import LocalContext
from drumscribe.pipeline.doubts import hardly_heard
from drumscribe.pipeline.hear import Heard, searched_with
from drumscribe.pipeline.reviewing.review import apart
from drumscribe.pipeline.tuning import DOUBTS, REVISION

# More than two hours of eighths at the fastest tempo that can be asked for.
MOST_BEATS: Final = 100_000


@dataclass(frozen=True, slots=True, eq=False)
class Current:
    """How a page stands: its strokes, its beats, and the wishes that the beats follow.

    first_hits: see Transcript.
    """

    hits: tuple[Hit, ...]
    grid: BeatGrid
    wishes: BeatWishes
    first_hits: tuple[Hit, ...] = ()


def revise(
    machine: Heard,
    wishes: Wishes,
    *,
    current: Current | None = None,
    hits: Sequence[Hit] | None = None,
) -> Transcript:
    """The transcript that follows from all that was said.

    Beats go back to those that the machine found, counted as the wishes say, so that saying a
    thing twice changes nothing more. They stay as they stand where nothing new is said of them:
    a stroke that is put right moves no bar line, and no note of another bar either.

    current: the page as it stands; None if there is none, or if it is to be begun anew.
    hits: strokes in the place of those that stand.
    Raises InvalidOption, InvalidHits.
    """
    if machine.grid is None and wishes.beats.bpm is not None:
        machine = _with_beats(machine, searched_with(wishes.beats))
    if hits is None:
        hits = machine.hits if current is None else current.hits
    struck = numbered(hits)
    if current is not None and current.wishes == wishes.beats:
        grid, first = current.grid, current.first_hits
        is_said = grid.metre_is_said
    else:
        said = _since_start(wishes)
        grid, first = with_bars(_counted(machine, struck, said), said.bars), machine.first_hits
        is_said = False
    grid = _with_what_was_said(grid, machine, wishes.beats)
    # Bar lines that somebody brought with a score say their metre too.
    grid = dataclasses.replace(grid, metre_is_said=grid.metre_is_said or is_said)
    first = read_from(struck, first, machine.first_hits)
    return _transcript(machine, struck, first, grid, wishes)


def read_from(hits: Sequence[Hit], *known: Sequence[Hit]) -> tuple[Hit, ...]:
    """The strokes from which it is judged how a song is played; see Transcript.first_hits.

    known: what a page was written from before, the best first. Where most of the strokes are in
    none of them, the song is another one, or was written by another hand: they say it themselves.
    """
    for strokes in known:
        places = {(hit.time, hit.instrument) for hit in strokes}
        n_known = sum((hit.time, hit.instrument) in places for hit in hits)
        if strokes and n_known >= REVISION.least_known * len(hits):
            return tuple(sorted(strokes))
    return tuple(sorted(hits))


def _with_what_was_said(grid: BeatGrid, machine: Heard, wishes: BeatWishes) -> BeatGrid:
    # A document that is engraved again remembers what was said when it was made.
    before = machine.grid
    metre_is_remembered = before is not None and before.metre_is_said and before.metre == grid.metre
    tempo = wishes.bpm
    if tempo is None and before is not None and before.said_quarters_per_minute is not None:
        is_as_before = fits_tempo(grid.quarters_per_minute, before.quarters_per_minute)
        tempo = before.said_quarters_per_minute if is_as_before else None
    return dataclasses.replace(
        grid,
        metre_is_said=wishes.metre == grid.metre or metre_is_remembered,
        said_quarters_per_minute=tempo,
    )


def _since_start(wishes: Wishes) -> BeatWishes:
    """Beats count from the start of the part that was heard; wishes from that of the song."""
    start = wishes.hearing.start_seconds
    return wishes.beats if start is None else wishes.beats.later(-start)


def _counted(machine: Heard, hits: Sequence[Hit], wishes: BeatWishes) -> BeatGrid:
    # What the search followed already is not said again: the beats found in the sound are better
    # than any that could be found from the strokes.
    said_anew = dataclasses.replace(
        wishes,
        metre=None if wishes.metre == machine.found_with.metre else wishes.metre,
    )
    known = machine.grid
    if known is not None and said_anew.metre is not None:
        first = read_from(hits, machine.first_hits)
        known = _as_written(known, hits, first, said_anew.metre)
    try:
        with LocalContext() as context:
            grid = recount_or_find(known, hits, said_anew, context)
    except ValueError as error:
        raise InvalidOption(f"{error}.") from None
    last = max((hit.time for hit in (*hits, *machine.first_hits)), default=0.0)
    n_beats = float(np.ptp(grid.beat_position(np.array([0.0, last]))))
    if n_beats > MOST_BEATS:
        raise InvalidHits(f"There are {n_beats:.0f} beats up to the last hit; that is no music.")
    return grid


def _as_written(
    known: BeatGrid, hits: Sequence[Hit], first: Sequence[Hit], metre: Metre
) -> BeatGrid:
    """Beats whose thirds the page writes as eighths, in that metre where it is the one said.

    Music found in 4/4 is written in 12/8 where its beats are thirds. Who then says 12/8 asks for
    this page, not for other beats.
    """
    same_beats = metre.is_compound and metre.beats_per_bar == known.metre.beats_per_bar
    if not same_beats or known.metre_is_said or known.metre.is_compound:
        return known
    written = quantize(hits, known, first=first).metre
    return dataclasses.replace(known, metre=metre) if written == metre else known


def _with_beats(machine: Heard, found_with: BeatWishes) -> Heard:
    """Strokes that came without beats, with those that they have whatever tempo is said."""
    with LocalContext() as context:
        grid = track_beats(
            None, None, machine.hits, networks=None, options=found_with, context=context
        )
    return dataclasses.replace(machine, grid=grid, found_with=found_with)


def _transcript(
    machine: Heard,
    hits: tuple[Hit, ...],
    first_hits: tuple[Hit, ...],
    grid: BeatGrid,
    wishes: Wishes,
) -> Transcript:
    """The transcript, confidence and warnings worked out from strokes and beats."""
    confidence = float(np.mean([hit.confidence for hit in hits])) if hits else 0.0
    heard = _heard_tempo(machine, grid)
    notices = (*_of_the_recording(machine.notices), *_about_tempo(grid, heard))
    # Each once, in order.
    warnings = list(dict.fromkeys(notice.code for notice in notices))
    if confidence < DOUBTS.low_confidence:
        warnings.append(WarningCode.LOW_CONFIDENCE)
    if not grid.reliable:
        warnings.append(WarningCode.BPM_UNRELIABLE)
    # Where nobody listened, nothing is said about what was hardly heard.
    if machine.models:
        warnings.extend(hardly_heard(hits, machine.duration_seconds))
    return Transcript(
        hits=hits,
        grid=grid,
        duration_seconds=max(machine.duration_seconds, hits[-1].time if hits else 0.0),
        confidence=confidence,
        warnings=tuple(warnings),
        notices=notices,
        models=machine.models,
        separated=machine.separated,
        title=wishes.page.title or machine.title,
        artist=wishes.page.artist or machine.artist,
        source=machine.source,
        compute_time_ms=machine.compute_time_ms,
        heard_quarters_per_minute=heard,
        candidates=apart(machine.candidates, hits),
        first_hits=first_hits,
    )


def _heard_tempo(machine: Heard, grid: BeatGrid) -> float | None:
    """What was heard without being told; None where the grid itself says it."""
    if grid.said_quarters_per_minute is None:
        return None
    if machine.heard_quarters_per_minute is not None:
        return machine.heard_quarters_per_minute
    found = machine.grid
    return None if found is None else found.quarters_per_minute


def _of_the_recording(notices: Sequence[Notice]) -> tuple[Notice, ...]:
    return tuple(n for n in notices if n.code is not WarningCode.TEMPO_DOES_NOT_FIT)


def _about_tempo(grid: BeatGrid, heard: float | None) -> tuple[Notice, ...]:
    """A word where the strokes contradict the tempo that a user gave."""
    said = grid.said_quarters_per_minute
    if said is None or heard is None or grid.reliable:
        return ()
    if any(fits_tempo(said, heard * factor) for factor in (0.5, 1.0, 2.0)):
        return ()
    return (
        Notice(
            WarningCode.TEMPO_DOES_NOT_FIT,
            f"The page is counted at the {said:g} quarter notes a minute that were given, but the "
            f"drums seem to be played at {heard:.0f}. Without a tempo it follows the drums.",
        ),
    )

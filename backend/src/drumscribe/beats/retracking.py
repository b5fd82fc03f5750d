"""Beats of a finished transcript after the user has said something about them."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from drumscribe.beats.overrides import recounted
from drumscribe.beats.tracking import track_beats
from drumscribe.beats.tuning import SAME_TEMPO
from drumscribe.domain.context import RunContext
from drumscribe.domain.drums import Hit
from drumscribe.domain.rhythm import BeatGrid
from drumscribe.domain.wishes import BPM, BeatWishes
from drumscribe.errors import InvalidOption


def fits_tempo(said: float, heard: float) -> bool:
    """Whether two tempi are the same, said as people say them; both in the same unit."""
    return abs(said / heard - 1.0) <= SAME_TEMPO


def recount_or_find(
    known: BeatGrid | None, hits: Sequence[Hit], options: BeatWishes, context: RunContext
) -> BeatGrid:
    """The known beats counted as the user says, or new ones where counting is not enough.

    New beats are found, from the hits alone, where none are known, where the user says a tempo that
    is neither the known one nor its half or double, and where the beats of the wanted metre are of
    another kind (quarters in 4/4, dotted quarters in 6/8, eighths in 7/8); in that last case at
    about the known tempo in quarter notes.
    Raises InvalidOption where that tempo is none, and what track_beats raises.
    """
    if known is not None and options.bpm is not None:
        options = _as_factor(known, options)
    wanted = options
    if known is not None and options.bpm is None:
        metre = options.metre or known.metre
        if metre.beat_length == known.metre.beat_length:
            return recounted(known, options)
        bpm = known.quarters_per_minute * options.tempo_factor
        if not BPM.least <= bpm <= BPM.most:
            raise InvalidOption(
                f"Counted in {metre}, that would be {bpm:.0f} quarter notes per minute; beats are "
                f"looked for between {BPM.least:g} and {BPM.most:g}. "
                "Say a tempo, or another factor."
            )
        wanted = dataclasses.replace(options, bpm=bpm, tempo_factor=1.0)
    if known is not None and wanted.metre is None:
        wanted = dataclasses.replace(wanted, metre=known.metre)
    return track_beats(None, None, hits, networks=None, options=wanted, context=context)


def _as_factor(known: BeatGrid, options: BeatWishes) -> BeatWishes:
    """A tempo that the known beats have, or half or twice of it, as the factor: beats that were
    found in the sound are better than any that could be found from the hits.
    """
    if options.metre is not None and options.metre.beat_length != known.metre.beat_length:
        return options
    assert options.bpm is not None
    for factor in (1.0, 2.0, 0.5):
        if fits_tempo(options.bpm, known.quarters_per_minute * factor):
            return dataclasses.replace(options, bpm=None, tempo_factor=factor)
    return options

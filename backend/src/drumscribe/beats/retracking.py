"""Beats of a finished transcript after the user has said something about them."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from drumscribe.beats.overrides import recounted
from drumscribe.beats.tracking import track_beats
from drumscribe.domain.context import RunContext
from drumscribe.domain.drums import Hit
from drumscribe.domain.rhythm import BeatGrid
from drumscribe.domain.wishes import BPM, BeatWishes
from drumscribe.errors import InvalidOption


def recount_or_find(
    known: BeatGrid | None, hits: Sequence[Hit], options: BeatWishes, context: RunContext
) -> BeatGrid:
    """The known beats counted as the user says, or new ones where counting is not enough.

    New beats are found, from the hits alone, where none are known, where the user says a tempo,
    and where the beats of the wanted metre are of another kind (quarters in 4/4, dotted quarters
    in 6/8, eighths in 7/8); in that last case at about the known tempo in quarter notes.
    Raises InvalidOption where that tempo is none, and what track_beats raises.
    """
    wanted = options
    if known is not None and options.bpm is None:
        metre = options.metre or known.metre
        if metre.beat_length == known.metre.beat_length:
            return recounted(
                known,
                metre=metre,
                tempo_factor=options.tempo_factor,
                bar_one_at_seconds=options.bar_one_at_seconds,
                shift_beats=options.shift_beats,
            )
        bpm = known.bpm * float(known.metre.beat_length) * options.tempo_factor
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

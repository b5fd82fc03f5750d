"""Back onto the ladder at the rung of the hits: a page from hits that were edited or brought."""

from __future__ import annotations

from typing import Final

import numpy as np

from drumscribe.beats import BeatOptions, recount_or_find
from drumscribe.domain.rhythm import Metre
from drumscribe.domain.transcription import Transcript
from drumscribe.errors import InvalidHits, NoDrumsFound
from drumscribe.pipeline import codec
from drumscribe.pipeline.context import LocalContext
from drumscribe.pipeline.options import LONGEST_SECONDS, TranscribeOptions
from drumscribe.pipeline.run import build_transcript

# Two hours of eighths at 400 quarter notes per minute.
_MOST_BEATS: Final = 100_000


def transcript_from_hits(
    content: bytes,
    *,
    bpm: float | None = None,
    metre: Metre | None = None,
    bar_one_at_seconds: float | None = None,
    tempo_factor: float = 1.0,
    title: str | None = None,
    artist: str | None = None,
) -> Transcript:
    """A transcript from a JSON document of ours, edited or not, or from a bare list of hits.

    The document's beats are kept, counted anew as the options say (see recount_or_find); where
    there are none, beats are found from the hits alone. Confidence and warnings are judged anew.

    bar_one_at_seconds, tempo_factor: see TranscribeOptions.
    Raises InvalidHits, InvalidOption or NoDrumsFound.
    """
    hits = tuple(codec.hits_from_json(content))
    if not hits:
        raise NoDrumsFound("The document has no hits.")
    if hits[-1].time > LONGEST_SECONDS:
        raise InvalidHits(
            f"A hit lies at {hits[-1].time:g} s; at most {LONGEST_SECONDS:g} s can be written."
        )
    # The limits of what a user may ask for are checked in one place.
    asked = TranscribeOptions(
        bpm=bpm, metre=metre, bar_one_at_seconds=bar_one_at_seconds, tempo_factor=tempo_factor
    )
    options = BeatOptions(
        bpm=asked.bpm,
        metre=asked.metre,
        bar_one_at_seconds=asked.bar_one_at_seconds,
        tempo_factor=asked.tempo_factor,
    )
    known = codec.transcript_from_json(content) if codec.is_transcript(content) else None
    with LocalContext() as context:
        grid = recount_or_find(codec.grid_from_json(content), hits, options, context)
    n_beats = float(np.ptp(grid.beat_position(np.array([0.0, hits[-1].time]))))
    if n_beats > _MOST_BEATS:
        raise InvalidHits(f"There are {n_beats:.0f} beats up to the last hit; that is no music.")
    if known is None:
        known = build_transcript(hits, grid, duration_seconds=hits[-1].time)
    return build_transcript(
        hits,
        grid,
        duration_seconds=max(known.duration_seconds, hits[-1].time),
        models=known.models,
        separated=known.separated,
        title=title if title is not None else known.title,
        artist=artist if artist is not None else known.artist,
        source=known.source,
        compute_time_ms=known.compute_time_ms,
    )

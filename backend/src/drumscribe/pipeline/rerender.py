"""Back onto the ladder at the rung of the hits: a page from hits that were edited or brought."""

from __future__ import annotations

from typing import Final

import numpy as np

from drumscribe.beats import recount_or_find
from drumscribe.domain.audio import LONGEST_RECORDING_SECONDS
from drumscribe.domain.transcription import Transcript
from drumscribe.domain.wishes import Wishes
from drumscribe.errors import InvalidHits, NoDrumsFound
from drumscribe.pipeline import codec
from drumscribe.pipeline.context import LocalContext
from drumscribe.pipeline.run import build_transcript

# Two hours of eighths at 400 quarter notes per minute.
_MOST_BEATS: Final = 100_000
_NO_WISHES: Final = Wishes()


def transcript_from_hits(content: bytes, wishes: Wishes = _NO_WISHES) -> Transcript:
    """A transcript from a JSON document of ours, edited or not, or from a bare list of hits.

    The document's beats are kept, counted anew as the wishes say (see recount_or_find); where
    there are none, beats are found from the hits alone. Confidence and warnings are judged anew.

    Raises InvalidHits, InvalidOption or NoDrumsFound.
    """
    hits = tuple(codec.hits_from_json(content))
    if not hits:
        raise NoDrumsFound("The document has no hits.")
    if hits[-1].time > LONGEST_RECORDING_SECONDS:
        raise InvalidHits(
            f"A hit lies at {hits[-1].time:g} s; at most {LONGEST_RECORDING_SECONDS:g} s can be "
            "written."
        )
    known = codec.transcript_from_json(content) if codec.is_transcript(content) else None
    with LocalContext() as context:
        grid = recount_or_find(codec.grid_from_json(content), hits, wishes.beats, context)
    n_beats = float(np.ptp(grid.beat_position(np.array([0.0, hits[-1].time]))))
    if n_beats > _MOST_BEATS:
        raise InvalidHits(f"There are {n_beats:.0f} beats up to the last hit; that is no music.")
    if known is None:
        known = build_transcript(hits, grid, duration_seconds=hits[-1].time)
    return build_transcript(
        hits,
        grid,
        duration_seconds=max(known.duration_seconds, hits[-1].time),
        notices=known.notices,
        models=known.models,
        separated=known.separated,
        title=wishes.page.title or known.title,
        artist=wishes.page.artist or known.artist,
        source=known.source,
        compute_time_ms=known.compute_time_ms,
    )

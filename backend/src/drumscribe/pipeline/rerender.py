"""Back onto the ladder at the rung of the hits: a page from hits that were edited or brought."""

from __future__ import annotations

import dataclasses

from drumscribe.domain.rhythm import Metre
from drumscribe.domain.transcription import Transcript
from drumscribe.errors import InvalidHits, NoDrumsFound
from drumscribe.ml.beats import BeatOptions, track_beats
from drumscribe.pipeline import codec
from drumscribe.pipeline.context import LocalContext
from drumscribe.pipeline.run import build_transcript


def transcript_from_hits(
    content: bytes,
    *,
    bpm: float | None = None,
    metre: Metre | None = None,
    title: str | None = None,
    artist: str | None = None,
) -> Transcript:
    """A transcript from a JSON document of ours, edited or not, or from a bare list of hits.

    The document's beats are kept unless another tempo or metre is asked for; then, or where there
    are none, beats are found from the hits alone.

    Raises InvalidHits or NoDrumsFound.
    """
    hits = tuple(codec.hits_from_json(content))
    if not hits:
        raise NoDrumsFound("The document has no hits.")
    grid = None if bpm is not None or metre is not None else codec.grid_from_json(content)
    if grid is None:
        with LocalContext() as context:
            grid = track_beats(
                None,
                None,
                hits,
                networks=None,
                options=BeatOptions(bpm=bpm, metre=metre),
                context=context,
            )
    try:
        known = codec.transcript_from_json(content)
    except InvalidHits:
        known = build_transcript(hits, grid, duration_seconds=hits[-1].time)
    return dataclasses.replace(
        known,
        hits=hits,
        grid=grid,
        title=title if title is not None else known.title,
        artist=artist if artist is not None else known.artist,
    )

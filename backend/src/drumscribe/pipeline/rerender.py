"""Back onto the ladder at the rung of the hits: a page from hits that were edited or brought."""

from __future__ import annotations

import dataclasses

from drumscribe.domain.rhythm import Metre
from drumscribe.domain.transcription import Transcript
from drumscribe.errors import InvalidHits, NoDrumsFound
from drumscribe.ml.beats import BeatOptions, recount_or_find
from drumscribe.pipeline import codec
from drumscribe.pipeline.context import LocalContext
from drumscribe.pipeline.options import TranscribeOptions
from drumscribe.pipeline.run import build_transcript


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
    there are none, beats are found from the hits alone.

    bar_one_at_seconds, tempo_factor: see TranscribeOptions.
    Raises InvalidHits, InvalidOption or NoDrumsFound.
    """
    hits = tuple(codec.hits_from_json(content))
    if not hits:
        raise NoDrumsFound("The document has no hits.")
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
    with LocalContext() as context:
        grid = recount_or_find(codec.grid_from_json(content), hits, options, context)
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

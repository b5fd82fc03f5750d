"""Back onto the ladder at the rung of the hits: a page from hits that were edited or brought."""

from __future__ import annotations

from typing import Final

from drumscribe.domain.audio import LONGEST_RECORDING_SECONDS
from drumscribe.domain.transcription import Transcript
from drumscribe.domain.wishes import Wishes
from drumscribe.errors import InvalidHits, NoDrumsFound
from drumscribe.pipeline.files import codec
from drumscribe.pipeline.hear import Heard
from drumscribe.pipeline.revise import revise

_NO_WISHES: Final = Wishes()


def transcript_from_hits(content: bytes, wishes: Wishes = _NO_WISHES) -> Transcript:
    """A transcript from a JSON document of ours, edited or not, or from a bare list of hits.

    The document's beats are kept, counted anew as the wishes say (see revise); where there are
    none, beats are found from the hits alone. Confidence and warnings are judged anew.

    Raises InvalidHits, InvalidOption or NoDrumsFound.
    """
    return revise(heard_in_document(content), wishes)


def heard_in_document(content: bytes) -> Heard:
    """What a document says was heard. Raises InvalidHits or NoDrumsFound."""
    hits = tuple(codec.hits_from_json(content))
    if not hits:
        raise NoDrumsFound("The document has no hits.")
    is_whole = codec.is_transcript(content)
    transcript = codec.transcript_from_json(content) if is_whole else None
    first = () if transcript is None else transcript.first_hits
    last = max(hit.time for hit in (*hits, *first))
    if last > LONGEST_RECORDING_SECONDS:
        raise InvalidHits(
            f"A hit lies at {last:g} s; at most {LONGEST_RECORDING_SECONDS:g} s can be written."
        )
    if transcript is not None:
        return Heard.of(transcript)
    return Heard(hits=hits, grid=codec.grid_from_json(content), duration_seconds=last)

"""Pages that are written, changed and brought back."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from xml.etree import ElementTree as ET

import numpy as np

from drumscribe.domain.drums import Instrument, numbered
from drumscribe.domain.transcription import Transcript
from drumscribe.domain.wishes import PageWishes
from drumscribe.library import Transcription
from drumscribe.notation.bringing.changes import Brought
from drumscribe.pipeline.bring_back import bring_back
from engraving_pieces import Piece, Writer, seven_eight, steady_grid

K, S, H, OH = Instrument.KICK, Instrument.SNARE, Instrument.HIHAT_CLOSED, Instrument.HIHAT_OPEN


def transcript_of(piece: Piece) -> Transcript:
    hits = numbered(piece.hits)
    last = float(max(hits[-1].time, piece.grid.beat_times[-1]))
    confidence = float(np.mean([hit.confidence for hit in hits]))
    return Transcript(hits, piece.grid, last + 1.0, confidence)


def written(transcript: Transcript, page: PageWishes | None = None) -> ET.Element:
    made = Transcription(transcript, page=page or PageWishes()).to_musicxml()
    return ET.fromstring(made)


def brought(root: ET.Element, transcript: Transcript) -> Brought:
    return bring_back(ET.tostring(root), transcript)


def is_unchanged(brought: Brought, transcript: Transcript) -> bool:
    same_ids = [hit.id for hit in brought.hits] == [hit.id for hit in transcript.hits]
    return brought.hits == transcript.hits and same_ids and brought.grid is None


def seven_eight_song() -> Transcript:
    """Bars of seven eighths after two eighths of pickup, in a tempo that is not steady."""
    piece = seven_eight()
    grid = steady_grid("7/8", 6, bpm=280, pickup_beats=2)
    beats = 0.7 + np.cumsum(0.2 + 0.02 * np.sin(np.arange(grid.beat_times.size) / 5))
    w = Writer(replace(grid, beat_times=beats))
    w.add(S, 0, 0.5)
    for at, hit in zip(piece.at, piece.hits, strict=True):
        w.add(hit.instrument, 1 + at, velocity=hit.velocity)
    return transcript_of(w.piece())


def compressed(document: bytes, *, name: str = "score.xml", says: str | None = None) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        container = (
            f'<container><rootfiles><rootfile full-path="{says or name}"/></rootfiles></container>'
        )
        archive.writestr("META-INF/container.xml", container)
        archive.writestr(name, document)
    return packed.getvalue()

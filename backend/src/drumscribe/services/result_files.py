"""The files of a result, from a transcript: what the export step and every edit write."""

from __future__ import annotations

import logging
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from drumscribe.domain.artifacts import ArtifactKind
from drumscribe.domain.jobs import JobFacts
from drumscribe.domain.titles import shortened
from drumscribe.domain.transcription import Transcript
from drumscribe.domain.wishes import PageWishes
from drumscribe.errors import EngravingFailed
from drumscribe.library import Transcription
from drumscribe.models.known_models import transcriber_among
from drumscribe.notation.engravers.svg_stack import stack_pages
from drumscribe.pipeline.atomic import write_bytes
from drumscribe.pipeline.codec import transcript_to_json
from drumscribe.pipeline.formats import FORMATS, Engravers, Sheet
from drumscribe.pipeline.writing import write_formats

logger = logging.getLogger(__name__)

RESULT_KINDS: Final = tuple(ArtifactKind(name) for name in FORMATS)
_DRAWINGS: Final = (ArtifactKind.SVG, ArtifactKind.SVG_NARROW)
# File systems take 255; suffixes and other systems' ways of counting need some.
_LONGEST_NAME_BYTES = 180


@dataclass(frozen=True, slots=True)
class MadeFile:
    """A local file that is to become an artifact."""

    kind: ArtifactKind
    path: Path
    media_type: str
    filename: str


def write_results(
    transcript: Transcript, folder: Path, page: PageWishes, engravers: Engravers
) -> Iterator[MadeFile]:
    """Write every format, one per turn. A page that cannot be engraved is left out, and logged.

    All pages of the SVG are one picture, one below the other.
    """
    sheet = Sheet(transcript, Transcription(transcript).score, page, engravers)
    wants_pdf = engravers.pdf_backend != "none"
    names = [name for name in FORMATS if wants_pdf or name != ArtifactKind.PDF]
    for form, parts in write_formats(sheet, names):
        kind = ArtifactKind(form.name)
        if isinstance(parts, EngravingFailed):
            if kind is ArtifactKind.MUSICXML:
                raise parts
            logger.warning("No %s: %s", form.name, parts.message)
            continue
        content = stack_pages(parts) if kind in _DRAWINGS else parts[0]
        path = folder / f"result{form.suffix}"
        write_bytes(path, content)
        filename = download_name(transcript.title, form.suffix)
        yield MadeFile(kind, path, form.media_type, filename)


def write_grid(transcript: Transcript, folder: Path) -> MadeFile:
    """The transcript as what the next step, or an edit, goes on from."""
    path = folder / "transcript.json"
    write_bytes(path, transcript_to_json(transcript))
    return MadeFile(ArtifactKind.GRID, path, "application/json", path.name)


def facts_of(transcript: Transcript) -> JobFacts:
    """What the row of the job says of a transcript."""
    detector = transcriber_among(transcript.models)
    return JobFacts(
        detected_bpm=round(transcript.grid.bpm),
        bpm_unreliable=not transcript.grid.reliable,
        hit_summary=transcript.hit_summary,
        confidence_score=transcript.confidence,
        warnings=tuple(str(warning) for warning in transcript.warnings),
        model_version=f"{detector.name} {detector.version}" if detector else None,
    )


def download_name(title: str | None, suffix: str) -> str:
    """A file name that every system takes, from what stands on the page."""
    text = unicodedata.normalize("NFC", title or "")
    kept = "".join(
        " " if c in '/\\:*?"<>|' or unicodedata.category(c)[0] == "C" else c for c in text
    )
    name = re.sub(r"\s+", " ", kept).strip(" .")
    name = shortened(name, _LONGEST_NAME_BYTES).strip(" .")
    return f"{name or 'drums'}{suffix}"

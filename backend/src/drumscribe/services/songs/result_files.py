"""The files of a result, from a transcript: what the export step, edits and downloads write."""

from __future__ import annotations

import logging
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from drumscribe.domain.artifacts import ArtifactKind
from drumscribe.domain.jobs import JobFacts
from drumscribe.domain.score import Score
from drumscribe.domain.titles import shortened
from drumscribe.domain.transcription import Transcript
from drumscribe.domain.wishes import PageWishes
from drumscribe.errors import EngravingFailed
from drumscribe.library import Transcription
from drumscribe.models.known_models import transcriber_among
from drumscribe.notation.engravers.svg_stack import stack_pages
from drumscribe.pipeline.files.atomic import write_bytes
from drumscribe.pipeline.files.codec import transcript_to_json
from drumscribe.pipeline.files.formats import FORMATS, Engravers, Format, Sheet
from drumscribe.pipeline.files.writing import write_formats

logger = logging.getLogger(__name__)

# Renderings of the transcript: made when somebody asks, outdated by the next edit.
RENDERINGS: Final = tuple(ArtifactKind(name) for name in FORMATS)
# What a first result is looked at with, and what an edit shows at once.
FIRST_FORMATS: Final = ("svg", "timemap", "musicxml", "pdf")
SHOWN_FORMATS: Final = ("svg", "timemap")
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


def sheet_of(
    transcript: Transcript, page: PageWishes, engravers: Engravers, *, drawn_before: str = ""
) -> Sheet:
    """The music of a transcript, for any number of formats. drawn_before: see Sheet."""
    return Sheet(transcript, Transcription(transcript).score, page, engravers, drawn_before)


def formats_of(engravers: Engravers) -> tuple[Format, ...]:
    """All that can be asked for here."""
    return tuple(
        form
        for form in FORMATS.values()
        if form.name != ArtifactKind.PDF or engravers.pdf_backend != "none"
    )


def write_renderings(sheet: Sheet, folder: Path, names: Sequence[str]) -> Iterator[MadeFile]:
    """Write formats, one per turn. A page that cannot be engraved is left out, and logged.

    All pages of the SVG are one picture, one below the other.
    """
    possible = {form.name for form in formats_of(sheet.engravers)}
    for form, parts in write_formats(sheet, [name for name in names if name in possible]):
        if isinstance(parts, EngravingFailed):
            if form.name == ArtifactKind.MUSICXML:
                raise parts
            logger.warning("No %s: %s", form.name, parts.message)
            continue
        yield _written(form, parts, sheet, folder)


def write_rendering(sheet: Sheet, folder: Path, form: Format) -> MadeFile:
    """Write one format. Raises EngravingFailed."""
    return _written(form, form.write(sheet), sheet, folder)


def _written(form: Format, parts: list[bytes], sheet: Sheet, folder: Path) -> MadeFile:
    kind = ArtifactKind(form.name)
    path = folder / f"result{form.suffix}"
    write_bytes(path, stack_pages(parts) if kind in _DRAWINGS else parts[0])
    filename = download_name(sheet.transcript.title, form.suffix)
    return MadeFile(kind, path, form.media_type, filename)


def write_transcript(
    kind: ArtifactKind, transcript: Transcript, folder: Path, score: Score | None = None
) -> MadeFile:
    """The transcript as what the next step, an edit or a rendering goes on from.

    score: its page, where it is written.
    """
    path = folder / f"{kind.value}.json"
    write_bytes(path, transcript_to_json(transcript, score))
    return MadeFile(kind, path, "application/json", path.name)


def facts_of(transcript: Transcript) -> JobFacts:
    """What the row of the job says of a transcript."""
    detector = transcriber_among(transcript.models)
    return JobFacts(
        detected_bpm=transcript.detected_bpm,
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

"""The files that a transcription can become: one table of names, suffixes and writers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from drumscribe.domain.score import Score
from drumscribe.domain.transcription import Transcript
from drumscribe.pipeline import codec


@dataclass(frozen=True, slots=True, kw_only=True)
class EngraveOptions:
    """How the page is made.

    style: name of the drum key (see notation.drum_styles).
    pdf_backend: auto, lilypond, verovio, musescore or none.
    lilypond_bin: path of the lilypond program; None finds one.
    timeout_seconds: of one engraving.
    """

    style: str = "weinberg"
    pdf_backend: str = "auto"
    lilypond_bin: str | None = None
    timeout_seconds: float = 60.0


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    """A transcript and its score: what every writer gets."""

    transcript: Transcript
    score: Score
    options: EngraveOptions


@dataclass(frozen=True, slots=True)
class Format:
    """One kind of file.

    name: as in `-f` and in the service's download address.
    suffix: after the track's name.
    write: makes the parts of the file; more than one part is numbered (SVG pages).
    """

    name: str
    suffix: str
    media_type: str
    write: Callable[[Sheet], list[bytes]]


def _musicxml(sheet: Sheet) -> list[bytes]:
    from drumscribe.notation.musicxml import write_musicxml

    return [write_musicxml(sheet.score, style=sheet.options.style)]


def _pdf(sheet: Sheet) -> list[bytes]:
    from drumscribe.notation.pdf import render_pdf

    options = sheet.options
    return [
        render_pdf(
            sheet.score,
            backend=options.pdf_backend,
            lilypond_bin=options.lilypond_bin,
            timeout_seconds=options.timeout_seconds,
            style=options.style,
        )
    ]


def _svg(sheet: Sheet) -> list[bytes]:
    from drumscribe.notation.svg import render_svg

    return [page.encode() for page in render_svg(sheet.score, style=sheet.options.style)]


def _midi(sheet: Sheet) -> list[bytes]:
    from drumscribe.notation.midi import score_midi

    return [score_midi(sheet.score)]


def _performance_midi(sheet: Sheet) -> list[bytes]:
    from drumscribe.notation.midi import performance_midi

    transcript = sheet.transcript
    return [performance_midi(transcript.hits, transcript.grid, title=transcript.title)]


def _json(sheet: Sheet) -> list[bytes]:
    return [codec.transcript_to_json(sheet.transcript)]


def _csv(sheet: Sheet) -> list[bytes]:
    return [codec.hits_to_csv(sheet.transcript)]


FORMATS: Final[dict[str, Format]] = {
    entry.name: entry
    for entry in (
        Format("musicxml", ".musicxml", "application/vnd.recordare.musicxml+xml", _musicxml),
        Format("pdf", ".pdf", "application/pdf", _pdf),
        Format("midi", ".mid", "audio/midi", _midi),
        Format("midi-performance", ".performance.mid", "audio/midi", _performance_midi),
        Format("svg", ".svg", "image/svg+xml", _svg),
        Format("json", ".json", "application/json", _json),
        Format("csv", ".csv", "text/csv", _csv),
    )
}
STEMS: Final = "stems"
DEFAULT_FORMATS: Final = ("musicxml", "pdf", "midi", "json")
STEM_SUFFIXES: Final = (".drums.flac", ".backing.flac")

"""The files that a transcription can become: one table of names, suffixes and writers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from drumscribe.domain.score import Score
from drumscribe.domain.transcription import Transcript
from drumscribe.domain.wishes import Form, PageWishes, Similes, StickingLetters
from drumscribe.pipeline.files import codec


@dataclass(frozen=True, slots=True, kw_only=True)
class Engravers:
    """The programs that draw pages.

    pdf_backend: auto, lilypond, verovio, musescore or none.
    lilypond_bin, musescore_bin: paths of the programs; None finds them.
    timeout_seconds: of one engraving.
    """

    pdf_backend: str = "auto"
    lilypond_bin: str | None = None
    musescore_bin: str | None = None
    timeout_seconds: float = 60.0


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    """A transcript and its score: what every writer gets.

    drawn_before: the SVG of an earlier state of the piece, of which the same lines are taken over.
    """

    transcript: Transcript
    score: Score
    page: PageWishes
    engravers: Engravers
    drawn_before: str = ""


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


def _named(sheet: Sheet) -> Score:
    """The full score as it was asked for: names of sections, words over bars, hands or none."""
    from drumscribe.notation.measures.sticking import without_sticking
    from drumscribe.notation.structure import name_sections, write_over_bars

    shows_hands = sheet.page.sticking is StickingLetters.SHOWN
    score = sheet.score if shows_hands else without_sticking(sheet.score)
    named = name_sections(score, sheet.page.section_names)
    return write_over_bars(named, sheet.page.bar_texts)


def _printed(sheet: Sheet, *, shortens: bool) -> Score:
    """What stands on the page: a chart, or the full score with repeat signs or without."""
    from drumscribe.notation.chart import chart_of
    from drumscribe.notation.structure import with_similes

    score = _named(sheet)
    if sheet.page.form is Form.CHART:
        return chart_of(score)
    return with_similes(score) if shortens else score


def _musicxml(sheet: Sheet) -> list[bytes]:
    from drumscribe.notation.writers.musicxml import write_musicxml

    score = _printed(sheet, shortens=sheet.page.similes is Similes.ALWAYS)
    return [write_musicxml(score, style=sheet.page.style)]


def _pdf(sheet: Sheet) -> list[bytes]:
    from drumscribe.notation.engravers.pdf import render_pdf
    from drumscribe.notation.layout import Print

    engravers = sheet.engravers
    return [
        render_pdf(
            _printed(sheet, shortens=sheet.page.similes is not Similes.NEVER),
            backend=engravers.pdf_backend,
            lilypond_bin=engravers.lilypond_bin,
            musescore_bin=engravers.musescore_bin,
            timeout_seconds=engravers.timeout_seconds,
            style=sheet.page.style,
            page=Print(
                paper=sheet.page.paper,
                staff_size=sheet.page.staff_size,
                bars_a_line=sheet.page.bars_a_line,
                drum_key=sheet.page.drum_key,
            ),
        )
    ]


def _svg(sheet: Sheet) -> list[bytes]:
    from drumscribe.notation.engravers.svg import render_svg

    # Every bar of a full score stands there, since the page follows the recording note by note.
    score = _printed(sheet, shortens=False)
    pages = render_svg(score, style=sheet.page.style, before=sheet.drawn_before)
    return [page.encode() for page in pages]


def _narrow_svg(sheet: Sheet) -> list[bytes]:
    from drumscribe.notation.engravers.svg import render_svg

    score = _printed(sheet, shortens=False)
    pages = render_svg(score, style=sheet.page.style, is_narrow=True)
    return [page.encode() for page in pages]


def _midi(sheet: Sheet) -> list[bytes]:
    from drumscribe.notation.writers.midi import score_midi

    return [score_midi(sheet.score, drum_map=sheet.page.drum_map)]


def _performance_midi(sheet: Sheet) -> list[bytes]:
    from drumscribe.notation.writers.midi import performance_midi

    transcript, keys = sheet.transcript, sheet.page.drum_map
    content = performance_midi(
        transcript.hits, transcript.grid, drum_map=keys, title=transcript.title
    )
    return [content]


def _json(sheet: Sheet) -> list[bytes]:
    return [codec.transcript_to_json(sheet.transcript, sheet.score)]


def _tab(sheet: Sheet) -> list[bytes]:
    from drumscribe.notation.writers.tab import write_tab

    return [write_tab(_named(sheet)).encode()]


def _guitar_pro(sheet: Sheet) -> list[bytes]:
    from drumscribe.notation.writers.guitar_pro import write_guitar_pro

    return [write_guitar_pro(_named(sheet))]


def _time_map(sheet: Sheet) -> list[bytes]:
    from drumscribe.notation.chart import chart_of
    from drumscribe.notation.writers.timemap import time_map

    heard, score = sheet.transcript, _named(sheet)
    entries = time_map(
        score,
        heard.hits,
        heard.grid,
        duration_seconds=heard.duration_seconds,
        chart=chart_of(score) if sheet.page.form is Form.CHART else None,
    )
    return [entries.to_json()]


def _csv(sheet: Sheet) -> list[bytes]:
    return [codec.hits_to_csv(sheet.transcript)]


FORMATS: Final[dict[str, Format]] = {
    entry.name: entry
    for entry in (
        Format("musicxml", ".musicxml", "application/vnd.recordare.musicxml+xml", _musicxml),
        Format("pdf", ".pdf", "application/pdf", _pdf),
        Format("midi", ".mid", "audio/midi", _midi),
        Format("midi-performance", ".performance.mid", "audio/midi", _performance_midi),
        Format("gp", ".gp5", "application/x-guitar-pro", _guitar_pro),
        Format("tab", ".tab.txt", "text/plain; charset=utf-8", _tab),
        Format("svg", ".svg", "image/svg+xml", _svg),
        Format("svg-narrow", ".narrow.svg", "image/svg+xml", _narrow_svg),
        Format("json", ".json", "application/json", _json),
        Format("csv", ".csv", "text/csv", _csv),
        Format("timemap", ".timemap.json", "application/json", _time_map),
    )
}
STEMS: Final = "stems"
DEFAULT_FORMATS: Final = ("musicxml", "pdf", "midi", "json")
STEM_SUFFIXES: Final = (".drums.flac", ".backing.flac")

"""The page as PDF: LilyPond where there is one, else Verovio, else MuseScore."""

from __future__ import annotations

import importlib.util
import logging
import re
import shutil
import tempfile
from enum import StrEnum
from pathlib import Path

from drumscribe.domain.score import Score
from drumscribe.errors import EngravingFailed, InvalidOption, PdfBackendUnavailable
from drumscribe.notation.engravers.limits import Finished, run_confined
from drumscribe.notation.engravers.musescore import find_musescore, run_musescore
from drumscribe.notation.engravers.verovio import draw_pdf, verovio_is_installed
from drumscribe.notation.layout import Print
from drumscribe.notation.structure import without_similes
from drumscribe.notation.styles.drum_styles import DrumStyle
from drumscribe.notation.writers.lilypond import (
    HEADS_REPORT,
    OVERFULL,
    head_count,
    write_lilypond,
)
from drumscribe.notation.writers.musicxml import write_musicxml

_log = logging.getLogger(__name__)


class PdfBackend(StrEnum):
    """Who draws the page. AUTO takes the first that is there; NONE means that nobody shall."""

    AUTO = "auto"
    LILYPOND = "lilypond"
    VEROVIO = "verovio"
    MUSESCORE = "musescore"
    NONE = "none"


def available_pdf_backends(
    *, lilypond_bin: str | None = None, musescore_bin: str | None = None
) -> tuple[PdfBackend, ...]:
    """The backends that are installed, the best page first."""
    present = {
        PdfBackend.LILYPOND: find_lilypond(lilypond_bin) is not None,
        PdfBackend.VEROVIO: verovio_is_installed(with_pdf=True),
        PdfBackend.MUSESCORE: find_musescore(musescore_bin) is not None,
    }
    return tuple(backend for backend, is_there in present.items() if is_there)


def render_pdf(
    score: Score,
    *,
    backend: str = "auto",
    timeout_seconds: float = 60.0,
    lilypond_bin: str | None = None,
    musescore_bin: str | None = None,
    style: str | DrumStyle = "weinberg",
    page: Print | None = None,
) -> bytes:
    """The score as a PDF file.

    backend: a PdfBackend. auto tries every backend that is installed, in the order of
        available_pdf_backends, and says in the log which ones failed.
    lilypond_bin: path of the lilypond program; None takes the one of the wheel, else of the PATH.
    musescore_bin: path of the MuseScore program; None takes the one of the PATH.
    Repeat signs of the score are drawn by LilyPond; the others write every bar.
    page: paper, size of the staves, bars a line, drum key. Verovio draws no key; MuseScore takes
        the bars a line only, and draws A4.
    Raises EngravingFailed with a short reason (PdfBackendUnavailable where the backend is not
    installed), also if the page came out without the notes.
    """
    page = page or Print()
    try:
        chosen = PdfBackend(backend)
    except ValueError:
        known = ", ".join(PdfBackend)
        raise InvalidOption(f"There is no PDF backend {backend!r}; there is {known}.") from None
    if chosen is PdfBackend.NONE:
        raise PdfBackendUnavailable("PDF output is switched off (backend none).")
    candidates: tuple[PdfBackend, ...] = (chosen,)
    if chosen is PdfBackend.AUTO:
        candidates = available_pdf_backends(lilypond_bin=lilypond_bin, musescore_bin=musescore_bin)
    failure = PdfBackendUnavailable(
        "No program that makes a PDF is installed (LilyPond, Verovio with CairoSVG, MuseScore)."
    )
    reasons: list[EngravingFailed] = []
    for candidate in candidates:
        try:
            if candidate is PdfBackend.LILYPOND:
                return _by_lilypond(score, style, page, lilypond_bin, timeout_seconds)
            written_out = without_similes(score)
            musicxml = write_musicxml(written_out, style=style, paper=page.lines)
            if candidate is PdfBackend.VEROVIO:
                return _by_verovio(musicxml, written_out, page, timeout_seconds)
            return _by_musescore(musicxml, musescore_bin, timeout_seconds)
        except EngravingFailed as error:
            reasons.append(error)
            if len(candidates) > 1:
                _log.warning("%s made no PDF: %s", candidate.value, error.message)
    raise reasons[0] if reasons else failure


def find_lilypond(lilypond_bin: str | None = None) -> str | None:
    """The lilypond program: the given one, the wheel's, or the system's; None if there is none."""
    if lilypond_bin is not None:
        return shutil.which(lilypond_bin)
    if importlib.util.find_spec("lilypond") is not None:
        import lilypond

        program = Path(lilypond.executable())
        for path in (program, program.with_suffix(".exe")):
            if path.is_file():
                return str(path)
    return shutil.which("lilypond")


def _by_lilypond(
    score: Score,
    style: str | DrumStyle,
    page: Print,
    lilypond_bin: str | None,
    timeout_seconds: float,
) -> bytes:
    program = find_lilypond(lilypond_bin)
    if program is None:
        where = f" at {lilypond_bin}" if lilypond_bin else ""
        raise PdfBackendUnavailable(f"LilyPond is not installed{where}.")
    for is_roomy in (False, True):
        source = write_lilypond(score, style=style, page=page, is_roomy=is_roomy)
        content, log = _run_lilypond(program, source, timeout_seconds)
        if OVERFULL not in log:
            break
    drawn = re.search(re.escape(HEADS_REPORT) + r"(\d+)", log)
    _check_heads(int(drawn[1]) if drawn else 0, score, "LilyPond")
    return content


def _run_lilypond(program: str, source: str, timeout_seconds: float) -> tuple[bytes, str]:
    """The PDF, and what LilyPond said."""
    with tempfile.TemporaryDirectory(prefix="drumscribe-") as folder_name:
        folder = Path(folder_name)
        (folder / "score.ly").write_text(source, encoding="utf-8")
        finished = run_confined(
            [program, "--loglevel=WARNING", "-dno-point-and-click", "-o", "score", "score.ly"],
            folder,
            timeout_seconds=timeout_seconds,
        )
        made = folder / "score.pdf"
        content = _pdf_of(made.read_bytes() if made.is_file() else None, "LilyPond", finished)
    return content, finished.log


def _by_verovio(musicxml: bytes, score: Score, page: Print, timeout_seconds: float) -> bytes:
    if not verovio_is_installed(with_pdf=True):
        raise PdfBackendUnavailable(
            "Verovio and CairoSVG are not installed: pip install 'drumscribe[verovio]'."
        )
    pages, pdf = draw_pdf(musicxml, page, timeout_seconds=timeout_seconds)
    _check_heads(sum(svg.count('class="notehead"') for svg in pages), score, "Verovio")
    return pdf


def _by_musescore(musicxml: bytes, musescore_bin: str | None, timeout_seconds: float) -> bytes:
    program = find_musescore(musescore_bin)
    if program is None:
        where = f" at {musescore_bin}" if musescore_bin else ""
        raise PdfBackendUnavailable(f"MuseScore is not installed{where}.")
    made, finished = run_musescore(program, musicxml, ".pdf", timeout_seconds=timeout_seconds)
    return _pdf_of(made, "MuseScore", finished)


def _pdf_of(content: bytes | None, engraver: str, finished: Finished) -> bytes:
    if finished.exit_code == 0 and content is not None and content.startswith(b"%PDF"):
        return content
    _log.debug("%s said: %s", engraver, finished.log)
    first_error = re.search(r"(?:fatal )?error: (.{1,120})", finished.log)
    reason = f": {first_error[1].strip()}" if first_error else ""
    raise EngravingFailed(f"{engraver} ended with code {finished.exit_code}{reason}.")


def _check_heads(drawn: int, score: Score, engraver: str) -> None:
    expected = head_count(score)
    if drawn != expected:
        raise EngravingFailed(f"{engraver} drew {drawn} of {expected} notes.")

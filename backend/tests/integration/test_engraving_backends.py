"""Engravers that are missing, slow, greedy or wrong: short reasons, nothing left behind."""

import os
import stat
import sys
import time
from pathlib import Path
from xml.etree import ElementTree as ET

import pymupdf
import pytest

from drumscribe.domain.score import Score
from drumscribe.errors import EngravingFailed, InvalidOption, PdfBackendUnavailable
from drumscribe.notation.engravers import pdf
from drumscribe.notation.engravers.limits import run_confined
from drumscribe.notation.engravers.pdf import PdfBackend, available_pdf_backends, render_pdf
from drumscribe.notation.engravers.svg import render_svg
from drumscribe.notation.engravers.verovio import WIDE, Drawing, draw_pages
from drumscribe.notation.quantize import quantize
from engraving_pieces import PIECES


@pytest.fixture(scope="module")
def score() -> Score:
    piece = PIECES["rock-beat"]()
    return quantize(piece.hits, piece.grid, title="Rock")


def program(folder: Path, text: str) -> str:
    path = folder / "lilypond"
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


def test_available_backends_lists_lilypond_first() -> None:
    found = available_pdf_backends()
    assert found[:2] == (PdfBackend.LILYPOND, PdfBackend.VEROVIO)


def test_available_backends_with_missing_program_leaves_it_out() -> None:
    assert PdfBackend.LILYPOND not in available_pdf_backends(lilypond_bin="/nowhere/lilypond")


def test_render_pdf_missing_lilypond_is_unavailable(score: Score) -> None:
    with pytest.raises(PdfBackendUnavailable, match="/nowhere/lilypond"):
        render_pdf(score, backend="lilypond", lilypond_bin="/nowhere/lilypond")


def test_render_pdf_backend_none_and_unknown_are_refused(score: Score) -> None:
    with pytest.raises(PdfBackendUnavailable, match="switched off"):
        render_pdf(score, backend="none")
    with pytest.raises(InvalidOption, match="lilypond"):
        render_pdf(score, backend="finale")


def test_render_pdf_auto_goes_on_with_the_next_backend(
    score: Score, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    broken = program(tmp_path, "echo 'score.ly:3:1: error: syntax error' >&2; exit 1")
    content = render_pdf(score, backend="auto", lilypond_bin=broken)
    assert content.startswith(b"%PDF")
    assert "lilypond made no PDF: LilyPond ended with code 1: syntax error" in caplog.text


def test_render_pdf_failing_engraver_gives_a_short_reason(score: Score, tmp_path: Path) -> None:
    broken = program(tmp_path, "echo 'score.ly:3:1: error: bad thing' >&2; exit 1")
    with pytest.raises(EngravingFailed) as caught:
        render_pdf(score, backend="lilypond", lilypond_bin=broken)
    assert caught.value.message == "LilyPond ended with code 1: bad thing."


def test_render_pdf_draws_a_page_that_was_too_full_again_with_fewer_lines(
    score: Score, tmp_path: Path
) -> None:
    full = "warning: compressing over-full page by 24.1 staff-spaces"
    crowded = program(
        tmp_path,
        f"grep -q page-breaking score.ly && page=roomy || {{ page=crowded; echo '{full}' >&2; }}\n"
        'printf "%%PDF-1.7 $page" > score.pdf; echo drumscribe-heads=60',
    )
    content = render_pdf(score, backend="lilypond", lilypond_bin=crowded)
    assert content == b"%PDF-1.7 roomy"


def test_render_pdf_page_without_notes_is_an_error(score: Score, tmp_path: Path) -> None:
    liar = program(tmp_path, "printf '%%PDF-1.7 nothing' > score.pdf; echo drumscribe-heads=0")
    with pytest.raises(EngravingFailed, match="drew 0 of 60 notes"):
        render_pdf(score, backend="lilypond", lilypond_bin=liar)


def test_render_pdf_result_that_is_no_pdf_is_an_error(score: Score, tmp_path: Path) -> None:
    liar = program(tmp_path, "echo hello > score.pdf; echo drumscribe-heads=60")
    with pytest.raises(EngravingFailed, match="ended with code 0"):
        render_pdf(score, backend="lilypond", lilypond_bin=liar)


def test_render_pdf_slow_engraver_is_killed_with_its_children(score: Score, tmp_path: Path) -> None:
    pid_file = tmp_path / "child.pid"
    slow = program(tmp_path, f"sleep 600 & echo $! > {pid_file}; sleep 600")
    with pytest.raises(EngravingFailed, match=r"longer than 0\.5 seconds"):
        render_pdf(score, backend="lilypond", lilypond_bin=slow, timeout_seconds=0.5)
    assert is_gone(int(pid_file.read_text()))


def is_gone(pid: int) -> bool:
    for _ in range(100):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        status = Path(f"/proc/{pid}/stat")
        if status.exists() and status.read_text().rsplit(")", 1)[1].split()[0] == "Z":
            return True
        time.sleep(0.05)
    return False


def test_run_confined_program_gets_little(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_TOKEN", "do not tell")
    command = ["/bin/sh", "-c", "env; ulimit -v; ulimit -t"]
    ended = run_confined(command, tmp_path, timeout_seconds=20)
    assert "SECRET_TOKEN" not in ended.log
    lines = ended.log.splitlines()
    assert f"TMPDIR={tmp_path}" in lines
    assert f"HOME={tmp_path}" in lines
    assert str(1 << 20) in lines  # KiB of memory
    assert "60" in lines


def test_run_confined_python_program_gets_as_little(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET_TOKEN", "do not tell")
    script = tmp_path / "program.py"
    script.write_text(
        "import os, resource, sys\n"
        "print(__name__, sys.argv[1:], sys.flags.isolated, sys.flags.no_site)\n"
        "print(sorted(os.environ), resource.getrlimit(resource.RLIMIT_AS))\n"
        "raise SystemExit(3)\n"
    )
    ended = run_confined([str(script), "a", "b"], tmp_path, timeout_seconds=20)
    assert ended.exit_code == 3
    said, around = ended.log.splitlines()
    assert said == "__main__ ['a', 'b'] 1 1"
    assert "SECRET_TOKEN" not in around
    assert str((1 << 30, 1 << 30)) in around
    script.write_text("x = bytearray(2 << 30)")
    assert run_confined([str(script)], tmp_path, timeout_seconds=20).exit_code not in (0, 3)


def test_run_confined_too_much_memory_or_disk_ends_the_program(tmp_path: Path) -> None:
    greedy = [sys.executable, "-c", "x = bytearray(2 << 30)"]
    assert run_confined(greedy, tmp_path, timeout_seconds=20).exit_code != 0
    flood = ["/bin/sh", "-c", "head -c 30000000 /dev/zero > big"]
    run_confined(flood, tmp_path, timeout_seconds=20)
    assert (tmp_path / "big").stat().st_size <= 20 << 20


def test_run_confined_missing_program_fails_with_its_name(tmp_path: Path) -> None:
    ended = run_confined(["/nowhere/engraver"], tmp_path, timeout_seconds=5)
    assert ended.exit_code != 0


@pytest.mark.parametrize("name", sorted(PIECES))
def test_verovio_draws_every_note_with_its_id(name: str) -> None:
    piece = PIECES[name]()
    pages = render_svg(quantize(piece.hits, piece.grid, title=name))
    ids = [
        element.get("id")
        for page in pages
        for element in ET.fromstring(page).iter()
        if element.get("class") == "note"
    ]
    # Small notes of flams and drags that are said and were not heard stand for no hit.
    assert {name for name in ids if name} == {f"hit-{i}" for i in range(len(piece.hits))}
    assert ids.count(None) == (3 if name == "every-sound" else 0)


def test_verovio_pdf_has_the_pages_and_the_title() -> None:
    piece = PIECES["song"]()
    score = quantize(piece.hits, piece.grid, title="A Long Song")
    document = pymupdf.open(stream=render_pdf(score, backend="verovio"))
    assert len(document) == 2
    assert "A Long Song" in document[0].get_text()


def test_drawing_rubbish_fails_without_ending_this_process() -> None:
    for rubbish in (b"", b"not xml at all", b"<score-partwise/>"):
        with pytest.raises(EngravingFailed, match="Verovio"):
            draw_pages([Drawing(rubbish, WIDE)], timeout_seconds=60.0)


def test_render_svg_without_verovio_says_what_to_install(
    score: Score, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("drumscribe.notation.engravers.svg.verovio_is_installed", lambda: False)
    with pytest.raises(EngravingFailed, match="pip install"):
        render_svg(score)


def test_render_pdf_nothing_installed_says_what_is_looked_for(
    score: Score, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf, "available_pdf_backends", lambda **_: ())
    with pytest.raises(PdfBackendUnavailable, match="LilyPond"):
        render_pdf(score)

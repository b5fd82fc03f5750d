"""LilyPond reads our source without a word, and the page and its MIDI have every note."""

import subprocess
from collections import Counter
from pathlib import Path

import numpy as np
import pymupdf
import pytest

from drumscribe.domain.drums import Articulation, Hit, Instrument
from drumscribe.domain.wishes import PaperSize
from drumscribe.notation.engravers.pdf import find_lilypond, render_pdf
from drumscribe.notation.layout import Print
from drumscribe.notation.quantize import quantize
from drumscribe.notation.structure import with_similes
from drumscribe.notation.styles.drum_maps import GENERAL_MIDI
from drumscribe.notation.writers.lilypond import HEADS_REPORT, head_count, write_lilypond
from engraving_pieces import PIECES, T1, C, H, K, R, S, Writer, steady_grid
from engraving_readers import strokes_of_midi


def run_lilypond(source: str, folder: Path) -> str:
    """Everything that LilyPond has to say."""
    (folder / "score.ly").write_text(source, encoding="utf-8")
    program = find_lilypond()
    assert program is not None
    done = subprocess.run(
        [program, "--loglevel=WARNING", "-o", "score", "score.ly"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stderr


@pytest.mark.parametrize(
    ("name", "similes"),
    [*((name, False) for name in sorted(PIECES)), ("phrases", True), ("song-with-form", True)],
)
def test_lilypond_every_piece_without_warning_and_midi_agrees(
    name: str, similes: bool, tmp_path: Path
) -> None:
    piece = PIECES[name]()
    score = quantize(piece.hits, piece.grid, title=name)
    if similes:
        score = with_similes(score)
        assert head_count(score) < len(piece.hits) / 2
    said = run_lilypond(write_lilypond(score, midi=True), tmp_path)
    assert said.split() == [f"{HEADS_REPORT}{head_count(score)}"]
    midi = next(tmp_path.glob("score.mid*"))
    played = Counter(key for _, key, _ in strokes_of_midi(midi.read_bytes()))
    written = Counter(GENERAL_MIDI.key_of(h.instrument, h.articulation) for h in piece.hits)
    # Small notes of a flam and a drag on the snare that are said and were not heard.
    written[38] += 3 if name == "every-sound" else 0
    assert played == written


@pytest.mark.parametrize("metre", ["2/4", "5/4", "3/8", "5/8", "9/8", "12/8", "2/2", "7/16"])
def test_lilypond_every_metre_without_warning(metre: str, tmp_path: Path) -> None:
    grid = steady_grid(metre, 3)
    w = Writer(grid)
    step = grid.metre.beat_length / 2
    for bar in range(3):
        for k in range(int(grid.metre.bar_length / step)):
            w.add((K, S, H, T1)[k % 4], k * step, bar=bar)
    piece = w.piece()
    score = quantize(piece.hits, grid)
    said = run_lilypond(write_lilypond(score), tmp_path)
    assert said.split() == [f"{HEADS_REPORT}{head_count(score)}"]


def test_lilypond_two_cymbals_choked_at_once_without_warning(tmp_path: Path) -> None:
    w = Writer(steady_grid("4/4", 2))
    w.add(C, 0, 1, articulation=Articulation.CHOKE)
    w.add(R, 0, 1, articulation=Articulation.CHOKE)
    piece = w.piece()
    score = quantize(piece.hits, piece.grid)
    said = run_lilypond(write_lilypond(score), tmp_path)
    assert said.split() == [f"{HEADS_REPORT}{head_count(score)}"]


def test_lilypond_hits_all_over_the_grid_without_warning(tmp_path: Path) -> None:
    """Nothing that a quantiser can write may surprise LilyPond: random slots, tuplets, flams."""

    random = np.random.default_rng(11)
    drums = list(Instrument)
    marks = [None, None, None, *Articulation]
    hits = [
        Hit(
            float(t),
            drums[random.integers(len(drums))],
            float(random.random()),
            1.0,
            marks[random.integers(len(marks))],
        )
        for t in random.uniform(0, 60, 500)
        if t > 1
    ]
    score = quantize(hits, steady_grid("4/4", 12, bpm=70, start=3.1))
    said = run_lilypond(write_lilypond(score), tmp_path)
    assert said.split() == [f"{HEADS_REPORT}{head_count(score)}"]


def test_pdf_page_has_title_names_and_ink_on_the_staff() -> None:
    piece = PIECES["rock-beat"]()
    score = quantize(piece.hits, piece.grid, title="Blue Monday", artist="The Testers")
    document = pymupdf.open(stream=render_pdf(score, backend="lilypond"))
    text = document[0].get_text()
    for word in ("Blue Monday", "The Testers", "Snare", "Bass drum", "DrumScribe"):
        assert word in text
    pixels = document[0].get_pixmap(dpi=60, colorspace=pymupdf.csGRAY)
    dark = sum(value < 128 for value in pixels.samples)
    empty = quantize([], piece.grid)
    blank = pymupdf.open(stream=render_pdf(empty, backend="lilypond"))[0]
    blank_dark = sum(v < 128 for v in blank.get_pixmap(dpi=60, colorspace=pymupdf.csGRAY).samples)
    assert dark > blank_dark + 300


def test_pdf_long_song_has_pages_and_numbers() -> None:
    piece = PIECES["song"]()
    document = pymupdf.open(
        stream=render_pdf(
            quantize(piece.hits, piece.grid, title="Long Song"),
            backend="lilypond",
            page=Print(paper=PaperSize.LETTER),
        )
    )
    assert len(document) == 2
    assert document[0].rect.width == pytest.approx(612, abs=1)
    assert "2" in document[1].get_text().split()
    # Loose sheets say whose they are; the title of page one stands there only once.
    assert [document[k].get_text().count("Long Song") for k in range(2)] == [1, 1]
    assert document.page_count == 2


@pytest.mark.parametrize(
    "title",
    [
        'a "quoted" \\ back\\\\slash',
        '" } #(system "touch PWNED") \\header { x = "',
        "#(system \"touch PWNED\")",
        "line\u2028separator \x00\x1b \ufffe",
        "emoji \U0001f941\u200d",
        "%{ comment",
        "x" * 500,
    ],
)  # fmt: skip
def test_pdf_with_nasty_title_is_a_page_and_nothing_is_run(
    title: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    piece = PIECES["rock-beat"]()
    score = quantize(piece.hits, piece.grid, title=title, artist=title, source=title)
    document = pymupdf.open(stream=render_pdf(score, backend="lilypond"))
    assert len(document) == 1
    assert not list(tmp_path.rglob("PWNED"))
    visible = " ".join("".join(c for c in title if c.isascii() and c.isprintable()).split())
    assert visible[:4] in document[0].get_text()


def test_dense_lines_end_at_the_right_margin() -> None:
    """Samba: sixteenths with a ghost on every second one, hands and feet together."""
    w = Writer(steady_grid("4/4", 16, bpm=105))
    for bar in range(16):
        w.add(R, *[k / 4 for k in range(16)], bar=bar)
        ghosts = [k / 4 for k in range(16) if k % 2 and k != (2 * bar + 1) % 16]
        w.add(S, *ghosts, velocity=0.2, bar=bar)
        w.add(S, 1, 3, velocity=0.8, bar=bar)
        w.add(K, *[beat + part for beat in range(4) for part in (0, 0.75)], bar=bar)
    piece = w.piece()
    score = with_similes(quantize(piece.hits, piece.grid))
    document = pymupdf.open(stream=render_pdf(score, backend="lilypond"))
    assert document.page_count == 1
    picture = document[0].get_pixmap(dpi=100, colorspace=pymupdf.csGRAY)
    gray = np.frombuffer(picture.samples, dtype=np.uint8)
    gray = gray.reshape(picture.height, picture.stride)[:, : picture.width]
    margin = round(15 / 25.4 * 100)
    assert gray[:, -margin + 2 :].min() > 200
    assert gray[:, -margin - 4 : -margin + 2].min() < 100


def test_roomy_page_holds_fewer_lines(tmp_path: Path) -> None:
    piece = PIECES["song"]()
    score = quantize(piece.hits, piece.grid)
    lines = []
    for is_roomy in (False, True):
        said = run_lilypond(write_lilypond(score, is_roomy=is_roomy), tmp_path)
        assert said.split() == [f"{HEADS_REPORT}{head_count(score)}"]
        words = pymupdf.open(tmp_path / "score.pdf")[0].get_text("words")
        # Bar numbers at the beginnings of lines, left of the clefs.
        lines.append(sum(word[4].isdigit() and word[2] < 45 for word in words))
    assert 0 < lines[1] < lines[0]

"""Several files from one sheet: in order, together, and each failure where it belongs."""

import threading

import pytest

from drumscribe.domain.transcription import Transcript
from drumscribe.domain.wishes import PageWishes
from drumscribe.errors import EngravingFailed
from drumscribe.notation.quantize import quantize
from drumscribe.pipeline.files import formats
from drumscribe.pipeline.files.formats import FORMATS, Engravers, Format, Sheet
from drumscribe.pipeline.files.writing import write_formats
from engraving_pieces import rock_beat


@pytest.fixture
def sheet() -> Sheet:
    piece = rock_beat()
    transcript = Transcript(piece.hits, piece.grid, duration_seconds=12.0, confidence=1.0)
    return Sheet(transcript, quantize(piece.hits, piece.grid), PageWishes(), Engravers())


def swap(monkeypatch: pytest.MonkeyPatch, name: str, write: object) -> None:
    old = FORMATS[name]
    swapped = Format(old.name, old.suffix, old.media_type, write)  # type: ignore[arg-type]
    monkeypatch.setitem(formats.FORMATS, name, swapped)


def test_formats_come_in_the_order_asked_for(sheet: Sheet, monkeypatch: pytest.MonkeyPatch) -> None:
    swap(monkeypatch, "pdf", lambda _: [b"%PDF"])
    names = ["csv", "pdf", "midi", "musicxml"]
    written = list(write_formats(sheet, names))
    assert [form.name for form, _ in written] == names
    assert all(isinstance(parts, list) for _, parts in written)


def test_pages_are_drawn_while_other_files_are_written(
    sheet: Sheet, monkeypatch: pytest.MonkeyPatch
) -> None:
    all_here = threading.Barrier(3, timeout=30)

    def meet(_: Sheet) -> list[bytes]:
        all_here.wait()
        return [b""]

    for name in ("svg", "pdf", "csv"):
        swap(monkeypatch, name, meet)
    assert [parts for _, parts in write_formats(sheet, ["csv", "svg", "pdf"])] == [[b""]] * 3


def test_format_that_fails_is_said_in_its_place(
    sheet: Sheet, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: Sheet) -> list[bytes]:
        raise EngravingFailed("no ink")

    swap(monkeypatch, "pdf", fail)
    (first, failure), (last, parts) = write_formats(sheet, ["pdf", "csv"])
    assert (first.name, last.name) == ("pdf", "csv")
    assert isinstance(failure, EngravingFailed)
    assert isinstance(parts, list)


def test_other_errors_are_not_swallowed(sheet: Sheet, monkeypatch: pytest.MonkeyPatch) -> None:
    def break_down(_: Sheet) -> list[bytes]:
        raise RuntimeError("a bug")

    swap(monkeypatch, "svg", break_down)
    with pytest.raises(RuntimeError, match="a bug"):
        list(write_formats(sheet, ["csv", "svg"]))

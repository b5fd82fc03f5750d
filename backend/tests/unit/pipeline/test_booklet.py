"""Several songs as one PDF."""

from __future__ import annotations

import io

import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.generic import Destination

from drumscribe.errors import EngravingFailed
from drumscribe.pipeline.files.booklet import Part, bind_booklet


def pages(count: int) -> bytes:
    writer = PdfWriter()
    for _ in range(count):
        writer.add_blank_page(595, 842)
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


def places_of_marks(booklet: PdfReader) -> list[int | None]:
    return [
        booklet.get_destination_page_number(mark)
        for mark in booklet.outline
        if isinstance(mark, Destination)
    ]


@pytest.mark.parametrize("lilypond_bin", [None, "/no/such/lilypond"])
def test_bind_booklet_contents_name_the_page_of_each_song(lilypond_bin: str | None) -> None:
    parts = [Part("One", pages(2)), Part("Two", pages(1)), Part("Three", pages(3))]
    booklet = PdfReader(io.BytesIO(bind_booklet("Gig", parts, lilypond_bin=lilypond_bin)))
    assert len(booklet.pages) == 7
    listed = " ".join(booklet.pages[0].extract_text().replace(".", " ").split())
    places = [listed.index(title) for title in ("One", "Two", "Three")]
    assert places == sorted(places)
    assert [number for number in listed.split() if number.isdigit()] == ["2", "4", "5"]
    assert places_of_marks(booklet) == [1, 3, 4]


def test_bind_booklet_long_contents_push_the_songs_back() -> None:
    parts = [Part(f"Song {number}", pages(1)) for number in range(90)]
    booklet = PdfReader(io.BytesIO(bind_booklet("Marathon", parts)))
    contents = len(booklet.pages) - 90
    assert contents > 1
    assert places_of_marks(booklet)[0] == contents
    assert booklet.pages[contents].extract_text().strip() == str(contents + 1)


def test_bind_booklet_page_that_is_no_pdf_is_an_error() -> None:
    with pytest.raises(EngravingFailed):
        bind_booklet("Gig", [Part("One", b"%PDF- and nothing more")])

"""-o: a folder, or the one file to write."""

from pathlib import Path

import pytest

from drumscribe.cli.arguments.destination import Destination
from drumscribe.cli.arguments.sources import expand_sources
from drumscribe.errors import InvalidOption, OutputError

USUAL = ("musicxml", "pdf")


@pytest.mark.parametrize(
    ("said", "folder", "name", "kind"),
    [
        ("out", "out", None, None),
        ("out/take.2", "out/take.2", None, None),
        (".pdf", ".pdf", None, None),
        ("song.pdf", ".", "song", "pdf"),
        ("out/My Song.mid", "out", "My Song", "midi"),
        ("out/song.performance.mid", "out", "song", "midi-performance"),
        ("song.timemap.json", ".", "song", "timemap"),
        ("song.drums.json", ".", "song.drums", "json"),
    ],
)
def test_suffix_of_a_result_names_a_file_and_anything_else_a_folder(
    said: str, folder: str, name: str | None, kind: str | None
) -> None:
    found = Destination.of(Path(said))
    assert found == Destination(Path(folder), name, kind)
    assert found.formats(None, USUAL) == ((kind,) if kind else USUAL)


def test_folder_that_is_called_like_a_file_stays_one(tmp_path: Path) -> None:
    (tmp_path / "live.pdf").mkdir()
    assert Destination.of(tmp_path / "live.pdf") == Destination(tmp_path / "live.pdf")


def test_file_that_no_result_is_called_like_is_refused(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").touch()
    with pytest.raises(OutputError, match="wants a folder, or a file that ends in"):
        Destination.of(tmp_path / "notes.txt")


def test_another_format_than_that_of_the_file_is_refused() -> None:
    named = Destination.of(Path("song.pdf"))
    assert named.formats(("pdf",), USUAL) == ("pdf",)
    with pytest.raises(InvalidOption, match="leave -f out"):
        named.formats(("midi", "pdf"), USUAL)


def test_one_file_is_for_one_recording(tmp_path: Path) -> None:
    for name in ("a.mp3", "b.mp3"):
        (tmp_path / name).touch()
    named = Destination.of(tmp_path / "out" / "page.pdf")
    [source] = expand_sources((str(tmp_path / "a.mp3"),), named)
    assert source.output_stem == tmp_path / "out" / "page"
    with pytest.raises(InvalidOption, match="2 recordings: give a folder"):
        expand_sources((str(tmp_path),), named)

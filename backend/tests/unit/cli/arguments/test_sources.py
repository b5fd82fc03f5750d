"""Which recordings a command line means, and what their results are called."""

from pathlib import Path

import pytest

from drumscribe.cli.arguments.destination import Destination
from drumscribe.cli.arguments.sources import expand_sources
from drumscribe.errors import SourceNotFound, UnsupportedLink

OUT = Destination(Path("out"))


@pytest.fixture
def album(tmp_path: Path) -> Path:
    for name in ("b.mp3", "a.WAV", "cover.jpg", ".hidden.mp3", "cd2/c.flac"):
        path = tmp_path / "album" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    return tmp_path / "album"


def test_folder_gives_its_audio_files_in_order_and_keeps_its_structure(album: Path) -> None:
    sources = expand_sources((str(album),), OUT)
    assert [(s.path.name, s.output_stem) for s in sources] == [
        ("a.WAV", Path("out/a")),
        ("b.mp3", Path("out/b")),
        ("c.flac", Path("out/cd2/c")),
    ]


def test_folder_names_what_it_leaves_out(album: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("film.MKV", "old.wma", "loop.caf", "radio.ts", "book.m4b"):
        (album / name).touch()
    stems = [source.output_stem.name for source in expand_sources((str(album),), OUT)]
    assert stems == ["a", "b", "book", "c", "film", "loop", "old", "radio"]
    assert capsys.readouterr().err == f"{album}: left out, no sound by their names: cover.jpg.\n"


@pytest.mark.parametrize("letter", ["a", "é", "曲"])
def test_long_names_leave_room_for_the_suffixes_of_results(tmp_path: Path, letter: str) -> None:
    name = letter * (250 // len(letter.encode()))
    path = tmp_path / f"{name}.wav"
    path.touch()
    [source] = expand_sources((str(path),), Destination(tmp_path / "out"))
    assert name.startswith(source.output_stem.name)
    assert 190 < len(source.output_stem.name.encode()) <= 200


def test_file_of_any_name_is_taken_and_only_once(album: Path) -> None:
    cover = str(album / "cover.jpg")
    sources = expand_sources((cover, cover), OUT)
    assert [s.output_stem for s in sources] == [Path("out/cover")]


def test_recordings_of_one_name_get_distinct_results(tmp_path: Path) -> None:
    for name in ("song.mp3", "song.wav", "other/song.wav"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.touch()
    arguments = tuple(str(tmp_path / n) for n in ("song.mp3", "song.wav", "other/song.wav"))
    stems = [s.output_stem for s in expand_sources(arguments, OUT)]
    assert stems == [Path("out/song-mp3"), Path("out/song-wav"), Path("out/song-wav-2")]


def test_names_with_dots_keep_them(tmp_path: Path) -> None:
    path = tmp_path / "01. Intro (feat. X).mp3"
    path.touch()
    [source] = expand_sources((str(path),), OUT)
    assert source.output_stem == Path("out/01. Intro (feat. X)")


def test_missing_file_empty_folder_and_link_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceNotFound, match="no such file"):
        expand_sources((str(tmp_path / "gone.mp3"),), OUT)
    with pytest.raises(SourceNotFound, match="no audio files"):
        expand_sources((str(tmp_path),), OUT)
    with pytest.raises(UnsupportedLink):
        expand_sources(("https://www.youtube.com/@somebody",), OUT)
    with pytest.raises(UnsupportedLink, match="no user name"):
        expand_sources(("https://me:secret@example.org/song.mp3",), OUT)


def test_link_to_a_sound_file_is_named_after_it() -> None:
    address = "http://nas.local/My%20band/Take_5.flac?x=1"
    [source] = expand_sources((address, address), OUT)
    assert (source.link, source.output_stem) == (address, Path("out/Take_5"))
    [nameless] = expand_sources(("https://example.org/",), OUT)
    assert nameless.output_stem == Path("out/example")


def test_link_in_any_form_is_one_source_named_after_its_video() -> None:
    forms = ("https://youtu.be/dQw4w9WgXcQ?t=3", "https://www.youtube.com/watch?v=dQw4w9WgXcQ")
    [source] = expand_sources(forms, OUT)
    assert source.link == "https://www.youtube.com/watch?v=dQw4w9WgXcQ"
    assert source.output_stem == Path("out/[dQw4w9WgXcQ]")

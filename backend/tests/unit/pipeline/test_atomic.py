"""Files are whole or absent."""

from pathlib import Path

import pytest

from drumscribe.errors import OutputError
from drumscribe.pipeline.files.atomic import atomic_path, write_bytes


def test_atomic_path_on_success_leaves_only_the_target(tmp_path: Path) -> None:
    target = tmp_path / "deep" / "song.mid"
    with atomic_path(target) as temporary:
        temporary.write_bytes(b"new")
        assert not target.exists()
        assert temporary.suffix == ".mid"
    assert [path.name for path in target.parent.iterdir()] == ["song.mid"]
    assert target.read_bytes() == b"new"


def test_atomic_path_on_interrupt_keeps_the_old_file(tmp_path: Path) -> None:
    target = tmp_path / "song.mid"
    write_bytes(target, b"old")

    def write_half() -> None:
        with atomic_path(target) as temporary:
            temporary.write_bytes(b"half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_half()
    assert target.read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["song.mid"]


def test_atomic_path_where_a_file_stands_for_the_folder_is_an_output_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(OutputError):
        write_bytes(tmp_path / "file" / "song.mid", b"")


def test_atomic_path_gives_the_usual_permissions(tmp_path: Path) -> None:
    write_bytes(tmp_path / "a", b"")
    (tmp_path / "b").touch()
    assert (tmp_path / "a").stat().st_mode == (tmp_path / "b").stat().st_mode

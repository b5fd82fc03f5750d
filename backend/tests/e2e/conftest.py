"""What the tests of the command line share."""

from __future__ import annotations

from pathlib import Path

import pytest

from command_line import excerpt


@pytest.fixture
def song(example_song: Path, tmp_path: Path) -> Path:
    return excerpt(example_song, tmp_path / "My Song.wav")

"""Every shell command of README, tutorial and how-tos is run as it stands, or says why not."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

import drumscribe
from api_client import short_recording
from places import ROOT

PAGES = [
    ROOT / "README.md",
    ROOT / "backend" / "README.md",
    *sorted((ROOT / "docs" / "tutorial").glob("*.md")),
    *sorted((ROOT / "docs" / "how-to").glob("*.md")),
]
# They need a service, or the headers of a delivery.
RUN_ELSEWHERE = {"api.md": "test_api_guide.py", "webhooks.md": "test_webhook_samples.py"}
_FENCE = re.compile(
    r"(?:<!-- not run: (?P<reason>[^\n]+) -->\n)?"
    r"^(?P<indent> *)```(?P<language>[^\n]*)\n(?P<text>.*?)^ *```$",
    re.DOTALL | re.MULTILINE,
)
_INDENTED_BLOCK = re.compile(r"\n\n {4,}(?![ *\d-])\S")


@dataclass(frozen=True)
class Block:
    """Fenced text. reason: why it is not run."""

    language: str
    text: str
    reason: str | None


def blocks(path: Path) -> list[Block]:
    """The fenced blocks of a page."""
    text = re.sub(r"^ +(<!-- not run)", r"\1", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return [
        Block(
            found["language"], found["text"].replace("\n" + found["indent"], "\n"), found["reason"]
        )
        for found in _FENCE.finditer(text)
    ]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_block_says_what_it_is_and_why_it_is_not_run(page: Path) -> None:
    for block in blocks(page):
        assert block.language, f"What is this? {block.text}"
        assert (block.language == "console") == (block.reason is not None), block.text
        assert block.language not in {"bash", "shell"}, block.text
    prose = _FENCE.sub("", page.read_text(encoding="utf-8"))
    assert _INDENTED_BLOCK.search(prose) is None, "Use fences, so that it is known what is run."


def _with_commands() -> list[Path]:
    return [
        page
        for page in PAGES
        if page.name not in RUN_ELSEWHERE and any(b.language == "sh" for b in blocks(page))
    ]


@pytest.mark.parametrize(
    "page", _with_commands(), ids=lambda page: page.relative_to(ROOT).as_posix()
)
def test_commands_of_a_page_work_as_they_stand(
    page: Path, example_song: Path, tmp_path: Path
) -> None:
    desk = tmp_path / "desk"
    for folder in ("album", "Music/setlist", ".venv"):
        (desk / folder).mkdir(parents=True)
    song = short_recording(example_song, desk / "song.mp3", 6.0)
    for name in ("My Song.mp3", "album/one.flac", "Music/setlist/two.flac"):
        shutil.copy(song, desk / name)
    # As another program gives it back.
    drumscribe.transcribe(song).save(desk, formats=["musicxml"])
    (desk / "song.musicxml").rename(desk / "corrected.musicxml")
    programs = Path(sys.executable).parent
    (desk / ".venv" / "bin").symlink_to(programs)
    script = "\n".join(block.text for block in blocks(page) if block.language == "sh")

    done = subprocess.run(
        ["sh", "-eux", "-c", script],
        cwd=desk,
        env={
            **os.environ,
            "HOME": str(desk),
            "XDG_CACHE_HOME": os.environ.get("XDG_CACHE_HOME", str(Path.home() / ".cache")),
            "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
        },
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert list(desk.rglob("*.pdf")) or list(desk.rglob("*.mid")), done.stdout


def test_pages_that_run_elsewhere_are_run_there() -> None:
    assert len(_with_commands()) >= 6
    for page, test in RUN_ELSEWHERE.items():
        [found] = (ROOT / "backend" / "tests").rglob(test)
        assert page in found.read_text(encoding="utf-8")

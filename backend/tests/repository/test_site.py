"""The site of the documentation: complete, and strict about it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from places import ROOT


def build(folder: Path) -> tuple[int, str]:
    """What `make site` runs, on a copy; exit code and messages."""
    recipe = (ROOT / "Makefile").read_text().partition("\nsite:")[2].split("\n\t")[1]
    arguments = recipe.partition("\n")[0].partition("mkdocs ")[2].split()
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", *arguments],
        cwd=folder,
        env={"PATH": "/usr/bin:/bin", "NO_MKDOCS_2_WARNING": "1", "LC_ALL": "C.UTF-8"},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    shutil.copy(ROOT / "mkdocs.yml", tmp_path)
    shutil.copytree(ROOT / "docs", tmp_path / "docs", ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def test_site_is_built_without_a_warning(copy: Path) -> None:
    code, said = build(copy)
    assert code == 0, said
    assert (copy / "site" / "index.html").is_file()


def test_pages_entries_and_links_that_lead_nowhere_fail_the_site(copy: Path) -> None:
    how_to = copy / "docs" / "how-to"
    (how_to / "forgotten.md").write_text("# Forgotten\n")
    (how_to / "upgrade.md").unlink()
    page = how_to / "youtube.md"
    page.write_text(page.read_text() + "\n[nowhere](nowhere.md)\n")
    code, said = build(copy)
    assert code != 0
    warnings = " ".join(said.split())
    assert 'not included in the "nav" configuration: - how-to/forgotten.md' in warnings
    assert "'how-to/upgrade.md' is included in the 'nav' configuration" in warnings
    assert "contains a link 'nowhere.md'" in warnings

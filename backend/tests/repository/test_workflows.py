"""The workflows of the hosted CI: valid, pinned, and calling what a developer calls."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from places import ROOT

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
_PINNED = re.compile(r"@(v\d+\.\d+\.\d+|[0-9a-f]{40})$")


@pytest.mark.parametrize(
    ("schema", "files"),
    [
        ("vendor.github-workflows", WORKFLOWS),
        ("vendor.dependabot", [ROOT / ".github" / "dependabot.yml"]),
    ],
)
def test_workflows_meet_their_schema(schema: str, files: list[Path]) -> None:
    assert files
    checked = subprocess.run(
        [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, *map(str, files)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stdout


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_workflow_pins_every_action_to_one_version(path: Path) -> None:
    uses = re.findall(r"uses: (\S+)", path.read_text(encoding="utf-8"))
    assert uses
    assert [name for name in uses if not name.startswith("./") and not _PINNED.search(name)] == []


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_workflow_calls_only_make_targets_that_exist(path: Path) -> None:
    called = set(re.findall(r"run: make ([a-z-]+)", path.read_text(encoding="utf-8")))
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    known = set(re.findall(r"^([a-z-]+):", makefile, flags=re.MULTILINE))
    assert called <= known


def test_hosted_ci_does_all_that_the_ci_script_does() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    hosted = (ROOT / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8")
    ours = set(re.findall(r"^make ([a-z-]+)$", script, flags=re.MULTILINE))
    assert ours
    assert ours <= set(re.findall(r"run: make ([a-z-]+)", hosted))


def test_make_check_lints_every_python_file_of_the_repository() -> None:
    recipe = (ROOT / "Makefile").read_text().partition("\ncheck:")[2].partition("\n\n")[0]
    paths = [
        line.partition("ruff check ")[2].split() for line in recipe.splitlines() if "ruff c" in line
    ]
    done = subprocess.run(
        [Path(sys.executable).with_name("ruff"), "check", "--show-files", *paths[0]],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    linted = {Path(line).relative_to(ROOT) for line in done.stdout.splitlines()}
    folders = ("backend", "docs", "frontend", "infrastructure", "scripts", "lab")
    foreign = {"node_modules", ".venv", ".venv-train", "build", "out", ".next"}
    files = {
        path.relative_to(ROOT)
        for folder in folders
        for path in (ROOT / folder).rglob("*.py")
        if not foreign & set(path.relative_to(ROOT).parts)
    }
    assert Path("scripts/seed_test_data.py") in linted
    assert files <= linted

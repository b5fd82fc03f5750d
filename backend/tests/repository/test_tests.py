"""Every module has a test that reaches it, and unit tests stand in the room of what they test."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
SOURCE = ROOT / "backend" / "src" / "drumscribe"
UNIT = ROOT / "backend" / "tests" / "unit"
MOST_LINES = 400


def name_of(path: Path) -> str:
    parts = path.relative_to(SOURCE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {name_of(path): path for path in SOURCE.rglob("*.py")}


def named_in(path: Path) -> Iterator[str]:
    """Modules of ours that a file names: in imports, and in words, as commands and patches do.

    Beside each other modules are also named by their last word: tables of what is loaded later,
    files of children.
    """
    beside = name_of(path).rpartition(".")[0] if path.is_relative_to(SOURCE) else "drumscribe"
    for node in ast.walk(ast.parse(path.read_text())):
        named: list[str] = []
        if isinstance(node, ast.ImportFrom) and node.module:
            named = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        elif isinstance(node, ast.Import):
            named = [alias.name for alias in node.names]
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            for said in re.findall(r"drumscribe(?:\.\w+)+", node.value):
                dotted = said.split(".")
                named += [".".join(dotted[:length]) for length in range(2, len(dotted) + 1)]
            named += [f"{beside}.{node.value.removesuffix('.py')}", f"{node.value}.__main__"]
        yield from (name for name in named if name in MODULES)


def supported_by(path: Path) -> Iterator[Path]:
    """Modules of support that a test imports."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module:
            support = ROOT / "backend" / "tests" / "support" / f"{node.module}.py"
            if support.exists():
                yield support


def room_of(name: str) -> str:
    return ".".join(name.split(".")[:2])


def reached_by() -> dict[str, set[Path]]:
    """The tests of each module.

    Those that name it or a module of its own room that uses it, at any remove; a module that only
    other rooms use is tested with those that use it directly.
    """
    found: dict[str, set[Path]] = defaultdict(set)
    for folder in (ROOT / "backend" / "tests", ROOT / "lab" / "tests"):
        for path in folder.rglob("*.py"):
            for name in named_in(path):
                found[name].add(path)
    used = {name: set(named_in(path)) for name, path in MODULES.items()}
    spread(found, used)
    for name, others in used.items():
        for other in others:
            if room_of(other) != room_of(name) and not found[other]:
                found[other] |= found[name]
    spread(found, used)
    return found


def spread(found: dict[str, set[Path]], used: dict[str, set[str]]) -> None:
    """Within each room, to whatever is used by what has a test."""
    waiting = list(found)
    while waiting:
        name = waiting.pop()
        for other in used[name]:
            if room_of(other) == room_of(name) and not found[name] <= found[other]:
                found[other] |= found[name]
                waiting.append(other)


def test_every_module_has_a_test_that_reaches_it() -> None:
    found = reached_by()
    says_something = [
        name
        for name, path in MODULES.items()
        if any(not isinstance(node, ast.Expr) for node in ast.parse(path.read_text()).body)
    ]
    assert [name for name in sorted(says_something) if not found[name]] == []


def test_unit_tests_stand_in_the_room_of_what_they_test() -> None:
    for path in UNIT.rglob("test_*.py"):
        room = f"drumscribe.{path.relative_to(UNIT).parts[0]}"
        assert room in MODULES, path
        files = [path, *supported_by(path)]
        assert any(room_of(name) == room for file in files for name in named_in(file)), path


@pytest.mark.parametrize("folder", ["backend/tests", "lab/tests"])
def test_no_test_file_has_outgrown_one_idea(folder: str) -> None:
    long = [
        str(path.relative_to(ROOT))
        for path in (ROOT / folder).rglob("*.py")
        if len(path.read_text().splitlines()) > MOST_LINES
    ]
    assert long == []

"""No room is crowded, its numbers stand where their origin is said, its docstrings say what."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
ROOTS = (ROOT / "backend" / "src" / "drumscribe", ROOT / "lab")
MOST_FILES = 12


def test_no_package_has_more_than_twelve_files_at_its_root() -> None:
    crowded = {}
    for root in ROOTS:
        for folder in (root, *(path for path in root.rglob("*") if path.is_dir())):
            files = [path for path in folder.glob("*.py") if path.name != "__init__.py"]
            if len(files) > MOST_FILES:
                crowded[str(folder.relative_to(ROOT))] = len(files)
    assert crowded == {}


def test_numbers_that_somebody_chose_stand_in_the_tuning_of_their_room() -> None:
    unnamed = re.compile(r"^_[A-Z_]+(?:: [^=]+)? = [0-9]", re.MULTILINE)
    found = [
        f"{path.relative_to(ROOT)}: {match[0]}"
        for room in ("hearing", "notation", "separation", "pipeline", "beats")
        for path in (ROOTS[0] / room).rglob("*.py")
        for match in unnamed.finditer(path.read_text())
    ]
    assert found == []


# A docstring says what, not where it is said, and as a sentence.
_ELSEWHERE = re.compile(r"See \w+\.")
_PREPOSITIONS = {"As", "At", "By", "For", "From", "In", "Of", "On", "To", "With"}


def test_docstrings_say_what_and_begin_with_it() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno} {said}"
        for root in ROOTS
        for path in root.rglob("*.py")
        if "tests" not in path.relative_to(root).parts
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        if (said := ast.get_docstring(node))
        if _ELSEWHERE.fullmatch(said) or said.split()[0] in _PREPOSITIONS
    ]
    assert found == []

"""Measured figures stand once, with how they were measured; documents take them from there."""

from __future__ import annotations

import importlib.util
import re
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from places import ROOT

# A share like .941. Settings are written with their zero (0.75), and so is what is no result.
_FIGURE = re.compile(r"(?<![\w.])\.\d{2,3}\b")
_FENCED = re.compile(r"^```.*?^```", flags=re.DOTALL | re.MULTILINE)


def _generator() -> ModuleType:
    path = ROOT / "docs" / "reference" / "generate_measured.py"
    spec = importlib.util.spec_from_file_location("generate_measured", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


MEASURED: Any = _generator()
PAGES = MEASURED.read_pages()
# Decisions tell what was known on their day.
DOCUMENTS = [path for path in MEASURED.documents() if path.parent.name != "adr"]


def unnamed_figures(text: str) -> list[str]:
    """Figures of a document that do not say where they come from."""
    return _FIGURE.findall(_FENCED.sub("", MEASURED.without_named(text)))


@pytest.mark.parametrize("page", PAGES.values(), ids=lambda page: page.name)
def test_page_of_figures_is_up_to_date(page: Any) -> None:
    path = MEASURED.FOLDER / f"{page.name}.md"
    assert path.read_text(encoding="utf-8") == MEASURED.written(page), "run: make docs"


def test_every_page_of_figures_is_in_the_list_and_has_its_source() -> None:
    there = {path.stem for path in MEASURED.FOLDER.glob("*.md")} - {"README"}
    assert there == set(PAGES)
    index = (MEASURED.FOLDER / "README.md").read_text(encoding="utf-8")
    assert index == MEASURED.index(PAGES), "run: make docs"


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_figures_of_a_document_are_those_that_were_measured(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert MEASURED.filled(text, PAGES) == text, "run: make docs"
    assert unnamed_figures(text) == [], "name the figure: page.table.row.column"


def test_figure_without_a_name_stale_one_and_wrong_name_are_noticed() -> None:
    named = "F is <!-- recordings.pooled.f5.mixes -->.123<!--/-->, once .950."
    assert unnamed_figures(named) == [".950"]
    assert unnamed_figures("a setting of 0.75, version 1.25 and 0.4.95") == []
    measured = PAGES["recordings"].figure("pooled", "f5", "mixes")
    assert f"-->{measured}<!--/-->" in MEASURED.filled(named, PAGES)
    with pytest.raises(KeyError):
        MEASURED.filled(named.replace("f5", "f55"), PAGES)


@pytest.mark.parametrize("page", PAGES.values(), ids=lambda page: page.name)
def test_every_table_says_how_it_was_measured_with_commands_that_exist(page: Any) -> None:
    for table in page.tables.values():
        facts = table.facts or page.facts
        assert facts, f"{page.name}.{table.name}"
        for module in re.findall(r"python -m (lab[\w.]*)", facts):
            place = ROOT.joinpath(*module.split("."))
            assert place.with_suffix(".py").exists() or (place / "__main__.py").exists(), module
        for script in re.findall(r"\bscripts/[\w.]+", facts):
            assert (ROOT / script).exists(), script


def test_nothing_is_measured_twice() -> None:
    seen: dict[tuple[str, ...], str] = {}
    for page in PAGES.values():
        for table in page.tables.values():
            place = f"{page.name}.{table.name}"
            for row in table.rows.values():
                for column in table.columns.values():
                    what = (table.corner, row[0], column, table.facts or page.facts, page.name)
                    assert seen.setdefault(what, place) == place, f"{what}: {seen[what]}, {place}"

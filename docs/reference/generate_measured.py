# ruff: noqa: D103
"""Write the pages of docs/reference/measured/ from the figures beside them, and fill in others.

python docs/reference/generate_measured.py

Each page NAME.md comes from NAME.toml, where every figure stands once, with the command that
measured it, the day, the machine and the set. Other pages name a figure and get its text:

    F is <!-- recordings.pooled.f5.mixes -->.941<!--/--> in a mix.

The name is page.table.row.column. A cell "=pooled.f5.mixes" is a figure of another table of its
page. `make docs` fills them all; a test fails when one is stale, or stands anywhere without a name.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).with_name("measured")
ROOT = Path(__file__).parents[2]

_NAMED = re.compile(r"<!-- ([a-z-]+(?:\.[a-z0-9-]+){3}) -->(.*?)<!--/-->")
_NOTE = "<!-- Written by docs/reference/generate_measured.py from {name}; do not edit. -->"
_INDEX = """# Measured

{note}

Every figure that DrumScribe's documents give is measured by a command of this repository and stands
here once: with the command, the day, the machine and what it was measured on. The pages are written
from the `.toml` file beside each, which programs can read.

{pages}
"""


@dataclass(frozen=True, slots=True)
class Table:
    """Figures that were measured together.

    rows: by name: what was measured, then a figure for each column. facts: how, when, where and on
    what.
    """

    name: str
    title: str | None
    text: str
    after: str
    corner: str
    columns: Mapping[str, str]
    rows: Mapping[str, list[str]]
    facts: str

    def figure(self, row: str, column: str) -> str:
        """One cell. Raises KeyError where there is none."""
        return self.rows[row][1 + list(self.columns).index(column)]


@dataclass(frozen=True, slots=True)
class Page:
    """Tables about one subject. facts: of all tables that say none of their own."""

    name: str
    title: str
    text: str
    facts: str
    tables: Mapping[str, Table]

    def figure(self, table: str, row: str, column: str) -> str:
        """One figure, followed to where it stands."""
        found = self.tables[table].figure(row, column)
        return self.figure(*found[1:].split(".")) if found.startswith("=") else found


def read_pages() -> dict[str, Page]:
    """Every page, by name. Raises ValueError for a table whose rows do not fit its columns."""
    return {path.stem: _page(path) for path in sorted(FOLDER.glob("*.toml"))}


def _page(path: Path) -> Page:
    values = tomllib.loads(path.read_text(encoding="utf-8"))
    tables = {
        name: _table(f"{path.stem}.{name}", value)
        for name, value in values.items()
        if isinstance(value, dict)
    }
    return Page(path.stem, values["title"], values["text"].strip(), _facts(values), tables)


def _table(name: str, values: Mapping[str, Any]) -> Table:
    columns, rows = values["columns"], values["rows"]
    for row, cells in rows.items():
        if len(cells) != 1 + len(columns):
            raise ValueError(f"{name}.{row}: {len(cells)} cells for {len(columns)} columns")
    return Table(
        name.rpartition(".")[2],
        values.get("title"),
        values.get("text", "").strip(),
        values.get("after", "").strip(),
        values.get("of", ""),
        columns,
        rows,
        _facts(values),
    )


def _facts(values: Mapping[str, Any]) -> str:
    """How, when, where and on what; empty where a table has nothing to say beside its page."""
    if "command" not in values:
        return ""
    day: date = values["date"]
    where = "on any machine" if values["machine"] == "any" else f"machine: {values['machine']}"
    facts = [f"`{values['command']}`", f"{day.day} {day:%B %Y}", where]
    facts += [f"{word}: {values[word]}" for word in ("weights", "set") if word in values]
    return f"Measured with {'; '.join(facts)}."


def written(page: Page) -> str:
    """The page as Markdown."""
    blocks = [f"# {page.title}", _NOTE.format(name=f"{page.name}.toml"), page.text, page.facts]
    for table in page.tables.values():
        rows = [
            [cells[0], *(page.figure(table.name, row, column) for column in table.columns)]
            for row, cells in table.rows.items()
        ]
        lines = [[table.corner, *table.columns.values()], ["---"] * (1 + len(table.columns)), *rows]
        blocks += [
            f"## {table.title}" if table.title else "",
            table.text,
            "\n".join(
                "".join(f"| {cell} " if cell else "| " for cell in line) + "|" for line in lines
            ),
            table.facts,
            table.after,
        ]
    return "\n\n".join(block for block in blocks if block) + "\n"


def _line(cells: Iterable[str]) -> str:
    return "".join(f"| {cell} " if cell else "| " for cell in cells) + "|"


def index(pages: Mapping[str, Page]) -> str:
    """The page that lists the others."""
    entries = "\n".join(f"- [{page.title}]({name}.md)" for name, page in pages.items())
    return _INDEX.format(note=_NOTE.format(name="the files"), pages=entries)


def filled(text: str, pages: Mapping[str, Page]) -> str:
    """A document with its named figures. Raises KeyError for a name that nothing has."""

    def figure(found: re.Match[str]) -> str:
        page, *place = found[1].split(".")
        return f"<!-- {found[1]} -->{pages[page].figure(*place)}<!--/-->"

    return _NAMED.sub(figure, text)


def without_named(text: str) -> str:
    """A document without the figures that it names."""
    return _NAMED.sub("", text)


def documents() -> Iterator[Path]:
    """Every document that may name a figure."""
    yield ROOT / "README.md"
    for path in sorted((ROOT / "docs").rglob("*.md")):
        if FOLDER not in path.parents:
            yield path


def main() -> None:
    pages = read_pages()
    for page in pages.values():
        (FOLDER / f"{page.name}.md").write_text(written(page), encoding="utf-8")
    (FOLDER / "README.md").write_text(index(pages), encoding="utf-8")
    for path in documents():
        text = path.read_text(encoding="utf-8")
        if (new := filled(text, pages)) != text:
            path.write_text(new, encoding="utf-8")


if __name__ == "__main__":
    main()

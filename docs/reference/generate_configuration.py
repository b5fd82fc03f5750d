"""Write configuration.md and the repository's .env.example from the settings class.

python docs/reference/generate_configuration.py

A test fails when they are stale.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

from pydantic import SecretStr
from pydantic.fields import FieldInfo

from drumscribe.core.config import Settings

PAGE = Path(__file__).with_name("configuration.md")
EXAMPLE = Path(__file__).resolve().parents[2] / ".env.example"


def configuration_page() -> str:
    """The reference page: one table per group."""
    parts = [
        "# Configuration\n\n<!-- Written by generate_configuration.py; do not edit. -->\n\n"
        "The service (`drumscribe serve`, `worker`, `admin`) reads these from the environment and "
        "from a file `.env` in the working folder; the environment wins. Nothing has to be set to "
        "try DrumScribe on one machine. A wrong value is refused at the start, by name.\n\n"
        "Any of them may also come as a file: `/run/secrets/secret_key` holds `SECRET_KEY`, and so "
        "on (`SECRETS_DIR` names another folder). What is set otherwise wins over such a file.\n"
    ]
    for group, fields in _groups():
        rows = "\n".join(
            f"| `{name.upper()}` | {_shown(field) or '(not set)'} | {field.description} |"
            for name, field in fields
        )
        parts.append(f"## {group}\n\n| variable | default | meaning |\n|---|---|---|\n{rows}\n")
    return "\n".join(parts)


def example_file() -> str:
    """.env.example: every variable with its default, commented out."""
    parts = [
        "# Copy to .env and change what you need; all of it may be left as it is for development.\n"
        "# Written by docs/reference/generate_configuration.py; do not edit.\n"
    ]
    for group, fields in _groups():
        parts.append(f"# --- {group} ---\n")
        for name, field in fields:
            parts.append(f"# {field.description}\n# {name.upper()}={_plain(field)}\n")
    return "\n".join(parts)


def _groups() -> Iterator[tuple[str, list[tuple[str, FieldInfo]]]]:
    def group_of(item: tuple[str, FieldInfo]) -> str:
        extra = item[1].json_schema_extra
        assert isinstance(extra, dict), f"{item[0]} has no group"
        return str(extra["group"])

    for group, fields in groupby(Settings.model_fields.items(), key=group_of):
        yield group, list(fields)


def _plain(field: FieldInfo) -> str:
    value: Any = field.default
    if isinstance(value, SecretStr):
        # A value that works everywhere would be used everywhere.
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return ",".join(value)
    return "" if value is None else str(value)


def _shown(field: FieldInfo) -> str:
    if isinstance(field.default, SecretStr):
        return "(for development only)"
    text = _plain(field)
    return f"`{text}`" if text else ""


if __name__ == "__main__":
    PAGE.write_text(configuration_page())
    EXAMPLE.write_text(example_file())

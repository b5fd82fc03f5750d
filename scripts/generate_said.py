"""Write backend/src/drumscribe/domain/said.py from the wishes; a test fails when it is stale.

python scripts/generate_said.py
"""

from __future__ import annotations

import textwrap
from pathlib import Path

from drumscribe.domain.wishes import ALL_WISHES
from drumscribe.domain.wishing.fields import Wish
from drumscribe.domain.wishing.kinds import (
    BarMarks,
    ByInstrument,
    Kind,
    OneOf,
    Text,
    TimeSignature,
    Whole,
    YesNo,
)

TARGET = Path(__file__).parents[1] / "backend/src/drumscribe/domain/said.py"

_HEAD = '''"""The wishes as keywords. Written by scripts/generate_said.py; do not edit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypedDict

from drumscribe.domain.bars.marks import BarMark
from drumscribe.domain.rhythm import Metre


class Said(TypedDict, total=False):
    """What somebody said; None, and what is left out, says nothing."""

'''


def said_module() -> str:
    """The text of the module."""
    return _HEAD + "".join(_entry(entry) for entry in ALL_WISHES.values())


def _entry(entry: Wish) -> str:
    says = textwrap.wrap(entry.says, 94, break_long_words=False)
    comment = "".join(f"    # {line}\n" for line in says)
    return f"{comment}    {entry.name}: {_type(entry.kind)} | None\n"


def _type(kind: Kind) -> str:
    match kind:
        case Whole():
            return "int"
        case OneOf() | Text():
            return "str"
        case YesNo():
            return "bool"
        case TimeSignature():
            return "Metre | str"
        case BarMarks():
            return "Sequence[BarMark | Mapping[str, Any]]"
        case ByInstrument():
            return "Mapping[str, float]"
        case _:
            return "float"


if __name__ == "__main__":
    TARGET.write_text(said_module(), encoding="utf-8")

"""Write the page's limits from the wishes: src/api/generated/wishes.ts; a test fails when stale.

python frontend/scripts/generate_wishes.py
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from drumscribe.domain.wishes import ALL_WISHES
from drumscribe.domain.wishing.fields import Wish
from drumscribe.domain.wishing.kinds import (
    FINEST_BEAT,
    MOST_BEATS,
    SHORTEST_BAR,
    BarMarks,
    ByInstrument,
    Kind,
    Number,
    OneNumberOf,
    OneOf,
    Text,
    TimeSignature,
    Whole,
)

TARGET = Path(__file__).parents[1] / "src/api/generated/wishes.ts"

_HEAD = """// Written by frontend/scripts/generate_wishes.py; do not edit.

/** What may be said about a song: limits, choices, and what holds where nothing is said. */
export const WISHES = """


def wishes_module() -> str:
    """The text of the module."""
    known = {entry.name: _known(entry) for entry in ALL_WISHES.values()}
    lines = [
        f"  {name}: {json.dumps(limits, ensure_ascii=False)},\n" for name, limits in known.items()
    ]
    return f"{_HEAD}{{\n{''.join(lines)}}} as const;\n"


def _known(entry: Wish) -> dict[str, Any]:
    return {
        "standard": entry.write(entry.standard),
        "needsSound": entry.needs_sound,
    } | _limits(entry.kind)


def _limits(kind: Kind) -> dict[str, Any]:
    match kind:
        case Number(least, most) | Whole(least, most) | ByInstrument(Number(least, most)):
            return {"least": _shortest(least), "most": _shortest(most)}
        case OneNumberOf(choices):
            return {"choices": list(choices)}
        case OneOf():
            return {"choices": list(kind.choices)}
        case Text(longest):
            return {"longest": longest}
        case BarMarks(most=most):
            return {"most": most}
        case TimeSignature():
            return {
                "mostBeats": MOST_BEATS,
                "finestBeat": FINEST_BEAT,
                "shortestBarQuarters": float(SHORTEST_BAR),
            }
        case _:
            return {}


def _shortest(number: float) -> float:
    return int(number) if number == int(number) else number


if __name__ == "__main__":
    TARGET.write_text(wishes_module(), encoding="utf-8")

"""Names for the lettered sections of a page, as a user writes them: A=Verse, B=Chorus."""

from __future__ import annotations

import re
from typing import Final

from drumscribe.errors import InvalidOption

SECTION_LABEL: Final = re.compile(r"^([A-Z]+)(\d*)$")


def parse_section_names(names: str) -> dict[str, str]:
    """Label -> name. Raises InvalidOption for what is no list of names."""
    wanted: dict[str, str] = {}
    for entry in filter(str.strip, names.split(",")):
        label, sign, name = (part.strip() for part in entry.partition("="))
        if not sign or not name or not SECTION_LABEL.match(label.upper()):
            raise InvalidOption(
                f"{entry.strip()!r} names no section; write A=Verse, B=Chorus with the letters of "
                "the page."
            )
        wanted[label.upper()] = name
    return wanted

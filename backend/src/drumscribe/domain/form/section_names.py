"""Names for the sections of a page, as a user writes them: A=Verse, 42.5=Chorus."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from drumscribe.domain.form.bar_texts import read_second
from drumscribe.errors import InvalidOption

SECTION_LABEL: Final = re.compile(r"^([A-Z]+)(\d*)$")


@dataclass(frozen=True, slots=True)
class SectionNames:
    """by_label: letter of the page -> name; by_second: where a section begins -> its name."""

    by_label: dict[str, str] = field(default_factory=dict)
    by_second: dict[float, str] = field(default_factory=dict)


def parse_section_names(names: str) -> SectionNames:
    """Raises InvalidOption for what is no list of names."""
    found = SectionNames()
    for entry in filter(str.strip, names.split(",")):
        place, sign, name = (part.strip() for part in entry.partition("="))
        second = read_second(place)
        if not sign or not name or not (SECTION_LABEL.match(place.upper()) or second is not None):
            raise InvalidOption(
                f"{entry.strip()[:60]!r} names no section; write A=Verse, 42.5=Chorus with "
                "the letters of the page, or the second at which a section begins."
            )
        if second is not None:
            found.by_second[second] = name
        else:
            found.by_label[place.upper()] = name
    return found

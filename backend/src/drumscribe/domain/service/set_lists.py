"""Set lists: songs in the order in which they are played, and the tags by which songs are found."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

MOST_SONGS: Final = 200
MOST_SET_LISTS: Final = 200
MOST_TAGS: Final = 20
LONGEST_TAG: Final = 40


@dataclass(frozen=True, slots=True)
class SetList:
    """songs: the ids of jobs, in the order of the evening; some may have been deleted since."""

    id: UUID
    owner: str
    name: str
    songs: tuple[UUID, ...]
    created_at: datetime


def tidy_tags(tags: Iterable[str]) -> tuple[str, ...]:
    """Tags without needless spaces, each once whatever its letters' case, in their order."""
    kept: dict[str, str] = {}
    for tag in (" ".join(said.split()) for said in tags):
        if tag:
            kept.setdefault(tag.casefold(), tag)
    return tuple(kept.values())

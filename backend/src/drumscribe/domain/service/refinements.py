"""Refining: a finished song is heard again with its drums alone, and its page takes that over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Refined:
    """What a refinement made of the page of its song.

    added, removed, changed: hits. Those that somebody wrote by hand are among none of them.
    version: of the song's result that it became; the way back is open while that is the newest.
    """

    added: int
    removed: int
    changed: int
    version: int

    def to_dict(self) -> dict[str, Any]:
        """What changed as one JSON object."""
        return {
            "added": self.added,
            "removed": self.removed,
            "changed": self.changed,
            "version": self.version,
        }

    @classmethod
    def from_dict(cls, document: Mapping[str, Any]) -> Refined:
        """Read what to_dict wrote; raises KeyError."""
        return cls(
            added=document["added"],
            removed=document["removed"],
            changed=document["changed"],
            version=document["version"],
        )

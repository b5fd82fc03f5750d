"""Where set lists are kept."""

from __future__ import annotations

from typing import Protocol
from uuid import UUID

from drumscribe.domain.service.set_lists import SetList


class SetListStore(Protocol):
    """Set lists; each belongs to one owner, and nobody else sees it."""

    def set_lists(self, owner: str) -> list[SetList]:
        """All of an owner, the oldest first."""
        ...

    def put_set_list(self, set_list: SetList) -> bool:
        """Keep a set list, in place of the one with its id; False where that is another owner's."""
        ...

    def delete_set_list(self, set_list_id: UUID, owner: str) -> bool:
        """False if the owner has no such set list."""
        ...

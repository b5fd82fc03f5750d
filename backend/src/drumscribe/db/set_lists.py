"""Set lists on SQL."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Engine, delete, insert, select, update

from drumscribe.db.engine import reading, writing
from drumscribe.db.tables import set_lists
from drumscribe.domain.service.set_lists import SetList


class SqlSetListStore:
    """SetListStore on SQLite or PostgreSQL."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def set_lists(self, owner: str) -> list[SetList]:
        statement = (
            select(set_lists)
            .where(set_lists.c.owner == owner)
            .order_by(set_lists.c.created_at, set_lists.c.id)
        )
        with reading(self._engine) as connection:
            rows = connection.execute(statement).mappings().all()
        return [
            SetList(
                id=row["id"],
                owner=row["owner"],
                name=row["name"],
                songs=tuple(map(UUID, row["songs"])),
                created_at=row["created_at"],
            )
            for row in rows
        ]

    def put_set_list(self, set_list: SetList) -> bool:
        values = {"name": set_list.name, "songs": list(map(str, set_list.songs))}
        with writing(self._engine) as connection:
            held = select(set_lists.c.owner).where(set_lists.c.id == set_list.id).with_for_update()
            owner = connection.execute(held).scalar_one_or_none()
            if owner is None:
                connection.execute(
                    insert(set_lists).values(
                        id=set_list.id,
                        owner=set_list.owner,
                        created_at=set_list.created_at,
                        **values,
                    )
                )
            elif owner == set_list.owner:
                is_it = set_lists.c.id == set_list.id
                connection.execute(update(set_lists).where(is_it).values(**values))
            return owner in (None, set_list.owner)

    def delete_set_list(self, set_list_id: UUID, owner: str) -> bool:
        is_it = (set_lists.c.id == set_list_id, set_lists.c.owner == owner)
        with writing(self._engine) as connection:
            return connection.execute(delete(set_lists).where(*is_it)).rowcount > 0
